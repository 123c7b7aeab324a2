import { maskDigits } from './mask-digits.ts';
import { hexText, plainText } from './trace.ts';
import type { LineTrace } from './trace.ts';

const longest = 8192;

/**
 * Scanners and MDB interfaces: text in lines. Codes that a customer shows are money for a minute, so long runs of digits are
 * hidden here as well. `codes`: the whole line is somebody's code, of which only the beginning is told.
 */
export function createTextLineTrace(what: 'codes' | 'commands'): LineTrace {
  let waiting: number[] = [];

  return {
    push(bytes) {
      const lines: string[] = [];
      for (const byte of bytes) {
        if (byte !== 0x0d && byte !== 0x0a) waiting.push(byte);
        else if (waiting.length > 0) lines.push(take(byte === 0x0d ? 'CR' : 'LF'));
        if (waiting.length >= longest) lines.push(take('and more'));
      }
      return lines;
    },
    rest: () => (waiting.length === 0 ? [] : [take('no end')]),
  };

  function take(end: string): string {
    const bytes = Uint8Array.from(waiting);
    waiting = [];
    // Commands of scanners are binary: shown as they are, they hold no code.
    if (bytes.some((byte) => byte < 0x20 || byte === 0x7f)) return bytes.length <= 16 ? `${hexText(bytes)} (${end})` : `${hexText(bytes.subarray(0, 4))} … ${bytes.length} bytes (${end})`;
    const text = plainText(new TextDecoder('utf-8').decode(bytes));
    if (what === 'commands') return `${maskDigits(text)} (${end})`;
    const characters = [...text];
    return `code of ${characters.length} characters: ${characters.slice(0, 4).join('')}${'*'.repeat(Math.min(Math.max(0, characters.length - 4), 40))} (${end})`;
  }
}
