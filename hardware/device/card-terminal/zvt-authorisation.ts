import type { CardDetails } from '../../../domain/payment/card.ts';
import { BMP } from '../../codec/zvt/bmp.ts';
import { cardDetailsOf, reversedTraceOf } from '../../codec/zvt/card-details.ts';
import { valueOf } from '../../codec/zvt/fields.ts';
import type { Field } from '../../codec/zvt/fields.ts';
import { control } from '../../codec/zvt/message.ts';
import { displayTextOf } from '../../codec/zvt/slip.ts';
import type { ZvtMessage } from '../../codec/zvt/message.ts';
import { amountBytes, amountOf, codeText, currencyBytes, currencyOf } from '../../codec/zvt/values.ts';
import { messageOf } from '../../../domain/contract/errors.ts';
import { deadlinePassed, within } from '../../transport/deadline.ts';
import type { Authorisation, AuthorisationOutcome } from './port.ts';
import { printsByUs } from './profiles.ts';
import type { TerminalProfile } from './profiles.ts';
import { terminalMessageOf } from './terminal-messages.ts';
import { GOODS_NOT_OUT_YET, answerToUnasked, negative, positive } from './zvt-answers.ts';
import type { Exchange, ExchangeEnd, Step, Taken } from './zvt-exchange.ts';

const ABORTED_OR_TIMED_OUT = 0x6c;
const GOODS_FAILED = 0x66;
/** System error: for an abort that names no reason (seen in the field). */
const SYSTEM_ERROR = 0xff;

/** 84 9C: the terminal asks again after so long (PA00P015, 2.2). */
const GOODS_ASKED_AGAIN_MS = 2_000;
/** So long may goods take before the terminal is told to ask again. Below its T3, of which the commit may have taken a part. */
const GOODS_PATIENCE_MS = 1_000;

/** What the terminal has said of this purchase so far. */
type Verdict =
  | { readonly kind: 'none' }
  /**
   * 04 0F with 27 00, committed by the caller. `isAccepted`: our 80 00 went out, and the terminal went on, which it may have
   * done without it: only its completion says that it had it.
   */
  | { readonly kind: 'offered'; readonly card: CardDetails; readonly isAccepted: boolean }
  /** The terminal has our 80 00 00 for certain: from here it is paid, whatever the completion says. */
  | { readonly kind: 'approved'; readonly card: CardDetails }
  | { readonly kind: 'declined'; readonly code: number; readonly card: CardDetails }
  /** We refused the approval, or the terminal took it back: only a question tells what is booked. */
  | { readonly kind: 'unclear'; readonly detail: string; readonly refused?: CardDetails };

export interface AuthorisationExchange {
  readonly exchange: Exchange<AuthorisationOutcome>;
  outcomeOf(end: ExchangeEnd<AuthorisationOutcome>): AuthorisationOutcome;
  /** An approval was taken: whatever the terminal is still at, it must not be told to stop. */
  isSettled(): boolean;
}

/** What a purchase needs to know of the terminal. */
export type PurchaseProfile = Pick<TerminalProfile, 't4Ms' | 'answerMs' | 'charset' | 'settleMs' | 'maxStatusInfos' | 'cardTimeoutSeconds' | 'configByte'>;

/** So long goods may take at the most, in the worst case of when the terminal asks. */
export function releaseWithinMs({ maxStatusInfos }: Pick<TerminalProfile, 'maxStatusInfos'>): number {
  return Math.max(GOODS_PATIENCE_MS, maxStatusInfos * GOODS_ASKED_AGAIN_MS);
}

