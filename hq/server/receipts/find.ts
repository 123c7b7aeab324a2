import { formatReference } from '../../../domain/order/reference.ts';
import { promisedWithinMs } from '../../../domain/receipt/promise.ts';
import type { Receipt } from '../../../domain/receipt/receipt.ts';
import { formatLocalTime } from '../../../domain/time.ts';
import type { Bilingual } from '../../../domain/language.ts';
import type { OrderInFull } from '../../contract/console.ts';
import type { Queries } from '../database.ts';
import { readOrderInFull } from '../orders/in-full.ts';
import { isAllBack } from './of-order.ts';

/** What whoever holds the token may see. */
export type FoundReceipt =
  | { readonly kind: 'receipt'; readonly receipt: Receipt; readonly number: string; readonly isRefunded: boolean; readonly services: readonly FoundService[] }
  /** Unknown: the kiosk may simply not have reached HQ yet. */
  | { readonly kind: 'not_here' }
  | { readonly kind: 'not_paid' }
  | { readonly kind: 'given_up' };

/** What is credited elsewhere, as its customer sees it. */
export interface FoundService {
  readonly name: Bilingual;
  readonly state: 'asked' | 'pending' | 'done' | 'refused';
  readonly reference: string | null;
  /** "2026-11-23 13:05", by when it has an end; null where it has one, or where nothing was paid for it. */
  readonly until: string | null;
}

export async function findReceipt(sql: Queries, token: string): Promise<FoundReceipt> {
  const [place] = await sql<{ kiosk_id: string; order_id: string }[]>`select kiosk_id, order_id from orders where receipt_token = ${token} limit 1`;
  const order = place && (await readOrderInFull(sql, place.kiosk_id, place.order_id));
  if (!order) return { kind: 'not_here' };
  const { row, receipt } = order;
  if (receipt) return { kind: 'receipt', receipt, number: row.number, isRefunded: isAllBack(order), services: servicesOf(order) };
  return { kind: row.state === 'cancelled' || row.state === 'expired' ? 'given_up' : 'not_paid' };
}

function servicesOf({ services, lines, row, shop }: OrderInFull): readonly FoundService[] {
  return services.flatMap(({ offerId, state, reference, number, amount }): FoundService[] => {
    const name = lines.find((line) => line.offerId === offerId)?.name;
    if (!name) return [];
    // Silence of a provider, and what waits for a person, is to a customer that it takes longer.
    const shown = state === 'unknown' || state === 'held' ? 'pending' : state;
    const isOpen = shown === 'asked' || shown === 'pending';
    return [{ name, state: shown, reference: number === null ? reference : formatReference(number), until: isOpen && amount.amount > 0 ? formatLocalTime(row.placedAt + promisedWithinMs, shop.timeZone) : null }];
  });
}
