import type { CardDetails } from '../../../domain/payment/card.ts';
import { BMP } from '../../codec/zvt/bmp.ts';
import { cardDetailsOf } from '../../codec/zvt/card-details.ts';
import { valueOf } from '../../codec/zvt/fields.ts';
import type { Field } from '../../codec/zvt/fields.ts';
import { control } from '../../codec/zvt/message.ts';
import type { ZvtMessage } from '../../codec/zvt/message.ts';
import { amountBytes, amountOf, codeText, currencyBytes, currencyOf } from '../../codec/zvt/values.ts';
import { messageOf } from '../../../domain/contract/errors.ts';
import { deadlinePassed, within } from '../../transport/deadline.ts';
import type { Authorisation, AuthorisationOutcome } from './port.ts';
import type { TerminalProfile } from './profiles.ts';
import { terminalMessageOf } from './terminal-messages.ts';
import { answerToUnasked, negative, positive } from './zvt-exchange.ts';
import type { Exchange, ExchangeEnd, Step } from './zvt-exchange.ts';

const ABORTED_OR_TIMED_OUT = 0x6c;
const GOODS_FAILED = 0x66;
/** System error: for an abort that names no reason (seen in the field). */
const SYSTEM_ERROR = 0xff;

/** What the terminal has said of this purchase so far. */
type Verdict =
  | { readonly kind: 'none' }
  /** 04 0F with 27 00, not yet acknowledged by us (or nobody knows whether the acknowledgement arrived). */
  | { readonly kind: 'approval_offered' }
  /** The terminal has our 80 00 00: from here it is paid, whatever the completion says. */
  | { readonly kind: 'approved'; readonly card: CardDetails }
  | { readonly kind: 'declined'; readonly code: number; readonly card: CardDetails }
  /** We refused the approval, or the terminal took it back: only a question tells what is booked. */
  | { readonly kind: 'unclear'; readonly detail: string; readonly refused?: CardDetails };

export interface AuthorisationExchange {
  readonly exchange: Exchange<AuthorisationOutcome>;
  outcomeOf(end: ExchangeEnd<AuthorisationOutcome>): AuthorisationOutcome;
}

/** One purchase (06 01) by the money rules: approved is only 04 0F with 27 00, committed by the caller before it is acknowledged. */
export function authorisationExchange(
  { amount, onMessage, onApproved }: Authorisation,
  profile: Pick<TerminalProfile, 't4Ms' | 'answerMs' | 'charset'>,
): AuthorisationExchange {
  let verdict: Verdict = { kind: 'none' };

  const command: ZvtMessage = {
    kind: 'authorisation',
    fields: [
      { bmp: BMP.AMOUNT, value: amountBytes(amount.amount) },
      { bmp: BMP.CURRENCY_CODE, value: currencyBytes(amount.currency) },
    ],
  };

  return {
    exchange: { command, t4Ms: profile.t4Ms, movesMoney: true, onMessage: step, onAnswered, onUnreadable },
    outcomeOf,
  };

  async function step(message: ZvtMessage, tooLate: boolean): Promise<Step<AuthorisationOutcome>> {
    switch (message.kind) {
      case 'intermediate_status':
        onMessage(terminalMessageOf(message.code));
        return { answer: positive };
      case 'status_information':
        return { answer: await answerToStatus(message.fields, tooLate) };
      case 'completion':
        return { answer: positive, end: { value: outcomeAfterCompletion() } };
      case 'abort':
        return { answer: positive, end: { value: outcomeAfterAbort(message.resultCode ?? SYSTEM_ERROR) } };
      default:
        // Print lines and text blocks too, although we registered without: a terminal that prints by us all the same must go on.
        return { answer: answerToUnasked(message) };
    }
  }

  async function answerToStatus(fields: readonly Field[], tooLate: boolean): Promise<ZvtMessage> {
    const code = valueOf(fields, BMP.RESULT_CODE)?.[0];
    if (code === undefined) return positive;
    const card = cardDetailsOf(fields, profile.charset);
    if (code !== 0) {
      if (verdict.kind === 'none' || verdict.kind === 'declined') verdict = { kind: 'declined', code, card };
      else if (verdict.kind !== 'unclear') verdict = { kind: 'unclear', detail: `the terminal took its approval back (${codeText(code)})` };
      return positive;
    }
    // The terminal asks again where our answer did not reach it: the approval is committed already.
    if (verdict.kind === 'approved') return positive;
    if (verdict.kind === 'unclear') return refuse(verdict.detail, card);
    const mismatch = amountMismatch(fields);
    if (mismatch) return refuse(mismatch, card);
    if (verdict.kind === 'none' || verdict.kind === 'declined') {
      // A card presented after the customer had cancelled: whoever presented it gets nothing for it.
      if (tooLate) return refuse('approved too late after our abort', card);
      verdict = { kind: 'approval_offered' };
      const refusal = await commit(card);
      if (refusal) return refuse(refusal, card);
    }
    return positive;
  }

  async function commit(card: CardDetails): Promise<string | undefined> {
    try {
      const committed = await within(onApproved(card), profile.answerMs);
      return committed === deadlinePassed ? `the approval was not committed within ${profile.answerMs} ms` : undefined;
    } catch (cause) {
      return `the approval was not committed: ${messageOf(cause)}`;
    }
  }

  function refuse(detail: string, card: CardDetails): ZvtMessage {
    verdict = { kind: 'unclear', detail, refused: (verdict.kind === 'unclear' && verdict.refused) || card };
    return negative(GOODS_FAILED);
  }

  function amountMismatch(fields: readonly Field[]): string | undefined {
    const approved = valueOf(fields, BMP.AMOUNT);
    if (approved && amountOf(approved) !== amount.amount) return 'approved for another amount';
    const currency = valueOf(fields, BMP.CURRENCY_CODE);
    if (currency && currencyOf(currency) !== amount.currency) return 'approved in another currency';
    return undefined;
  }

  function onAnswered(message: ZvtMessage, taken: boolean): void {
    if (message.kind !== 'status_information' || verdict.kind !== 'approval_offered' || !taken) return;
    verdict = { kind: 'approved', card: cardDetailsOf(message.fields, profile.charset) };
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
      case 'approval_offered':
        return { kind: 'unknown', detail: 'completed, but the approval was not acknowledged' };
      case 'none':
        return { kind: 'unknown', detail: 'completed without a result' };
      case 'unclear':
        return unknownBy(verdict);
    }
  }

  function outcomeAfterAbort(code: number): AuthorisationOutcome {
    switch (verdict.kind) {
      // After the acknowledgement even an error in the completion leaves it paid.
      case 'approved':
        return { kind: 'approved', card: verdict.card };
      case 'declined':
        return declinedOrCancelled(verdict.code, verdict.card);
      case 'none':
        return declinedOrCancelled(code);
      case 'approval_offered':
        return { kind: 'unknown', detail: `aborted (${codeText(code)}) with the approval not acknowledged` };
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

function unknownBy({ detail, refused }: Verdict & { readonly kind: 'unclear' }): AuthorisationOutcome {
  return { kind: 'unknown', detail, ...(refused ? { refused } : {}) };
}

function declinedOrCancelled(code: number, card?: CardDetails): AuthorisationOutcome {
  const kind = code === ABORTED_OR_TIMED_OUT ? 'cancelled' : 'declined';
  const known = card && Object.keys(card).length > 0 ? { card } : {};
  return { kind, resultCode: codeText(code), ...known };
}
