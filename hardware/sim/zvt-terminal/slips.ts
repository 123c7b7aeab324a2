import { apduOf, tlv } from './bytes.ts';
import type { BookEntry, DayTotals } from './book.ts';

export type SlipText = readonly { readonly attribute: number; readonly text: string }[];

const CENTRED = 0x40;
const DOUBLE = 0x20;
const LAST = 0x81;

/** Customer and merchant slip (1F07: 02, 01) or an administrative one (03). */
export type SlipKind = 1 | 2 | 3;

export function paymentSlip(kind: SlipKind, entry: BookEntry, maskedPan: string, cardName: string): SlipText {
  return [
    { attribute: CENTRED | DOUBLE, text: kind === 1 ? 'HÄNDLERBELEG' : 'KUNDENBELEG' },
    { attribute: 0, text: `Beleg-Nr.  ${entry.receiptNumber}` },
    { attribute: 0, text: `Trace-Nr.  ${entry.traceNumber}` },
    { attribute: 0, text: cardName },
    { attribute: 0, text: maskedPan },
    { attribute: CENTRED, text: `${amountText(entry.amount)}` },
    { attribute: 0, text: '' },
  ];
}

export function daySlip({ total, count, fromReceipt, toReceipt }: DayTotals): SlipText {
  return [
    { attribute: CENTRED, text: '** KASSENSCHNITT **' },
    { attribute: 0, text: `Belege ${fromReceipt} - ${toReceipt}` },
    { attribute: 0, text: `Gesamt  ${count}  ${amountText(total)}` },
  ];
}

/** The messages of one slip: a block, or a line each, of which the last one says so (PA00P015, 3.5 and 3.6). */
export function slipMessages(kind: SlipKind, lines: SlipText, how: 'lines' | 'blocks', encode: (text: string) => readonly number[], tlvBehindLine: boolean): readonly (readonly number[])[] {
  if (how === 'lines') {
    const container = tlvBehindLine ? [0x06, ...tlv([], tlv([0x1f, 0x07], [kind]))] : [];
    return [...lines.map(({ attribute, text }) => apduOf(0x06, 0xd1, [attribute, ...encode(text), ...container])), apduOf(0x06, 0xd1, [LAST])];
  }
  let attribute = 0;
  const texts = lines.flatMap((line) => {
    const change = line.attribute === attribute ? [] : tlv([0x09], [line.attribute]);
    attribute = line.attribute;
    return [...change, ...tlv([0x07], encode(line.text))];
  });
  return [apduOf(0x06, 0xd3, [0x06, ...tlv([], [...tlv([0x1f, 0x07], [kind]), ...tlv([0x25], [...texts, ...tlv([0x09], [LAST])])])])];
}

const cp437: Readonly<Record<string, number>> = { ä: 0x84, ö: 0x94, ü: 0x81, ß: 0xe1, Ä: 0x8e, Ö: 0x99, Ü: 0x9a };

export function encodeText(text: string, charset: 'cp437' | 'utf-8'): readonly number[] {
  if (charset === 'utf-8') return [...Buffer.from(text, 'utf8')];
  return Array.from(text, (character) => cp437[character] ?? character.charCodeAt(0) & 0x7f);
}

function amountText(minorUnits: number): string {
  return `${minorUnits < 0 ? '-' : ''}${Math.floor(Math.abs(minorUnits) / 100)},${String(Math.abs(minorUnits) % 100).padStart(2, '0')}`;
}
