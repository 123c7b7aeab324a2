import type { Language } from '../language.ts';
import type { Tender } from '../payment/tender.ts';

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
  readonly paidBy: Readonly<Record<Tender, string>>;
  /** A wallet's own number of the payment, which the customer's phone shows too. */
  readonly transaction: string;
  readonly nothingToPay: string;
  readonly paymentReversed: string;
  readonly returned: string;
  /** Asked for, and not yet there. */
  readonly returning: string;
  readonly returnedByHand: string;
  /** It did not work, and a person sees to it. */
  readonly returnedByPerson: string;
  /** What is left of the total after what went back. */
  readonly kept: string;
  readonly card: string;
  readonly terminal: string;
  readonly cardReceipt: string;
  readonly trace: string;
  readonly copy: string;
  readonly scan: string;
  readonly thanks: string;
  readonly service: string;
  /** Of services that were paid for and have no end yet. */
  readonly serviceUntil: (until: string) => string;
  readonly serviceState: Readonly<Record<'asked' | 'pending' | 'done' | 'refused', string>>;
  readonly carrierReference: string;
  readonly refusedMoney: Readonly<Record<'returning' | 'returned', string>>;
  readonly refusedByPerson: (until: string) => string;
  readonly takesEffect: string;
  /** Behind the name of a text: it was agreed to, in this version. */
  readonly agreed: (version: string) => string;
  readonly planBefore: string;
  readonly monthly: (price: string) => string;
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
    paidBy: { card: '银行卡支付', wechat: '微信支付', alipay: '支付宝' },
    transaction: '交易单号',
    nothingToPay: '无需付款',
    paymentReversed: '付款已撤销',
    returned: '已退款',
    returning: '退款中',
    returnedByHand: '已退款（工作人员）',
    returnedByPerson: '待工作人员退款',
    kept: '实付',
    card: '卡号',
    terminal: '终端号',
    cardReceipt: '凭证号',
    trace: '流水号',
    copy: '重印（副本）',
    scan: '扫码查看电子收据',
    thanks: '谢谢惠顾，欢迎再来！',
    service: '业务已提交，扫码可查看办理结果',
    serviceUntil: (until) => `最迟 ${until} 前办成；未办成的，款项退还给您`,
    serviceState: { asked: '办理中', pending: '办理中', done: '已办理', refused: '未能办理' },
    carrierReference: '业务参考号',
    refusedMoney: { returning: '未办成的款项正在退还', returned: '未办成的款项已退还' },
    refusedByPerson: (until) => `未办成的款项由工作人员在 ${until} 前退还，请留好凭条`,
    takesEffect: '生效日期',
    agreed: (version) => `已同意 ${version}`,
    planBefore: '原套餐',
    monthly: (price) => `${price}/月`,
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
    paidBy: { card: 'Paid by card', wechat: 'Paid by WeChat Pay', alipay: 'Paid by Alipay' },
    transaction: 'Transaction',
    nothingToPay: 'Nothing to pay',
    paymentReversed: 'PAYMENT REVERSED',
    returned: 'Refunded',
    returning: 'Refund on its way',
    returnedByHand: 'Refunded by staff',
    returnedByPerson: 'Staff will refund',
    kept: 'Paid after refunds',
    card: 'Card',
    terminal: 'Terminal',
    cardReceipt: 'Card receipt',
    trace: 'Trace',
    copy: 'COPY',
    scan: 'Scan for your e-receipt',
    thanks: 'Thank you, see you again!',
    service: 'Request sent; scan to see the result',
    serviceUntil: (until) => `Done by ${until}, or your money goes back to you`,
    serviceState: { asked: 'Under way', pending: 'Under way', done: 'Done', refused: 'Not done' },
    carrierReference: 'Reference',
    refusedMoney: { returning: 'The money for it is going back to you', returned: 'The money for it went back to you' },
    refusedByPerson: (until) => `Our staff give you the money for it by ${until}: keep this receipt`,
    takesEffect: 'Takes effect',
    agreed: (version) => `agreed, ${version}`,
    planBefore: 'Plan before',
    monthly: (price) => `${price} a month`,
    eat_in: 'Eat in',
    take_away: 'Take away',
    recipient: 'Deliver to',
    delivery: 'Deliveries go to the address you gave',
    reference: (service) => `${service}: application number`,
    applicationNext: 'Keep this number to ask how it stands; we will call you',
  },
};
