import { err, ok } from '../../../domain/result.ts';
import type { Result } from '../../../domain/result.ts';
import { BMP, bmpDefinitions } from './bmp.ts';
import { concat } from './bytes.ts';
import type { ZvtError } from './error.ts';
import { maskCardNumbersInText, maskPan } from './mask.ts';
import { decodeTlvLength, decodeTlvs, encodeTlvLength, encodeTlvs } from './tlv.ts';
import type { Tlv } from './tlv.ts';
import { decodeVarLength, encodeVarLength } from './var-length.ts';

/** One field as it stood in the message; the order is kept, because terminals send them in any. */
export type Field =
  | { readonly bmp: Exclude<number, typeof BMP.TLV_CONTAINER>; readonly value: Uint8Array }
  | { readonly bmp: typeof BMP.TLV_CONTAINER; readonly tlvs: readonly Tlv[] };

/** Card numbers come out masked, and track, chip and CVV data not at all: nothing above the codec ever holds them. */
export function decodeFields(data: Uint8Array): Result<readonly Field[], ZvtError> {
  const fields: Field[] = [];
  let offset = 0;
  while (offset < data.length) {
    const bmp = data[offset] ?? 0;
    const definition = bmpDefinitions.get(bmp);
    if (!definition) return err({ kind: 'unknown_bmp', bmp, detail: `BMP ${bmp.toString(16)} at ${offset}` });
    const extent = extentOf(data, offset + 1, definition.format);
    if (!extent.ok) return err({ kind: 'malformed_field', bmp, detail: `${definition.name} at ${offset}: ${extent.error}` });
    const { start, end } = extent.value;
    if (end > data.length) return err({ kind: 'malformed_field', bmp, detail: `${definition.name} at ${offset}: cut off` });
    const field = fieldOf(bmp, data.slice(start, end));
    if (!field.ok) return err({ kind: 'malformed_field', bmp, detail: `${definition.name} at ${offset}: ${field.error}` });
    if (!definition.secret) fields.push(field.value);
    offset = end;
  }
  return ok(fields);
}

export function encodeFields(fields: readonly Field[]): Uint8Array {
  return concat(
    fields.flatMap((field) => {
      if ('tlvs' in field) {
        const container = encodeTlvs(field.tlvs);
        return [[field.bmp], encodeTlvLength(container.length), container];
      }
      return [[field.bmp], lengthPrefix(field), field.value];
    }),
  );
}

/** The first field of that number. */
export function valueOf(fields: readonly Field[], bmp: number): Uint8Array | undefined {
  const field = fields.find((candidate) => candidate.bmp === bmp);
  return field && 'value' in field ? field.value : undefined;
}

export function tlvsOf(fields: readonly Field[]): readonly Tlv[] {
  return fields.flatMap((field) => ('tlvs' in field ? field.tlvs : []));
}

function extentOf(data: Uint8Array, offset: number, format: number | 'llvar' | 'lllvar' | 'tlv'): Result<{ start: number; end: number }, string> {
  if (typeof format === 'number') return ok({ start: offset, end: offset + format });
  if (format === 'tlv') {
    const length = decodeTlvLength(data, offset);
    if (!length.ok) return length;
    const start = offset + length.value.size;
    return ok({ start, end: start + length.value.length });
  }
  const digits = format === 'llvar' ? 2 : 3;
  const length = decodeVarLength(data, offset, digits);
  if (!length.ok) return length;
  return ok({ start: offset + digits, end: offset + digits + length.value });
}

function fieldOf(bmp: number, value: Uint8Array): Result<Field, string> {
  if (bmp === BMP.TLV_CONTAINER) {
    const tlvs = decodeTlvs(value);
    return tlvs.ok ? ok({ bmp: BMP.TLV_CONTAINER, tlvs: tlvs.value }) : tlvs;
  }
  if (bmp === BMP.PAN) return ok({ bmp, value: maskPan(value) });
  return ok({ bmp, value: isText(bmp) ? maskCardNumbersInText(value) : value });
}

/** All of variable length may be, and of the fixed ones the only one that has room for a card number in digits. */
function isText(bmp: number): boolean {
  return typeof bmpDefinitions.get(bmp)?.format !== 'number' || bmp === BMP.VU_NUMBER;
}

function lengthPrefix(field: { readonly bmp: number; readonly value: Uint8Array }): readonly number[] {
  const format = bmpDefinitions.get(field.bmp)?.format;
  if (format === 'llvar') return encodeVarLength(field.value.length, 2);
  if (format === 'lllvar') return encodeVarLength(field.value.length, 3);
  if (format !== field.value.length) throw new Error(`zvt: BMP ${field.bmp.toString(16)} cannot hold ${field.value.length} bytes`);
  return [];
}
