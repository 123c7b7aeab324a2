import type { Database } from 'better-sqlite3';
import type { Business } from '../../domain/catalogue/catalogue.ts';
import type { DayReport } from '../../domain/contract/staff.ts';
import { dayReportSchema } from '../../domain/contract/staff.ts';
import type { Currency } from '../../domain/money.ts';
import type { Order } from '../../domain/order/order.ts';
import { orderSchema } from '../../domain/order/order.ts';
import { orderFromOlder } from '../../domain/order/older.ts';
import type { Tally, ZReportFacts } from '../../domain/receipt/z-report.ts';
import type { Wallet } from '../../domain/scan/payment-code.ts';
import type { Emitter } from './emitter.ts';

/** What is the same in both languages, and on a copy. */
export type DayFacts = Omit<ZReportFacts, 'shop' | 'language' | 'copy'>;

export interface OpenDay {
  readonly staff: string | undefined;
  readonly begunAt: number;
  /** `asked`: the terminal may have closed its day or not. */
  readonly state: 'asked' | 'answered';
  readonly totals: Tally | undefined;
}

/** Days that were closed at the terminal. An order, a payment and a refund are counted in one report each, whatever the clock says. */
export interface DayStore {
  open(): OpenDay | undefined;
  /** Before the terminal hears of it. */
  ask(staff: string): void;
  /** The terminal has certainly not closed its day. */
  giveUp(): void;
  /** Written before anything else is done with it: the terminal tells its totals once. */
  answered(totals: Tally | undefined): void;
  /** Card payments that no report has, as they stand in the terminal's book. */
  cardsOurs(currency: Currency): Tally;
  /** Makes the report of what was answered, tells HQ and counts everything in it off, in one transaction. */
  report(currency: Currency): DayReport;
  /** Newest first. */
  reports(limit: number): readonly DayReport[];
  /** Undefined where there is no such report, or only what HQ told of it. */
  facts(number: number): DayFacts | undefined;
}

interface OpenRow { staff: string | null; begun_at: number; state: OpenDay['state']; totals: string | null }
interface OrderRow { number: string; total: number; document: string; placed_at: number }

/** Sold: paid, and perhaps given back since. What was sent back before anything of it was asked for was never sold. */
const isSold = "(state IN ('paid', 'fulfilled') OR (state = 'refunded' AND EXISTS (SELECT 1 FROM jobs WHERE jobs.order_id = orders.id)))";
/** In the terminal's book it stands until the terminal itself has taken it back: what a person gave back by hand, at once or in parts, is still there. */
const isBooked = `(state IN ('approved') OR (state = 'reversed' AND (
  EXISTS (SELECT 1 FROM attention WHERE attention.order_id = payment_attempts.order_id AND attention.attempt_id = payment_attempts.id AND kind = 'reversal_refused' AND decision = 'given_back')
  OR EXISTS (SELECT 1 FROM refunds WHERE refunds.order_id = payment_attempts.order_id AND refunds.attempt_id = payment_attempts.id AND way = 'by_hand' AND refunds.state = 'done'))))`;

