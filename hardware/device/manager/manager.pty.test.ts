import { mkdtemp, readdir, readlink, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { ok } from '../../../domain/result.ts';
import { createEscPosPrinterSim } from '../../sim/escpos-printer/printer-sim.ts';
import { createSerialLine } from '../../sim/lines/socat.ts';
import type { SerialLine } from '../../sim/lines/socat.ts';
import { createZvtTerminalSim } from '../../sim/zvt-terminal/sim.ts';
import { createLine } from '../../transport/line.ts';
import { specification } from '../card-terminal/profiles.ts';
import { createZvtTerminal } from '../card-terminal/zvt-terminal.ts';
import { printerProfiles } from '../receipt-printer/profiles.ts';
import { createReceiptPrinter } from '../receipt-printer/receipt-printer.ts';
import { managedPrinter, managedTerminal } from './managed.ts';
import { createDeviceManager } from './manager.ts';

let folder: string;
const lines: SerialLine[] = [];

beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'counter24-manager-'));
  for (const name of ['printer', 'terminal']) {
    const made = await createSerialLine({ folder, name });
    if (!made.ok) throw new Error(made.error.detail);
    lines.push(made.value);
  }
});
afterAll(async () => {
  for (const line of lines) await line.close();
  await rm(folder, { recursive: true, force: true });
});

test('unplugged and back twenty times on real ports, under whatever number: ready within ten seconds, no descriptor left', async () => {
  const [printerAt, terminalAt] = lines as [SerialLine, SerialLine];
  const sims = { printer: createEscPosPrinterSim({ columns: 32 }), terminal: createZvtTerminalSim() };
  sims.printer.connect(printerAt.deviceEnd);
  sims.terminal.connect(terminalAt.deviceEnd);
  // As sysfs would tell it: the port of the moment ("/dev/pts/7"), by the ids of its adapter.
  const list = async () => {
    const found = await Promise.all(lines.map(async ({ path }, index) => ({ path: await readlink(path).catch(() => ''), usb: { vendorId: '0403', productId: `600${index}` } })));
    return ok(found.filter(({ path }) => path !== ''));
  };
  const at = (productId: string, stopBits: 1 | 2) => createLine({ location: { kind: 'usb', vendorId: '0403', productId }, baudRate: 9600, stopBits }, { list });
  const [printerLine, terminalLine] = [at('6000', 1), at('6001', 2)];
  const manager = createDeviceManager({
    now: Date.now,
    devices: [
      managedPrinter('receipt_printer', createReceiptPrinter({ transport: printerLine, profile: printerProfiles['generic-58'] }), printerLine),
      managedTerminal('card_terminal', createZvtTerminal({ transport: terminalLine, profile: specification }), terminalLine),
    ],
  });
  const codes = () => manager.states().map(({ code }) => code).join(' ');
  const become = (wanted: string) => {
    if (codes() === wanted) return Promise.resolve();
    return new Promise<void>((resolve, reject) => {
      const timer = setTimeout(() => reject(new Error(`still ${codes()}, not ${wanted}`)), 10_000);
      const stop = manager.onChange(() => {
        if (codes() !== wanted) return;
        clearTimeout(timer);
        stop();
        resolve();
      });
    });
  };
  const both = 'PRINTER_READY TERMINAL_READY';
  await become(both);
  const descriptors = await countDescriptors();
  for (let round = 0; round < 20; round += 1) {
    await Promise.all([printerAt.unplug(), terminalAt.unplug(), become('PRINTER_UNPLUGGED TERMINAL_UNPLUGGED')]);
    await Promise.all([printerAt.plug(), terminalAt.plug()]);
    await become(both);
  }
  expect(await countDescriptors()).toBeLessThanOrEqual(descriptors);
  expect(await manager.close()).toEqual([]);
  // The two ports themselves are closed as well.
  expect(await countDescriptors()).toBeLessThan(descriptors);
  sims.terminal.close();
}, 300_000);

async function countDescriptors(): Promise<number> {
  return (await readdir('/proc/self/fd')).length;
}
