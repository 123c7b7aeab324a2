import type { Language } from '../language.ts';

/**
 * The words on paper. They stand here and not in renderer/i18n because core composes receipts without a page, and HQ
 * shows the same lines (docs/decisions/0003-receipt-words.md).
 */
export interface ReceiptWords {
  readonly pickupNumber: string;
  /** Where nothing is picked up: a service was asked for, or the sale was undone. */
  readonly orderNumber: string;
  readonly order: string;
  readonly time: string;
  readonly free: string;
  readonly each: (price: string) => string;
  readonly total: string;
  readonly taxIncluded: (percent: string) => string;
  readonly paidByCard: string;
  readonly nothingToPay: string;
  readonly paymentReversed: string;
  readonly returned: string;
  readonly card: string;
  readonly terminal: string;
  readonly cardReceipt: string;
  readonly trace: string;
  readonly phone: string;
  readonly copy: string;
  readonly scan: string;
  readonly thanks: string;
  readonly service: string;
}

export const receiptWords: Readonly<Record<Language, ReceiptWords>> = {
  zh: {
    pickupNumber: '取货号',
    orderNumber: '受理号',
    order: '订单号',
    time: '时间',
    free: '免费',
    each: (price) => `单价 ${price}`,
    total: '合计',
    taxIncluded: (percent) => `其中税额 ${percent}`,
    paidByCard: '银行卡支付',
    nothingToPay: '无需付款',
    paymentReversed: '付款已撤销',
    returned: '已退款',
    card: '卡号',
    terminal: '终端号',
    cardReceipt: '凭证号',
    trace: '流水号',
    phone: '手机号',
    copy: '重印（副本）',
    scan: '扫码查看电子收据',
    thanks: '谢谢惠顾，欢迎再来！',
    service: '业务已提交，办理结果将发短信通知',
  },
  en: {
    pickupNumber: 'Pickup number',
    orderNumber: 'Order number',
    order: 'Order',
    time: 'Time',
    free: 'Free',
    each: (price) => `${price} each`,
    total: 'Total',
    taxIncluded: (percent) => `of which tax ${percent}`,
    paidByCard: 'Paid by card',
    nothingToPay: 'Nothing to pay',
    paymentReversed: 'PAYMENT REVERSED',
    returned: 'Refunded',
    card: 'Card',
    terminal: 'Terminal',
    cardReceipt: 'Card receipt',
    trace: 'Trace',
    phone: 'Phone',
    copy: 'COPY',
    scan: 'Scan for your e-receipt',
    thanks: 'Thank you, see you again!',
    service: 'Request sent; a text message will confirm it',
  },
};
