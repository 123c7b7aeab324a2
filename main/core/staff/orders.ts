import type { Attention } from '../../../domain/attention/attention.ts';
import { mayStillGoBack } from '../../../domain/attention/unheard.ts';
import type { CodedError } from '../../../domain/contract/errors.ts';
import { codedError } from '../../../domain/contract/errors.ts';
import type { StaffOrder, StaffOrderFull } from '../../../domain/contract/staff.ts';
import type { OrderId } from '../../../domain/ids.ts';
import { isZero } from '../../../domain/money.ts';
import { isPaid } from '../../../domain/order/order.ts';
import { rangeOfDay } from '../../../domain/staff/local-day.ts';
import type { CardDetails } from '../../../domain/payment/card.ts';
import type { Result } from '../../../domain/result.ts';
import { err, ok } from '../../../domain/result.ts';
import type { CardTerminal } from '../../../hardware/device/card-terminal/port.ts';
import type { StoreReader, StoredOrder } from '../../store/reader.ts';
import type { StaffOrders } from '../../store/staff-orders.ts';
import type { StaffPayments } from '../paying.ts';
import type { ServiceActs } from '../service-acts.ts';
import type { StaffHandlers, StaffParams } from './gate.ts';

export interface StaffOrdersDeps {
  readonly reader: StoreReader;
  readonly orders: StaffOrders;
  readonly acts: ServiceActs;
  readonly payments: Pick<StaffPayments, 'running' | 'waiting'>;
  readonly terminal: Pick<CardTerminal, 'state'>;
  /** Of the shop, as an IANA name. */
  readonly timeZone: string;
}

type OrderHandlers = Pick<StaffHandlers, 'orders.find' | 'orders.see' | 'orders.reprint' | 'orders.refund' | 'attention.list' | 'attention.decide'>;
type Blocked = NonNullable<StaffOrderFull['refundBlocked']>;
type Part = NonNullable<StaffParams<'orders.refund'>['part']>;

