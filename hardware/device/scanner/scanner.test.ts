import { afterEach, beforeEach, describe, expect, test, vi } from 'vitest';
import type { ScannerSim, ScannerSimOptions } from '../../sim/scanner/scanner-sim.ts';
import { createScannerSim } from '../../sim/scanner/scanner-sim.ts';
import { createMemoryLine } from '../../transport/memory.ts';
import type { MemoryLine, MemoryLineOptions } from '../../transport/memory.ts';
import type { Transport } from '../../transport/transport.ts';
import type { Scanner, ScannerState } from './port.ts';
import type { ScannerProfile } from './profiles.ts';
import { scannerProfiles } from './profiles.ts';
import { createScanner } from './scanner.ts';

const cola = '9524024000170';
const juice = '9524024000309';
const families = ['gm65', 'honeywell', 'zebra-ssi', 'zebra-ssi-raw'] as const;

interface Rig {
  readonly scanner: Scanner;
  readonly sim: ScannerSim;
  readonly line: MemoryLine;
  readonly codes: string[];
  readonly refused: string[];
  readonly states: ScannerState[];
  pass(ms: number): Promise<void>;
}

const open: Rig[] = [];
beforeEach(() => void vi.useFakeTimers());
afterEach(async () => {
  for (const { scanner, sim } of open.splice(0)) {
    await settle(scanner.close());
    sim.close();
  }
  expect(vi.getTimerCount()).toBe(0);
  vi.useRealTimers();
});

/** Time goes on while something is awaited. */
async function settle<T>(promise: Promise<T>): Promise<T> {
  let done = false;
  void promise.finally(() => (done = true));
  while (!done) await vi.advanceTimersByTimeAsync(50);
  return promise;
}

interface RigOptions {
  readonly sim?: Partial<ScannerSimOptions>;
  readonly profile?: Partial<ScannerProfile>;
  readonly line?: MemoryLineOptions;
}

async function rigOf(name: string, options: RigOptions = {}): Promise<Rig> {
  const profile: ScannerProfile = { ...scannerProfiles[name]!, ...options.profile };
  const line = createMemoryLine(options.line);
  const [near, far] = line.ends;
  const sim = createScannerSim({ family: profile.protocol, sessionMs: profile.sessionMs, ...options.sim });
  sim.connect(far);
  await far.open();
  const scanner = createScanner({ transport: near, profile, monotonicNow: () => Date.now() });
  const rig: Rig = { scanner, sim, line, codes: [], refused: [], states: [], pass: async (ms) => void (await vi.advanceTimersByTimeAsync(ms)) };
  scanner.onCode((text) => rig.codes.push(text));
  scanner.onRefused((reason) => rig.refused.push(reason));
  scanner.onState((state) => rig.states.push(state));
  open.push(rig);
  await rig.pass(300);
  return rig;
}

