import type { Database } from 'better-sqlite3';
import type { HqEventPayload } from '../../domain/contract/hq.ts';
import type { AttemptId, JobId, OrderId, RefundId } from '../../domain/ids.ts';
import type { Refund, RefundState } from '../../domain/payment/refund.ts';
import { createRefundTable } from './refunds.ts';

export interface ReplayedRefunds {
  /** `waits`: the payment that it is of is not known yet. */
  tell(payload: HqEventPayload<'payment.refund'>, at: number): 'done' | 'waits';
  /** As the store has it, where that is further than what was told last. */
  further(payload: HqEventPayload<'payment.refund'>): Refund | undefined;
  /**
   * Writes all of it, after the attempts. `gaveWay`: two stories of one payment would have given back more than was paid, so these count as refused now; HQ has to hear
   * how they stand, and a person has to look. `touched`: the orders of all that was told.
   */
  write(): { readonly gaveWay: readonly Refund[]; readonly touched: ReadonlySet<OrderId> };
}

/** What was refused may be found to have gone all the same; what is known to have gone is never unlearned. So it does not matter which is heard first. */
const rank: Readonly<Record<RefundState, number>> = { asked: 0, refused: 1, done: 2 };

/** Refunds are told event by event and written once, as far as they got: on the way there those of two stories could come to more than was paid. */
export function createReplayedRefunds(database: Database): ReplayedRefunds {
  const table = createRefundTable(database);
  const amountOf = database.prepare<[string], number>('SELECT amount FROM payment_attempts WHERE id = ?').pluck();
  const sum = database.prepare<[string, string, string], number>(
    "SELECT coalesce(sum(amount), 0) FROM refunds WHERE order_id = ? AND attempt_id = ? AND id <> ? AND state <> 'refused'").pluck();
  const folded = new Map<RefundId, Refund>();

  const fits = ({ id, orderId, attemptId, amount }: Refund) => sum.get(orderId, attemptId, id)! + amount.amount <= amountOf.get(attemptId)!;
  const ofService = ({ id, jobId, orderId }: Refund) => table.ofOrder(orderId).some((other) => other.id !== id && jobId !== undefined && other.jobId === jobId && other.state !== 'refused');

  function put(refund: Refund): void {
    if (table.get(refund.id)) table.setState(refund.id, refund.state, refund.detail);
    else table.insert(refund);
  }

  return {
    tell(payload, at) {
      const { refundId, attemptId, orderId, amount, way, state, reason, by, jobId, detail } = payload;
      if (amountOf.get(attemptId) === undefined) return 'waits';
      const id = refundId as RefundId;
      const before = folded.get(id);
      const told: Refund = {
        id, attemptId: attemptId as AttemptId, orderId: orderId as OrderId, amount, way, state, reason, ...(by === undefined ? {} : { by }),
        ...(jobId === undefined ? {} : { jobId: jobId as JobId }), ...(detail === undefined ? {} : { detail }), askedAt: Math.min(at, before?.askedAt ?? at),
      };
      folded.set(id, before && rank[before.state] >= rank[state] ? { ...before, askedAt: told.askedAt } : told);
      return 'done';
    },

    further({ refundId, state }) {
      const here = table.get(refundId as RefundId);
      return here && rank[here.state] > rank[state] ? here : undefined;
    },

    write() {
      const gaveWay: Refund[] = [];
      const giveWay = (refund: Refund) => {
        const refused: Refund = { ...refund, state: 'refused', detail: `the store was brought back, and more than was paid would go back; it was ${refund.state}` };
        const before = table.get(refund.id);
        put(refused);
        if (before?.state !== 'refused') gaveWay.push(refused);
      };
      const news = [...folded.values()].filter(({ id, state }) => {
        const here = table.get(id);
        return !here || rank[state] > rank[here.state];
      });
      // What was refused makes room, then what has gone for sure, then what is asked for.
      for (const refund of news.toSorted((one, other) => order[one.state] - order[other.state] || one.askedAt - other.askedAt || (one.id < other.id ? -1 : 1))) {
        const clashes = () => refund.state !== 'refused' && (!fits(refund) || ofService(refund));
        if (refund.state === 'done') {
          const others = table.ofOrder(refund.orderId).filter(({ id, attemptId, state }) => id !== refund.id && attemptId === refund.attemptId && state === 'asked');
          for (const other of others.toReversed()) if (clashes()) giveWay(other);
        }
        if (clashes()) giveWay(refund);
        else put(refund);
      }
      return { gaveWay, touched: new Set([...folded.values()].map(({ orderId }) => orderId)) };
    },
  };
}

const order: Readonly<Record<RefundState, number>> = { refused: 0, done: 1, asked: 2 };
