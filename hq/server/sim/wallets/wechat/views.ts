import { chinaTime } from '../time.ts';
import type { Refund, Trade } from '../trade.ts';
import { isPaid } from '../trade.ts';

export interface Merchant {
  readonly mchid: string;
  readonly appid: string;
}

const stateNames = { waiting: 'NOTPAY', confirming: 'USERPAYING', closed: 'CLOSED', revoked: 'REVOKED', failed: 'PAYERROR' } as const;
const stateWords: Readonly<Record<string, string>> = { SUCCESS: '支付成功', REFUND: '订单发生过退款，退款详情请查询退款单', NOTPAY: '订单未支付', CLOSED: '订单已关闭', REVOKED: '订单已撤销', USERPAYING: '用户支付中，需要输入密码', PAYERROR: '支付失败(其他原因，如银行返回失败)' };

/** trade_state of docs "查询订单": any refund makes a paid one REFUND, a part of it too. */
export function tradeState(trade: Trade): string {
  if (trade.state !== 'paid') return stateNames[trade.state];
  return trade.refunds.length > 0 ? 'REFUND' : 'SUCCESS';
}

/** The transaction as a query, a code payment and a notification tell it. What belongs to a payment is there only when it was paid. */
export function transactionView(trade: Trade, { mchid, appid }: Merchant): Record<string, unknown> {
  const state = tradeState(trade);
  const { tradeNo, amountFen, attach, transactionId, paidAt, mode } = trade;
  return {
    amount: { currency: 'CNY', total: amountFen, ...(isPaid(trade) ? { payer_currency: 'CNY', payer_total: amountFen } : {}) },
    appid,
    attach: attach ?? '',
    mchid,
    out_trade_no: tradeNo,
    payer: isPaid(trade) ? { openid: 'oUpF8uMuAJO_M2pxb1Q9zNjWeS6o' } : {},
    promotion_detail: [],
    trade_state: state,
    trade_state_desc: stateWords[state] ?? '',
    ...(isPaid(trade) && paidAt !== undefined ? { bank_type: 'OTHERS', success_time: chinaTime(paidAt).rfc3339, trade_type: mode === 'shown' ? 'NATIVE' : 'MICROPAY', transaction_id: transactionId } : {}),
  };
}

const refundStates = { pending: 'PROCESSING', done: 'SUCCESS', abnormal: 'ABNORMAL' } as const;

/** A refund as asking for it and querying it tell it. */
export function refundView(trade: Trade, refund: Refund): Record<string, unknown> {
  const { amountFen, refundNo, refundId, at, state, endedAt } = refund;
  return {
    amount: {
      currency: 'CNY',
      discount_refund: 0,
      from: [],
      payer_refund: amountFen,
      payer_total: trade.amountFen,
      refund: amountFen,
      refund_fee: 0,
      settlement_refund: amountFen,
      settlement_total: trade.amountFen,
      total: trade.amountFen,
    },
    channel: 'ORIGINAL',
    create_time: chinaTime(at).rfc3339,
    funds_account: 'AVAILABLE',
    out_refund_no: refundNo,
    out_trade_no: trade.tradeNo,
    promotion_detail: [],
    refund_id: refundId,
    status: refundStates[state],
    ...(state === 'done' && endedAt !== undefined ? { success_time: chinaTime(endedAt).rfc3339 } : {}),
    transaction_id: trade.transactionId,
    user_received_account: '支付用户零钱',
  };
}

/** What a refund's notification holds: less than a query. */
export function refundNoticeView(trade: Trade, refund: Refund, { mchid }: Merchant): Record<string, unknown> {
  const { amountFen, refundNo, refundId, state, endedAt } = refund;
  return {
    mchid,
    out_trade_no: trade.tradeNo,
    transaction_id: trade.transactionId,
    out_refund_no: refundNo,
    refund_id: refundId,
    refund_status: refundStates[state],
    ...(state === 'done' && endedAt !== undefined ? { success_time: chinaTime(endedAt).rfc3339 } : {}),
    amount: { total: trade.amountFen, refund: amountFen, payer_total: trade.amountFen, payer_refund: amountFen },
    user_received_account: '支付用户零钱',
  };
}
