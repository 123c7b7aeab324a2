import { err, ok } from '../../../domain/result.ts';
import type { ReadPicture } from './check.ts';

/** Markers of ITU-T T.81, table B.1. */
const marker = { sof0: 0xc0, sof1: 0xc1, sof2: 0xc2, dht: 0xc4, eoi: 0xd9, sos: 0xda, dqt: 0xdb, dri: 0xdd, app0: 0xe0, app1: 0xe1, app14: 0xee, com: 0xfe } as const;
const frames: readonly number[] = [marker.sof0, marker.sof1, marker.sof2];
/** How the colours are meant stands in APP0 and APP14; what cameras and people write, in the others. */
const kept: readonly number[] = [...frames, marker.dht, marker.dqt, marker.dri, marker.app0, marker.app14];

/** T.81, B.1: segments of a marker and a length, and after each "start of scan" what is packed. */
export function readJpeg(given: Buffer): ReadPicture {
  const parts: Buffer[] = [given.subarray(0, 2)];
  let size: { readonly width: number; readonly height: number } | undefined;
  let scans = 0;
  for (let at = 2; ;) {
    if (given[at] !== 0xff) return err('not_a_picture');
    // Any number of fill bytes may stand before a marker (B.1.1.2).
    while (given[at + 1] === 0xff) at += 1;
    const code = given[at + 1];
    if (code === undefined) return err('not_a_picture');
    if (code === marker.eoi) break;
    if (at + 4 > given.length) return err('not_a_picture');
    const length = given.readUInt16BE(at + 2);
    const end = at + 2 + length;
    if (length < 2 || end > given.length) return err('not_a_picture');
    const body = given.subarray(at + 4, end);
    if (code === marker.app1 && isTurned(body)) return err('rotated');
    if (frames.includes(code)) {
      // Grey, or three colours: four are ink, which browsers show in other colours.
      if (size || body.length < 6 || (body[5] !== 1 && body[5] !== 3) || body[0] !== 8) return err('unusual');
      size = { height: body.readUInt16BE(1), width: body.readUInt16BE(3) };
    }
    if (code === marker.sos) {
      if (!size) return err('not_a_picture');
      const scanEnd = endOfScan(given, end);
      if (scanEnd === undefined) return err('not_a_picture');
      parts.push(given.subarray(at, scanEnd));
      scans += 1;
      at = scanEnd;
      continue;
    }
    if (kept.includes(code)) parts.push(given.subarray(at, end));
    else if (code !== marker.com && (code < marker.app0 || code > 0xef)) return err('unusual');
    at = end;
  }
  if (!size || scans === 0) return err('not_a_picture');
  return ok({ ...size, bytes: Buffer.concat([...parts, Buffer.from([0xff, marker.eoi])]) });
}

/** What is packed goes to the next marker that is neither a stuffed zero nor a restart (B.1.1.5). */
function endOfScan(given: Buffer, from: number): number | undefined {
  for (let at = from; ;) {
    at = given.indexOf(0xff, at);
    if (at < 0 || at + 1 >= given.length) return undefined;
    const next = given[at + 1]!;
    if (next !== 0 && next !== 0xff && (next < 0xd0 || next > 0xd7)) return at;
    at += next === 0xff ? 1 : 2;
  }
}

/** Exif 2.32, 4.6.4: tag 0x0112 of the first directory says how the camera was held. Without it the picture would lie on its side. */
function isTurned(body: Buffer): boolean {
  if (body.toString('latin1', 0, 6) !== 'Exif\0\0' || body.length < 14) return false;
  const tiff = body.subarray(6);
  const isLittle = tiff.toString('latin1', 0, 2) === 'II';
  const short = (at: number) => (at + 2 > tiff.length ? 0 : isLittle ? tiff.readUInt16LE(at) : tiff.readUInt16BE(at));
  const directory = isLittle ? tiff.readUInt32LE(4) : tiff.readUInt32BE(4);
  for (let entry = 0; entry < short(directory); entry++) {
    const at = directory + 2 + entry * 12;
    if (short(at) === 0x0112) return short(at + 8) > 1;
  }
  return false;
}
