import type { Money } from '../../../../domain/money.ts';
import { money, subtract } from '../../../../domain/money.ts';
import type { WalletMode, WalletRefusal } from '../../../../domain/payment/tender.ts';
import type { ChargeAnswer, GatewayPayment, PaymentQuery, WalletGateway } from '../gateway.ts';

export type Operation = 'show' | 'charge' | 'query' | 'end' | 'refund' | 'queryRefund';

/**
 * What befalls one call. `deaf`: it never arrives; `lost`: it has its effect, and the answer does not come back; `hangs`: the same, and nobody hears anything; `busy`: the
 * gateway says that it is asked too often; `throws`: the line breaks before it arrives.
 */
export type Mishap = 'deaf' | 'lost' | 'hangs' | 'busy' | 'throws';

export interface Trade {
  readonly tradeNo: string;
  readonly amount: Money;
  readonly expiresAt: number;
  state: 'open' | 'confirming' | 'paid' | 'closed' | 'refused';
  refusal?: WalletRefusal;
  paidAmount: Money;
  /** Calls that would take money from a phone. */
  charges: number;
  readonly refunds: Map<string, Money>;
}

export interface ScriptedGatewayDeps {
  readonly now: () => number;
  /** Asked for each call, with how many came before it. */
  readonly mishap?: (operation: Operation, count: number, tradeNo: string) => Mishap | undefined;
  /** What a phone's code comes to. */
  readonly onCode?: (code: string) => 'pays' | 'asks' | WalletRefusal;
  /** Before a call has its effect: what must be so by then. */
  readonly onCall?: (operation: Operation, tradeNo: string) => Promise<void> | void;
  readonly onRefund?: () => 'done' | 'pending' | 'refused';
}

export interface ScriptedGateway extends WalletGateway {
  readonly trades: ReadonlyMap<string, Trade>;
  readonly calls: { readonly operation: Operation; readonly tradeNo: string }[];
  /** A person pays with the phone. False where the gateway does not let them. `amount`: another one than was asked for. */
  readonly pay: (tradeNo: string, amount?: Money) => boolean;
  readonly refuse: (tradeNo: string) => void;
  /** Nobody has asked for it here: from before HQ was restored. */
  readonly book: (tradeNo: string, amount: Money) => void;
  /** What the gateway has of it in the end: paid less given back. */
  readonly netOf: (tradeNo: string) => number;
}

