import type { Database } from 'better-sqlite3';
import type { Attention, Decision } from '../../domain/attention/attention.ts';
import type { AttentionId, OrderId, RefundId } from '../../domain/ids.ts';
import type { Money } from '../../domain/money.ts';
import { isZero } from '../../domain/money.ts';
import type { OrderLine } from '../../domain/order/order.ts';
import { isPaid } from '../../domain/order/order.ts';
import type { StoreReader } from './reader.ts';
import type { RefundWish } from './refunds.ts';
import type { ServiceTable } from './services.ts';

export interface RefusedServicesDeps {
  readonly database: Database;
  readonly reader: Pick<StoreReader, 'order' | 'attempts' | 'refundable' | 'refundsOf' | 'attention'>;
  readonly services: ServiceTable;
  readonly raise: (about: Omit<Attention, 'id' | 'raisedAt' | 'orderNumber'>) => void;
  readonly close: (id: AttentionId, kind: Attention['kind'], orderId: OrderId, decision: Decision) => void;
  readonly askRefund: (wish: RefundWish) => unknown;
}

export interface RefusedServices {
  /** Thinks about the money of an order's services that is `open`. */
  judge(orderId: OrderId): void;
  /** The same of all orders. What was to go back and is back already is settled too: a restored store may hear of its refund last. */
  judgeAll(): void;
  /**
   * Takes off the list what has gone back all the same, in parts of the order that were given since it stood there: those that tell of no service and are no answer to the
   * list themselves. What was less than a service's amount leaves it. Of several services that were refused, each part counts for one of them, for the largest that it covers.
   */
  closeCovered(orderId: OrderId): void;
}

/**
 * What becomes of the money of services that were refused. Only within a transaction. All of it follows from what the tables say, so that a store
 * that was brought back comes to the same end:
 *
 * - an order that holds nothing else that costs goes back whole, as soon as the terminal (or HQ) can (`owed`), once all of its services are settled;
 * - of any other, each refused part goes back by itself where it was paid with a wallet, and stands on the staff's list where it was paid by card: the terminal gives
 *   back whole orders only;
 * - what cost nothing, or is back already, is settled by that.
 *
 * A refund that is asked for here has its service's own id, so that a store which has forgotten it asks HQ for the same one again.
 */
export function createRefusedServices({ database, reader, services, raise, close, askRefund }: RefusedServicesDeps): RefusedServices {
  const attentionOf = database.prepare<[string], { kind: string; job_id: string | null; raised_at: number }>('SELECT kind, job_id, raised_at FROM attention WHERE order_id = ?');

  const isEntry = database.prepare<[string], 1>('SELECT 1 FROM attention WHERE id = ?').pluck();
  const settledSum = database.prepare<[string], number>(`
    SELECT coalesce(sum(json_extract(document, '$.amount.amount')), 0) FROM attention WHERE order_id = ? AND kind = 'service_refused' AND decision = 'part_settled'`).pluck();

  function closeCovered(orderId: OrderId): void {
    const open = reader.attention().filter((entry) => entry.orderId === orderId && entry.kind === 'service_refused' && entry.amount);
    if (open.length === 0) return;
    const parts = reader.refundsOf(orderId).filter(({ id, jobId, state }) => state === 'done' && jobId === undefined && !isEntry.get(id));
    // Which of those that were settled before were settled by these parts is not known: rather one entry too many than a customer without their money.
    let spent = settledSum.get(orderId)!;
    for (const { id, kind, amount, raisedAt } of open.toSorted((one, other) => other.amount!.amount - one.amount!.amount)) {
      const back = parts.filter(({ askedAt }) => askedAt > raisedAt).reduce((sum, part) => sum + part.amount.amount, 0) - spent;
      if (back < amount!.amount) continue;
      // Not "given back": that would count as money of its own, beside the parts.
      close(id, kind, orderId, 'part_settled');
      spent += amount!.amount;
    }
  }

  function judge(orderId: OrderId): void {
    const rows = services.ofOrder(orderId);
    const open = rows.filter(({ money }) => money === 'open');
    if (open.length === 0) return;
    const stored = reader.order(orderId);
    const attempts = reader.attempts(orderId);
    // It is on its way back: judged by how that ends.
    if (!stored || attempts.some(({ state }) => state === 'reversing')) return;
    if (!isPaid(stored.state) || isZero(stored.order.total)) return services.clearMoney(orderId);

    const telecom = stored.order.lines.filter(isService);
    const costOf = (nth: number) => costOfLine(telecom[nth]);
    const costly = rows.filter(({ nth }) => costOf(nth) > 0);
    const isNothingElse = stored.order.lines.every((line) => costOfLine(line) === 0 || isService(line));
    if (isNothingElse && costly.some(({ state }) => state === 'asked' || state === 'pending')) return;

    const listed = attentionOf.all(orderId);
    const refundable = reader.refundable(orderId);
    const isWholeRefused = isNothingElse && costly.length > 0 && costly.every(({ state }) => state === 'refused');
    if (isWholeRefused && refundable?.isWhole) {
      const settledAt = Math.max(...costly.map((row) => row.settledAt ?? 0));
      const isPartListed = listed.some(({ kind }) => kind === 'service_refused');
      // The terminal was asked since, and would not: then a person decides by that, and the terminal is not asked for ever.
      const wasTried = listed.some(({ kind, raised_at: raisedAt }) => kind === 'reversal_refused' && raisedAt >= settledAt);
      if (!isPartListed) {
        for (const { jobId } of open) services.setMoney(jobId, wasTried ? undefined : 'owed');
        return;
      }
    }
    const refunds = reader.refundsOf(orderId);
    for (const { jobId, nth } of open) {
      services.setMoney(jobId, undefined);
      const isListed = listed.some(({ kind, job_id: about }) => kind === 'service_refused' && about === jobId);
      if (isListed || refunds.some((refund) => refund.jobId === jobId)) continue;
      // Somebody may have given a part of it back before: no more goes than is left.
      const left = reader.refundable(orderId)?.left.amount ?? costOf(nth);
      const amount: Money = { ...stored.order.total, amount: Math.min(costOf(nth), left) };
      if (amount.amount === 0) continue;
      // The whole of a payment is a reversal, and that was tried above.
      const isPart = refundable !== undefined && !(refundable.isWhole && amount.amount === refundable.attempt.amount.amount);
      if (isPart && refundable.attempt.tender !== 'card') askRefund({ id: jobId as string as RefundId, orderId, jobId, amount, way: 'tender', reason: 'service refused' });
      else raise({ kind: 'service_refused', orderId, jobId, amount, detail: `refused by HQ or the carrier: ${telecom[nth]?.offerId ?? 'a service'}` });
    }
  }

  return {
    judge,
    closeCovered,
    judgeAll() {
      for (const orderId of new Set(reader.attention().filter(({ kind }) => kind === 'service_refused').map((entry) => entry.orderId))) closeCovered(orderId);
      for (const orderId of services.ordersWith('open')) judge(orderId);
      for (const orderId of services.ordersWith('owed')) if (!isOrderPaid(orderId)) services.clearMoney(orderId);
    },
  };

  function isOrderPaid(orderId: OrderId): boolean {
    const state = reader.order(orderId)?.state;
    return state !== undefined && isPaid(state);
  }
}

function isService({ fulfilment }: OrderLine): boolean {
  return fulfilment.kind === 'telecom';
}

/** What its customer has paid for a line: a tax that is not in the price comes to it. */
export function costOfLine(line: OrderLine | undefined): number {
  return line ? line.total + (line.tax.included ? 0 : line.tax.amount) : 0;
}