describe.each(families)('a scanner of the family %s', (family) => {
  test('is dark until somebody wants a code, reads it once, and is dark again when nobody does', async () => {
    const { scanner, sim, codes, pass } = await rigOf(family);
    expect(scanner.state()).toEqual({ kind: 'ready', lit: false });
    expect([sim.isLit(), sim.show(cola)]).toEqual([false, false]);
    scanner.want(true);
    await pass(200);
    expect([sim.isLit(), scanner.state()]).toEqual([true, { kind: 'ready', lit: true }]);
    expect(sim.show(cola)).toBe(true);
    await pass(200);
    expect(codes).toEqual([cola]);
    await pass(600);
    expect(sim.isLit()).toBe(true);
    scanner.want(false);
    await pass(200);
    expect([sim.isLit(), scanner.state()]).toEqual([false, { kind: 'ready', lit: false }]);
    await pass(60_000);
    expect(sim.isLit()).toBe(false);
    expect(sim.faults()).toEqual([]);
  });

  test('that goes dark by itself is lit again, for as long as it is wanted', async () => {
    const { scanner, sim, pass } = await rigOf(family, { profile: { sessionMs: 1000 } });
    scanner.want(true);
    await pass(500);
    let dark = 0;
    for (let step = 0; step < 200; step += 1) {
      await pass(100);
      if (!sim.isLit()) dark += 1;
    }
    expect(dark).toBeLessThanOrEqual(60);
    expect(sim.commands().filter(({ kind }) => kind === 'trigger').length).toBeGreaterThanOrEqual(15);
    expect(sim.faults()).toEqual([]);
  });

  test('sells what is left before it once, and again when it was taken away in between', async () => {
    const { scanner, sim, codes, pass } = await rigOf(family);
    scanner.want(true);
    sim.leave(cola);
    await pass(10_000);
    expect(sim.book().length).toBeGreaterThan(5);
    expect(codes).toEqual([cola]);
    sim.clear();
    await pass(2000);
    sim.leave(cola);
    await pass(1000);
    expect(codes).toEqual([cola, cola]);
  });

  test('reads on after the cable was out, any number of times, and leaves no listener behind', async () => {
    const { scanner, sim, line, codes, states, pass } = await rigOf(family);
    const [near, far] = line.ends;
    const listeners = countListeners(near);
    scanner.want(true);
    await pass(200);
    for (let round = 0; round < 25; round += 1) {
      line.cut();
      await pass(2000);
      expect(scanner.state().kind).toBe('unplugged');
      line.mend();
      await far.open();
      await pass(4000);
      expect([scanner.state(), sim.isLit()]).toEqual([{ kind: 'ready', lit: true }, true]);
    }
    expect(listeners()).toBe(0);
    expect(sim.show(cola)).toBe(true);
    await pass(600);
    expect(codes).toEqual([cola]);
    expect(states.filter((state) => state.kind === 'unplugged' && state.detail === 'cable pulled')).toHaveLength(25);
  });

  test('half a code that was on the line when the cable went is not the front of the next', async () => {
    const { scanner, sim, line, codes, pass } = await rigOf(family);
    const [, far] = line.ends;
    scanner.want(true);
    await pass(200);
    expect(sim.script([{ at: 'sending code', do: 'cut', value: 8 }])).toEqual({ ok: true, value: undefined });
    sim.show(cola);
    await pass(10);
    line.cut();
    line.mend();
    await far.open();
    await pass(1000);
    sim.show(juice);
    await pass(2500);
    expect(codes).toContain(juice);
    for (const code of codes) expect([cola, juice]).toContain(code);
  });

  test('lit by a process that was killed is dark for the next one', async () => {
    const { sim, line, scanner, pass } = await rigOf(family);
    scanner.want(true);
    await pass(200);
    // As if nothing of it were left: its end of the line is taken over.
    const [near] = line.ends;
    await settle(scanner.close());
    await near.open();
    await near.write(sim.isLit() ? new Uint8Array() : triggerOf(family), 100);
    await pass(100);
    await near.close();
    expect(sim.isLit()).toBe(true);
    const second = createScanner({ transport: near, profile: scannerProfiles[family]! });
    await pass(300);
    expect(sim.isLit()).toBe(false);
    await settle(second.close());
  });

  test('arrives byte by byte as well', async () => {
    const { scanner, sim, codes, pass } = await rigOf(family, { line: { split: (bytes) => [...bytes].map((byte) => Uint8Array.of(byte)) } });
    scanner.want(true);
    await pass(200);
    sim.show('https://shop.example/r/AbC-_0123456789abcdefG');
    await pass(300);
    expect(codes).toEqual(['https://shop.example/r/AbC-_0123456789abcdefG']);
  });

  test('wanted and not wanted many times within a moment ends as the last wish said', async () => {
    const { scanner, sim, pass } = await rigOf(family);
    for (let times = 0; times < 101; times += 1) scanner.want(times % 2 === 0);
    await pass(500);
    expect(sim.isLit()).toBe(true);
    expect(sim.commands().length).toBeLessThan(12);
    for (let times = 0; times < 101; times += 1) scanner.want(times % 2 === 1);
    await pass(500);
    expect(sim.isLit()).toBe(false);
  });

  test('that is closed right after nobody wanted it any more goes dark as well', async () => {
    const { scanner, sim, pass } = await rigOf(family);
    scanner.want(true);
    await pass(200);
    scanner.want(false);
    await settle(scanner.close());
    await pass(100);
    expect(sim.isLit()).toBe(false);
  });

  test('that is closed while it is lit goes dark, and says nothing any more', async () => {
    const { scanner, sim, codes, pass } = await rigOf(family);
    scanner.want(true);
    await pass(200);
    await settle(scanner.close());
    await pass(100);
    expect(sim.isLit()).toBe(false);
    scanner.want(true);
    await pass(5000);
    expect([sim.isLit(), codes]).toEqual([false, []]);
  });
});

