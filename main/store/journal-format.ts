import { createCipheriv, createDecipheriv, createHmac, hkdfSync, randomBytes, timingSafeEqual } from 'node:crypto';
import { crc32 } from 'node:zlib';
import type { JournalRecord } from './emitter.ts';

/**
 * A segment is a header and then frames, each the records of one transaction:
 *
 *   header  "C24JRNL1" | segment u32 | key check (16) | CRC-32 of these
 *   frame   "C24F" | position u48 | length u32 | CRC-32 of these | nonce (12) | ciphertext (length) | tag (16)
 *
 * AES-256-GCM under a key derived from the store's (HKDF-SHA256). The segment's number and the frame's own header are bound to it, so that a frame that
 * was cut out, put elsewhere or taken from another segment is named. The header's checksum says whether its length can be trusted: where it can, a
 * frame with a flipped bit is stepped over by it; where it cannot, the next mark with a good checksum and a good tag is looked for.
 */
export const headerBytes = 32;
const magic = Buffer.from('C24JRNL1');
const mark = Buffer.from('C24F');
const frameHeaderBytes = 18;
const nonceBytes = 12;
const tagBytes = 16;
const frameExtraBytes = frameHeaderBytes + nonceBytes + tagBytes;

export interface JournalKey {
  readonly cipher: Buffer;
  readonly check: Buffer;
}

/** @param keyHex the store's raw 32-byte key */
export function journalKey(keyHex: string): JournalKey {
  const bytes = Buffer.from(hkdfSync('sha256', Buffer.from(keyHex, 'hex'), '', 'counter24 journal 1', 64));
  return { cipher: bytes.subarray(0, 32), check: bytes.subarray(32) };
}

export function segmentHeader(segment: number, key: JournalKey): Buffer {
  const header = Buffer.alloc(headerBytes);
  magic.copy(header);
  header.writeUInt32BE(segment, 8);
  keyCheck(segment, key).copy(header, 12);
  header.writeUInt32BE(crc32(header.subarray(0, 28)), 28);
  return header;
}

/** Undefined where the header is damaged or of another version. `key`: the one of these that it was written with. */
export function readSegmentHeader(bytes: Buffer, keys: readonly JournalKey[]): { readonly segment: number; readonly key: JournalKey | undefined } | undefined {
  if (bytes.length < headerBytes || !bytes.subarray(0, 8).equals(magic) || bytes.readUInt32BE(28) !== crc32(bytes.subarray(0, 28))) return undefined;
  const segment = bytes.readUInt32BE(8);
  return { segment, key: keys.find((key) => timingSafeEqual(keyCheck(segment, key), bytes.subarray(12, 28))) };
}

function keyCheck(segment: number, key: JournalKey): Buffer {
  return createHmac('sha256', key.check).update(`key of segment ${segment}`).digest().subarray(0, 16);
}

export function sealFrame(records: readonly JournalRecord[], segment: number, position: number, key: JournalKey): Buffer {
  const plain = Buffer.from(JSON.stringify(records));
  const header = Buffer.alloc(frameHeaderBytes);
  mark.copy(header);
  header.writeUIntBE(position, 4, 6);
  header.writeUInt32BE(plain.length, 10);
  header.writeUInt32BE(crc32(header.subarray(0, 14)), 14);
  const nonce = randomBytes(nonceBytes);
  const cipher = createCipheriv('aes-256-gcm', key.cipher, nonce).setAAD(boundTo(segment, header));
  return Buffer.concat([header, nonce, cipher.update(plain), cipher.final(), cipher.getAuthTag()]);
}

function openFrame(frame: Buffer, segment: number, key: JournalKey): readonly JournalRecord[] | undefined {
  const header = frame.subarray(0, frameHeaderBytes);
  const decipher = createDecipheriv('aes-256-gcm', key.cipher, frame.subarray(frameHeaderBytes, frameHeaderBytes + nonceBytes)).setAAD(boundTo(segment, header));
  decipher.setAuthTag(frame.subarray(-tagBytes));
  try {
    const plain = Buffer.concat([decipher.update(frame.subarray(frameHeaderBytes + nonceBytes, -tagBytes)), decipher.final()]);
    // It was written by us: its tag says so.
    return JSON.parse(plain.toString('utf8')) as readonly JournalRecord[];
  } catch {
    return undefined;
  }
}

function boundTo(segment: number, header: Buffer): Buffer {
  const number = Buffer.alloc(4);
  number.writeUInt32BE(segment);
  return Buffer.concat([number, header]);
}

export interface Frame {
  /** Where it says that it stands: the order in which frames were written. */
  readonly position: number;
  readonly records: readonly JournalRecord[];
}

/** `bytes` of the segment from `position` on. */
export interface DamagedPart {
  readonly kind: 'torn_tail' | 'damaged' | 'moved' | 'repeated';
  readonly position: number;
  readonly bytes: number;
}

export interface Scan {
  readonly frames: readonly Frame[];
  readonly damaged: readonly DamagedPart[];
  /** After the last frame that could be read: what follows is a torn tail. */
  readonly end: number;
}

/** Reads all that can be read. @param base where in its segment `bytes` begin */
export function scanFrames(bytes: Buffer, base: number, segment: number, key: JournalKey): Scan {
  const frames = new Map<number, Frame>();
  const damaged: DamagedPart[] = [];
  let at = 0;
  let end = 0;
  let shift = 0;
  while (at < bytes.length) {
    const header = frameHeader(bytes, at);
    const records = header && header.end <= bytes.length ? openFrame(bytes.subarray(at, header.end), segment, key) : undefined;
    if (!header || !records) {
      at = header && header.end <= bytes.length ? header.end : nextMark(bytes, at + 1);
      continue;
    }
    if (end < at) damaged.push({ kind: 'damaged', position: base + end, bytes: at - end });
    // Authentic, but not where it was written: something before it was cut out, put in or changed places.
    if (header.position - base - at !== shift && end === at) damaged.push({ kind: 'moved', position: base + at, bytes: header.end - at });
    shift = header.position - base - at;
    if (frames.has(header.position)) damaged.push({ kind: 'repeated', position: base + at, bytes: header.end - at });
    else frames.set(header.position, { position: header.position, records });
    at = header.end;
    end = at;
  }
  if (end < bytes.length) damaged.push({ kind: 'torn_tail', position: base + end, bytes: bytes.length - end });
  return { frames: [...frames.values()].sort((left, right) => left.position - right.position), damaged, end: base + end };
}

function frameHeader(bytes: Buffer, at: number): { readonly position: number; readonly end: number } | undefined {
  if (bytes.length - at < frameExtraBytes || bytes.compare(mark, 0, mark.length, at, at + mark.length) !== 0) return undefined;
  if (bytes.readUInt32BE(at + 14) !== crc32(bytes.subarray(at, at + 14))) return undefined;
  return { position: bytes.readUIntBE(at + 4, 6), end: at + frameExtraBytes + bytes.readUInt32BE(at + 10) };
}

function nextMark(bytes: Buffer, from: number): number {
  const found = bytes.indexOf(mark, from);
  return found < 0 ? bytes.length : found;
}
