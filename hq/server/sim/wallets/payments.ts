import { randomInt, randomUUID } from 'node:crypto';
import type { Codes } from './codes.ts';
import { complain } from './complain.ts';
import type { Ledger, NoticeAbout } from './ledger.ts';
import { randomToken } from './ledger.ts';
import type { Notices } from './notices.ts';
import type { Fault, Person, ScriptReader } from './script.ts';
import { faultOf } from './script.ts';
import type { Mode, Refund, Trade } from './trade.ts';
import { isPaid } from './trade.ts';
import { chinaTime } from './time.ts';

export type NewTrade = Pick<Trade, 'wallet' | 'tradeNo' | 'mode' | 'amountFen' | 'title' | 'expiresAt' | 'notifyUrl' | 'attach' | 'terminal'>;
export type PayOutcome = { readonly ok: true } | { readonly ok: false; readonly why: 'already_paid' | 'ended' | 'expired' };
export type ChargeOutcome = { readonly kind: 'paid'; readonly trade: Trade } | { readonly kind: 'confirming'; readonly trade: Trade } | { readonly kind: 'refused'; readonly why: 'invalid' | 'expired' | 'used' | 'not_enough' };

/** What can be done with a payment at either gateway. Each writes the books first, and then tells. */
export interface Payments {
  order(order: NewTrade): Promise<Trade>;
  charge(order: NewTrade, digits: string, faults: readonly Fault[]): Promise<ChargeOutcome>;
  /** What time alone has done: call it before somebody looks. */
  lapse(trade: Trade): void;
  /** A phone has read the merchant's code. */
  read(trade: Trade): void;
  /** `force`: over an end, as a payment that was on its way when the merchant closed. */
  pay(trade: Trade, options?: { readonly force?: boolean }): Promise<PayOutcome>;
  /** The customer says no. One that the merchant shows stays open: the phone has only gone away. */
  refuse(trade: Trade): void;
  /** A query: time passes, and scripted customers act. Call it before the answer is made. */
  asked(trade: Trade): Promise<void>;
  /** The merchant ends it; `end` writes how. Scripted customers pay just before or after it. */
  end(trade: Trade, on: 'close' | 'undo', end: () => void): Promise<void>;
  close(trade: Trade): void;
  /** Takes it back, what was paid of it too. Answers whether money went back. */
  revoke(trade: Trade): boolean;
  refund(trade: Trade, refund: { readonly refundNo: string; readonly amountFen: number; readonly reason: string; readonly notifyUrl?: string | undefined }, faults: readonly Fault[]): { readonly refund: Refund; readonly finish: () => void };
  refundAsked(trade: Trade, refund: Refund): void;
  stop(): void;
}

/** `force`: over an end. */
interface Waiting extends Pick<Person, 'does' | 'when'> {
  readonly force: boolean;
}

interface Live {
  asks: number;
  persons: Waiting[];
  confirm: { readonly after: number; readonly does: 'pay' | 'refuse' } | undefined;
}

/** WeChat's phone asks no longer than that: then the payment has failed. Alipay's time is the trade's own. */
const confirmLimitMs = 180_000;

