import { crcXmodem } from './gm65.ts';
import { parseSsi, ssiOpcodes, ssiSources } from './ssi.ts';

/** What a beginning can still become. */
export type AnswerVerdict = { readonly kind: 'none' } | { readonly kind: 'begun' } | { readonly kind: 'answer'; readonly taken: boolean };

/**
 * Finds a scanner's answers to commands between the characters of its codes. They begin with control characters, which no code
 * has, so one that is glued before, behind or into a code can be taken out of it.
 * @param bytes what has come from the first byte that may be an answer's
 */
export type AnswerFinder = (bytes: readonly number[]) => AnswerVerdict;

const none: AnswerVerdict = { kind: 'none' };
const begun: AnswerVerdict = { kind: 'begun' };

/** Longer ones, which only reading several zones gives, are never asked for. */
const maxGm65Data = 16;

/**
 * GM65 and kin: `02 00 00 length data CRC(2)`, to a heartbeat from 03. Type 00 is "done". The manuals' example
 * `02 00 00 01 00 33 31` has the CRC of `00 01 00`.
 */
export const findGm65Answer: AnswerFinder = (bytes) => {
  const [head, zero, type, length] = bytes;
  if (head !== 0x02 && head !== 0x03) return none;
  if (zero === undefined) return begun;
  if (zero !== 0x00) return none;
  if (type === undefined) return begun;
  if (type !== 0x00) return none;
  if (length === undefined) return begun;
  if (length === 0 || length > maxGm65Data) return none;
  if (bytes.length < length + 6) return begun;
  const sum = (bytes[length + 4]! << 8) | bytes[length + 5]!;
  return sum === crcXmodem(bytes.slice(2, length + 4)) ? { kind: 'answer', taken: true } : none;
};

/** Zebra with "send raw decode data": only ACK and NAK come as packets. */
export const findSsiAnswer: AnswerFinder = (bytes) => {
  const [length, opcode] = bytes;
  if (length !== 4 && length !== 5) return none;
  if (opcode === undefined) return begun;
  if (opcode !== (length === 4 ? ssiOpcodes.acknowledged : ssiOpcodes.refused)) return none;
  if (bytes.length < length + 2) return begun;
  return parseSsi(Uint8Array.from(bytes))?.source === ssiSources.decoder ? { kind: 'answer', taken: length === 4 } : none;
};

/** Scanners that answer nothing. */
export const findNoAnswer: AnswerFinder = () => none;
