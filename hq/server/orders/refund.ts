import type { KioskId } from '../../../domain/ids.ts';
import type { Result } from '../../../domain/result.ts';
import { err, ok } from '../../../domain/result.ts';
import type { Refund } from '../../contract/api/orders.ts';
import type { Queries, Sql } from '../database.ts';
import { giveWithin } from '../down/commands.ts';

/** A kiosk that does not hear of it within a day gives nothing back: by then its customer has been told otherwise. */
const validMs = 24 * 3_600_000;

export type MayRefund = 'yes' | 'unpaid' | 'free' | 'refunded' | 'asked' | 'unclear';

interface RefundRow {
  command_id: string; params: { readonly reason: string }; created_at: number; created_by: string; expires_at: number; delivered_at: number | null;
  state: string; outcome: string | null; detail: string | null; answered_at: number | null;
}

/** The newest command to give an order's money back. */
export async function readRefund(sql: Queries, kioskId: string, orderId: string, now: number): Promise<Refund | undefined> {
  const [row] = await sql<RefundRow[]>`
    select command_id, params, created_at, created_by, expires_at, delivered_at, state, outcome, detail, answered_at from commands
    where kiosk_id = ${kioskId} and kind = 'refund' and params ->> 'orderId' = ${orderId} order by sequence desc limit 1`;
  return row && {
    commandId: row.command_id, reason: row.params.reason, askedAt: row.created_at, askedBy: row.created_by, expiresAt: row.expires_at, deliveredAt: row.delivered_at,
    state: stateOf(row, now), detail: row.detail, answeredAt: row.answered_at,
  };
}

function stateOf({ state, outcome, expires_at }: RefundRow, now: number): Refund['state'] {
  if (state === 'cancelled') return 'cancelled';
  if (state === 'answered') return outcome === 'done' || outcome === 'failed' || outcome === 'expired' ? outcome : 'refused';
  return expires_at <= now ? 'expired' : 'waiting';
}

/** While it may still be done, or was: nobody asks a second time. */
function stands(refund: Refund | undefined): refund is Refund {
  return refund?.state === 'waiting' || refund?.state === 'done';
}

export async function mayRefund(sql: Queries, kioskId: string, orderId: string, refund: Refund | undefined): Promise<MayRefund> {
  const [order] = await sql<{ state: string; total_amount: number; approved: boolean; moving: boolean }[]>`
    select o.state, o.total_amount,
      exists (select 1 from payments p where p.kiosk_id = o.kiosk_id and p.order_id = o.order_id and p.state = 'approved') as approved,
      exists (select 1 from payments p where p.kiosk_id = o.kiosk_id and p.order_id = o.order_id and p.state in ('reversing', 'unknown', 'unclear')) as moving
    from orders o where o.kiosk_id = ${kioskId} and o.order_id = ${orderId}`;
  if (!order) return 'unpaid';
  if (order.state === 'refunded') return 'refunded';
  if (order.total_amount === 0) return 'free';
  if (stands(refund)) return 'asked';
  if (order.moving) return 'unclear';
  return order.approved && (order.state === 'paid' || order.state === 'fulfilled') ? 'yes' : 'unpaid';
}

/**
 * Tells the kiosk to give an order's money back, once: whoever asks a second time gets the first one's command. Two at one moment wait for each other at the
 * order's row. The kiosk looks at the order itself before it moves any money, and refuses what is back already.
 * Error: why the money cannot be asked back, or what is wrong with the command.
 */
export async function refundOnce(
  sql: Sql, { kioskId, orderId, reason, by, now }: { readonly kioskId: KioskId; readonly orderId: string; readonly reason: string; readonly by: string; readonly now: number },
): Promise<Result<{ readonly refund: Refund; readonly isNew: boolean }, { readonly kind: 'unknown_order' } | { readonly kind: 'not_now'; readonly why: Exclude<MayRefund, 'yes' | 'asked'> } | { readonly kind: 'not_given'; readonly detail: string }>> {
  return sql.begin(async (transaction) => {
    const [order] = await transaction`select 1 from orders where kiosk_id = ${kioskId} and order_id = ${orderId} for update`;
    if (!order) return err({ kind: 'unknown_order' } as const);
    const first = await readRefund(transaction, kioskId, orderId, now);
    if (stands(first)) return ok({ refund: first, isNew: false });
    const may = await mayRefund(transaction, kioskId, orderId, first);
    if (may !== 'yes') return err({ kind: 'not_now', why: may as Exclude<MayRefund, 'yes' | 'asked'> } as const);
    const given = await giveWithin(transaction, { kioskId, kind: 'refund', params: { orderId, reason }, validMs, by, now });
    if (!given.ok) return err({ kind: 'not_given', detail: given.error } as const);
    const refund = await readRefund(transaction, kioskId, orderId, now);
    return refund ? ok({ refund, isNew: true }) : err({ kind: 'not_given', detail: 'the command is not there' } as const);
  });
}