/** One purchase (06 01) by the money rules: approved is only 04 0F with 27 00, committed by the caller before it is acknowledged. */
export function authorisationExchange({ amount, onMessage, onApproved, release }: Authorisation, profile: PurchaseProfile): AuthorisationExchange {
  let verdict: Verdict = { kind: 'none' };
  let releasing: Promise<'released' | 'failed'> | undefined;
  /** How often the terminal has asked whether the goods are out. */
  let asked = 0;
  /** The answer on its way is 80 00 to an approval. */
  let accepting = false;

  const command: ZvtMessage = {
    kind: 'authorisation',
    fields: [
      { bmp: BMP.AMOUNT, value: amountBytes(amount.amount) },
      { bmp: BMP.CURRENCY_CODE, value: currencyBytes(amount.currency) },
      ...(profile.cardTimeoutSeconds === undefined ? [] : [{ bmp: BMP.TIMEOUT, value: Uint8Array.of(profile.cardTimeoutSeconds) }]),
      // Without it the terminal would not ask again after 84 9C, and reverse (PA00P015, 2.2).
      ...(release && profile.maxStatusInfos > 0 ? [{ bmp: BMP.MAX_STATUS_INFOS, value: Uint8Array.of(profile.maxStatusInfos) }] : []),
    ],
  };

  return {
    exchange: { command, t4Ms: profile.t4Ms, movesMoney: true, isStopped: true, onMessage: step, onAnswered, onUnreadable, onPrinted },
    outcomeOf,
    isSettled: () => verdict.kind === 'approved' || (verdict.kind === 'offered' && verdict.isAccepted),
  };

  async function step(message: ZvtMessage, tooLate: boolean): Promise<Step<AuthorisationOutcome>> {
    switch (message.kind) {
      case 'intermediate_status':
        return takeIntermediateStatus(message);
      case 'status_information': {
        const answer = await answerToStatus(message.fields, tooLate);
        return { answer, ...waitAfter(answer) };
      }
      case 'completion':
        return { answer: positive, end: { value: outcomeAfterCompletion() } };
      case 'abort':
        return { answer: positive, end: { value: outcomeAfterAbort(message.resultCode ?? SYSTEM_ERROR) } };
      default:
        return { answer: answerToUnasked(message) };
    }
  }

  function takeIntermediateStatus(message: ZvtMessage & { readonly kind: 'intermediate_status' }): Step<AuthorisationOutcome> {
    const told = terminalMessageOf(message.code);
    if (told === 'reversing') takeBack('the terminal says that it reverses');
    onMessage(told, displayTextOf(message.fields, profile.charset));
    // A customer may take as long as T4 to take the card out; all else is quick once the money is settled.
    const isQuick = (verdict.kind === 'approved' || verdict.kind === 'offered') && told !== 'remove_card';
    return { answer: positive, ...(isQuick && !message.timeoutMinutes ? { waitMs: profile.settleMs } : {}) };
  }

  /** After our answer to an approval the terminal has little left to do. It is waited for no longer than that: then it is asked. */
  function waitAfter(answer: ZvtMessage): { readonly waitMs?: number } {
    if (accepting) return { waitMs: profile.settleMs };
    return answer.kind === 'answer' && answer.code === GOODS_NOT_OUT_YET ? { waitMs: GOODS_ASKED_AGAIN_MS + profile.settleMs } : {};
  }

  async function answerToStatus(fields: readonly Field[], tooLate: boolean): Promise<ZvtMessage> {
    accepting = false;
    const code = valueOf(fields, BMP.RESULT_CODE)?.[0];
    if (code === undefined) return positive;
    const card = cardDetailsOf(fields, profile.charset);
    if (code !== 0) {
      if (verdict.kind === 'none' || verdict.kind === 'declined') verdict = { kind: 'declined', code, card };
      else takeBack(`the terminal took its approval back (${codeText(code)})`);
      return positive;
    }
    const reversedTrace = reversedTraceOf(fields);
    if (reversedTrace !== undefined) {
      if (verdict.kind === 'none' || verdict.kind === 'declined') verdict = { kind: 'unclear', detail: 'the terminal took back what it had not told us', refused: { traceNumber: reversedTrace } };
      else takeBack('the terminal tells the reversal of its approval');
      return positive;
    }
    if ((verdict.kind === 'approved' || verdict.kind === 'offered') && isAnother(verdict.card, card)) return takeAnother(card);
    // The terminal asks again where our answer did not reach it: the approval is committed already.
    if (verdict.kind === 'approved') return positive;
    if (verdict.kind === 'unclear') return refuse(verdict.detail, card);
    const mismatch = amountMismatch(fields);
    if (mismatch) return refuse(mismatch, card);
    if (verdict.kind === 'none' || verdict.kind === 'declined') {
      // A card presented after the customer had cancelled: whoever presented it gets nothing for it.
      if (tooLate) return refuse('approved too late after our abort', card);
      verdict = { kind: 'offered', card, isAccepted: false };
      const refusal = await commit(card);
      if (refusal) return refuse(refusal, card);
    }
    const notOut = release && (await goods(release));
    if (notOut === 'not_yet') return negative(GOODS_NOT_OUT_YET);
    if (notOut) return refuse(notOut, card);
    accepting = true;
    return positive;
  }

  /**
   * Other numbers than those of the approval that we know: its reversal, told by a terminal that does not say so, or a second
   * approval. What we have accepted may be paid or not; what we have not is refused with all that follows.
   */
  function takeAnother(card: CardDetails): ZvtMessage {
    const isAccepted = verdict.kind === 'approved' || (verdict.kind === 'offered' && verdict.isAccepted);
    takeBack('the terminal told another transaction after its approval');
    return isAccepted ? positive : refuse('the terminal told another transaction after its approval', card);
  }

  async function commit(card: CardDetails): Promise<string | undefined> {
    try {
      const committed = await within(onApproved(card), profile.answerMs);
      return committed === deadlinePassed ? `the approval was not committed within ${profile.answerMs} ms` : undefined;
    } catch (cause) {
      return `the approval was not committed: ${messageOf(cause)}`;
    }
  }

  /** Nothing when they are out; else why the approval has to be refused, or that the terminal is to ask again. */
  async function goods(begin: NonNullable<Authorisation['release']>): Promise<string | undefined> {
    releasing ??= begun(begin);
    asked += 1;
    // The terminal asks once, and then as often again as BMP 02 says: its last question must have its answer.
    const isLast = asked > profile.maxStatusInfos;
    const result = await within(releasing, isLast && asked > 1 ? profile.answerMs : GOODS_PATIENCE_MS);
    if (result === 'released') return undefined;
    if (result === 'failed') return 'the goods did not come out';
    return isLast ? 'the goods were not out in time' : 'not_yet';
  }

  async function begun(begin: NonNullable<Authorisation['release']>): Promise<'released' | 'failed'> {
    try {
      return await begin(releaseWithinMs(profile));
    } catch {
      return 'failed';
    }
  }

  function refuse(detail: string, card: CardDetails): ZvtMessage {
    accepting = false;
    verdict = { kind: 'unclear', detail, refused: (verdict.kind === 'unclear' && verdict.refused) || card };
    return negative(GOODS_FAILED);
  }

  /** The terminal reverses, for reasons of its own. What we had never accepted is then as good as refused by us. */
  function takeBack(detail: string): void {
    if (verdict.kind === 'approved') verdict = { kind: 'unclear', detail };
    else if (verdict.kind === 'offered') verdict = { kind: 'unclear', detail, ...(verdict.isAccepted ? {} : { refused: verdict.card }) };
  }

  /** Without its slip the terminal reverses, also what we have accepted (PA00P015, 2.2). */
  function onPrinted(isTaken: boolean): number | undefined {
    if (verdict.kind !== 'offered' && verdict.kind !== 'approved') return undefined;
    if (isTaken) return profile.settleMs;
    verdict = { kind: 'unclear', detail: 'the slip of the card terminal could not be printed (84 CC)', refused: verdict.card };
    return undefined;
  }

  function amountMismatch(fields: readonly Field[]): string | undefined {
    const approved = valueOf(fields, BMP.AMOUNT);
    if (approved && amountOf(approved) !== amount.amount) return 'approved for another amount';
    const currency = valueOf(fields, BMP.CURRENCY_CODE);
    if (currency && currencyOf(currency) !== amount.currency) return 'approved in another currency';
    return undefined;
  }

  function onAnswered(message: ZvtMessage, taken: Taken): void {
    if (message.kind !== 'status_information' || verdict.kind !== 'offered' || !accepting || taken === 'unknown') return;
    const card = cardDetailsOf(message.fields, profile.charset);
    verdict = taken === 'certainly' ? { kind: 'approved', card } : { kind: 'offered', card, isAccepted: true };
  }

  function onUnreadable(controlField: number): void {
    if (controlField !== control.STATUS_INFORMATION) return;
    const detail = 'a status information could not be read';
    // It may have been an approval. Where one had been taken before, only the terminal knows which of the two counts.
    if (verdict.kind === 'none' || verdict.kind === 'declined') verdict = { kind: 'unclear', detail, refused: {} };
    else if (verdict.kind !== 'unclear') verdict = { kind: 'unclear', detail };
  }

  function outcomeAfterCompletion(): AuthorisationOutcome {
    switch (verdict.kind) {
      case 'approved':
        return { kind: 'approved', card: verdict.card };
      case 'declined':
        return declinedOrCancelled(verdict.code, verdict.card);
      case 'offered':
        // A terminal that never had our answer reverses and ends with 06 1E: 06 0F says that it had it.
        return verdict.isAccepted ? { kind: 'approved', card: verdict.card } : { kind: 'unknown', detail: 'completed, but the approval was not acknowledged' };
      case 'none':
        return { kind: 'unknown', detail: 'completed without a result' };
      case 'unclear':
        return unknownBy(verdict);
    }
  }

  function outcomeAfterAbort(code: number): AuthorisationOutcome {
    switch (verdict.kind) {
      // After the acknowledgement even an error in the completion leaves it paid; but where we print, only with the last of its lines.
      case 'approved':
        return printsByUs(profile) ? { kind: 'unknown', detail: `aborted (${codeText(code)}) before it was completed` } : { kind: 'approved', card: verdict.card };
      case 'declined':
        return declinedOrCancelled(verdict.code, verdict.card);
      case 'none':
        return declinedOrCancelled(code);
      case 'offered':
        return { kind: 'unknown', detail: `aborted (${codeText(code)}) with the approval not acknowledged for certain` };
      case 'unclear':
        return unknownBy(verdict);
    }
  }

  function outcomeOf(end: ExchangeEnd<AuthorisationOutcome>): AuthorisationOutcome {
    switch (end.kind) {
      case 'done':
        return end.value;
      case 'refused':
        return declinedOrCancelled(end.code);
      case 'not_sent':
        return { kind: 'not_sent', detail: end.detail };
      case 'unfinished':
        return verdict.kind === 'unclear' ? unknownBy({ ...verdict, detail: `${verdict.detail}; ${end.detail}` }) : { kind: 'unknown', detail: end.detail };
    }
  }
}

function isAnother(known: CardDetails, told: CardDetails): boolean {
  return (['receiptNumber', 'traceNumber'] as const).some((field) => known[field] !== undefined && told[field] !== undefined && known[field] !== told[field]);
}

function unknownBy({ detail, refused }: Verdict & { readonly kind: 'unclear' }): AuthorisationOutcome {
  return { kind: 'unknown', detail, ...(refused ? { refused } : {}) };
}

function declinedOrCancelled(code: number, card?: CardDetails): AuthorisationOutcome {
  const kind = code === ABORTED_OR_TIMED_OUT ? 'cancelled' : 'declined';
  const known = card && Object.keys(card).length > 0 ? { card } : {};
  return { kind, resultCode: codeText(code), ...known };
}
