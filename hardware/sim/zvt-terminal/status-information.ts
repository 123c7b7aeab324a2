import { apduOf, bcd } from './bytes.ts';
import type { BookEntry } from './book.ts';

export interface SimCard {
  readonly terminalId: string;
  /** Digits and stars. */
  readonly maskedPan: string;
  readonly cardName: string;
}

/** 04 0F of one booked transaction, with the fields that terminals send of it (PA00P015, 3.4). */
export function statusInformation(entry: BookEntry, { terminalId, maskedPan, cardName }: SimCard): readonly number[] {
  const at = new Date(entry.time);
  const two = (value: number) => String(value).padStart(2, '0');
  const date = `${two(at.getMonth() + 1)}${two(at.getDate())}`;
  const time = `${two(at.getHours())}${two(at.getMinutes())}${two(at.getSeconds())}`;
  const pan = bcd(maskedPan.replaceAll('*', 'e').padEnd(maskedPan.length + (maskedPan.length % 2), 'f'));
  const name = [...Array.from(cardName, (character) => character.charCodeAt(0) & 0x7f), 0x00];
  const llvar = (bytes: readonly number[]) => [0xf0 | Math.floor(bytes.length / 10), 0xf0 | (bytes.length % 10), ...bytes];
  return apduOf(0x04, 0x0f, [
    0x27, ...bcd(entry.resultCode),
    0x04, ...bcd(String(entry.amount).padStart(12, '0')),
    0x49, ...bcd(entry.currency),
    0x0b, ...bcd(entry.traceNumber),
    0x0c, ...bcd(time),
    0x0d, ...bcd(date),
    0x19, 0x70,
    0x22, ...llvar(pan),
    0x29, ...bcd(terminalId),
    0x87, ...bcd(entry.receiptNumber),
    0x8b, ...llvar(name),
  ]);
}
