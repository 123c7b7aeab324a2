import { apduOf, bcd, lllvar, llvar } from './bytes.ts';
import type { BookEntry, DayTotals } from './book.ts';

export interface SimCard {
  readonly terminalId: string;
  /** Digits and stars. */
  readonly maskedPan: string;
  readonly cardName: string;
}

/** 04 0F of one booked transaction, with the fields that terminals send of it (PA00P015, 3.4). */
export function statusInformation(entry: BookEntry, { terminalId, maskedPan, cardName }: SimCard): readonly number[] {
  const { date, time } = clockOf(entry.time);
  const pan = bcd(maskedPan.replaceAll('*', 'e').padEnd(maskedPan.length + (maskedPan.length % 2), 'f'));
  const name = [...Array.from(cardName, (character) => character.charCodeAt(0) & 0x7f), 0x00];
  return apduOf(0x04, 0x0f, [
    0x27, ...bcd(entry.resultCode),
    0x04, ...bcd(String(entry.amount).padStart(12, '0')),
    0x49, ...bcd(entry.currency),
    0x0b, ...bcd(entry.traceNumber),
    ...(entry.originalTraceNumber === undefined ? [] : [0x37, ...bcd(entry.originalTraceNumber)]),
    0x0c, ...bcd(time),
    0x0d, ...bcd(date),
    0x19, 0x70,
    0x22, ...llvar(pan),
    0x29, ...bcd(terminalId),
    0x87, ...bcd(entry.receiptNumber),
    0x8b, ...llvar(name),
  ]);
}

/** 04 0F of an end of day: the sum, and 60 with numbers from and to, then number and turnover for each of seven kinds of cards; all cards here are "remaining" ones. */
export function totalsInformation({ total, count, fromReceipt, toReceipt }: DayTotals, currency: string, at: number): readonly number[] {
  const { date, time } = clockOf(at);
  const amount = bcd(String(Math.max(0, total)).padStart(12, '0'));
  const none = Array.from({ length: 6 * 7 }, () => 0);
  return apduOf(0x04, 0x0f, [
    0x27, 0x00,
    0x04, ...amount,
    0x49, ...bcd(currency),
    0x0c, ...bcd(time),
    0x0d, ...bcd(date),
    0x60, ...lllvar([...bcd(fromReceipt), ...bcd(toReceipt), ...none, count & 0xff, ...amount]),
  ]);
}

/** In the terminal's own time zone: "YY", "MMDD", "HHMMSS". */
export function clockOf(time: number): { readonly year: string; readonly date: string; readonly time: string } {
  const at = new Date(time);
  const two = (value: number) => String(value).padStart(2, '0');
  return {
    year: two(at.getFullYear() % 100),
    date: `${two(at.getMonth() + 1)}${two(at.getDate())}`,
    time: `${two(at.getHours())}${two(at.getMinutes())}${two(at.getSeconds())}`,
  };
}
