/**
 * Code 128 as a printer makes it from `GS k 73` (ISO/IEC 15417): the data begins with `{A`, `{B` or `{C`; `{S` shifts, `{1` to
 * `{4` are the function codes, `{{` is a brace. In set C each byte is a pair of digits, 0 to 99.
 */
export interface Code128 {
  /** What people read under it. */
  readonly text: string;
  /** Black and white from left to right, as `1` and `0`, without the quiet zones. */
  readonly modules: string;
}

/** Widths of bars and spaces by symbol value; 103 to 105 start, 106 stops. */
export const code128Patterns: readonly string[] =
  '212222 222122 222221 121223 121322 131222 122213 122312 132212 221213 221312 231212 112232 122132 122231 113222 123122 123221 223211 221132 221231 213212 223112 312131 311222 321122 321221 312212 322112 322211 212123 212321 232121 111323 131123 131321 112313 132113 132311 211313 231113 231311 112133 112331 132131 113123 113321 133121 313121 211331 231131 213113 213311 213131 311123 311321 331121 312113 312311 332111 314111 221411 431111 111224 111422 121124 121421 141122 141221 112214 112412 122114 122411 142112 142211 241211 221114 413111 241112 134111 111242 121142 121241 114212 124112 124211 411212 421112 421211 212141 214121 412121 111143 111341 131141 114113 114311 411113 411311 113141 114131 311141 411131 211412 211214 211232 2331112'.split(
    ' ',
  );

type CodeSet = 'A' | 'B' | 'C';
const starts = { A: 103, B: 104, C: 105 } as const;
const switches = { A: 101, B: 100, C: 99 } as const;
const shift = 98;
const stop = 106;

/** Undefined where a printer prints no bar code: no code set chosen, or a character that the set lacks. */
export function code128(data: Uint8Array): Code128 | undefined {
  const values: number[] = [];
  let set: CodeSet | undefined;
  let text = '';
  let shifted = false;
  for (let at = 0; at < data.length; at += 1) {
    let byte = data[at] ?? 0;
    let functionCode: number | undefined;
    if (byte === 0x7b) {
      at += 1;
      const letter = String.fromCharCode(data[at] ?? 0);
      if (letter === 'A' || letter === 'B' || letter === 'C') {
        values.push(set === undefined ? starts[letter] : switches[letter]);
        set = letter;
        continue;
      }
      if (set === undefined) return undefined;
      if (letter === 'S' && set !== 'C') {
        values.push(shift);
        shifted = true;
        continue;
      }
      functionCode = { '1': 102, '2': 97, '3': 96, '4': set === 'A' ? 101 : 100 }[letter];
      if (functionCode === undefined && letter !== '{') return undefined;
      if (set === 'C' && functionCode !== 102) return undefined;
      byte = 0x7b;
    }
    if (set === undefined) return undefined;
    const value = functionCode ?? valueOf(byte, shifted ? (set === 'A' ? 'B' : 'A') : set);
    if (value === undefined) return undefined;
    values.push(value);
    if (functionCode === undefined) text += set === 'C' ? String(byte).padStart(2, '0') : String.fromCharCode(byte);
    shifted = false;
  }
  const [start] = values;
  if (start === undefined || values.length < 2) return undefined;
  const check = values.reduce((sum, value, at) => sum + value * Math.max(1, at), 0) % 103;
  return { text, modules: [...values, check, stop].map(modulesOf).join('') };
}

function valueOf(byte: number, set: CodeSet): number | undefined {
  if (set === 'C') return byte <= 99 ? byte : undefined;
  if (byte >= 0x20 && byte <= 0x5f) return byte - 0x20;
  if (set === 'A') return byte < 0x20 ? byte + 64 : undefined;
  return byte >= 0x60 && byte <= 0x7f ? byte - 0x20 : undefined;
}

function modulesOf(value: number): string {
  return Array.from(code128Patterns[value] ?? '', (width, at) => (at % 2 === 0 ? '1' : '0').repeat(Number(width))).join('');
}
