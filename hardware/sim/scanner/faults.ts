import type { ScriptStep, Vocabulary } from '../script/script.ts';

/** The words of scripts for this device. `received ` is followed by the command's bytes in hexadecimal. */
export const scannerVocabulary: Vocabulary = {
  moments: ['powered on', 'triggered', 'stopped', 'timed out', 'sending code', 'sending answer', 'received '],
  actions: [
    // On "sending code" and "sending answer": to what is sent.
    'drop', 'double', 'cut', 'garble', 'split', 'no suffix',
    // On "sending code": an answer to a command at its front, in its middle, at its end; so many bytes of rubbish before it.
    'glue before', 'glue within', 'glue behind', 'rubbish',
    // At any moment: `value` milliseconds without power, no word from now on, words again.
    'reboot', 'fall silent', 'speak',
  ],
};

/** One thing that is sent, and so long after the one before. */
export interface Piece {
  readonly bytes: Uint8Array;
  readonly afterMs: number;
}

/** What really goes onto the line. */
export function withFaults(bytes: Uint8Array, steps: readonly ScriptStep[], facts: { readonly suffix: Uint8Array; readonly answer: Uint8Array; readonly random: () => number }): readonly Piece[] {
  let pieces: readonly Piece[] = [{ bytes, afterMs: 0 }];
  for (const step of steps) pieces = pieces.flatMap((piece) => applied(piece, step, facts));
  return pieces;
}

function applied(piece: Piece, step: ScriptStep, { suffix, answer, random }: Parameters<typeof withFaults>[2]): readonly Piece[] {
  const { bytes } = piece;
  const middle = Math.floor(bytes.length / 2);
  const becomes = (...parts: readonly Uint8Array[]): readonly Piece[] => [{ ...piece, bytes: Uint8Array.from(parts.flatMap((part) => [...part])) }];
  switch (step.do) {
    case 'drop':
      return [];
    case 'double':
      return becomes(bytes, bytes);
    case 'cut':
      return becomes(bytes.subarray(0, step.value ?? middle));
    case 'garble': {
      const at = step.value ?? middle;
      return becomes(bytes.map((byte, index) => (index === at ? byte ^ 0x80 : byte)));
    }
    case 'split':
      return [{ ...piece, bytes: bytes.subarray(0, middle) }, { bytes: bytes.subarray(middle), afterMs: step.value ?? 20 }];
    case 'no suffix':
      return becomes(bytes.subarray(0, bytes.length - suffix.length));
    case 'glue before':
      return becomes(answer, bytes);
    case 'glue within':
      return becomes(bytes.subarray(0, middle), answer, bytes.subarray(middle));
    case 'glue behind':
      return becomes(bytes, answer);
    case 'rubbish':
      return becomes(Uint8Array.from({ length: step.value ?? 7168 }, () => Math.floor(random() * 256)), bytes);
    default:
      return [piece];
  }
}
