import { chinaTime } from '../time.ts';
import type { Trade } from '../trade.ts';
import { isPaid, refundedFen } from '../trade.ts';

export const yuan = (fen: number) => (fen / 100).toFixed(2);

/** "88.88" in fen. Undefined where it is no amount from 0.01 to 100 million yuan with at most two places. */
export function readYuan(text: string): number | undefined {
  const found = /^(\d{1,9})(?:\.(\d{1,2}))?$/.exec(text);
  if (!found) return undefined;
  const fen = Number(found[1]) * 100 + Number((found[2] ?? '').padEnd(2, '0'));
  return fen >= 1 && fen <= 10_000_000_000 ? fen : undefined;
}

export function textOf(at: number): string {
  const { day, time } = chinaTime(at);
  return `${day} ${time}`;
}

/** A trade exists from when a phone reads the merchant's code, or a code is charged (docs, "扫码支付": 用户扫码后交易才创建). */
export function exists(trade: Trade): boolean {
  return trade.readAt !== undefined || isPaid(trade);
}

/** trade_status. All of it given back: TRADE_CLOSED. */
export function tradeStatus(trade: Trade): string {
  if (trade.state === 'waiting' || trade.state === 'confirming') return 'WAIT_BUYER_PAY';
  if (trade.state === 'paid' && refundedFen(trade) < trade.amountFen) return 'TRADE_SUCCESS';
  return 'TRADE_CLOSED';
}

const buyer = { buyer_logon_id: '159****5620', buyer_user_id: '2088101117955611' };

/** What alipay.trade.query tells. */
export function queryView(trade: Trade): Record<string, unknown> {
  const paid = isPaid(trade);
  const amount = paid ? yuan(trade.amountFen) : '0.00';
  return {
    ...buyer,
    buyer_pay_amount: amount,
    invoice_amount: amount,
    out_trade_no: trade.tradeNo,
    point_amount: '0.00',
    receipt_amount: amount,
    ...(trade.paidAt === undefined ? {} : { send_pay_date: textOf(trade.paidAt), fund_bill_list: [{ amount, fund_channel: 'ALIPAYACCOUNT' }] }),
    ...(trade.terminal === undefined ? {} : { terminal_id: trade.terminal }),
    total_amount: yuan(trade.amountFen),
    trade_no: trade.transactionId,
    trade_status: tradeStatus(trade),
  };
}

/** What alipay.trade.pay tells of a paid one. */
export function payView(trade: Trade): Record<string, unknown> {
  const amount = yuan(trade.amountFen);
  return {
    ...buyer,
    buyer_pay_amount: amount,
    fund_bill_list: [{ amount, fund_channel: 'ALIPAYACCOUNT' }],
    gmt_payment: trade.paidAt === undefined ? undefined : textOf(trade.paidAt),
    invoice_amount: amount,
    out_trade_no: trade.tradeNo,
    point_amount: '0.00',
    receipt_amount: amount,
    total_amount: amount,
    trade_no: trade.transactionId,
  };
}
