import type { CardDetails } from '../../../domain/payment/card.ts';
import { equals, money } from '../../../domain/money.ts';
import type { Money } from '../../../domain/money.ts';
import { BMP } from '../../codec/zvt/bmp.ts';
import { bytesOf } from '../../codec/zvt/bytes.ts';
import { cardDetailsOf } from '../../codec/zvt/card-details.ts';
import { valueOf } from '../../codec/zvt/fields.ts';
import type { Field } from '../../codec/zvt/fields.ts';
import type { ZvtMessage } from '../../codec/zvt/message.ts';
import { amountBytes, amountOf, codeText, currencyBytes } from '../../codec/zvt/values.ts';
import type { ReversalOutcome, ReversiblePurchase } from './port.ts';
import type { TerminalProfile } from './profiles.ts';
import { answerToUnasked, positive } from './zvt-answers.ts';
import type { Exchange, ExchangeEnd, Step, Taken } from './zvt-exchange.ts';

/** What was to be taken back was taken back before: asked for twice it happens once. */
const ALREADY_REVERSED = 0xb4;
const REVERSAL_IMPOSSIBLE = 0xb5;
const SYSTEM_ERROR = 0xff;
/** Not registered (a restart), wait, not ready: nothing is said of the purchase itself. */
const NOT_NOW: readonly number[] = [0x6b, 0x9c, 0xa0];

/** What the terminal has said so far. `given`: 04 0F with 27 00; `isTold` where it has our answer for certain. */
type Verdict =
  | { readonly kind: 'none' }
  | { readonly kind: 'given'; readonly card: CardDetails; readonly isTold: boolean }
  | { readonly kind: 'refused'; readonly code: number }
  | { readonly kind: 'unclear'; readonly detail: string };

export interface ReversalExchange {
  readonly exchange: Exchange<ReversalOutcome>;
  outcomeOf(end: ExchangeEnd<ReversalOutcome>): ReversalOutcome;
}

/** 06 30: takes back one purchase by its receipt number. Amount and currency go along, so that the terminal can see that we mean the same. */
export function reversalExchange({ amount, card }: ReversiblePurchase & { readonly card: { readonly receiptNumber: string } }, profile: TerminalProfile): ReversalExchange {
  return givingBack(
    {
      kind: 'reversal',
      password: profile.password,
      fields: [{ bmp: BMP.RECEIPT_NUMBER, value: bytesOf(card.receiptNumber) }, ...amountFields(amount)],
    },
    amount,
    true,
    profile,
  );
}

/** 06 31: gives money to a card, for which the terminal asks. */
export function refundExchange(amount: Money, profile: TerminalProfile): ReversalExchange {
  return givingBack({ kind: 'refund', password: profile.password, fields: amountFields(amount) }, amount, false, profile);
}

function amountFields(amount: Money): readonly Field[] {
  return [
    { bmp: BMP.AMOUNT, value: amountBytes(amount.amount) },
    { bmp: BMP.CURRENCY_CODE, value: currencyBytes(amount.currency) },
  ];
}

function givingBack(command: ZvtMessage, amount: Money, isReversal: boolean, { charset, t4Ms }: TerminalProfile): ReversalExchange {
  let verdict: Verdict = { kind: 'none' };

  return {
    exchange: { command, t4Ms, movesMoney: true, onMessage: step, onAnswered, onPrinted },
    outcomeOf(end) {
      switch (end.kind) {
        case 'done':
          return end.value;
        case 'refused':
          return refusedBy(end.code);
        case 'not_sent':
          return { kind: 'not_sent', detail: end.detail };
        case 'unfinished':
          return { kind: 'unknown', detail: verdict.kind === 'unclear' ? `${verdict.detail}; ${end.detail}` : end.detail };
      }
    },
  };

  function step(message: ZvtMessage): Step<ReversalOutcome> {
    switch (message.kind) {
      case 'intermediate_status':
        return { answer: positive };
      case 'status_information':
        takeStatus(message.fields);
        return { answer: positive };
      case 'completion':
        return { answer: positive, end: { value: outcomeAfter(undefined) } };
      case 'abort':
        return { answer: positive, end: { value: outcomeAfter(message.resultCode ?? SYSTEM_ERROR) } };
      default:
        return { answer: answerToUnasked(message) };
    }
  }

  function takeStatus(fields: readonly Field[]): void {
    const code = valueOf(fields, BMP.RESULT_CODE)?.[0];
    if (code === undefined) return;
    if (code !== 0) {
      verdict = verdict.kind === 'given' ? { kind: 'unclear', detail: `taken back itself (${codeText(code)})` } : { kind: 'refused', code };
      return;
    }
    const value = valueOf(fields, BMP.AMOUNT);
    const given = value && amountOf(value);
    if (given !== undefined && !equals(money(given, amount.currency), amount)) verdict = { kind: 'unclear', detail: 'the terminal gave back another amount' };
    else if (verdict.kind === 'none' || verdict.kind === 'given') verdict = { kind: 'given', card: cardDetailsOf(fields, charset), isTold: false };
  }

  function onAnswered(message: ZvtMessage, taken: Taken): void {
    if (message.kind === 'status_information' && verdict.kind === 'given' && taken === 'certainly') verdict = { ...verdict, isTold: true };
  }

  function onPrinted(isTaken: boolean): undefined {
    if (!isTaken) verdict = { kind: 'unclear', detail: 'the slip of the card terminal could not be printed (84 CC)' };
  }

  /** @param code of 06 1E; none after 06 0F */
  function outcomeAfter(code: number | undefined): ReversalOutcome {
    switch (verdict.kind) {
      case 'given': {
        const card = Object.keys(verdict.card).length > 0 ? { card: verdict.card } : {};
        if (code === undefined || verdict.isTold) return { kind: 'reversed', ...card };
        return { kind: 'unknown', detail: `aborted (${codeText(code)}), with its result not acknowledged for certain` };
      }
      case 'refused':
        return refusedBy(verdict.code);
      case 'unclear':
        return { kind: 'unknown', detail: verdict.detail };
      case 'none':
        return code === undefined ? { kind: 'unknown', detail: 'completed without a result' } : refusedBy(code);
    }
  }

  function refusedBy(code: number): ReversalOutcome {
    if (isReversal && code === ALREADY_REVERSED) return { kind: 'reversed' };
    if (isReversal && NOT_NOW.includes(code)) return { kind: 'unknown', detail: `not now (${codeText(code)})` };
    return { kind: 'refused', detail: code === REVERSAL_IMPOSSIBLE ? 'the terminal cannot reverse it any more (b5)' : `the terminal refused (${codeText(code)})` };
  }
}
