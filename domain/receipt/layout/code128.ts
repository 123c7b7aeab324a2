import { isAscii } from './gbk-repertoire.ts';

/**
 * Code 128 (ISO/IEC 15417): printable ASCII in code set B, runs of digits in code set C, two to a symbol character.
 * Printers make the bars by themselves; our own encoding says how wide they get and draws them where there is no printer.
 */
export interface Code128 {
  /** Widths in modules of bars and spaces by turns, a bar first. */
  readonly widths: readonly number[];
  /** Sum of the widths, without the ten modules of white that belong on either side. */
  readonly modules: number;
  /** The data by code sets, as a printer wants to be told. */
  readonly parts: readonly CodeSetPart[];
}

export interface CodeSetPart {
  readonly set: 'B' | 'C';
  readonly text: string;
}

const startB = 104;
const startC = 105;
const codeC = 99;
const codeB = 100;
const stop = 106;

/** Symbol characters 0 to 106: widths of three bars and three spaces; the stop has a bar more (ISO/IEC 15417, table 1). */
const patterns =
  '212222222122222221121223121322131222122213122312132212221213221312231212112232122132122231113222123122123221223211221132221231' +
  '213212223112312131311222321122321221312212322112322211212123212321232121111323131123131321112313132113132311211313231113231311' +
  '112133112331132131113123113321133121313121211331231131213113213311213131311123311321331121312113312311332111314111221411431111' +
  '111224111422121124121421141122141221112214112412122114122411142112142211241211221114413111241112134111111242121142121241114212' +
  '124112124211411212421112421211212141214121412121111143111341131141114113114311411113411311113141114131311141411131211412211214' +
  '2112322331112';

/** Undefined where `data` is empty or holds anything but printable ASCII. */
export function code128(data: string): Code128 | undefined {
  if (data === '' || ![...data].every(isAscii)) return undefined;
  const parts = codeSets(data);
  const values = parts.flatMap(({ set, text }, index) => {
    const change = index === 0 ? (set === 'C' ? startC : startB) : set === 'C' ? codeC : codeB;
    return [change, ...(set === 'C' ? (text.match(/../g) ?? []).map(Number) : [...text].map((character) => character.charCodeAt(0) - 32))];
  });
  const check = values.reduce((total, value, index) => total + value * Math.max(1, index), 0) % 103;
  const widths = [...values, check, stop].flatMap((value) => [...patterns.slice(value * 6, value === stop ? undefined : value * 6 + 6)].map(Number));
  return { widths, modules: widths.reduce((total, width) => total + width, 0), parts };
}

/** Set C pays from four digits on at either end and from six in the middle (ISO/IEC 15417, annex E). */
function codeSets(data: string): readonly CodeSetPart[] {
  const parts: CodeSetPart[] = [];
  let letters = '';
  let at = 0;
  while (at < data.length) {
    const digits = /^\d*/.exec(data.slice(at))?.[0] ?? '';
    const isAtEnd = at + digits.length === data.length;
    if (digits.length >= (at === 0 || isAtEnd ? 4 : 6) || (digits.length === 2 && data.length === 2)) {
      const odd = digits.length % 2;
      // An odd digit stays with the letters: before the run, so that a run at the end of the data ends in set C.
      const before = odd === 1 && at > 0 ? 1 : 0;
      letters += digits.slice(0, before);
      if (letters !== '') parts.push({ set: 'B', text: letters });
      parts.push({ set: 'C', text: digits.slice(before, digits.length - (odd - before)) });
      letters = digits.slice(digits.length - (odd - before));
      at += digits.length;
    } else {
      const length = Math.max(1, digits.length);
      letters += data.slice(at, at + length);
      at += length;
    }
  }
  if (letters !== '') parts.push({ set: 'B', text: letters });
  return parts;
}

/** White that a reader needs on each side, in modules. */
export const code128Quiet = 10;
