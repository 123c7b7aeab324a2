import { createHmac } from 'node:crypto';
import fs from 'node:fs';
import path from 'node:path';
import { createPageAuthenticator, pageBytes, saidPages, saltBytes } from './integrity-pages.ts';
import { writeWhole } from './whole-files.ts';

/** Looks at the store's files from outside, before SQLite touches them: it tells a wrong key and rubbish apart no further than "not a database". */

export type FileLook =
  | 'missing' | 'empty' | 'zeroed'
  /** Plain SQLite, or words that people can read. */
  | 'foreign'
  /** Shorter than one page, or it ends in the middle of one. */
  | 'cut'
  | 'pages';

export function lookAtFile(file: string): FileLook {
  const size = fs.statSync(file, { throwIfNoEntry: false })?.size;
  if (size === undefined) return 'missing';
  if (size === 0) return 'empty';
  const start = readAt(file, 0, pageBytes);
  if (start.every((byte) => byte === 0)) return 'zeroed';
  if (start.subarray(0, saltBytes).equals(Buffer.from('SQLite format 3\0'))) return 'foreign';
  // Encrypted bytes are not all letters.
  if (start.every((byte) => byte === 9 || byte === 10 || byte === 13 || (byte >= 32 && byte < 127))) return 'foreign';
  return size % pageBytes === 0 ? 'pages' : 'cut';
}

/** Whether the first page is whole, and of a database under this key. */
export function keyFits(file: string, keyHex: string): boolean {
  const page = readAt(file, 0, pageBytes);
  return page.length === pageBytes && createPageAuthenticator(keyHex, page.subarray(0, saltBytes))(page, 1);
}

/** Whether a file under this key ends before its time. Its log may hold what is missing: this names a damage, and finds none. */
export function isCutShort(file: string, keyHex: string): boolean {
  const { size } = fs.statSync(file);
  return size % pageBytes !== 0 || (keyFits(file, keyHex) && saidPages(readAt(file, 0, pageBytes), keyHex) > size / pageBytes);
}

/** What an earlier start knew of key and file, so that a damaged first page is told from a wrong key and from another file. */
export interface KeyProof {
  readonly isThisKey: boolean;
  /** Undefined where it is not known. */
  readonly salt: Buffer | undefined;
}

const proofName = 'store.key-check';

/** A word under the key, from which nobody gets the key back: it is 256 bits of chance. */
function keyWord(keyHex: string): string {
  return createHmac('sha256', Buffer.from(keyHex, 'hex')).update('counter24 store key').digest('hex').slice(0, 32);
}

export function readKeyProof(folder: string, keyHex: string): KeyProof {
  const file = path.join(folder, proofName);
  const [word, salt] = fs.existsSync(file) ? fs.readFileSync(file, 'utf8').trim().split(' ') : [];
  return { isThisKey: word === keyWord(keyHex), salt: salt !== undefined && /^[0-9a-f]{32}$/.test(salt) ? Buffer.from(salt, 'hex') : undefined };
}

/**
 * On disk when it returns.
 * @param salt as the open store tells it, in hex: whoever closes a file that SQLite has open in the same process takes its locks from it
 *   (https://sqlite.org/howtocorrupt.html, 2.2). Only where nobody has the store open it may be left out.
 */
export function writeKeyProof(folder: string, keyHex: string, salt?: string): void {
  const file = path.join(folder, proofName);
  const text = `${keyWord(keyHex)} ${(salt ?? readAt(path.join(folder, 'store.db'), 0, saltBytes).toString('hex')).toLowerCase()}\n`;
  if (fs.existsSync(file) && fs.readFileSync(file, 'utf8') === text) return;
  writeWhole(file, text);
}

/** Pages that are looked at for the question whose file this is. */
const samplePages = 64;

/** Whether a file whose first page is broken is nevertheless the store: others of its pages are of this key. */
export function isStoreOf(file: string, keyHex: string, salt: Buffer | undefined): boolean {
  const bytes = readAt(file, 0, samplePages * pageBytes);
  const salts = [bytes.subarray(0, saltBytes), ...(salt ? [salt] : [])];
  return salts.some((candidate) => {
    const isWhole = createPageAuthenticator(keyHex, candidate);
    return Array.from({ length: Math.floor(bytes.length / pageBytes) }, (_, index) => index + 1)
      .some((number) => isWhole(bytes.subarray((number - 1) * pageBytes, number * pageBytes), number));
  });
}

