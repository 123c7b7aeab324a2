import { createDigitMask } from './mask-digits.ts';
import type { LineTrace } from './trace.ts';

const perLine = 16;
/** A number that is cut by the end of what is looked at is hidden as well, so as much as possible is looked at together. */
const mostTogether = 16 * perLine;

/** "1b 40 1c 26 48 65 6c 6c 6f                       .@.&Hello", sixteen bytes a line; what may be a card number is starred. */
export function createHexTrace(): LineTrace {
  const mask = createDigitMask();
  let waiting: number[] = [];

  return {
    push(bytes) {
      waiting.push(...bytes);
      return waiting.length < mostTogether ? [] : show(waiting.splice(0, waiting.length - (waiting.length % perLine)));
    },
    rest: () => (waiting.length === 0 ? [] : show(waiting.splice(0))),
  };

  function show(bytes: readonly number[]): string[] {
    const visible = mask.visible(Uint8Array.from(bytes));
    const lines: string[] = [];
    for (let at = 0; at < bytes.length; at += perLine) {
      const part = bytes.slice(at, at + perLine);
      const hex = part.map((byte, index) => (visible[at + index] ? byte.toString(16).padStart(2, '0') : '**')).join(' ');
      const text = part.map((byte, index) => (!visible[at + index] ? '*' : byte >= 0x20 && byte <= 0x7e ? String.fromCharCode(byte) : '.')).join('');
      lines.push(`${hex.padEnd(perLine * 3)} ${text}`);
    }
    return lines;
  }
}
