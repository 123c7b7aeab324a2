import type { Database } from 'better-sqlite3';
import type { AttemptId } from '../../domain/ids.ts';
import type { CardDetails } from '../../domain/payment/card.ts';
import { sameTransaction } from '../../domain/payment/resolve.ts';
import type { Emitter } from './emitter.ts';
import type { StoreReader } from './reader.ts';

export interface ForeignTransactionsDeps {
  readonly database: Database;
  readonly reader: Pick<StoreReader, 'unsettledAttempt' | 'settledCards'>;
  readonly noteLocal: Emitter['noteLocal'];
  readonly now: () => number;
}

/** What the terminal has booked and is no purchase of ours that stands: remembered, so that it is never taken for one when the terminal is asked what it did last. */
export interface ForeignTransactions {
  note(card: CardDetails, reason: 'baseline' | 'refused' | 'reversal'): void;
  /** An approval is about to be refused (84 66): noted with the unsettled attempt, or as nobody's. */
  recordRefused(card: CardDetails, isOfRunningPurchase: boolean): void;
}

/** Only within a transaction. */
export function createForeignTransactions({ database, reader, noteLocal, now }: ForeignTransactionsDeps): ForeignTransactions {
  const insert = database.prepare('INSERT INTO foreign_transactions (card, reason, seen_at) VALUES (?, ?, ?)');
  const refuse = database.prepare('UPDATE payment_attempts SET card = ?, refused = 1 WHERE id = ?');

  function note(card: CardDetails, reason: 'baseline' | 'refused' | 'reversal'): void {
    const row = { card: JSON.stringify(card), reason, seen_at: now() };
    insert.run(row.card, row.reason, row.seen_at);
    noteLocal('foreign', row, 'money');
  }

  function noteRefusal(card: CardDetails, attemptId: AttemptId): void {
    const row = { card: JSON.stringify(card), attempt_id: attemptId };
    refuse.run(row.card, row.attempt_id);
    noteLocal('refusal', row, 'money');
  }

  return {
    note,
    recordRefused(card, isOfRunningPurchase) {
      const attempt = reader.unsettledAttempt();
      // The late answer to a 06 20 of a process before us: it tells, and offers nothing.
      if (!isOfRunningPurchase && reader.settledCards().some((known) => sameTransaction(known, card))) return;
      const isNamed = card.receiptNumber !== undefined || card.traceNumber !== undefined;
      const isAnother = attempt?.card !== undefined && isNamed && !sameTransaction(attempt.card, card);
      // What is committed, or is being taken back, keeps the numbers by which it is named; the other is remembered beside it.
      if (!attempt || attempt.state === 'reversing' || isAnother) {
        if (isNamed) note(card, 'refused');
        return;
      }
      // Its approval is committed, and nobody has just refused it: what the terminal says when it is asked decides.
      if (attempt.card && !isOfRunningPurchase) return;
      if (!attempt.refused) noteRefusal(attempt.card ?? card, attempt.id);
    },
  };
}
