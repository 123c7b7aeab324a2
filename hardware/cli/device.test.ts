import { execFile } from 'node:child_process';
import { mkdtemp, readlink, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { ok } from '../../domain/result.ts';
import { createEscPosPrinterSim } from '../sim/escpos-printer/printer-sim.ts';
import { createSerialLine } from '../sim/lines/socat.ts';
import type { SerialLine } from '../sim/lines/socat.ts';
import { createZvtTerminalSim } from '../sim/zvt-terminal/sim.ts';
import { createSerialTransport } from '../transport/serial.ts';
import type { SerialPortInfo } from '../transport/serial-list.ts';
import { printerProfiles } from '../device/receipt-printer/profiles.ts';
import { createReceiptPrinter } from '../device/receipt-printer/receipt-printer.ts';
import { parseOptions } from './options.ts';
import { runDeviceCommand } from './run.ts';

let folder: string;
let printerAt: SerialLine;
let terminalAt: SerialLine;
let config: string;
const sims = { printer: createEscPosPrinterSim({ columns: 48 }), terminal: createZvtTerminalSim() };

beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'counter24-device-'));
  [printerAt, terminalAt] = await Promise.all([lineUp('printer'), lineUp('terminal')]);
  sims.printer.connect(printerAt.deviceEnd);
  sims.terminal.connect(terminalAt.deviceEnd);
  config = join(folder, 'kiosk.json');
  // Not a whole configuration: what else is in it, or missing, is not the business of this command.
  await writeFile(config, JSON.stringify({
    strange: true,
    shop: { timeZone: 'Asia/Shanghai' },
    printer: { path: printerAt.path, baudRate: 9600, profile: 'generic-80' },
    cardTerminal: { path: 'usb:0403:6001', baudRate: 9600, profile: 'specification' },
  }));
});
afterAll(async () => {
  sims.terminal.close();
  await Promise.all([printerAt, terminalAt].map((line) => line.close()));
  await rm(folder, { recursive: true, force: true });
});

async function lineUp(name: string): Promise<SerialLine> {
  const made = await createSerialLine({ folder, name });
  if (!made.ok) throw new Error(made.error.detail);
  return made.value;
}

/** As sysfs would tell of the terminal's adapter. */
async function list() {
  const path = await readlink(terminalAt.path).catch(() => undefined);
  const ports: SerialPortInfo[] = path === undefined ? [] : [{ path, usb: { vendorId: '0403', productId: '6001', manufacturer: 'FTDI' } }];
  return ok(ports);
}

function command(args: readonly string[], until?: { readonly line: RegExp; readonly stop: () => void | Promise<void> }) {
  const [out, err]: [string[], string[]] = [[], []];
  const stopping = new AbortController();
  let awaited = until;
  const seen = (line: string) => {
    out.push(line);
    if (!awaited?.line.test(line)) return;
    void Promise.resolve(awaited.stop()).then(() => stopping.abort());
    awaited = undefined;
  };
  return runDeviceCommand(args, { LANG: 'en_US.UTF-8' }, { out: seen, err: (line) => err.push(line), now: Date.now, stopped: stopping.signal }, list)
    .then((code) => ({ code, out: out.join('\n'), err: err.join('\n') }));
}

it('status says what each device is, and ends well where all can work', async () => {
  const { code, out, err } = await command(['status', `--config=${config}`]);
  expect(out).toMatch(/^receipt printer +PRINTER_READY +The printer is ready$/m);
  expect(out).toMatch(/^card terminal +TERMINAL_READY +The card terminal is ready$/m);
  expect(out).toMatch(/^ +at \/dev\/pts\/\d+$/m);
  expect([err, code]).toEqual(['', 0]);
});

