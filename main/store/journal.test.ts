import { spawnSync } from 'node:child_process';
import fs from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import fc from 'fast-check';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import type { EventId } from '../../domain/ids.ts';
import { chainText, genesisHash } from '../../domain/sync/chain.ts';
import type { JournalRecord } from './emitter.ts';
import { createEmitter, hashOf } from './emitter.ts';
import type { JournalProblem, OpenJournal } from './journal.ts';
import { createJournal, dropSegmentsBefore, rewriteJournal, segmentName, segmentsOf } from './journal.ts';
import { readJournal } from './journal-read.ts';
import { openStore } from './open.ts';

const keyHex = 'a1'.repeat(32);
const nextKeyHex = 'b2'.repeat(32);
let folder: string;
let problems: JournalProblem[];
let opened: OpenJournal[];

beforeEach(() => {
  folder = path.join(fs.mkdtempSync(path.join(os.tmpdir(), 'store-journal-')), 'journal');
  problems = [];
  opened = [];
});
afterEach(() => {
  for (const journal of opened) journal.close();
  fs.rmSync(path.dirname(folder), { recursive: true });
});

function open(key = keyHex): OpenJournal {
  const journal = createJournal({ folder, keyHex: key, onProblem: (problem) => void problems.push(problem) });
  opened.push(journal);
  return journal;
}

const local = (number: number): JournalRecord => ({ kind: 'local', what: 'foreign', row: { card: `planted-word-${number}`, seen_at: number } });
const read = (...keys: string[]) => readJournal({ folder, keysHex: keys.length === 0 ? [keyHex] : keys });
const numbers = (records: readonly JournalRecord[]) => records.map((record) => (record.kind === 'local' ? Number(record.row['seen_at']) : Number.NaN));
const file = (segment = segmentsOf(folder).at(-1)!) => path.join(folder, segmentName(segment));

/** One record a transaction. Answers where each frame begins, and the end. */
function fill(count: number, journal = open()): readonly number[] {
  const ends: number[] = [];
  for (let number = 0; number < count; number++) {
    journal.append([local(number)], number % 3 === 0);
    ends.push(fs.statSync(file()).size);
  }
  return [32, ...ends];
}

function clear(): void {
  for (const journal of opened) journal.close();
  opened = [];
  problems = [];
  fs.rmSync(folder, { recursive: true });
}

