import type { OrderId } from '../../../../domain/ids.ts';
import { isPaid } from '../../../../domain/order/order.ts';
import type { Attempt } from '../../../../domain/payment/attempt.ts';
import type { BookEntry } from '../../../../hardware/sim/zvt-terminal/book.ts';
import type { Stage, Told } from './stage.ts';
import type { Truth } from './truths.ts';

export interface Judgement {
  /** One sentence for each two books that disagree. */
  readonly faults: readonly string[];
  /** A purchase is held for a person. */
  readonly isHeld: boolean;
  /** Somebody else's sale of the same amount passed for ours, which the terminal's answer cannot tell apart. */
  readonly passedForOurs: boolean;
}

/** Receipt numbers restart when a day is closed; the terminal's own time tells them apart. */
const keyOf = (entry: BookEntry) => {
  const at = new Date(entry.time);
  return [entry.receiptNumber, ...[at.getHours(), at.getMinutes(), at.getSeconds()].map((part) => String(part).padStart(2, '0'))].join('');
};
const keyOfCard = ({ card }: Attempt) => `${card?.receiptNumber}${card?.time}`;

/** Compares what the terminal booked, what the store says, what the customer was told and what paper came out. */
export function judge(stage: Stage, truth: Truth): Judgement {
  const faults: string[] = [];
  const store = stage.store();
  const orderIds = store.orderIds();
  const foreign = new Set(stage.foreign().map(keyOf));
  const approved = stage.book().filter((entry) => entry.state === 'approved');
  const own = new Map(approved.filter((entry) => !foreign.has(keyOf(entry))).map((entry) => [keyOf(entry), entry]));
  const unsettled = store.reader.unsettledAttempt();
  let passedForOurs = false;
  /** Whose money each entry is. */
  const owners = new Map<string, OrderId>();

  for (const orderId of orderIds) {
    const { order, state } = store.reader.order(orderId)!;
    const paidBy = store.reader.attempts(orderId).filter((attempt) => attempt.state === 'approved');
    const isCharged = isPaid(state) && order.total.amount > 0;
    if (paidBy.length !== (isCharged ? 1 : 0)) faults.push(`${order.number} is ${state} with ${paidBy.length} approved attempts`);
    for (const attempt of paidBy) {
      const entry = own.get(keyOfCard(attempt));
      if (entry && entry.amount === order.total.amount) {
        own.delete(keyOfCard(attempt));
        owners.set(keyOf(entry), orderId);
      } else if (truth.mayPassForOurs && foreign.has(keyOfCard(attempt))) passedForOurs = true;
      else faults.push(`${order.number} is ${state}, and the terminal has booked no such payment (${attempt.card?.receiptNumber})`);
    }
  }
  for (const entry of own.values()) {
    // Ours was approved and kept, and then somebody else's sale was answered for it: the one money for the other.
    if (passedForOurs && entry.amount === unsettledAmount()) continue;
    if (unsettled?.state === 'unclear' && unsettled.amount.amount === entry.amount) continue;
    faults.push(`the terminal has booked ${entry.amount} (receipt ${entry.receiptNumber}) that belongs to no order`);
  }

  for (const orderId of orderIds) faults.push(...judgeTold(stage, orderId, owners), ...judgePaper(stage, orderId));
  faults.push(...judgeOutbox(stage), ...judgeStock(stage));
  return { faults, isHeld: unsettled?.state === 'unclear', passedForOurs };

  function unsettledAmount(): number | undefined {
    return approved.find((entry) => foreign.has(keyOf(entry)))?.amount;
  }
}

