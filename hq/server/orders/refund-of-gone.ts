import { randomBytes } from 'node:crypto';
import type { KioskId } from '../../../domain/ids.ts';
import { uuidV7From } from '../../../domain/ids.ts';
import type { Currency, Money } from '../../../domain/money.ts';
import { money } from '../../../domain/money.ts';
import type { RefundState } from '../../../domain/payment/refund.ts';
import type { Wallet } from '../../../domain/scan/payment-code.ts';
import type { Refund } from '../../contract/api/orders.ts';
import type { Queries, Transaction } from '../database.ts';
import { announce } from '../live/announce.ts';
import { askRefundWithin } from '../wallets/refunds.ts';

/**
 * Every key of it was revoked: nothing that it says is heard, so nobody but HQ can speak for it. One with a key that waits for approval is about to be heard again.
 * @param isHeld nobody approves a key of it until the transaction ends
 */
export async function isGone(sql: Queries, kioskId: string, isHeld = false): Promise<boolean> {
  const keys = await sql<{ state: string }[]>`select state from kiosk_keys where kiosk_id = ${kioskId} order by enrolled_at ${isHeld ? sql`for share` : sql``}`;
  return keys.length > 0 && keys.every(({ state }) => state === 'revoked');
}

/** A payment of the order that a wallet's gateway has taken, by HQ's own book: what its kiosk told of it may be older. */
export interface TakenPayment {
  readonly attemptId: string;
  readonly wallet: Wallet;
  readonly paid: Money;
  /** What has not gone back, and is not on its way. */
  readonly left: Money;
  /** Nothing was ever asked back under the attempt's own id. */
  readonly isWholeUnasked: boolean;
}

/** What goes back next: the newest of which something is left; else the newest. Undefined where no wallet has taken anything for it. */
export async function readTaken(sql: Queries, kioskId: string, orderId: string): Promise<TakenPayment | undefined> {
  const rows = await sql<{ attempt_id: string; wallet: Wallet; amount: number; currency: Currency; back: number; by_hand: number; has_whole: boolean; is_back: boolean }[]>`
    select w.attempt_id, w.wallet, w.amount, w.currency,
      coalesce((select sum(r.amount) from wallet_refunds r where r.kiosk_id = w.kiosk_id and r.attempt_id = w.attempt_id and r.state <> 'refused'), 0)::bigint as back,
      coalesce((select sum(o.amount) from order_refunds o where o.kiosk_id = w.kiosk_id and o.order_id = w.order_id and o.attempt_id = w.attempt_id and o.way = 'by_hand' and o.state <> 'refused'), 0)::bigint as by_hand,
      exists (select 1 from wallet_refunds r where r.kiosk_id = w.kiosk_id and r.refund_id = w.attempt_id) as has_whole,
      exists (select 1 from payments p where p.kiosk_id = w.kiosk_id and p.attempt_id = w.attempt_id and p.state = 'reversed') as is_back
    from wallet_payments w where w.kiosk_id = ${kioskId} and w.order_id = ${orderId} and w.state = 'paid' and w.late_at is null and w.amount is not null
    order by w.begun_at desc, w.attempt_id`;
  const taken = rows.map((row): TakenPayment => ({
    attemptId: row.attempt_id, wallet: row.wallet, paid: money(row.amount, row.currency), isWholeUnasked: !row.has_whole,
    left: money(row.is_back ? 0 : Math.max(0, row.amount - row.back - row.by_hand), row.currency),
  }));
  return taken.find(({ left }) => left.amount > 0) ?? taken[0];
}

export type MayGiveBack = 'yes' | 'refunded' | 'asked' | 'unclear' | 'card_gone' | 'unpaid';

