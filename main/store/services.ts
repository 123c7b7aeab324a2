import type { Database } from 'better-sqlite3';
import type { JobId, OrderId } from '../../domain/ids.ts';
import type { ServiceView } from '../../domain/order/view.ts';

export type ServiceOutcome = Exclude<ServiceView['state'], 'asked'>;

/** A service that HQ was asked for, and what it said of it. */
export interface StoredService {
  readonly jobId: JobId;
  readonly orderId: OrderId;
  /** Which of its order's telecom lines, from 0. */
  readonly nth: number;
  readonly state: ServiceView['state'];
  readonly reference: string | undefined;
  readonly settledAt: number | undefined;
  /** Of one that was refused: whether its money is still to be thought about, or goes back as soon as the terminal can. */
  readonly money: 'open' | 'owed' | undefined;
}

export interface ServiceTable {
  get(jobId: JobId): StoredService | undefined;
  /** In the order of the order's lines. */
  ofOrder(orderId: OrderId): readonly StoredService[];
  /** Orders with services whose money is so. */
  ordersWith(money: 'open' | 'owed'): readonly OrderId[];
  /** The next telecom line of its order; once, whatever is told how often. */
  add(jobId: JobId, orderId: OrderId): void;
  /** What is done or refused stays so. One that is refused leaves its money `open`. Answers whether anything has changed. */
  settle(jobId: JobId, outcome: ServiceOutcome, reference: string | null, at: number): boolean;
  setMoney(jobId: JobId, money: 'owed' | undefined): void;
  /** Nothing of this order's money is open any more: it is going back, or is back. */
  clearMoney(orderId: OrderId): void;
  /** What is owed is to be thought about anew. */
  reopenMoney(orderId: OrderId): void;
}

interface Row { job_id: JobId; order_id: OrderId; nth: number; state: ServiceView['state']; reference: string | null; settled_at: number | null; money: 'open' | 'owed' | null }

export function createServiceTable(database: Database): ServiceTable {
  const get = database.prepare<[string], Row>('SELECT * FROM services WHERE job_id = ?');
  const ofOrder = database.prepare<[string], Row>('SELECT * FROM services WHERE order_id = ? ORDER BY nth, job_id');
  const withMoney = database.prepare<[string], OrderId>('SELECT DISTINCT order_id FROM services WHERE money = ?').pluck();
  const insert = database.prepare(
    "INSERT INTO services (job_id, order_id, nth, state) SELECT ?, ?, count(*), 'asked' FROM services WHERE order_id = ? ON CONFLICT (job_id) DO NOTHING");
  const update = database.prepare(`
    UPDATE services SET state = ?, reference = coalesce(?, reference), settled_at = ?, money = ?
    WHERE job_id = ? AND state IN ('asked', 'pending') AND (state <> ? OR reference IS NOT coalesce(?, reference))`);
  const setMoney = database.prepare('UPDATE services SET money = ? WHERE job_id = ?');
  const reopenMoney = database.prepare("UPDATE services SET money = 'open' WHERE order_id = ? AND money = 'owed'");
  const clearMoney = database.prepare('UPDATE services SET money = NULL WHERE order_id = ? AND money IS NOT NULL');

  return {
    get(jobId) {
      const row = get.get(jobId);
      return row && serviceOf(row);
    },
    ofOrder: (orderId) => ofOrder.all(orderId).map(serviceOf),
    ordersWith: (money) => withMoney.all(money),
    add: (jobId, orderId) => void insert.run(jobId, orderId, orderId),
    settle(jobId, outcome, reference, at) {
      return update.run(outcome, reference, at, outcome === 'refused' ? 'open' : null, jobId, outcome, reference).changes > 0;
    },
    setMoney: (jobId, money) => void setMoney.run(money ?? null, jobId),
    clearMoney: (orderId) => void clearMoney.run(orderId),
    reopenMoney: (orderId) => void reopenMoney.run(orderId),
  };
}

function serviceOf(row: Row): StoredService {
  return {
    jobId: row.job_id, orderId: row.order_id, nth: row.nth, state: row.state,
    reference: row.reference ?? undefined, settledAt: row.settled_at ?? undefined, money: row.money ?? undefined,
  };
}
