import { err, ok } from '../../../domain/result.ts';
import type { Result } from '../../../domain/result.ts';
import { concat } from './bytes.ts';
import { maskCardNumbersInText, maskPackedCardNumbers } from './mask.ts';

/** One data object of a TLV container (PA00P015, 9). The tag is its bytes as one number: 0x1f07. */
export interface Tlv {
  readonly tag: number;
  readonly value: Uint8Array | readonly Tlv[];
}

/** EMV's own objects of card data (tracks and their parts, the cardholder's name): a kiosk must not hold them, and they come out empty. */
const secretTags: ReadonlySet<number> = new Set([0x56, 0x57, 0x5f20, 0x9f0b, 0x9f1f, 0x9f20, 0x9f6b]);
/** Objects that are texts and nothing else. */
const textTags: ReadonlySet<number> = new Set([0x07, 0x1f2b]);
const CONSTRUCTED = 0x20;
/** Containers in the field nest four deep; garbage could nest thousands. */
const MAX_DEPTH = 16;

export interface TlvLength {
  readonly length: number;
  /** How many bytes the length field itself takes. */
  readonly size: number;
}

/** BER: 00..7F, or 81 xx, or 82 hi lo. */
export function decodeTlvLength(bytes: Uint8Array, offset: number): Result<TlvLength, string> {
  const first = bytes[offset];
  if (first === undefined) return err('length missing');
  if (first < 0x80) return ok({ length: first, size: 1 });
  if (first !== 0x81 && first !== 0x82) return err('length of an unknown form');
  const size = first - 0x7f;
  if (offset + size > bytes.length) return err('length cut off');
  const length = bytes.subarray(offset + 1, offset + size).reduce((value, byte) => value * 256 + byte, 0);
  return ok({ length, size });
}

export function encodeTlvLength(length: number): readonly number[] {
  if (length < 0x80) return [length];
  if (length < 0x100) return [0x81, length];
  return [0x82, length >>> 8, length & 0xff];
}

/** At most three bytes: the low five bits of the first all set, then continued while bit 8 is set. */
export function decodeTlvTag(bytes: Uint8Array, offset: number): Result<{ readonly tag: number; readonly size: number }, string> {
  let tag = bytes[offset];
  if (tag === undefined) return err('tag missing');
  if ((tag & 0x1f) !== 0x1f) return ok({ tag, size: 1 });
  for (let size = 2; size <= 3; size += 1) {
    const next = bytes[offset + size - 1];
    if (next === undefined) return err('tag cut off');
    tag = tag * 256 + next;
    if (next < 0x80) return ok({ tag, size });
  }
  return err('tag longer than three bytes');
}

export function encodeTlvTag(tag: number): readonly number[] {
  if (tag <= 0xff) return [tag];
  if (tag <= 0xffff) return [tag >>> 8, tag & 0xff];
  return [tag >>> 16, (tag >>> 8) & 0xff, tag & 0xff];
}

export function decodeTlvs(bytes: Uint8Array, depth = 0): Result<readonly Tlv[], string> {
  const tlvs: Tlv[] = [];
  let offset = 0;
  while (offset < bytes.length) {
    const tag = decodeTlvTag(bytes, offset);
    if (!tag.ok) return tag;
    offset += tag.value.size;
    const length = decodeTlvLength(bytes, offset);
    if (!length.ok) return length;
    offset += length.value.size;
    const end = offset + length.value.length;
    if (end > bytes.length) return err('value cut off');
    tlvs.push({ tag: tag.value.tag, value: decodeValue(tag.value.tag, bytes.slice(offset, end), depth) });
    offset = end;
  }
  return ok(tlvs);
}

/** A constructed object whose content is no TLV after all stays as bytes: its own length still tells where the next begins. */
function decodeValue(tag: number, value: Uint8Array, depth: number): Tlv['value'] {
  const firstByte = encodeTlvTag(tag)[0] ?? 0;
  if (firstByte & CONSTRUCTED && depth < MAX_DEPTH) {
    const inner = decodeTlvs(value, depth + 1);
    if (inner.ok) return inner.value;
  }
  if (secretTags.has(tag)) return new Uint8Array();
  const text = maskCardNumbersInText(value);
  return textTags.has(tag) ? text : maskPackedCardNumbers(text);
}

export function encodeTlvs(tlvs: readonly Tlv[]): Uint8Array {
  return concat(
    tlvs.flatMap(({ tag, value }) => {
      const bytes = value instanceof Uint8Array ? value : encodeTlvs(value);
      return [encodeTlvTag(tag), encodeTlvLength(bytes.length), bytes];
    }),
  );
}

/** The first object at a path of tags: `[0x24, 0x07]` is the first text line to display. */
export function findTlv(tlvs: readonly Tlv[], path: readonly number[]): Uint8Array | undefined {
  const [tag, ...rest] = path;
  const value = tlvs.find((tlv) => tlv.tag === tag)?.value;
  if (value === undefined) return undefined;
  if (value instanceof Uint8Array) return rest.length === 0 ? value : undefined;
  return findTlv(value, rest);
}
