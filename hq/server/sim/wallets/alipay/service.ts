import { createHmac, randomBytes } from 'node:crypto';
import type { IncomingMessage, ServerResponse } from 'node:http';
import { z } from 'zod';
import type { CallBook } from '../call-book.ts';
import type { Answer, Request } from '../http.ts';
import { sendAnswer, serveCall } from '../http.ts';
import type { GatewayKeys } from '../keys.ts';
import type { Ledger } from '../ledger.ts';
import { sealingOf } from '../notices.ts';
import type { Payments } from '../payments.ts';
import type { Fault, Operation, ScriptReader } from '../script.ts';
import { faultOf } from '../script.ts';
import { chinaTime, fromChinaText, isDay } from '../time.ts';
import type { Trade } from '../trade.ts';
import { isPaid, refundedFen } from '../trade.ts';
import { alipayBill } from './bill.ts';
import type { AlipaySignatures, Parameters } from './signature.ts';
import { exists, payView, queryView, readYuan, textOf, yuan } from './views.ts';

export interface AlipayDeps {
  readonly keys: GatewayKeys['alipay'];
  readonly signatures: AlipaySignatures;
  readonly ledger: Ledger;
  readonly payments: Payments;
  readonly script: ScriptReader;
  readonly calls: CallBook;
  readonly now: () => number;
  readonly signal: AbortSignal;
  /** Where phones, and where HQ, reach this server. */
  readonly publicUrl: () => string;
  readonly url: () => string;
}

type Body = Readonly<Record<string, unknown>>;
interface Result {
  readonly body: Body;
  readonly after?: () => void;
}

interface Call {
  readonly parameters: Parameters;
  readonly content: Body;
  readonly faults: readonly Fault[];
}

const ok = (body: Body): Result => ({ body: { code: '10000', msg: 'Success', ...body } });
const failed = (sub: string, words: string, more: Body = {}): Result => ({ body: { code: '40004', msg: 'Business Failed', sub_code: sub, sub_msg: words, ...more } });
const invalid = (sub: string, words: string): Result => ({ body: { code: '40002', msg: 'Invalid Arguments', sub_code: sub, sub_msg: words } });
const noTrade = failed('ACQ.TRADE_NOT_EXIST', '交易不存在');

const number = z.string().regex(/^[0-9A-Za-z_]{1,64}$/);
const amount = z.union([z.string(), z.number()]).transform((value) => readYuan(String(value))).pipe(z.int());
const express = z.string().regex(/^(?:[1-9]\d*[mhd]|1c)$/).optional();
// Docs: 不可使用特殊字符，如 /，=，& 等.
const subject = z.string().min(1).max(256).regex(/^[^/=&]*$/);
const orderSchema = z.object({ out_trade_no: number, total_amount: amount, subject, timeout_express: express, qr_code_timeout_express: express, time_expire: z.string().optional(), terminal_id: z.string().max(32).optional() });
const paySchema = orderSchema.extend({ auth_code: z.string().min(16).max(128), scene: z.literal('bar_code') });
const whichSchema = z.object({ out_trade_no: number.optional(), trade_no: z.string().max(64).optional() }).refine((which) => which.out_trade_no !== undefined || which.trade_no !== undefined);
const refundSchema = whichSchema.and(z.object({ refund_amount: amount, out_request_no: number.optional(), refund_reason: z.string().max(256).optional() }));
const refundQuerySchema = whichSchema.and(z.object({ out_request_no: number }));
const billSchema = z.object({ bill_type: z.literal('trade'), bill_date: z.string().refine(isDay) });

const unitsMs = { m: 60_000, h: 3_600_000, d: 86_400_000 } as const;

