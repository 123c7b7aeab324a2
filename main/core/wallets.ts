import type { CodedError } from '../../domain/contract/errors.ts';
import { codedError } from '../../domain/contract/errors.ts';
import type { WalletAnswer, WalletState } from '../../domain/contract/hq-online.ts';
import type { AttemptId, OrderId } from '../../domain/ids.ts';
import { nextState } from '../../domain/order/order.ts';
import type { Attempt } from '../../domain/payment/attempt.ts';
import { isUnsettled } from '../../domain/payment/attempt.ts';
import type { WalletMode } from '../../domain/payment/tender.ts';
import type { Result } from '../../domain/result.ts';
import { err, ok } from '../../domain/result.ts';
import type { PaymentCode, Wallet } from '../../domain/scan/payment-code.ts';
import type { AskFailure } from '../sync/sync.ts';
import type { StoreReader } from '../store/reader.ts';
import type { StoreWriter } from '../store/writer.ts';
import type { Pause } from './asking.ts';
import { backoffMs, createPause } from './asking.ts';
import type { Faults } from './faults.ts';
import type { Log } from './log.ts';
import { withSource } from './log.ts';
import type { Online, WalletQuestion } from './online.ts';

export interface RunningWallet {
  readonly orderId: OrderId;
  readonly wallet: Wallet;
  readonly mode: WalletMode;
  /** `checking`: the time is over, or it was cancelled, and what became of it is being asked. */
  readonly step: 'starting' | 'show' | 'confirm' | 'checking';
  /** What the customer's phone is to read. */
  readonly code: string | undefined;
  readonly startedAtMs: number;
  /** Until when it may be paid, on the monotonic clock. */
  readonly untilMs: number;
  readonly cancelRequested: boolean;
}

/** Payments with wallets on customers' phones, through HQ. */
export interface Wallets {
  /** The payment of an order as its customer can follow it; undefined where there is none, and where nobody can be asked just now. */
  running(orderId: OrderId): RunningWallet | undefined;
  /** The newest one that its customer may still pay, or that has just been stopped. What HQ has to find out while it is away is not among them. */
  runningOrder(): OrderId | undefined;
  /** Commits an attempt and asks HQ for a code to be shown. For the order that is being paid already it does nothing: two taps make one charge. */
  show(orderId: OrderId, wallet: Wallet): Result<void, CodedError>;
  /** The same with the code that the customer's phone shows. Where one is being shown for the order, that one is closed first. */
  read(orderId: OrderId, wallet: Wallet, code: PaymentCode): Result<void, CodedError>;
  /** Not wanted any more. A payment may have been quicker. */
  cancel(orderId: OrderId): void;
  /** Takes up what is unsettled in the journal, and asks until its end is known. */
  settleOpen(): void;
  /** HQ has come or gone. */
  hqChanged(): void;
  stop(): void;
}

export interface WalletsDeps {
  readonly reader: Pick<StoreReader, 'order' | 'attempts' | 'unsettledOf' | 'unsettledWallets'>;
  readonly writer: Pick<StoreWriter, 'startAttempt' | 'settleAttempt'>;
  readonly online: Pick<Online, 'wallet' | 'canPay'>;
  readonly log: Log;
  readonly faults: Faults;
  readonly monotonicNow: () => number;
  /** How long a code that is shown may be paid. */
  readonly shownMs: number;
  /** What the phone shows its customer, beside the order's number. */
  readonly shopName: string;
  /** Its customer looks at it. */
  readonly isOnScreen: (orderId: OrderId) => boolean;
  /** Nobody stands there any more who could take what a payment found so late has paid for: it is sent back. */
  readonly isTooLate: (attempt: Attempt) => boolean;
  /** So old that a person has to look, if nobody has said by now what became of it. */
  readonly isOverdue: (attempt: Attempt) => boolean;
  /** False while HQ may still tell a restored store of what it has forgotten: what was paid and handed out long ago must not pass for found too late. */
  readonly isHistoryKnown: () => boolean;
  readonly onChange: (orderId: OrderId) => void;
}

