import { afterEach, beforeEach, describe, expect, test, vi } from 'vitest';
import type { DeviceCondition, DeviceState } from '../../../domain/device/state.ts';
import { ok } from '../../../domain/result.ts';
import { createEscPosPrinterSim } from '../../sim/escpos-printer/printer-sim.ts';
import { createZvtTerminalSim } from '../../sim/zvt-terminal/sim.ts';
import { createLocatedTransport } from '../../transport/located.ts';
import { createMemoryLine } from '../../transport/memory.ts';
import type { Transport } from '../../transport/transport.ts';
import { specification } from '../card-terminal/profiles.ts';
import { createZvtTerminal } from '../card-terminal/zvt-terminal.ts';
import { printerProfiles } from '../receipt-printer/profiles.ts';
import { createReceiptPrinter } from '../receipt-printer/receipt-printer.ts';
import { managedPrinter, managedTerminal } from './managed.ts';
import type { ManagedDevice } from './manager.ts';
import { createDeviceManager } from './manager.ts';

beforeEach(() => void vi.useFakeTimers({ toFake: ['setTimeout', 'clearTimeout', 'Date'], now: 1_000_000 }));
afterEach(() => void vi.useRealTimers());

/** A device that is what the test says. */
function puppet(name: string, close: () => Promise<void> = async () => {}) {
  let condition: DeviceCondition = { code: 'SCANNER_READY', detail: '' };
  const listeners = new Set<() => void>();
  const device: ManagedDevice = {
    name,
    kind: 'scanner',
    condition: () => condition,
    onCondition(listener) {
      listeners.add(listener);
      return () => listeners.delete(listener);
    },
    close,
  };
  return {
    device,
    listeners,
    become(code: DeviceCondition['code'], detail = '') {
      condition = { code, detail };
      for (const listener of listeners) listener();
    },
  };
}

describe('the states', () => {
  test('a state lasts since its code is this one, however often its detail changes', () => {
    const { device, become } = puppet('scanner');
    const manager = createDeviceManager({ devices: [device], now: Date.now });
    const told: [string, string, number][] = [];
    manager.onChange((state, before) => told.push([before.code, `${state.code} ${state.detail}`, state.since]));
    vi.setSystemTime(1_000_500);
    become('SCANNER_UNPLUGGED', 'one');
    vi.setSystemTime(1_000_900);
    become('SCANNER_UNPLUGGED', 'two');
    become('SCANNER_UNPLUGGED', 'two');
    vi.setSystemTime(1_002_000);
    become('SCANNER_READY');
    expect(told).toEqual([
      ['SCANNER_READY', 'SCANNER_UNPLUGGED one', 1_000_500],
      ['SCANNER_UNPLUGGED', 'SCANNER_UNPLUGGED two', 1_000_500],
      ['SCANNER_UNPLUGGED', 'SCANNER_READY ', 1_002_000],
    ]);
    expect(manager.states()).toMatchObject([{ name: 'scanner', kind: 'scanner', code: 'SCANNER_READY', severity: 'ok', since: 1_002_000 }]);
    expect([manager.state('scanner')?.code, manager.state('other')]).toEqual(['SCANNER_READY', undefined]);
  });

  test('two devices of one name are a mistake that is told at once', () => {
    expect(() => createDeviceManager({ devices: [puppet('a').device, puppet('a').device], now: Date.now })).toThrow('same name');
  });
});