describe('the journal', () => {
  it('gives back what was written, in order, over segments and restarts, and holds no readable word', () => {
    fill(3);
    const again = open();
    again.startSegment();
    again.append([local(3), local(4)], true);
    expect(read()).toMatchObject({ problems: [] });
    expect(numbers(read().records)).toEqual([0, 1, 2, 3, 4]);
    for (const segment of segmentsOf(folder)) expect(fs.readFileSync(file(segment)).includes('planted')).toBe(false);
    expect(fs.statSync(file()).mode & 0o077, 'nobody else may read it').toBe(0);
  });

  it('two threads write to one file, and each notices what the other wrote and where it goes on', () => {
    const [selling, sync] = [open(), open()];
    const written: number[] = [];
    for (let number = 0; number < 60; number++) {
      if (number % 17 === 16) (number % 2 === 0 ? selling : sync).startSegment();
      (number % 5 < 2 ? selling : sync).append([local(number)], false);
      written.push(number);
    }
    expect(read()).toMatchObject({ problems: [] });
    expect(numbers(read().records)).toEqual(written);
    expect(segmentsOf(folder)).toEqual([1, 2, 3, 4]);
    expect(problems).toEqual([]);
  });

  it('takes back its last append, once, and only where nothing stands behind it', () => {
    const [selling, sync] = [open(), open()];
    selling.append([local(0)], true);
    selling.append([local(1)], true);
    selling.retract();
    selling.retract();
    expect(numbers(read().records)).toEqual([0]);
    selling.append([local(2)], true);
    sync.append([local(3)], false);
    selling.retract();
    expect(numbers(read().records), 'another thread went on behind it').toEqual([0, 2, 3]);
    selling.append([local(4)], false);
    sync.startSegment();
    selling.retract();
    expect(numbers(read().records), 'another segment was begun').toEqual([0, 2, 3, 4]);
    sync.append([local(5)], false);
    sync.retract();
    selling.append([local(6)], false);
    expect(read()).toMatchObject({ problems: [] });
    expect(numbers(read().records)).toEqual([0, 2, 3, 4, 6]);
    expect(problems).toEqual([]);
  });

  it('a transaction that COMMIT refuses leaves nothing behind in it, and the next takes its numbers', () => {
    const store = openStore({ folder: path.dirname(folder), keyHex, keyProvider: 'test' });
    if (!store.ok) throw new Error(store.error.detail);
    const { database, close } = store.value;
    try {
      let ids = 0;
      const emitter = createEmitter({ database, now: () => 1, newId: () => `00000000-0000-7000-8000-00000000000${++ids}`, journal: open() });
      const tell = emitter.transaction((isRefused: boolean) => {
        emitter.emit('clock.skewed', { skewMs: 1 });
        // Looked at when the transaction is committed, after the journal was written.
        database.pragma('defer_foreign_keys = ON');
        if (isRefused) database.prepare("INSERT INTO jobs (id, order_id, kind, state, created_at) VALUES ('j', 'no such order', 'print_receipt', 'queued', 1)").run();
      });
      tell(false);
      expect(() => tell(true)).toThrow('FOREIGN KEY');
      expect(read().records.length).toBe(1);
      tell(false);
      expect(read().records.map((record) => record.kind === 'event' && record.event.sequence)).toEqual([1, 2]);
      expect(read()).toMatchObject({ problems: [] });
    } finally {
      close();
    }
  });

  it('wherever the power cut it, what is whole is read, the rest is cut off, and it goes on', () => {
    fc.assert(fc.property(fc.double({ min: 0, max: 1, noNaN: true, maxExcluded: true }), (share) => {
      const marks = fill(6);
      const at = 32 + Math.floor(share * (marks.at(-1)! - 32));
      fs.truncateSync(file(), at);
      const whole = marks.filter((mark) => mark <= at).length - 1;
      const isClean = marks.includes(at);
      expect(numbers(read().records)).toEqual([...Array(whole).keys()]);
      expect(read().problems.map(({ kind, position, bytes }) => [kind, position, bytes])).toEqual(isClean ? [] : [['torn_tail', marks[whole], at - marks[whole]!]]);
      open().append([local(99)], true);
      expect(problems.map(({ kind }) => kind)).toEqual(isClean ? [] : ['torn_tail']);
      expect(read().problems).toEqual([]);
      expect(numbers(read().records)).toEqual([...Array(whole).keys(), 99]);
      clear();
    }), { numRuns: 60 });
  });

  it('a flipped bit costs one transaction and is named with its place; what comes before and after is read', () => {
    fc.assert(fc.property(fc.double({ min: 0, max: 1, noNaN: true, maxExcluded: true }), fc.nat(7), (share, bit) => {
      const marks = fill(6);
      const at = 32 + Math.floor(share * (marks.at(-1)! - 32));
      const bytes = fs.readFileSync(file());
      bytes[at] = bytes[at]! ^ (1 << bit);
      fs.writeFileSync(file(), bytes);
      const hit = marks.findLastIndex((mark) => mark <= at);
      const { records, problems: found } = read();
      expect(numbers(records)).toEqual([0, 1, 2, 3, 4, 5].filter((number) => number !== hit));
      expect(found).toEqual([{ segment: 1, kind: hit === 5 ? 'torn_tail' : 'damaged', position: marks[hit], bytes: marks[hit + 1]! - marks[hit]! }]);
      // What is damaged in the middle is not written on, and nothing of it is cut off.
      open().append([local(99)], true);
      expect(numbers(read().records)).toEqual([...numbers(records), 99]);
      expect(fs.statSync(file(1)).size >= marks[5]!).toBe(true);
      clear();
    }), { numRuns: 60 });
  });

  it('a frame that was cut out, changed places, came again or is of another segment is named, and none counts twice', () => {
    const marks = fill(4);
    const bytes = fs.readFileSync(file());
    const frame = (index: number) => bytes.subarray(marks[index], marks[index + 1]);
    const put = (...parts: Buffer[]) => fs.writeFileSync(file(), Buffer.concat([bytes.subarray(0, 32), ...parts]));
    const kinds = () => [...new Set(read().problems.map(({ kind }) => kind))];

    put(frame(0), frame(2), frame(3));
    expect([numbers(read().records), kinds()]).toEqual([[0, 2, 3], ['moved']]);
    put(frame(0), frame(2), frame(1), frame(3));
    expect([numbers(read().records), kinds()]).toEqual([[0, 1, 2, 3], ['moved']]);
    put(frame(0), frame(1), frame(1), frame(2), frame(3));
    expect([numbers(read().records), kinds()]).toEqual([[0, 1, 2, 3], ['moved', 'repeated']]);
    put(frame(0), frame(1), frame(2), frame(3));
    const next = open();
    next.startSegment();
    next.append([local(4)], true);
    fs.appendFileSync(file(2), frame(0));
    expect([numbers(read().records), kinds()]).toEqual([[0, 1, 2, 3, 4], ['torn_tail']]);
    fs.renameSync(file(2), file(3));
    expect(kinds()).toEqual(['segment_missing', 'moved', 'torn_tail']);
  });

  it('a damaged header costs nothing but itself', () => {
    fill(3);
    const bytes = fs.readFileSync(file());
    bytes[9] = bytes[9]! ^ 1;
    fs.writeFileSync(file(), bytes);
    expect(read().problems).toEqual([{ segment: 1, kind: 'damaged_header', position: 0, bytes: 32 }]);
    expect(numbers(read(nextKeyHex, keyHex).records)).toEqual([0, 1, 2]);
    open().append([local(3)], true);
    expect(numbers(read().records)).toEqual([0, 1, 2, 3]);
  });

  it('the wrong key is said by name, and touches nothing: what follows goes into a segment of its own', () => {
    fill(2);
    const before = fs.readFileSync(file());
    expect(read(nextKeyHex)).toEqual({ records: [], problems: [{ segment: 1, kind: 'wrong_key', position: 0, bytes: 0 }] });
    open(nextKeyHex).append([local(2)], true);
    expect(fs.readFileSync(file(1)).equals(before)).toBe(true);
    expect(numbers(read(keyHex, nextKeyHex).records)).toEqual([0, 1, 2]);
  });

  it('a file that was removed under it is noticed before the next record is lost with it', () => {
    const journal = open();
    fill(2, journal);
    fs.rmSync(folder, { recursive: true });
    journal.append([local(2)], true);
    expect(problems).toMatchObject([{ kind: 'file_gone' }]);
    expect(numbers(read().records)).toEqual([2]);
  });

  it('only segments before the oldest copy go, and never the newest', () => {
    const journal = open();
    for (let number = 0; number < 4; number++) {
      journal.startSegment();
      journal.append([local(number)], false);
    }
    expect(dropSegmentsBefore({ folder, segment: 3 })).toBe(2);
    expect(numbers(read().records)).toEqual([2, 3]);
    expect(read().problems).toEqual([]);
    expect(dropSegmentsBefore({ folder, segment: 99 })).toBe(1);
    expect(segmentsOf(folder)).toEqual([4]);
  });

  it('an empty segment is not followed by another', () => {
    const journal = open();
    expect([journal.startSegment(), journal.startSegment()]).toEqual([1, 1]);
    journal.append([local(0)], false);
    expect([journal.startSegment(), journal.startSegment()]).toEqual([2, 2]);
  });
});