export type LogLook =
  | { readonly kind: 'none' | 'whole' }
  /** SQLite takes it up to the first frame that is not as it was written, and says nothing of the rest. */
  | { readonly kind: 'damaged'; readonly detail: string }
  /** Its frames are whole, and of another database: SQLite would take them. */
  | { readonly kind: 'foreign'; readonly detail: string };

const logHeaderBytes = 32;
const frameHeaderBytes = 24;

/**
 * Whether the write-ahead log will be read as far as it goes: its checksums, as SQLite reckons them (https://sqlite.org/fileformat2.html#walformat), and
 * the pages' own authentication, which SQLite does not look at before a page is wanted.
 */
export function lookAtLog(file: string, keyHex: string): LogLook {
  const bytes = fs.existsSync(`${file}-wal`) ? fs.readFileSync(`${file}-wal`) : Buffer.alloc(0);
  if (bytes.length === 0) return { kind: 'none' };
  const header = bytes.subarray(0, logHeaderBytes);
  const checksum = header.length === logHeaderBytes ? createChecksum(header.readUInt32BE(0)) : undefined;
  if (!checksum || header.readUInt32BE(8) !== pageBytes || !checksum([header.subarray(0, 24)], header.subarray(24, 32))) return { kind: 'damaged', detail: 'the log has no header' };
  const isWhole = createPageAuthenticator(keyHex, readAt(file, 0, saltBytes));
  let [frames, whole, authentic, committed, wholeCommitted] = [0, 0, 0, 0, 0];
  let isOlder = false;
  let at = logHeaderBytes;
  for (; at + frameHeaderBytes + pageBytes <= bytes.length; at += frameHeaderBytes + pageBytes) {
    const frame = bytes.subarray(at, at + frameHeaderBytes);
    const page = bytes.subarray(at + frameHeaderBytes, at + frameHeaderBytes + pageBytes);
    // Frames of before the log was begun anew carry other salts, and stand behind all that do not.
    if (!frame.subarray(8, 16).equals(header.subarray(16, 24))) {
      isOlder = true;
      continue;
    }
    if (isOlder) return { kind: 'damaged', detail: `frame ${frames + 1} is not of this log` };
    frames += 1;
    const isCommit = frame.readUInt32BE(4) !== 0;
    if (isCommit) committed = frames;
    if (checksum([frame.subarray(0, 8), page], frame.subarray(16, 24)) && whole === frames - 1) {
      whole = frames;
      if (isCommit) wholeCommitted = frames;
    }
    if (isWhole(page, frame.readUInt32BE(0))) authentic += 1;
  }
  if (frames > 0 && authentic === 0 && wholeCommitted > 0) return { kind: 'foreign', detail: `${frames} frames of another database` };
  if (wholeCommitted < committed) return { kind: 'damaged', detail: `${wholeCommitted} of ${committed} frames are whole` };
  if (authentic < frames && whole === frames) return { kind: 'foreign', detail: `${frames - authentic} of ${frames} frames of another database` };
  return at < bytes.length && bytes.length - at < frameHeaderBytes + pageBytes ? { kind: 'damaged', detail: 'the log ends within a frame' } : { kind: 'whole' };
}

/** Goes on over these parts, and answers whether it is then what `expected` says. */
type Checksum = (parts: readonly Buffer[], expected: Buffer) => boolean;

/** Over pairs of 32-bit words, in the order of bytes that the magic number tells; it runs on from frame to frame. */
function createChecksum(magic: number): Checksum | undefined {
  if (magic !== 0x377f0682 && magic !== 0x377f0683) return undefined;
  const isBigEndian = magic === 0x377f0683;
  let [left, right] = [0, 0];
  const run = (bytes: Buffer) => {
    for (let offset = 0; offset < bytes.length; offset += 8) {
      left = (left + (isBigEndian ? bytes.readUInt32BE(offset) : bytes.readUInt32LE(offset)) + right) >>> 0;
      right = (right + (isBigEndian ? bytes.readUInt32BE(offset + 4) : bytes.readUInt32LE(offset + 4)) + left) >>> 0;
    }
  };
  return (parts, expected) => {
    for (const part of parts) run(part);
    return expected.readUInt32BE(0) === left && expected.readUInt32BE(4) === right;
  };
}

export function isSqliteError(cause: unknown, code: string): boolean {
  return cause instanceof Error && 'code' in cause && typeof cause.code === 'string' && cause.code.startsWith(code);
}

function readAt(file: string, offset: number, length: number): Buffer {
  const descriptor = fs.openSync(file, 'r');
  try {
    const bytes = Buffer.alloc(length);
    return bytes.subarray(0, fs.readSync(descriptor, bytes, 0, length, offset));
  } finally {
    fs.closeSync(descriptor);
  }
}
