import type { TerminalSlip } from '../../../domain/payment/slip.ts';
import type { Field } from './fields.ts';
import { tlvsOf } from './fields.ts';
import { TAG } from './tag.ts';
import { decodeText } from './text.ts';
import type { Charset } from './text.ts';
import { decodeTlvLength, decodeTlvs, findTlv } from './tlv.ts';

export type SlipLine = TerminalSlip['lines'][number];

/** The domain's limits: what is longer is cut, and never refused, because a refused line reverses a payment. */
export const MAX_SLIP_LINES = 400;
const MAX_LINE_LENGTH = 100;
/** An attribute that feeds so many lines more is taken for rubbish. */
const MAX_FEEDS = 20;

const LINE_FEEDS = 0xff;
const RESERVED = 0x80;
const LAST_LINE = 0x80;
const CENTRED = 0x40;
const DOUBLE_WIDTH = 0x20;
const DOUBLE_HEIGHT = 0x10;
const TLV_CONTAINER = 0x06;

export interface PrintedLine {
  readonly lines: readonly SlipLine[];
  /** The slip ends with it. */
  readonly isLast: boolean;
}

/** One 06 D1: attribute and text. FF feeds as many lines as the byte behind it says (PA00P015, 3.5). */
export function printedLineOf(attribute: number, text: Uint8Array, charset: Charset): PrintedLine {
  if (attribute === LINE_FEEDS) {
    const count = Math.min(text[0] ?? 1, MAX_FEEDS);
    return { lines: Array.from({ length: count }, () => lineOf(0, new Uint8Array(), charset)), isLast: false };
  }
  return { lines: [lineOf(attribute, withoutContainer(text), charset)], isLast: isLast(attribute) };
}

/** One 06 D3: 1F07 names the kind, 25 holds attributes (09), each for the lines (07) behind it. Nothing where it holds no text. */
export function slipOfTextBlock(fields: readonly Field[], charset: Charset): { readonly slip: TerminalSlip; readonly isLast: boolean } | undefined {
  const tlvs = tlvsOf(fields);
  const texts = tlvs.find(({ tag }) => tag === TAG.PRINT_TEXTS)?.value;
  if (texts === undefined || texts instanceof Uint8Array) return undefined;
  const lines: SlipLine[] = [];
  const ownCharset = charsetOf(findTlv(tlvs, [TAG.CHARSET])?.[0]) ?? charset;
  let attribute = 0;
  let last = false;
  for (const { tag, value } of texts) {
    if (!(value instanceof Uint8Array)) continue;
    if (tag === TAG.TEXT_ATTRIBUTE) {
      attribute = value[0] ?? 0;
      last ||= isLast(attribute);
    } else if (tag === TAG.TEXT_LINE && lines.length < MAX_SLIP_LINES) {
      lines.push(lineOf(attribute, value, ownCharset));
    }
  }
  if (lines.length === 0) return undefined;
  return { slip: { kind: kindOf(findTlv(tlvs, [TAG.RECEIPT_KIND])?.[0]), lines }, isLast: last };
}

/** The terminal's words for its display (TLV 24, lines 07) in one line; nothing where it has none. At most 120 characters. */
export function displayTextOf(fields: readonly Field[], charset: Charset): string | undefined {
  const texts = tlvsOf(fields).find(({ tag }) => tag === TAG.DISPLAY_TEXTS)?.value;
  if (texts === undefined || texts instanceof Uint8Array) return undefined;
  const words = texts.flatMap(({ tag, value }) => (tag === TAG.TEXT_LINE && value instanceof Uint8Array ? [decodeText(value, charset)] : []));
  return plain(words.join(' ')).replaceAll(/ +/g, ' ').trim().slice(0, 120) || undefined;
}

/** TLV 14. */
function charsetOf(value: number | undefined): Charset | undefined {
  if (value === undefined) return undefined;
  return ({ 0x00: 'zvt-7-bit', 0x01: 'latin-1', 0xfe: 'utf-8', 0xff: 'cp437' } as const)[value];
}

function kindOf(value: number | undefined): TerminalSlip['kind'] {
  if (value === 1) return 'merchant';
  return value === 3 ? 'administration' : 'customer';
}

function isLast(attribute: number): boolean {
  return (attribute & LAST_LINE) !== 0 && attribute !== RESERVED && attribute !== LINE_FEEDS;
}

function lineOf(attribute: number, text: Uint8Array, charset: Charset): SlipLine {
  return {
    text: plain(decodeText(text, charset)).trimEnd().slice(0, MAX_LINE_LENGTH),
    align: attribute & CENTRED ? 'center' : 'left',
    size: attribute & (DOUBLE_WIDTH | DOUBLE_HEIGHT) ? 'double' : 'normal',
  };
}

/** Control characters would be commands to a printer. */
function plain(text: string): string {
  return text.replaceAll(/\p{Cc}/gu, ' ');
}

/** Some terminals put a TLV container behind the text. Its 06 is no character of any text. */
function withoutContainer(text: Uint8Array): Uint8Array {
  const at = text.indexOf(TLV_CONTAINER);
  if (at === -1) return text;
  const length = decodeTlvLength(text, at + 1);
  if (!length.ok) return text;
  const from = at + 1 + length.value.size;
  const isContainer = from + length.value.length === text.length && decodeTlvs(text.slice(from)).ok;
  return isContainer ? text.slice(0, at) : text;
}
