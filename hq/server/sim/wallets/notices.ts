import { randomUUID } from 'node:crypto';
import { complain } from './complain.ts';
import type { Ledger, NoticeAbout } from './ledger.ts';
import type { Fault } from './script.ts';
import { faultOf } from './script.ts';
import type { Refund, Trade, Wallet } from './trade.ts';

/** How a signature is made wrong, where a script wants it. */
export interface Sealing {
  readonly isTampered: boolean;
  readonly isUnsigned: boolean;
  readonly isForeign: boolean;
  readonly isStale: boolean;
}

export interface Notice {
  readonly noticeId: string;
  readonly trade: Trade;
  readonly about: NoticeAbout;
  readonly refund: Refund | undefined;
}

export interface NoticeFormat {
  /** Seconds between one try and the next, as the gateway's documents say. */
  readonly scheduleS: readonly number[];
  build(notice: Notice, sealing: Sealing): { readonly headers: Readonly<Record<string, string>>; readonly body: string };
  isTaken(status: number, body: string): boolean;
}

export interface Notices {
  /** Sends it in the background, again and again by the gateway's schedule, until it is taken. */
  owe(trade: Trade, about: NoticeAbout, refund: Refund | undefined, faults: readonly Fault[]): void;
  /** One try, and waits for it. */
  sendOnce(trade: Trade, about: NoticeAbout, faults: readonly Fault[]): Promise<void>;
  /** What was owed when the process ended the last time goes on. */
  resume(): void;
  /** Until no call is on its way. */
  quiet(): Promise<void>;
  close(): Promise<void>;
}

export function sealingOf(faults: readonly Fault[]): Sealing {
  const has = (kind: Fault['kind']) => faultOf(faults, kind) !== undefined;
  return { isTampered: has('tampered'), isUnsigned: has('unsigned'), isForeign: has('foreign_key'), isStale: has('stale') };
}

/** `factor`: 1 keeps the documents' schedule, which takes a day; 0.001 makes it a thousand times faster. */
export function createNotices({ ledger, now, formats, factor }: {
  readonly ledger: Ledger;
  readonly now: () => number;
  readonly formats: Readonly<Record<Wallet, NoticeFormat>>;
  readonly factor: number;
}): Notices {
  const timers = new Set<NodeJS.Timeout>();
  const running = new Set<Promise<unknown>>();
  const stop = new AbortController();

  const later = (afterMs: number, act: () => void) => {
    if (stop.signal.aborted) return;
    const timer = setTimeout(() => {
      timers.delete(timer);
      act();
    }, afterMs).unref();
    timers.add(timer);
  };
  const run = (work: Promise<unknown>) => {
    running.add(work);
    void work.catch(complain).finally(() => running.delete(work));
  };

  async function deliver(notice: Notice, sealing: Sealing): Promise<boolean> {
    const format = formats[notice.trade.wallet];
    const url = notice.refund ? notice.refund.notifyUrl ?? notice.trade.notifyUrl : notice.trade.notifyUrl;
    if (url === undefined || stop.signal.aborted) return false;
    const { headers, body } = format.build(notice, sealing);
    try {
      // Five seconds, as WeChat gives; whoever redirects has not taken it.
      const answer = await fetch(url, { method: 'POST', headers, body, redirect: 'manual', signal: AbortSignal.any([stop.signal, AbortSignal.timeout(5000)]) });
      return format.isTaken(answer.status, await answer.text());
    } catch {
      return false;
    }
  }

  async function attempt(notice: Notice, sealing: Sealing, index: number): Promise<void> {
    const wasTaken = await deliver(notice, sealing);
    if (stop.signal.aborted) return;
    const pauseS = formats[notice.trade.wallet].scheduleS[index];
    if (wasTaken || pauseS === undefined) {
      const { wallet, tradeNo } = notice.trade;
      ledger.record({ kind: 'notice_ended', at: now(), wallet, tradeNo, noticeId: notice.noticeId, wasTaken });
      return;
    }
    later(pauseS * 1000 * factor, () => run(attempt(notice, sealing, index + 1)));
  }

  return {
    owe(trade, about, refund, faults) {
      const url = refund ? refund.notifyUrl ?? trade.notifyUrl : trade.notifyUrl;
      if (url === undefined || faultOf(faults, 'never')) return;
      const notice: Notice = { noticeId: randomUUID(), trade, about, refund };
      ledger.record({ kind: 'notice_owed', at: now(), wallet: trade.wallet, tradeNo: trade.tradeNo, noticeId: notice.noticeId, about, refundId: refund?.refundId });
      const sealing = sealingOf(faults);
      const begin = () => {
        run(attempt(notice, sealing, 0));
        if (faultOf(faults, 'twice')) run(deliver(notice, sealing));
      };
      const late = faultOf(faults, 'late');
      if (late) later(late.ms, begin);
      else begin();
    },
    async sendOnce(trade, about, faults) {
      await deliver({ noticeId: randomUUID(), trade, about, refund: undefined }, sealingOf(faults));
    },
    resume() {
      for (const { wallet, tradeNo, noticeId, about, refundId } of ledger.owed()) {
        const trade = ledger.find(wallet, tradeNo);
        if (trade) run(attempt({ noticeId, trade, about, refund: trade.refunds.find((refund) => refund.refundId === refundId) }, sealingOf([]), 0));
      }
    },
    async quiet() {
      while (running.size > 0) await Promise.allSettled([...running]);
    },
    async close() {
      stop.abort();
      timers.forEach(clearTimeout);
      timers.clear();
      await Promise.allSettled([...running]);
    },
  };
}