export function createPayments({ ledger, script, notices, codes, now }: {
  readonly ledger: Ledger;
  readonly script: ScriptReader;
  readonly notices: Notices;
  readonly codes: Codes;
  readonly now: () => number;
}): Payments {
  // What a script wants of a payment is of this process alone: after a restart customers do nothing by themselves.
  const lives = new Map<Trade, Live>();
  const pendingRefunds = new Map<string, number>();
  const timers = new Set<NodeJS.Timeout>();

  const liveOf = (trade: Trade): Live => {
    const live = lives.get(trade) ?? { asks: 0, persons: [], confirm: undefined };
    lives.set(trade, live);
    return live;
  };
  const keyOf = ({ wallet, tradeNo }: Trade) => ({ at: now(), wallet, tradeNo });
  const notifyFaults = (trade: Trade) => script.take('notify', trade.wallet, trade.tradeNo);
  const owe = (trade: Trade, about: NoticeAbout, refund?: Refund) => notices.owe(trade, about, refund, notifyFaults(trade));

  function lapse(trade: Trade): void {
    const isOpen = trade.state === 'waiting' || trade.state === 'confirming';
    if (!isOpen) return;
    const isExpired = trade.expiresAt !== undefined && now() >= trade.expiresAt;
    // Alipay ends a trade itself when its time is over; WeChat takes no payment any more, and leaves the closing to the merchant.
    if (trade.wallet === 'alipay' && trade.readAt !== undefined && isExpired) ledger.record({ kind: 'closed', ...keyOf(trade) });
    else if (trade.wallet === 'wechat' && trade.state === 'confirming' && now() >= trade.at + confirmLimitMs) ledger.record({ kind: 'failed', ...keyOf(trade) });
  }

  function unpayable(trade: Trade, force: boolean): Extract<PayOutcome, { ok: false }> | undefined {
    lapse(trade);
    if (isPaid(trade)) return { ok: false, why: 'already_paid' };
    if (force) return undefined;
    if (trade.state !== 'waiting' && trade.state !== 'confirming') return { ok: false, why: 'ended' };
    return trade.expiresAt !== undefined && now() >= trade.expiresAt ? { ok: false, why: 'expired' } : undefined;
  }

  function read(trade: Trade): void {
    lapse(trade);
    if (trade.readAt !== undefined || trade.state !== 'waiting') return;
    // Alipay makes the trade, and its number, when a phone reads the code; WeChat's number comes with the payment.
    ledger.record({ kind: 'read', ...keyOf(trade), transactionId: trade.wallet === 'alipay' ? newTransactionId(trade, now()) : undefined });
  }

  async function pay(trade: Trade, { force = false }: { readonly force?: boolean } = {}): Promise<PayOutcome> {
    const refused = unpayable(trade, force);
    if (refused) return refused;
    read(trade);
    const transactionId = trade.transactionId ?? newTransactionId(trade, now());
    const faults = notifyFaults(trade);
    if (faultOf(faults, 'early')) {
      await notices.sendOnce({ ...trade, state: 'paid', paidAt: now(), transactionId }, 'paid', faults);
      const late = unpayable(trade, force);
      if (late) return late;
    }
    ledger.record({ kind: 'paid', ...keyOf(trade), transactionId });
    if (!faultOf(faults, 'early')) notices.owe(trade, 'paid', undefined, faults);
    return { ok: true };
  }

  function refuse(trade: Trade): void {
    lapse(trade);
    if (trade.state === 'confirming') ledger.record({ kind: 'failed', ...keyOf(trade) });
  }

  async function act(trade: Trade, does: Person['does'], force = false): Promise<void> {
    if (does === 'pay') await pay(trade, { force });
    else if (does === 'refuse') refuse(trade);
    else read(trade);
  }

  /** Takes those out that are due, so that nobody acts twice. */
  function due(live: Live, isDue: (when: Person['when']) => boolean): Waiting[] {
    const found = live.persons.filter(({ when }) => isDue(when));
    live.persons = live.persons.filter((person) => !found.includes(person));
    return found;
  }

  async function meetPersons(trade: Trade, mode: Mode): Promise<void> {
    const live = liveOf(trade);
    live.persons = script.takePersons(trade, mode).map(({ does, when }) => ({ does, when, force: false }));
    for (const { does } of due(live, (when) => when === 'at_once')) await act(trade, does);
    for (const { does, when } of due(live, (candidate) => typeof candidate === 'object' && 'ms' in candidate)) {
      if (typeof when !== 'object' || !('ms' in when)) continue;
      const timer = setTimeout(() => {
        timers.delete(timer);
        act(trade, does).catch(complain);
      }, when.ms).unref();
      timers.add(timer);
    }
  }

  function write({ wallet, tradeNo, mode, amountFen, title, expiresAt, notifyUrl, attach, terminal }: NewTrade): Trade {
    ledger.record({ kind: 'ordered', at: now(), wallet, tradeNo, mode, amountFen, title, token: randomToken(), expiresAt, notifyUrl, attach, terminal });
    const trade = ledger.find(wallet, tradeNo);
    if (!trade) throw new Error('A payment was written and is not in the books.');
    return trade;
  }

  return {
    lapse,
    read,
    pay,
    refuse,
    async order(order) {
      const trade = write(order);
      await meetPersons(trade, order.mode);
      return trade;
    },
    async charge(order, digits, faults) {
      const code = codes.take(order.wallet, digits);
      if (code.kind !== 'taken') return { kind: 'refused', why: code.kind };
      const trade = write(order);
      read(trade);
      if (order.amountFen > code.balanceFen) {
        ledger.record({ kind: 'failed', ...keyOf(trade) });
        return { kind: 'refused', why: 'not_enough' };
      }
      const scripted = faultOf(faults, 'confirming');
      if (scripted || code.needsPassword || order.amountFen > code.passwordAboveFen) {
        ledger.record({ kind: 'confirming', ...keyOf(trade) });
        if (scripted?.asks !== undefined && scripted.does !== 'nothing') liveOf(trade).confirm = { after: scripted.asks, does: scripted.does };
        await meetPersons(trade, order.mode);
        return { kind: 'confirming', trade };
      }
      await meetPersons(trade, order.mode);
      await pay(trade);
      return { kind: 'paid', trade };
    },
    async asked(trade) {
      lapse(trade);
      const live = liveOf(trade);
      live.asks += 1;
      if (live.confirm && live.asks > live.confirm.after) {
        const { does } = live.confirm;
        live.confirm = undefined;
        await act(trade, does);
      }
      for (const { does, force } of due(live, (when) => typeof when === 'object' && 'asks' in when && !('on' in when) && live.asks > when.asks)) await act(trade, does, force);
    },
    async end(trade, on, end) {
      const live = liveOf(trade);
      const isAt = (side: 'before' | 'after') => (when: Person['when']) => typeof when === 'object' && 'on' in when && when.on === on && when.side === side;
      for (const { does } of due(live, isAt('before'))) await act(trade, does);
      lapse(trade);
      end();
      for (const { does, when } of due(live, isAt('after'))) {
        const wait = typeof when === 'object' && 'on' in when ? when.asks : 0;
        if (wait === 0) await act(trade, does, true);
        else live.persons.push({ does, when: { asks: live.asks + wait }, force: true });
      }
    },
    close(trade) {
      ledger.record({ kind: 'closed', ...keyOf(trade) });
    },
    revoke(trade) {
      const wasPaid = isPaid(trade);
      if (wasPaid) {
        const refundId = newRefundId(now());
        ledger.record({ kind: 'refund_asked', ...keyOf(trade), refundNo: '', refundId, amountFen: trade.amountFen, reason: 'revoked' });
        ledger.record({ kind: 'refund_ended', ...keyOf(trade), refundId, state: 'done' });
      }
      ledger.record({ kind: 'revoked', ...keyOf(trade) });
      return wasPaid;
    },
    refund(trade, { refundNo, amountFen, reason, notifyUrl }, faults) {
      const refundId = newRefundId(now());
      ledger.record({ kind: 'refund_asked', ...keyOf(trade), refundNo, refundId, amountFen, reason, notifyUrl });
      const refund = trade.refunds.find((candidate) => candidate.refundId === refundId);
      if (!refund) throw new Error('A refund was written and is not in the books.');
      const pending = faultOf(faults, 'refund_pending');
      const isAbnormal = faultOf(faults, 'refund_abnormal') !== undefined;
      if (pending) pendingRefunds.set(refundId, pending.asks);
      return {
        refund,
        finish() {
          if (pending || refund.state !== 'pending') return;
          ledger.record({ kind: 'refund_ended', ...keyOf(trade), refundId, state: isAbnormal ? 'abnormal' : 'done' });
          owe(trade, 'refunded', refund);
        },
      };
    },
    refundAsked(trade, refund) {
      if (refund.state !== 'pending') return;
      const left = pendingRefunds.get(refund.refundId) ?? 0;
      if (left > 0) return void pendingRefunds.set(refund.refundId, left - 1);
      pendingRefunds.delete(refund.refundId);
      ledger.record({ kind: 'refund_ended', ...keyOf(trade), refundId: refund.refundId, state: 'done' });
      owe(trade, 'refunded', refund);
    },
    stop() {
      timers.forEach(clearTimeout);
      timers.clear();
    },
  };
}

function digits(count: number): string {
  return Array.from({ length: count }, () => randomInt(10)).join('');
}

/** 28 digits: WeChat's begin with 4200, Alipay's with the day. */
function newTransactionId({ wallet }: Trade, at: number): string {
  return wallet === 'wechat' ? `4200${digits(6)}${chinaTime(at).day.replaceAll('-', '')}${digits(10)}` : `${chinaTime(at).day.replaceAll('-', '')}2200${digits(16)}`;
}

function newRefundId(at: number): string {
  return `5030${chinaTime(at).day.replaceAll('-', '')}${randomUUID().replace(/\D/g, '').padEnd(16, '0').slice(0, 16)}`;
}
