/** Bytes that a QR code of version 1, 2, … holds at error correction M (ISO/IEC 18004, table 7). */
const capacities = [
  14, 26, 42, 62, 84, 106, 122, 152, 180, 213, 251, 287, 331, 362, 412, 450, 504, 560, 624, 666, 711, 779, 857, 911, 997, 1059, 1125, 1190, 1264,
  1370, 1452, 1538, 1628, 1722, 1809, 1911, 1989, 2099, 2213, 2331,
];

/** Best seen by a phone at arm's length, and not wasteful: about 25 to 30 mm. */
const wantedDots = 240;

export interface QrSize {
  /** Dots of one module, 1 to 8 (what node-thermal-printer knows). */
  readonly cell: number;
  /** Height and width in dots. */
  readonly dots: number;
}

/** The cell size for `length` bytes on a paper `paperDots` wide. Printers print nothing at all where a code does not fit. */
export function qrSize(length: number, paperDots: number): QrSize | undefined {
  const version = capacities.findIndex((capacity) => length <= capacity) + 1;
  if (version === 0) return undefined;
  const modules = 17 + 4 * version;
  const cell = Math.min(8, Math.floor(paperDots / modules), Math.max(3, Math.floor(wantedDots / modules)));
  return cell < 1 ? undefined : { cell, dots: cell * modules };
}
