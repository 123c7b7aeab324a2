/**
 * The few commands that the driver sends on its own, beside what node-thermal-printer composes.
 * Source: Epson TM-T88III specification; Citizen CT-S310, Bixolon SRP-350 agree.
 */

/** The four questions of DLE EOT, in this order: printer, why offline, error, paper. */
export const statusQuestions = [1, 2, 3, 4] as const;
export type StatusQuestion = (typeof statusQuestions)[number];

/** DLE EOT n: answered at once by one byte, even when offline or out of paper. */
export function askStatus(question: StatusQuestion): Uint8Array {
  return Uint8Array.of(0x10, 0x04, question);
}

/** GS r 1: waits behind the print data and is answered (paper sensor, one byte) only when all before it was processed. */
export function marker(): Uint8Array {
  return Uint8Array.of(0x1d, 0x72, 0x01);
}

/** ESC @: clears the print line and sets every mode back. It does not empty the receive buffer. */
export function initialise(): Uint8Array {
  return Uint8Array.of(0x1b, 0x40);
}

/** ESC 3 n: line spacing in dots. */
export function lineSpacing(dots: number): Uint8Array {
  return Uint8Array.of(0x1b, 0x33, dots);
}

/** FS &: two-byte Chinese mode. ESC @ ends it, also the one that `cut()` of node-thermal-printer adds. */
export function chineseMode(): Uint8Array {
  return Uint8Array.of(0x1c, 0x26);
}

/** ESC 2: line spacing as after ESC @, 1/6 inch. */
export function normalLineSpacing(): Uint8Array {
  return Uint8Array.of(0x1b, 0x32);
}

/** ESC J n: prints and feeds by n units of the vertical motion unit. */
export function feedUnits(units: number): Uint8Array {
  return Uint8Array.of(0x1b, 0x4a, units);
}

/**
 * GS v 0: dots at the beginning of a line, aligned by ESC a; `double` prints each twice as wide and high (m = 3). The paper
 * moves by as many dots as it is high.
 * @param bits row by row, eight dots a byte, the leftmost in bit 7, black is 1.
 */
export function rasterImage(widthBytes: number, height: number, bits: Uint8Array, double: boolean): Uint8Array {
  const head = [0x1d, 0x76, 0x30, double ? 3 : 0, widthBytes & 0xff, widthBytes >> 8, height & 0xff, height >> 8];
  return Uint8Array.of(...head, ...bits);
}

/**
 * GS k 73 with GS h, GS w and GS H 0 before it: Code 128 without the printer's own text below. In the data `{B` and `{C` begin
 * a code set; a `{` of the data is `{{`; set C has one byte for each two digits.
 */
export function code128Bars(parts: readonly { readonly set: 'B' | 'C'; readonly text: string }[], moduleDots: number, height: number): Uint8Array {
  const data = parts.flatMap(({ set, text }) => [
    0x7b,
    set.charCodeAt(0),
    ...(set === 'C' ? (text.match(/../g) ?? []).map(Number) : [...text].flatMap((character) => (character === '{' ? [0x7b, 0x7b] : [character.charCodeAt(0)]))),
  ]);
  return Uint8Array.of(0x1d, 0x68, height, 0x1d, 0x77, moduleDots, 0x1d, 0x48, 0, 0x1d, 0x6b, 73, data.length, ...data);
}

/** FS p n 0: the n-th picture in the printer's memory, at the beginning of a line. */
export function storedPicture(slot: number): Uint8Array {
  return Uint8Array.of(0x1c, 0x70, slot, 0);
}

/** GS ( L, function 69: the picture in the printer's memory by its key code, which is the slot in two digits. */
export function storedGraphics(slot: number): Uint8Array {
  const [tens = 0x30, ones = 0x30] = [...String(slot).padStart(2, '0')].map((digit) => digit.charCodeAt(0));
  return Uint8Array.of(0x1d, 0x28, 0x4c, 6, 0, 0x30, 69, tens, ones, 1, 1);
}