describe('a key rotation of the journal', () => {
  it('killed after any segment it is read with both keys, goes on when it is called again, and is then under the new key alone', () => {
    for (let killedAfter = 0; killedAfter <= 3; killedAfter++) {
      const journal = open();
      for (let number = 0; number < 3; number++) {
        journal.startSegment();
        journal.append([local(number)], false);
      }
      const old = segmentsOf(folder).map((segment) => fs.readFileSync(file(segment)));
      expect(rewriteJournal({ folder, fromKeyHex: keyHex, toKeyHex: nextKeyHex })).toEqual([]);
      // Those that it had not come to when it was killed, and the one that it was at.
      for (const [index, bytes] of old.entries()) if (index >= killedAfter) fs.writeFileSync(file(index + 1), bytes);
      if (killedAfter < 3) fs.writeFileSync(`${file(killedAfter + 1)}.new`, old[0]!.subarray(0, 40));
      expect(read(keyHex, nextKeyHex)).toMatchObject({ problems: [] });
      expect(numbers(read(keyHex, nextKeyHex).records)).toEqual([0, 1, 2]);
      expect(rewriteJournal({ folder, fromKeyHex: keyHex, toKeyHex: nextKeyHex })).toEqual([]);
      expect(numbers(read(nextKeyHex).records)).toEqual([0, 1, 2]);
      expect(read(keyHex).problems.map(({ kind }) => kind)).toEqual(['wrong_key', 'wrong_key', 'wrong_key']);
      journal.useKey(nextKeyHex);
      journal.append([local(3)], true);
      expect(numbers(read(nextKeyHex).records)).toEqual([0, 1, 2, 3]);
      expect(segmentsOf(folder)).toHaveLength(3);
      clear();
    }
  });
});