describe('codes that come badly', () => {
  test.each([
    ['split by 30 ms', [{ at: 'sending code', do: 'split', value: 30 }]],
    ['with the answer to the trigger before it', [{ at: 'sending code', do: 'glue before' }]],
    ['with an answer in its middle', [{ at: 'sending code', do: 'glue within' }]],
    ['with an answer behind it', [{ at: 'sending code', do: 'glue behind' }]],
    ['without its suffix', [{ at: 'sending code', do: 'no suffix' }]],
    ['doubled', [{ at: 'sending code', do: 'double' }]],
    ['doubled and without suffix', [{ at: 'sending code', do: 'no suffix' }, { at: 'sending code', do: 'double' }]],
  ])('%s count once', async (_how, script) => {
    const { scanner, sim, codes, refused, pass } = await rigOf('gm65');
    scanner.want(true);
    await pass(200);
    sim.script(script);
    sim.show(cola);
    await pass(1000);
    expect([codes, refused]).toEqual([[cola], []]);
  });

  test('after 7 KB of rubbish the next one is read, and the rubbish is one refusal', async () => {
    const { scanner, sim, codes, refused, pass } = await rigOf('gm65');
    scanner.want(true);
    await pass(200);
    sim.script([{ at: 'sending code', do: 'rubbish', value: 7168 }]);
    sim.show(cola);
    await pass(1000);
    expect([codes, refused.length]).toEqual([[], 1]);
    sim.show(juice);
    await pass(500);
    expect(codes).toEqual([juice]);
  });

  test('with a wrong bit are refused by a line, and asked for again by packets', async () => {
    const byLine = await rigOf('gm65', { profile: { characterSet: 'ascii' } });
    const byPacket = await rigOf('zebra-ssi');
    for (const { scanner, sim, pass } of [byLine, byPacket]) {
      scanner.want(true);
      await pass(200);
      sim.script([{ at: 'sending code', do: 'garble' }]);
      sim.show(cola);
      await pass(1000);
    }
    expect([byLine.codes, byLine.refused]).toEqual([[], ['not_in_character_set']]);
    expect([byPacket.codes, byPacket.refused]).toEqual([[cola], ['broken_packet']]);
  });

  test('a packet whose ACK is lost comes again and counts once', async () => {
    const lossy = { on: false };
    const { scanner, sim, codes, pass } = await rigOf('zebra-ssi', { line: { split: (bytes) => (lossy.on && bytes[1] === 0xd0 ? [] : [bytes]) } });
    scanner.want(true);
    await pass(200);
    lossy.on = true;
    sim.show(cola);
    await pass(1000);
    lossy.on = false;
    await pass(5000);
    expect(codes).toEqual([cola]);
  });

  test('of which the second half waited unread while the process was busy are whole', async () => {
    let hear: (bytes: Uint8Array) => void = () => {};
    const line: Transport = {
      name: 'by hand', isOpen: () => true, open: async () => ({ ok: true, value: undefined }), write: async () => ({ ok: true, value: undefined }), close: async () => {},
      onData(listener) {
        hear = listener;
        return () => {};
      },
      onLost: () => () => {},
    };
    const scanner = createScanner({ transport: line, profile: scannerProfiles['lines']! });
    const codes: string[] = [];
    scanner.onCode((text) => codes.push(text));
    await vi.advanceTimersByTimeAsync(10);
    hear(new TextEncoder().encode(cola.slice(0, 6)));
    // The timer of the silence rings before the port is read.
    vi.advanceTimersToNextTimer();
    hear(new TextEncoder().encode(cola.slice(6)));
    await vi.advanceTimersByTimeAsync(500);
    expect(codes).toEqual([cola]);
    await scanner.close();
  });

  test('two different ones within a moment both count', async () => {
    const { codes, line, pass } = await rigOf('lines');
    const [, far] = line.ends;
    await far.write(new TextEncoder().encode(`${cola}\r\n${juice}\r\n`), 100);
    await pass(100);
    expect(codes).toEqual([cola, juice]);
  });

  test('nothing is sent to a scanner that reads by itself', async () => {
    const { scanner, sim, codes, pass } = await rigOf('lines');
    scanner.want(true);
    scanner.want(false);
    await pass(10_000);
    expect([sim.commands(), scanner.state()]).toEqual([[], { kind: 'ready', lit: true }]);
    sim.show(cola);
    await pass(300);
    expect(codes).toEqual([cola]);
  });
});

