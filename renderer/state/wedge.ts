import { maxCodeLength } from '../../domain/scan/scanned-code.ts';

/** What has been typed so fast that no hand does it. */
export interface Wedge {
  readonly text: string;
  /** Of the first and of the last key; milliseconds of a monotonic clock. */
  readonly sinceMs: number;
  readonly atMs: number;
  readonly keys: number;
  /** It was too long, and the rest of it is let go by. */
  readonly isRubbish: boolean;
}

export const noWedge: Wedge = { text: '', sinceMs: 0, atMs: Number.NEGATIVE_INFINITY, keys: 0, isRubbish: false };

/** One keydown. */
export interface Keystroke {
  /** As in KeyboardEvent.key: a character, or a name. */
  readonly key: string;
  readonly atMs: number;
  /** Held down, with Ctrl, Alt or Meta, or inside an input method. */
  readonly isSpecial: boolean;
  /** Goes into a field. */
  readonly isInField: boolean;
}

export interface WedgeStep {
  readonly wedge: Wedge;
  readonly code: string | undefined;
  /** A scan has ended here, be it a code or rubbish that is none. */
  readonly isScan: boolean;
  /** The page must not take this key for a press of the button that has the focus. Never true for a character in a field. */
  readonly swallow: boolean;
}

/** Scanners type a key every 1 to 30 ms; fingers need 60 and more. */
export const longestGapMs = 50;
/** A busy machine hands a key on late: so long a scan that is under way is waited for, or its rest would be taken for a code. */
export const longestStallMs = 250;
/** So many keys make it one that is under way. */
const underWay = 4;
/** Fingers that fall on the keys together are not as many. */
export const shortestCode = 6;

/** A scanner that types like a keyboard: many characters, each soon after the other, and Enter or Tab as soon. */
export function wedgeStep(wedge: Wedge, { key, atMs, isSpecial, isInField }: Keystroke): WedgeStep {
  // Between the characters of a scanner that types capitals.
  if (key === 'Shift' || key === 'CapsLock') return { wedge, code: undefined, isScan: false, swallow: false };
  const gapMs = atMs - wedge.atMs;
  const isFast = gapMs <= longestGapMs || (wedge.keys >= underWay && gapMs <= longestStallMs);
  if (isSpecial) return { wedge: noWedge, code: undefined, isScan: false, swallow: false };
  if (key === 'Enter' || key === 'Tab') {
    // Stalls are few: on the whole it is still as fast as only a scanner is.
    const isScan = isFast && atMs - wedge.sinceMs <= wedge.keys * longestGapMs && (wedge.isRubbish || wedge.text.length >= shortestCode);
    return { wedge: noWedge, code: isScan && !wedge.isRubbish ? wedge.text : undefined, isScan, swallow: isScan };
  }
  if ([...key].length !== 1) return { wedge: noWedge, code: undefined, isScan: false, swallow: false };
  const text = isFast ? wedge.text + key : key;
  const isRubbish = (isFast && wedge.isRubbish) || text.length > maxCodeLength;
  // A blank presses the button that has the focus: the first may be meant, one in the middle of a scan is not.
  const swallow = key === ' ' && !isInField && isFast;
  return { wedge: { text: isRubbish ? '' : text, sinceMs: isFast ? wedge.sinceMs : atMs, atMs, keys: isFast ? wedge.keys + 1 : 1, isRubbish }, code: undefined, isScan: false, swallow };
}
