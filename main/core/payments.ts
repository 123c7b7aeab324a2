import type { CodedError } from '../../domain/contract/errors.ts';
import { codedError } from '../../domain/contract/errors.ts';
import type { OrderId } from '../../domain/ids.ts';
import { nextState } from '../../domain/order/order.ts';
import type { Attempt } from '../../domain/payment/attempt.ts';
import type { CardDetails, TerminalMessage } from '../../domain/payment/card.ts';
import type { Resolution } from '../../domain/payment/resolve.ts';
import { resolveAttempt, sameTransaction } from '../../domain/payment/resolve.ts';
import type { Result } from '../../domain/result.ts';
import { err, ok } from '../../domain/result.ts';
import type { AuthorisationOutcome, CardTerminal, LastTransaction, ReversalOutcome } from '../../hardware/device/card-terminal/port.ts';
import type { StoreReader } from '../store/reader.ts';
import type { AttemptSettlement, StoreWriter } from '../store/writer.ts';
import type { Faults } from './faults.ts';
import type { Log } from './log.ts';
import { withSource } from './log.ts';

export interface RunningPayment {
  readonly orderId: OrderId;
  readonly message: TerminalMessage;
  /** The terminal's own words, where it has some. */
  readonly text: string | undefined;
  /** Since when it runs, on the monotonic clock. */
  readonly startedAtMs: number;
  readonly cancelRequested: boolean;
}

export interface Payments {
  running(): RunningPayment | undefined;
  /** `held`: an earlier payment is unsettled, so no purchase may be sent. */
  card(): 'ready' | 'unavailable' | 'held';
  /** Commits an attempt and sends it. For the order that is being paid already it does nothing: two taps make one charge. */
  pay(orderId: OrderId): Result<void, CodedError>;
  cancel(orderId: OrderId): void;
  /** Sends an approved payment back, and goes on until the terminal has taken or refused it. */
  reverse(orderId: OrderId): Result<void, CodedError>;
  /** Asks the terminal what became of an unsettled attempt, and goes on asking until it answers. */
  settleOpenAttempt(): void;
  stop(): void;
}

export interface PaymentsDeps {
  readonly reader: StoreReader;
  readonly writer: StoreWriter;
  readonly terminal: CardTerminal;
  readonly log: Log;
  readonly faults: Faults;
  readonly monotonicNow: () => number;
  /** The receipt printer can print: a terminal that prints by it is asked for nothing before. */
  readonly canPrint: () => boolean;
  /** Nobody stands there any more who could take what a payment found so late has paid for: it is sent back. */
  readonly isTooLate: (attempt: Attempt) => boolean;
  /** False while HQ may still tell a restored store of what it has forgotten: what was paid and handed out long ago must not pass for found too late. */
  readonly isHistoryKnown?: () => boolean;
  /** The order, the card's availability or both have changed. */
  readonly onChange: (orderId: OrderId) => void;
  /** Where `reverse` is a part of somebody's transaction: the terminal hears of it after its end. */
  readonly afterCommit?: (act: () => void) => void;
}

/** While the terminal does not answer what it did last, it is asked again after this. */
const askAgainMs = 3_000;
/** A terminal that refuses so often to say what it did last will not say it at all: then it is for a person. */
const triesToTell = 5;
/** A reversal of which the terminal never says what became of it is for a person after so many tries, each of several questions. */
const reversalTries = 5;

/**
 * Card payments by the journal's rule: an attempt is committed before the terminal hears of it, an approval before the
 * terminal hears that we heard, and an unknown outcome is never guessed and never sent again.
 */
