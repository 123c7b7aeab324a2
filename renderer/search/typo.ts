/**
 * How many typing mistakes lie between a query and a text: a letter too many, one missing, another one in its place, or two in the wrong order count one
 * each (optimal string alignment).
 */
export interface TypoScan {
  /** The fewest mistakes with which the query's first 31 letters stand anywhere in the text. */
  anywhere(text: string): number;
  /** The fewest mistakes with which the query is the whole text, and the beginning of it. */
  fromStart(text: string): { readonly whole: number; readonly beginning: number };
}

/** So many letters of a query fit the bits of a number, whose sign is not used. */
export const longestScan = 31;

/**
 * `anywhere` is H. Hyyrö, "A bit-vector algorithm for computing Levenshtein and Damerau edit distances" (2003): one step a letter of the text, so that
 * thousands of names are gone through between two key strokes. Its rows are reused: a scan belongs to one caller.
 */
export function createTypoScan(query: string): TypoScan {
  const head = query.slice(0, longestScan);
  const masks = new Int32Array(128);
  for (let at = 0; at < head.length; at += 1) masks[head.charCodeAt(at)]! |= 1 << at;
  const last = 1 << (head.length - 1);
  let before = new Int32Array(query.length + 1);
  let row = new Int32Array(query.length + 1);
  let older = new Int32Array(query.length + 1);

  return {
    anywhere(text) {
      let [up, down, diagonal, maskBefore, distance] = [-1, 0, 0, 0, head.length];
      let least = distance;
      for (let at = 0; at < text.length; at += 1) {
        const mask = masks[text.charCodeAt(at)]!;
        const swapped = (((~diagonal) & mask) << 1) & maskBefore;
        diagonal = (((mask & up) + up) ^ up) | mask | down | swapped;
        const right = down | ~(diagonal | up);
        const left = diagonal & up;
        if ((right & last) !== 0) distance += 1;
        else if ((left & last) !== 0) distance -= 1;
        if (distance < least) least = distance;
        // No bit comes in from below: the query may begin at any letter of the text.
        up = (left << 1) | ~(diagonal | (right << 1));
        down = (right << 1) & diagonal;
        maskBefore = mask;
      }
      return least;
    },
    fromStart(text) {
      const { length } = query;
      for (let at = 0; at <= length; at += 1) before[at] = at;
      let beginning = length;
      for (let column = 1; column <= text.length; column += 1) {
        row[0] = column;
        const letter = text.charCodeAt(column - 1);
        for (let at = 1; at <= length; at += 1) {
          const own = query.charCodeAt(at - 1);
          let least = Math.min(before[at]! + 1, row[at - 1]! + 1, before[at - 1]! + (own === letter ? 0 : 1));
          if (at > 1 && column > 1 && own === text.charCodeAt(column - 2) && query.charCodeAt(at - 2) === letter) least = Math.min(least, older[at - 2]! + 1);
          row[at] = least;
        }
        beginning = Math.min(beginning, row[length]!);
        [older, before, row] = [before, row, older];
      }
      return { whole: before[length]!, beginning };
    },
  };
}
