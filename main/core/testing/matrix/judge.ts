import type { OrderId } from '../../../../domain/ids.ts';
import { isPaid } from '../../../../domain/order/order.ts';
import type { Attempt } from '../../../../domain/payment/attempt.ts';
import type { BookEntry } from '../../../../hardware/sim/zvt-terminal/book.ts';
import type { Evidence, OrderEvidence } from './evidence.ts';
import type { Told } from './stage.ts';
import type { Truth } from './truths.ts';

export interface Judgement {
  /** One sentence for each two books that disagree. */
  readonly faults: readonly string[];
  /** A purchase is held for a person. */
  readonly isHeld: boolean;
  /** Somebody else's transaction of the same amount passed for ours, which the terminal's answer cannot tell apart. */
  readonly passedForOurs: boolean;
}

/** How many there were at first (catalogue-rig.ts). */
const colaStock = 40;

/** Receipt numbers restart when a day is closed; the terminal's own time tells them apart. */
function keyOf(entry: BookEntry): string {
  const at = new Date(entry.time);
  return [entry.receiptNumber, ...[at.getHours(), at.getMinutes(), at.getSeconds()].map((part) => String(part).padStart(2, '0'))].join('');
}

function keyOfCard({ card }: Attempt): string {
  return `${card?.receiptNumber}${card?.time}`;
}

/** Compares what the terminal booked, what the store says, what the customer was told and what paper came out. */
export function judge(evidence: Evidence, truth: Pick<Truth, 'mayPassForOurs'>): Judgement {
  const faults: string[] = [];
  const { book, unsettled } = evidence;
  const foreign = new Set(evidence.foreign.map(keyOf));
  const own = new Map(book.filter((entry) => entry.state === 'approved' && !foreign.has(keyOf(entry))).map((entry) => [keyOf(entry), entry]));
  /** Somebody else's, or no payment but the taking back of one. */
  const notOurs = new Set([...foreign, ...book.filter(({ state }) => state === 'reversal').map(keyOf)]);
  /** Whose money each entry is. */
  const owners = new Map<string, OrderId>();
  let passedForOurs = false;

  for (const { order, state, attempts } of evidence.orders) {
    const paidBy = attempts.filter((attempt) => attempt.state === 'approved');
    const isCharged = isPaid(state) && order.total.amount > 0;
    if (paidBy.length !== (isCharged ? 1 : 0)) faults.push(`${order.number} is ${state} with ${paidBy.length} approved attempts`);
    for (const attempt of paidBy) {
      const entry = own.get(keyOfCard(attempt));
      if (entry?.amount === order.total.amount) {
        own.delete(keyOfCard(attempt));
        owners.set(keyOf(entry), order.id);
      } else if (truth.mayPassForOurs && notOurs.has(keyOfCard(attempt))) passedForOurs = true;
      else faults.push(`${order.number} is ${state}, and the terminal has booked no such payment (${attempt.card?.receiptNumber})`);
    }
  }
  for (const entry of own.values()) {
    if (unsettled?.state === 'unclear' && unsettled.amount.amount === entry.amount) continue;
    faults.push(`the terminal has booked ${entry.amount} (receipt ${entry.receiptNumber}) that belongs to no order`);
  }
  for (const order of evidence.orders) faults.push(...judgeTold(order, evidence.told, owners), ...judgePaper(order));
  faults.push(...judgeOutbox(evidence), ...judgeStock(evidence));
  return { faults, isHeld: unsettled?.state === 'unclear', passedForOurs };
}

