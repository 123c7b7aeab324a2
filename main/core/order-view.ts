import type { JobState } from '../../domain/contract/hq.ts';
import type { OrderId } from '../../domain/ids.ts';
import { isZero } from '../../domain/money.ts';
import { isPaid } from '../../domain/order/order.ts';
import { referenceOf } from '../../domain/order/reference.ts';
import type { OrderView, PaymentView, ReceiptView, ServiceView } from '../../domain/order/view.ts';
import type { AttemptState } from '../../domain/payment/attempt.ts';
import { isUnsettled } from '../../domain/payment/attempt.ts';
import type { StoredOrder, StoreReader } from '../store/reader.ts';
import type { RunningPayment } from './payments.ts';

/** One order as its customer's screen shows it, out of the store and the payment that is under way. */
export function orderView(reader: StoreReader, running: RunningPayment | undefined, monotonicNow: number, orderId: OrderId): OrderView | undefined {
  const stored = reader.order(orderId);
  if (!stored) return undefined;
  const { order, state, receiptUrl } = stored;
  return {
    id: order.id,
    number: order.number,
    state,
    language: order.language,
    total: order.total,
    payment: paymentView(reader, stored, running?.orderId === orderId ? running : undefined, monotonicNow),
    receipt: receiptView(reader, orderId),
    services: servicesView(reader, stored),
    receiptUrl,
  };
}

function paymentView(reader: StoreReader, { order, state }: StoredOrder, running: RunningPayment | undefined, monotonicNow: number): PaymentView {
  if (isZero(order.total)) return { kind: 'free' };
  if (running) {
    const sinceMs = Math.max(0, Math.round(monotonicNow - running.startedAtMs));
    return { kind: 'running', message: running.message, ...(running.text === undefined ? {} : { text: running.text }), sinceMs, cancelRequested: running.cancelRequested };
  }
  const attempts = reader.attempts(order.id);
  if (state === 'refunded') return { kind: 'returned' };
  if (attempts.some((attempt) => attempt.state === 'reversing')) return { kind: 'returning' };
  if (isPaid(state)) {
    const maskedPan = attempts.find((attempt) => attempt.state === 'approved')?.card?.maskedPan;
    return { kind: 'paid', ...(maskedPan === undefined ? {} : { maskedPan }) };
  }
  const last = attempts.at(-1)?.state;
  // Also where that could not be written yet: never "to be paid" while money may be on its way.
  if (state === 'payment_unknown' || (last !== undefined && isUnsettled(last))) return { kind: 'unknown' };
  return { kind: 'due', last: last === undefined ? 'none' : lastWords[last] };
}

/** Once it is paid: before, nothing has been asked of anybody. */
function servicesView(reader: StoreReader, { order }: StoredOrder): ServiceView[] {
  const lines = [...order.lines.entries()].flatMap(([index, line]) => (line.fulfilment.kind === 'telecom' ? [{ index, line, service: line.fulfilment.service }] : []));
  return reader.services(order.id).flatMap(({ nth, state, reference }) => {
    const asked = lines[nth];
    if (!asked) return [];
    const { index, line: { offerId, name }, service } = asked;
    const shown = service === 'application' ? referenceOf(order.id, index) : reference;
    return [{ offerId, name, state, ...(shown === undefined ? {} : { reference: shown }) }];
  });
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
