import fs from 'node:fs';
import path from 'node:path';
import type { Journal } from './emitter.ts';
import type { DamagedPart, JournalKey } from './journal-format.ts';
import { headerBytes, journalKey, readSegmentHeader, scanFrames, sealFrame, segmentHeader } from './journal-format.ts';
import { writeWhole } from './whole-files.ts';

/** What was found wrong. `position` and `bytes` are of the segment's file; both 0 where the whole segment is meant. */
export interface JournalProblem {
  readonly segment: number;
  readonly kind: DamagedPart['kind'] | 'damaged_header' | 'wrong_key' | 'segment_missing' | 'file_gone';
  readonly position: number;
  readonly bytes: number;
}

export interface JournalDeps {
  /** Beside the database: `journal`. */
  readonly folder: string;
  /** The store's raw key: the journal's own is derived from it. */
  readonly keyHex: string;
  readonly onProblem: (problem: JournalProblem) => void;
}

export interface OpenJournal extends Journal {
  retract(): void;
  /**
   * Begins a new segment, and answers its number. Within an immediate transaction of the store, and before a copy of the store is made: what stands in older
   * segments is then in that copy. The other thread notices by itself.
   */
  startSegment(): number;
  /** After the store's key was changed: what follows goes into a new segment, under the new key. */
  useKey(keyHex: string): void;
  close(): void;
}

interface Current { readonly segment: number; readonly descriptor: number; end: number }

/** A segment that grew so much is followed by another, whether a copy was made or not: each is read whole into memory. */
const maxSegmentBytes = 64 * 1024 * 1024;

/**
 * The second, append-only file. Each thread that writes to the store has one of its own on the same folder: all appends are made under SQLite's write lock,
 * so that what stands behind the last whole frame is always the rest of an append that failed, and is cut off.
 */
export function createJournal({ folder, keyHex, onProblem }: JournalDeps): OpenJournal {
  let key = journalKey(keyHex);
  let current: Current | undefined;
  /** Where the last append of this thread stands. */
  let appended: { readonly segment: number; readonly from: number; readonly to: number } | undefined;
  fs.mkdirSync(folder, { recursive: true, mode: 0o700 });

  function close(): void {
    if (current) fs.closeSync(current.descriptor);
    current = undefined;
  }

  function open(segment: number): Current {
    const file = path.join(folder, segmentName(segment));
    return { segment, descriptor: fs.openSync(file, fs.constants.O_RDWR | fs.constants.O_APPEND), end: 0 };
  }

  function begin(): Current {
    const segment = (segmentsOf(folder).at(-1) ?? 0) + 1;
    putInPlace(folder, segmentName(segment), segmentHeader(segment, key));
    close();
    current = { ...open(segment), end: headerBytes };
    return current;
  }

  /** Reads what was added since, by another thread or before this start. Only what is whole from end to end is written on. */
  function catchUp(opened: Current, size: number): boolean {
    const base = opened.end || headerBytes;
    const bytes = Buffer.alloc(Math.max(0, size - base));
    readFully(opened.descriptor, bytes, base);
    const { damaged, end } = scanFrames(bytes, base, opened.segment, key);
    for (const part of damaged) onProblem({ segment: opened.segment, ...part });
    if (damaged.some(({ kind }) => kind !== 'torn_tail')) return false;
    if (end < size) fs.ftruncateSync(opened.descriptor, end);
    opened.end = end;
    return true;
  }

  function newestSegment(): Current {
    const segment = segmentsOf(folder).at(-1);
    if (segment === undefined) return begin();
    const opened = open(segment);
    current = opened;
    const header = Buffer.alloc(headerBytes);
    readFully(opened.descriptor, header, 0);
    const found = readSegmentHeader(header, [key]);
    if (!found) onProblem({ segment, kind: 'damaged_header', position: 0, bytes: headerBytes });
    const isOurs = found?.segment === segment && found.key !== undefined;
    return isOurs && catchUp(opened, fs.fstatSync(opened.descriptor).size) ? opened : begin();
  }

  function ready(): Current {
    if (current && fs.existsSync(path.join(folder, segmentName(current.segment + 1)))) close();
    if (!current) return newestSegment();
    const { size, nlink } = fs.fstatSync(current.descriptor);
    if (nlink === 0) {
      onProblem({ segment: current.segment, kind: 'file_gone', position: 0, bytes: 0 });
      close();
      fs.mkdirSync(folder, { recursive: true, mode: 0o700 });
      return begin();
    }
    if (size > maxSegmentBytes) return begin();
    if (size === current.end) return current;
    if (size < current.end) {
      close();
      return newestSegment();
    }
    return catchUp(current, size) ? current : begin();
  }

  return {
    append(records, isMoney) {
      appended = undefined;
      const opened = ready();
      const frame = sealFrame(records, opened.segment, opened.end, key);
      try {
        const written = fs.writeSync(opened.descriptor, frame);
        if (written !== frame.length) throw new Error(`only ${written} of ${frame.length} bytes could be written to the journal`);
        if (isMoney) fs.fdatasyncSync(opened.descriptor);
      } catch (cause) {
        // The transaction is undone, and so is its record, where that is possible: else the next append finds the rest.
        try {
          fs.ftruncateSync(opened.descriptor, opened.end);
        } finally {
          close();
        }
        throw cause;
      }
      appended = { segment: opened.segment, from: opened.end, to: opened.end + frame.length };
      opened.end = appended.to;
    },

    retract() {
      const last = appended;
      appended = undefined;
      // Another segment since, or another thread's append behind it: what is behind stands, and so this does.
      if (!last || segmentsOf(folder).at(-1) !== last.segment) return;
      const file = path.join(folder, segmentName(last.segment));
      const descriptor = fs.openSync(file, fs.constants.O_RDWR);
      try {
        if (fs.fstatSync(descriptor).size !== last.to) return;
        fs.ftruncateSync(descriptor, last.from);
        fs.fdatasyncSync(descriptor);
      } finally {
        fs.closeSync(descriptor);
      }
      close();
    },

    startSegment() {
      const opened = ready();
      return opened.end === headerBytes ? opened.segment : begin().segment;
    },

    useKey(nextKeyHex) {
      key = journalKey(nextKeyHex);
      close();
    },

    close,
  };
}

