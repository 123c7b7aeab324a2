import type { HqEventPayload } from '../../../../domain/contract/hq.ts';
import type { Story, StoryOrder } from '../../testing/story.ts';
import { newId } from './wallet-rig.ts';

export interface WalletOrder extends StoryOrder {
  readonly attemptId: string;
  readonly refundIds: readonly string[];
}

/** An order whose card was declined, and that was then paid with a wallet, in the order in which core writes it; and parts of it that went back. The amount is that of two lattes: 5600. */
export function addWalletOrder(
  story: Story, at: number, { refunds = [], isReversed = false }: { readonly refunds?: readonly { readonly amount: number; readonly state: 'asked' | 'done' | 'refused'; readonly way?: 'tender' | 'by_hand' }[]; readonly isReversed?: boolean } = {},
): WalletOrder {
  const order = story.order({ offers: [['latte', 2]], ending: 'awaiting_payment', at });
  const begun = JSON.parse(story.events.findLast(({ kind }) => kind === 'payment.attempt')!.payload) as HqEventPayload<'payment.attempt'>;
  story.add('payment.attempt', { ...begun, state: 'declined', resultCode: '6c' }, at + 9000);
  const attemptId = newId(at + 10_000);
  const attempt = { attemptId, orderId: order.orderId, amount: begun.amount, tender: 'alipay', mode: 'shown' } as const;
  const wallet = { transactionId: `2026${attemptId.slice(0, 8)}`, paidAt: at + 19_000 };
  story.add('payment.attempt', { ...attempt, state: 'started' } as never, at + 10_000);
  story.add('payment.attempt', { ...attempt, state: 'approved', wallet } as never, at + 20_000);
  story.add('order.state', { orderId: order.orderId, from: 'awaiting_payment', to: 'paid' }, at + 20_000);
  story.add('order.state', { orderId: order.orderId, from: 'paid', to: 'fulfilled' }, at + 21_000);
  const refundIds = refunds.map(({ amount, state, way = 'tender' }, index) => {
    const refundId = newId(at + 60_000);
    const refund = { refundId, attemptId, orderId: order.orderId, amount: { amount, currency: begun.amount.currency }, way, reason: 'cold', by: '2000' };
    story.add('payment.refund', { ...refund, state: 'asked' } as never, at + 60_000 + index * 1000);
    if (state !== 'asked') story.add('payment.refund', { ...refund, state, ...(state === 'refused' ? { detail: 'the gateway refused' } : {}) } as never, at + 60_500 + index * 1000);
    return refundId;
  });
  if (isReversed) {
    story.add('payment.attempt', { ...attempt, state: 'reversed' } as never, at + 90_000);
    story.add('order.state', { orderId: order.orderId, from: 'fulfilled', to: 'refunded' }, at + 90_000);
  }
  return { ...order, attemptId, refundIds };
}
