import type { Candidate } from './pinyin-input.ts';

/** What the keyboard holds besides the field's value. */
export interface Typing {
  /** Writes Chinese by pinyin. */
  readonly chinese: boolean;
  /** Letters of characters that are not chosen yet. */
  readonly letters: string;
  readonly shifted: boolean;
  readonly signs: boolean;
}

export interface Typed {
  readonly typing: Typing;
  readonly value: string;
}

export const mostLetters = 40;

export function firstTyping(chinese: boolean): Typing {
  return { chinese, letters: '', shifted: false, signs: false };
}

/** What a keyboard has written: characters that are chosen, and behind them letters whose characters are not. */
export interface Written {
  readonly typing: Typing;
  readonly chosen: string;
  /** What its owner was told of it: any other value was written by something else. */
  readonly told: string;
}

/** All that was typed: letters of characters that are not chosen yet are part of it, and stay when keyboard, field or screen go. */
export function asTyped({ typing, chosen }: Pick<Written, 'typing' | 'chosen'>, maxLength: number): string {
  return (chosen + typing.letters.replaceAll("'", '')).slice(0, Math.max(maxLength, chosen.length));
}

/** The same as long as the value is what this keyboard wrote; what came from elsewhere is chosen, and no letters of before belong to it. */
export function agreedWith(written: Written, value: string): Written {
  return written.told === value ? written : { typing: { ...written.typing, letters: '' }, chosen: value, told: value };
}

/**
 * What one key does to it: more than fits is not taken, and such a key does nothing at all, or the letters that it writes out would be lost.
 * @param maxLength in UTF-16 code units
 */
export function write(written: Written, id: string, candidates: readonly Candidate[], maxLength: number): Written {
  const { typing, value } = typeKey(written.typing, id, written.chosen, candidates);
  if (value.length > Math.max(maxLength, written.chosen.length)) return written;
  return { typing, chosen: value, told: asTyped({ typing, chosen: value }, maxLength) };
}

/**
 * What one key does. Ids: a character types itself, "{erase}", "{clear}", "{shift}", "{signs}", "{language}", and "{n}" takes the candidate at place n, from 0.
 * Letters that are left when something else is typed go in as they are: nothing that was typed is lost.
 */
export function typeKey(typing: Typing, id: string, value: string, candidates: readonly Candidate[]): Typed {
  const { chinese, letters } = typing;
  const open: Typed = { typing, value };
  const asTyped = value + letters.replaceAll("'", '');
  const place = /^\{(\d+)\}$/.exec(id)?.[1];
  if (place !== undefined) return take(open, candidates[Number(place)]);
  switch (id) {
    case '{erase}':
      return letters === '' ? { typing, value: [...value].slice(0, -1).join('') } : { typing: { ...typing, letters: letters.slice(0, -1) }, value };
    case '{clear}':
      return { typing: { ...typing, letters: '' }, value: '' };
    case '{shift}':
      return { typing: { ...typing, shifted: !typing.shifted }, value };
    case '{signs}':
      return { typing: { ...typing, signs: !typing.signs, shifted: false }, value };
    case '{language}':
      return { typing: { ...typing, chinese: !chinese, letters: '', shifted: false }, value: asTyped };
    case ' ':
      if (letters === '') return { typing, value: `${value} ` };
      return candidates[0] ? take(open, candidates[0]) : { typing: { ...typing, letters: '' }, value: asTyped };
    default:
      if (chinese && /^[a-z']$/.test(id)) {
        if ((id === "'" && (letters === '' || letters.endsWith("'"))) || letters.length >= mostLetters) return open;
        return { typing: { ...typing, letters: letters + id }, value };
      }
      return { typing: { ...typing, letters: '', shifted: false }, value: asTyped + id };
  }
}

function take({ typing, value }: Typed, candidate: Candidate | undefined): Typed {
  if (!candidate) return { typing, value };
  return { typing: { ...typing, letters: typing.letters.slice(candidate.used) }, value: value + candidate.text };
}
