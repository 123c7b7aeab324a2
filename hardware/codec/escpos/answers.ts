/** One thing that the printer said. Which question a status byte answers is known only to who asked. */
export type Answer =
  /** An answer to DLE EOT. */
  | { readonly kind: 'status'; readonly byte: number }
  /** The answer to GS r 1, or what looks like it. */
  | { readonly kind: 'marker'; readonly byte: number; readonly paper: 'ok' | 'low' | 'out' }
  /** Automatic status (GS a), four bytes. */
  | { readonly kind: 'automatic'; readonly bytes: readonly [number, number, number, number] }
  | { readonly kind: 'flow'; readonly go: boolean }
  | { readonly kind: 'unknown'; readonly byte: number };

export interface AnswerReader {
  /** Bytes in any split; answers as soon as they are whole. */
  push(bytes: Uint8Array): readonly Answer[];
  /** Forgets a half-read automatic status, after the line was lost. */
  reset(): void;
}

/**
 * Tells the printer's answers apart by their fixed bits (x is free): DLE EOT 0xx1xx10, first byte of GS a 0xx1xx00,
 * its other bytes and GS r 0xx0xxxx, XON 11, XOFF 13.
 */
export function createAnswerReader(): AnswerReader {
  let automatic: number[] = [];

  return {
    push(bytes) {
      const answers: Answer[] = [];
      for (const byte of bytes) {
        // Flow control comes between any two bytes.
        if (byte === 0x11 || byte === 0x13) {
          answers.push({ kind: 'flow', go: byte === 0x11 });
          continue;
        }
        if (automatic.length > 0 && (byte & 0x90) !== 0) {
          answers.push(...automatic.map((half): Answer => ({ kind: 'unknown', byte: half })));
          automatic = [];
        }
        if (automatic.length > 0 || (byte & 0x93) === 0x10) {
          automatic.push(byte);
          const [first, second, third, fourth] = automatic;
          if (first === undefined || second === undefined || third === undefined || fourth === undefined) continue;
          answers.push({ kind: 'automatic', bytes: [first, second, third, fourth] });
          automatic = [];
        } else answers.push(single(byte));
      }
      return answers;
    },
    reset() {
      automatic = [];
    },
  };
}

function single(byte: number): Answer {
  if ((byte & 0x93) === 0x12) return { kind: 'status', byte };
  if (isMarker(byte)) return { kind: 'marker', byte, paper: (byte & 0x0c) !== 0 ? 'out' : (byte & 0x03) !== 0 ? 'low' : 'ok' };
  return { kind: 'unknown', byte };
}

/** GS r 1: bits 4 and 7 are 0; bits 0-1 (near end) and 2-3 (paper out) come in pairs; 5 and 6 are undefined. */
function isMarker(byte: number): boolean {
  const low = byte & 0x03;
  const out = byte & 0x0c;
  return (byte & 0x90) === 0 && (low === 0 || low === 0x03) && (out === 0 || out === 0x0c);
}
