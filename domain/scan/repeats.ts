/** Tells a code that is still held before the scanner from one that is shown anew. */
export interface RepeatFilter {
  /** True where the same code was seen less than the window ago; each sight begins the window anew. */
  isRepeat(text: string, nowMs: number): boolean;
  /** What was seen may be a secret: forgotten as soon as nobody scans. */
  forget(): void;
}

/**
 * A scanner that is triggered again reads what still lies before it, twice a second and for as long as it lies there. Each of
 * these sights puts the end of the window off, otherwise a bottle left on the scanner would be sold every few seconds.
 * @param windowMs 1,000 to 3,000; the times are of a monotonic clock
 */
export function createRepeatFilter(windowMs: number): RepeatFilter {
  /** Few: what is older than the window goes at the next sight. Several, for a scanner that sees two codes at once reads them in turn. */
  let seen: readonly { readonly text: string; readonly atMs: number }[] = [];

  return {
    isRepeat(text, nowMs) {
      const recent = seen.filter(({ atMs }) => nowMs - atMs < windowMs);
      seen = [...recent.filter((sight) => sight.text !== text), { text, atMs: nowMs }].slice(-8);
      return recent.some((sight) => sight.text === text);
    },
    forget() {
      seen = [];
    },
  };
}