it('status tells staff what to do, in their language, and ends with 1', async () => {
  sims.printer.setPaper('out');
  const { code, out } = await command(['status', `--config=${config}`, '--kind=printer', '--language=zh']);
  sims.printer.setPaper('ok');
  expect(out).toContain('PRINTER_PAPER_OUT');
  expect(out).toContain('-> 请换上新纸卷');
  expect(out).toContain('1 of 1 device needs help.');
  expect(code).toBe(1);
});

it('a device that is unplugged is told with what to do, and quickly', async () => {
  const { code, out } = await command(['status', '--kind=printer', '--path=usb:0519:0001']);
  expect(out).toContain('PRINTER_UNPLUGGED');
  expect(out).toContain('usb:0519:0001: no such device is plugged in');
  expect(code).toBe(1);
});

it('a port that the kiosk has open is told in one sentence with what to do', async () => {
  const kiosk = createSerialTransport({ path: printerAt.path, baudRate: 9600 });
  expect((await kiosk.open()).ok).toBe(true);
  const status = await command(['status', `--config=${config}`, '--kind=printer']);
  const print = await command(['print-test', `--config=${config}`]);
  const sniffed = await command(['sniff', printerAt.path]);
  await kiosk.close();
  expect(status.out).toContain('PORT_IN_USE');
  for (const { code, err } of [status, print, sniffed]) {
    expect(err).toMatch(/^PORT_IN_USE: The port is in use, most likely by the running kiosk: ask the kiosk itself with --data=FOLDER, or stop it first \(systemctl stop counter24\).*\.$/);
    expect(code).toBe(1);
  }
});

it('print-test prints a page that the printer confirms', async () => {
  sims.printer.clearSlips();
  const { code, out, err } = await command(['print-test', `--config=${config}`, '--language=zh']);
  expect(err).toBe('');
  expect(out).toMatch(/^Printed: \d+ bytes, and the printer has confirmed/m);
  expect(code).toBe(0);
  expect(sims.printer.slips().length).toBeGreaterThan(0);
});

it('print-test without paper prints nothing and says what to do', async () => {
  sims.printer.setPaper('out');
  const { code, err } = await command(['print-test', `--config=${config}`]);
  sims.printer.setPaper('ok');
  expect(err).toMatch(/^PRINTER_PAPER_OUT: Put in a new roll.*\.$/);
  expect(code).toBe(1);
});

it('diagnose lets the terminal try its way to the bank', async () => {
  const { code, out, err } = await command(['diagnose', `--config=${config}`]);
  expect(err).toBe('');
  expect(out).toContain('The diagnosis ended well.');
  expect(code).toBe(0);
});

it('list says which port is which configured device, and what is not there', async () => {
  const whole = await command(['list', `--config=${config}`]);
  expect(whole.out).toMatch(/\/dev\/pts\/\d+ +usb:0403:6001 FTDI +card terminal$/m);
  expect(whole.out).toMatch(/^ +card terminal +usb:0403:6001 9600 specification: at \/dev\/pts\/\d+$/m);
  expect(whole.code).toBe(0);
  const missing = await command(['list', '--kind=scanner', '--path=/dev/serial/by-id/none']);
  expect(missing.out).toContain('NOT THERE');
  expect(missing.code).toBe(1);
});

it('sniff between kiosk and device passes every byte on and tells both directions', async () => {
  const kioskSide = await lineUp('kiosk');
  const printer = { driver: undefined as ReturnType<typeof createReceiptPrinter> | undefined };
  // The kiosk's driver at the far end of one line, the printer at that of the other; the command stands between.
  const tracing = command(['sniff', '--between', kioskSide.path, printerAt.path, '--as=escpos'], {
    line: /device -> kiosk {2}12 answer to DLE EOT$/,
    stop: async () => {
      const checked = await printer.driver?.check();
      expect(checked).toMatchObject({ kind: 'ready' });
      await printer.driver?.close();
    },
  });
  await kioskSide.deviceEnd.close();
  const far = createSerialTransport({ path: join(folder, 'kiosk.device'), baudRate: 9600 });
  printer.driver = createReceiptPrinter({ transport: far, profile: printerProfiles['generic-58'] });
  const { code, out } = await tracing;
  await kioskSide.close();
  expect(out).toMatch(/^\d\d:\d\d:\d\d\.\d{3} kiosk -> device {2}DLE EOT: status wanted 01$/m);
  expect(code).toBe(0);
});

