import { geta, hasGbk } from './gbk-repertoire.ts';

/** What GBK lacks but has a good neighbour for. All that is not here and has no plainer form becomes `〓`. */
const neighbours: ReadonlyMap<string, string> = new Map([
  ['¥', '￥'], // U+00A5 is not in GBK, U+FFE5 is (A3 A4)
  ['€', 'EUR'],
  ['£', '￡'],
  ['¢', '￠'],
  ['•', '·'],
  ['◦', '·'],
  ['▪', '·'],
  ['✓', '√'],
  ['✔', '√'],
  ['−', '-'],
  ['‑', '-'],
  ['⁄', '/'],
  ['‚', ','],
  ['„', '"'],
  ['‹', '<'],
  ['›', '>'],
  ['«', '<<'],
  ['»', '>>'],
  ['©', '(C)'],
  ['®', '(R)'],
  ['ß', 'ss'],
  ['æ', 'ae'],
  ['Æ', 'AE'],
  ['œ', 'oe'],
  ['Œ', 'OE'],
  ['ø', 'o'],
  ['Ø', 'O'],
  ['ł', 'l'],
  ['Ł', 'L'],
  ['đ', 'd'],
  ['Đ', 'D'],
  ['ı', 'i'],
]);

const typewriter: Readonly<Record<string, string>> = { '‘': "'", '’': "'", '“': '"', '”': '"', '–': '-', '—': '-', '…': '...' };

/** Whether a single character can be drawn as dots, because some font file has its outline. */
export type CanDraw = (character: string) => boolean;

const drawsNothing: CanDraw = () => false;

/**
 * Text as the printer can print it, on one line, by this rule:
 * 1. what GBK has stays as it is, typographic quotes and dashes too; only where a text has no Chinese at all do quotes, dashes
 *    and dots become those of ASCII, because GBK's are two columns wide and tear English words apart;
 * 2. `¥` becomes `￥`, `€` becomes `EUR`, and so on by the table above;
 * 3. a letter with a mark that GBK lacks becomes the letter (`ö` → `o`), a compatibility form its plain form (`™` → `TM`);
 * 4. what `canDraw` says that it can draw stays, for its line to be printed as dots;
 * 5. anything else, most emoji and the rarest Han characters, becomes one `〓` for each thing that a reader would see as one.
 * Line breaks and tabs become spaces; characters that show nothing (zero-width, controls) go.
 */
export function printable(text: string, canDraw: CanDraw = drawsNothing): string {
  let result = '';
  const spaced = text.normalize('NFC').replace(/\uFEFF/g, '').replace(/[^\S\u3000]/gu, ' ');
  const punctuated = /\p{Script=Han}/u.test(spaced) ? spaced : spaced.replace(/[‘’“”–—…]/g, (mark) => typewriter[mark] ?? mark);
  for (const { segment } of new Intl.Segmenter('zh', { granularity: 'grapheme' }).segment(punctuated)) result += printableGrapheme(segment, canDraw);
  return result;
}

function printableGrapheme(grapheme: string, canDraw: CanDraw): string {
  const visible = grapheme.replace(/[\p{Default_Ignorable_Code_Point}\p{Cc}\p{Cf}]/gu, '');
  if (isEncodable(visible)) return visible;
  const neighbour = neighbours.get(visible);
  if (neighbour !== undefined) return neighbour;
  let plain = '';
  for (const character of visible.normalize('NFKD').replace(/\p{M}/gu, '')) plain += neighbours.get(character) ?? character;
  if (plain !== '' && isEncodable(plain)) return plain;
  return [...visible].length === 1 && canDraw(visible) ? visible : geta;
}

function isEncodable(text: string): boolean {
  for (const character of text) if (!hasGbk(character)) return false;
  return true;
}
