import type { DayClosing, Lane } from '../contract/hq.ts';

/** One event as a closing counts it: from the kiosk's outbox, or from HQ's raw rows. */
export interface CountedEvent {
  readonly kind: string;
  /** The exact text. */
  readonly payload: string;
}

/** What a closing adds up. */
export type ClosingSums = Pick<DayClosing, 'orders' | 'payments' | 'stock'>;

/** Where an event stands. */
export interface Standing {
  readonly lane: Lane;
  readonly epoch: number;
  readonly sequence: number;
  readonly hash: string;
}

/**
 * Adds up what events say of themselves, by their own words, whatever became of them: each payment attempt counts in each state that it reached, by its tender, and so
 * does each refund of a part, by its way ("CNY refund_tender done", "CNY refund_by_hand done"). With the last part of a payment the payment itself is told as reversed,
 * too. Both sides reckon with this one function, over the same bytes. What is no order, payment, refund or stock move, or cannot be read, adds nothing.
 * @param before what was counted already, where a day comes piece by piece
 */
export function closingSums(events: Iterable<CountedEvent>, before: ClosingSums = { orders: {}, payments: {}, stock: {} }): ClosingSums {
  const orders = { ...before.orders };
  const payments = { ...before.payments };
  const stock = { ...before.stock };
  for (const { kind, payload } of events) {
    if (kind !== 'order.placed' && kind !== 'payment.attempt' && kind !== 'payment.refund' && kind !== 'stock.moved') continue;
    const body = readJson(payload);
    if (kind === 'order.placed') addMoney(orders, read(body, 'order', 'total', 'currency'), read(body, 'order', 'total', 'amount'));
    else if (kind === 'payment.attempt') addMoney(payments, keyOf(body, tenderOf(body)), read(body, 'amount', 'amount'));
    else if (kind === 'payment.refund') addMoney(payments, keyOf(body, refundOf(body)), read(body, 'amount', 'amount'));
    else {
      const [reason, change] = [read(body, 'reason'), read(body, 'change')];
      if (typeof reason === 'string' && Number.isSafeInteger(change)) stock[reason] = (stock[reason] ?? 0) + (change as number);
    }
  }
  return { orders, payments, stock };
}

/** Contiguous runs of what stands in a lane and an epoch, in the order of lanes, epochs and sequences. */
export function closingRanges(standings: readonly Standing[]): DayClosing['ranges'] {
  const sorted = standings.toSorted((a, b) => compare(a.lane, b.lane) || a.epoch - b.epoch || a.sequence - b.sequence);
  const ranges: DayClosing['ranges'] = [];
  for (const { lane, epoch, sequence, hash } of sorted) {
    const last = ranges.at(-1);
    if (last && last.lane === lane && last.epoch === epoch && last.to === sequence - 1) ranges[ranges.length - 1] = { ...last, to: sequence, count: last.count + 1, head: hash };
    else ranges.push({ lane, epoch, from: sequence, to: sequence, count: 1, head: hash });
  }
  return ranges;
}

/** Which sums differ, as "orders CNY", "payments CNY card approved", "stock reserved". */
export function differingSums(told: ClosingSums, counted: ClosingSums): readonly string[] {
  const money = (name: 'orders' | 'payments') => keysOf(told[name], counted[name])
    .filter((key) => told[name][key]?.count !== counted[name][key]?.count || told[name][key]?.sum !== counted[name][key]?.sum)
    .map((key) => `${name} ${key}`);
  const stock = keysOf(told.stock, counted.stock).filter((key) => told.stock[key] !== counted.stock[key]).map((key) => `stock ${key}`);
  return [...money('orders'), ...money('payments'), ...stock];
}

/**
 * The day at a place, "2026-11-22".
 * @param at epoch milliseconds UTC
 * @param timeZone IANA name
 */
export function dayAt(at: number, timeZone: string): string {
  const parts = new Intl.DateTimeFormat('en-US', { timeZone, year: 'numeric', month: '2-digit', day: '2-digit', calendar: 'gregory', numberingSystem: 'latn' }).formatToParts(at);
  const of = (type: Intl.DateTimeFormatPartTypes) => parts.find((part) => part.type === type)?.value ?? '';
  return `${of('year').padStart(4, '0')}-${of('month')}-${of('day')}`;
}

function addMoney(sums: Record<string, { count: number; sum: number }>, key: unknown, amount: unknown): void {
  if (typeof key !== 'string' || !Number.isSafeInteger(amount)) return;
  const before = sums[key] ?? { count: 0, sum: 0 };
  sums[key] = { count: before.count + 1, sum: before.sum + (amount as number) };
}

function keyOf(body: unknown, what: string | undefined): string | undefined {
  const [currency, state] = [read(body, 'amount', 'currency'), read(body, 'state')];
  return typeof currency === 'string' && typeof state === 'string' && what !== undefined ? `${currency} ${what} ${state}` : undefined;
}

/** Events of before there were wallets name no tender: every payment was by card. */
function tenderOf(body: unknown): string | undefined {
  const tender = read(body, 'tender') ?? 'card';
  return typeof tender === 'string' ? tender : undefined;
}

function refundOf(body: unknown): string | undefined {
  const way = read(body, 'way');
  return typeof way === 'string' ? `refund_${way}` : undefined;
}

function keysOf(a: object, b: object): string[] {
  return [...new Set([...Object.keys(a), ...Object.keys(b)])].toSorted(compare);
}

function compare(a: string, b: string): number {
  return a < b ? -1 : a > b ? 1 : 0;
}

function readJson(text: string): unknown {
  try {
    return JSON.parse(text) as unknown;
  } catch {
    return undefined;
  }
}

function read(value: unknown, ...path: readonly string[]): unknown {
  return path.reduce<unknown>((inner, name) => (typeof inner === 'object' && inner !== null && Object.hasOwn(inner, name) ? (inner as Record<string, unknown>)[name] : undefined), value);
}
