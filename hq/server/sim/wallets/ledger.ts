import { randomBytes } from 'node:crypto';
import { openJournal } from './journal.ts';
import type { Mode, Refund, Trade, TradeKey, Wallet } from './trade.ts';

interface At extends TradeKey {
  readonly at: number;
}

/** One line of the books: what has happened, never what follows from it. No payment code ever stands here. */
export type Entry =
  | (At & { readonly kind: 'ordered'; readonly mode: Mode; readonly amountFen: number; readonly title: string; readonly token: string; readonly expiresAt?: number | undefined; readonly notifyUrl?: string | undefined; readonly attach?: string | undefined; readonly terminal?: string | undefined })
  | (At & { readonly kind: 'read'; readonly transactionId?: string | undefined })
  | (At & { readonly kind: 'confirming' | 'failed' | 'closed' | 'revoked' })
  | (At & { readonly kind: 'paid'; readonly transactionId: string })
  | (At & { readonly kind: 'refund_asked'; readonly refundNo: string; readonly refundId: string; readonly amountFen: number; readonly reason: string; readonly notifyUrl?: string | undefined })
  | (At & { readonly kind: 'refund_ended'; readonly refundId: string; readonly state: 'done' | 'abnormal' })
  /** A notification that is owed, and one that was taken or given up. */
  | (At & { readonly kind: 'notice_owed'; readonly noticeId: string; readonly about: NoticeAbout; readonly refundId?: string | undefined })
  | (At & { readonly kind: 'notice_ended'; readonly noticeId: string; readonly wasTaken: boolean });

export type NoticeAbout = 'paid' | 'closed' | 'refunded';

export interface OwedNotice extends TradeKey {
  readonly noticeId: string;
  readonly about: NoticeAbout;
  readonly refundId: string | undefined;
}

export interface Totals {
  readonly paidFen: number;
  readonly paidCount: number;
  readonly refundedFen: number;
  readonly refundedCount: number;
  readonly netFen: number;
}

/** The gateways' own books: every payment, from what was written down of it. */
export interface Ledger {
  find(wallet: Wallet, tradeNo: string): Trade | undefined;
  byToken(wallet: Wallet, token: string): Trade | undefined;
  byTransaction(wallet: Wallet, transactionId: string): Trade | undefined;
  refund(wallet: Wallet, refundNo: string): { readonly trade: Trade; readonly refund: Refund } | undefined;
  /** In the order of their beginning. */
  trades(): readonly Trade[];
  owed(): readonly OwedNotice[];
  totals(wallet: Wallet): Totals;
  record(entry: Entry): void;
  close(): void;
}

/** @throws where the books in the folder cannot be read */
export function createLedger(folder: string | undefined): Ledger {
  const journal = openJournal<Entry>(folder);
  const trades = new Map<string, Trade>();
  const byToken = new Map<string, Trade>();
  const notices = new Map<string, OwedNotice>();
  const keyOf = (wallet: Wallet, text: string) => `${wallet} ${text}`;

  function apply(entry: Entry): void {
    const key = keyOf(entry.wallet, entry.tradeNo);
    if (entry.kind === 'ordered') {
      const { wallet, tradeNo, mode, amountFen, title, at, token, expiresAt, notifyUrl, attach, terminal } = entry;
      const trade: Trade = { wallet, tradeNo, mode, amountFen, title, at, token, expiresAt, notifyUrl, attach, terminal, state: 'waiting', readAt: undefined, transactionId: undefined, paidAt: undefined, endedAt: undefined, refunds: [] };
      trades.set(key, trade);
      byToken.set(keyOf(wallet, token), trade);
      return;
    }
    const trade = trades.get(key);
    if (!trade) throw new Error(`The books speak of ${key} before it was ordered.`);
    switch (entry.kind) {
      case 'read':
        trade.readAt ??= entry.at;
        trade.transactionId ??= entry.transactionId;
        return;
      case 'confirming':
        trade.state = 'confirming';
        return;
      case 'failed':
      case 'closed':
      case 'revoked':
        trade.state = entry.kind;
        trade.endedAt = entry.at;
        return;
      case 'paid':
        trade.state = 'paid';
        trade.paidAt = entry.at;
        trade.readAt ??= entry.at;
        trade.transactionId = entry.transactionId;
        return;
      case 'refund_asked':
        trade.refunds.push({ refundNo: entry.refundNo, refundId: entry.refundId, amountFen: entry.amountFen, reason: entry.reason, at: entry.at, state: 'pending', endedAt: undefined, notifyUrl: entry.notifyUrl });
        return;
      case 'refund_ended': {
        const refund = trade.refunds.find(({ refundId }) => refundId === entry.refundId);
        if (!refund) throw new Error(`The books end a refund of ${key} that was not asked for.`);
        refund.state = entry.state;
        refund.endedAt = entry.at;
        return;
      }
      case 'notice_owed':
        notices.set(entry.noticeId, { wallet: entry.wallet, tradeNo: entry.tradeNo, noticeId: entry.noticeId, about: entry.about, refundId: entry.refundId });
        return;
      case 'notice_ended':
        notices.delete(entry.noticeId);
    }
  }
  journal.entries.forEach(apply);

  const all = () => [...trades.values()];
  return {
    find: (wallet, tradeNo) => trades.get(keyOf(wallet, tradeNo)),
    byToken: (wallet, token) => byToken.get(keyOf(wallet, token)),
    byTransaction: (wallet, transactionId) => all().find((trade) => trade.wallet === wallet && trade.transactionId === transactionId),
    refund(wallet, refundNo) {
      for (const trade of trades.values()) {
        const refund = trade.wallet === wallet ? trade.refunds.find((candidate) => candidate.refundNo === refundNo && refundNo !== '') : undefined;
        if (refund) return { trade, refund };
      }
      return undefined;
    },
    trades: all,
    owed: () => [...notices.values()],
    totals(wallet) {
      const mine = all().filter((trade) => trade.wallet === wallet && trade.paidAt !== undefined);
      const refunds = mine.flatMap((trade) => trade.refunds.filter(({ state }) => state !== 'abnormal'));
      const paidFen = mine.reduce((sum, { amountFen }) => sum + amountFen, 0);
      const backFen = refunds.reduce((sum, { amountFen }) => sum + amountFen, 0);
      return { paidFen, paidCount: mine.length, refundedFen: backFen, refundedCount: refunds.length, netFen: paidFen - backFen };
    },
    record(entry) {
      journal.append(entry);
      apply(entry);
    },
    close: () => journal.close(),
  };
}

/** For what nobody may guess: tokens of codes, ids of refunds. */
export function randomToken(): string {
  return randomBytes(9).toString('base64url');
}