/** Why a payment is being ended. `unheard`: nobody waits for it any more, or HQ has never heard of it. */
type Ending = 'cancelled' | 'too_late' | 'unheard';

/** One attempt whose end is not known. */
interface Course {
  readonly attemptId: AttemptId;
  readonly orderId: OrderId;
  readonly wallet: Wallet;
  readonly mode: WalletMode;
  readonly startedAtMs: number;
  readonly untilMs: number;
  readonly pause: Pause;
  step: RunningWallet['step'];
  code: string | undefined;
  ending: Ending | undefined;
  /** Said to be `unknown` in the journal, and not heard of since. */
  isLost: boolean;
  heard: WalletState | undefined;
  /** Questions one after the other that told nothing new. */
  rounds: number;
  failures: number;
  endedAtMs: number | undefined;
  /** Nobody waits for the answer under way any more. */
  abandon: (() => void) | undefined;
  deadline: NodeJS.Timeout | undefined;
  /** Begins when this one has ended unpaid. */
  next: { readonly wallet: Wallet; readonly code: PaymentCode; readonly readAtMs: number } | undefined;
}

/** A code that a phone shows is good for a minute, and its customer expects an answer. */
const readMs = 60_000;
/** HQ answers a beginning when its gateway has, or says that it is `starting`. */
const beginTimeoutMs = 15_000;
const longPollMs = 10_000;
const timeoutMs = 15_000;
const betweenMs = 1_000;
/** A customer who stands there gets an answer of HQ's that came back at once. */
const watchedAtMostMs = 5_000;
/** What takes longer to be ended is called unknown. */
const lostSightMs = 25_000;
/** A code that was read while another payment was being closed: a phone changes it every minute. */
const nextWithinMs = 40_000;
/** A kiosk that was off for days asks for a while before anybody is troubled. */
const askedForMs = 600_000;
const titleLength = 60;

/**
 * Payments with wallets by the journal's rule: an attempt is committed before HQ hears of it, its end comes from HQ's answers alone, and what nobody could be asked
 * about is unknown, shown as such and asked again for as long as it takes. Each attempt holds up its own order and no other.
 */