export function createPayments({ reader, writer, terminal, faults, monotonicNow, canPrint, isTooLate, isHistoryKnown = () => true, onChange, afterCommit = (act) => act(), ...deps }: PaymentsDeps): Payments {
  const log = withSource(deps.log, 'payments');
  let running: RunningPayment | undefined;
  let asking: Promise<void> | undefined;
  let askTimer: NodeJS.Timeout | undefined;
  let stopped = false;
  let unknownReversals = 0;
  let refusedAnswers = 0;

  /** Refusals that could not be written when they were made: nothing is resolved before they are. */
  const unwrittenRefusals: { readonly card: CardDetails; readonly isOfRunningPurchase: boolean }[] = [];

  const forgetTerminal = terminal.onState((state) => {
    if (state.kind !== 'ready') return;
    faults.guard('noting what the terminal had done', noteBaseline);
    settleOpenAttempt();
  });
  const forgetRefusals = terminal.onRefusedApproval((card) => {
    unwrittenRefusals.push({ card, isOfRunningPurchase: running !== undefined });
    faults.guard('noting a refused approval', writeRefusals);
  });

  function writeRefusals(): void {
    for (let refusal = unwrittenRefusals[0]; refusal; refusal = unwrittenRefusals[0]) {
      writer.recordRefused(refusal.card, refusal.isOfRunningPurchase);
      unwrittenRefusals.shift();
    }
  }

  /** What the terminal did before our first purchase, or between two: somebody else's sale must never pass for ours. */
  function noteBaseline(): void {
    const baseline = terminal.baseline();
    if (!running && baseline && !reader.unsettledAttempt()) noteForeign(baseline);
  }

  function noteForeign(last: LastTransaction): void {
    if (last.kind !== 'transaction') return;
    if (!reader.settledCards().some((known) => sameTransaction(known, last.card))) writer.recordBaseline(last.card);
  }

  async function runPayment(attempt: Attempt): Promise<void> {
    const outcome = await terminal.authorise({
      amount: attempt.amount,
      onMessage: (message, text) => {
        if (running && (running.message !== message || running.text !== text)) {
          running = { ...running, message, text };
          onChange(attempt.orderId);
        }
      },
      onApproved: async (card) => writer.recordAuthorised(attempt.id, card),
    });
    log.info('card payment ended', { event: 'payment.ended', order: attempt.orderId, attempt: attempt.id, outcome: outcome.kind, ...('detail' in outcome ? { detail: outcome.detail } : {}) });
    // No later answer of the terminal means "paid" for what was refused, however that was said (84 66, 84 83, 84 CC).
    if (outcome.kind === 'unknown' && outcome.refused) writer.recordRefused(outcome.refused, true);
    // What cannot be written stays unsettled in the journal, and is asked for again: never forgotten, never guessed.
    writer.settleAttempt(attempt.id, settlementOf(outcome, running?.cancelRequested ?? false));
  }

  function settleOpenAttempt(): void {
    clearTimeout(askTimer);
    if (stopped || running || asking) return;
    asking = askTerminal()
      .then(() => faults.over('settling a payment'))
      .catch((cause: unknown) => faults.report('settling a payment', cause))
      .finally(() => {
        asking = undefined;
        if (stopped) return;
        const open = reader.unsettledAttempt();
        if (open && open.state !== 'unclear') askTimer = setTimeout(settleOpenAttempt, askAgainMs);
      });
  }

  async function askTerminal(): Promise<void> {
    writeRefusals();
    const attempt = reader.unsettledAttempt();
    if (!attempt || attempt.state === 'unclear') return;
    if (attempt.state === 'reversing') return takeBack(attempt);
    if (attempt.state !== 'unknown') {
      writer.settleAttempt(attempt.id, { state: 'unknown' });
      onChange(attempt.orderId);
    }
    const answer = await terminal.lastTransaction();
    if (stopped) return;
    if (!answer.ok) {
      log.warn('the card terminal cannot say what it did last', { event: 'payment.no_answer', order: attempt.orderId, attempt: attempt.id, failure: answer.error.kind, detail: answer.error.detail });
      // It answers, and will not tell: some do after a while, others never.
      refusedAnswers = answer.error.kind === 'refused' ? refusedAnswers + 1 : 0;
      if (refusedAnswers >= triesToTell) {
        refusedAnswers = 0;
        writer.settleAttempt(attempt.id, { state: 'unclear', detail: `the terminal does not tell what it did: ${answer.error.detail}` });
        onChange(attempt.orderId);
      }
      return;
    }
    refusedAnswers = 0;
    // Read again: an approval may have been refused while the terminal was asked.
    writeRefusals();
    const resolution = resolveAttempt(reader.unsettledAttempt() ?? attempt, answer.value, reader.settledCards());
    const isLate = isTooLate(attempt);
    if (resolution.kind === 'paid' && isLate && !isHistoryKnown()) return;
    log.info('unknown card payment resolved', { event: 'payment.resolved', order: attempt.orderId, attempt: attempt.id, resolution: resolution.kind, ...('detail' in resolution ? { detail: resolution.detail } : {}) });
    writer.settleAttempt(attempt.id, settlementOfResolution(resolution, isLate));
    onChange(attempt.orderId);
  }

  /** Again and again, until the terminal has said that the money is back or that it will not: taking back twice takes back once. */
  async function takeBack(attempt: Attempt): Promise<void> {
    const hindrance = await whyNotReversible(attempt);
    if (stopped || hindrance === 'later') return;
    const outcome: ReversalOutcome = hindrance ? { kind: 'refused', detail: hindrance } : await terminal.reverse({ amount: attempt.amount, card: attempt.card ?? {} });
    log.info('reversal of a card payment', { event: 'payment.reversal', order: attempt.orderId, attempt: attempt.id, outcome: outcome.kind, ...('detail' in outcome ? { detail: outcome.detail } : {}) });
    if (stopped || outcome.kind === 'not_sent') return;
    if (outcome.kind === 'unknown') {
      unknownReversals += 1;
      if (unknownReversals < reversalTries) return;
      unknownReversals = 0;
      writer.settleReversal(attempt.id, { kind: 'refused', detail: `asked ${reversalTries} times, and never answered: ${outcome.detail}` });
      return onChange(attempt.orderId);
    }
    unknownReversals = 0;
    if (outcome.kind === 'reversed') {
      // Some terminals book a reversal as a transaction of its own: it must be known before the next purchase is asked for.
      const last = await terminal.lastTransaction();
      if (stopped || (!last.ok && last.error.kind !== 'refused')) return;
      if (last.ok) noteForeign(last.value);
    }
    writer.settleReversal(attempt.id, outcome);
    onChange(attempt.orderId);
  }

  /**
   * 06 30 names a purchase by its receipt number alone, and those begin again: after a day's end, and at another terminal. What
   * could be somebody else's by now is for a person. `later`: the terminal cannot be asked just now.
   */
  async function whyNotReversible({ id, card }: Attempt): Promise<string | undefined> {
    const number = card?.receiptNumber;
    if (number === undefined) return 'the terminal never told its receipt number';
    if (reader.cardsSince(id).some((newer) => newer.receiptNumber === number && !sameTransaction(newer, card!))) return `the terminal has used receipt number ${number} again`;
    const last = await terminal.lastTransaction();
    if (!last.ok) return last.error.kind === 'refused' ? undefined : 'later';
    if (last.value.kind === 'none') return 'the terminal remembers nothing: its day was closed, or it is another one';
    if (last.value.kind === 'transaction') {
      const { terminalId } = last.value.card;
      if (terminalId !== undefined && card!.terminalId !== undefined && terminalId !== card!.terminalId) return `it was paid at terminal ${card!.terminalId}, and this is ${terminalId}`;
      if (last.value.card.receiptNumber === number && !sameTransaction(last.value.card, card!)) return `the terminal has used receipt number ${number} again`;
    }
    return undefined;
  }

  return {
    running: () => running,

    card() {
      if (!running && reader.unsettledAttempt()) return 'held';
      const { kind } = terminal.state();
      if (terminal.needsPrinter && !canPrint()) return 'unavailable';
      // At work without a payment of ours: a technician has it.
      return kind === 'ready' || (kind === 'busy' && running) ? 'ready' : 'unavailable';
    },

    pay(orderId) {
      if (running) return running.orderId === orderId ? ok() : err(codedError('PAYMENT_BUSY'));
      if (asking || reader.unsettledAttempt() || reader.unsettledOf(orderId)) return err(codedError('PAYMENT_UNSETTLED'));
      const stored = reader.order(orderId);
      if (!stored) return err(codedError('ORDER_UNKNOWN', orderId));
      if (nextState(stored.state, 'start_payment') === undefined) return err(codedError('ORDER_NOT_PAYABLE', stored.state));
      if (terminal.needsPrinter && !canPrint()) return err(codedError('PRINTER_NEEDED'));
      if (terminal.state().kind === 'busy') return err(codedError('PAYMENT_BUSY', 'the card terminal is being served'));
      const attempt = writer.startAttempt(orderId, stored.order.total, { tender: 'card' });
      log.info('a card payment begins', { event: 'payment.begun', order: orderId, attempt: attempt.id, amount: attempt.amount.amount, currency: attempt.amount.currency });
      running = { orderId, message: 'starting', text: undefined, startedAtMs: monotonicNow(), cancelRequested: false };
      runPayment(attempt)
        .then(() => faults.over('card payment'))
        .catch((cause: unknown) => faults.report('card payment', cause))
        .finally(() => {
          running = undefined;
          // The store may be closed by now; the journal has what the next start needs.
          if (stopped) return;
          onChange(orderId);
          settleOpenAttempt();
        });
      return ok();
    },

    cancel(orderId) {
      if (running?.orderId !== orderId || running.cancelRequested) return;
      running = { ...running, cancelRequested: true };
      log.info('the customer wants to stop the payment', { event: 'payment.cancel_asked', order: orderId });
      terminal.abort();
      onChange(orderId);
    },

    reverse(orderId) {
      if (running || asking || reader.unsettledAttempt()) return err(codedError('PAYMENT_UNSETTLED'));
      const attempt = reader.attempts(orderId).find(({ state, tender }) => state === 'approved' && tender === 'card');
      if (!attempt) return err(codedError('ORDER_NOT_CANCELLABLE', 'there is no approved card payment'));
      if (reader.isPartGivenBack(orderId)) return err(codedError('ORDER_NOT_CANCELLABLE', 'a part of it was given back by hand: the rest is given back by hand too'));
      // In the middle of an end of day it would fall between two of the terminal's books.
      if (terminal.state().kind === 'busy') return err(codedError('PAYMENT_BUSY', 'the card terminal is being served'));
      writer.startReversal(attempt.id);
      // Undone with whatever transaction there is around it, the terminal must never have heard of it.
      afterCommit(() => {
        log.info('the money of a card payment is to go back', { event: 'payment.reversal_begun', order: orderId, attempt: attempt.id });
        settleOpenAttempt();
        onChange(orderId);
      });
      return ok();
    },

    settleOpenAttempt,

    stop() {
      stopped = true;
      clearTimeout(askTimer);
      forgetTerminal();
      forgetRefusals();
    },
  };
}

function settlementOfResolution(resolution: Resolution, isTooLate: boolean): AttemptSettlement {
  switch (resolution.kind) {
    case 'paid':
      return { state: isTooLate ? 'reversing' : 'approved', card: resolution.card };
    case 'not_paid':
      return { state: 'not_paid', card: resolution.card };
    case 'unclear':
      return { state: 'unclear', detail: resolution.detail, last: resolution.last };
  }
}

function settlementOf(outcome: AuthorisationOutcome, cancelRequested: boolean): AttemptSettlement {
  switch (outcome.kind) {
    case 'approved':
      return { state: 'approved', card: outcome.card };
    case 'declined':
    case 'cancelled':
      return { state: outcome.kind, resultCode: outcome.resultCode, card: outcome.card };
    case 'not_sent':
      // The customer was quicker than the line: cancelled, and no fault of the terminal.
      return cancelRequested ? { state: 'cancelled', resultCode: '6c' } : { state: 'not_sent' };
    case 'unknown':
      return { state: 'unknown' };
  }
}
