import type { WalletAnswer, WalletState } from '../../../domain/contract/hq-online.ts';
import { walletRequestSchema } from '../../../domain/contract/hq-online.ts';
import type { Money } from '../../../domain/money.ts';
import type { Result } from '../../../domain/result.ts';
import { err, ok } from '../../../domain/result.ts';
import type { AskFailure } from '../../sync/sync.ts';
import type { WalletQuestion } from '../online.ts';

interface DeskPayment {
  state: WalletState;
  readonly amount: Money | undefined;
  readonly mode: 'shown' | 'read';
  refusal?: WalletAnswer['refusal'];
  readonly refunds: { refundId: string; amount: Money; state: 'asked' | 'done' | 'refused'; detail?: string }[];
}

export type DeskFault =
  /** Nothing leaves the kiosk. */
  | 'not_asked'
  /** HQ never hears of it, and the kiosk waits in vain. */
  | 'lost'
  /** HQ has done it, and its answer never comes. */
  | 'answer_lost'
  /** HQ hears of it only after so much else: by `deliver`. */
  | 'late'
  | 'refused';

/** HQ's part of POST /api/kiosk/wallet by domain/contract/hq-online.ts, with faults to order: its books say what was taken and given back. */
export interface WalletDesk {
  ask(question: WalletQuestion, timeoutMs: number): Promise<Result<WalletAnswer, AskFailure>>;
  /** Asked before each question for what goes wrong with it. */
  setFaults(next: (question: WalletQuestion) => DeskFault | undefined): void;
  /** What a beginning comes to; `waiting` (shown) and `confirming` (read) unless told. */
  beginsAs(state: WalletState, refusal?: WalletAnswer['refusal']): void;
  /** What a close of what is not paid comes to; `closed` unless told. */
  closesAs(state: WalletState): void;
  refundsAs(state: 'asked' | 'done' | 'refused'): void;
  /** The customer pays with the phone. Answers whether the gateway took it. */
  pay(attemptId: string): boolean;
  put(attemptId: string, state: WalletState, refusal?: WalletAnswer['refusal']): void;
  /** HQ is restored from an older copy; the gateway's book, by `pay`, stays. */
  forget(attemptId: string): void;
  /** What was `late` arrives. */
  deliver(): void;
  stateOf(attemptId: string): WalletState | undefined;
  attempts(): readonly string[];
  /** Taken less given back, in minor units. */
  balance(attemptId: string): number;
  asked(): readonly WalletQuestion[];
}