function judgeTold(stage: Stage, orderId: OrderId, owners: ReadonlyMap<string, OrderId>): readonly string[] {
  const faults: string[] = [];
  const { order, state } = stage.store().reader.order(orderId)!;
  const told = stage.told().filter(({ view }) => view.id === orderId);
  const takenWhen = ({ approved }: Told) => approved.some((entry) => owners.get(keyOf(entry)) === orderId);
  let wasPaid = false;
  for (const one of told) {
    const { kind } = one.view.payment;
    if (kind === 'paid') wasPaid = true;
    else if (wasPaid && !(state === 'refunded')) faults.push(`the customer of ${order.number} was told "${kind}" after "paid"`);
    if (kind === 'due' && takenWhen(one)) faults.push(`the customer of ${order.number} was told that it is to be paid (life ${one.life}), and the terminal had taken the money`);
  }
  if (wasPaid && !isPaid(state) && state !== 'refunded') faults.push(`the customer of ${order.number} was told "paid", and it is ${state}`);
  const last = told.at(-1)?.view;
  if (last && (last.payment.kind === 'paid') !== (isPaid(state) || state === 'refunded')) faults.push(`the last that the customer of ${order.number} was told is "${last.payment.kind}", and it is ${state}`);
  if (last?.payment.kind === 'running') faults.push(`the customer of ${order.number} was left with a payment under way`);
  return faults;
}

function judgePaper(stage: Stage, orderId: OrderId): readonly string[] {
  const { order } = stage.store().reader.order(orderId)!;
  const job = stage.store().jobStates(orderId)['print_receipt'];
  const slips = stage.slipsOf(orderId).length;
  if (slips > 1) return [`${order.number} came out ${slips} times`];
  if (job === 'done' && slips !== 1) return [`${order.number} is printed, and no slip bears it`];
  if ((job === undefined || job === 'queued' || job === 'lapsed') && slips > 0) return [`${order.number} came out, and its job is ${job ?? 'nowhere'}`];
  return [];
}

/** Each state of the store is told by the events, in one unbroken order. */
function judgeOutbox(stage: Stage): readonly string[] {
  const faults: string[] = [];
  const { reader } = stage.store();
  const events = reader.outbox(0, 1_000_000);
  const { last, acknowledged } = reader.outboxPosition();
  if (events.some(({ sequence }, index) => sequence !== acknowledged + index + 1 && sequence !== index + 1) || last !== (events.at(-1)?.sequence ?? 0)) faults.push('the outbox has a gap');
  const orders = new Map<string, string>();
  const attempts = new Map<string, string>();
  const jobs = new Map<string, string>();
  for (const { kind, payload: text } of events) {
    const payload = JSON.parse(text) as Record<string, string> & { order?: { id: string } };
    if (kind === 'order.placed') orders.set(payload.order!.id, 'placed');
    if (kind === 'payment.attempt') attempts.set(payload['attemptId']!, payload['state']!);
    if (kind === 'job.state') jobs.set(payload['jobId']!, payload['state']!);
    if (kind !== 'order.state') continue;
    if (orders.get(payload['orderId']!) !== payload['from']) faults.push(`the outbox takes an order from ${payload['from']} that was ${orders.get(payload['orderId']!)}`);
    orders.set(payload['orderId']!, payload['to']!);
  }
  for (const orderId of stage.store().orderIds()) {
    const stored = reader.order(orderId)!;
    if (orders.get(orderId) !== stored.state) faults.push(`${stored.order.number} is ${stored.state}, and its events say ${orders.get(orderId)}`);
    for (const attempt of reader.attempts(orderId)) if (attempts.get(attempt.id) !== attempt.state) faults.push(`an attempt is ${attempt.state}, and its events say ${attempts.get(attempt.id)}`);
    for (const job of reader.jobs(orderId)) if (jobs.get(job.id) !== job.state) faults.push(`a job is ${job.state}, and its events say ${jobs.get(job.id)}`);
  }
  return faults;
}

/** What is not on the shelf is in an order that stands. */
function judgeStock(stage: Stage): readonly string[] {
  const { reader, orderIds } = stage.store();
  const standing = orderIds().map((id) => reader.order(id)!).filter(({ state }) => state !== 'cancelled' && state !== 'expired');
  const sold = standing.flatMap(({ order }) => order.lines).filter(({ offerId }) => offerId === 'cola').reduce((sum, { quantity }) => sum + quantity, 0);
  const left = reader.available().get('cola');
  return left === 40 - sold ? [] : [`${sold} pieces are sold, and ${String(left)} of 40 are left`];
}