/** Whether HQ can give something of a gone kiosk's order back itself. `card_gone`: it was paid at a terminal, whose provider alone can. */
export async function mayGiveBack(sql: Queries, kioskId: string, orderId: string, own: Refund | undefined): Promise<MayGiveBack> {
  if (own?.state === 'waiting') return 'asked';
  const taken = await readTaken(sql, kioskId, orderId);
  if (taken && taken.left.amount > 0) return 'yes';
  const [open] = await sql`select 1 from wallet_payments where kiosk_id = ${kioskId} and order_id = ${orderId} and (ended_at is null or state = 'held') limit 1`;
  if (open) return 'unclear';
  if (taken) return 'refunded';
  const [card] = await sql`
    select 1 from payments where kiosk_id = ${kioskId} and order_id = ${orderId} and tender = 'card' and state in ('started', 'authorised', 'approved', 'unknown', 'unclear', 'reversing') limit 1`;
  return card ? 'card_gone' : 'unpaid';
}

/** The newest that HQ gave back itself, asked for by a person. */
export async function readOwnRefund(sql: Queries, kioskId: string, orderId: string): Promise<Refund | undefined> {
  const [row] = await sql<{ refund_id: string; attempt_id: string; amount: number; reason: string; by: string; state: RefundState; detail: string | null; asked_at: number; ended_at: number | null }[]>`
    select r.refund_id, r.attempt_id, r.amount, r.reason, r.by, r.state, r.detail, r.asked_at, r.ended_at
    from wallet_payments w join wallet_refunds r on r.kiosk_id = w.kiosk_id and r.attempt_id = w.attempt_id
    where w.kiosk_id = ${kioskId} and w.order_id = ${orderId} and r.by is not null order by r.asked_at desc, r.refund_id desc limit 1`;
  return row && {
    via: 'hq', commandId: row.refund_id, reason: row.reason, amount: row.refund_id === row.attempt_id ? null : row.amount, askedAt: row.asked_at, askedBy: row.by, expiresAt: null, deliveredAt: null,
    state: row.state === 'asked' ? 'waiting' : row.state, detail: row.detail, answeredAt: row.ended_at,
  };
}

/** Of whoever gives or asks at the same moment, one after the other: until the transaction ends nobody else writes a refund of these payments. */
export async function lockPayments(sql: Transaction, kioskId: string, orderId: string): Promise<void> {
  await sql`select 1 from wallet_payments where kiosk_id = ${kioskId} and order_id = ${orderId} order by attempt_id for update`;
}

export interface GivenBack {
  readonly kioskId: KioskId;
  readonly orderId: string;
  readonly taken: TakenPayment;
  /** No more than is left. */
  readonly amount: Money;
  readonly reason: string;
  readonly by: string;
  readonly now: number;
}

/**
 * Writes the refund among those that the worker carries out, and takes back what the kiosk was told and has not done. With the payments locked. The whole has the
 * attempt's own id, and a part that the kiosk had asked for and HQ never heard of has that one's: a kiosk that is taken back after all and asks for it gets this one.
 */
export async function giveBack(sql: Transaction, { kioskId, orderId, taken, amount, reason, by, now }: GivenBack): Promise<void> {
  await sql`update commands set state = 'cancelled' where kiosk_id = ${kioskId} and kind = 'refund' and params ->> 'orderId' = ${orderId} and state = 'waiting'`;
  const refundId = await idFor(sql, kioskId, orderId, taken, amount, now);
  const asked = await askRefundWithin(sql, { kioskId, attemptId: taken.attemptId, refundId, amount, reason, at: now, by });
  if (asked === 'not_paid') throw new Error(`payment ${taken.attemptId} is not paid, and was a moment ago`);
  await announce(sql, kioskId, [orderId]);
}

async function idFor(sql: Queries, kioskId: string, orderId: string, { attemptId, paid, isWholeUnasked }: TakenPayment, amount: Money, now: number): Promise<string> {
  if (isWholeUnasked && amount.amount === paid.amount) return attemptId;
  const [unheard] = await sql<{ refund_id: string }[]>`
    select o.refund_id from order_refunds o where o.kiosk_id = ${kioskId} and o.order_id = ${orderId} and o.attempt_id = ${attemptId} and o.way = 'tender' and o.state = 'asked' and o.amount = ${amount.amount}
      and not exists (select 1 from wallet_refunds r where r.kiosk_id = o.kiosk_id and r.refund_id = o.refund_id) order by o.asked_at, o.refund_id limit 1`;
  return unheard?.refund_id ?? uuidV7From(now, randomBytes(10));
}
