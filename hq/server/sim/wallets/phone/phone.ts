import type { CodeOptions, Codes, ShownCode } from '../codes.ts';
import type { Ledger } from '../ledger.ts';
import type { PayOutcome, Payments } from '../payments.ts';
import type { Trade, TradeKey, TradeState, Wallet } from '../trade.ts';
import { refundedFen } from '../trade.ts';

/** A payment as its customer, or a test, may see it. */
export interface TradeView extends TradeKey {
  readonly mode: Trade['mode'];
  readonly title: string;
  readonly amountFen: number;
  readonly state: TradeState;
  readonly at: number;
  readonly expiresAt: number | undefined;
  readonly isExpired: boolean;
  /** Alipay: from when a phone has read it. */
  readonly exists: boolean;
  readonly paidAt: number | undefined;
  readonly transactionId: string | undefined;
  readonly refundedFen: number;
  readonly refunds: readonly { readonly refundNo: string; readonly amountFen: number; readonly state: string; readonly reason: string }[];
}

export type PhoneOutcome = { readonly ok: true; readonly trade: TradeView } | { readonly ok: false; readonly why: 'unknown_code' | Extract<PayOutcome, { ok: false }>['why'] };

/** The customer's phone, with both wallets. */
export interface Phone {
  /** Reads a code of the merchant's screen: its whole text, or the token at its end. */
  read(code: string): PhoneOutcome;
  pay(key: TradeKey, options?: { readonly force?: boolean }): Promise<PhoneOutcome>;
  refuse(key: TradeKey): PhoneOutcome;
  showCode(wallet: Wallet, options?: CodeOptions): ShownCode;
  /** What stands on a merchant's screen now and may be paid, with the path by which the phone opens it, the newest first. */
  onScreens(): readonly (TradeView & { readonly path: string })[];
  /** What waits for a password now. */
  asking(): readonly TradeView[];
}

export function viewOf(trade: Trade, now: number): TradeView {
  const { wallet, tradeNo, mode, title, amountFen, state, at, expiresAt, paidAt, transactionId, refunds } = trade;
  return {
    wallet, tradeNo, mode, title, amountFen, state, at, expiresAt, paidAt, transactionId,
    isExpired: expiresAt !== undefined && now >= expiresAt,
    exists: wallet === 'wechat' || trade.readAt !== undefined,
    refundedFen: refundedFen(trade),
    refunds: refunds.map((refund) => ({ refundNo: refund.refundNo, amountFen: refund.amountFen, state: refund.state, reason: refund.reason })),
  };
}

export function createPhone({ ledger, payments, codes, now }: { readonly ledger: Ledger; readonly payments: Payments; readonly codes: Codes; readonly now: () => number }): Phone {
  const unknown: PhoneOutcome = { ok: false, why: 'unknown_code' };
  const seen = (trade: Trade): PhoneOutcome => ({ ok: true, trade: viewOf(trade, now()) });
  return {
    read(code) {
      const [, letter, token = ''] = /(?:^|\/phone\/)([wa])\/([A-Za-z0-9_-]{12})\/?$/.exec(code.trim()) ?? [];
      const trade = letter === undefined ? undefined : ledger.byToken(letter === 'w' ? 'wechat' : 'alipay', token);
      if (!trade || trade.mode !== 'shown') return unknown;
      payments.read(trade);
      return seen(trade);
    },
    async pay({ wallet, tradeNo }, options) {
      const trade = ledger.find(wallet, tradeNo);
      if (!trade) return unknown;
      const outcome = await payments.pay(trade, options);
      return outcome.ok ? seen(trade) : outcome;
    },
    refuse({ wallet, tradeNo }) {
      const trade = ledger.find(wallet, tradeNo);
      if (!trade) return unknown;
      payments.refuse(trade);
      return seen(trade);
    },
    showCode: (wallet, options) => codes.show(wallet, options),
    onScreens() {
      const shown = ledger.trades().filter(({ mode, state }) => mode === 'shown' && state === 'waiting');
      return shown.map((trade) => ({ ...viewOf(trade, now()), path: `/phone/${trade.wallet === 'wechat' ? 'w' : 'a'}/${trade.token}` })).filter(({ isExpired }) => !isExpired).toReversed();
    },
    asking() {
      ledger.trades().forEach(payments.lapse);
      return ledger.trades().filter(({ state }) => state === 'confirming').map((trade) => viewOf(trade, now()));
    },
  };
}
