/**
 * What a Chinese receipt printer has in its font: the repertoire of GBK (code page 936), as ranges of code points. Paper,
 * screen, HQ and speech all fold by it, so it stands here as data; `hardware/codec/gbk.test.ts` proves it equal to the codes.
 *
 * A character is one column (ASCII) or two (everything else), just as it is one byte or two in GBK.
 */
export const geta = '〓';

/** Beyond ASCII, in hexadecimal; `4e00-9fa5` is all of the first Han block. */
const ranges: readonly (readonly [first: number, last: number])[] = [
  'a4 a7-a8 b0-b1 b7 d7 e0-e1 e8-ea ec-ed f2-f3 f7 f9-fa fc 101 113 11b 12b 144 148 14d 16b 1ce 1d0 1d2 1d4 1d6 1d8 1da 1dc',
  '251 261 2c7 2c9-2cb 2d9 391-3a1 3a3-3a9 3b1-3c1 3c3-3c9 401 410-44f 451 2010 2013-2016 2018-2019 201c-201d 2025-2026',
  '2030 2032-2033 2035 203b 2103 2105 2109 2116 2121 2160-216b 2170-2179 2190-2193 2196-2199 2208 220f 2211 2215 221a',
  '221d-2220 2223 2225 2227-222b 222e 2234-2237 223d 2248 224c 2252 2260-2261 2264-2267 226e-226f 2295 2299 22a5 22bf 2312',
  '2460-2469 2474-249b 2500-254b 2550-2573 2581-258f 2593-2595 25a0-25a1 25b2-25b3 25bc-25bd 25c6-25c7 25cb 25ce-25cf',
  '25e2-25e5 2605-2606 2609 2640 2642 3000-3003 3005-3017 301d-301e 3021-3029 3041-3093 309b-309e 30a1-30f6 30fc-30fe',
  '3105-3129 3220-3229 3231 32a3 338e-338f 339c-339e 33a1 33c4 33ce 33d1-33d2 33d5 4e00-9fa5 f92c f979 f995 f9e7 f9f1',
  'fa0c-fa0f fa11 fa13-fa14 fa18 fa1f-fa21 fa23-fa24 fa27-fa29 fe30-fe31 fe33-fe44 fe49-fe52 fe54-fe57 fe59-fe66 fe68-fe6b',
  'ff01-ff5e ffe0-ffe5',
].flatMap((line) => line.split(' ')).map((range) => {
  const [first = '', last = first] = range.split('-');
  return [Number.parseInt(first, 16), Number.parseInt(last, 16)];
});

export function hasGbk(character: string): boolean {
  return isAscii(character) || (character.length === 1 && isInRanges(character.charCodeAt(0)));
}

/** Width in printer columns of half a Han character each. */
export function columnsOf(text: string): number {
  let columns = 0;
  for (const character of text) columns += isAscii(character) ? 1 : 2;
  return columns;
}

export function isAscii(character: string): boolean {
  return character >= ' ' && character <= '~' && character.length === 1;
}

function isInRanges(codePoint: number): boolean {
  let low = 0;
  let high = ranges.length - 1;
  while (low <= high) {
    const middle = (low + high) >> 1;
    const [first, last] = ranges[middle]!;
    if (codePoint < first) high = middle - 1;
    else if (codePoint > last) low = middle + 1;
    else return true;
  }
  return false;
}
