import fc from 'fast-check';
import { crc32, deflateSync } from 'node:zlib';
import { describe, expect, test } from 'vitest';
import { mostPictureBytes } from '../../../domain/contract/hq-pictures.ts';
import { checkPicture } from './check.ts';
import { sample, samples } from './samples.fixture.ts';

const whatOf = async (bytes: Buffer) => {
  const checked = await checkPicture(bytes);
  return checked.ok ? [checked.value.mediaType, checked.value.width, checked.value.height] : checked.error;
};

function pngChunk(type: string, body: Buffer): Buffer {
  const inside = Buffer.concat([Buffer.from(type, 'latin1'), body]);
  const chunk = Buffer.alloc(inside.length + 8);
  chunk.writeUInt32BE(body.length, 0);
  inside.copy(chunk, 4);
  chunk.writeUInt32BE(crc32(inside), chunk.length - 4);
  return chunk;
}
/** A grey picture of these dimensions that holds so many bytes of points. */
function greyPng(width: number, height: number, points: number): Buffer {
  const header = Buffer.alloc(13);
  header.writeUInt32BE(width, 0);
  header.writeUInt32BE(height, 4);
  header[8] = 8;
  return Buffer.concat([sample('png').subarray(0, 8), pngChunk('IHDR', header), pngChunk('IDAT', deflateSync(Buffer.alloc(points))), pngChunk('IEND', Buffer.alloc(0))]);
}
/** Behind the first marker of a JPEG. */
const withSegment = (code: number, body: Buffer) => {
  const head = Buffer.from([0xff, code, 0, 0]);
  head.writeUInt16BE(body.length + 2, 2);
  return Buffer.concat([sample('jpeg').subarray(0, 2), head, body, sample('jpeg').subarray(2)]);
};
const exif = (orientation: number) => Buffer.concat([
  Buffer.from('Exif\0\0MM\0*', 'latin1'), Buffer.from([0, 0, 0, 8, 0, 1, 0x01, 0x12, 0, 3, 0, 0, 0, 1, 0, orientation, 0, 0, 0, 0, 0, 0]), Buffer.from('48.2082 N 16.3738 E'),
]);

describe('a picture of an offer', () => {
  test('is what its bytes say', async () => {
    expect(await whatOf(sample('png'))).toEqual(['image/png', 24, 16]);
    expect(await whatOf(sample('palettePng'))).toEqual(['image/png', 24, 16]);
    expect(await whatOf(sample('jpeg'))).toEqual(['image/jpeg', 24, 16]);
    expect(await whatOf(sample('progressiveJpeg'))).toEqual(['image/jpeg', 24, 16]);
    for (const name of ['webp', 'losslessWebp', 'webpWithAlpha'] as const) expect(await whatOf(sample(name)), name).toEqual(['image/webp', 24, 16]);
  });

  test('is refused where it moves, or kiosks would show it otherwise than its author sees it', async () => {
    expect(await whatOf(sample('animatedWebp'))).toBe('animated');
    const png = sample('png');
    expect(await whatOf(Buffer.concat([png.subarray(0, 33), pngChunk('acTL', Buffer.alloc(8)), png.subarray(33)]))).toBe('animated');
    expect(await whatOf(sample('interlacedPng'))).toBe('unusual');
    expect(await whatOf(sample('jpegOfInk'))).toBe('unusual');
    expect(await whatOf(withSegment(0xe1, exif(6)))).toBe('rotated');
    expect(await whatOf(withSegment(0xe1, exif(1)))).toEqual(['image/jpeg', 24, 16]);
  });

  test('loses what is no picture: where it was taken, words, and what stands behind its end', async () => {
    const secrets = [withSegment(0xe1, exif(1)), withSegment(0xfe, Buffer.from('48.2082 N')), Buffer.concat([sample('jpeg'), Buffer.from('48.2082 N')]), Buffer.concat([sample('png'), Buffer.from('48.2082 N')])];
    for (const given of secrets) {
      const checked = await checkPicture(given);
      expect(checked.ok && checked.value.bytes.includes('48.2082')).toBe(false);
    }
    expect(sample('pngWithText').includes('shop secret')).toBe(true);
    const text = await checkPicture(sample('pngWithText'));
    expect(text.ok && text.value.bytes.includes('shop secret')).toBe(false);
    const riff = (...chunks: [string, Buffer][]) => {
      const body = Buffer.concat([Buffer.from('WEBP'), ...chunks.map(([name, data]) => { const head = Buffer.from(`${name}\0\0\0\0`); head.writeUInt32LE(data.length, 4); return Buffer.concat([head, data, Buffer.alloc(data.length % 2)]); })]);
      const head = Buffer.from('RIFF\0\0\0\0');
      head.writeUInt32LE(body.length, 4);
      return Buffer.concat([head, body]);
    };
    const canvas = Buffer.from([0x08, 0, 0, 0, 23, 0, 0, 15, 0, 0]);
    const lossy = sample('webp').subarray(20);
    const webp = await checkPicture(riff(['VP8X', canvas], ['VP8 ', lossy], ['EXIF', Buffer.from('48.2082 N')]));
    expect(webp.ok && webp.value.bytes).toEqual(riff(['VP8X', Buffer.from([0, 0, 0, 0, 23, 0, 0, 15, 0, 0])], ['VP8 ', lossy]));
  });

  test('keeps all its points: what is kept is taken again, and as it is', async () => {
    for (const name of Object.keys(samples) as (keyof typeof samples)[]) {
      const once = await checkPicture(sample(name));
      if (!once.ok) continue;
      const twice = await checkPicture(once.value.bytes);
      expect(twice.ok && twice.value.bytes.equals(once.value.bytes), name).toBe(true);
    }
  });

  test('of too many bytes or points is not unpacked, whatever it says of itself', async () => {
    expect(await whatOf(Buffer.concat([sample('png'), Buffer.alloc(mostPictureBytes)]))).toBe('too_large');
    expect(await whatOf(greyPng(2049, 16, 2050 * 16))).toBe('dimensions');
    expect(await whatOf(greyPng(15, 15, 16 * 15))).toBe('dimensions');
    expect(await whatOf(greyPng(2048, 2048, 2049 * 2048))).toEqual(['image/png', 2048, 2048]);
    // 400 MB of zeros are 400 kB.
    expect(await whatOf(greyPng(16, 16, 400_000_000))).toBe('not_a_picture');
    expect(await whatOf(greyPng(16, 16, 17 * 16 - 1))).toBe('not_a_picture');
  });

  test('that was cut off or changed anywhere in its structure is refused, and nothing throws', async () => {
    for (const text of ['', 'GIF89a', '<svg xmlns="http://www.w3.org/2000/svg"/>', '\x89PNG\r\n\x1a\n', 'RIFF\0\0\0\0WEBP']) expect(await whatOf(Buffer.from(text, 'latin1')), text).toBe('not_a_picture');
    for (const name of ['png', 'jpeg', 'webp', 'webpWithAlpha'] as const) {
      for (let length = 0; length < sample(name).length - 1; length += 3) expect(await whatOf(sample(name).subarray(0, length)), `${name} ${length}`).toBe('not_a_picture');
    }
    await fc.assert(fc.asyncProperty(fc.constantFrom(...(Object.keys(samples) as (keyof typeof samples)[])), fc.array(fc.tuple(fc.nat(600), fc.nat(255)), { minLength: 1, maxLength: 6 }), async (name, changes) => {
      const bytes = sample(name);
      for (const [at, to] of changes) if (at < bytes.length) bytes[at] = to;
      await checkPicture(bytes);
    }), { numRuns: 400 });
  });
});
