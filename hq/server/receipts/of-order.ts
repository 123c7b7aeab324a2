import type { OrderId } from '../../../domain/ids.ts';
import { isPaid } from '../../../domain/order/order.ts';
import type { Order, OrderLine } from '../../../domain/order/order.ts';
import { composeReceipt } from '../../../domain/receipt/compose.ts';
import type { Receipt } from '../../../domain/receipt/receipt.ts';
import type { Shop } from '../../../domain/receipt/shop.ts';
import type { OrderRow, PaymentAttempt } from '../../contract/console.ts';

/** What of an order's row stands on no list. */
export interface OrderHead {
  readonly shop: Shop;
  readonly taxes: Order['taxes'];
  readonly dining: NonNullable<Order['dining']> | null;
  readonly catalogue_revision: number;
  readonly receipt_url: string;
  readonly receipt_token: string;
  readonly cart_id: string;
}

export interface ReceiptParts {
  readonly row: OrderRow;
  readonly head: OrderHead;
  readonly lines: readonly OrderLine[];
  readonly attempts: readonly PaymentAttempt[];
}

/** The receipt as the kiosk composed it, from the same parts; null until the order is paid. */
export function receiptOf({ row, head, lines, attempts }: ReceiptParts): Receipt | null {
  if (!isPaid(row.state) && row.state !== 'refunded') return null;
  const order: Order = {
    id: row.orderId as OrderId,
    cartId: head.cart_id as Order['cartId'],
    number: row.number,
    placedAt: row.placedAt,
    language: row.language,
    catalogueRevision: head.catalogue_revision,
    lines: [...lines],
    ...(head.dining === null ? {} : { dining: head.dining }),
    total: row.total,
    taxes: head.taxes,
    receiptToken: head.receipt_token,
  };
  // Money that was taken back was on a card, too: the receipt names it.
  const card = attempts.findLast(({ state }) => state === 'approved' || state === 'reversing' || state === 'reversed')?.card ?? undefined;
  return composeReceipt({ shop: head.shop, order, card, receiptUrl: head.receipt_url, copy: false, reversed: row.state === 'refunded' });
}
