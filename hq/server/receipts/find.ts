import type { Receipt } from '../../../domain/receipt/receipt.ts';
import type { Queries } from '../database.ts';
import { readOrderInFull } from '../orders/in-full.ts';

/** What whoever holds the token may see. */
export type FoundReceipt =
  | { readonly kind: 'receipt'; readonly receipt: Receipt; readonly number: string; readonly isRefunded: boolean }
  /** Unknown: the kiosk may simply not have reached HQ yet. */
  | { readonly kind: 'not_here' }
  | { readonly kind: 'not_paid' }
  | { readonly kind: 'given_up' };

export async function findReceipt(sql: Queries, token: string): Promise<FoundReceipt> {
  const [place] = await sql<{ kiosk_id: string; order_id: string }[]>`select kiosk_id, order_id from orders where receipt_token = ${token} limit 1`;
  const order = place && (await readOrderInFull(sql, place.kiosk_id, place.order_id));
  if (!order) return { kind: 'not_here' };
  const { row, receipt } = order;
  if (receipt) return { kind: 'receipt', receipt, number: row.number, isRefunded: row.state === 'refunded' };
  return { kind: row.state === 'cancelled' || row.state === 'expired' ? 'given_up' : 'not_paid' };
}
