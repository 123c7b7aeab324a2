import type { IncomingMessage, ServerResponse } from 'node:http';
import { gzipSync } from 'node:zlib';
import { createHash, createHmac, randomBytes } from 'node:crypto';
import { z } from 'zod';
import type { CallBook } from '../call-book.ts';
import type { Answer, Request } from '../http.ts';
import { header, json, sendAnswer, serveCall } from '../http.ts';
import type { GatewayKeys } from '../keys.ts';
import type { Ledger } from '../ledger.ts';
import { lieAbout } from '../lie.ts';
import { sealingOf } from '../notices.ts';
import type { Payments } from '../payments.ts';
import type { Fault, Operation, ScriptReader } from '../script.ts';
import { faultOf } from '../script.ts';
import { chinaTime, isDay } from '../time.ts';
import { isPaid, refundedFen } from '../trade.ts';
import { wechatBill } from './bill.ts';
import type { WechatSignatures } from './signature.ts';
import { refundView, transactionView } from './views.ts';

export interface WechatDeps {
  readonly keys: GatewayKeys['wechat'];
  readonly signatures: WechatSignatures;
  readonly ledger: Ledger;
  readonly payments: Payments;
  readonly script: ScriptReader;
  readonly calls: CallBook;
  readonly now: () => number;
  readonly signal: AbortSignal;
  /** Where phones and HQ reach this server. */
  readonly publicUrl: () => string;
  readonly url: () => string;
  readonly reverseAfterMs: number;
  readonly userPayingStatus: 202 | 400;
}

/** A business answer: undefined is 204. */
interface Result {
  readonly status: number;
  readonly body: unknown;
  /** After the answer was made: what the gateway goes on with. */
  readonly after?: () => void;
}

const tradeNo = z.string().regex(/^[0-9A-Za-z_\-|*]{6,32}$/);
const amount = z.object({ total: z.int().min(1).max(1_000_000_000), currency: z.literal('CNY').optional() });
const description = z.string().min(1).refine((text) => Buffer.byteLength(text) <= 127);
const notifyUrl = z.url({ protocol: /^https?$/ }).max(256).refine((text) => new URL(text).search === '', 'must have no query');
const rfc3339 = z.string().regex(/^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d(?:Z|[+-]\d\d:\d\d)$/).transform((text) => Date.parse(text)).pipe(z.number());
const merchantShape = { mchid: z.string(), appid: z.string() };
const nativeSchema = z.object({ ...merchantShape, description, out_trade_no: tradeNo, time_expire: rfc3339.optional(), attach: z.string().max(128).optional(), notify_url: notifyUrl, amount, scene_info: z.object({ payer_client_ip: z.string().optional(), device_id: z.string().max(32).optional() }).optional() });
const codepaySchema = z.object({ ...merchantShape, description, out_trade_no: tradeNo, attach: z.string().max(128).optional(), payer: z.object({ auth_code: z.string().min(1).max(128) }), amount, scene_info: z.object({ device_id: z.string().max(32).optional(), store_info: z.object({ id: z.string().max(32).optional(), out_id: z.string().max(32).optional() }) }) });
const refundSchema = z.object({ transaction_id: z.string().optional(), out_trade_no: tradeNo.optional(), out_refund_no: z.string().regex(/^[0-9A-Za-z_\-|*@]{1,64}$/), reason: z.string().max(80).optional(), notify_url: notifyUrl.optional(), amount: amount.extend({ refund: z.int().min(1), currency: z.literal('CNY') }) });

const no = (status: number, code: string, message: string): Result => ({ status, body: { code, message } });
const notExist = no(404, 'ORDER_NOT_EXIST', '订单不存在');
const isMine = (keys: WechatDeps['keys'], body: { readonly mchid: string; readonly appid?: string }) => body.mchid === keys.mchid && (body.appid === undefined || body.appid === keys.appid);
const notMine = no(400, 'APPID_MCHID_NOT_MATCH', 'appid和mch_id不匹配');
const wrongShape = (error: z.ZodError): Result => ({
  status: 400,
  body: { code: 'PARAM_ERROR', message: '参数错误', detail: { location: 'body', field: `/${error.issues[0]?.path.join('/') ?? ''}`, issue: error.issues[0]?.message } },
});

