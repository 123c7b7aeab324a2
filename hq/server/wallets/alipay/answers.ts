import { z } from 'zod';
import type { Money } from '../../../../domain/money.ts';
import { equals } from '../../../../domain/money.ts';
import type { WalletRefusal } from '../../../../domain/payment/tender.ts';
import { readChinaTime } from '../adapter/china-time.ts';
import { unknown } from '../adapter/unknown.ts';
import { readYuan } from '../adapter/yuan.ts';
import type { GatewayRefused, GatewayUnknown, PaymentQuery, RefundQuery } from '../gateway.ts';
import type { Answered } from './call.ts';

export type Said = Extract<Answered, { readonly kind: 'said' }>;

/** JSON of Alipay has amounts as strings, and as numbers in some answers: those are written out as they were read, which two digits survive. */
const amount = z.union([z.string(), z.number()]).transform((value, context) => {
  const read = readYuan(String(value));
  if (read && read.amount >= 0) return read;
  context.addIssue('no amount');
  return z.NEVER;
});

const tradeSchema = z.object({
  trade_no: z.string().min(1).max(64),
  out_trade_no: z.string(),
  total_amount: amount,
  trade_status: z.enum(['WAIT_BUYER_PAY', 'TRADE_CLOSED', 'TRADE_SUCCESS', 'TRADE_FINISHED']).optional(),
  gmt_payment: z.string().optional(),
  send_pay_date: z.string().optional(),
  trans_currency: z.string().optional(),
});

const refundSchema = z.object({ out_trade_no: z.string().optional(), out_request_no: z.string().optional(), refund_amount: amount.optional(), refund_status: z.string().optional() });

