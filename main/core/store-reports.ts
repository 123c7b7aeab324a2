import type { CodedError } from '../../domain/contract/errors.ts';
import type { LogLine } from '../../domain/contract/hq.ts';
import { eventPayloads } from '../../domain/contract/hq.ts';
import type { OrderState } from '../../domain/order/order.ts';
import type { Result } from '../../domain/result.ts';
import { ok } from '../../domain/result.ts';
import type { StoreLink } from './store-link.ts';

/** What was sold between two times: pieces of money in minor units, by currency and what became of the orders. */
export interface SalesRow {
  readonly currency: string;
  readonly state: OrderState;
  readonly orders: number;
  readonly sum: number;
}

/** Questions that read much of the store: asked of the store's thread, never of the connection that sells. */
export interface StoreReports {
  /** Placed at `from` or later and before `to`, epoch milliseconds UTC. */
  sales(from: number, to: number): Promise<Result<readonly SalesRow[], CodedError>>;
  /** The newest lines that went to HQ or wait for it, newest first. */
  logLines(limit: number): Promise<Result<readonly LogLine[], CodedError>>;
}

export function createStoreReports(link: Pick<StoreLink, 'read'>): StoreReports {
  return {
    async sales(from, to) {
      // tick() lets a sum over very many orders be given up in time (short-read.ts).
      const rows = await link.read(
        'SELECT currency, state, count(*) AS orders, sum(total) AS sum FROM orders WHERE placed_at >= ? AND placed_at < ? AND tick() GROUP BY currency, state ORDER BY currency, state', [from, to]);
      return rows.ok ? ok(rows.value as unknown as readonly SalesRow[]) : rows;
    },
    async logLines(limit) {
      // Each event has at least one line.
      const rows = await link.read("SELECT payload FROM outbox WHERE lane = 'logs' AND kind = 'log.lines' ORDER BY epoch DESC, sequence DESC LIMIT ?", [limit]);
      if (!rows.ok) return rows;
      const lines = rows.value.flatMap(({ payload }) => {
        const told = eventPayloads['log.lines'].safeParse(JSON.parse(String(payload)));
        return told.success ? [...told.data.lines].reverse() : [];
      });
      return ok(lines.slice(0, limit));
    },
  };
}