export function createDayStore(database: Database, { emit, transaction }: Pick<Emitter, 'emit' | 'transaction'>, now: () => number): DayStore {
  const getOpen = database.prepare<[], OpenRow>('SELECT staff, begun_at, state, totals FROM day_open');
  const ask = database.prepare("INSERT OR REPLACE INTO day_open (only_row, staff, begun_at, state, totals) VALUES (1, ?, ?, 'asked', NULL)");
  const answer = database.prepare("UPDATE day_open SET state = 'answered', totals = ?");
  const close = database.prepare('DELETE FROM day_open');
  const last = database.prepare<[], { number: number; to_at: number }>('SELECT number, to_at FROM day_reports ORDER BY number DESC LIMIT 1');
  const sold = database.prepare<[string], OrderRow>(`SELECT number, total, document, placed_at FROM orders INDEXED BY orders_unreported WHERE day IS NULL AND currency = ? AND ${isSold} ORDER BY placed_at, id`);
  // Of an order of which a part was counted before, the rest.
  const refunds = database.prepare<[string], Tally>(`
    SELECT count(*) AS count, coalesce(sum(total - (SELECT coalesce(sum(amount), 0) FROM refunds WHERE refunds.order_id = orders.id AND refunds.state = 'done' AND refunds.day IS NOT NULL)), 0) AS amount
    FROM orders INDEXED BY refunds_unreported WHERE state = 'refunded' AND refund_day IS NULL AND currency = ? AND ${isSold}`);
  const parts = database.prepare<[string], Tally>(`
    SELECT count(*) AS count, coalesce(sum(refunds.amount), 0) AS amount FROM refunds INDEXED BY refunds_of_parts_unreported CROSS JOIN orders ON orders.id = refunds.order_id
    WHERE refunds.state = 'done' AND refunds.day IS NULL AND refunds.currency = ? AND orders.state <> 'refunded'`);
  const booked = database.prepare<[string], Tally>(`SELECT count(*) AS count, coalesce(sum(amount), 0) AS amount FROM payment_attempts INDEXED BY attempts_unreported WHERE day IS NULL AND tender = 'card' AND currency = ? AND ${isBooked}`);
  const reversed = database.prepare<[string], Tally>(`SELECT count(*) AS count, coalesce(sum(amount), 0) AS amount FROM payment_attempts INDEXED BY attempts_unreported WHERE day IS NULL AND tender = 'card' AND currency = ? AND state = 'reversed' AND NOT ${isBooked}`);
  const ofWallets = database.prepare<[string], Tally & { readonly tender: Wallet }>(`
    SELECT tender, count(*) AS count, coalesce(sum(amount), 0) AS amount FROM payment_attempts INDEXED BY attempts_unreported
    WHERE day IS NULL AND tender <> 'card' AND currency = ? AND state = 'approved' GROUP BY tender ORDER BY tender`);
  const unsettled = database.prepare<[], number>("SELECT count(*) FROM payment_attempts WHERE state IN ('started', 'authorised', 'unknown', 'unclear', 'reversing')").pluck();
  // Of the report's currency alone: what was sold in another is in the first report of that one.
  const countOrders = database.prepare("UPDATE orders SET day = ? WHERE day IS NULL AND currency = ? AND state NOT IN ('placed', 'awaiting_payment', 'payment_unknown')");
  const countRefunds = database.prepare("UPDATE orders SET refund_day = ? WHERE state = 'refunded' AND refund_day IS NULL AND currency = ?");
  const countParts = database.prepare("UPDATE refunds SET day = ? WHERE state = 'done' AND day IS NULL AND currency = ?");
  const countAttempts = database.prepare("UPDATE payment_attempts SET day = ? WHERE day IS NULL AND currency = ? AND state NOT IN ('started', 'authorised', 'unknown', 'unclear', 'reversing')");
  // A report that only was told of: no payment was unsettled when it was made, so all that had begun before it were in it.
  const countTold = database.prepare(`
    UPDATE payment_attempts SET day = (SELECT min(number) FROM day_reports WHERE facts IS NULL AND started_at < to_at)
    WHERE day IS NULL AND started_at < (SELECT max(to_at) FROM day_reports WHERE facts IS NULL)`);
  const countToldParts = database.prepare(`
    UPDATE refunds SET day = (SELECT min(number) FROM day_reports WHERE facts IS NULL AND asked_at < to_at)
    WHERE state = 'done' AND day IS NULL AND asked_at < (SELECT max(to_at) FROM day_reports WHERE facts IS NULL)`);
  const insert = database.prepare('INSERT INTO day_reports (number, from_at, to_at, report, facts) VALUES (?, ?, ?, ?, ?)');
  const newest = database.prepare<[number], string>('SELECT report FROM day_reports ORDER BY number DESC LIMIT ?').pluck();
  const factsOf = database.prepare<[number], string | null>('SELECT facts FROM day_reports WHERE number = ?').pluck();

  function openDay(): OpenDay | undefined {
    const row = getOpen.get();
    return row && { staff: row.staff ?? undefined, begunAt: row.begun_at, state: row.state, totals: row.totals === null ? undefined : (JSON.parse(row.totals) as Tally) };
  }

  function factsNow(currency: Currency, { begunAt, totals }: OpenDay): DayFacts {
    const before = last.get();
    const found = createSums();
    let first: OrderRow | undefined;
    // One after the other: where nobody has closed a day for a year, all of it at once would be more than core has room for.
    for (const row of sold.iterate(currency)) {
      first ??= row;
      found.add(row.total, row.number, linesOf(row));
    }
    const from = before?.to_at ?? first?.placed_at ?? begunAt;
    return {
      number: (before?.number ?? 0) + 1, from, to: Math.max(from, begunAt), currency, ...found.sums(),
      refunded: added(refunds.get(currency)!, parts.get(currency)!),
      cardsOurs: booked.get(currency)!, cardsTerminal: totals, reversed: reversed.get(currency)!, wallets: ofWallets.all(currency), unsettled: unsettled.get()!,
    };
  }

  return {
    open: openDay,
    ask: transaction((staff: string) => void ask.run(staff, now())),
    giveUp: transaction(() => void close.run()),
    answered: transaction((totals: Tally | undefined) => void answer.run(totals ? JSON.stringify(totals) : null)),
    cardsOurs(currency) {
      countTold.run();
      return booked.get(currency)!;
    },

    report: transaction((currency: Currency) => {
      const open = openDay();
      if (open?.state !== 'answered') throw new Error('the terminal has not answered: there is nothing to report');
      countTold.run();
      countToldParts.run();
      const facts = factsNow(currency, open);
      const { number, from, to, orders, freeOrders, refunded, cardsOurs, cardsTerminal, unsettled: stillOpen } = facts;
      const figures = { number, from, to, orders, freeOrders, refunded, cardsOurs, ...(cardsTerminal ? { cardsTerminal } : {}), unsettled: stillOpen };
      const report: DayReport = { ...figures, ...(cardsTerminal ? { difference: cardsTerminal.amount - cardsOurs.amount } : {}) };
      insert.run(number, from, to, JSON.stringify(report), JSON.stringify(facts));
      countOrders.run(number, currency);
      countRefunds.run(number, currency);
      countParts.run(number, currency);
      countAttempts.run(number, currency);
      emit('day.reported', { ...figures, currency, ...(open.staff === undefined ? {} : { staff: open.staff }) });
      close.run();
      return report;
    }),

    reports: (limit) => newest.all(limit).map((text) => dayReportSchema.parse(JSON.parse(text))),
    facts(number) {
      const text = factsOf.get(number);
      // It was made here and never leaves: its shape is ours.
      return text === null || text === undefined ? undefined : (JSON.parse(text) as DayFacts);
    },
  };
}

