import { err, ok } from '../../../domain/result.ts';
import type { Result } from '../../../domain/result.ts';
import type { ZvtError } from './error.ts';

/** The control field is CLASS and INSTR as one number: 0x060f is Completion. */
export interface Apdu {
  readonly control: number;
  readonly data: Uint8Array;
}

/** `CLASS INSTR LEN data`; LEN is 00..FE, or FF lo hi (PA00P015, 1). */
export function encodeApdu({ control, data }: Apdu): Uint8Array {
  if (data.length > 0xffff) throw new Error(`zvt: an APDU cannot hold ${data.length} bytes`);
  const length = data.length < 0xff ? [data.length] : [0xff, data.length & 0xff, data.length >>> 8];
  return Uint8Array.from([control >>> 8, control & 0xff, ...length, ...data]);
}

export function decodeApdu(bytes: Uint8Array): Result<Apdu, ZvtError> {
  const [high, low, short, extendedLow, extendedHigh] = bytes;
  if (high === undefined || low === undefined || short === undefined) return incomplete(bytes.length, 3);
  const headerLength = short === 0xff ? 5 : 3;
  if (short === 0xff && (extendedLow === undefined || extendedHigh === undefined)) return incomplete(bytes.length, 5);
  const length = short === 0xff ? (extendedLow ?? 0) | ((extendedHigh ?? 0) << 8) : short;
  const end = headerLength + length;
  if (bytes.length < end) return incomplete(bytes.length, end);
  if (bytes.length > end) return err({ kind: 'wrong_length', detail: `${bytes.length} bytes, ${end} announced` });
  return ok({ control: (high << 8) | low, data: bytes.slice(headerLength) });
}

function incomplete(present: number, announced: number): Result<never, ZvtError> {
  return err({ kind: 'incomplete', detail: `${present} bytes of ${announced}` });
}
