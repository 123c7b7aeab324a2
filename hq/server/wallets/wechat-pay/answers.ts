import { z } from 'zod';
import type { Money } from '../../../../domain/money.ts';
import { money } from '../../../../domain/money.ts';
import type { WalletRefusal } from '../../../../domain/payment/tender.ts';
import { unknown } from '../adapter/unknown.ts';
import type { ChargeAnswer, GatewayRefused, GatewayUnknown, PaymentQuery, RefundAnswer } from '../gateway.ts';
import type { Answered } from './call.ts';

type Fault = Extract<Answered, { readonly kind: 'fault' }>;

const fen = z.int().min(0).max(999_999_999_999);
const moment = z.iso.datetime({ offset: true }).transform((text) => Date.parse(text));

/** APIv3, 商户订单号查询订单, and the body of 付款码支付. */
const transactionSchema = z.object({
  mchid: z.string(),
  out_trade_no: z.string(),
  transaction_id: z.string().min(1).max(64).optional(),
  trade_state: z.string().optional(),
  success_time: moment.optional(),
  amount: z.object({ total: fen.optional(), currency: z.string().optional() }).optional(),
});
export type Transaction = z.infer<typeof transactionSchema>;

export const codeUrlSchema = z.object({ code_url: z.string().min(8).max(512).regex(/^[a-z][a-z0-9+.-]*:\/\//i) });

const refundSchema = z.object({
  out_refund_no: z.string(),
  out_trade_no: z.string(),
  status: z.enum(['SUCCESS', 'CLOSED', 'PROCESSING', 'ABNORMAL']),
  amount: z.object({ refund: fen, currency: z.string().optional() }),
});

export const billAnswerSchema = z.object({ hash_type: z.literal('SHA1'), hash_value: z.string().regex(/^[0-9a-fA-F]{40}$/), download_url: z.url() });

/** A transaction that is ours and this one, or nothing. */
export function readTransaction(body: unknown, ours: { readonly mchid: string; readonly tradeNo: string }): Transaction | undefined {
  const { data } = transactionSchema.safeParse(body);
  return data && data.mchid === ours.mchid && data.out_trade_no === ours.tradeNo ? data : undefined;
}

/** Where a payment stands. REFUND was paid, and some or all of it has gone back: how much, this answer does not tell. */
export function standing(transaction: Transaction): PaymentQuery {
  switch (transaction.trade_state) {
    case 'SUCCESS':
    case 'REFUND':
      return paid(transaction);
    case 'NOTPAY':
      return { kind: 'waiting' };
    case 'USERPAYING':
    case 'ACCEPT':
      return { kind: 'confirming' };
    case 'CLOSED':
      return { kind: 'closed' };
    case 'REVOKED': {
      // Of one that was paid it tells when: then all of it went back.
      const was = transaction.success_time === undefined ? undefined : paid(transaction);
      return was?.kind === 'paid' ? { ...was, refunded: was.amount } : { kind: 'closed' };
    }
    case 'PAYERROR':
      return { kind: 'closed', refusal: 'refused' };
    default:
      return unknown('the gateway tells of a state that it does not have');
  }
}

/** The body of a charge that went through: it has no state, but the gateway's number and when. */
export function charged(transaction: Transaction): ChargeAnswer {
  if (transaction.trade_state !== undefined && transaction.trade_state !== 'SUCCESS') return transaction.trade_state === 'USERPAYING' ? { kind: 'confirming' } : unknown('the gateway took the charge, and says that it is not paid');
  return paid(transaction);
}

function paid({ amount, transaction_id: transactionId, success_time: paidAt }: Transaction): Extract<PaymentQuery, { readonly kind: 'paid' }> | GatewayUnknown {
  if (amount?.total === undefined || (amount.currency ?? 'CNY') !== 'CNY' || transactionId === undefined) return unknown('the gateway says paid, and not how much in CNY or under which number');
  return { kind: 'paid', amount: money(amount.total, 'CNY'), details: { transactionId, ...(paidAt === undefined ? {} : { paidAt }) } };
}

/** Nothing was charged, and what its customer can do. The codes have had underlines and had none. */
const refusals: Readonly<Record<string, WalletRefusal>> = {
  AUTHCODEEXPIRE: 'code_unusable', AUTHCODEEXPIRED: 'code_unusable', AUTHCODEERROR: 'code_unusable', AUTHCODEINVALID: 'code_unusable',
  NOTENOUGH: 'not_enough', NOTSUPORTCARD: 'refused', NOTSUPPORTCARD: 'refused', TRADEERROR: 'refused', ACCOUNTERROR: 'refused', BUYERMISMATCH: 'refused',
  RULELIMIT: 'limit', ORDERCLOSED: 'too_late', ORDERREVERSED: 'too_late',
  // Ours to mend; no order was made of it.
  PARAMERROR: 'refused', SIGNERROR: 'refused', NOAUTH: 'refused', APPIDMCHIDNOTMATCH: 'refused', MCHNOTEXISTS: 'refused', APPIDNOTEXIST: 'refused', INVALIDAPPID: 'refused',
};

/** Without underlines: ORDERNOTEXIST and ORDER_NOT_EXIST are one. */
export const plain = (code: string) => code.replaceAll('_', '');

/**
 * A refusal that is certain. All others are unknown: SYSTEM_ERROR and BANK_ERROR by the documents; OUT_TRADE_NO_USED, ORDER_PAID and INVALID_REQUEST because
 * that is also what the second of two equal requests hears.
 */
export function refusedOrUnknown(fault: Fault): GatewayRefused | GatewayUnknown {
  const refusal = refusals[plain(fault.code)];
  return refusal === undefined ? faultUnknown(fault) : { kind: 'refused', refusal, detail: wordsOf(fault) };
}

export function faultUnknown(fault: Fault): GatewayUnknown {
  return unknown(wordsOf(fault), { isAway: ['FREQUENCYLIMITED', 'FREQUENCYLIMITEXCEED', 'SYSTEMERROR', 'BANKERROR', 'SYSTEMBUSY'].includes(plain(fault.code)) });
}

export function wordsOf({ code, words }: Fault): string {
  return words === '' ? code : `${code}: ${words}`;
}

/** APIv3, 申请退款 and 查询单笔退款. ABNORMAL is a refund that the bank sent back: a person finishes it on the merchant platform. */
export function refundStanding(body: unknown, ours: { readonly tradeNo: string; readonly refundNo: string; readonly amount: Money }): RefundAnswer {
  const { data } = refundSchema.safeParse(body);
  if (!data || data.out_refund_no !== ours.refundNo || data.out_trade_no !== ours.tradeNo) return unknown('the gateway told of no refund, or of another one');
  if (data.amount.refund !== ours.amount.amount || (data.amount.currency ?? 'CNY') !== ours.amount.currency) return unknown('the gateway has another amount for this refund');
  switch (data.status) {
    case 'SUCCESS':
      return { kind: 'done' };
    case 'PROCESSING':
      return { kind: 'pending' };
    case 'CLOSED':
      return { kind: 'refused', detail: 'CLOSED: the gateway has given the refund up' };
    case 'ABNORMAL':
      return { kind: 'refused', detail: "ABNORMAL: the customer's bank did not take it; finish it on the merchant platform" };
  }
}

/** The application failed (微信支付退款最佳实践). RESOURCE_NOT_EXISTS is none of them: right after a payment it has been said of orders that are there. */
export const refundRefusals: ReadonlySet<string> = new Set(['INVALIDREQUEST', 'PARAMERROR', 'NOTENOUGH', 'USERACCOUNTABNORMAL', 'MCHNOTEXISTS', 'NOAUTH', 'SIGNERROR', 'REFUNDFEEMISMATCH', 'TRADEOVERDUE']);
