import { promisify } from 'node:util';
import { crc32, inflate } from 'node:zlib';
import { err, ok } from '../../../domain/result.ts';
import type { ReadPicture } from './check.ts';

const unpack = promisify<Buffer, { maxOutputLength: number }, Buffer>(inflate);
/** Of a colour type (PNG, third edition, 11.2.1): how many samples a point has, and which bit depths it may have. */
const colours: Readonly<Record<number, { readonly samples: number; readonly depths: readonly number[] }>> = {
  0: { samples: 1, depths: [1, 2, 4, 8, 16] }, 2: { samples: 3, depths: [8, 16] }, 3: { samples: 1, depths: [1, 2, 4, 8] }, 4: { samples: 2, depths: [8, 16] }, 6: { samples: 4, depths: [8, 16] },
};
/** Colours and the picture; texts, times and what cameras write are none of it. */
const kept = new Set(['IHDR', 'PLTE', 'tRNS', 'gAMA', 'cHRM', 'sRGB', 'IDAT', 'IEND']);

/** PNG, third edition, 5: signature, then chunks of length, type, data and CRC. @param most points each way: more is not unpacked */
export async function readPng(given: Buffer, most: number): Promise<ReadPicture> {
  const parts: Buffer[] = [given.subarray(0, 8)];
  const data: Buffer[] = [];
  let header: Buffer | undefined;
  let hasPalette = false;
  for (let at = 8; ;) {
    if (at + 12 > given.length) return err('not_a_picture');
    const length = given.readUInt32BE(at);
    const end = at + 12 + length;
    if (end > given.length) return err('not_a_picture');
    const type = given.toString('latin1', at + 4, at + 8);
    const body = given.subarray(at + 8, end - 4);
    if (crc32(given.subarray(at + 4, end - 4)) !== given.readUInt32BE(end - 4)) return err('not_a_picture');
    if (!header && type !== 'IHDR') return err('not_a_picture');
    if (type === 'acTL' || type === 'fcTL' || type === 'fdAT') return err('animated');
    if (type === 'IHDR') {
      if (header || length !== 13) return err('not_a_picture');
      header = body;
    }
    if (type === 'IDAT') data.push(body);
    hasPalette ||= type === 'PLTE';
    if (kept.has(type)) parts.push(given.subarray(at, end));
    // A large first letter: nobody can show it without this part (5.4).
    else if (/^[A-Z]/.test(type)) return err('unusual');
    if (type === 'IEND') break;
    at = end;
  }
  if (!header) return err('not_a_picture');
  const [width, height, depth, colour, compression, filter, interlace] = [header.readUInt32BE(0), header.readUInt32BE(4), ...header.subarray(8)] as [number, number, number, number, number, number, number];
  const kind = colours[colour];
  if (!kind?.depths.includes(depth) || compression !== 0 || filter !== 0 || (colour === 3 && !hasPalette)) return err('not_a_picture');
  if (interlace !== 0) return err('unusual');
  if (width > most || height > most) return err('dimensions');
  // A filter byte before each row (7.2): neither more nor less, or it would unpack to gigabytes.
  const unpacked = height * (1 + Math.ceil((width * depth * kind.samples) / 8));
  const points = await unpack(Buffer.concat(data), { maxOutputLength: unpacked + 1 }).catch(() => undefined);
  return points?.length === unpacked ? ok({ width, height, bytes: Buffer.concat(parts) }) : err('not_a_picture');
}
