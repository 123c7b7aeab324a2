import type { CardDetails } from '../../../domain/payment/card.ts';
import { BMP } from './bmp.ts';
import { hexOf } from './bytes.ts';
import { valueOf } from './fields.ts';
import type { Field } from './fields.ts';
import { panText } from './mask.ts';
import { decodeText } from './text.ts';
import type { Charset } from './text.ts';

/** What a Status-Information tells of the card and the transaction, within the limits of the domain's schema. */
export function cardDetailsOf(fields: readonly Field[], charset: Charset): CardDetails {
  const digits = (bmp: number) => {
    const value = valueOf(fields, bmp);
    return value && hexOf(value);
  };
  const pan = valueOf(fields, BMP.PAN);
  const name = valueOf(fields, BMP.CARD_NAME);
  return withoutEmpty({
    receiptNumber: digits(BMP.RECEIPT_NUMBER),
    traceNumber: digits(BMP.TRACE_NUMBER),
    terminalId: digits(BMP.TERMINAL_ID),
    date: digits(BMP.DATE),
    time: digits(BMP.TIME),
    maskedPan: pan && panText(pan).slice(-24),
    // NUL-terminated within its length (PA00P015, 8, BMP 8B).
    cardName: name && decodeText(name, charset).split('\0', 1)[0]?.slice(0, 40),
    aid: digits(BMP.AID_AUTHORISATION_ATTRIBUTE),
  });
}

/**
 * The trace number of the transaction that this one takes back (BMP 37), where it is a reversal: with result 00 it would
 * otherwise look like a payment of the same amount.
 */
export function reversedTraceOf(fields: readonly Field[]): string | undefined {
  const original = valueOf(fields, BMP.ORIGINAL_TRACE_NUMBER);
  const own = valueOf(fields, BMP.TRACE_NUMBER);
  if (!original || original.every((byte) => byte === 0) || (own && hexOf(own) === hexOf(original))) return undefined;
  return hexOf(original);
}

function withoutEmpty(details: { readonly [Key in keyof CardDetails]: string | undefined }): CardDetails {
  return Object.fromEntries(Object.entries(details).filter(([, value]) => value)) as CardDetails;
}
