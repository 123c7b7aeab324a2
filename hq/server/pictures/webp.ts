import { err, ok } from '../../../domain/result.ts';
import type { ReadPicture } from './check.ts';

const flags = { icc: 0x20, alpha: 0x10, exif: 0x08, xmp: 0x04, animation: 0x02 } as const;

/** RFC 9649, 2: a RIFF file of chunks, each of a name, a length (little-endian) and its data, padded to an even number. */
export function readWebp(given: Buffer): ReadPicture {
  if (given.length < 20) return err('not_a_picture');
  const wholeEnd = 8 + given.readUInt32LE(4);
  if (wholeEnd > given.length) return err('not_a_picture');
  const parts: Buffer[] = [];
  let canvas: { readonly width: number; readonly height: number } | undefined;
  let picture: { readonly width: number; readonly height: number } | undefined;
  for (let at = 12; at < wholeEnd;) {
    if (at + 8 > wholeEnd) return err('not_a_picture');
    const name = given.toString('latin1', at, at + 4);
    const length = given.readUInt32LE(at + 4);
    const end = at + 8 + length + (length % 2);
    if (at + 8 + length > wholeEnd || end > given.length) return err('not_a_picture');
    const body = given.subarray(at + 8, at + 8 + length);
    at = end;
    if (name === 'ANIM' || name === 'ANMF') return err('animated');
    if (name === 'VP8X') {
      if (canvas || picture || body.length < 10) return err('not_a_picture');
      if ((body[0]! & flags.animation) !== 0) return err('animated');
      canvas = { width: 1 + body.readUIntLE(4, 3), height: 1 + body.readUIntLE(7, 3) };
      // What is left out below is not announced either.
      parts.push(chunk(name, Buffer.from([body[0]! & flags.alpha, ...body.subarray(1, 10)])));
    } else if (name === 'VP8 ' || name === 'VP8L') {
      const size = name === 'VP8 ' ? lossySize(body) : losslessSize(body);
      if (picture || !size) return err('not_a_picture');
      picture = size;
      parts.push(chunk(name, body));
    } else if (name === 'ALPH') parts.push(chunk(name, body));
  }
  if (!picture || (canvas && (canvas.width !== picture.width || canvas.height !== picture.height))) return err('not_a_picture');
  const body = Buffer.concat([Buffer.from('WEBP', 'latin1'), ...parts]);
  const head = Buffer.from('RIFF\0\0\0\0', 'latin1');
  head.writeUInt32LE(body.length, 4);
  return ok({ ...picture, bytes: Buffer.concat([head, body]) });
}

function chunk(name: string, body: Buffer): Buffer {
  const head = Buffer.from(`${name}\0\0\0\0`, 'latin1');
  head.writeUInt32LE(body.length, 4);
  return Buffer.concat([head, body, Buffer.alloc(body.length % 2)]);
}

/** RFC 6386, 9.1: a key frame, its start code, and 14 bits each of width and height. */
function lossySize(body: Buffer): { readonly width: number; readonly height: number } | undefined {
  const isKeyFrame = body.length >= 10 && (body[0]! & 1) === 0 && body[3] === 0x9d && body[4] === 0x01 && body[5] === 0x2a;
  return isKeyFrame ? { width: body.readUInt16LE(6) & 0x3fff, height: body.readUInt16LE(8) & 0x3fff } : undefined;
}

/** RFC 9649, 3.4: 0x2f, then 14 bits each of width and height less one, and a version that is 0. */
function losslessSize(body: Buffer): { readonly width: number; readonly height: number } | undefined {
  if (body.length < 5 || body[0] !== 0x2f) return undefined;
  const bits = body.readUInt32LE(1);
  return bits >>> 29 === 0 ? { width: 1 + (bits & 0x3fff), height: 1 + ((bits >>> 14) & 0x3fff) } : undefined;
}
