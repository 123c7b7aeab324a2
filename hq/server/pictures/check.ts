import type { PictureMediaType } from '../../../domain/contract/hq-pictures.ts';
import { mostPictureBytes } from '../../../domain/contract/hq-pictures.ts';
import type { Result } from '../../../domain/result.ts';
import { err, ok } from '../../../domain/result.ts';
import { readJpeg } from './jpeg.ts';
import { readPng } from './png.ts';
import { readWebp } from './webp.ts';

export interface Picture {
  readonly mediaType: PictureMediaType;
  readonly width: number;
  readonly height: number;
  /** Put together anew of those parts that make the picture: where it was taken, by what and by whom is not among them, nor what stood behind its end. */
  readonly bytes: Buffer;
}

/** `not_a_picture` also where it is cut off, or says one thing of itself and is another. */
export type PictureFault = 'too_large' | 'not_a_picture' | 'animated' | 'dimensions' | 'rotated' | 'unusual';

/** What a reader of one format finds. */
export type ReadPicture = Result<Omit<Picture, 'mediaType'>, PictureFault>;

const least = 16;
const most = 2048;

/**
 * Checks an offer's picture before HQ keeps it: what it is by its own bytes, whatever it is called. A still PNG, JPEG or WebP of 16 to 2048 points each way and a megabyte
 * at most. A PNG is unpacked; of a JPEG or WebP the parts are walked, and the points themselves are left to who shows it.
 */
export async function checkPicture(given: Buffer): Promise<Result<Picture, PictureFault>> {
  if (given.length > mostPictureBytes) return err('too_large');
  const read = await readAny(given);
  if (!read) return err('not_a_picture');
  if (!read.found.ok) return read.found;
  const { width, height, bytes } = read.found.value;
  if (Math.min(width, height) < least || Math.max(width, height) > most) return err('dimensions');
  return ok({ mediaType: read.mediaType, width, height, bytes });
}

async function readAny(given: Buffer): Promise<{ readonly mediaType: PictureMediaType; readonly found: ReadPicture } | undefined> {
  if (given.subarray(0, 8).equals(Buffer.from([0x89, 0x50, 0x4e, 0x47, 0x0d, 0x0a, 0x1a, 0x0a]))) return { mediaType: 'image/png', found: await readPng(given, most) };
  if (given.subarray(0, 3).equals(Buffer.from([0xff, 0xd8, 0xff]))) return { mediaType: 'image/jpeg', found: readJpeg(given) };
  if (given.toString('latin1', 0, 4) === 'RIFF' && given.toString('latin1', 8, 12) === 'WEBP') return { mediaType: 'image/webp', found: readWebp(given) };
  return undefined;
}
