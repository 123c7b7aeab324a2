import { isRefundUnheard, unheardWords } from '../../domain/attention/unheard.ts';
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
  /**
   * Asks HQ for whatever in the journal is to go back and has not, until it is done or refused. What HQ does not take is put on the staff's list after a while, and
   * asked for on, rarely: whichever comes first ends it, HQ's answer or a person's word.
   */
  look(): void;
  /** HQ has come or gone. */
  hqChanged(): void;
  stop(): void;
}

export interface WalletRefundsDeps {
  readonly reader: Pick<StoreReader, 'attempts' | 'unsettledWallets' | 'openRefunds' | 'refundable' | 'refund' | 'refundsOf' | 'attention' | 'isPartGivenBack'>;
  readonly writer: Pick<StoreWriter, 'startReversal' | 'settleReversal' | 'askRefund' | 'settleRefund'>;
  readonly online: Pick<Online, 'wallet'>;
  readonly log: Log;
  readonly faults: Faults;
  readonly monotonicNow: () => number;
  /** How long ago it was that something began at this time of the wall clock. */
  readonly ageMs: (id: string, at: number) => number;
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
  /** When it was asked for; of a whole, whose journal does not tell, when it was paid. */
  readonly at: number;
}

/** One that is asked for. */
interface Driver {
  readonly pause: Pause;
  /** It stands on the list, and is asked for now and then. */
  isRare: boolean;
}

/** `listed`: a person may decide about it, and has not. `over`: it has its end. */
type Standing = 'owed' | 'listed' | 'over';
type Outcome = { readonly kind: 'done' } | { readonly kind: 'refused'; readonly detail: string };

const timeoutMs = 15_000;
/** HQ says so often that nothing was paid of which it had said that it was: then it is for a person. */
const contradictions = 5;
/** HQ has answered for so long and has not taken it (an error, or a payment that is held there): then it stands on the list, too. */
const listedAfterMs = 2 * 3_600_000;
/** HQ that says nothing at all is waited for so long: it is normal that it is away. */
const silentForMs = 24 * 3_600_000;
const rareMs = 3_600_000;
/** The gateways show it to the customer. */
const wholeReason = 'refund';

