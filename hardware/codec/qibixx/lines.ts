import type { Result } from '../../../domain/result.ts';
import { err, ok } from '../../../domain/result.ts';
import type { QibixxError } from './error.ts';
import { unreadable } from './error.ts';

export interface LineDecoder {
  /** Whole lines without their end, in order. Never throws, and never holds more than `maxLength` bytes. */
  push(bytes: Uint8Array): readonly Result<string, QibixxError>[];
  /** Something of a line is there, its end is not. */
  isPending(): boolean;
  /** What came before a reopening belongs to nothing that comes after. */
  reset(): void;
}

const NUL = 0x00;
const LF = 0x0a;
const CR = 0x0d;
const DEL = 0x7f;

/** The longest line that the maker documents has 60 bytes; sniffed bus traffic, which we never ask for, has more. */
const defaultMaxLength = 256;

/**
 * Lines end with CR LF. LF alone is taken, too: the maker's own examples send it, and a CR may be lost. A broken line is told
 * once, at its end, so that what follows it is read as it stands.
 */
export function createLineDecoder(maxLength = defaultMaxLength): LineDecoder {
  let line = '';
  let broken: QibixxError['reason'] | undefined;
  let carriageReturn = false;

  return {
    push(bytes) {
      const lines: Result<string, QibixxError>[] = [];
      for (const byte of bytes) {
        if (byte === LF) {
          if (broken) lines.push(err(unreadable(broken, broken === 'too_long' ? `a line of more than ${maxLength} bytes` : 'a line with bytes that are no text')));
          // An empty line says nothing.
          else if (line !== '') lines.push(ok(line));
          begin();
          continue;
        }
        take(byte);
      }
      return lines;
    },
    isPending: () => line !== '' || broken !== undefined,
    reset: begin,
  };

  function begin(): void {
    line = '';
    broken = undefined;
    carriageReturn = false;
  }

  function take(byte: number): void {
    // A line at rest, or a break, is read as NULs before the first character. Within a line a NUL stands where a character
    // was: left out, it would make "12.50" a "1.50".
    if (byte === NUL && line === '' && !broken && !carriageReturn) return;
    if (carriageReturn || (byte !== CR && (byte < 0x20 || byte >= DEL))) broken ??= 'not_text';
    else if (byte === CR) carriageReturn = true;
    else if (line.length >= maxLength) broken ??= 'too_long';
    else line += String.fromCharCode(byte);
  }
}
