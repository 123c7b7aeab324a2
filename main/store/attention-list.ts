import type { Database } from 'better-sqlite3';
import type { Attention, Decision } from '../../domain/attention/attention.ts';
import type { AttemptId, AttentionId, OrderId } from '../../domain/ids.ts';
import type { CardDetails } from '../../domain/payment/card.ts';
import type { Refund } from '../../domain/payment/refund.ts';
import type { Emitter } from './emitter.ts';
import type { StoreReader } from './reader.ts';

export interface AttentionListDeps {
  readonly database: Database;
  readonly reader: Pick<StoreReader, 'order' | 'attempts' | 'attention'>;
  readonly emit: Emitter['emit'];
  readonly now: () => number;
  readonly newId: () => string;
}

/** What a person must decide: how it comes on the list and goes off it. What follows from a decision is the writer's. */
export interface AttentionList {
  /** Once is enough: it stands there until somebody decides. */
  raise(about: Omit<Attention, 'id' | 'raisedAt' | 'orderNumber'>): void;
  raiseAboutAttempt(kind: 'payment_unclear' | 'reversal_refused', attemptId: AttemptId, orderId: OrderId, detail: string, lastCard?: CardDetails): void;
  raiseAboutRefund(refund: Refund): void;
  close(id: AttentionId, kind: Attention['kind'], orderId: OrderId, decision: Decision): void;
  /** Nobody has to give these parts back any more. */
  closeParts(isMeant: (open: Attention) => boolean): void;
}

/** Only within a transaction. */
export function createAttentionList({ database, reader, emit, now, newId }: AttentionListDeps): AttentionList {
  const insert = database.prepare('INSERT INTO attention (id, kind, order_id, attempt_id, job_id, refund_id, document, raised_at) VALUES (?, ?, ?, ?, ?, ?, ?, ?) ON CONFLICT DO NOTHING');
  const decide = database.prepare('UPDATE attention SET decision = ? WHERE id = ?');

  function raise(about: Omit<Attention, 'id' | 'raisedAt' | 'orderNumber'>): void {
    const orderNumber = reader.order(about.orderId)!.order.number;
    const attention: Attention = { ...about, orderNumber, detail: about.detail.slice(0, 500), id: newId() as AttentionId, raisedAt: now() };
    const { changes } = insert.run(
      attention.id, attention.kind, attention.orderId, attention.attemptId ?? null, attention.jobId ?? null, attention.refundId ?? null, JSON.stringify(attention), attention.raisedAt);
    if (changes > 0) emit('attention.raised', attention);
  }

  function close(id: AttentionId, kind: Attention['kind'], orderId: OrderId, decision: Decision): void {
    decide.run(decision, id);
    emit('attention.settled', { id, kind, orderId, decision });
  }

  return {
    raise,
    raiseAboutAttempt(kind, attemptId, orderId, detail, lastCard) {
      const attempt = reader.attempts(orderId).find(({ id }) => id === attemptId)!;
      raise({
        kind, orderId, attemptId, amount: attempt.amount, startedAt: attempt.startedAt, detail,
        ...(attempt.card ? { card: attempt.card } : {}), ...(lastCard ? { lastCard } : {}),
      });
    },
    raiseAboutRefund({ id, orderId, jobId, amount, detail = '' }) {
      if (jobId === undefined) raise({ kind: 'refund_refused', orderId, refundId: id, amount, detail });
      else raise({ kind: 'service_refused', orderId, jobId, amount, detail: `its money was to go back to the wallet: ${detail}` });
    },
    close,
    closeParts(isMeant) {
      for (const open of reader.attention()) {
        if ((open.kind === 'service_refused' || open.kind === 'refund_refused') && isMeant(open)) close(open.id, open.kind, open.orderId, 'part_given_back');
      }
    },
  };
}
