import type { Locator } from '@playwright/test';
import { encode } from 'uqr';

/** ISO/IEC 18004, table 9, level M: data codewords of one block and how many blocks, of the versions whose blocks are all alike. */
const blocksOf: Readonly<Record<number, readonly [data: number, blocks: number]>> = { 1: [16, 1], 2: [28, 1], 3: [44, 1], 4: [32, 2], 5: [43, 2], 6: [27, 4], 7: [31, 4] };

/** ISO/IEC 18004, table 10. */
const masks: readonly ((x: number, y: number) => boolean)[] = [
  (x, y) => (x + y) % 2 === 0, (_, y) => y % 2 === 0, (x) => x % 3 === 0, (x, y) => (x + y) % 3 === 0, (x, y) => (Math.floor(x / 3) + Math.floor(y / 2)) % 2 === 0,
  (x, y) => ((x * y) % 2) + ((x * y) % 3) === 0, (x, y) => (((x * y) % 2) + ((x * y) % 3)) % 2 === 0, (x, y) => (((x + y) % 2) + ((x * y) % 3)) % 2 === 0,
];

/** Reads a code off the screen as a phone would: from a picture of it, light and dark alone. Throws where there is none, or one that a sharp picture does not give. */
export async function readQrCode(code: Locator): Promise<string> {
  const picture = await pictureOf(code);
  const isDark = (x: number, y: number) => picture[Math.floor(y)]?.[Math.floor(x)] === '1';
  const rows = picture.map((_, y) => y);
  const columns = Array.from({ length: picture[0]?.length ?? 0 }, (_, x) => x);
  const top = rows.find((y) => columns.some((x) => isDark(x, y)));
  const left = columns.find((x) => rows.some((y) => isDark(x, y)));
  const right = columns.findLast((x) => rows.some((y) => isDark(x, y)));
  if (top === undefined || left === undefined || right === undefined) throw new Error('there is no code on the picture');
  // The upper edge of the finder pattern is seven modules.
  const finder = columns.slice(left).findIndex((x) => !isDark(x, top + 1));
  const size = Math.round((right + 1 - left) / (finder / 7));
  const version = (size - 17) / 4;
  const [perBlock, blocks] = blocksOf[version] ?? [];
  if (perBlock === undefined || blocks === undefined) throw new Error(`a code of ${size} modules is not read here`);
  const module = (right + 1 - left) / size;
  const at = (x: number, y: number) => isDark(left + (x + 0.5) * module, top + (y + 0.5) * module);

  const format = [0, 1, 2, 3, 4].reduce((bits, x) => (bits << 1) | Number(at(x, 8)), 0) ^ 0b10101;
  if (format >> 3 !== 0) throw new Error('the code is not of level M');
  const mask = masks[format & 7]!;
  const bits = zigzag(size, version).map(([x, y]) => at(x, y) !== mask(x, y));
  const codewords = Array.from({ length: Math.floor(bits.length / 8) }, (_, index) => bits.slice(index * 8, index * 8 + 8).reduce((byte, bit) => (byte << 1) | Number(bit), 0));
  // Blocks are dealt out like cards.
  const bytes = Array.from({ length: blocks }, (_, block) => Array.from({ length: perBlock }, (_codeword, index) => codewords[index * blocks + block]!)).flat();
  if (bytes[0]! >> 4 !== 0b0100) throw new Error('the code does not hold bytes');
  const length = ((bytes[0]! & 15) << 4) | (bytes[1]! >> 4);
  return Buffer.from(Array.from({ length }, (_, index) => ((bytes[index + 1]! & 15) << 4) | (bytes[index + 2]! >> 4))).toString('utf8');
}

/** Line by line, "1" where it is dark: Chromium itself has a coder for what it took. */
async function pictureOf(code: Locator): Promise<readonly string[]> {
  const png = (await code.screenshot({ animations: 'disabled' })).toString('base64');
  return code.page().evaluate(async (text) => {
    const image = await createImageBitmap(new Blob([Uint8Array.from(atob(text), (letter) => letter.charCodeAt(0))]));
    const context = new OffscreenCanvas(image.width, image.height).getContext('2d')!;
    context.drawImage(image, 0, 0);
    const { data, width, height } = context.getImageData(0, 0, image.width, image.height);
    return Array.from({ length: height }, (_, y) => Array.from({ length: width }, (_pixel, x) => (data[(y * width + x) * 4]! < 128 ? '1' : '0')).join(''));
  }, png);
}

/** Where data stands, in the order in which it is written: pairs of columns, from the right, upwards first. */
function zigzag(size: number, version: number): readonly (readonly [number, number])[] {
  const { types } = encode('', { minVersion: version, maxVersion: version, ecc: 'M', boostEcc: false, border: 0 });
  const places: (readonly [number, number])[] = [];
  let isUpwards = true;
  for (let right = size - 1; right > 0; right -= 2) {
    if (right === 6) right = 5;
    for (let step = 0; step < size; step += 1) {
      const y = isUpwards ? size - 1 - step : step;
      for (const x of [right, right - 1]) if (types[y]?.[x] === 0) places.push([x, y]);
    }
    isUpwards = !isUpwards;
  }
  return places;
}
