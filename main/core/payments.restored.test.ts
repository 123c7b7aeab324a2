import { afterEach, beforeEach, expect, it, vi } from 'vitest';
import { money } from '../../domain/money.ts';
import type { CardTerminal } from '../../hardware/device/card-terminal/port.ts';
import { createFaults } from './faults.ts';
import { createLog } from './log.ts';
import { createPayments } from './payments.ts';
import { openWalletRig } from './testing/wallet-rig.ts';

beforeEach(() => void vi.useFakeTimers());
afterEach(() => void vi.useRealTimers());

it('a card payment that a restored store finds paid, its customer gone, is not sent back before HQ has told whether it was handed out', async () => {
  const rig = openWalletRig();
  const orderId = rig.place();
  const attempt = rig.writer.startAttempt(orderId, money(350, 'CNY'));
  const card = { receiptNumber: '0001', traceNumber: '000001' };
  const reversed: unknown[] = [];
  const terminal = {
    state: () => ({ kind: 'ready' }), onState: () => () => {}, onRefusedApproval: () => () => {}, baseline: () => undefined, needsPrinter: false,
    lastTransaction: async () => ({ ok: true, value: { kind: 'transaction', resultCode: '00', amount: money(350, 'CNY'), card } }),
    async reverse(what: unknown) {
      reversed.push(what);
      return { kind: 'reversed' };
    },
  } as unknown as CardTerminal;
  const log = createLog(() => {}, Date.now);
  let isHistoryKnown = false;
  const payments = createPayments({
    reader: rig.reader, writer: rig.writer, terminal, log, faults: createFaults(log), monotonicNow: Date.now, canPrint: () => true, isTooLate: () => true, isHistoryKnown: () => isHistoryKnown, onChange: () => {},
  });
  payments.settleOpenAttempt();
  await rig.pass(60_000);
  expect([rig.states(orderId), reversed, payments.card()]).toEqual([['unknown'], [], 'held']);
  // HQ tells it, in the other thread.
  rig.writer.settleAttempt(attempt.id, { state: 'approved', card });
  isHistoryKnown = true;
  await rig.pass(60_000);
  expect([rig.states(orderId), reversed, payments.card()]).toEqual([['approved'], [], 'ready']);
  payments.stop();
});