export function createWalletDesk(): WalletDesk {
  const payments = new Map<string, DeskPayment>();
  /** The gateway's own book. */
  const taken = new Map<string, Money>();
  const asked: WalletQuestion[] = [];
  const waiters = new Set<() => void>();
  const late: WalletQuestion[] = [];
  let nextFault: (question: WalletQuestion) => DeskFault | undefined = () => undefined;
  let beginning: { state: WalletState; refusal: WalletAnswer['refusal'] } | undefined;
  let closing: WalletState = 'closed';
  let refunding: 'asked' | 'done' | 'refused' = 'done';

  const wake = () => [...waiters].forEach((waiter) => waiter());

  function set(attemptId: string, state: WalletState, refusal?: WalletAnswer['refusal']): void {
    const payment = payments.get(attemptId);
    if (!payment) return;
    payment.state = state;
    payment.refusal = refusal;
    wake();
  }

  function act(question: WalletQuestion): void {
    const { attemptId } = question;
    const known = payments.get(attemptId);
    switch (question.act) {
      case 'begin':
        if (!known && beginning?.state === 'paid') taken.set(attemptId, question.amount);
        if (!known) payments.set(attemptId, { state: beginning?.state ?? (question.mode === 'shown' ? 'waiting' : 'confirming'), refusal: beginning?.refusal, amount: question.amount, mode: question.mode, refunds: [] });
        return;
      case 'state':
        return;
      case 'close':
        if (!known) payments.set(attemptId, { state: taken.has(attemptId) ? 'paid' : 'closed', amount: taken.get(attemptId), mode: 'shown', refunds: [] });
        else if (known.state !== 'paid' && known.state !== 'declined' && known.state !== 'closed') set(attemptId, taken.has(attemptId) ? 'paid' : closing);
        return;
      case 'refund': {
        if (known?.state !== 'paid') return;
        const before = known.refunds.find(({ refundId }) => refundId === question.refundId);
        if (before) before.state = before.state === 'asked' ? refunding : before.state;
        else known.refunds.push({ refundId: question.refundId, amount: question.amount, state: refunding, ...(refunding === 'refused' ? { detail: 'the gateway says no' } : {}) });
        return;
      }
    }
  }

  function answerTo({ attemptId }: WalletQuestion): Result<WalletAnswer, AskFailure> {
    const payment = payments.get(attemptId);
    if (!payment) return ok({ hqTime: 0, attemptId: attemptId as WalletAnswer['attemptId'], state: 'not_found', refunds: [] });
    return ok({
      hqTime: 0, attemptId: attemptId as WalletAnswer['attemptId'], state: payment.state, refunds: payment.refunds.map((refund) => ({ ...refund })),
      ...(payment.state === 'waiting' && payment.mode === 'shown' ? { code: `weixin://pay/${attemptId.slice(-4)}` } : {}),
      ...(payment.state === 'paid' ? { details: { transactionId: `T-${attemptId.slice(-4)}`, paidAt: 1 } } : {}),
      ...(payment.refusal ? { refusal: payment.refusal } : {}),
    });
  }

  const after = (ms: number) => new Promise<void>((resolve) => setTimeout(resolve, ms));

  return {
    async ask(question, timeoutMs) {
      walletRequestSchema.parse({ kioskId: 'kiosk-001', ...question });
      const fault = nextFault(question);
      asked.push(question);
      if (fault === 'not_asked') return err({ kind: 'not_asked', detail: 'away' });
      await after(20);
      if (fault === 'refused') return err({ kind: 'refused', detail: '400' });
      if (fault === 'late') late.push(question);
      else if (fault !== 'lost') act(question);
      if (fault) {
        await after(timeoutMs);
        return err({ kind: 'no_answer', detail: fault });
      }
      if (question.act === 'state' && question.waitMs) {
        const before = payments.get(question.attemptId)?.state;
        const isOver = after(question.waitMs).then(() => true);
        // What has ended changes no more.
        while (payments.get(question.attemptId)?.state === before && before !== undefined && ['starting', 'waiting', 'confirming', 'closing'].includes(before)) {
          let waiter: () => void = () => {};
          const changed = new Promise<boolean>((resolve) => {
            waiter = () => resolve(false);
            waiters.add(waiter);
          });
          const over = await Promise.race([changed, isOver]);
          waiters.delete(waiter);
          if (over) break;
        }
      }
      return answerTo(question);
    },
    setFaults(next) {
      nextFault = next;
    },
    beginsAs(state, refusal) {
      beginning = { state, refusal };
    },
    closesAs(state) {
      closing = state;
    },
    refundsAs(state) {
      refunding = state;
    },
    pay(attemptId) {
      const payment = payments.get(attemptId);
      if (!payment?.amount || !['starting', 'waiting', 'confirming'].includes(payment.state)) return false;
      taken.set(attemptId, payment.amount);
      set(attemptId, 'paid');
      return true;
    },
    put: set,
    forget: (attemptId) => void payments.delete(attemptId),
    deliver: () => late.splice(0).forEach(act),
    stateOf: (attemptId) => payments.get(attemptId)?.state,
    attempts: () => [...payments.keys()],
    balance: (attemptId) => (taken.get(attemptId)?.amount ?? 0) - (payments.get(attemptId)?.refunds ?? []).filter(({ state }) => state === 'done').reduce((sum, { amount }) => sum + amount.amount, 0),
    asked: () => asked,
  };
}
