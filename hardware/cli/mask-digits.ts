/**
 * Hides what may be a card number or a customer's payment code in bytes of which nobody knows the meaning: of each run of
 * 13 and more digits, written as text or as BCD, only the first six stay. A run may be cut by the end of what was read, so one
 * that touches an end counts as long: too much is hidden rather than too little.
 */
export interface DigitMask {
  /** For each byte whether it may be shown. Runs go on over the borders of the pieces. */
  visible(bytes: Uint8Array): readonly boolean[];
}

const shown = 6;
const suspicious = 13;
/** Text may put one blank, hyphen or point between two groups. */
const separators = new Set([0x20, 0x2d, 0x2e]);

export function createDigitMask(): DigitMask {
  const text = runsOf((byte) => (byte >= 0x30 && byte <= 0x39 ? 1 : separators.has(byte) ? 0 : undefined), 2);
  const bcd = runsOf((byte) => (byte >>> 4 <= 9 && (byte & 0xf) <= 9 ? 2 : undefined), 0);
  return {
    visible(bytes) {
      const [asText, asBcd] = [text(bytes), bcd(bytes)];
      return asText.map((isVisible, index) => isVisible && asBcd[index] === true);
    },
  };
}

/**
 * Runs of bytes that hold digits. `digitsOf` says how many, 0 for a separator, undefined for what ends a run. At most so many
 * separators in a row belong to it.
 */
function runsOf(digitsOf: (byte: number) => number | undefined, mostSeparators: number): (bytes: Uint8Array) => boolean[] {
  /** Digits of the run that the last piece ended in. */
  let before = 0;
  return (bytes) => {
    const visible = Array.from(bytes, () => true);
    let from = 0;
    let digits = before;
    let separated = 0;
    for (let index = 0; index <= bytes.length; index += 1) {
      const byte = bytes[index];
      const count = byte === undefined ? undefined : digitsOf(byte);
      separated = count === 0 ? separated + 1 : 0;
      if (count !== undefined && separated <= mostSeparators && !(count === 0 && digits === 0)) {
        digits += count;
        continue;
      }
      const touchesEnd = index === bytes.length;
      const touchesBeginning = from === 0 && before > 0;
      if (digits >= suspicious || ((touchesEnd || touchesBeginning) && digits > shown)) hide(from, index, touchesBeginning ? before : 0);
      if (touchesEnd) before = digits;
      else {
        digits = 0;
        if (from === 0) before = 0;
      }
      from = index + 1;
    }
    return visible;

    function hide(start: number, end: number, already: number): void {
      let seen = already;
      for (let index = start; index < end; index += 1) {
        seen += digitsOf(bytes[index] ?? 0) ?? 0;
        if (seen > shown) visible[index] = false;
      }
    }
  };
}

/** The same for a whole text. */
export function maskDigits(text: string): string {
  return text.replace(/\d(?:[ .-]{0,2}\d){12,}/g, (run) => {
    let seen = 0;
    return run.replace(/\d/g, (digit) => ((seen += 1) > shown ? '*' : digit));
  });
}
