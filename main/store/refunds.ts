import type { Database } from 'better-sqlite3';
import type { HqEventPayload } from '../../domain/contract/hq.ts';
import type { AttemptId, JobId, OrderId, RefundId } from '../../domain/ids.ts';
import type { Currency, Money } from '../../domain/money.ts';
import { equals, money } from '../../domain/money.ts';
import type { Attempt } from '../../domain/payment/attempt.ts';
import type { Refund, RefundState, RefundWay } from '../../domain/payment/refund.ts';
import type { Emitter } from './emitter.ts';

/** What of a paid order can go back. */
export interface Refundable {
  /** The approved one. */
  readonly attempt: Attempt;
  /** What has not gone back, and is not on its way. It may be nothing. */
  readonly left: Money;
  /** Nothing has: then the whole goes back as a reversal of the attempt. */
  readonly isWhole: boolean;
}

export interface RefundWish {
  /** A wish that is repeated under its id is the same refund. A new one where none is told. */
  readonly id?: RefundId | undefined;
  readonly orderId: OrderId;
  readonly amount: Money;
  /** `tender`: of a wallet's payment; it is `asked` for until HQ has answered. `by_hand`: somebody has given it, and it is `done`. */
  readonly way: RefundWay;
  readonly reason: string;
  /** A staff number, or HQ and its person's name. */
  readonly by?: string | undefined;
  readonly jobId?: JobId | undefined;
}

export type RefundSettlement = { readonly state: 'done' } | { readonly state: 'refused'; readonly detail: string };

export interface RefundTable {
  get(id: RefundId): Refund | undefined;
  /** Oldest first. */
  ofOrder(orderId: OrderId): readonly Refund[];
  /** Asked for and not answered, oldest first. */
  open(): readonly Refund[];
  /** What has gone back of this attempt or is on its way, in minor units. */
  givenBack(attempt: Pick<Attempt, 'id' | 'orderId'>): number;
  /** What has gone back for sure. */
  done(attempt: Pick<Attempt, 'id' | 'orderId'>): number;
  insert(refund: Refund): void;
  setState(id: RefundId, state: RefundState, detail: string | undefined): void;
}

interface Row {
  id: RefundId; attempt_id: AttemptId; order_id: OrderId; amount: number; currency: Currency; way: RefundWay; state: RefundState;
  reason: string; by_whom: string | null; job_id: JobId | null; detail: string | null; asked_at: number;
}

/**
 * Of a refused service that a person gave back before there were refunds, the decision alone tells. It counts as long as no refund tells of the same service:
 * whichever of the two a store that is brought back hears first.
 */
const byDecision = `
  SELECT coalesce(sum(json_extract(document, '$.amount.amount')), 0) FROM attention
  WHERE order_id = ? AND kind = 'service_refused' AND decision = 'part_given_back'
    AND NOT EXISTS (SELECT 1 FROM refunds WHERE refunds.order_id = attention.order_id AND refunds.job_id = attention.job_id AND state <> 'refused')`;

export function createRefundTable(database: Database): RefundTable {
  const get = database.prepare<[string], Row>('SELECT * FROM refunds WHERE id = ?');
  const ofOrder = database.prepare<[string], Row>('SELECT * FROM refunds WHERE order_id = ? ORDER BY rowid');
  const open = database.prepare<[], Row>("SELECT * FROM refunds WHERE state = 'asked' ORDER BY asked_at, rowid");
  const sum = database.prepare<[string, string], number>("SELECT coalesce(sum(amount), 0) FROM refunds WHERE order_id = ? AND attempt_id = ? AND state <> 'refused'").pluck();
  const sumDone = database.prepare<[string, string], number>("SELECT coalesce(sum(amount), 0) FROM refunds WHERE order_id = ? AND attempt_id = ? AND state = 'done'").pluck();
  const decided = database.prepare<[string], number>(byDecision).pluck();
  const insert = database.prepare(
    'INSERT INTO refunds (id, attempt_id, order_id, amount, currency, way, state, reason, by_whom, job_id, detail, asked_at) VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)');
  const update = database.prepare('UPDATE refunds SET state = ?, detail = ? WHERE id = ?');

  return {
    get(id) {
      const row = get.get(id);
      return row && refundOf(row);
    },
    ofOrder: (orderId) => ofOrder.all(orderId).map(refundOf),
    open: () => open.all().map(refundOf),
    givenBack: ({ id, orderId }) => sum.get(orderId, id)! + decided.get(orderId)!,
    done: ({ id, orderId }) => sumDone.get(orderId, id)! + decided.get(orderId)!,
    insert: ({ id, attemptId, orderId, amount, way, state, reason, by, jobId, detail, askedAt }) =>
      void insert.run(id, attemptId, orderId, amount.amount, amount.currency, way, state, reason, by ?? null, jobId ?? null, detail ?? null, askedAt),
    setState: (id, state, detail) => void update.run(state, detail ?? null, id),
  };
}

