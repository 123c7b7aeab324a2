import { createDigitMask, maskDigits } from './mask-digits.ts';
import { hexText, plainText } from './trace.ts';
import type { LineTrace } from './trace.ts';

const longest = 8192;
const shownOfCode = 4;

/**
 * Scanners and MDB interfaces: text in lines. Codes that a customer shows are money for a minute, so long runs of digits are
 * hidden here as well. `codes`: the whole line may be somebody's code, of which only the first four bytes are told, in letters or
 * in hex: a prefix such as STX makes a staff card no command.
 */
export function createTextLineTrace(what: 'codes' | 'commands'): LineTrace {
  let waiting: number[] = [];
  /** What waits goes on with a line whose beginning was told already. */
  let isMore = false;

  return {
    push(bytes) {
      const lines: string[] = [];
      for (const byte of bytes) {
        if (byte !== 0x0d && byte !== 0x0a) waiting.push(byte);
        else if (waiting.length > 0) lines.push(take(byte === 0x0d ? 'CR' : 'LF'));
        else isMore = false;
        if (waiting.length >= longest) {
          lines.push(take('and more'));
          isMore = true;
        }
      }
      return lines;
    },
    rest() {
      if (waiting.length > 0) return [take('no end')];
      isMore = false;
      return [];
    },
  };

  function take(end: string): string {
    const bytes = Uint8Array.from(waiting);
    waiting = [];
    const shown = isMore ? 0 : shownOfCode;
    isMore = false;
    if (bytes.some((byte) => byte < 0x20 || byte === 0x7f)) return `${what === 'codes' || bytes.length > 16 ? beginning(bytes, shown) : maskedHex(bytes)} (${end})`;
    const text = plainText(new TextDecoder('utf-8').decode(bytes));
    if (what === 'commands') return `${maskDigits(text)} (${end})`;
    const characters = [...text];
    return `code of ${characters.length} characters: ${characters.slice(0, shown).join('')}${'*'.repeat(Math.min(Math.max(0, characters.length - shown), 40))} (${end})`;
  }
}

function beginning(bytes: Uint8Array, shown: number): string {
  return [hexText(bytes.subarray(0, shown)), ...(bytes.length > shown ? [`… ${bytes.length} bytes`] : [])].filter(Boolean).join(' ');
}

function maskedHex(bytes: Uint8Array): string {
  const visible = createDigitMask().visible(bytes);
  return Array.from(bytes, (byte, index) => (visible[index] ? hexText(Uint8Array.of(byte)) : '**')).join(' ');
}