/** A wallet's gateway in memory, with books of its own: as strict as the real ones about a number that comes again, and as deaf as it is told to be. */
export function createScriptedGateway({ now, mishap = () => undefined, onCode = () => 'pays', onCall = () => {}, onRefund = () => 'done' }: ScriptedGatewayDeps): ScriptedGateway {
  const trades = new Map<string, Trade>();
  const calls: ScriptedGateway['calls'] = [];

  const take = (payment: Pick<GatewayPayment, 'tradeNo' | 'amount' | 'expiresAt'>): Trade => {
    const before = trades.get(payment.tradeNo);
    if (before) return before;
    const trade: Trade = { tradeNo: payment.tradeNo, amount: payment.amount, expiresAt: payment.expiresAt, state: 'open', paidAmount: payment.amount, charges: 0, refunds: new Map() };
    trades.set(payment.tradeNo, trade);
    return trade;
  };
  const lapse = (trade: Trade | undefined): Trade | undefined => {
    if (trade?.state === 'open' && now() >= trade.expiresAt) trade.state = 'closed';
    return trade;
  };
  const backOf = (trade: Trade) => [...trade.refunds.values()].reduce((sum, { amount }) => sum + amount, 0);
  const details = (trade: Trade) => ({ transactionId: `tx-${trade.tradeNo}` });

  const call = async <A>(operation: Operation, tradeNo: string, effect: () => A): Promise<A | { readonly kind: 'unknown'; readonly detail: string; readonly isAway?: boolean }> => {
    const count = calls.filter((before) => before.operation === operation).length;
    calls.push({ operation, tradeNo });
    await onCall(operation, tradeNo);
    const fate = mishap(operation, count, tradeNo);
    if (fate === 'deaf') return { kind: 'unknown', detail: 'no answer', isAway: true };
    if (fate === 'busy') return { kind: 'unknown', detail: 'asked too often', isAway: true };
    if (fate === 'throws') throw new Error('the line broke');
    const answer = effect();
    if (fate === 'lost') return { kind: 'unknown', detail: 'the answer was lost', isAway: true };
    return fate === 'hangs' ? new Promise<never>(() => {}) : answer;
  };

  const queried = (tradeNo: string): PaymentQuery => {
    const trade = lapse(trades.get(tradeNo));
    if (!trade) return { kind: 'not_found' };
    if (trade.state === 'open') return { kind: 'waiting' };
    if (trade.state === 'confirming') return { kind: 'confirming' };
    if (trade.state === 'paid') return { kind: 'paid', amount: trade.paidAmount, details: details(trade), ...(backOf(trade) > 0 ? { refunded: money(backOf(trade), trade.amount.currency) } : {}) };
    return { kind: 'closed', ...(trade.refusal ? { refusal: trade.refusal } : {}) };
  };

  return {
    wallet: 'wechat', modes: ['shown', 'read'], trades, calls,
    notificationAnswer: { status: 200, contentType: 'application/json', body: '{}' },
    pay: (tradeNo, amount) => {
      const trade = lapse(trades.get(tradeNo));
      if (!trade || (trade.state !== 'open' && trade.state !== 'confirming')) return false;
      trade.state = 'paid';
      trade.paidAmount = amount ?? trade.amount;
      return true;
    },
    refuse: (tradeNo) => {
      const trade = trades.get(tradeNo);
      if (trade?.state === 'confirming') Object.assign(trade, { state: 'refused', refusal: 'refused' });
    },
    book: (tradeNo, amount) => void Object.assign(take({ tradeNo, amount, expiresAt: Number.MAX_SAFE_INTEGER }), { state: 'paid' }),
    netOf: (tradeNo) => {
      const trade = trades.get(tradeNo);
      return trade?.state === 'paid' ? subtract(trade.paidAmount, money(backOf(trade), trade.amount.currency)).amount : 0;
    },
    show: (payment) => call('show', payment.tradeNo, () => {
      const trade = lapse(take(payment))!;
      if (trade.state === 'paid') return { kind: 'already_paid' };
      return trade.state === 'open' ? { kind: 'shown', code: `weixin://pay/${payment.tradeNo}` } : { kind: 'refused', refusal: 'refused', detail: 'the trade is closed' };
    }),
    charge: (payment, code) => call('charge', payment.tradeNo, (): ChargeAnswer => {
      const trade = lapse(take(payment))!;
      trade.charges++;
      if (trade.state !== 'open' || trade.charges > 1) return { kind: 'refused', refusal: 'refused', detail: 'the number was used' };
      const fate = onCode(code);
      if (fate === 'asks') {
        trade.state = 'confirming';
        return { kind: 'confirming' };
      }
      if (fate === 'pays') {
        trade.state = 'paid';
        return { kind: 'paid', amount: trade.paidAmount, details: details(trade) };
      }
      Object.assign(trade, { state: 'refused', refusal: fate });
      return { kind: 'refused', refusal: fate, detail: fate };
    }),
    query: (tradeNo) => call('query', tradeNo, () => queried(tradeNo)),
    end: ({ tradeNo, mode, begunAt }: { tradeNo: string; mode: WalletMode; begunAt: number }) => call('end', tradeNo, () => {
      const trade = lapse(trades.get(tradeNo));
      if (mode === 'read' && now() - begunAt < 15_000) return { kind: 'again', afterMs: 15_000 - (now() - begunAt), detail: 'too early' };
      if (!trade) return { kind: 'ended', tookBack: false };
      if (trade.state === 'paid') {
        if (mode === 'shown') return { kind: 'is_paid' };
        trade.state = 'closed';
        return { kind: 'ended', tookBack: true };
      }
      trade.state = 'closed';
      return { kind: 'ended', tookBack: false };
    }),
    refund: ({ tradeNo, refundNo, amount }) => call('refund', tradeNo, () => {
      const trade = trades.get(tradeNo);
      if (trade?.state !== 'paid') return { kind: 'refused', detail: 'nothing was paid' };
      if (trade.refunds.has(refundNo)) return { kind: 'done' };
      if (backOf(trade) + amount.amount > trade.paidAmount.amount) return { kind: 'refused', detail: 'more than was paid' };
      const fate = onRefund();
      if (fate === 'refused') return { kind: 'refused', detail: 'the merchant has no money' };
      trade.refunds.set(refundNo, amount);
      return { kind: fate };
    }),
    queryRefund: ({ tradeNo, refundNo }) => call('queryRefund', tradeNo, () => (trades.get(tradeNo)?.refunds.has(refundNo) ? { kind: 'done' } : { kind: 'not_found' })),
    // Its signature is one word: what is tested here is what HQ makes of a hint.
    readNotification: async (headers, body) => {
      if (headers['x-signed'] !== 'right') return { ok: false, why: 'the signature is wrong' };
      const { tradeNo, refundNo } = JSON.parse(body) as { tradeNo: string; refundNo?: string };
      return { ok: true, value: { tradeNo, refundNo } };
    },
    bill: async () => ({ kind: 'lines', pieces: [] }),
  };
}