describe('with the store', () => {
  function withStore(check: (store: Parameters<typeof createEmitter>[0]['database']) => void): void {
    const store = openStore({ folder: path.dirname(folder), keyHex, keyProvider: 'test' });
    if (!store.ok) throw new Error(store.error.detail);
    try {
      check(store.value.database);
    } finally {
      store.value.close();
    }
  }
  let ids = 0;
  const newId = () => `00000000-0000-7000-8000-${String(++ids).padStart(12, '0')}`;
  const kept = (database: Parameters<typeof createEmitter>[0]['database']) => database.prepare('SELECT id FROM outbox ORDER BY position').pluck().all();

  it('an append that fails undoes the transaction', () => withStore((database) => {
    const { emit, transaction } = createEmitter({ database, now: () => 1, newId, journal: open() });
    transaction(() => emit('clock.skewed', { skewMs: 1 }))();
    fs.rmSync(folder, { recursive: true });
    fs.writeFileSync(folder, 'not a folder');
    const before = kept(database);
    expect(() => transaction(() => emit('clock.skewed', { skewMs: 2 }))()).toThrow();
    expect(kept(database)).toEqual(before);
    expect(database.inTransaction).toBe(false);
    fs.rmSync(folder);
    fs.mkdirSync(folder);
  }));

  it('of a transaction that was appended and not committed nothing counts, once its place was taken again', () => withStore((database) => {
    const journal = open();
    let fails = false;
    const { emit, noteLocal, transaction } = createEmitter({
      database, now: () => 1, newId,
      journal: {
        append(records, isMoney) {
          journal.append(records, isMoney);
          if (fails) throw new Error('the commit fails');
        },
      },
    });
    const tell = (skewMs: number) => transaction(() => {
      noteLocal('number', { name: 'x', next: skewMs }, 'soon');
      emit('stock.moved', { offerId: 'cola', change: 1, left: 1, reason: 'initial' });
      return emit('clock.skewed', { skewMs });
    });
    tell(1)();
    fails = true;
    expect(tell(2)).toThrow('the commit fails');
    fails = false;
    transaction(() => emit('clock.skewed', { skewMs: 3 }))();
    expect(kept(database)).toHaveLength(3);
    const { records } = read();
    expect(records.filter((record) => record.kind === 'event').map(({ event }) => event.id)).toEqual(kept(database));
    expect(records.filter((record) => record.kind === 'local')).toMatchObject([{ row: { next: 1 } }]);
  }));

  it('two events of one place that do not follow on the same stay both: neither is forgotten', () => {
    const journal = open();
    const event = (sequence: number, head: string, at: number) => {
      const unsigned = { sequence, id: newId() as EventId, kind: 'clock.skewed', version: 1, at, boot: '00000000-0000-0000-0000-000000000000', monotonicMs: 0, payload: '{"skewMs":1}' };
      return { kind: 'event', lane: 'orders', epoch: 1, event: { ...unsigned, hash: hashOf(chainText(head, 'orders', 1, unsigned)) } } as const;
    };
    const first = event(1, genesisHash, 1);
    const second = event(2, first.event.hash, 2);
    const elsewhere = event(2, 'f'.repeat(64), 3);
    for (const record of [first, second, elsewhere]) journal.append([record], false);
    expect(read().records).toEqual([first, second, elsewhere]);
  });

  it.skipIf(process.platform === 'win32')('a file that cannot grow any more: the half record is taken back, and what was there stays whole', () => {
    const script = `
      import { createJournal } from ${JSON.stringify(path.join(import.meta.dirname, 'journal.ts'))};
      const journal = createJournal({ folder: ${JSON.stringify(folder)}, keyHex: ${JSON.stringify(keyHex)}, onProblem() {} });
      let kept = 0;
      try {
        for (;;) { journal.append([{ kind: 'local', what: 'foreign', row: { card: 'x'.repeat(300), seen_at: kept } }], false); kept++; }
      } catch (cause) {
        console.log(JSON.stringify({ kept, message: cause.message }));
      }`;
    // 8 blocks of the shell's 1024 bytes; the signal that it would send is ignored, so that the write itself fails.
    const run = spawnSync('bash', ['-c', `trap '' XFSZ; ulimit -f 8; exec "$0" --input-type=module-typescript -e "$1"`, process.execPath, script], { encoding: 'utf8', timeout: 30_000 });
    const { kept, message } = JSON.parse(run.stdout) as { kept: number; message: string };
    expect(message).toMatch(/only \d+ of \d+ bytes/);
    expect(kept).toBeGreaterThan(10);
    expect(read().problems).toEqual([]);
    expect(numbers(read().records)).toEqual([...Array(kept).keys()]);
  });
});
