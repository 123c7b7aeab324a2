import { columnsOf } from './gbk-repertoire.ts';

/** Kinsoku: a line begins with none of these … */
const closing = /^[，。、；：！？）》」』】〕〗〉”’…—·％℃,.;:!?)\]}%]$/u;
/** … and ends with none of these. `￥` stays with its number. */
const opening = /^[（《「『【〔〖〈“‘￥＄([{]$/u;
/** Between these a line may break without a space. */
const ideographic = /^[\p{Script=Han}\p{Script=Hiragana}\p{Script=Katakana}\u3000-\u303f\uff00-\uffef]$/u;

/**
 * Folds printable text to lines of at most `columns`. Chinese breaks between characters, other scripts between words, and
 * a word that is wider than a line inside. No character is lost or changes places; only spaces at a break go.
 */
export function wrap(text: string, columns: number): readonly string[] {
  const limit = Math.max(2, columns); // a Han character must fit
  const lines: string[] = [];
  let line = '';
  let gap = '';
  for (const unit of units(text)) {
    if (unit.startsWith(' ')) {
      gap = line === '' && lines.length > 0 ? '' : unit;
      continue;
    }
    if (columnsOf(line + gap + unit) <= limit) {
      line += gap + unit;
    } else {
      if (line !== '') lines.push(line);
      line = unit;
      while (columnsOf(line) > limit) {
        const at = splitPoint(line, limit);
        lines.push(line.slice(0, at));
        line = line.slice(at);
      }
    }
    gap = '';
  }
  if (line !== '' || lines.length === 0) lines.push(line);
  return lines;
}

/** Runs that must not be broken, and runs of spaces. */
function* units(text: string): Generator<string> {
  let unit = '';
  let previous = '';
  for (const character of text) {
    if (unit !== '' && mayBreak(previous, character)) {
      yield unit;
      unit = '';
    }
    unit += character;
    previous = character;
  }
  if (unit !== '') yield unit;
}

function mayBreak(previous: string, next: string): boolean {
  if (previous === ' ' || next === ' ') return previous !== next;
  if (closing.test(next) || opening.test(previous)) return false;
  return ideographic.test(previous) || ideographic.test(next);
}

/** Where to break inside an overlong unit: as late as fits, but by kinsoku if that leaves anything on the line. */
function splitPoint(unit: string, columns: number): number {
  let end = unit.length;
  while (end > 1 && columnsOf(unit.slice(0, end)) > columns) end -= 1;
  for (let at = end; at > 0; at -= 1) {
    if (!closing.test(unit[at] ?? '') && !opening.test(unit[at - 1] ?? '')) return at;
  }
  return end;
}
