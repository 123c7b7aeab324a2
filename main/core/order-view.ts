import type { JobState } from '../../domain/contract/hq.ts';
import type { JobId, OrderId } from '../../domain/ids.ts';
import { isZero } from '../../domain/money.ts';
import type { OrderState } from '../../domain/order/order.ts';
import { isPaid } from '../../domain/order/order.ts';
import { referenceOf } from '../../domain/order/reference.ts';
import type { OrderView, PaymentView, ReceiptView, ServiceView } from '../../domain/order/view.ts';
import type { Attempt, AttemptState } from '../../domain/payment/attempt.ts';
import { isUnsettled } from '../../domain/payment/attempt.ts';
import { walletRefusalSchema } from '../../domain/payment/tender.ts';
import type { StoredOrder, StoreReader } from '../store/reader.ts';
import { costOfLine } from '../store/refused-services.ts';
import type { RunningPayment } from './payments.ts';
import type { RunningWallet } from './wallets.ts';

/** What is under way at this moment, which the store does not know. */
export interface Running {
  /** At the terminal, of whatever order. */
  readonly card: RunningPayment | undefined;
  /** Of this order. */
  readonly wallet: RunningWallet | undefined;
}

/** One order as its customer's screen shows it, out of the store and the payment that is under way. */
export function orderView(reader: StoreReader, running: Running, monotonicNow: number, orderId: OrderId): OrderView | undefined {
  const stored = reader.order(orderId);
  if (!stored) return undefined;
  const { order, state, receiptUrl } = stored;
  return {
    id: order.id,
    number: order.number,
    state,
    language: order.language,
    total: order.total,
    payment: paymentView(reader, stored, running, monotonicNow),
    receipt: receiptView(reader, orderId),
    services: servicesView(reader, stored),
    receiptUrl,
  };
}

function paymentView(reader: StoreReader, { order, state }: StoredOrder, { card, wallet: walletRunning }: Running, monotonicNow: number): PaymentView {
  if (isZero(order.total)) return { kind: 'free' };
  if (card?.orderId === order.id) {
    return { kind: 'running', message: card.message, ...(card.text === undefined ? {} : { text: card.text }), sinceMs: whole(monotonicNow - card.startedAtMs), cancelRequested: card.cancelRequested };
  }
  const attempts = reader.attempts(order.id);
  if (state === 'refunded') return { kind: 'returned' };
  if (attempts.some((attempt) => attempt.state === 'reversing')) return { kind: 'returning' };
  if (isPaid(state)) {
    const approved = attempts.find((attempt) => attempt.state === 'approved');
    const [maskedPan, transactionId] = [approved?.card?.maskedPan, approved?.wallet?.transactionId];
    return { kind: 'paid', tender: approved?.tender ?? 'card', ...(maskedPan === undefined ? {} : { maskedPan }), ...(transactionId === undefined ? {} : { transactionId }) };
  }
  const last = attempts.at(-1);
  if (walletRunning && last && isUnsettled(last.state)) {
    const { wallet, mode, step, code, startedAtMs, untilMs, cancelRequested } = walletRunning;
    return { kind: 'wallet', wallet, mode, step, ...(code === undefined ? {} : { code }), leftMs: whole(untilMs - monotonicNow), sinceMs: whole(monotonicNow - startedAtMs), cancelRequested };
  }
  // Also where that could not be written yet: never "to be paid" while money may be on its way.
  if (state === 'payment_unknown' || (last && isUnsettled(last.state))) return { kind: 'unknown', tender: last?.tender ?? 'card' };
  return dueView(last);
}

function whole(ms: number): number {
  return Math.max(0, Math.round(ms));
}

function dueView(last: Attempt | undefined): PaymentView {
  if (!last) return { kind: 'due', last: 'none' };
  const words = lastWords[last.state];
  if (last.tender === 'card') return { kind: 'due', last: words, tender: 'card' };
  const refusal = walletRefusalSchema.safeParse(last.resultCode).data;
  if (words === 'terminal_unavailable') return { kind: 'due', last: 'wallet_unavailable', tender: last.tender };
  return { kind: 'due', last: words === 'cancelled' && refusal === 'too_late' ? 'too_late' : words, tender: last.tender, ...(refusal && words === 'declined' ? { refusal } : {}) };
}

/** Once it is paid: before, nothing has been asked of anybody. */
export function servicesView(reader: StoreReader, { order, state: orderState }: StoredOrder): ServiceView[] {
  const money = moneyOfRefused(reader, order.id, orderState);
  const lines = [...order.lines.entries()].flatMap(([index, line]) => (line.fulfilment.kind === 'telecom' ? [{ index, line, service: line.fulfilment.service }] : []));
  return reader.services(order.id).flatMap(({ jobId, nth, state, reference, money: owed }) => {
    const asked = lines[nth];
    if (!asked) return [];
    const { index, line, service } = asked;
    const { offerId, name } = line;
    const shown = service === 'application' ? referenceOf(order.id, index) : reference;
    const where = state === 'refused' && costOfLine(line) > 0 ? money(jobId, owed !== undefined) : undefined;
    return [{ offerId, name, state, ...(shown === undefined ? {} : { reference: shown }), ...(where ? { money: where } : {}) }];
  });
}

/** Where the money of a refused service is: back with the order, going back with it or by itself, or on a person's list. `isOwed`: it is to go as soon as it can. */
function moneyOfRefused(reader: StoreReader, orderId: OrderId, orderState: OrderState): (jobId: JobId, isOwed: boolean) => ServiceView['money'] {
  const isReturning = reader.attempts(orderId).some(({ state }) => state === 'reversing');
  const refunds = reader.refundsOf(orderId);
  return (jobId, isOwed) => {
    if (orderState === 'refunded') return 'returned';
    const refund = refunds.findLast((candidate) => candidate.jobId === jobId);
    if (refund?.state === 'done') return 'returned';
    return isReturning || isOwed || refund?.state === 'asked' ? 'returning' : 'by_person';
  };
}

const lastWords: Readonly<Record<AttemptState, Extract<PaymentView, { kind: 'due' }>['last']>> = {
  started: 'none',
  authorised: 'none',
  approved: 'none',
  unknown: 'none',
  unclear: 'none',
  reversing: 'none',
  reversed: 'none',
  declined: 'declined',
  cancelled: 'cancelled',
  not_sent: 'terminal_unavailable',
  not_paid: 'not_paid',
};

const receiptKinds: Readonly<Record<JobState, ReceiptView['kind']>> = {
  queued: 'waiting',
  doing: 'printing',
  done: 'printed',
  failed: 'on_screen_only',
  uncertain: 'on_screen_only',
  lapsed: 'on_screen_only',
};

function receiptView(reader: StoreReader, orderId: OrderId): ReceiptView {
  const job = reader.jobs(orderId).find((candidate) => candidate.kind === 'print_receipt');
  return { kind: job ? receiptKinds[job.state] : 'none' };
}
