import { mkdtemp, readdir, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { slipText } from '../../sim/escpos-printer/paper.ts';
import { createEscPosPrinterSim } from '../../sim/escpos-printer/printer-sim.ts';
import { createSlowLine } from '../../sim/lines/slow-line.ts';
import type { SerialLine } from '../../sim/lines/socat.ts';
import { createSerialLine } from '../../sim/lines/socat.ts';
import { createSerialTransport } from '../../transport/serial.ts';
import type { PrinterState, ReceiptPrinter } from './port.ts';
import { chineseReceipt, englishReceipt, longReceipt } from './printer-rig.ts';
import { printerProfiles } from './profiles.ts';
import { createReceiptPrinter } from './receipt-printer.ts';

/** On real pseudo terminals and in real time: few, and no sharper about time than a busy machine is. */
let folder: string;
beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'counter24-printer-'));
});
afterEach(() => rm(folder, { recursive: true, force: true }));

async function serialLine(name: string): Promise<SerialLine> {
  const made = await createSerialLine({ folder, name });
  if (!made.ok) throw new Error(made.error.detail);
  return made.value;
}

function becomes(printer: ReceiptPrinter, kind: PrinterState['kind']): Promise<void> {
  if (printer.state().kind === kind) return Promise.resolve();
  return new Promise((resolve) => {
    const stop = printer.onState((state) => {
      if (state.kind !== kind) return;
      stop();
      resolve();
    });
  });
}

const profile = { ...printerProfiles['generic-58'], automaticStatus: true };

test('over a line of true speed receipts print whole, one after the other', async () => {
  const [kiosk, device] = [await serialLine('kiosk'), await serialLine('device')];
  const slow = createSlowLine({ ends: [kiosk.deviceEnd, device.deviceEnd], baud: 19_200 });
  const far = createSerialTransport({ path: device.path, baudRate: 19_200 });
  await far.open();
  const sim = createEscPosPrinterSim({ columns: 32, dots: 384, bufferBytes: 4096, lineMs: 5 });
  sim.connect(far);
  const printer = createReceiptPrinter({ transport: createSerialTransport({ path: kiosk.path, baudRate: 19_200 }), profile, baud: 19_200 });
  const results = await Promise.all([printer.print(chineseReceipt), printer.print(longReceipt(25)), printer.print(englishReceipt)]);
  expect(results.map((result) => result.ok)).toEqual([true, true, true]);
  expect(sim.faults()).toEqual([]);
  expect(sim.slips().map((slip) => /谢谢光临|end long|Thank you/.exec(slipText(slip))?.[0])).toEqual(['谢谢光临', 'end long', 'Thank you']);
  await printer.close();
  slow.close();
  sim.close();
  await far.close();
  await Promise.all([kiosk.close(), device.close()]);
});

test('twenty times unplugged and back: ready each time, it prints, and no file descriptor is left', async () => {
  const line = await serialLine('printer');
  const sim = createEscPosPrinterSim({ columns: 32, dots: 384 });
  sim.connect(line.deviceEnd);
  const printer = createReceiptPrinter({ transport: createSerialTransport({ path: line.path, baudRate: 115_200 }), profile, baud: 115_200, timing: { reopenFirstMs: 20, reopenMaxMs: 100 } });
  await becomes(printer, 'ready');
  const descriptors = async (): Promise<number> => (await readdir('/proc/self/fd')).length;
  const before = await descriptors();
  for (let round = 0; round < 20; round += 1) {
    // In every third round in the middle of a receipt.
    const printing = round % 3 === 0 ? printer.print(chineseReceipt) : undefined;
    if (printing) await new Promise<void>((resolve) => {
      const stop = line.deviceEnd.onData(() => {
        stop();
        resolve();
      });
    });
    await line.unplug();
    await becomes(printer, 'unplugged');
    const result = await printing;
    if (result && !result.ok) expect(['uncertain', 'not_started']).toContain(result.error.kind);
    expect((await line.plug()).ok).toBe(true);
    await becomes(printer, 'ready');
  }
  const printed = await printer.print(englishReceipt);
  expect(printed).toMatchObject({ ok: true });
  expect(await descriptors()).toBeLessThanOrEqual(before + 1);
  await printer.close();
  await line.close();
});

test('a printer that is off behind a line that is up takes nothing, and is found again when it is on', async () => {
  const line = await serialLine('printer');
  const sim = createEscPosPrinterSim({ columns: 32, dots: 384 });
  sim.connect(line.deviceEnd);
  sim.setPower(false);
  const printer = createReceiptPrinter({ transport: createSerialTransport({ path: line.path, baudRate: 115_200 }), profile, baud: 115_200, timing: { heartbeatMs: 100 } });
  expect(await printer.print(chineseReceipt)).toMatchObject({ ok: false, error: { kind: 'not_started', state: { kind: 'no_answer' } } });
  sim.setPower(true);
  await becomes(printer, 'ready');
  sim.setCover(true);
  await becomes(printer, 'cover_open');
  await printer.close();
  await line.close();
});
