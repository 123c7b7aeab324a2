/**
 * Where one ESC/POS command ends and the next begins, so that the printer eats exactly what belongs to each.
 * Written from the Epson TM-T88III specification; shares nothing with the driver.
 */
export const ESC = 0x1b;
export const GS = 0x1d;
export const FS = 0x1c;
export const DLE = 0x10;

/** Parameter bytes of the commands with a fixed number of them, by their letter. */
const fixed: Readonly<Record<number, Readonly<Record<string, number>>>> = {
  [ESC]: { '@': 0, '!': 1, a: 1, E: 1, G: 1, d: 1, J: 1, t: 1, R: 1, '2': 0, '3': 1, '-': 1, M: 1, ' ': 1, $: 2, '\\': 2, i: 0, m: 0, p: 3, '{': 1, V: 1, r: 1, '=': 1, v: 0, c: 2, B: 2 },
  [GS]: { '!': 1, B: 1, H: 1, f: 1, h: 1, w: 1, r: 1, a: 1, L: 2, W: 2, P: 2, '/': 1, I: 1, b: 1 },
  [FS]: { '&': 0, '.': 0, '!': 1, W: 1, '-': 1, S: 2, C: 1, p: 2 },
};

/**
 * Length of the command or character at `at`, or undefined while bytes are missing. What is not known is two bytes long
 * (one for a lone control code), as a printer skips it.
 */
export function commandLength(bytes: Uint8Array, at: number, chinese: boolean): number | undefined {
  const first = bytes[at] ?? 0;
  const have = bytes.length - at;
  const length = rawLength(bytes, at, first, have, chinese);
  return length === undefined || length > have ? undefined : length;
}

function rawLength(bytes: Uint8Array, at: number, first: number, have: number, chinese: boolean): number | undefined {
  if (first !== ESC && first !== GS && first !== FS && first !== DLE) return chinese && first >= 0x81 && first <= 0xfe ? 2 : 1;
  if (have < 2) return undefined;
  const letter = String.fromCharCode(bytes[at + 1] ?? 0);
  const parameters = fixed[first]?.[letter];
  if (parameters !== undefined) return 2 + parameters;
  const byte = (offset: number): number => bytes[at + offset] ?? 0;
  const word = (offset: number): number => byte(offset) + byte(offset + 1) * 256;
  switch (`${first === ESC ? 'ESC' : first === GS ? 'GS' : first === FS ? 'FS' : 'DLE'} ${letter}`) {
    case 'ESC *':
      return have < 5 ? undefined : 5 + word(3) * (byte(2) >= 32 ? 3 : 1);
    case 'ESC D':
    case 'GS k': {
      if (first === GS && have < 3) return undefined;
      if (first === GS && byte(2) >= 65) return have < 4 ? undefined : 4 + byte(3);
      const end = bytes.indexOf(0, at + (first === GS ? 3 : 2));
      return end < 0 ? undefined : end - at + 1;
    }
    case 'GS V':
      return have < 3 ? undefined : byte(2) >= 65 ? 4 : 3;
    case 'GS (':
      return have < 5 ? undefined : 5 + word(3);
    case 'GS 8':
      return have < 7 ? undefined : 7 + word(3) + word(5) * 65_536;
    case 'FS q':
      return have < 3 ? undefined : imagesLength(bytes, at, byte(2));
    case 'GS v':
      return have < 8 ? undefined : 8 + word(4) * word(6);
    case 'GS *':
      return have < 4 ? undefined : 4 + byte(2) * byte(3) * 8;
    default:
      return 2;
  }
}

/** FS q n: n pictures, each with its size in units of eight dots across and down. */
function imagesLength(bytes: Uint8Array, at: number, count: number): number | undefined {
  let end = 3;
  for (let image = 0; image < count; image += 1) {
    if (bytes.length < at + end + 4) return undefined;
    const [xl = 0, xh = 0, yl = 0, yh = 0] = bytes.subarray(at + end, at + end + 4);
    end += 4 + (xl + xh * 256) * (yl + yh * 256) * 8;
  }
  return end;
}