describe('closing', () => {
  test('is in order from the last to the first, and one that hangs or throws keeps none of the others', async () => {
    const closed: string[] = [];
    const closes = (name: string) => puppet(name, async () => void closed.push(name));
    const hangs = puppet('hangs', () => new Promise(() => {}));
    const throws = puppet('throws', async () => {
      throw new Error('a bug');
    });
    const [first, last] = [closes('first'), closes('last')];
    const manager = createDeviceManager({ devices: [first, hangs, throws, last].map(({ device }) => device), now: Date.now, closeTimeoutMs: 3000 });
    const closing = manager.close();
    await vi.advanceTimersByTimeAsync(2999);
    expect(closed).toEqual(['last']);
    await vi.advanceTimersByTimeAsync(1);
    expect(await closing).toEqual(['hangs']);
    expect(closed).toEqual(['last', 'first']);
    expect(await manager.close()).toEqual(['hangs']);
    expect([first, hangs, throws, last].map(({ listeners }) => listeners.size)).toEqual([0, 0, 0, 0]);
    expect(vi.getTimerCount()).toBe(0);
  });

  test('ends though no open, write or close of any line ever does', async () => {
    const never = () => new Promise<never>(() => {});
    const hanging: readonly Partial<Transport>[] = [{ open: never }, { write: never }, { close: never }, { open: never, close: never }, { write: never, close: never }];
    const devices = hanging.flatMap((over, index) => {
      const at = () => createLocatedTransport({ location: { kind: 'path', path: `/dev/${index}` }, list: never, connect: () => ({ ...createMemoryLine().ends[0], ...over }) });
      const [printerLine, terminalLine] = [at(), at()];
      return [
        managedPrinter(`printer ${index}`, createReceiptPrinter({ transport: printerLine, profile: printerProfiles['generic-58'] }), printerLine),
        managedTerminal(`terminal ${index}`, createZvtTerminal({ transport: terminalLine, profile: specification }), terminalLine),
      ];
    });
    const manager = createDeviceManager({ devices, now: Date.now, closeTimeoutMs: 20_000 });
    await passed(30_000);
    const codes = manager.states().map(({ code }) => code);
    expect(codes.filter((code) => code.endsWith('_READY'))).toEqual([]);
    expect(codes).toContain('PORT_STUCK');
    let late: readonly string[] | undefined;
    void manager.close().then((names) => (late = names));
    await passed(60_000);
    expect(late).toEqual([]);
    expect(vi.getTimerCount()).toBe(0);
  }, 60_000);
});

/** Bytes in memory travel by setImmediate, which stays real. */
async function passed(ms: number): Promise<void> {
  for (let gone = 0; gone < ms; gone += 250) {
    await settled();
    await vi.advanceTimersByTimeAsync(250);
  }
  await settled();
}

async function settled(): Promise<void> {
  for (let turn = 0; turn < 20; turn += 1) await new Promise((resolve) => setImmediate(resolve));
}

/** A printer and a terminal on ports that get another number at each plugging in. */
function kiosk() {
  const sims = { printer: createEscPosPrinterSim({ columns: 32 }), terminal: createZvtTerminalSim() };
  const ids = { printer: ['0519', '0001'], terminal: ['0403', '6001'] } as const;
  const plugged = new Map<string, ReturnType<typeof createMemoryLine>>();
  let number = 0;
  let listening = 0;
  let unplugPrinterSim = () => {};

  async function plug(which: 'printer' | 'terminal'): Promise<void> {
    const line = createMemoryLine();
    plugged.set(which, line);
    number += 1;
    const end = line.ends[1];
    await end.open();
    if (which === 'printer') {
      unplugPrinterSim();
      unplugPrinterSim = sims.printer.connect(end);
    } else sims.terminal.connect(end);
  }

  function unplug(which: 'printer' | 'terminal'): void {
    plugged.get(which)?.cut();
    plugged.delete(which);
  }

  function lineOf(which: 'printer' | 'terminal') {
    const [vendorId, productId] = ids[which];
    return createLocatedTransport({
      location: { kind: 'usb', vendorId, productId },
      list: async () => ok([...plugged.keys()].map((name) => ({ path: `/dev/ttyUSB${number}-${name}`, usb: { vendorId: ids[name as 'printer'][0], productId: ids[name as 'printer'][1] } }))),
      connect() {
        const end = plugged.get(which)?.ends[0] ?? createMemoryLine().ends[0];
        const counted = (stop: () => void) => {
          listening += 1;
          return () => {
            listening -= 1;
            stop();
          };
        };
        return { ...end, onData: (listener) => counted(end.onData(listener)), onLost: (listener) => counted(end.onLost(listener)) };
      },
    });
  }

  const [printerLine, terminalLine] = [lineOf('printer'), lineOf('terminal')];
  const manager = createDeviceManager({
    now: Date.now,
    devices: [
      managedPrinter('receipt_printer', createReceiptPrinter({ transport: printerLine, profile: printerProfiles['generic-58'] }), printerLine),
      managedTerminal('card_terminal', createZvtTerminal({ transport: terminalLine, profile: specification }), terminalLine),
    ],
  });
  return { manager, sims, plug, unplug, listening: () => listening };
}