export function segmentName(segment: number): string {
  return `journal-${String(segment).padStart(6, '0')}`;
}

/** Numbers of the segments that are there, oldest first. */
export function segmentsOf(folder: string): readonly number[] {
  const names = fs.existsSync(folder) ? fs.readdirSync(folder) : [];
  return names.filter((name) => /^journal-\d{6,}$/.test(name)).map((name) => Number(name.slice(8))).sort((left, right) => left - right);
}

/** Removes segments that only tell what the oldest kept copy holds already; never the newest. Answers how many. */
export function dropSegmentsBefore({ folder, segment }: { readonly folder: string; readonly segment: number }): number {
  const old = segmentsOf(folder).slice(0, -1).filter((number) => number < segment);
  for (const number of old) fs.rmSync(path.join(folder, segmentName(number)), { force: true });
  return old.length;
}

/**
 * Brings every segment under another key. Each is replaced whole or not at all; killed in between, some are under the one and some under the other,
 * `readJournal` reads them with both, and the same call again goes on. While no thread appends: within an immediate transaction of the store, and
 * `useKey` after it. What cannot be read is not carried over, and named.
 */
export function rewriteJournal({ folder, fromKeyHex, toKeyHex }: { readonly folder: string; readonly fromKeyHex: string; readonly toKeyHex: string }): readonly JournalProblem[] {
  const [from, to] = [journalKey(fromKeyHex), journalKey(toKeyHex)];
  const problems: JournalProblem[] = [];
  for (const segment of segmentsOf(folder)) {
    const bytes = fs.readFileSync(path.join(folder, segmentName(segment)));
    const header = readSegmentHeader(bytes, [to, from]);
    if (header?.key === to) continue;
    if (header && header.key === undefined) {
      problems.push({ segment, kind: 'wrong_key', position: 0, bytes: 0 });
      continue;
    }
    const { frames, damaged } = scanFrames(bytes.subarray(headerBytes), headerBytes, header?.segment ?? segment, from);
    problems.push(...damaged.map((part) => ({ segment, ...part })));
    if (!header) {
      problems.push({ segment, kind: 'damaged_header', position: 0, bytes: headerBytes });
      // Perhaps it is under the new key already: better kept as it is than emptied.
      if (frames.length === 0) continue;
    }
    putInPlace(folder, segmentName(segment), resealed(frames.map(({ records }) => records), segment, to));
  }
  return problems;
}

function resealed(transactions: readonly Parameters<Journal['append']>[0][], segment: number, key: JournalKey): Buffer {
  const parts = [segmentHeader(segment, key)];
  let position = headerBytes;
  for (const records of transactions) {
    const frame = sealFrame(records, segment, position, key);
    parts.push(frame);
    position += frame.length;
  }
  return Buffer.concat(parts);
}

/** What is named `.new` was never finished. */
function putInPlace(folder: string, name: string, bytes: Buffer): void {
  const file = path.join(folder, name);
  writeWhole(file, bytes, `${file}.new`);
}

function readFully(descriptor: number, into: Buffer, position: number): void {
  let read = 0;
  while (read < into.length) {
    const more = fs.readSync(descriptor, into, read, into.length - read, position + read);
    if (more === 0) return;
    read += more;
  }
}
