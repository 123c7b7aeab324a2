import type { OrderId } from '../../../domain/ids.ts';
import { isPaid } from '../../../domain/order/order.ts';
import type { Order, OrderLine } from '../../../domain/order/order.ts';
import { paymentOf } from '../../../domain/payment/attempt.ts';
import { composeReceipt } from '../../../domain/receipt/compose.ts';
import type { Receipt } from '../../../domain/receipt/receipt.ts';
import type { Shop } from '../../../domain/receipt/shop.ts';
import type { OrderRow, PartRefund, PaymentAttempt, ServiceRequest } from '../../contract/console.ts';
import type { PlanBefore } from '../services/plan-before.ts';

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
  readonly refunds: readonly PartRefund[];
  readonly services: readonly (Pick<ServiceRequest, 'offerId' | 'state' | 'reference'> & { readonly planBefore: PlanBefore | null })[];
}

/** All that was paid is back, whoever gave it: of a kiosk that is gone, HQ gives it, and no kiosk tells that its order is refunded. */
export function isAllBack({ row, attempts, refunds }: Pick<ReceiptParts, 'row' | 'attempts' | 'refunds'>): boolean {
  if (row.state === 'refunded') return true;
  const paid = paymentOf(attempts);
  const back = refunds.filter(({ attemptId, state }) => attemptId === paid?.attemptId && state === 'done').reduce((sum, { amount }) => sum + amount.amount, 0);
  return paid !== undefined && back > 0 && back >= paid.amount.amount;
}

/** The receipt as the kiosk composes it, from the same parts as far as they are known by now; null until the order is paid. */
export function receiptOf({ row, head, lines, attempts, refunds, services }: ReceiptParts): Receipt | null {
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
  // Money that was taken back was paid by something, too: the receipt names it.
  const paid = paymentOf(attempts);
  return composeReceipt({
    shop: head.shop, order, card: paid?.card ?? undefined, tender: paid?.tender, wallet: paid?.wallet ?? undefined, refunds, receiptUrl: head.receipt_url, copy: false, reversed: isAllBack({ row, attempts, refunds }), reversing: paid?.state === 'reversing',
    services: services.map(({ offerId, state, reference, planBefore }) => ({
      // Silence of a provider, and what waits for a person, is to a customer that it takes longer.
      offerId, state: state === 'unknown' || state === 'held' ? 'pending' : state, reference: reference ?? undefined, planBefore: planBefore ?? undefined,
    })),
  });
}
