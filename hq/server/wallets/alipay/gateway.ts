import { chinaTime } from '../adapter/china-time.ts';
import { shorten } from '../adapter/shorten.ts';
import { unknown } from '../adapter/unknown.ts';
import { yuan } from '../adapter/yuan.ts';
import type { EndAnswer, GatewayPayment, GatewayRefused, WalletGateway } from '../gateway.ts';
import type { Said } from './answers.ts';
import { cancelSchema, isRefundRefused, isSystemError, qrCodeSchema, readPaid, refundedSchema, refundStanding, refusedOrUnknown, saidUnknown, standing } from './answers.ts';
import { fetchBill } from './bill.ts';
import { createCall } from './call.ts';
import type { AlipayConfig } from './config.ts';
import { readNotification } from './notification.ts';

/** `time_expire` may be a minute ahead and no less (and seconds are cut off): what is to end sooner is ended by being closed. */
const shortestMs = 61_000;

export interface AlipayDeps {
  readonly config: AlipayConfig;
  readonly now: () => number;
  /** After so long without an answer a call counts as unanswered. */
  readonly timeoutMs?: number;
}

/** Alipay's 当面付 by gateway.do: precreate where the kiosk shows the code, trade.pay where the phone does. Amounts in yuan of CNY, written as decimals. */
export function createAlipay({ config, now, timeoutMs = 10_000 }: AlipayDeps): WalletGateway {
  const call = createCall({ config, now, timeoutMs });
  const basics = ({ tradeNo, amount, title, terminal, expiresAt }: GatewayPayment) => ({
    out_trade_no: tradeNo, total_amount: yuan(amount), subject: shorten(title.replace(/[/=&]/g, ' '), 250), product_code: 'FACE_TO_FACE_PAYMENT',
    terminal_id: shorten(terminal, 32), time_expire: chinaTime(Math.max(expiresAt, now() + shortestMs)),
  });

  const query: WalletGateway['query'] = async (tradeNo, signal) => {
    const answer = await call('alipay.trade.query', { out_trade_no: tradeNo }, signal);
    if (answer.kind === 'unknown') return answer;
    if (answer.code === '10000') return standing(answer.body, tradeNo);
    return isNotThere(answer) ? { kind: 'not_found' } : saidUnknown(answer);
  };

  /** Closes what was not paid and sends back what was; `retry_flag` Y wants to be asked once more, `action` tells which of the two it did. */
  async function cancel(tradeNo: string, signal: AbortSignal): Promise<EndAnswer> {
    const answer = await call('alipay.trade.cancel', { out_trade_no: tradeNo }, signal);
    if (answer.kind === 'unknown') return answer;
    if (answer.code === '10000') {
      const { data } = cancelSchema.safeParse(answer.body);
      if (!data || (data.out_trade_no !== undefined && data.out_trade_no !== tradeNo)) return unknown('the gateway has cancelled another payment than the one it was asked for');
      return data.retry_flag === 'Y' ? { kind: 'again', afterMs: 3000, detail: 'the gateway wants it to be cancelled once more' } : { kind: 'ended', tookBack: data.action === 'refund' };
    }
    if (isSystemError(answer)) return { kind: 'again', afterMs: 3000, detail: answer.words };
    if (isNotThere(answer)) return { kind: 'ended', tookBack: false };
    // It is paid, and cannot be cancelled any more, or not for the merchant's balance: a refund is another matter.
    if (['ACQ.SELLER_BALANCE_NOT_ENOUGH', 'ACQ.TRADE_CANCEL_TIME_OUT', 'ACQ.TRADE_HAS_FINISHED', 'ACQ.REASON_TRADE_BEEN_FREEZEN'].includes(answer.subCode)) return whatItIs(tradeNo, answer, signal);
    return saidUnknown(answer);
  }

  /** A code that no phone has read has no trade to close: cancelled, it is worth nothing either. */
  async function close(tradeNo: string, signal: AbortSignal): Promise<EndAnswer> {
    const answer = await call('alipay.trade.close', { out_trade_no: tradeNo }, signal);
    if (answer.kind === 'unknown') return answer;
    if (answer.code === '10000') return { kind: 'ended', tookBack: false };
    if (isNotThere(answer)) return cancel(tradeNo, signal);
    if (isSystemError(answer)) return { kind: 'again', afterMs: 3000, detail: answer.words };
    return whatItIs(tradeNo, answer, signal);
  }

  /** TRADE_STATUS_ERROR and its like say that it is not waiting any more, and not whether it was paid. */
  async function whatItIs(tradeNo: string, said: Said, signal: AbortSignal): Promise<EndAnswer> {
    const found = await query(tradeNo, signal);
    if (found.kind === 'paid') return found.refunded ? { kind: 'ended', tookBack: true } : { kind: 'is_paid' };
    if (found.kind === 'closed') return { kind: 'ended', tookBack: false };
    return saidUnknown(said);
  }

  const queryRefund: WalletGateway['queryRefund'] = async (refund, signal) => {
    const answer = await call('alipay.trade.fastpay.refund.query', { out_trade_no: refund.tradeNo, out_request_no: refund.refundNo }, signal);
    if (answer.kind === 'unknown') return answer;
    if (answer.code === '10000') return refundStanding(answer.body, refund);
    return isNotThere(answer) ? { kind: 'not_found' } : saidUnknown(answer);
  };

  return {
    wallet: 'alipay',
    modes: ['shown', 'read'],
    // These seven letters and nothing else, or it is sent again for 25 hours.
    notificationAnswer: { status: 200, contentType: 'text/plain; charset=utf-8', body: 'success' },
    query,

    async show(payment, signal) {
      const wrong = whyNotPayable(payment, now());
      if (wrong) return wrong;
      const answer = await call('alipay.trade.precreate', basics(payment), signal, { notifyUrl: config.notifyUrl });
      if (answer.kind === 'unknown') return answer;
      if (answer.code !== '10000') return answer.subCode === 'ACQ.TRADE_HAS_SUCCESS' ? { kind: 'already_paid' } : refusedOrUnknown(answer);
      const { data } = qrCodeSchema.safeParse(answer.body);
      return data && data.out_trade_no === payment.tradeNo ? { kind: 'shown', code: data.qr_code } : unknown('the gateway took the order and gave no code for it');
    },

    async charge(payment, code, signal) {
      const wrong = whyNotPayable(payment, now());
      if (wrong) return wrong;
      const answer = await call('alipay.trade.pay', { ...basics(payment), scene: 'bar_code', auth_code: code }, signal, { notifyUrl: config.notifyUrl });
      if (answer.kind === 'unknown') return answer;
      if (answer.code === '10000') return readPaid(answer.body, payment.tradeNo);
      return answer.code === '10003' ? { kind: 'confirming' } : refusedOrUnknown(answer);
    },

    end: ({ tradeNo, mode }, signal) => (mode === 'shown' ? close(tradeNo, signal) : cancel(tradeNo, signal)),

    async refund(refund, signal) {
      if (refund.amount.currency !== 'CNY') return { kind: 'refused', detail: 'Alipay gives back CNY alone' };
      const answer = await call('alipay.trade.refund', { out_trade_no: refund.tradeNo, refund_amount: yuan(refund.amount), refund_reason: shorten(refund.reason, 240), out_request_no: refund.refundNo }, signal);
      if (answer.kind === 'unknown') return answer;
      if (answer.code !== '10000') {
        if (!isRefundRefused(answer)) return saidUnknown(answer);
        // What was not taken at all moved nothing; what the business refuses may have been done before, under this very number.
        const found = answer.code === '40004' ? await queryRefund(refund, signal) : undefined;
        return found === undefined || found.kind === 'not_found' ? { kind: 'refused', detail: answer.words } : found;
      }
      const { data } = refundedSchema.safeParse(answer.body);
      if (!data || data.out_trade_no !== refund.tradeNo) return unknown('the gateway told of no refund, or of another one');
      // N: this request has moved nothing, because an equal one had, or because it is under way. The query tells.
      return { kind: data.fund_change === 'Y' ? 'done' : 'pending' };
    },

    queryRefund,

    readNotification: (_headers, body) => readNotification(config, now, body),
    bill: (day, signal) => fetchBill({ call, gateway: config.gateway, timeoutMs }, day, now(), signal),
  };
}

function isNotThere({ code, subCode }: Said): boolean {
  return code === '40004' && subCode === 'ACQ.TRADE_NOT_EXIST';
}

/** What the gateway need not be asked. */
function whyNotPayable({ amount, expiresAt }: GatewayPayment, now: number): GatewayRefused | undefined {
  if (amount.currency !== 'CNY' || amount.amount <= 0) return { kind: 'refused', refusal: 'refused', detail: 'Alipay takes amounts in CNY, of a fen or more' };
  return expiresAt <= now ? { kind: 'refused', refusal: 'too_late', detail: 'its time had passed before the gateway was asked' } : undefined;
}