describe('a scanner that does not answer', () => {
  test('is found out by its trigger, is asked on and on, and is back as soon as it speaks', async () => {
    const { scanner, sim, codes, pass } = await rigOf('gm65');
    sim.script([{ at: 'triggered', do: 'fall silent' }]);
    scanner.want(true);
    await pass(3000);
    expect(scanner.state()).toMatchObject({ kind: 'no_answer' });
    sim.setPower(false);
    sim.setPower(true);
    await pass(5000);
    expect([scanner.state(), sim.isLit()]).toEqual([{ kind: 'ready', lit: true }, true]);
    sim.show(cola);
    await pass(300);
    expect(codes).toEqual([cola]);
  });

  test('is found out by its missing heartbeat while nobody wants it', async () => {
    const { scanner, sim, pass } = await rigOf('gm65');
    sim.setPower(false);
    await pass(20_000);
    expect(scanner.state()).toMatchObject({ kind: 'no_answer' });
    sim.setPower(true);
    await pass(5000);
    expect(scanner.state()).toEqual({ kind: 'ready', lit: false });
  });

  test('loses single commands and answers without anybody noticing', async () => {
    const { scanner, sim, states, pass } = await rigOf('gm65', { profile: { sessionMs: 1000 } });
    scanner.want(true);
    sim.script([{ at: 'sending answer', do: 'drop', times: 1 }, { at: 'sending answer', skip: 4, do: 'drop', times: 2 }]);
    await pass(15_000);
    expect(sim.isLit()).toBe(true);
    expect(states.filter(({ kind }) => kind !== 'ready')).toEqual([]);
  });

  test('reboots in mid-session and is lit again', async () => {
    const { scanner, sim, pass } = await rigOf('gm65');
    sim.script([{ at: 'triggered', afterMs: 1000, do: 'reboot', value: 3000 }]);
    scanner.want(true);
    await pass(1500);
    expect(sim.isLit()).toBe(false);
    await pass(10_000);
    expect([sim.isLit(), scanner.state()]).toEqual([true, { kind: 'ready', lit: true }]);
  });

  test('a line that takes no bytes hangs nothing, and is used again as soon as it does', async () => {
    const { line } = await rigOf('honeywell');
    const [near] = line.ends;
    const jam = { on: true };
    const jammed: Transport = {
      ...near,
      write: (bytes, timeoutMs) => (jam.on ? new Promise((resolve) => setTimeout(() => resolve({ ok: false, error: { kind: 'write_timeout', detail: 'jammed' } }), timeoutMs)) : near.write(bytes, timeoutMs)),
    };
    const scanner = createScanner({ transport: jammed, profile: scannerProfiles['honeywell']! });
    scanner.want(true);
    await vi.advanceTimersByTimeAsync(5000);
    expect(scanner.state()).toEqual({ kind: 'no_answer', detail: 'jammed' });
    jam.on = false;
    await vi.advanceTimersByTimeAsync(5000);
    expect(scanner.state()).toEqual({ kind: 'ready', lit: true });
    jam.on = true;
    await settle(scanner.close());
  });
});

test('a Zebra that sleeps is woken before each command', async () => {
  const { scanner, sim, pass } = await rigOf('zebra-ssi', { sim: { sleeps: true } });
  for (const wanted of [true, false, true]) {
    scanner.want(wanted);
    await pass(500);
    expect(sim.isLit()).toBe(wanted);
  }
  expect(sim.faults()).toEqual([]);
});

function triggerOf(family: (typeof families)[number]): Uint8Array {
  const hex = { gm65: '7e00080100020 1abcd', honeywell: '16540d', 'zebra-ssi': '04e40400ff14', 'zebra-ssi-raw': '04e40400ff14' }[family].replace(' ', '');
  return Uint8Array.from(hex.match(/../g)!.map((byte) => Number.parseInt(byte, 16)));
}

/** How many listeners have been added since, less those that were removed. */
function countListeners(transport: Transport): () => number {
  let count = 0;
  const watched = transport as { -readonly [K in keyof Transport]: Transport[K] };
  for (const name of ['onData', 'onLost'] as const) {
    const original = watched[name].bind(transport) as (listener: never) => () => void;
    watched[name] = ((listener: never) => {
      count += 1;
      const stop = original(listener);
      return () => {
        count -= 1;
        stop();
      };
    }) as Transport['onData'] & Transport['onLost'];
  }
  return () => count;
}
