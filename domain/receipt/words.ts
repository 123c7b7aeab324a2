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
  readonly discount: string;
  readonly subtotal: string;
  readonly taxAdded: (percent: string) => string;
  readonly taxRate: string;
  readonly net: string;
  readonly tax: string;
  /** Beside a rate: the tax is in the prices, or came on top of them. */
  readonly included: string;
  readonly added: string;
  readonly paidByCard: string;
  readonly nothingToPay: string;
  readonly paymentReversed: string;
  readonly returned: string;
  readonly card: string;
  readonly terminal: string;
  readonly cardReceipt: string;
  readonly trace: string;
  readonly copy: string;
  readonly scan: string;
  readonly thanks: string;
  readonly service: string;
  readonly eat_in: string;
  readonly take_away: string;
  readonly recipient: string;
  readonly delivery: string;
  readonly reference: (service: string) => string;
  readonly applicationNext: string;
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
    discount: '优惠',
    subtotal: '小计',
    taxAdded: (percent) => `另加税 ${percent}`,
    taxRate: '税率',
    net: '不含税金额',
    tax: '税额',
    included: '已含',
    added: '另加',
    paidByCard: '银行卡支付',
    nothingToPay: '无需付款',
    paymentReversed: '付款已撤销',
    returned: '已退款',
    card: '卡号',
    terminal: '终端号',
    cardReceipt: '凭证号',
    trace: '流水号',
    copy: '重印（副本）',
    scan: '扫码查看电子收据',
    thanks: '谢谢惠顾，欢迎再来！',
    service: '业务已提交，扫码可查看办理结果',
    eat_in: '堂食',
    take_away: '外带',
    recipient: '收货人',
    delivery: '送货商品将送到您填写的地址',
    reference: (service) => `${service}：申请编号`,
    applicationNext: '请留好编号，凭编号查询进度；我们会打电话联系您',
  },
  en: {
    pickupNumber: 'Pickup number',
    orderNumber: 'Order number',
    order: 'Order',
    time: 'Time',
    free: 'Free',
    each: (price) => `${price} each`,
    total: 'Total',
    discount: 'Discount',
    subtotal: 'Subtotal',
    taxAdded: (percent) => `Tax ${percent}`,
    taxRate: 'Tax rate',
    net: 'Net',
    tax: 'Tax',
    included: 'included',
    added: 'added',
    paidByCard: 'Paid by card',
    nothingToPay: 'Nothing to pay',
    paymentReversed: 'PAYMENT REVERSED',
    returned: 'Refunded',
    card: 'Card',
    terminal: 'Terminal',
    cardReceipt: 'Card receipt',
    trace: 'Trace',
    copy: 'COPY',
    scan: 'Scan for your e-receipt',
    thanks: 'Thank you, see you again!',
    service: 'Request sent; scan to see the result',
    eat_in: 'Eat in',
    take_away: 'Take away',
    recipient: 'Deliver to',
    delivery: 'Deliveries go to the address you gave',
    reference: (service) => `${service}: application number`,
    applicationNext: 'Keep this number to ask how it stands; we will call you',
  },
};