/** Alipay's open platform (gateway.do, version 1.0, RSA2 by public keys) of one merchant: face-to-face payment, as its public documents have it. */
export function createAlipayService(deps: AlipayDeps): {
  readonly handle: (message: IncomingMessage, response: ServerResponse, request: Request) => Promise<void>;
  /** GET of a bill_download_url: the token alone opens it, for 30 seconds. */
  readonly billFile: (response: ServerResponse, request: Request) => Promise<void>;
} {
  const { keys, signatures, ledger, payments, script, calls, now, signal } = deps;
  const fileSecret = randomBytes(32);

  const known = (which: z.output<typeof whichSchema>): Trade | undefined => (which.trade_no ? ledger.byTransaction('alipay', which.trade_no) : ledger.find('alipay', which.out_trade_no ?? ''));

  /** `1c` is the end of the day. A wrong or late time_expire is undefined of `undefined`. */
  function expiryOf({ timeout_express: relative, qr_code_timeout_express: ofCode, time_expire: absolute }: z.output<typeof orderSchema>): number | 'wrong' {
    if (absolute !== undefined) {
      const at = fromChinaText(absolute);
      return at === undefined || at <= now() ? 'wrong' : at;
    }
    const limits = [relative, ofCode].flatMap((text) => {
      if (text === undefined) return [];
      if (text === '1c') return [Date.parse(`${chinaTime(now()).day}T00:00:00+08:00`) + 86_400_000];
      return [now() + Number.parseInt(text, 10) * unitsMs[text.slice(-1) as keyof typeof unitsMs]];
    });
    // Docs: a precreated code is good for two hours.
    return limits.length === 0 ? now() + 7_200_000 : Math.min(...limits);
  }

  async function precreate({ parameters, content }: Call): Promise<Result> {
    const read = orderSchema.safeParse(content);
    if (!read.success) return failed('ACQ.INVALID_PARAMETER', '参数无效');
    const { data } = read;
    const expiresAt = expiryOf(data);
    if (expiresAt === 'wrong') return failed('ACQ.INVALID_PARAMETER', '参数无效：time_expire');
    const earlier = ledger.find('alipay', data.out_trade_no);
    if (earlier) {
      if (isPaid(earlier)) return failed('ACQ.TRADE_HAS_SUCCESS', '交易已被支付');
      if (earlier.state !== 'waiting') return failed('ACQ.TRADE_HAS_CLOSE', '交易已经关闭');
      if (earlier.mode !== 'shown' || earlier.amountFen !== data.total_amount || earlier.title !== data.subject) return failed('ACQ.CONTEXT_INCONSISTENT', '交易信息被篡改');
    }
    const trade = earlier ?? (await payments.order({ wallet: 'alipay', mode: 'shown', tradeNo: data.out_trade_no, amountFen: data.total_amount, title: data.subject, expiresAt, notifyUrl: parameters.get('notify_url'), attach: undefined, terminal: data.terminal_id }));
    return ok({ out_trade_no: trade.tradeNo, qr_code: new URL(`/phone/a/${trade.token}`, deps.publicUrl()).href });
  }

  async function pay({ parameters, content, faults }: Call): Promise<Result> {
    const read = paySchema.safeParse(content);
    if (!read.success) return failed('ACQ.INVALID_PARAMETER', '参数无效');
    const { data } = read;
    const confirming = (trade: Trade): Result => ({ body: { code: '10003', msg: ' order success pay inprocess', buyer_logon_id: '159****5620', buyer_user_id: '2088101117955611', out_trade_no: trade.tradeNo, total_amount: yuan(trade.amountFen), trade_no: trade.transactionId } });
    const earlier = ledger.find('alipay', data.out_trade_no);
    if (earlier) {
      if (isPaid(earlier)) return failed('ACQ.TRADE_HAS_SUCCESS', '交易已被支付');
      if (earlier.mode !== 'read' || earlier.amountFen !== data.total_amount) return failed('ACQ.CONTEXT_INCONSISTENT', '交易信息被篡改');
      return earlier.state === 'confirming' ? confirming(earlier) : failed('ACQ.TRADE_HAS_CLOSE', '交易已经关闭');
    }
    const expiresAt = expiryOf(data);
    if (expiresAt === 'wrong') return failed('ACQ.INVALID_PARAMETER', '参数无效：time_expire');
    const outcome = await payments.charge({ wallet: 'alipay', mode: 'read', tradeNo: data.out_trade_no, amountFen: data.total_amount, title: data.subject, expiresAt, notifyUrl: parameters.get('notify_url'), attach: undefined, terminal: data.terminal_id }, data.auth_code, faults);
    if (outcome.kind === 'paid') return ok(payView(outcome.trade));
    if (outcome.kind === 'confirming') return confirming(outcome.trade);
    return outcome.why === 'not_enough' ? failed('ACQ.BUYER_BALANCE_NOT_ENOUGH', '买家余额不足') : failed('ACQ.PAYMENT_AUTH_CODE_INVALID', '支付失败，获取顾客账户信息失败，请顾客刷新付款码后重新收款，如再次收款失败，请联系管理员处理。');
  }

  async function query({ content }: Call): Promise<Result> {
    const read = whichSchema.safeParse(content);
    if (!read.success) return failed('ACQ.INVALID_PARAMETER', '参数无效');
    const trade = known(read.data);
    if (!trade) return noTrade;
    await payments.asked(trade);
    return exists(trade) ? ok(queryView(trade)) : noTrade;
  }

  async function cancel({ content }: Call): Promise<Result> {
    const read = whichSchema.safeParse(content);
    if (!read.success) return failed('ACQ.INVALID_PARAMETER', '参数无效');
    const trade = known(read.data);
    // Docs: `action` comes back only where the trade exists. A number that nobody knows is answered all the same.
    const nothing = ok({ out_trade_no: read.data.out_trade_no ?? '', retry_flag: 'N' });
    if (!trade) return nothing;
    if (now() - trade.at > 86_400_000) return failed('ACQ.TRADE_CANCEL_TIME_OUT', '超过撤销时间范围');
    let result = nothing;
    await payments.end(trade, 'undo', () => {
      const hadTrade = exists(trade);
      const answer = (action: Body) => ok({ out_trade_no: trade.tradeNo, trade_no: trade.transactionId, retry_flag: 'N', ...action });
      if (trade.state === 'revoked') result = hadTrade ? answer({ action: trade.refunds.length > 0 ? 'refund' : 'close' }) : nothing;
      else if (trade.state === 'closed' || trade.state === 'failed') result = answer({ action: 'close' });
      else if (trade.refunds.length > 0) result = failed('ACQ.REASON_TRADE_REFUND_FEE_ERR', '退款金额无效', { retry_flag: 'N', out_trade_no: trade.tradeNo });
      else {
        // One that no phone has read: nothing exists, and its code opens no more.
        const wentBack = payments.revoke(trade);
        result = hadTrade ? answer({ action: wentBack ? 'refund' : 'close' }) : nothing;
      }
    });
    return result;
  }

  async function close({ content }: Call): Promise<Result> {
    const read = whichSchema.safeParse(content);
    if (!read.success) return failed('ACQ.INVALID_PARAMETER', '参数无效');
    const trade = known(read.data);
    if (!trade) return noTrade;
    let result: Result = noTrade;
    await payments.end(trade, 'close', () => {
      if (!exists(trade)) return;
      if (trade.state !== 'waiting' && trade.state !== 'confirming') {
        result = failed('ACQ.TRADE_STATUS_ERROR', '交易状态不合法');
        return;
      }
      payments.close(trade);
      result = ok({ out_trade_no: trade.tradeNo, trade_no: trade.transactionId });
    });
    return result;
  }

  function refund({ content, faults }: Call): Result {
    const read = refundSchema.safeParse(content);
    if (!read.success) return failed('ACQ.INVALID_PARAMETER', '参数无效');
    const { data } = read;
    const trade = known(data);
    if (!trade || !exists(trade)) return noTrade;
    if (!isPaid(trade)) return failed('ACQ.TRADE_STATUS_ERROR', '交易状态不合法');
    // Docs: without a number of its own it is the whole, under the trade's number.
    const refundNo = data.out_request_no ?? trade.tradeNo;
    if (data.out_request_no === undefined && data.refund_amount !== trade.amountFen) return failed('ACQ.INVALID_PARAMETER', '部分退款须传入out_request_no');
    const view = (changed: 'Y' | 'N') => ok({ buyer_logon_id: '159****5620', buyer_user_id: '2088101117955611', fund_change: changed, gmt_refund_pay: textOf(now()), out_trade_no: trade.tradeNo, refund_fee: yuan(refundedFen(trade)), trade_no: trade.transactionId });
    const earlier = trade.refunds.find((candidate) => candidate.refundNo === refundNo);
    if (earlier) return earlier.amountFen === data.refund_amount ? view('N') : failed('ACQ.DISCORDANT_REPEAT_REQUEST', '同一退款请求号的退款金额不一致');
    if (refundedFen(trade) >= trade.amountFen) return failed('ACQ.TRADE_STATUS_ERROR', '交易状态不合法');
    if (refundedFen(trade) + data.refund_amount > trade.amountFen) return failed('ACQ.REFUND_AMT_NOT_EQUAL_TOTAL', '退款金额超限');
    const isPending = faultOf(faults, 'refund_pending') !== undefined;
    const { finish } = payments.refund(trade, { refundNo, amountFen: data.refund_amount, reason: data.refund_reason ?? '', notifyUrl: undefined }, faults.filter(({ kind }) => kind !== 'refund_abnormal'));
    const result = view(isPending ? 'N' : 'Y');
    finish();
    return result;
  }

  function queryRefund({ content }: Call): Result {
    const read = refundQuerySchema.safeParse(content);
    if (!read.success) return failed('ACQ.INVALID_PARAMETER', '参数无效');
    const trade = known(read.data);
    if (!trade || !exists(trade)) return noTrade;
    const made = trade.refunds.find((candidate) => candidate.refundNo === read.data.out_request_no);
    // Docs: an answer without refund_status says that no such refund was made, or not yet.
    if (!made) return ok({});
    payments.refundAsked(trade, made);
    if (made.state !== 'done') return ok({});
    return ok({ out_request_no: made.refundNo, out_trade_no: trade.tradeNo, refund_amount: yuan(made.amountFen), refund_status: 'REFUND_SUCCESS', total_amount: yuan(trade.amountFen), trade_no: trade.transactionId });
  }

  function bill({ content }: Call): Result {
    const read = billSchema.safeParse(content);
    if (!read.success) return invalid('isv.invalid-arguments', '参数有误');
    const day = read.data.bill_date;
    const isThere = day < chinaTime(now()).day && alipayBill({ trades: ledger.trades(), sellerId: keys.sellerId, day, now: now() }) !== undefined;
    if (!isThere) return failed('isp.bill_not_exist', '账单不存在');
    const file = new URL('/alipay/bill', deps.url());
    const until = String(now() + 30_000);
    file.searchParams.set('day', day);
    file.searchParams.set('until', until);
    file.searchParams.set('token', tokenOf(day, until));
    return ok({ bill_download_url: file.href });
  }

  const tokenOf = (day: string, until: string) => createHmac('sha256', fileSecret).update(`${day} ${until}`).digest('base64url');

  const methods: Readonly<Record<string, { readonly on: Operation; readonly act: (call: Call) => Promise<Result> | Result }>> = {
    'alipay.trade.precreate': { on: 'show', act: precreate },
    'alipay.trade.pay': { on: 'charge', act: pay },
    'alipay.trade.query': { on: 'query', act: query },
    'alipay.trade.cancel': { on: 'undo', act: cancel },
    'alipay.trade.close': { on: 'close', act: close },
    'alipay.trade.refund': { on: 'refund', act: refund },
    'alipay.trade.fastpay.refund.query': { on: 'refund_query', act: queryRefund },
    'alipay.data.dataservice.bill.downloadurl.query': { on: 'bill', act: bill },
  };

  const page = (status: number): Answer => ({ status, headers: { 'content-type': 'text/html' }, body: `<html><body><h1>${status}</h1></body></html>` });
  const sealed = (name: string, { body }: Result, faults: readonly Fault[]): Answer => ({ status: 200, headers: { 'content-type': 'application/json;charset=utf-8' }, body: signatures.answer(name, body, sealingOf(faults)) });

  /** What is wrong with the call itself, in the order in which the gateway looks. */
  function faultOfCall(parameters: Parameters): Result | undefined {
    const missing = ['app_id', 'method', 'charset', 'sign_type', 'sign', 'timestamp', 'version'].find((name) => (parameters.get(name) ?? '') === '');
    if (missing !== undefined) return { body: { code: '40001', msg: 'Missing Required Arguments', sub_code: `isv.missing-${missing.replaceAll('_', '-')}`, sub_msg: `缺少${missing}参数` } };
    if (parameters.get('app_id') !== keys.appId) return invalid('isv.invalid-app-id', '无效的AppID参数');
    if (fromChinaText(parameters.get('timestamp') ?? '') === undefined) return invalid('isv.invalid-timestamp', '非法的时间戳参数');
    if (parameters.get('charset')?.toLowerCase() !== 'utf-8') return invalid('isv.invalid-charset', '字符集错误');
    if (!signatures.isSigned(parameters)) return invalid('isv.invalid-signature', '验签出错，建议检查签名字符串或签名私钥与应用公钥是否匹配');
    return methods[parameters.get('method') ?? ''] ? undefined : invalid('isv.invalid-method', '不存在的方法名');
  }

  return {
    async handle(_message, response, request) {
      const parameters = new Map([...request.url.searchParams, ...new URLSearchParams(request.body)]);
      const name = parameters.get('method') ?? '';
      const method = methods[name];
      const content = readContent(parameters.get('biz_content'));
      const tradeNo = whichSchema.safeParse(content).data?.out_trade_no;
      const wrong = faultOfCall(parameters);
      if (wrong || !method) {
        const result = wrong ?? invalid('isv.invalid-method', '不存在的方法名');
        calls.note({ wallet: 'alipay', on: method?.on ?? 'unknown', tradeNo, outcome: codeOf(result) });
        return sendAnswer(response, sealed('error_response', result, []));
      }
      const faults = script.take(method.on, 'alipay', tradeNo);
      let code = '';
      const outcome = await serveCall(response, faults, signal, async () => {
        const result = await run(method, { parameters, content: content ?? {}, faults });
        code = codeOf(result);
        const answer = sealed(`${name.replaceAll('.', '_')}_response`, result, faults);
        result.after?.();
        return answer;
      }, page);
      calls.note({ wallet: 'alipay', on: method.on, tradeNo, outcome: `${outcome} ${code}`.trim() });
    },
    async billFile(response, request) {
      const [day = '', until = '', token] = ['day', 'until', 'token'].map((name) => request.url.searchParams.get(name) ?? '');
      const faults = script.take('bill_file', 'alipay');
      const outcome = await serveCall(response, faults, signal, async () => {
        const file = token === tokenOf(day, until) && now() <= Number(until) ? alipayBill({ trades: ledger.trades(), sellerId: keys.sellerId, day, now: now() }) : undefined;
        return file ? { status: 200, headers: { 'content-type': 'application/zip' }, body: file } : page(403);
      }, page);
      calls.note({ wallet: 'alipay', on: 'bill_file', tradeNo: undefined, outcome });
    },
  };

  async function run({ act }: (typeof methods)[string], call: Call): Promise<Result> {
    const refused = faultOf(call.faults, 'refuse');
    if (refused) return failed(refused.code, '业务错误');
    const broken = faultOf(call.faults, 'system_error');
    const systemError: Result = { body: { code: '20000', msg: 'Service Currently Unavailable', sub_code: 'isp.unknow-error', sub_msg: '系统繁忙' } };
    if (broken && !broken.acted) return systemError;
    const result = await act(call);
    return broken ? systemError : result;
  }
}

function codeOf({ body }: Result): string {
  return [body['code'], body['sub_code']].filter((part) => typeof part === 'string').join(' ');
}

function readContent(text: string | undefined): Body | undefined {
  try {
    return z.record(z.string(), z.unknown()).safeParse(JSON.parse(text ?? '')).data;
  } catch {
    return undefined;
  }
}