/** WeChat Pay APIv3 of one direct merchant: Native, code payment, refunds and bills, as its public documents have them. */
export function createWechatService(deps: WechatDeps): { readonly handle: (message: IncomingMessage, response: ServerResponse, request: Request) => Promise<void> } {
  const { keys, signatures, ledger, payments, script, calls, now, signal } = deps;
  const merchant = { mchid: keys.mchid, appid: keys.appid };
  const fileSecret = randomBytes(32);

  async function native(request: Request): Promise<Result> {
    const read = nativeSchema.safeParse(parse(request.body));
    if (!read.success) return wrongShape(read.error);
    const { data } = read;
    if (!isMine(keys, data)) return notMine;
    if (data.time_expire !== undefined && data.time_expire <= now()) return no(400, 'PARAM_ERROR', 'time_expire早于当前时间');
    const known = ledger.find('wechat', data.out_trade_no);
    if (known) {
      if (isPaid(known)) return no(400, 'ORDERPAID', '该订单已支付');
      if (known.state !== 'waiting') return no(400, 'ORDER_CLOSED', '该订单已关闭');
      if (known.mode !== 'shown') return no(403, 'OUT_TRADE_NO_USED', '商户订单号重复');
      if (known.amountFen !== data.amount.total || known.title !== data.description) return no(400, 'INVALID_REQUEST', '请求重入时，参数与首次请求时不一致');
    }
    // Two hours where the merchant says nothing (docs: code_url is good for two hours).
    const trade = known ?? (await payments.order({ wallet: 'wechat', mode: 'shown', tradeNo: data.out_trade_no, amountFen: data.amount.total, title: data.description, expiresAt: data.time_expire ?? now() + 7_200_000, notifyUrl: data.notify_url, attach: data.attach, terminal: data.scene_info?.device_id }));
    return { status: 200, body: { code_url: new URL(`/phone/w/${trade.token}`, deps.publicUrl()).href } };
  }

  async function codepay(request: Request, faults: readonly Fault[]): Promise<Result> {
    const read = codepaySchema.safeParse(parse(request.body));
    if (!read.success) return wrongShape(read.error);
    const { data } = read;
    if (!isMine(keys, data)) return notMine;
    const confirming: Result = no(deps.userPayingStatus, 'USERPAYING', '需要用户输入支付密码');
    const known = ledger.find('wechat', data.out_trade_no);
    if (known) {
      if (isPaid(known)) return no(400, 'ORDERPAID', '该订单已支付');
      if (known.mode !== 'read' || known.amountFen !== data.amount.total) return no(403, 'OUT_TRADE_NO_USED', '商户订单号重复');
      return known.state === 'confirming' ? confirming : no(400, 'ORDER_CLOSED', '该订单已关闭');
    }
    if (!/^1[0-5]\d{16}$/.test(data.payer.auth_code)) return no(400, 'AUTH_CODE_INVALID', '请扫描微信支付授权码(以10/11/12/13/14/15为前缀的18位数字)');
    const outcome = await payments.charge({ wallet: 'wechat', mode: 'read', tradeNo: data.out_trade_no, amountFen: data.amount.total, title: data.description, expiresAt: undefined, notifyUrl: undefined, attach: data.attach, terminal: data.scene_info.device_id }, data.payer.auth_code, faults);
    if (outcome.kind === 'paid') return { status: 200, body: transactionView(outcome.trade, merchant) };
    if (outcome.kind === 'confirming') return confirming;
    switch (outcome.why) {
      case 'invalid':
        return no(400, 'AUTH_CODE_INVALID', '101 付款码无效，请重新扫码');
      case 'used':
        return no(400, 'AUTH_CODE_INVALID', '101 每个二维码仅限使用一次，请刷新再试');
      case 'expired':
        return no(400, 'AUTH_CODE_EXPIRED', '101 付款码已过期，请刷新再试');
      case 'not_enough':
        return no(403, 'NOT_ENOUGH', '余额不足');
    }
  }

  async function query(request: Request, number: string): Promise<Result> {
    if (request.url.searchParams.get('mchid') !== keys.mchid) return no(400, 'PARAM_ERROR', '商户号有误');
    const trade = ledger.find('wechat', number);
    if (!trade) return notExist;
    await payments.asked(trade);
    return { status: 200, body: transactionView(trade, merchant) };
  }

  async function close(request: Request, number: string): Promise<Result> {
    const read = z.object({ mchid: z.string() }).safeParse(parse(request.body));
    if (!read.success) return wrongShape(read.error);
    if (!isMine(keys, read.data)) return notMine;
    const trade = ledger.find('wechat', number);
    if (!trade) return notExist;
    if (trade.mode === 'read') return no(400, 'INVALID_REQUEST', '付款码支付订单请使用撤销接口');
    let result: Result = { status: 204, body: undefined };
    await payments.end(trade, 'close', () => {
      if (isPaid(trade)) result = no(400, 'ORDERPAID', '该订单已支付，不能关闭');
      else if (trade.state !== 'waiting') result = no(400, 'ORDER_CLOSED', '该订单已关闭');
      else payments.close(trade);
    });
    return result;
  }

  async function reverse(request: Request, number: string): Promise<Result> {
    const read = z.object(merchantShape).safeParse(parse(request.body));
    if (!read.success) return wrongShape(read.error);
    if (!isMine(keys, read.data)) return notMine;
    const trade = ledger.find('wechat', number);
    if (!trade) return notExist;
    if (trade.mode !== 'read') return no(400, 'INVALID_REQUEST', '订单支付场景不符，请求被拒绝');
    const done: Result = { status: 200, body: { appid: keys.appid, mchid: keys.mchid, out_trade_no: number } };
    if (trade.state === 'revoked') return done;
    // Docs: not at once, at least 15 s after the payment was asked for; and within seven days.
    if (now() - trade.at < deps.reverseAfterMs) return no(400, 'INVALID_REQUEST', '请在支付15秒后再调用撤销');
    if (now() - trade.at > 7 * 86_400_000) return no(400, 'INVALID_REQUEST', '订单超过撤销时间范围，请使用退款接口');
    if (trade.refunds.length > 0) return no(400, 'INVALID_REQUEST', '订单已发生退款，不能撤销');
    await payments.end(trade, 'undo', () => void payments.revoke(trade));
    return done;
  }

  function refund(request: Request, faults: readonly Fault[]): Result {
    const read = refundSchema.safeParse(parse(request.body));
    if (!read.success) return wrongShape(read.error);
    const { data } = read;
    const trade = data.transaction_id !== undefined ? ledger.byTransaction('wechat', data.transaction_id) : ledger.find('wechat', data.out_trade_no ?? '');
    if (!trade) return no(404, 'RESOURCE_NOT_EXISTS', '订单不存在');
    const known = ledger.refund('wechat', data.out_refund_no);
    if (known) {
      const isSame = known.trade === trade && known.refund.amountFen === data.amount.refund && trade.amountFen === data.amount.total;
      return isSame ? { status: 200, body: refundView(trade, known.refund) } : no(400, 'INVALID_REQUEST', '订单金额或退款金额与之前请求不一致，请核实后再试');
    }
    if (!isPaid(trade) || trade.state !== 'paid') return no(400, 'INVALID_REQUEST', '订单状态不允许退款');
    if (trade.amountFen !== data.amount.total) return no(400, 'INVALID_REQUEST', '订单金额不一致');
    if (refundedFen(trade) + data.amount.refund > trade.amountFen) return no(400, 'INVALID_REQUEST', '累计退款金额大于支付金额');
    // At most fifty of one payment, within a year.
    if (trade.refunds.length >= 50) return no(400, 'INVALID_REQUEST', '退款次数超过限制');
    const { refund: made, finish } = payments.refund(trade, { refundNo: data.out_refund_no, amountFen: data.amount.refund, reason: data.reason ?? '', notifyUrl: data.notify_url }, faults);
    return { status: 200, body: refundView(trade, made), after: finish };
  }

  function queryRefund(number: string): Result {
    const found = ledger.refund('wechat', number);
    if (!found) return no(404, 'RESOURCE_NOT_EXISTS', '退款单查询失败');
    payments.refundAsked(found.trade, found.refund);
    return { status: 200, body: refundView(found.trade, found.refund) };
  }

  function bill(request: Request): Result {
    const day = request.url.searchParams.get('bill_date') ?? '';
    const type = request.url.searchParams.get('bill_type') ?? 'ALL';
    const isZipped = request.url.searchParams.get('tar_type') === 'GZIP';
    if (!isDay(day) || type !== 'ALL') return no(400, 'PARAM_ERROR', '账单日期或类型有误');
    if (day >= chinaTime(now()).day) return no(400, 'NO_STATEMENT_EXIST', '账单文件不存在');
    if (Date.parse(`${day}T00:00:00+08:00`) < now() - 92 * 86_400_000) return no(400, 'PARAM_ERROR', '账单日期超过三个月');
    const text = wechatBill(ledger.trades(), merchant, day);
    if (text === undefined) return no(400, 'NO_STATEMENT_EXIST', '账单文件不存在');
    const file = new URL('/v3/billdownload/file', deps.url());
    file.searchParams.set('token', `${day}.${isZipped ? 'gz' : 'csv'}.${tokenOf(day)}`);
    return { status: 200, body: { download_url: file.href, hash_type: 'SHA1', hash_value: createHash('sha1').update(text).digest('hex') } };
  }

  function billFile(request: Request): Answer {
    const [day = '', kind, token] = (request.url.searchParams.get('token') ?? '').split('.');
    const text = token === tokenOf(day) ? wechatBill(ledger.trades(), merchant, day) : undefined;
    if (text === undefined) return json(400, { code: 'INVALID_REQUEST', message: '下载链接无效' });
    return kind === 'gz' ? { status: 200, headers: { 'content-type': 'application/x-gzip' }, body: gzipSync(text) } : { status: 200, headers: { 'content-type': 'text/plain; charset=utf-8' }, body: text };
  }

  const tokenOf = (day: string) => createHmac('sha256', fileSecret).update(day).digest('base64url');

  function certificates(): Result {
    const { serial, certificate } = keys.certificate;
    const at = now();
    const encrypted = signatures.encrypt(certificate, 'certificate');
    return { status: 200, body: { data: [{ serial_no: serial, effective_time: chinaTime(at - 86_400_000).rfc3339, expire_time: chinaTime(at + 365 * 86_400_000).rfc3339, encrypt_certificate: { algorithm: 'AEAD_AES_256_GCM', ...encrypted } }] } };
  }

  interface Route {
    readonly on: Operation;
    readonly tradeNo?: string | undefined;
    readonly act: (faults: readonly Fault[]) => Promise<Result> | Result;
  }

  function routeOf(request: Request): Route | undefined {
    const { method, body } = request;
    const { pathname } = request.url;
    const bodyNo = () => z.object({ out_trade_no: z.string() }).safeParse(parse(body)).data?.out_trade_no;
    if (method === 'POST' && pathname === '/v3/pay/transactions/native') return { on: 'show', tradeNo: bodyNo(), act: () => native(request) };
    if (method === 'POST' && pathname === '/v3/pay/transactions/codepay') return { on: 'charge', tradeNo: bodyNo(), act: (faults) => codepay(request, faults) };
    if (method === 'POST' && pathname === '/v3/refund/domestic/refunds') return { on: 'refund', tradeNo: bodyNo(), act: (faults) => refund(request, faults) };
    if (method === 'GET' && pathname === '/v3/bill/tradebill') return { on: 'bill', act: () => bill(request) };
    if (method === 'GET' && pathname === '/v3/certificates') return { on: 'certificates', act: certificates };
    const refundNo = decode(/^\/v3\/refund\/domestic\/refunds\/([^/]+)$/.exec(pathname)?.[1]);
    if (method === 'GET' && refundNo !== undefined) return { on: 'refund_query', tradeNo: ledger.refund('wechat', refundNo)?.trade.tradeNo, act: () => queryRefund(refundNo) };
    const transactionId = /^\/v3\/pay\/transactions\/id\/(\d+)$/.exec(pathname)?.[1];
    if (method === 'GET' && transactionId !== undefined) {
      const number = ledger.byTransaction('wechat', transactionId)?.tradeNo ?? '';
      return { on: 'query', tradeNo: number, act: () => query(request, number) };
    }
    const [, encoded, end] = /^\/v3\/pay\/transactions\/out-trade-no\/([^/]+)(\/close|\/reverse)?$/.exec(pathname) ?? [];
    const number = decode(encoded);
    if (number === undefined) return undefined;
    if (method === 'GET' && end === undefined) return { on: 'query', tradeNo: number, act: () => query(request, number) };
    if (method === 'POST' && end === '/close') return { on: 'close', tradeNo: number, act: () => close(request, number) };
    if (method === 'POST' && end === '/reverse') return { on: 'undo', tradeNo: number, act: () => reverse(request, number) };
    return undefined;
  }

  /** Signed, as every answer of the interface is, refusals too. */
  function seal({ status, body }: Result, request: Request, faults: readonly Fault[]): Answer {
    const sealing = sealingOf(faults);
    const text = body === undefined ? '' : JSON.stringify(body);
    return {
      status,
      headers: { ...(body === undefined ? {} : { 'content-type': 'application/json; charset=utf-8' }), 'Request-ID': randomBytes(16).toString('hex').toUpperCase(), ...signatures.signedHeaders(text, sealing, header(request, 'wechatpay-serial')) },
      body: sealing.isTampered && text !== '' ? lieAbout(text) : text,
    };
  }

  async function run(route: Route, faults: readonly Fault[]): Promise<Result> {
    const refused = faultOf(faults, 'refuse');
    if (refused) return no(400, refused.code, '业务错误');
    const broken = faultOf(faults, 'system_error');
    const systemError = no(500, 'SYSTEM_ERROR', '系统异常，请用相同参数重新调用');
    if (broken && !broken.acted) return systemError;
    const result = await route.act(faults);
    return broken ? { ...systemError, ...(result.after ? { after: result.after } : {}) } : result;
  }

  return {
    async handle(_message, response, request) {
      const wrong = faultOfHead(request);
      const isFile = request.method === 'GET' && request.url.pathname === '/v3/billdownload/file';
      const route = isFile ? undefined : routeOf(request);
      const on = isFile ? 'bill_file' : route?.on;
      const refuse = (result: Result) => {
        calls.note({ wallet: 'wechat', on: on ?? 'unknown', tradeNo: route?.tradeNo, outcome: `${result.status} ${codeOf(result)}`.trim() });
        sendAnswer(response, seal(result, request, []));
      };
      if (wrong) return refuse(wrong);
      const unsigned = signatures.findFault(request);
      if (unsigned !== undefined) return refuse(no(401, 'SIGN_ERROR', unsigned));
      if (on === undefined) return refuse(no(404, 'RESOURCE_NOT_EXISTS', '接口不存在'));
      const faults = script.take(on, 'wechat', route?.tradeNo);
      let code = '';
      const outcome = await serveCall(response, faults, signal, async () => {
        if (!route) return billFile(request);
        const result = await run(route, faults);
        code = codeOf(result);
        const answer = seal(result, request, faults);
        result.after?.();
        return answer;
      }, (status) => json(status, { code: status === 429 ? 'FREQUENCY_LIMITED' : 'SYSTEM_ERROR', message: status === 429 ? '频率超限' : '系统错误' }));
      calls.note({ wallet: 'wechat', on, tradeNo: route?.tradeNo, outcome: `${outcome} ${code}`.trim() });
    },
  };
}

/** Docs "基本规则": JSON both ways, and a caller that names itself. */
function faultOfHead(request: Request): Result | undefined {
  const accept = header(request, 'accept') ?? '';
  if (!/application\/json|\*\/\*/.test(accept)) return no(406, 'PARAM_ERROR', 'Http头缺少Accept或不为application/json');
  if ((header(request, 'user-agent') ?? '') === '') return no(400, 'PARAM_ERROR', 'Http头缺少User-Agent');
  if (request.method === 'POST' && !/^application\/json\b/.test(header(request, 'content-type') ?? '')) return no(415, 'PARAM_ERROR', 'Http头Content-Type不为application/json');
  return undefined;
}

function codeOf({ body }: Result): string {
  return z.object({ code: z.string() }).safeParse(body).data?.code ?? '';
}

function parse(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}

function decode(text: string | undefined): string | undefined {
  try {
    return text === undefined ? undefined : decodeURIComponent(text);
  } catch {
    return undefined;
  }
}