/** Orders of this kiosk as staff see them: without what customers said of themselves. */
export function createStaffOrderHandlers({ reader, orders, acts, payments, terminal, timeZone }: StaffOrdersDeps): OrderHandlers {
  function view(stored: StoredOrder, waiting: ReadonlySet<OrderId>): StaffOrder {
    const { order, state } = stored;
    const last = reader.attempts(order.id).at(-1);
    const receipt = reader.jobs(order.id).find(({ kind }) => kind === 'print_receipt')?.state;
    return {
      orderId: order.id, number: order.number, state, placedAt: order.placedAt, total: order.total,
      items: order.lines.map(({ name, quantity }) => ({ name, quantity })),
      ...(last ? { payment: last.state, tender: last.tender } : {}), ...(receipt ? { receipt } : {}),
      needsPerson: waiting.has(order.id),
    };
  }

  const openList = (): readonly Attention[] => [...reader.attention(), ...payments.waiting()];
  const waitingOrders = () => new Set(openList().map(({ orderId }) => orderId));

  /** Why the terminal cannot send it back now; undefined where it can. */
  function refundBlocked({ order, state }: StoredOrder): Blocked | undefined {
    if (isZero(order.total)) return 'free';
    if (state === 'refunded') return 'refunded';
    const attempts = reader.attempts(order.id);
    if (state === 'payment_unknown' || reader.unsettledOf(order.id)) return 'unsettled';
    const attempt = attempts.find((candidate) => candidate.state === 'approved');
    if (!isPaid(state) || !attempt) return 'not_paid';
    // A wallet's goes back through HQ, which is asked for as long as it takes; what is left of it goes, too.
    if (attempt.tender !== 'card') return (reader.refundable(order.id)?.left.amount ?? 0) > 0 ? undefined : 'part_given_back';
    if (payments.running() || reader.unsettledAttempt()) return 'unsettled';
    if (reader.isPartGivenBack(order.id)) return 'part_given_back';
    if (orders.isReported(attempt.id)) return 'day_closed';
    const { kind } = terminal.state();
    return kind === 'ready' || kind === 'busy' ? undefined : 'terminal_away';
  }

  /** What of it can be given back in part, and how. */
  function partOf({ order, state }: StoredOrder): StaffOrderFull['part'] {
    const found = isPaid(state) ? reader.refundable(order.id) : undefined;
    if (!found || found.left.amount <= 0) return undefined;
    if (mayStillGoBack(reader.attention(), order.id)) return undefined;
    return { way: found.attempt.tender === 'card' ? 'by_hand' : 'tender', atMost: found.left };
  }

  /** Or is back already. */
  function isGoingBack({ order, state }: StoredOrder): boolean {
    return state === 'refunded' || reader.attempts(order.id).some((attempt) => attempt.state === 'reversing');
  }

  function refundPart(stored: StoredOrder, { refundId, amount }: Part, reason: string, by: string): Result<{ state: StoredOrder['state'] }, CodedError> {
    const orderId = stored.order.id;
    const known = reader.refund(refundId);
    // Asked for again, it is the same refund.
    if (known) return known.orderId === orderId && known.amount.amount === amount ? answerState(orderId) : err(codedError('ORDER_NOT_CANCELLABLE', 'that id is of another refund'));
    // All of what a wallet paid goes back as a whole, under the payment's own id.
    const isWhole = amount === stored.order.total.amount;
    if (isWhole && isGoingBack(stored) && reader.attempts(orderId).at(-1)?.tender !== 'card') return answerState(orderId);
    const part = partOf(stored);
    if (!part) return err(blockedError(refundBlocked(stored) ?? 'part_given_back'));
    if (amount > part.atMost.amount) return err(codedError('ORDER_NOT_CANCELLABLE', `no more than ${part.atMost.amount} is left`));
    if (part.way === 'tender' && isWhole) {
      const begun = acts.reverse(orderId, reason, by);
      return begun.ok ? answerState(orderId) : begun;
    }
    acts.refundPart({ id: refundId, orderId, amount: { ...part.atMost, amount }, way: part.way, reason, by });
    return answerState(orderId);
  }

  /** What finds it in the terminal's journal, in any language: "UnionPay 622202******1234 #0003 (24000001/000003)", the terminal and its trace number last. */
  function cardWords({ cardName, maskedPan, receiptNumber, terminalId, traceNumber }: CardDetails = {}): string {
    const journal = [terminalId, traceNumber].filter((part) => part !== undefined).join('/');
    return [cardName, maskedPan, receiptNumber && `#${receiptNumber}`, journal && `(${journal})`].filter(Boolean).join(' ').slice(0, 200);
  }

  return {
    'orders.find'({ text, day, needsPerson, before, limit }) {
      const found = orders.find({ text, needsPerson, before, limit: limit + 1, range: day === undefined ? undefined : rangeOfDay(day, timeZone) });
      const waiting = waitingOrders();
      return ok({ orders: found.slice(0, limit).flatMap((id) => {
        const stored = reader.order(id);
        return stored ? [view(stored, waiting)] : [];
      }), more: found.length > limit });
    },

    'orders.see'({ orderId }) {
      const stored = reader.order(orderId);
      if (!stored) return err(codedError('ORDER_UNKNOWN', orderId));
      const blocked = refundBlocked(stored);
      const part = partOf(stored);
      return ok({
        ...view(stored, waitingOrders()),
        attempts: reader.attempts(orderId).map(({ id, tender, state, amount, startedAt, card, wallet, resultCode }) => ({
          attemptId: id, tender, state, amount, startedAt, card: tender === 'card' ? cardWords(card) : (wallet?.transactionId ?? ''), ...(resultCode === undefined ? {} : { resultCode }),
        })),
        refunds: reader.refundsOf(orderId).map(({ id, amount, way, state, reason, by, detail }) => ({
          refundId: id, amount, way, state, reason, ...(by === undefined ? {} : { by }), ...(detail === undefined ? {} : { detail }),
        })),
        jobs: reader.jobs(orderId).map(({ kind, state, createdAt }) => ({ kind, state, createdAt })),
        attention: openList().filter((open) => open.orderId === orderId),
        ...(blocked ? { refundBlocked: blocked } : {}),
        ...(part ? { part } : {}),
      });
    },

    'orders.reprint': ({ orderId }) => acts.printCopy(orderId),

    'orders.refund'({ orderId, reason, part }, { number }) {
      const stored = reader.order(orderId);
      if (!stored) return err(codedError('ORDER_UNKNOWN', orderId));
      if (part) return refundPart(stored, part, reason, number);
      // Asked for again, it is the same refund.
      if (isGoingBack(stored)) return ok({ state: stored.state });
      const blocked = refundBlocked(stored);
      if (blocked) return err(blockedError(blocked));
      const begun = acts.reverse(orderId, reason, number);
      return begun.ok ? answerState(orderId) : begun;
    },

    'attention.list': () => ok({ items: [...openList()] }),
    'attention.decide': ({ id, decision }, { number }) => acts.decide(id, decision, number),
  };

  function answerState(orderId: OrderId): Result<{ state: StoredOrder['state'] }, CodedError> {
    return ok({ state: reader.order(orderId)!.state });
  }
}

function blockedError(blocked: Blocked): CodedError {
  switch (blocked) {
    case 'unsettled':
      return codedError('PAYMENT_UNSETTLED');
    case 'not_paid':
    case 'free':
      return codedError('ORDER_NOT_PAID', blocked);
    case 'terminal_away':
      return codedError('DEVICE_CANNOT', 'the card terminal is away');
    case 'refunded':
    case 'day_closed':
    case 'part_given_back':
      return codedError('ORDER_NOT_CANCELLABLE', blocked);
  }
}
