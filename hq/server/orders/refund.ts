import type { KioskId } from '../../../domain/ids.ts';
import type { Currency, Money } from '../../../domain/money.ts';
import { money } from '../../../domain/money.ts';
import type { Tender } from '../../../domain/payment/tender.ts';
import type { Result } from '../../../domain/result.ts';
import { err, ok } from '../../../domain/result.ts';
import type { Refund } from '../../contract/api/orders.ts';
import type { Queries, Sql, Transaction } from '../database.ts';
import { giveWithin } from '../down/commands.ts';
import { giveBack, isGone, lockPayments, mayGiveBack, readOwnRefund, readTaken } from './refund-of-gone.ts';

/** A kiosk that does not hear of it within a day gives nothing back: by then its customer has been told otherwise. */
const validMs = 24 * 3_600_000;

export type MayRefund = 'yes' | 'unpaid' | 'free' | 'refunded' | 'asked' | 'unclear' | 'card_gone';

/** What of an order's payment may go back. `parts`: any part of it; a card terminal gives back whole purchases only. `via`: who does it; HQ itself where the kiosk is gone. */
export interface Refundable {
  readonly left: Money;
  readonly tender: Tender;
  readonly parts: boolean;
  readonly via: 'kiosk' | 'hq';
}

/** Where an order's refund stands. */
export interface Refunding {
  /** The newest that was asked for at HQ. */
  readonly refund: Refund | undefined;
  readonly may: MayRefund;
  /** Only where it may go back. */
  readonly refundable: Refundable | undefined;
}

interface RefundRow {
  command_id: string; params: { readonly reason: string; readonly amount?: number }; created_at: number; created_by: string; expires_at: number; delivered_at: number | null;
  state: string; outcome: string | null; detail: string | null; answered_at: number | null;
}

/** The newest command to give an order's money back. */
async function readCommand(sql: Queries, kioskId: string, orderId: string, now: number): Promise<Refund | undefined> {
  const [row] = await sql<RefundRow[]>`
    select command_id, params, created_at, created_by, expires_at, delivered_at, state, outcome, detail, answered_at from commands
    where kiosk_id = ${kioskId} and kind = 'refund' and params ->> 'orderId' = ${orderId} order by sequence desc limit 1`;
  return row && {
    via: 'kiosk', commandId: row.command_id, reason: row.params.reason, amount: row.params.amount ?? null, askedAt: row.created_at, askedBy: row.created_by, expiresAt: row.expires_at, deliveredAt: row.delivered_at,
    state: stateOf(row, now), detail: row.detail, answeredAt: row.answered_at,
  };
}

function stateOf({ state, outcome, expires_at }: RefundRow, now: number): Refund['state'] {
  if (state === 'cancelled') return 'cancelled';
  if (state === 'answered') return outcome === 'done' || outcome === 'failed' || outcome === 'expired' ? outcome : 'refused';
  return expires_at <= now ? 'expired' : 'waiting';
}

/** While it may still be done, or all of it was: nobody asks a second time. After a part there may be another. */
function stands(refund: Refund | undefined): refund is Refund {
  return refund?.state === 'waiting' || (refund?.state === 'done' && refund.amount === null);
}

/** What was taken and has not gone back, as far as the kiosk has told, less what HQ gave back itself while the kiosk was gone; undefined where nothing stands as taken. */
async function readRefundable(sql: Queries, kioskId: string, orderId: string): Promise<Refundable | undefined> {
  const [row] = await sql<{ amount: number; currency: Currency; tender: Tender; back: number }[]>`
    select p.amount, p.currency, p.tender,
      (coalesce((select sum(r.amount) from order_refunds r where r.kiosk_id = p.kiosk_id and r.attempt_id = p.attempt_id and r.state <> 'refused'), 0)
        + coalesce((select sum(h.amount) from wallet_refunds h where h.kiosk_id = p.kiosk_id and h.attempt_id = p.attempt_id and h.by is not null and h.state <> 'refused'
            and not exists (select 1 from order_refunds r where r.kiosk_id = h.kiosk_id and r.refund_id = h.refund_id and r.state <> 'refused')), 0))::bigint as back
    from payments p where p.kiosk_id = ${kioskId} and p.order_id = ${orderId} and p.state = 'approved' order by p.started_at desc, p.attempt_id limit 1`;
  if (!row) return undefined;
  // Of a card of which a part was given by hand the rest is given by hand, at the kiosk.
  const left = row.tender === 'card' && row.back > 0 ? 0 : Math.max(0, row.amount - row.back);
  return { left: money(left, row.currency), tender: row.tender, parts: row.tender !== 'card', via: 'kiosk' };
}

/** Where it stands, by what the kiosk told; of a kiosk that is gone by HQ's own book. */
export async function readRefunding(sql: Queries, kioskId: string, orderId: string, now: number): Promise<Refunding> {
  return refundingOf(sql, kioskId, orderId, now, await isGone(sql, kioskId));
}

async function refundingOf(sql: Queries, kioskId: string, orderId: string, now: number, gone: boolean): Promise<Refunding> {
  const command = await readCommand(sql, kioskId, orderId, now);
  const own = await readOwnRefund(sql, kioskId, orderId);
  const refund = own && (!command || own.state === 'waiting' || own.askedAt >= command.askedAt) ? own : command;
  const may = await mayRefund(sql, kioskId, orderId, gone ? { own } : { refund: own?.state === 'waiting' ? own : command });
  if (may !== 'yes') return { refund, may, refundable: undefined };
  if (!gone) return { refund, may, refundable: await readRefundable(sql, kioskId, orderId) };
  const taken = await readTaken(sql, kioskId, orderId);
  return { refund, may, refundable: taken && { left: taken.left, tender: taken.wallet, parts: true, via: 'hq' } };
}