/** Money of wallet payments that goes back through HQ, driven by the journal alone: each refund is committed before HQ hears of it, and asked for under one id. */
export function createWalletRefunds({ reader, writer, online, faults, monotonicNow, ageMs, onChange, isHistoryKnown, afterCommit, ...deps }: WalletRefundsDeps): WalletRefunds {
  const log = withSource(deps.log, 'payments');
  const drivers = new Map<string, Driver>();
  /** HQ has said no since they stand on the list: it will not say another thing soon. */
  const answered = new Set<string>();
  let isStopped = false;

  function owed(): readonly Debt[] {
    const wholes = reader.unsettledWallets().filter(({ state }) => state === 'reversing').flatMap(wholeOf);
    const parts = reader.openRefunds().filter(({ way }) => way === 'tender').flatMap(partOf);
    return [...wholes, ...parts];
  }

  function listed(): readonly Debt[] {
    return reader.attention().filter(isRefundUnheard).flatMap(({ orderId, attemptId, refundId, jobId }) => {
      if (attemptId !== undefined) return reader.attempts(orderId).filter(({ id, state }) => id === attemptId && state === 'approved').flatMap(wholeOf);
      return reader.refundsOf(orderId).filter((refund) => refund.state === 'refused' && refund.way === 'tender' && (refund.id === refundId || (jobId !== undefined && refund.jobId === jobId))).flatMap(partOf);
      // What was given by hand since counts: HQ does not know of it, and would give it once more.
    }).filter(({ orderId, amount }) => amount.amount <= (reader.refundable(orderId)?.left.amount ?? 0));
  }

  function wholeOf({ id, orderId, tender, amount, startedAt }: Attempt): readonly Debt[] {
    return tender === 'card' ? [] : [{ refundId: id, attemptId: id, orderId, wallet: tender, amount, reason: wholeReason, at: startedAt }];
  }

  function partOf({ id, attemptId, orderId, amount, reason, askedAt }: Refund): readonly Debt[] {
    const tender = reader.attempts(orderId).find((attempt) => attempt.id === attemptId)?.tender;
    return tender === undefined || tender === 'card' ? [] : [{ refundId: id, attemptId, orderId, wallet: tender, amount, reason, at: askedAt }];
  }

  const isWhole = ({ refundId, attemptId }: Debt) => refundId === attemptId;
  const stateOf = (debt: Debt) => (isWhole(debt) ? reader.attempts(debt.orderId).find(({ id }) => id === debt.attemptId)?.state : reader.refund(debt.refundId as RefundId)?.state);

  function standingOf(debt: Debt): Standing {
    const state = stateOf(debt);
    if (state === 'reversing' || state === 'asked') return 'owed';
    return listed().some(({ refundId }) => refundId === debt.refundId) ? 'listed' : 'over';
  }

  function look(): void {
    if (isStopped) return;
    if (!isHistoryKnown()) return;
    const due = owed();
    for (const { refundId } of due) {
      answered.delete(refundId);
      const driver = drivers.get(refundId);
      // A person has asked for it again.
      if (driver?.isRare) driver.pause.end();
    }
    for (const debt of [...due, ...listed()]) {
      if (drivers.has(debt.refundId) || answered.has(debt.refundId)) continue;
      const driver: Driver = { pause: createPause(), isRare: false };
      drivers.set(debt.refundId, driver);
      giveBack(debt, driver)
        .then(() => faults.over('refund through HQ'))
        .catch((cause: unknown) => faults.report('refund through HQ', cause))
        .finally(() => {
          drivers.delete(debt.refundId);
          if (!isStopped) faults.guard('telling of a refund', () => onChange(debt.orderId));
        })
        .catch(() => undefined);
    }
  }

  async function giveBack(debt: Debt, driver: Driver): Promise<void> {
    const { attemptId, wallet, refundId, amount } = debt;
    const told = { order: debt.orderId, attempt: attemptId, refund: refundId, wallet };
    log.info('money goes back through HQ', { event: 'refund.begun', ...told, amount: amount.amount, currency: amount.currency });
    let isForgotten = false;
    let against = 0;
    let sinceMs = monotonicNow();
    for (let times = 1; !isStopped; times += 1) {
      // A person may have decided meanwhile.
      const before = standingOf(debt);
      if (before === 'over') return;
      if (driver.isRare && before === 'owed') [times, against, sinceMs] = [1, 0, monotonicNow()];
      driver.isRare = before === 'listed';
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
          if (outcome.kind === 'refused') answered.add(refundId);
          return settle(debt, outcome);
        }
        const state: WalletState = answer.value.state;
        if (!isForgotten && (state === 'closed' || state === 'declined')) against += 1;
        if (against >= contradictions && standingOf(debt) === 'owed') {
          const detail = `HQ says that the payment is ${state}`;
          log.warn('a refund is for a person', { event: 'refund.ended', ...told, outcome: 'refused', detail });
          return settle(debt, { kind: 'refused', detail });
        }
        isForgotten = state === 'not_found';
        // HQ has it now, and tells a person where its gateway does not do it.
        if (answer.value.refunds.some((refund) => refund.refundId === refundId)) sinceMs = monotonicNow();
      }
      const hasAnswered = answer.ok || answer.error.kind === 'refused';
      if (monotonicNow() - sinceMs >= listedAfterMs && (hasAnswered || ageMs(refundId, debt.at) >= silentForMs) && standingOf(debt) === 'owed') {
        const heard = answer.ok ? `it calls the payment ${answer.value.state}` : answer.error.detail;
        list(debt, `${unheardWords} whether it has gone back (${heard})`);
      }
      driver.isRare = standingOf(debt) === 'listed';
      await driver.pause.wait(driver.isRare ? rareMs : backoffMs(times));
    }
  }

  function list(debt: Debt, detail: string): void {
    log.warn('a refund is for a person', { event: 'refund.listed', order: debt.orderId, attempt: debt.attemptId, refund: debt.refundId, detail });
    settle(debt, { kind: 'refused', detail });
    onChange(debt.orderId);
  }

  function settle(debt: Debt, outcome: Outcome): void {
    if (isWhole(debt)) return settleWhole(debt, outcome);
    // Somebody has decided about it, or as much was given beside the list: what HQ says now comes to that.
    const wasOver = standingOf(debt) === 'over';
    const settled = writer.settleRefund(debt.refundId as RefundId, outcome.kind === 'done' ? { state: 'done' } : { state: 'refused', detail: outcome.detail });
    if (outcome.kind === 'done' && (settled === 'too_much' || (settled === 'settled' && wasOver))) warnOfTooMuch(debt);
  }

  function settleWhole(debt: Debt, outcome: Outcome): void {
    const { attemptId, orderId } = debt;
    const state = stateOf(debt);
    if (outcome.kind === 'refused') {
      // Else it stands on the list already, or a person has decided.
      if (state === 'reversing') writer.settleReversal(attemptId, outcome);
      return;
    }
    if (state === 'approved' && !reader.isPartGivenBack(orderId)) writer.startReversal(attemptId);
    if (stateOf(debt) === 'reversing') writer.settleReversal(attemptId, { kind: 'reversed' });
    else warnOfTooMuch(debt);
  }

  /** Somebody had given it back in another way when HQ said that it has gone: HQ's own books tell of what is more than was paid, this line of the rest. */
  function warnOfTooMuch({ orderId, refundId }: Debt): void {
    log.warn('it was given back in another way, too', { event: 'refund.too_much', order: orderId, refund: refundId });
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
      for (const { pause } of drivers.values()) pause.end();
    },
    stop() {
      isStopped = true;
      for (const { pause } of drivers.values()) pause.end();
    },
  };
}

function outcomeIn({ refunds }: WalletAnswer, refundId: string): Outcome | undefined {
  const found = refunds.find((refund) => refund.refundId === refundId);
  if (found?.state === 'done') return { kind: 'done' };
  return found?.state === 'refused' ? { kind: 'refused', detail: found.detail ?? 'the gateway refused it' } : undefined;
}
