/** The digits of a card number that may be shown: the first six and the last four (PCI DSS 3.4). */
const SHOWN_FIRST = 6;
const SHOWN_LAST = 4;
const STAR = 0x2a;
const MASKED_NIBBLE = 0xe;
const PAD_NIBBLE = 0xf;
const SEPARATOR_NIBBLE = 0xd;

/**
 * BMP 22 with all digits but the first six and last four replaced by E, the protocol's own mask (PA00P015, 8, BMP 22).
 * Some terminals send track 2 in it: what follows the separator D is dropped.
 */
export function maskPan(value: Uint8Array): Uint8Array {
  const nibbles = Array.from(value).flatMap((byte) => [byte >>> 4, byte & 0xf]);
  const ends = nibbles.findIndex((nibble) => nibble === SEPARATOR_NIBBLE || nibble === PAD_NIBBLE);
  const digits = ends === -1 ? nibbles : nibbles.slice(0, ends);
  // A number so short that first and last digits would show all of it keeps its last four only.
  const first = digits.length > SHOWN_FIRST + SHOWN_LAST ? SHOWN_FIRST : 0;
  const masked = digits.map((nibble, index) => (index < first || index >= digits.length - SHOWN_LAST ? nibble : MASKED_NIBBLE));
  if (masked.length % 2 === 1) masked.push(PAD_NIBBLE);
  return Uint8Array.from({ length: masked.length / 2 }, (_, index) => ((masked[2 * index] ?? 0) << 4) | (masked[2 * index + 1] ?? 0));
}

/** "622202******1234" of a masked BMP 22. */
export function panText(value: Uint8Array): string {
  const hex = Array.from(maskPan(value), (byte) => byte.toString(16).padStart(2, '0')).join('');
  return hex.replace(/f+$/, '').replace(/[^0-9]/g, '*');
}

/**
 * Card numbers written out in a text (print lines, additional text) with their middle starred: 13 to 19 digits, a blank or
 * hyphen between any two, with a right check digit (ISO/IEC 7812-1). The length stays, so that layouts and encodings do.
 */
export function maskCardNumbersInText(text: Uint8Array): Uint8Array {
  let masked: Uint8Array | undefined;
  let start = 0;
  while (start < text.length) {
    const run = digitRun(text, start);
    for (const number of cardNumbersIn(text, run)) {
      for (const position of number.slice(SHOWN_FIRST, -SHOWN_LAST)) {
        masked ??= text.slice();
        masked[position] = STAR;
      }
    }
    start = (run.at(-1) ?? start) + 1;
  }
  return masked ?? text;
}

function isDigit(byte: number | undefined): boolean {
  return byte !== undefined && byte >= 0x30 && byte <= 0x39;
}

/** Positions of the digits that begin at `start` and go on over single blanks and hyphens. */
function digitRun(text: Uint8Array, start: number): number[] {
  const positions: number[] = [];
  let at = start;
  while (isDigit(text[at])) {
    positions.push(at);
    at += 1;
    if ((text[at] === 0x20 || text[at] === 0x2d) && isDigit(text[at + 1])) at += 1;
  }
  return positions;
}

/** From the left, the longest first. */
function cardNumbersIn(text: Uint8Array, run: readonly number[]): (readonly number[])[] {
  const numbers: (readonly number[])[] = [];
  let from = 0;
  while (from + 13 <= run.length) {
    const found = longestCardNumber(text, run, from);
    if (found) numbers.push(found);
    from += found?.length ?? 1;
  }
  return numbers;
}

function longestCardNumber(text: Uint8Array, run: readonly number[], from: number): readonly number[] | undefined {
  for (let length = Math.min(19, run.length - from); length >= 13; length -= 1) {
    const stretch = run.slice(from, from + length);
    if (hasCheckDigit(stretch.map((position) => (text[position] ?? 0) - 0x30))) return stretch;
  }
  return undefined;
}

function hasCheckDigit(digits: readonly number[]): boolean {
  if (digits.every((digit) => digit === 0)) return false;
  const sum = digits.toReversed().reduce((total, digit, index) => {
    const weighted = index % 2 === 1 ? digit * 2 : digit;
    return total + (weighted > 9 ? weighted - 9 : weighted);
  }, 0);
  return sum % 10 === 0;
}

/** Found in hundreds of bytes of binary data; in fewer it may be the whole of an object, so that even letters do not excuse it. */
const PACKED_WHOLE = 10;

/**
 * Card numbers packed two digits a byte in an object that is no text, masked as BMP 22 is (E). An object that reads as text
 * is left to `maskCardNumbersInText`, since letters and blanks are digits too when they are taken for BCD, unless it is as short as
 * a card number.
 */
export function maskPackedCardNumbers(value: Uint8Array): Uint8Array {
  if (value.length < 7 || (value.length > PACKED_WHOLE && value.every((byte) => byte >= 0x20 && byte < 0x7f))) return value;
  if (value.every((byte) => isDigit(byte))) return value;
  const nibbles = Array.from(value).flatMap((byte) => [byte >>> 4, byte & 0xf]);
  let masked = false;
  for (let from = 0; from + 13 <= nibbles.length; ) {
    const length = packedLength(nibbles, from);
    for (let at = from + SHOWN_FIRST; at < from + length - SHOWN_LAST; at += 1) {
      nibbles[at] = MASKED_NIBBLE;
      masked = true;
    }
    from += length || 1;
  }
  return masked ? Uint8Array.from(value, (_, index) => ((nibbles[2 * index] ?? 0) << 4) | (nibbles[2 * index + 1] ?? 0)) : value;
}

/** Of the longest card number that begins there; 0 where none does. No industry's numbers begin with 0 (ISO/IEC 7812-1). */
function packedLength(nibbles: readonly number[], from: number): number {
  if (nibbles[from] === 0) return 0;
  const digits: number[] = [];
  for (const nibble of nibbles.slice(from, from + 19)) {
    if (nibble > 9) break;
    digits.push(nibble);
  }
  for (let length = digits.length; length >= 13; length -= 1) if (hasCheckDigit(digits.slice(0, length))) return length;
  return 0;
}