async function mayRefund(sql: Queries, kioskId: string, orderId: string, by: { readonly own: Refund | undefined } | { readonly refund: Refund | undefined }): Promise<MayRefund> {
  const [order] = await sql<{ state: string; total_amount: number; moving: boolean; giving: boolean }[]>`
    select o.state, o.total_amount,
      exists (select 1 from payments p where p.kiosk_id = o.kiosk_id and p.order_id = o.order_id and p.state in ('reversing', 'unknown', 'unclear')) as moving,
      exists (select 1 from order_refunds r where r.kiosk_id = o.kiosk_id and r.order_id = o.order_id and r.state = 'asked') as giving
    from orders o where o.kiosk_id = ${kioskId} and o.order_id = ${orderId}`;
  if (!order) return 'unpaid';
  if (order.state === 'refunded') return 'refunded';
  if (order.total_amount === 0) return 'free';
  if ('own' in by) return mayGiveBack(sql, kioskId, orderId, by.own);
  if (stands(by.refund)) return 'asked';
  if (order.moving) return 'unclear';
  const refundable = await readRefundable(sql, kioskId, orderId);
  if (!refundable || (order.state !== 'paid' && order.state !== 'fulfilled')) return 'unpaid';
  // What is on its way at a gateway for longer than its command stood is not asked for a second time.
  return refundable.left.amount <= 0 ? 'refunded' : order.giving ? 'unclear' : 'yes';
}

export type RefundFailure =
  | { readonly kind: 'unknown_order' }
  | { readonly kind: 'not_now'; readonly why: Exclude<MayRefund, 'yes' | 'asked'> }
  | { readonly kind: 'too_much'; readonly left: Money }
  /** Another amount is left than whoever asks has seen. */
  | { readonly kind: 'left_changed'; readonly left: Money }
  /** A part, of a card. */
  | { readonly kind: 'whole_only' }
  | { readonly kind: 'not_given'; readonly detail: string };

export interface WantedRefund {
  readonly kioskId: KioskId;
  readonly orderId: string;
  readonly reason: string;
  /** A part, in minor units; without it all that is left. */
  readonly amount?: number | undefined;
  /** What was left when it was decided, in minor units. What was asked for without an answer is not asked for twice by it. */
  readonly left?: number | undefined;
  readonly by: string;
  readonly now: number;
}

/**
 * Tells the kiosk to give an order's money back, or a part of it, one thing at a time: whoever asks while another word of it is on its way gets that one. Two at
 * one moment wait for each other at the order's row. The kiosk looks at the order itself before it moves any money, and refuses what is back already. Of a kiosk that
 * is gone HQ gives it back itself, by the gateway.
 * Error: why the money cannot be asked back, or what is wrong with the command.
 */
export async function refundOnce(sql: Sql, wanted: WantedRefund): Promise<Result<{ readonly refund: Refund; readonly isNew: boolean }, RefundFailure>> {
  const { kioskId, orderId, amount, now } = wanted;
  return sql.begin(async (transaction): Promise<Result<{ readonly refund: Refund; readonly isNew: boolean }, RefundFailure>> => {
    const [order] = await transaction`select 1 from orders where kiosk_id = ${kioskId} and order_id = ${orderId} for update`;
    if (!order) return err({ kind: 'unknown_order' } as const);
    const gone = await isGone(transaction, kioskId, true);
    if (gone) await lockPayments(transaction, kioskId, orderId);
    const { refund: first, may, refundable } = await refundingOf(transaction, kioskId, orderId, now, gone);
    if (may === 'asked' && first) return ok({ refund: first, isNew: false });
    if (may !== 'yes' || !refundable) return err({ kind: 'not_now', why: (may === 'yes' || may === 'asked' ? 'unpaid' : may) } as const);
    const { left, parts } = refundable;
    if (wanted.left !== undefined && wanted.left !== left.amount) return err({ kind: 'left_changed', left } as const);
    if (amount !== undefined && amount > left.amount) return err({ kind: 'too_much', left } as const);
    if (!parts && amount !== undefined && amount < left.amount) return err({ kind: 'whole_only' } as const);
    const given = gone ? await giveBackTaken(transaction, wanted, left) : await tellKiosk(transaction, wanted, parts);
    if (!given.ok) return err({ kind: 'not_given', detail: given.error } as const);
    const { refund } = await refundingOf(transaction, kioskId, orderId, now, gone);
    return refund ? ok({ refund, isNew: true }) : err({ kind: 'not_given', detail: 'it is not there' } as const);
  });
}

async function tellKiosk(transaction: Transaction, { kioskId, orderId, reason, amount, by, now }: WantedRefund, parts: boolean): Promise<Result<unknown, string>> {
  // A kiosk of before there were parts knows no more than the order and the reason, and has no payments but cards'.
  const params = { orderId, reason, ...(parts && amount !== undefined ? { amount } : {}), ...(parts ? { by: by.slice(0, 80) } : {}) };
  return giveWithin(transaction, { kioskId, kind: 'refund', params, validMs, by, now });
}

async function giveBackTaken(transaction: Transaction, { kioskId, orderId, reason, amount, by, now }: WantedRefund, left: Money): Promise<Result<unknown, string>> {
  const taken = await readTaken(transaction, kioskId, orderId);
  if (!taken) return err('no wallet has taken anything for it');
  await giveBack(transaction, { kioskId, orderId, taken, amount: amount === undefined ? left : { ...left, amount }, reason, by: by.slice(0, 80), now });
  return ok(undefined);
}
