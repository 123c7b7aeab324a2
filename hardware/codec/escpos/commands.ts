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