/** Never "paid" for what ends unpaid, never "to be paid" while the money is taken, and the last word is the truth. */
function judgeTold({ order, state }: OrderEvidence, all: readonly Told[], owners: ReadonlyMap<string, OrderId>): readonly string[] {
  const faults: string[] = [];
  const customer = `the customer of ${order.number}`;
  const told = all.filter(({ view }) => view.id === order.id);
  const isTaken = ({ approved }: Told) => approved.some((entry) => owners.get(keyOf(entry)) === order.id);
  let wasPaid = false;
  for (const one of told) {
    const { kind } = one.view.payment;
    if (wasPaid && (kind === 'due' || kind === 'unknown' || kind === 'running')) faults.push(`${customer} was told "${kind}" after "paid"`);
    if (kind === 'due' && isTaken(one)) faults.push(`${customer} was told that it is to be paid (life ${one.life}), and the terminal had taken the money`);
    wasPaid ||= kind === 'paid';
  }
  if (wasPaid && !isPaid(state) && state !== 'refunded') faults.push(`${customer} was told "paid", and it is ${state}`);
  const last = told.at(-1)?.view.payment.kind;
  if (last === 'running') faults.push(`${customer} was left with a payment under way`);
  if (last && (last === 'paid') !== isPaid(state)) faults.push(`the last that ${customer} was told is "${last}", and it is ${state}`);
  return faults;
}

function judgePaper({ order, jobs, slips }: OrderEvidence): readonly string[] {
  const job = jobs.find(({ kind }) => kind === 'print_receipt')?.state;
  if (slips > 1) return [`${order.number} came out ${slips} times`];
  if (job === 'done' && slips !== 1) return [`${order.number} is printed, and no slip bears it`];
  if ((job === undefined || job === 'queued' || job === 'lapsed') && slips > 0) return [`${order.number} came out, and its job is ${job ?? 'nowhere'}`];
  return [];
}

/** Each state of the store is told by the events, in one unbroken order. */
function judgeOutbox({ events, position, orders: stored }: Evidence): readonly string[] {
  const faults: string[] = [];
  if (events.some(({ sequence }, index) => sequence !== index + 1) || position.last !== events.length) faults.push('the outbox has a gap');
  const orders = new Map<string, string>();
  const attempts = new Map<string, string>();
  const jobs = new Map<string, string>();
  for (const { kind, payload: text } of events) {
    const payload = JSON.parse(text) as Record<string, string> & { readonly order?: { readonly id: string } };
    const field = (name: string) => payload[name] ?? '';
    if (kind === 'order.placed') orders.set(payload.order?.id ?? '', 'placed');
    if (kind === 'payment.attempt') attempts.set(field('attemptId'), field('state'));
    if (kind === 'job.state') jobs.set(field('jobId'), field('state'));
    if (kind !== 'order.state') continue;
    const before = orders.get(field('orderId'));
    if (before !== field('from')) faults.push(`the outbox takes an order from ${field('from')} that was ${before}`);
    orders.set(field('orderId'), field('to'));
  }
  for (const { order, state, attempts: of, jobs: due } of stored) {
    if (orders.get(order.id) !== state) faults.push(`${order.number} is ${state}, and its events say ${orders.get(order.id)}`);
    for (const attempt of of) if (attempts.get(attempt.id) !== attempt.state) faults.push(`an attempt is ${attempt.state}, and its events say ${attempts.get(attempt.id)}`);
    for (const job of due) if (jobs.get(job.id) !== job.state) faults.push(`a job is ${job.state}, and its events say ${jobs.get(job.id)}`);
  }
  return faults;
}

/** What is not on the shelf is in an order that stands. */
function judgeStock({ orders, colaLeft }: Evidence): readonly string[] {
  // What was sent back before anything was given for it was never sold.
  const standing = orders.filter(({ state, jobs }) => state !== 'cancelled' && state !== 'expired' && !(state === 'refunded' && jobs.length === 0));
  const sold = standing.flatMap(({ order }) => order.lines).filter(({ offerId }) => offerId === 'cola').reduce((sum, { quantity }) => sum + quantity, 0);
  return colaLeft === colaStock - sold ? [] : [`${sold} pieces are sold, and ${colaLeft} of ${colaStock} are left`];
}
