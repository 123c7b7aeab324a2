import { afterEach, beforeEach, expect, it, vi } from 'vitest';
import type { ReceiptPrinter } from '../../hardware/device/receipt-printer/port.ts';
import { ok } from '../../domain/result.ts';
import { createAges } from './ages.ts';
import { createFaults } from './faults.ts';
import { createLog } from './log.ts';
import { createPrintComposer } from './print-composer.ts';
import { createPrinting } from './printing.ts';
import { openWalletRig } from './testing/wallet-rig.ts';

beforeEach(() => void vi.useFakeTimers());
afterEach(() => void vi.useRealTimers());

/** An order that was paid by phone and has printed nothing yet, its money on the way back: the gateway takes its time. */
async function goingBack() {
  const rig = openWalletRig({ hasStaffPrinter: true });
  const run = rig.run();
  const orderId = await rig.paid(run);
  expect(rig.reader.unfinishedPrintJobs().map(({ kind }) => kind)).toEqual(expect.arrayContaining(['print_receipt', 'print_kitchen']));
  rig.desk.refundsAs('asked');
  run.refunds.reverse(orderId, 'wrong');
  expect(rig.states(orderId)).toEqual(['reversing']);
  return { rig, orderId };
}

it('a receipt that is printed while all of the money is on its way back says so', async () => {
  const { rig, orderId } = await goingBack();
  const compose = createPrintComposer(rig.reader, 'en');
  const receipt = rig.reader.unfinishedPrintJobs().find(({ kind }) => kind === 'print_receipt')!;
  expect(JSON.stringify(compose(receipt).lines)).toContain('退款中');
  rig.desk.refundsAs('done');
  await rig.pass(120_000);
  expect(rig.states(orderId)).toEqual(['reversed']);
});

it('nothing is cooked for an order while its money is on its way back, and it is once that was refused', async () => {
  const { rig, orderId } = await goingBack();
  const printed: string[] = [];
  const printer = {
    state: { kind: 'ready' }, onState: () => () => {}, check: async () => ({ kind: 'ready' }),
    async print({ lines }: { readonly lines: readonly unknown[] }) {
      printed.push(JSON.stringify(lines));
      return ok({ paperMm: 100 });
    },
  } as unknown as ReceiptPrinter;
  const log = createLog(() => {}, Date.now);
  const printing = createPrinting({
    reader: rig.reader, writer: rig.writer, printer, kinds: ['print_kitchen', 'print_staff_slip'], compose: createPrintComposer(rig.reader, 'en'), log, faults: createFaults(log), ages: createAges(Date.now, Date.now), receiptMs: 60_000, onChange: () => {},
  });
  printing.kick();
  await rig.pass(1000);
  expect(printed).toEqual([]);
  rig.writer.settleReversal(rig.attemptOf(orderId), { kind: 'refused', detail: 'too little balance' });
  printing.kick();
  await rig.pass(1000);
  expect(printed).toHaveLength(1);
  printing.stop();
});
