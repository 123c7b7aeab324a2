import { chinaRfc3339 } from '../adapter/china-time.ts';
import { shorten } from '../adapter/shorten.ts';
import { unknown } from '../adapter/unknown.ts';
import type { EndAnswer, GatewayPayment, GatewayRefused, WalletGateway } from '../gateway.ts';
import { charged, codeUrlSchema, faultUnknown, plain, readTransaction, refundRefusals, refundStanding, refusedOrUnknown, standing, wordsOf } from './answers.ts';
import { fetchBill } from './bill.ts';
import { createCaller } from './call.ts';
import type { WeChatPayConfig } from './config.ts';
import { readNotification } from './notification.ts';

/** A payment code's charge may be reversed no sooner after it (付款码支付, 撤销订单). */
const reverseAfterMs = 15_000;

export interface WeChatPayDeps {
  readonly config: WeChatPayConfig;
  readonly now: () => number;
  /** After so long without an answer a call counts as unanswered. */
  readonly timeoutMs?: number;
}

/** WeChat Pay for a merchant of its own (直连商户), APIv3: Native where the kiosk shows the code, code pay (付款码支付) where the phone does. Amounts in fen of CNY. */
export function createWeChatPay({ config, now, timeoutMs = 10_000 }: WeChatPayDeps): WalletGateway {
  const caller = createCaller({ config, now, timeoutMs });
  const { mchid, appid } = config;
  const order = (tradeNo: string, rest = '') => `v3/pay/transactions/out-trade-no/${encodeURIComponent(tradeNo)}${rest}`;
  const basics = ({ tradeNo, amount, title, terminal }: GatewayPayment) => ({
    appid, mchid, description: shorten(title, 127), out_trade_no: tradeNo, attach: terminal.slice(0, 100), amount: { total: amount.amount, currency: 'CNY' },
  });

  const query: WalletGateway['query'] = async (tradeNo, signal) => {
    const answer = await caller.call('get', order(tradeNo, `?mchid=${mchid}`), undefined, signal);
    if (answer.kind === 'unknown') return answer;
    if (answer.kind === 'fault') return isNotThere(answer.code) ? { kind: 'not_found' } : faultUnknown(answer);
    const transaction = readTransaction(answer.body, { mchid, tradeNo });
    return transaction ? standing(transaction) : unknown('the gateway told of no payment, or of another one');
  };

  /** Native: while a phone is paying it the gateway closes nothing. */
  async function close(tradeNo: string, signal: AbortSignal): Promise<EndAnswer> {
    const answer = await caller.call('post', order(tradeNo, '/close'), { mchid }, signal);
    if (answer.kind === 'unknown') return answer;
    if (answer.kind === 'said') return { kind: 'ended', tookBack: false };
    if (plain(answer.code) === 'ORDERPAID') return { kind: 'is_paid' };
    if (plain(answer.code) === 'ORDERCLOSED' || isNotThere(answer.code)) return { kind: 'ended', tookBack: false };
    if (['USERPAYING', 'SYSTEMERROR', 'TRADEERROR'].includes(plain(answer.code))) return { kind: 'again', afterMs: 5000, detail: wordsOf(answer) };
    return whatItIs(tradeNo, answer, signal);
  }

  /** Code pay: closes what was not paid, and sends back what was; which of the two, the next question tells. */
  async function reverse(tradeNo: string, signal: AbortSignal): Promise<EndAnswer> {
    const answer = await caller.call('post', order(tradeNo, '/reverse'), { appid, mchid }, signal);
    if (answer.kind === 'unknown') return answer;
    if (answer.kind === 'said') {
      const { out_trade_no: named, recall } = (answer.body ?? {}) as { out_trade_no?: unknown; recall?: unknown };
      if (named !== undefined && named !== tradeNo) return unknown('the gateway has reversed another payment than the one it was asked for');
      return recall === 'Y' ? { kind: 'again', afterMs: 5000, detail: 'the gateway wants it to be reversed once more' } : { kind: 'ended', tookBack: await wasPaid(tradeNo, signal) };
    }
    if (['ORDERREVERSED', 'ORDERCLOSED'].includes(plain(answer.code)) || isNotThere(answer.code)) return { kind: 'ended', tookBack: false };
    if (['USERPAYING', 'SYSTEMERROR', 'BANKERROR'].includes(plain(answer.code))) return { kind: 'again', afterMs: 10_000, detail: wordsOf(answer) };
    return whatItIs(tradeNo, answer, signal);
  }

  /** A code that may mean "it is paid" or "there is nothing to end" (INVALID_REQUEST, REVERSE_EXPIRE): the query is the truth. */
  async function whatItIs(tradeNo: string, fault: Parameters<typeof faultUnknown>[0], signal: AbortSignal): Promise<EndAnswer> {
    const found = await query(tradeNo, signal);
    if (found.kind === 'paid') return found.refunded ? { kind: 'ended', tookBack: true } : { kind: 'is_paid' };
    if (found.kind === 'closed') return { kind: 'ended', tookBack: false };
    // Too early by the gateway's own clock, which began when the charge came to it.
    if ((found.kind === 'waiting' || found.kind === 'confirming') && plain(fault.code) === 'INVALIDREQUEST') return { kind: 'again', afterMs: 5000, detail: wordsOf(fault) };
    return faultUnknown(fault);
  }

  async function wasPaid(tradeNo: string, signal: AbortSignal): Promise<boolean> {
    const answer = await caller.call('get', order(tradeNo, `?mchid=${mchid}`), undefined, signal);
    const transaction = answer.kind === 'said' ? readTransaction(answer.body, { mchid, tradeNo }) : undefined;
    return transaction?.success_time !== undefined || (transaction !== undefined && standing(transaction).kind === 'paid');
  }

  const queryRefund: WalletGateway['queryRefund'] = async (refund, signal) => {
    const answer = await caller.call('get', `v3/refund/domestic/refunds/${encodeURIComponent(refund.refundNo)}`, undefined, signal);
    if (answer.kind === 'unknown') return answer;
    if (answer.kind === 'fault') return isNotThere(answer.code) ? { kind: 'not_found' } : faultUnknown(answer);
    return refundStanding(answer.body, refund);
  };

  return {
    wallet: 'wechat',
    modes: ['shown', 'read'],
    notificationAnswer: { status: 200, contentType: 'application/json; charset=utf-8', body: '{"code":"SUCCESS","message":"OK"}' },
    query,

    async show(payment, signal) {
      const wrong = whyNotPayable(payment, now());
      if (wrong) return wrong;
      const answer = await caller.call('post', 'v3/pay/transactions/native', { ...basics(payment), time_expire: chinaRfc3339(payment.expiresAt), notify_url: config.notifyUrl }, signal);
      if (answer.kind === 'unknown') return answer;
      if (answer.kind === 'fault') return plain(answer.code) === 'ORDERPAID' ? { kind: 'already_paid' } : refusedOrUnknown(answer);
      const { data } = codeUrlSchema.safeParse(answer.body);
      return data ? { kind: 'shown', code: data.code_url } : unknown('the gateway took the order and gave no code');
    },

    async charge(payment, code, signal) {
      const wrong = whyNotPayable(payment, now());
      if (wrong) return wrong;
      const device = payment.terminal.slice(0, 32);
      const answer = await caller.call('post', 'v3/pay/transactions/codepay', { ...basics(payment), payer: { auth_code: code }, scene_info: { device_id: device, store_info: { out_id: device } } }, signal);
      if (answer.kind === 'unknown') return answer;
      if (answer.kind === 'fault') return plain(answer.code) === 'USERPAYING' ? { kind: 'confirming' } : refusedOrUnknown(answer);
      const transaction = readTransaction(answer.body, { mchid, tradeNo: payment.tradeNo });
      return transaction ? charged(transaction) : unknown('the gateway told of no payment, or of another one');
    },

    async end({ tradeNo, mode, begunAt }, signal) {
      if (mode === 'shown') return close(tradeNo, signal);
      const earlyMs = begunAt + reverseAfterMs - now();
      if (earlyMs > 0) return { kind: 'again', afterMs: Math.min(earlyMs, reverseAfterMs), detail: 'a charge may be reversed 15 seconds after it' };
      return reverse(tradeNo, signal);
    },

    async refund(refund, signal) {
      if (refund.amount.currency !== 'CNY' || refund.of.currency !== 'CNY') return { kind: 'refused', detail: 'WeChat Pay gives back CNY alone' };
      const answer = await caller.call('post', 'v3/refund/domestic/refunds', {
        out_trade_no: refund.tradeNo, out_refund_no: refund.refundNo, reason: shorten(refund.reason, 80), notify_url: config.notifyUrl,
        amount: { refund: refund.amount.amount, total: refund.of.amount, currency: 'CNY' },
      }, signal);
      if (answer.kind === 'unknown') return answer;
      if (answer.kind === 'said') return refundStanding(answer.body, refund);
      if (!refundRefusals.has(plain(answer.code))) return faultUnknown(answer);
      // Whatever the code, only the query tells whether it was taken (微信支付退款最佳实践): the same number may have been, before.
      const found = await queryRefund(refund, signal);
      return found.kind === 'not_found' ? { kind: 'refused', detail: wordsOf(answer) } : found;
    },

    queryRefund,

    readNotification: (headers, body) => readNotification(config, now, headers, body),
    bill: (day, signal) => fetchBill(caller, day, now(), signal),
  };
}

function isNotThere(code: string): boolean {
  return ['ORDERNOTEXIST', 'RESOURCENOTEXISTS', 'REFUNDNOTEXISTS', 'REFUNDNOTEXIST'].includes(plain(code));
}

/** What the gateway need not be asked. */
function whyNotPayable({ amount, expiresAt }: GatewayPayment, now: number): GatewayRefused | undefined {
  if (amount.currency !== 'CNY' || amount.amount <= 0) return { kind: 'refused', refusal: 'refused', detail: 'WeChat Pay takes amounts in CNY, of a fen or more' };
  return expiresAt <= now ? { kind: 'refused', refusal: 'too_late', detail: 'its time had passed before the gateway was asked' } : undefined;
}