export function createWallets(deps: WalletsDeps): Wallets {
  const { reader, writer, online, faults, monotonicNow, isOnScreen, isTooLate, isOverdue, isHistoryKnown, onChange } = deps;
  const log = withSource(deps.log, 'payments');
  const courses = new Map<AttemptId, Course>();
  let isStopped = false;

  const courseOf = (orderId: OrderId) => [...courses.values()].findLast((course) => course.orderId === orderId);
  const stateOf = ({ orderId, attemptId }: Course) => reader.attempts(orderId).find(({ id }) => id === attemptId);
  /** One that a person is to decide about is asked on: HQ may find out before them. */
  const isAsked = (attempt: Attempt | undefined) => attempt !== undefined && isUnsettled(attempt.state) && attempt.state !== 'reversing';
  const about = ({ orderId, attemptId, wallet }: Course) => ({ order: orderId, attempt: attemptId, wallet });

  function begin(orderId: OrderId, wallet: Wallet, mode: WalletMode, code?: PaymentCode): Result<void, CodedError> {
    if (reader.unsettledOf(orderId)) return err(codedError('PAYMENT_UNSETTLED'));
    const stored = reader.order(orderId);
    if (!stored) return err(codedError('ORDER_UNKNOWN', orderId));
    if (nextState(stored.state, 'start_payment') === undefined) return err(codedError('ORDER_NOT_PAYABLE', stored.state));
    if (!online.canPay(wallet, mode)) return err(codedError('HQ_UNAVAILABLE', `${wallet}: ${mode}`));
    const { order } = stored;
    const validMs = mode === 'shown' ? deps.shownMs : readMs;
    const attempt = writer.startAttempt(orderId, order.total, { tender: wallet, mode });
    const course = courseFor(attempt, wallet, mode, validMs);
    course.deadline = setTimeout(() => end(course, 'too_late'), validMs);
    log.info('a wallet payment begins', { event: 'payment.begun', ...about(course), mode, amount: order.total.amount, currency: order.total.currency });
    // The code goes into this one question, and is kept nowhere.
    const question: WalletQuestion = {
      act: 'begin', attemptId: attempt.id, wallet, orderId, orderNumber: order.number, amount: order.total, mode, ...(code ? { code: code.reveal() } : {}),
      title: [...`${deps.shopName} ${order.number}`].slice(-titleLength).join(''), validMs,
    };
    run(course, question);
    return ok();
  }

  function courseFor({ id, orderId }: Attempt, wallet: Wallet, mode: WalletMode, validMs: number): Course {
    const startedAtMs = monotonicNow();
    const course: Course = {
      attemptId: id, orderId, wallet, mode, startedAtMs, untilMs: startedAtMs + validMs, pause: createPause(), step: 'starting', code: undefined, ending: undefined, isLost: false,
      heard: undefined, rounds: 0, failures: 0, endedAtMs: undefined, abandon: undefined, deadline: undefined, next: undefined,
    };
    courses.set(id, course);
    return course;
  }

  function run(course: Course, beginning?: WalletQuestion): void {
    follow(course, beginning)
      .catch((cause: unknown) => faults.report('wallet payment', cause))
      .finally(() => {
        clearTimeout(course.deadline);
        courses.delete(course.attemptId);
        if (isStopped) return;
        // Before anybody is told: what was cancelled for the sake of the next is no news.
        faults.guard('a payment code that was read meanwhile', () => takeUpNext(course));
        onChange(course.orderId);
      })
      .catch((cause: unknown) => faults.report('wallet payment', cause));
  }

  /** Until its end stands in the journal. What cannot be written is asked for again: never forgotten, never guessed. */
  async function follow(course: Course, beginning: WalletQuestion | undefined): Promise<void> {
    let question = beginning;
    while (!isStopped && isAsked(stateOf(course))) {
      const askedAtMs = monotonicNow();
      const wasEnding = course.ending;
      const answer = await ask(course, question ?? questionFor(course));
      if (isStopped) return;
      const isBeginning = question !== undefined;
      question = undefined;
      if (answer !== 'abandoned') {
        try {
          if (answer.ok) take(course, answer.value);
          else failed(course, answer.error, isBeginning);
          leaveToPersonIfOverdue(course);
          faults.over('wallet payment');
        } catch (cause) {
          // It cannot be written: nobody is kept at the screen by that.
          faults.report('wallet payment', cause);
          course.failures += 1;
          loseFromSight(course);
        }
      }
      // What was decided while it was asked is said at once.
      if (course.ending !== wasEnding || !isAsked(stateOf(course))) continue;
      await course.pause.wait(pauseMs(course, monotonicNow() - askedAtMs));
    }
  }

  function ask(course: Course, question: WalletQuestion): Promise<Result<WalletAnswer, AskFailure> | 'abandoned'> {
    const abandoned = new Promise<'abandoned'>((resolve) => {
      course.abandon = question.act === 'close' ? undefined : () => resolve('abandoned');
    });
    return Promise.race([online.wallet(question, question.act === 'begin' ? beginTimeoutMs : timeoutMs), abandoned]);
  }

  function questionFor(course: Course): WalletQuestion {
    const { attemptId, wallet } = course;
    if (course.ending && course.heard !== 'closing') return { act: 'close', attemptId, wallet };
    return { act: 'state', attemptId, wallet, ...(isOnScreen(course.orderId) && course.failures === 0 ? { waitMs: longPollMs } : {}) };
  }

  function pauseMs(course: Course, tookMs: number): number {
    const isWatched = isOnScreen(course.orderId);
    if (course.failures > 0) return backoffMs(course.failures, isWatched ? watchedAtMostMs : undefined);
    // What waits for a person at HQ does not change from one second to the next.
    return isWatched && course.heard !== 'held' ? Math.max(0, betweenMs - tookMs) : backoffMs(course.rounds);
  }

  function take(course: Course, answer: WalletAnswer): void {
    const { state } = answer;
    course.failures = 0;
    course.rounds = state === course.heard ? course.rounds + 1 : 1;
    if (state !== course.heard) log.info('HQ says of a wallet payment', { event: 'payment.heard', ...about(course), state, ...(answer.detail === undefined ? {} : { detail: answer.detail }) });
    course.heard = state;
    switch (state) {
      case 'starting':
      case 'waiting':
      case 'confirming':
        // While it is being ended, only its end is news.
        if (!course.ending) showStep(course, answer);
        return loseSightIfLong(course);
      case 'closing':
        showChecking(course);
        return loseSightIfLong(course);
      case 'not_found':
        // HQ has never heard of it, or was restored from an older copy: it asks the gateway before it says that nothing was paid.
        loseSight(course);
        return end(course, 'unheard');
      case 'paid': return paid(course, answer);
      case 'declined':
      case 'closed': return notPaid(course, answer);
      case 'held':
        if (stateOf(course)?.state !== 'unclear') settle(course, { state: 'unclear', detail: `HQ could not find out: ${answer.detail ?? 'no reason given'}` });
        return loseFromSight(course);
    }
  }

  function notPaid(course: Course, { state, refusal }: WalletAnswer): void {
    if (stateOf(course)?.state === 'unclear') return settle(course, { state: 'not_paid' });
    if (state === 'declined') return settle(course, { state: 'declined', resultCode: refusal ?? 'refused' });
    if (course.ending === 'too_late' || refusal === 'too_late') return settle(course, { state: 'cancelled', resultCode: 'too_late' });
    settle(course, course.ending === 'cancelled' ? { state: 'cancelled' } : { state: 'not_paid' });
  }

  function showStep(course: Course, { state, code }: WalletAnswer): void {
    const step = state === 'confirming' ? 'confirm' : state === 'waiting' && course.mode === 'shown' ? 'show' : 'starting';
    const isNews = course.step !== step || course.isLost || (code !== undefined && course.code !== code);
    course.step = step;
    course.code = code ?? course.code;
    course.isLost = false;
    if (isNews) onChange(course.orderId);
  }

  function showChecking(course: Course): void {
    if (course.step === 'checking') return;
    course.step = 'checking';
    onChange(course.orderId);
  }

  function failed(course: Course, failure: AskFailure, isBeginning: boolean): void {
    course.failures += 1;
    course.rounds += 1;
    if (course.failures === 1) log.warn('HQ does not answer about a wallet payment', { event: 'payment.no_answer', ...about(course), failure: failure.kind, detail: failure.detail });
    // It never left this machine, or HQ has said that it did not take it.
    if (isBeginning && failure.kind === 'not_asked') return settle(course, { state: 'not_sent' });
    // One question that got lost is no reason to take the code from the screen.
    if (isBeginning || course.failures > 1 || failure.kind === 'not_asked') loseSight(course);
  }

  function loseSightIfLong(course: Course): void {
    if (course.endedAtMs !== undefined && monotonicNow() - course.endedAtMs > lostSightMs) loseSight(course);
  }

  function loseSight(course: Course): void {
    const state = stateOf(course)?.state;
    if (state === 'started') writer.settleAttempt(course.attemptId, { state: 'unknown' });
    loseFromSight(course);
  }

  function loseFromSight(course: Course): void {
    if (course.isLost) return;
    course.isLost = true;
    onChange(course.orderId);
  }

  /** No payment is without an end for ever: it is asked on, and whoever knows first, a person or HQ, decides. */
  function leaveToPersonIfOverdue(course: Course): void {
    const attempt = stateOf(course);
    if (attempt?.state !== 'unknown' || monotonicNow() - course.startedAtMs < askedForMs || !isOverdue(attempt)) return;
    settle(course, { state: 'unclear', detail: `HQ has not told for a day what became of it; heard last: ${course.heard ?? 'nothing'}` });
    onChange(course.orderId);
  }

  function paid(course: Course, { details }: WalletAnswer): void {
    const attempt = stateOf(course);
    if (!attempt) return;
    // Where its customer has gone, whoever takes the money back finds it in the journal.
    settle(course, isTooLate(attempt) ? { state: 'reversing', wallet: details } : { state: 'approved', wallet: details });
  }

  function settle(course: Course, settlement: Parameters<StoreWriter['settleAttempt']>[1]): void {
    writer.settleAttempt(course.attemptId, settlement);
    log.info('wallet payment ended', { event: 'payment.ended', ...about(course), outcome: settlement.state, ...('resultCode' in settlement && settlement.resultCode !== undefined ? { reason: settlement.resultCode } : {}) });
  }

  function end(course: Course, why: Ending): void {
    if (course.ending) return;
    course.ending = why;
    course.endedAtMs = monotonicNow();
    log.info('a wallet payment is to be ended', { event: 'payment.closing', ...about(course), why });
    showChecking(course);
    course.abandon?.();
    course.pause.end();
  }

  function takeUpNext({ orderId, next }: Course): void {
    if (!next || monotonicNow() - next.readAtMs > nextWithinMs || !isOnScreen(orderId)) return;
    begin(orderId, next.wallet, 'read', next.code);
  }

  return {
    running(orderId) {
      const course = courseOf(orderId);
      if (!course || course.isLost) return undefined;
      const { wallet, mode, step, code, startedAtMs, untilMs, ending } = course;
      return { orderId, wallet, mode, step, code: step === 'show' ? code : undefined, startedAtMs, untilMs, cancelRequested: ending === 'cancelled' };
    },

    runningOrder: () => [...courses.values()].findLast(({ isLost }) => !isLost)?.orderId,

    show: (orderId, wallet) => (courseOf(orderId) ? ok() : begin(orderId, wallet, 'shown')),

    read(orderId, wallet, code) {
      const course = courseOf(orderId);
      if (!course) return begin(orderId, wallet, 'read', code);
      // The same code again, or another one of a phone that has been charged already.
      if (course.mode === 'read' || course.ending || course.isLost) return err(codedError('PAYMENT_BUSY'));
      if (!online.canPay(wallet, 'read')) return err(codedError('HQ_UNAVAILABLE', `${wallet}: read`));
      course.next = { wallet, code, readAtMs: monotonicNow() };
      end(course, 'cancelled');
      return ok();
    },

    cancel(orderId) {
      const course = courseOf(orderId);
      if (!course) return;
      course.next = undefined;
      if (!course.ending) end(course, 'cancelled');
    },

    settleOpen() {
      if (!isHistoryKnown()) return;
      for (const attempt of reader.unsettledWallets()) {
        if (attempt.tender === 'card' || !isAsked(attempt) || courses.has(attempt.id)) continue;
        // Of a run before this one, or of a store that was restored: whoever saw its code sees it no more.
        const course = courseFor(attempt, attempt.tender, attempt.mode ?? 'shown', 0);
        course.step = 'checking';
        course.ending = 'unheard';
        course.endedAtMs = course.startedAtMs;
        faults.guard('settling a wallet payment', () => loseSight(course));
        run(course);
      }
    },

    hqChanged() {
      for (const course of courses.values()) course.pause.end();
    },

    stop() {
      isStopped = true;
      for (const course of courses.values()) {
        clearTimeout(course.deadline);
        course.next = undefined;
        course.pause.end();
        course.abandon?.();
      }
    },
  };
}
