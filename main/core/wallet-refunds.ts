import type { CodedError } from '../../domain/contract/errors.ts';
import { codedError } from '../../domain/contract/errors.ts';
import type { WalletAnswer, WalletState } from '../../domain/contract/hq-online.ts';
import type { AttemptId, OrderId, RefundId } from '../../domain/ids.ts';
import type { Money } from '../../domain/money.ts';
import type { Attempt } from '../../domain/payment/attempt.ts';
import type { Refund } from '../../domain/payment/refund.ts';
import type { Result } from '../../domain/result.ts';
import { err, ok } from '../../domain/result.ts';
import type { Wallet } from '../../domain/scan/payment-code.ts';
import type { AskFailure } from '../sync/sync.ts';
import type { StoreReader } from '../store/reader.ts';
import type { StoreWriter } from '../store/writer.ts';
import type { Pause } from './asking.ts';
import { backoffMs, createPause } from './asking.ts';
import type { Faults } from './faults.ts';
import type { Log } from './log.ts';
import { withSource } from './log.ts';
import type { Online } from './online.ts';

export interface WalletRefunds {
  /** The whole of a wallet payment is to go back, or what is left of it; may be a part of somebody's transaction. */
  reverse(orderId: OrderId, reason: string, by?: string): Result<void, CodedError>;
  /** Asks HQ for whatever in the journal is to go back and has not, until it is done or refused. */
  look(): void;
  /** HQ has come or gone. */
  hqChanged(): void;
  stop(): void;
}

export interface WalletRefundsDeps {
  readonly reader: Pick<StoreReader, 'attempts' | 'unsettledWallets' | 'openRefunds' | 'refundable'>;
  readonly writer: Pick<StoreWriter, 'startReversal' | 'settleReversal' | 'askRefund' | 'settleRefund'>;
  readonly online: Pick<Online, 'wallet'>;
  readonly log: Log;
  readonly faults: Faults;
  readonly onChange: (orderId: OrderId) => void;
  /** False while HQ may still tell a restored store of what it has forgotten, refunds among it. */
  readonly isHistoryKnown: () => boolean;
  /** HQ hears of what is on disk, never of what may yet be undone. */
  readonly afterCommit: (act: () => void) => void;
}

/** Something that is to go back: a whole payment under its attempt's own id, or a part under one of its own. */
interface Debt {
  readonly refundId: AttemptId | RefundId;
  readonly attemptId: AttemptId;
  readonly orderId: OrderId;
  readonly wallet: Wallet;
  readonly amount: Money;
  readonly reason: string;
}

type Outcome = { readonly kind: 'done' } | { readonly kind: 'refused'; readonly detail: string };

const timeoutMs = 15_000;
/** HQ says so often that nothing was paid of which it had said that it was: then it is for a person. */
const contradictions = 5;
/** The gateways show it to the customer. */
const wholeReason = 'refund';

