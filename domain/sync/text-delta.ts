import type { TextDelta } from '../contract/hq-down.ts';
import type { Result } from '../result.ts';
import { err, ok } from '../result.ts';

/** As long as `documentRevisionSchema` lets a whole text be: no delta makes more of less. */
export const maxTextLength = 16_000_000;
const maxLiteral = 4_000_000;
const maxOperations = 100_000;

/** A stretch that goes on where it left off is believed after so many equal lines: a lone "}," fits anywhere. */
const trustedLines = 3;

/**
 * What makes `newText` of `oldText`, by lines: stretches to copy (`[first, count]`, from 0) and new lines, in order; what they give is joined with line
 * breaks. Small where little has changed, moved or come in between; not always the smallest. Its time grows with the number of lines, whatever they are:
 * it looks for lines that stand only once in the old text, and for places where both go on alike.
 * @returns undefined where no delta fits the contract (a new line of more than four million characters): send the whole
 */
export function makeTextDelta(oldText: string, newText: string): TextDelta | undefined {
  if (newText.length > maxTextLength) return undefined;
  const oldLines = oldText.split('\n');
  const newLines = newText.split('\n');
  const delta = withinContract(deltaOf(oldLines, newLines), newLines);
  return delta.some((part) => typeof part === 'string' && part.length > maxLiteral) ? undefined : delta;
}

/** Copies by place, and literals as ranges of the new lines: `[from, until)`. */
type Piece = { readonly copy: number; readonly count: number } | { readonly from: number; readonly until: number };

function deltaOf(oldLines: readonly string[], newLines: readonly string[]): readonly Piece[] {
  const once = linesThatStandOnce(oldLines);
  const pieces: Piece[] = [];
  /** New lines from here up to `at` are not in any piece yet. */
  let pending = 0;
  let at = 0;
  /** The old line is this far ahead of the new one, in the stretch that was copied last. */
  let offset = 0;

  const isEqual = (place: number, line: number) => place >= 0 && place < oldLines.length && line < newLines.length && oldLines[place] === newLines[line];
  const goesOnAlike = () => {
    for (let ahead = 0; ahead < trustedLines; ahead++) {
      if (at + ahead === newLines.length && ahead > 0 && at + offset + ahead === oldLines.length) return true;
      if (!isEqual(at + offset + ahead, at + ahead)) return false;
    }
    return true;
  };

  while (at < newLines.length) {
    const anchor = once.get(newLines[at]!);
    const place = goesOnAlike() ? at + offset : anchor;
    if (place === undefined) {
      at += 1;
      continue;
    }
    let back = 0;
    while (at - back > pending && isEqual(place - back - 1, at - back - 1)) back += 1;
    let count = back;
    while (isEqual(place - back + count, at - back + count)) count += 1;
    if (at - back > pending) pieces.push({ from: pending, until: at - back });
    pieces.push({ copy: place - back, count });
    offset = place - at;
    at = at - back + count;
    pending = at;
  }
  if (pending < newLines.length) pieces.push({ from: pending, until: newLines.length });
  return pieces;
}

function linesThatStandOnce(lines: readonly string[]): ReadonlyMap<string, number> {
  const places = new Map<string, number>();
  const often = new Set<string>();
  for (const [place, line] of lines.entries()) {
    if (often.has(line)) continue;
    if (places.delete(line)) often.add(line);
    else places.set(line, place);
  }
  return places;
}

function withinContract(pieces: readonly Piece[], newLines: readonly string[]): TextDelta {
  const delta = pieces.flatMap((piece): TextDelta => ('copy' in piece ? [[piece.copy, piece.count]] : literals(newLines, piece.from, piece.until)));
  return delta.length > maxOperations ? literals(newLines, 0, newLines.length) : delta;
}

/** As few as fit: a literal may hold many lines. */
function literals(lines: readonly string[], from: number, until: number): string[] {
  const parts: string[] = [];
  let begin = from;
  let length = lines[from]!.length;
  for (let line = from + 1; line < until; line++) {
    const added = lines[line]!.length + 1;
    if (length + added <= maxLiteral) {
      length += added;
      continue;
    }
    parts.push(lines.slice(begin, line).join('\n'));
    begin = line;
    length = added - 1;
  }
  parts.push(lines.slice(begin, until).join('\n'));
  return parts;
}

/**
 * The new text. Whoever made the delta may be wrong or worse: lines that are not there, and more text than a document may have, are refused before
 * anything is put together. Whether it is the right text only its hash can say.
 */
export function applyTextDelta(oldText: string, delta: TextDelta): Result<string, string> {
  if (delta.length === 0) return err('an empty delta makes no text');
  const lines = oldText.split('\n');
  /** Characters before each line, its line break and all those before counted. */
  const begins = new Float64Array(lines.length + 1);
  for (const [index, line] of lines.entries()) begins[index + 1] = begins[index]! + line.length + 1;
  let length = -1;
  for (const part of delta) {
    if (typeof part === 'string') length += part.length + 1;
    else {
      const [first, count] = part;
      if (!Number.isSafeInteger(first) || !Number.isSafeInteger(count) || first < 0 || count < 1 || first + count > lines.length) return err(`there are no lines ${first} to ${first + count - 1}: the old text has ${lines.length}`);
      length += begins[first + count]! - begins[first]!;
    }
    if (length > maxTextLength) return err(`the new text would be longer than ${maxTextLength} characters`);
  }
  // By place in the text: lines need not be joined again.
  return ok(delta.map((part) => (typeof part === 'string' ? part : oldText.slice(begins[part[0]]!, begins[part[0] + part[1]]! - 1))).join('\n'));
}