it('sniff listens and sends nothing, and goes on when the cable was out', async () => {
  const sent: Uint8Array[] = [];
  const stop = terminalAt.deviceEnd.onData((bytes) => sent.push(bytes));
  const say = () => terminalAt.deviceEnd.write(Uint8Array.of(0x15), 1000);
  let unplugged = false;
  const sniffing = runUntilHeardAgain();
  const { out } = await sniffing;
  stop();
  expect(out).toContain('NAK: the last frame is wanted again');
  expect(out).toContain('lost (');
  expect(out).toContain('open again');
  expect(sent).toEqual([]);

  function runUntilHeardAgain() {
    const lines: string[] = [];
    const stopping = new AbortController();
    const onLine = (line: string) => {
      lines.push(line);
      if (line.startsWith('Listening')) void say();
      if (/NAK/.test(line) && !unplugged) {
        unplugged = true;
        void terminalAt.unplug().then(() => terminalAt.plug());
      } else if (/open again/.test(line)) void say();
      else if (/NAK/.test(line)) stopping.abort();
    };
    return runDeviceCommand(['sniff', terminalAt.path, '--as=zvt', '--seconds=30'], {}, { out: onLine, err: onLine, now: Date.now, stopped: stopping.signal }, list).then(() => ({ out: lines.join('\n') }));
  }
});

it.each([
  [['status']], [['status', '--config=/nothing/kiosk.json']], [['explode']], [[]], [['sniff']], [['sniff', '--between', '/dev/a']], [['sniff', 'usb:1']], [['status', '--baud=fast', '--path=/dev/a']],
  [['status', '--path=/dev/a']], [['status', '--kind=printer', '--path=/dev/a', '--profile=none']], [['reprint', 'A042']], [['new-roll']], [['recover']], [['terminal', 'log-off']], [['list', '--as=morse']], [['status', '--nonsense']],
])('%j is refused in one sentence with a code', async (args) => {
  const { code, out, err } = await command(args);
  expect(err.split('\n')[0]).toMatch(/^[A-Z_]+: .+\.$/);
  expect([out, code > 0]).toEqual(['', true]);
});

it.each([['printer', () => printerAt.path], ['terminal', () => terminalAt.path]] as const)('--baud=auto asks the %s for its speed and tells it', async (kind, path) => {
  const { code, out } = await command(['status', `--kind=${kind}`, `--path=${path()}`, '--baud=auto']);
  expect(out).toContain(`${kind}: answers at 9600 baud`);
  expect(out).toMatch(/_READY/);
  expect(code).toBe(0);
});

it('the language is that of the machine unless told', () => {
  expect(parseOptions(['status'], { LANG: 'zh_CN.UTF-8' })).toMatchObject({ ok: true, value: { language: 'zh' } });
  expect(parseOptions(['status', '--language=en'], { LANG: 'zh_CN.UTF-8' })).toMatchObject({ ok: true, value: { language: 'en' } });
});

it('as a process: help ends with 0 and without any colour, a mistake with 2', async () => {
  const run = (...args: string[]) => promisify(execFile)(process.execPath, [join(import.meta.dirname, 'device.ts'), ...args], { timeout: 30_000, env: { ...process.env, FORCE_COLOR: '1' } });
  const { stdout, stderr } = await run('help');
  expect(stdout).toContain('sniff --between PORT PORT');
  expect(`${stdout}${stderr}`).not.toContain('\u001b');
  await expect(run('explode')).rejects.toMatchObject({ code: 2, stderr: expect.stringMatching(/^USAGE: /) as string });
});
