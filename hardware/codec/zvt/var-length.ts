import { err, ok } from '../../../domain/result.ts';
import type { Result } from '../../../domain/result.ts';

/** LLVAR has two length digits, LLLVAR three, each in a byte of its own: Fx Fy (Fz). */
export type LengthDigits = 2 | 3;

export function decodeVarLength(bytes: Uint8Array, offset: number, digits: LengthDigits): Result<number, string> {
  let length = 0;
  for (let index = 0; index < digits; index += 1) {
    const byte = bytes[offset + index];
    if (byte === undefined) return err('length cut off');
    const digit = byte & 0x0f;
    if (byte >>> 4 !== 0xf || digit > 9) return err('length is not of the form Fx');
    length = length * 10 + digit;
  }
  return ok(length);
}

/** Throws where the length does not fit: the value is ours. */
export function encodeVarLength(length: number, digits: LengthDigits): readonly number[] {
  const text = String(length).padStart(digits, '0');
  if (text.length > digits) throw new Error(`zvt: ${length} bytes do not fit ${digits} length digits`);
  return Array.from(text, (digit) => 0xf0 | Number(digit));
}