function added(one: Tally, other: Tally): Tally {
  return { count: one.count + other.count, amount: one.amount + other.amount };
}

const businessOf = { goods: 'goods', delivery: 'goods', telecom: 'telecom', food: 'food' } as const satisfies Record<Order['lines'][number]['fulfilment']['kind'], Business>;

/** A document that cannot be read costs the report its lines, and never the day its end. */
function linesOf({ document }: OrderRow): Pick<Order, 'lines' | 'taxes'> {
  try {
    return orderSchema.parse(orderFromOlder(JSON.parse(document)));
  } catch {
    return { lines: [], taxes: [] };
  }
}

/** What a report says of its orders, which come one by one. */
function createSums() {
  const orders = { count: 0, amount: 0 };
  const businesses = new Map<Business, { count: number; amount: number }>();
  const taxes = new Map<string, { basisPoints: number; included: boolean; gross: number; tax: number }>();
  let freeOrders = 0;
  let firstOrder: string | undefined;
  let lastOrder: string | undefined;

  return {
    add(total: number, number: string, { lines, taxes: ofOrder }: Pick<Order, 'lines' | 'taxes'>): void {
      orders.count += 1;
      orders.amount += total;
      if (total === 0) freeOrders += 1;
      firstOrder ??= number;
      lastOrder = number;
      for (const line of lines) {
        const business = businessOf[line.fulfilment.kind];
        const sum = businesses.get(business) ?? { count: 0, amount: 0 };
        businesses.set(business, { count: sum.count + line.quantity, amount: sum.amount + line.total });
      }
      for (const { basisPoints, included, gross, tax } of ofOrder) {
        const key = `${basisPoints} ${included}`;
        const sum = taxes.get(key) ?? { basisPoints, included, gross: 0, tax: 0 };
        taxes.set(key, { ...sum, gross: sum.gross + gross, tax: sum.tax + tax });
      }
    },
    sums: (): Pick<DayFacts, 'orders' | 'freeOrders' | 'firstOrder' | 'lastOrder' | 'businesses' | 'taxes'> => ({
      orders, freeOrders, firstOrder, lastOrder, businesses: [...businesses].map(([business, sum]) => ({ business, ...sum })),
      taxes: [...taxes.values()].sort((one, other) => one.basisPoints - other.basisPoints || Number(one.included) - Number(other.included)),
    }),
  };
}