export const qrCodeSchema = z.object({ out_trade_no: z.string(), qr_code: z.string().min(8).max(512).regex(/^https?:\/\//i) });
export const cancelSchema = z.object({ out_trade_no: z.string().optional(), retry_flag: z.string().optional(), action: z.string().optional() });
export const refundedSchema = z.object({ out_trade_no: z.string(), fund_change: z.string().optional() });

/** A payment that was made, with `tradeNo` for ours. */
export function readPaid(body: object, tradeNo: string): Extract<PaymentQuery, { readonly kind: 'paid' }> | GatewayUnknown {
  const { data } = tradeSchema.safeParse(body);
  if (!data || data.out_trade_no !== tradeNo) return unknown('the gateway told of no payment, or of another one');
  return paid(data);
}

/**
 * alipay.trade.query. A trade is there once a phone has read the code: from then on its customer is being asked. TRADE_CLOSED is one that nobody paid, and also one
 * that was paid and went back as a whole; only the latter tells when it was paid.
 */
export function standing(body: object, tradeNo: string): PaymentQuery {
  const { data } = tradeSchema.safeParse(body);
  if (!data || data.out_trade_no !== tradeNo) return unknown('the gateway told of no payment, or of another one');
  switch (data.trade_status) {
    case 'WAIT_BUYER_PAY':
      return { kind: 'confirming' };
    case 'TRADE_SUCCESS':
    case 'TRADE_FINISHED':
      return paid(data);
    case 'TRADE_CLOSED': {
      if (data.send_pay_date === undefined) return { kind: 'closed' };
      const was = paid(data);
      return was.kind === 'paid' ? { ...was, refunded: was.amount } : was;
    }
    case undefined:
      return unknown('the gateway does not tell where the payment stands');
  }
}

function paid(trade: z.infer<typeof tradeSchema>): Extract<PaymentQuery, { readonly kind: 'paid' }> | GatewayUnknown {
  if ((trade.trans_currency ?? 'CNY') !== 'CNY') return unknown('the gateway tells of another currency than CNY');
  const paidAt = readChinaTime(trade.gmt_payment ?? trade.send_pay_date ?? '');
  return { kind: 'paid', amount: trade.total_amount, details: { transactionId: trade.trade_no, ...(paidAt === undefined ? {} : { paidAt }) } };
}

/** Nothing was charged, and what its customer can do (alipay.trade.pay and precreate, 业务错误码). */
const refusals: Readonly<Record<string, WalletRefusal>> = {
  PAYMENT_AUTH_CODE_INVALID: 'code_unusable', SOUNDWAVE_PARSER_FAIL: 'code_unusable',
  BUYER_BALANCE_NOT_ENOUGH: 'not_enough', BUYER_BANKCARD_BALANCE_NOT_ENOUGH: 'not_enough', PULL_MOBILE_CASHIER_FAIL: 'refused',
  BEYOND_PAY_RESTRICTION: 'limit', BEYOND_PER_RECEIPT_RESTRICTION: 'limit', BEYOND_PER_RECEIPT_SINGLE_RESTRICTION: 'limit', TOTAL_FEE_EXCEED: 'limit',
  BUYER_PAYMENT_AMOUNT_DAY_LIMIT_ERROR: 'limit', BUYER_PAYMENT_AMOUNT_MONTH_LIMIT_ERROR: 'limit', EXIST_FORBIDDEN_WORD: 'refused', SELLER_BEEN_BLOCKED: 'refused',
  TRADE_HAS_CLOSE: 'too_late', ERROR_BALANCE_PAYMENT_DISABLE: 'refused', ERROR_BUYER_CERTIFY_LEVEL_LIMIT: 'refused', ERROR_SELLER_CERTIFY_LEVEL_LIMIT: 'refused',
  BUYER_ENABLE_STATUS_FORBID: 'refused', BUYER_SELLER_EQUAL: 'refused', PAYMENT_FAIL: 'refused', PAYMENT_REQUEST_HAS_RISK: 'refused', NO_PAYMENT_INSTRUMENTS_AVAILABLE: 'refused',
  USER_FACE_PAYMENT_SWITCH_OFF: 'refused', AGREEMENT_NOT_EXIST: 'refused', MERCHANT_AGREEMENT_NOT_EXIST: 'refused', MERCHANT_AGREEMENT_INVALID: 'refused',
  PARTNER_ERROR: 'refused', INVALID_PARAMETER: 'refused', ACCESS_FORBIDDEN: 'refused', INVALID_STORE_ID: 'refused', PRODUCT_AMOUNT_LIMIT_ERROR: 'limit', PAYER_UNMATCHED: 'refused',
  MONEY_NOT_ENOUGH: 'not_enough', RISK_MERCHANT_IP_NOT_EXIST: 'refused', SMILE_PAYER_INELIGIBLE: 'refused', SMILE_PAY_MERCHANT_NOT_SUPPORT: 'refused',
};

/** 40001, 40002, 40003, 40006, 20001: the request was not taken at all (公共错误码), for a reason that is ours to mend. */
const notTaken = new Set(['20001', '40001', '40002', '40003', '40006']);

/** ACQ.SYSTEM_ERROR, 20000 and all that may also be said of a payment that was made (TRADE_HAS_SUCCESS, CONTEXT_INCONSISTENT) are unknown: the query is the truth. */
export function refusedOrUnknown(said: Said): GatewayRefused | GatewayUnknown {
  const refusal = said.code === '40004' ? refusals[said.subCode.replace(/^ACQ\./, '')] : notTaken.has(said.code) && !isBusy(said) ? 'refused' : undefined;
  return refusal === undefined ? saidUnknown(said) : { kind: 'refused', refusal, detail: said.words };
}

export function saidUnknown(said: Said): GatewayUnknown {
  return unknown(`${said.code} ${said.words}`, { isAway: said.code === '20000' || isSystemError(said) || isBusy(said) });
}

/** "Asked too often", and the gateway's own faults, come in the guise of a wrong request. */
function isBusy({ subCode }: Said): boolean {
  return /(call-limited|unknow|system)/i.test(subCode) && !subCode.startsWith('ACQ.');
}

export function isSystemError({ code, subCode }: Said): boolean {
  return code === '20000' || (code === '40004' && ['ACQ.SYSTEM_ERROR', 'AOP.ACQ.SYSTEM_ERROR', 'aop.ACQ.SYSTEM_ERROR'].includes(subCode));
}

/** The same request says the same for ever (alipay.trade.refund, 业务错误码). */
const refundRefusals = new Set([
  'SELLER_BALANCE_NOT_ENOUGH', 'REFUND_AMT_NOT_EQUAL_TOTAL', 'REASON_TRADE_BEEN_FREEZEN', 'REASON_TRADE_REFUND_FEE_ERR', 'TRADE_NOT_EXIST', 'TRADE_HAS_FINISHED', 'TRADE_STATUS_ERROR', 'REASON_TRADE_STATUS_INVALID',
  'DISCORDANT_REPEAT_REQUEST', 'TRADE_NOT_ALLOW_REFUND', 'REFUND_FEE_ERROR', 'INVALID_PARAMETER', 'TRADE_HAS_CLOSE', 'BUYER_ERROR', 'BUYER_ENABLE_STATUS_FORBID', 'BUYER_NOT_EXIST', 'NOT_ALLOW_PARTIAL_REFUND', 'REFUND_CHARGE_ERROR', 'MUST_USE_SAME_APPID',
]);

export function isRefundRefused(said: Said): boolean {
  return said.code === '40004' ? refundRefusals.has(said.subCode.replace(/^ACQ\./, '')) : notTaken.has(said.code) && !isBusy(said);
}

/**
 * alipay.trade.fastpay.refund.query: only REFUND_SUCCESS is one. Without it the request never came, failed, or is under way; the same number may be asked again,
 * and is never paid twice.
 */
export function refundStanding(body: object, ours: { readonly refundNo: string; readonly amount: Money }): RefundQuery {
  const { data } = refundSchema.safeParse(body);
  if (!data) return unknown('the gateway told of a refund that cannot be read');
  if (data.refund_status === undefined || data.refund_status === '') return { kind: 'not_found' };
  if (data.refund_status !== 'REFUND_SUCCESS') return { kind: 'pending' };
  if (data.out_request_no !== ours.refundNo || !data.refund_amount || !equals(data.refund_amount, ours.amount)) return unknown('the gateway tells of another refund, or another amount');
  return { kind: 'done' };
}