/** Money of wallet payments that goes back through HQ, driven by the journal alone: each refund is committed before HQ hears of it, and asked for under one id. */
export function createWalletRefunds({ reader, writer, online, faults, onChange, isHistoryKnown, afterCommit, ...deps }: WalletRefundsDeps): WalletRefunds {
  const log = withSource(deps.log, 'payments');
  const drivers = new Map<string, Pause>();
  let isStopped = false;

  function debts(): readonly Debt[] {
    const whole = reader.unsettledWallets().filter(({ state }) => state === 'reversing')
      .flatMap(({ id, orderId, tender, amount }) => (tender === 'card' ? [] : [{ refundId: id, attemptId: id, orderId, wallet: tender, amount, reason: wholeReason }]));
    const parts = reader.openRefunds().filter(({ way }) => way === 'tender').flatMap((refund): Debt[] => {
      const tender = attemptOf(refund)?.tender;
      return tender === undefined || tender === 'card' ? [] : [{ refundId: refund.id, attemptId: refund.attemptId, orderId: refund.orderId, wallet: tender, amount: refund.amount, reason: refund.reason }];
    });
    return [...whole, ...parts];
  }

  function attemptOf({ orderId, attemptId }: Refund): Attempt | undefined {
    return reader.attempts(orderId).find(({ id }) => id === attemptId);
  }

  function look(): void {
    if (isStopped || !isHistoryKnown()) return;
    for (const debt of debts()) {
      if (drivers.has(debt.refundId)) continue;
      const pause = createPause();
      drivers.set(debt.refundId, pause);
      giveBack(debt, pause)
        .then(() => faults.over('refund through HQ'))
        .catch((cause: unknown) => faults.report('refund through HQ', cause))
        .finally(() => {
          drivers.delete(debt.refundId);
          if (!isStopped) faults.guard('telling of a refund', () => onChange(debt.orderId));
        })
        .catch(() => undefined);
    }
  }

  async function giveBack(debt: Debt, pause: Pause): Promise<void> {
    const { attemptId, wallet, refundId, amount } = debt;
    const told = { order: debt.orderId, attempt: attemptId, refund: refundId, wallet };
    log.info('money goes back through HQ', { event: 'refund.begun', ...told, amount: amount.amount, currency: amount.currency });
    let isForgotten = false;
    let against = 0;
    for (let times = 1; !isStopped; times += 1) {
      // HQ that was restored from an older copy asks the gateway at a `close`, and knows the payment again.
      const answer: Result<WalletAnswer, AskFailure> = isForgotten
        ? await online.wallet({ act: 'close', attemptId, wallet }, timeoutMs)
        : await online.wallet({ act: 'refund', attemptId, wallet, refundId, amount, reason: debt.reason.slice(0, 80) }, timeoutMs);
      if (isStopped) return;
      if (!answer.ok && times === 1) log.warn('HQ does not answer about a refund', { event: 'refund.no_answer', ...told, failure: answer.error.kind, detail: answer.error.detail });
      if (answer.ok) {
        const outcome = outcomeIn(answer.value, refundId);
        if (outcome) {
          log.info('refund ended', { event: 'refund.ended', ...told, outcome: outcome.kind, ...(outcome.kind === 'refused' ? { detail: outcome.detail } : {}) });
          return settle(debt, outcome);
        }
        const state: WalletState = answer.value.state;
        if (!isForgotten && (state === 'closed' || state === 'declined')) against += 1;
        if (against >= contradictions) {
          const detail = `HQ says that the payment is ${state}`;
          log.warn('a refund is for a person', { event: 'refund.ended', ...told, outcome: 'refused', detail });
          return settle(debt, { kind: 'refused', detail });
        }
        isForgotten = state === 'not_found';
      }
      await pause.wait(backoffMs(times));
    }
  }

  function settle({ refundId, attemptId, orderId }: Debt, outcome: Outcome): void {
    if (refundId === attemptId) return writer.settleReversal(attemptId, outcome.kind === 'done' ? { kind: 'reversed' } : outcome);
    const settled = writer.settleRefund(refundId as RefundId, outcome.kind === 'done' ? { state: 'done' } : { state: 'refused', detail: outcome.detail });
    if (settled === 'too_much') log.warn('more was given back than was paid', { event: 'refund.too_much', order: orderId, refund: refundId });
  }

  return {
    reverse(orderId, reason, by) {
      const found = reader.refundable(orderId);
      if (!found || found.attempt.tender === 'card') return err(codedError('ORDER_NOT_CANCELLABLE', 'there is no approved wallet payment'));
      if (found.left.amount <= 0) return err(codedError('ORDER_NOT_CANCELLABLE', 'all of it goes back already'));
      if (found.isWhole) writer.startReversal(found.attempt.id);
      else writer.askRefund({ orderId, amount: found.left, way: 'tender', reason, by });
      afterCommit(() => {
        look();
        onChange(orderId);
      });
      return ok();
    },
    look,
    hqChanged() {
      for (const pause of drivers.values()) pause.end();
    },
    stop() {
      isStopped = true;
      for (const pause of drivers.values()) pause.end();
    },
  };
}

function outcomeIn({ refunds }: WalletAnswer, refundId: string): Outcome | undefined {
  const found = refunds.find((refund) => refund.refundId === refundId);
  if (found?.state === 'done') return { kind: 'done' };
  return found?.state === 'refused' ? { kind: 'refused', detail: found.detail ?? 'the gateway refused it' } : undefined;
}
