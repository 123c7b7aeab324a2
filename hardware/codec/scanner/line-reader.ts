import type { AnswerFinder } from './answers.ts';
import type { CodeReader, ReaderEvent, RefusedReason } from './reader.ts';
import type { CharacterSet } from './text.ts';
import { isControl, readText } from './text.ts';

export interface LineReaderOptions {
  readonly characterSet: CharacterSet;
  /** A longer code is rubbish. */
  readonly maxBytes: number;
  readonly findAnswer: AnswerFinder;
  /** A code may come without a suffix. Otherwise one that silence ends has lost its rest. */
  readonly endsBySilence: boolean;
}

/** CR, LF, TAB. CR LF is a code and an empty one, which is none. */
const suffixes: ReadonlySet<number> = new Set([0x0d, 0x0a, 0x09]);

/** Shorter ones are not looked at for being sent twice: "1212" may be meant. */
const minDoubledHalf = 8;

/**
 * Codes as characters that end with a suffix or with silence. After the first thing that is wrong everything until silence is
 * rubbish: of 7 KB of it some lines would look like codes. It holds `maxBytes` at most, whatever comes.
 */
export function createLineReader({ characterSet, maxBytes, findAnswer, endsBySilence }: LineReaderOptions): CodeReader {
  let code: number[] = [];
  /** May be the beginning of an answer. */
  let held: number[] = [];
  let isRubbish = false;

  return {
    push(bytes) {
      const events: ReaderEvent[] = [];
      for (const byte of bytes) take(byte, events);
      return events;
    },
    silence() {
      const events: ReaderEvent[] = [];
      for (const byte of held.splice(0)) takeCharacter(byte, events);
      if (!isRubbish && code.length > 0) {
        if (endsBySilence) end(events, true);
        else refuse('torn', events);
      }
      reset();
      return events;
    },
    isPending: () => isRubbish || code.length > 0 || held.length > 0,
    reset,
  };

  function take(byte: number, events: ReaderEvent[]): void {
    held.push(byte);
    while (held.length > 0) {
      const verdict = findAnswer(held);
      if (verdict.kind === 'begun') return;
      if (verdict.kind === 'answer') {
        held = [];
        events.push(verdict);
      } else takeCharacter(held.shift()!, events);
    }
  }

  function takeCharacter(byte: number, events: ReaderEvent[]): void {
    if (isRubbish) return;
    if (suffixes.has(byte)) end(events, false);
    else if (isControl(byte)) refuse('control_character', events);
    else if (code.length >= maxBytes) refuse('too_long', events);
    else code.push(byte);
  }

  function end(events: ReaderEvent[], bySilence: boolean): void {
    const read = readText(Uint8Array.from(code), characterSet);
    code = [];
    if (!read.ok) return refuse(read.reason, events);
    const text = bySilence ? once(read.text) : read.text;
    if (text !== '') events.push({ kind: 'code', text });
  }

  function refuse(reason: RefusedReason, events: ReaderEvent[]): void {
    code = [];
    isRubbish = true;
    events.push({ kind: 'refused', reason });
  }

  function reset(): void {
    code = [];
    held = [];
    isRubbish = false;
  }
}

/** A code without a suffix that was sent twice within the silence is one code. */
function once(text: string): string {
  const half = text.slice(0, text.length / 2);
  return half.length >= minDoubledHalf && half + half === text ? half : text;
}
