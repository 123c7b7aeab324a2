import fs from 'node:fs';
import path from 'node:path';
import { chainText, genesisHash } from '../../domain/sync/chain.ts';
import type { JournalRecord } from './emitter.ts';
import { hashOf } from './emitter.ts';
import type { JournalProblem } from './journal.ts';
import { segmentName, segmentsOf } from './journal.ts';
import type { Frame, JournalKey } from './journal-format.ts';
import { headerBytes, journalKey, readSegmentHeader, scanFrames } from './journal-format.ts';

export interface ReadJournal {
  /** In the order in which they were written; of transactions that are known not to have been committed, none. */
  readonly records: readonly JournalRecord[];
  readonly problems: readonly JournalProblem[];
}

/** Reads all that can be read, before and after what cannot. @param keysHex the store's key, and the one before it while a key is being changed */
export function readJournal({ folder, keysHex }: { readonly folder: string; readonly keysHex: readonly string[] }): ReadJournal {
  const keys = keysHex.map(journalKey);
  const problems: JournalProblem[] = [];
  const transactions: (readonly JournalRecord[])[] = [];
  let before: number | undefined;
  for (const segment of segmentsOf(folder)) {
    for (let missing = (before ?? segment - 1) + 1; missing < segment; missing++) problems.push({ segment: missing, kind: 'segment_missing', position: 0, bytes: 0 });
    before = segment;
    const frames = readSegment(fs.readFileSync(path.join(folder, segmentName(segment))), segment, keys, problems);
    for (const { records } of frames) transactions.push(records);
  }
  return { records: withoutUncommitted(transactions), problems };
}

function readSegment(bytes: Buffer, segment: number, keys: readonly JournalKey[], problems: JournalProblem[]): readonly Frame[] {
  const header = readSegmentHeader(bytes, keys);
  if (!header) problems.push({ segment, kind: 'damaged_header', position: 0, bytes: headerBytes });
  else if (header.segment !== segment) problems.push({ segment, kind: 'moved', position: 0, bytes: bytes.length });
  if (header && !header.key) {
    problems.push({ segment, kind: 'wrong_key', position: 0, bytes: 0 });
    return [];
  }
  const scans = (header?.key ? [header.key] : keys).map((key) => scanFrames(bytes.subarray(headerBytes), headerBytes, header?.segment ?? segment, key));
  const best = scans.reduce((left, right) => (right.frames.length > left.frames.length ? right : left));
  problems.push(...best.damaged.map((part) => ({ segment, ...part })));
  return best.frames;
}

interface Place { readonly transaction: number; readonly record: Extract<JournalRecord, { kind: 'event' }> }

/**
 * A record is written before its transaction is committed. Where the commit then failed, the next transaction took the same place in the lane, on the same
 * predecessor: both cannot have been, and the last was. All records of the other transaction go with it. (Without a known predecessor both stay:
 * an order of which nobody heard does less harm than a forgotten payment.)
 */
function withoutUncommitted(transactions: readonly (readonly JournalRecord[])[]): readonly JournalRecord[] {
  const places = new Map<string, Place[]>();
  const uncommitted = new Set<number>();
  for (const [transaction, records] of transactions.entries()) {
    for (const record of records) {
      if (record.kind !== 'event') continue;
      const here = placesAt(places, record.lane, record.epoch, record.event.sequence);
      const twins = here.filter((other) => other.transaction !== transaction && other.record.event.id !== record.event.id);
      const heads = record.event.sequence === 1 ? [genesisHash] : placesAt(places, record.lane, record.epoch, record.event.sequence - 1).map((place) => place.record.event.hash);
      for (const twin of twins) if (heads.some((head) => follows(twin.record, head) && follows(record, head))) uncommitted.add(twin.transaction);
      here.push({ transaction, record });
    }
  }
  return transactions.flatMap((records, transaction) => (uncommitted.has(transaction) ? [] : records));
}

function placesAt(places: Map<string, Place[]>, lane: string, epoch: number, sequence: number): Place[] {
  const name = `${lane} ${epoch} ${sequence}`;
  const found = places.get(name) ?? [];
  if (found.length === 0) places.set(name, found);
  return found;
}

function follows({ lane, epoch, event }: Place['record'], head: string): boolean {
  return hashOf(chainText(head, lane, epoch, event)) === event.hash;
}