const codesOf = (states: readonly DeviceState[]) => states.map(({ code }) => code).join(' ');

describe('devices on lines', () => {
  test('unplugged and back a thousand times, each is ready again within ten seconds, and nothing is left over', async () => {
    const { manager, sims, plug, unplug, listening } = kiosk();
    const slowest = { ms: 0 };
    await plug('printer');
    await plug('terminal');
    await until(() => codesOf(manager.states()) === 'PRINTER_READY TERMINAL_READY');
    const timersAtRest = vi.getTimerCount();
    const listenersAtRest = listening();
    for (let round = 0; round < 1000; round += 1) {
      const which = round % 2 === 0 ? 'printer' : 'terminal';
      unplug(which);
      await until(() => manager.states().some(({ code }) => code === (which === 'printer' ? 'PRINTER_UNPLUGGED' : 'TERMINAL_UNPLUGGED')));
      await plug(which);
      const pluggedAt = Date.now();
      await until(() => codesOf(manager.states()) === 'PRINTER_READY TERMINAL_READY');
      slowest.ms = Math.max(slowest.ms, Date.now() - pluggedAt);
    }
    expect(slowest.ms).toBeLessThan(10_000);
    expect([vi.getTimerCount() <= timersAtRest + 1, listening()]).toEqual([true, listenersAtRest]);
    const closing = manager.close();
    await passed(10_000);
    expect([await closing, listening()]).toEqual([[], 0]);
    sims.terminal.close();
    expect(vi.getTimerCount()).toBe(0);
  }, 120_000);

  test('each trouble of the printer is told with its code and since when', async () => {
    const { manager, sims, plug } = kiosk();
    await plug('printer');
    await plug('terminal');
    await until(() => codesOf(manager.states()) === 'PRINTER_READY TERMINAL_READY');
    const troubles = [
      [() => sims.printer.setPaper('low'), () => sims.printer.setPaper('ok'), 'PRINTER_PAPER_LOW'],
      [() => sims.printer.setPaper('out'), () => sims.printer.setPaper('ok'), 'PRINTER_PAPER_OUT'],
      [() => sims.printer.setCover(true), () => sims.printer.setCover(false), 'PRINTER_COVER_OPEN'],
      [() => sims.printer.setCutterJam(true), () => sims.printer.setCutterJam(false), 'PRINTER_CUTTER_JAMMED'],
      [() => sims.printer.setTooHot(true), () => sims.printer.setTooHot(false), 'PRINTER_TOO_HOT'],
      [() => sims.printer.setBroken(true), () => sims.printer.setBroken(false), 'PRINTER_BROKEN'],
      [() => sims.printer.setPower(false), () => sims.printer.setPower(true), 'PRINTER_NO_ANSWER'],
    ] as const;
    for (const [begin, end, code] of troubles) {
      const began = Date.now();
      begin();
      await until(() => manager.state('receipt_printer')?.code === code);
      expect(manager.state('receipt_printer')?.since).toBeGreaterThanOrEqual(began);
      end();
      await until(() => manager.state('receipt_printer')?.code === 'PRINTER_READY');
    }
    sims.terminal.setSilent(true);
    await until(() => manager.state('card_terminal')?.code === 'TERMINAL_NO_ANSWER');
    sims.terminal.setSilent(false);
    await until(() => manager.state('card_terminal')?.code === 'TERMINAL_READY');
    const closing = manager.close();
    await passed(10_000);
    await closing;
    sims.terminal.close();
  }, 60_000);
});

async function until(isSo: () => boolean): Promise<void> {
  for (let timers = 0; timers < 4000; timers += 1) {
    for (let turn = 0; turn < 8; turn += 1) {
      if (isSo()) return;
      await new Promise((resolve) => setImmediate(resolve));
    }
    await vi.advanceTimersToNextTimerAsync();
  }
  throw new Error('it never became so');
}