export interface RefundActsDeps {
  readonly table: RefundTable;
  readonly refundable: (orderId: OrderId) => Refundable | undefined;
  readonly emit: Emitter['emit'];
  readonly now: () => number;
  readonly newId: () => string;
  /** All of a payment has gone back, part by part. */
  readonly allIsBack: (attemptId: AttemptId) => void;
  /** Somebody must decide about a refund that was refused. */
  readonly refused: (refund: Refund) => void;
  /** What was refused before has gone back after all: nobody has to decide about it any more. */
  readonly cameAfterAll: (refund: Refund) => void;
}

export interface RefundActs {
  ask(wish: RefundWish): Refund;
  settle(id: RefundId, settlement: RefundSettlement): 'settled' | 'as_before' | 'too_much';
}

/** Only within a transaction. */
export function createRefundActs({ table, refundable, emit, now, newId, allIsBack, refused, cameAfterAll }: RefundActsDeps): RefundActs {
  function write(refund: Refund, isNew: boolean): void {
    // The end of the payment is told first: whoever hears but the beginning of this has a reversed payment with a part under way, never a whole that nobody closes.
    if (refund.state === 'done' && table.done({ id: refund.attemptId, orderId: refund.orderId }) + refund.amount.amount === refundable(refund.orderId)?.attempt.amount.amount) {
      allIsBack(refund.attemptId);
    }
    if (isNew) table.insert(refund);
    else table.setState(refund.id, refund.state, refund.detail);
    emit('payment.refund', refundNews(refund));
  }

  return {
    ask({ id, orderId, amount, way, reason, by, jobId }) {
      const known = id && table.get(id);
      if (known) {
        if (known.orderId !== orderId || !equals(known.amount, amount)) throw new Error(`refund ${id} is another one: ${known.amount.amount} of order ${known.orderId}`);
        return known;
      }
      const of = refundable(orderId);
      if (!of) throw new Error(`order ${orderId} is not paid: nothing of it can go back`);
      const { attempt, left, isWhole } = of;
      if (amount.currency !== left.currency || amount.amount > left.amount) throw new Error(`order ${orderId} has ${left.amount} left: ${amount.amount} cannot go back`);
      if (way === 'tender' && attempt.tender === 'card') throw new Error('a card terminal gives back whole purchases only: a part cannot go back by it');
      if (way === 'tender' && isWhole && equals(amount, attempt.amount)) throw new Error(`all of order ${orderId} is to go back: that is a reversal`);
      const refund: Refund = {
        id: id ?? (newId() as RefundId), attemptId: attempt.id, orderId, amount, way, state: way === 'by_hand' ? 'done' : 'asked', reason: reason.slice(0, 200),
        ...(by === undefined ? {} : { by }), ...(jobId === undefined ? {} : { jobId }), askedAt: now(),
      };
      write(refund, true);
      return refund;
    },

    settle(id, settlement) {
      const before = table.get(id);
      if (!before) throw new Error(`refund ${id} does not exist`);
      // What is known to have gone back has; and what was refused may be found to have gone all the same.
      if (before.state === settlement.state || before.state === 'done') return 'as_before';
      if (before.state === 'refused' && before.amount.amount > (refundable(before.orderId)?.left.amount ?? 0)) return 'too_much';
      const { detail: _, ...rest } = before;
      const refund: Refund = { ...rest, state: settlement.state, ...(settlement.state === 'refused' ? { detail: settlement.detail.slice(0, 500) } : {}) };
      write(refund, false);
      if (settlement.state === 'refused') refused(refund);
      else if (before.state === 'refused') cameAfterAll(refund);
      return 'settled';
    },
  };
}

/** As HQ is told of it. */
export function refundNews(refund: Refund): HqEventPayload<'payment.refund'> {
  const { id: refundId, askedAt: _, ...told } = refund;
  return { refundId, ...told };
}

function refundOf(row: Row): Refund {
  return {
    id: row.id, attemptId: row.attempt_id, orderId: row.order_id, amount: money(row.amount, row.currency), way: row.way, state: row.state, reason: row.reason,
    ...(row.by_whom === null ? {} : { by: row.by_whom }), ...(row.job_id === null ? {} : { jobId: row.job_id }), ...(row.detail === null ? {} : { detail: row.detail }),
    askedAt: row.asked_at,
  };
}
