import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { Receipt } from '../domain/receipt/receipt.ts';
import { printerProfiles } from '../hardware/device/receipt-printer/profiles.ts';
import { createReceiptPrinter } from '../hardware/device/receipt-printer/receipt-printer.ts';
import { createEscPosPrinterSim } from '../hardware/sim/escpos-printer/printer-sim.ts';
import { createSlowLine } from '../hardware/sim/lines/slow-line.ts';
import { createSerialLine } from '../hardware/sim/lines/socat.ts';
import { createSerialTransport } from '../hardware/transport/serial.ts';
import { receipts } from './receipt-line-receipts.ts';

/**
 * Bytes per receipt, and the time from the call of `print` to its last byte at the printer, beside what the line allows: ten bits
 * a byte. Two real pairs of pseudo terminals, between them a pipe with the line's speed. `node bench/receipt-line.ts`
 */
interface Row {
  readonly receipt: string;
  readonly baud: number;
  readonly bytes: number;
  /** Bytes that the driver added: markers on the way and behind the cut. */
  readonly added: number;
  readonly limitMs: number;
  /** From the call to the last byte of the receipt, the knife's command. */
  readonly tookMs: number;
  /** From the call to the printer's confirmation. */
  readonly printedMs: number;
}

const runs = 5;
const profile = printerProfiles['generic-80'];

async function measure(name: string, receipt: Receipt, baud: number): Promise<Row> {
  const folder = await mkdtemp(join(tmpdir(), 'counter24-bench-'));
  const [kioskLine, printerLine] = await Promise.all(['kiosk', 'printer'].map((end) => createSerialLine({ folder, name: end })));
  if (!kioskLine?.ok || !printerLine?.ok) throw new Error('no line: is socat installed?');
  const slow = createSlowLine({ ends: [kioskLine.value.deviceEnd, printerLine.value.deviceEnd], baud, exact: true });
  const far = createSerialTransport({ path: printerLine.value.path, baudRate: baud });
  await far.open();
  const sim = createEscPosPrinterSim({ columns: profile.columns, dots: profile.dots, bufferBytes: profile.bufferBytes });
  const received: number[] = [];
  const times: number[] = [];
  far.onData((bytes) => {
    const now = performance.now();
    for (const byte of bytes) {
      received.push(byte);
      times.push(now);
    }
  });
  sim.connect(far);
  const printer = createReceiptPrinter({ transport: createSerialTransport({ path: kioskLine.value.path, baudRate: baud }), profile, baud });

  let best: Row | undefined;
  for (let run = 0; run < runs; run += 1) {
    // As the kiosk does: whether the printer is ready is asked before the job is begun in the store.
    const state = await printer.check();
    if (state.kind !== 'ready') throw new Error(`the printer is ${state.kind}`);
    const before = received.length;
    const start = performance.now();
    const printed = await printer.print(receipt);
    const printedMs = performance.now() - start;
    if (!printed.ok) throw new Error(`not printed: ${JSON.stringify(printed.error)}`);
    const end = endOfReceipt(received, before);
    const { bytes } = printed.value;
    const first = startOfReceipt(received, before);
    const row = { receipt: name, baud, bytes, added: end.withMarkers - first - bytes, limitMs: (bytes * 10_000) / baud, tookMs: (times[end.lastByte] ?? Number.NaN) - start, printedMs };
    if (best === undefined || row.tookMs < best.tookMs) best = row;
  }
  if (sim.slips().length !== runs || sim.faults().length > 0) throw new Error(`the printer's book says otherwise: ${sim.slips().length} slips, ${JSON.stringify(sim.faults())}`);

  await printer.close();
  slow.close();
  await far.close();
  await Promise.all([kioskLine.value.close(), printerLine.value.close()]);
  await rm(folder, { recursive: true, force: true });
  if (best === undefined) throw new Error('never measured');
  return best;
}

/** Each receipt begins with ESC @; before it there may have been a question for the state. */
function startOfReceipt(received: readonly number[], from: number): number {
  return received.findIndex((byte, at) => at >= from && byte === 0x1b && received[at + 1] === 0x40);
}

/** Four times GS r 1 stand behind the receipt, and nowhere else. */
function endOfReceipt(received: readonly number[], from: number): { readonly lastByte: number; readonly withMarkers: number } {
  const markers = [1, 2, 3, 4].flatMap(() => [0x1d, 0x72, 0x01]);
  for (let at = from; at + markers.length <= received.length; at += 1) {
    if (markers.every((byte, offset) => received[at + offset] === byte)) return { lastByte: at - 1, withMarkers: at + markers.length };
  }
  throw new Error('the end of the receipt never came');
}

const columns = ['receipt', 'baud', 'bytes', 'added', 'limit ms', 'took ms', 'ratio', 'confirmed ms'] as const;

function cells(row: Row): readonly string[] {
  return [row.receipt, `${row.baud}`, `${row.bytes}`, `${row.added} (${((row.added * 100) / row.bytes).toFixed(1)} %)`, row.limitMs.toFixed(1), row.tookMs.toFixed(1), (row.tookMs / row.limitMs).toFixed(3), row.printedMs.toFixed(1)];
}

const table: (readonly string[])[] = [[...columns]];
for (const baud of [9600, 115_200]) {
  for (const [name, receipt] of Object.entries(receipts)) table.push(cells(await measure(name, receipt, baud)));
}
const widths = columns.map((_, column) => Math.max(...table.map((row) => row[column]?.length ?? 0)));
for (const row of table) console.log(row.map((cell, column) => (column === 0 ? cell.padEnd(widths[column] ?? 0) : cell.padStart(widths[column] ?? 0))).join('  '));
console.log(`\nBest of ${runs}. limit: the receipt's own bytes, ten bits each. took: from the call of print to its last byte (the knife's command) at the printer's end.`);
console.log('confirmed: until the printer had answered every marker. added: those markers, in bytes.');
