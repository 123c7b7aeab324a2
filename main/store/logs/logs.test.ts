import fs from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import fc from 'fast-check';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import type { LogDraft, LogLimits } from './entry.ts';
import { logFileName, openLogDatabase } from './log-database.ts';
import type { EntryFilter, LogReader } from './log-reader.ts';
import { createLogReader } from './log-reader.ts';
import type { LogWriter } from './log-writer.ts';
import { createLogWriter } from './log-writer.ts';
import { shardsOf } from './shards.ts';

const keyHex = 'a1'.repeat(32);
const orderId = '019a0000-0000-7000-8000-00000000000a';
let folder: string;
let open: ReturnType<typeof openLogDatabase>[];
let ms: number;

beforeEach(() => {
  folder = fs.mkdtempSync(path.join(os.tmpdir(), 'logs-'));
  open = [];
  ms = 0;
});
afterEach(() => {
  for (const { database } of open) database.close();
  fs.rmSync(folder, { recursive: true });
});

function openLog(storeKeyHex = keyHex) {
  const opened = openLogDatabase({ folder, storeKeyHex, now: () => 1_790_000_000_000 });
  open.push(opened);
  return opened;
}

function openAll(limits: LogLimits = { maxEntries: 1_000_000, maxBytes: 600_000_000 }) {
  const { database } = openLog();
  return { database, writer: createLogWriter(database, limits), reader: createLogReader(database, () => ms) };
}

const line = (given: Partial<LogDraft> = {}): LogDraft => ({ at: 1_000, level: 'info', source: 'kiosk', message: 'a line', ...given });
let batches = 0;
const write = (writer: LogWriter, ...lines: LogDraft[]) => writer.write({ name: String((batches += 1)), lines });
const idsOf = (reader: LogReader, filter: EntryFilter) => reader.find(filter, undefined, 500).entries.map(({ id }) => id);

describe('the log on the disk', () => {
  it('is encrypted: no word of it is in any byte of its files', () => {
    const { writer } = openAll();
    write(writer, line({ message: 'plantedword', fields: { detail: 'plantedfield' } }));
    const bytes = fs.readdirSync(folder).map((name) => fs.readFileSync(path.join(folder, name)));
    for (const each of bytes) for (const word of ['plantedword', 'plantedfield', 'CREATE TABLE', 'SQLite format']) expect(each.includes(word)).toBe(false);
    expect(bytes.some(({ length }) => length > 4_096)).toBe(true);
  });

  it('goes on after it was closed', () => {
    write(openAll().writer, line({ message: 'before' }));
    open.pop()!.database.close();
    const { reader, writer } = openAll();
    write(writer, line({ message: 'after' }));
    expect(reader.find({}, undefined, 10).entries.map(({ message }) => message)).toEqual(['after', 'before']);
  });

  it.each([
    ['of another key', () => undefined, 'b2'.repeat(32)],
    ['that is no database', () => fs.writeFileSync(path.join(folder, logFileName), 'rubbish '.repeat(2_000)), keyHex],
    ['whose first page is damaged', () => fs.writeFileSync(path.join(folder, logFileName), fs.readFileSync(path.join(folder, logFileName)).fill(1, 100, 900)), keyHex],
  ])('one %s is put aside and begun anew', (_what, harm, nextKey) => {
    write(openAll().writer, line({ message: 'old' }));
    open.pop()!.database.close();
    harm();
    const { database, begunAnew } = openLog(nextKey);
    expect(begunAnew).toBeTypeOf('string');
    expect(fs.readdirSync(folder).filter((name) => name.includes('.aside-'))).toHaveLength(1);
    write(createLogWriter(database, { maxEntries: 1_000, maxBytes: 10_000_000 }), line({ message: 'new' }));
    expect(createLogReader(database, () => 0).find({}, undefined, 10).entries.map(({ message }) => message)).toEqual(['new']);
  });

  it('one that was put aside can still be read with its own key', () => {
    write(openAll().writer, line({ message: 'old' }));
    open.pop()!.database.close();
    openLog('b2'.repeat(32)).database.close();
    open.pop();
    const aside = fs.readdirSync(folder).find((name) => name.includes('.aside-'))!;
    fs.rmSync(path.join(folder, logFileName));
    fs.renameSync(path.join(folder, aside), path.join(folder, logFileName));
    expect(openAll().reader.find({}, undefined, 10).entries).toHaveLength(1);
  });

  it('a batch that comes twice, after a thread died, counts once', () => {
    const { writer, reader } = openAll();
    const batch = { name: 'run 1', lines: [line(), line()] };
    expect([writer.write(batch), writer.write(batch), writer.write({ ...batch, name: 'run 2' })]).toEqual([2, 0, 2]);
    expect(reader.newest()).toBe(4);
  });
});

describe('what is asked of the log', () => {
  const lines = [
    line({ at: 1_000, level: 'error', source: 'store', code: 'DISK_LOW', message: 'DISK_LOW: The disk is getting full' }),
    line({ at: 2_000, source: 'payments', event: 'payment.ended', orderId, message: 'card payment ended', fields: { outcome: 'declined' } }),
    line({ at: 3_000, level: 'warn', source: 'devices', event: 'device', code: 'PRINTER_PAPER_OUT', message: 'device', fields: { device: 'receipt printer' } }),
    line({ at: 4_000, source: 'printing', orderId, message: '打印小票 100% "x"' }),
    // A clock that was set back.
    line({ at: 500, source: 'sync', event: 'sync.acknowledged', message: 'HQ has it', fields: { lane: 'orders', epoch: 1, upTo: 7 } }),
  ];

  it.each<[string, EntryFilter, number[]]>([
    ['nothing', {}, [5, 4, 3, 2, 1]],
    ['a range of time', { from: 900, to: 3_000 }, [3, 2, 1]],
    ['a time that only a clock set back has', { to: 600 }, [5]],
    ['levels', { levels: ['warn', 'error'] }, [3, 1]],
    ['sources', { sources: ['payments', 'sync'] }, [5, 2]],
    ['a code', { code: 'DISK_LOW' }, [1]],
    ['an event', { event: 'device' }, [3]],
    ['an order', { orderId }, [4, 2]],
    ['a word', { text: 'payment' }, [2]],
    ['capitals', { text: 'DECLINED Card' }, [2]],
    ['all words, not some', { text: 'card printer' }, []],
    ['groups of letters that do not stand together', { text: 'paym ented' }, []],
    ['Chinese', { text: '打印小票' }, [4]],
    ['two signs of Chinese', { text: '小票' }, [4]],
    ['signs that mean something to SQL', { text: '100% "x"' }, [4]],
    ['a sign that stands for any', { text: 'car_' }, []],
    ['a word of a field', { text: 'receipt' }, [3]],
    ['a part of an order\'s id', { text: '00000000000a' }, [4, 2]],
    ['all at once', { from: 1_000, levels: ['info'], sources: ['payments'], orderId, event: 'payment.ended', text: 'ended' }, [2]],
    ['a source nobody has', { sources: ['nobody'] }, []],
  ])('by %s', (_by, filter, ids) => {
    const { writer, reader } = openAll();
    write(writer, ...lines);
    expect(idsOf(reader, filter)).toEqual(ids);
    expect(reader.forward(filter, 0, 500).map(({ id }) => id)).toEqual([...ids].reverse());
    expect(reader.since(filter, 0, 500).map(({ id }) => id)).toEqual([...ids].reverse());
  });

  it('names its sources, its newest, and when HQ said that it has an event', () => {
    const { writer, reader } = openAll();
    expect([reader.sources(), reader.newest(), reader.acknowledgedAt('orders', 1, 1, 0)]).toEqual([[], 0, undefined]);
    write(writer, ...lines);
    expect(reader.sources()).toEqual(['devices', 'payments', 'printing', 'store', 'sync']);
    expect([reader.acknowledgedAt('orders', 1, 7, 0), reader.acknowledgedAt('orders', 1, 8, 0), reader.acknowledgedAt('stock', 1, 1, 0), reader.acknowledgedAt('orders', 2, 1, 0)]).toEqual([500, undefined, undefined, undefined]);
  });

  it('pages follow on each other without a gap and without one twice, whatever the filter', () => {
    const { writer, reader } = openAll();
    write(writer, ...Array.from({ length: 3_000 }, (_, index) => line({ at: index, level: index % 3 === 0 ? 'warn' : 'info', source: index % 2 === 0 ? 'a' : 'b', message: index % 7 === 0 ? 'seventh' : 'other' })));
    for (const filter of [{}, { levels: ['warn'] }, { sources: ['a'] }, { text: 'seventh' }, { text: 'se' }, { sources: ['a'], text: 'seventh', from: 100, to: 2_500 }] as EntryFilter[]) {
      const all = reader.find(filter, undefined, 3_000).entries.map(({ id }) => id);
      const paged: number[] = [];
      for (let before: number | undefined; ;) {
        const page = reader.find(filter, before, 37);
        paged.push(...page.entries.map(({ id }) => id));
        if (page.next === undefined) break;
        before = page.next;
      }
      expect(paged).toEqual(all);
      expect(all.length).toBeGreaterThan(100);
    }
  });

  it('stops looking when its time is over, and says where to go on: nothing is passed over', () => {
    const { database, writer } = openAll();
    write(writer, line({ message: 'the needle' }), ...Array.from({ length: 40_000 }, () => line()));
    let spent = 0;
    const reader = createLogReader(database, () => (spent += 100));
    let [before, pages] = [undefined as number | undefined, 0];
    for (; ;) {
      const page = reader.find({ text: 'ee' }, before, 200);
      pages += 1;
      if (page.entries.length > 0) {
        expect(page.entries.map(({ message }) => message)).toEqual(['the needle']);
        break;
      }
      expect(page.next).toBeLessThan(before ?? Infinity);
      before = page.next;
    }
    expect(pages).toBeGreaterThan(1);
  });

  it('the text index finds what looking at every line finds', () => {
    const { writer, reader } = openAll();
    const letters = fc.string({ unit: fc.constantFrom(...'abAB "*-_%支付票ß😀'), minLength: 0, maxLength: 8 });
    fc.assert(fc.property(fc.array(letters, { minLength: 1, maxLength: 30 }), letters.filter((text) => text.trim() !== ''), (messages, text) => {
      const first = reader.newest() + 1;
      write(writer, ...messages.map((message) => line({ message, source: 'x' })));
      const words = text.split(/\s+/u).filter((word) => word !== '').map((word) => word.replace(/[A-Z]/g, (letter) => letter.toLowerCase()));
      const expected = messages.flatMap((message, index) => (words.every((word) => `${message.replace(/[A-Z]/g, (letter) => letter.toLowerCase())}   x `.includes(word)) ? [first + index] : []));
      expect(reader.forward({ text }, first - 1, 500).map(({ id }) => id)).toEqual(expected);
    }), { numRuns: 200 });
  });

  it('uses an index for whatever leaves few, and the order of the ids for the rest', () => {
    const { database, writer, reader } = openAll();
    write(writer, ...lines);
    const planOf = (filter: EntryFilter) => database.prepare<[], { detail: string }>(`EXPLAIN QUERY PLAN ${reader.sqlOf(filter).replace(/:\w+/g, '1')}`).all().map(({ detail }) => detail);
    expect(planOf({})).toEqual(['SEARCH entries USING INTEGER PRIMARY KEY (rowid>? AND rowid<?)']);
    expect(planOf({ from: 1, to: 2, levels: ['info', 'warn'] })).toEqual(['SEARCH entries USING INTEGER PRIMARY KEY (rowid>? AND rowid<?)']);
    expect(planOf({ levels: ['error'] })).toEqual(['SEARCH entries USING INDEX entries_trouble (level=? AND id>? AND id<?)']);
    expect(planOf({ sources: ['sync'], levels: ['info'] })[0]).toBe('SEARCH entries USING INDEX entries_by_source (source=? AND id>? AND id<?)');
    expect(planOf({ code: 'X', sources: ['sync'] })).toEqual(['SEARCH entries USING INDEX entries_by_code (code=? AND id>? AND id<?)']);
    expect(planOf({ event: 'x', levels: ['error'] })).toEqual(['SEARCH entries USING INDEX entries_by_event (event=? AND id>? AND id<?)']);
    expect(planOf({ orderId })).toEqual(['SEARCH entries USING INDEX entries_by_order (order_id=? AND id>? AND id<?)']);
    expect(planOf({ text: 'payment' })).toEqual([expect.stringMatching(/^SCAN found VIRTUAL TABLE INDEX/) as string, 'SEARCH entries USING INTEGER PRIMARY KEY (rowid=?)']);
  });
});

describe('faults', () => {
  it('are counted since they began; a device is one thing at a time, and after it was well the next is a new one', () => {
    const { writer, reader } = openAll();
    const device = (at: number, level: LogDraft['level'], code: string) => line({ at, level, source: 'devices', event: 'device', code, fields: { device: 'receipt printer' } });
    write(writer, device(1, 'warn', 'PRINTER_PAPER_OUT'), device(2, 'warn', 'PRINTER_PAPER_OUT'), device(3, 'warn', 'PRINTER_COVER_OPEN'));
    expect(reader.faults()).toMatchObject([
      { code: 'PRINTER_COVER_OPEN', source: 'receipt printer', since: 3, lastAt: 3, times: 1, clearedAt: null },
      { code: 'PRINTER_PAPER_OUT', since: 1, lastAt: 2, times: 2, clearedAt: 3 },
    ]);
    write(writer, device(4, 'info', 'PRINTER_READY'), device(9, 'warn', 'PRINTER_PAPER_OUT'), line({ at: 10, level: 'error', source: 'sync', code: 'HQ_UNAVAILABLE' }));
    expect(reader.faults()).toMatchObject([
      { code: 'HQ_UNAVAILABLE', source: 'sync' },
      { code: 'PRINTER_PAPER_OUT', since: 9, lastAt: 9, times: 1, clearedAt: null },
      { code: 'PRINTER_COVER_OPEN', clearedAt: 4 },
    ]);
  });
});

describe('room', () => {
  const filled = (number: number) => Array.from({ length: number }, (_, index) => line({ at: index, message: `line ${index} ${'with many words of its own '.repeat(4)}${index * 7919}`, fields: { index } }));
  const size = () => ['', '-wal'].reduce((sum, ending) => sum + (fs.statSync(path.join(folder, `${logFileName}${ending}`), { throwIfNoEntry: false })?.size ?? 0), 0);

  it('never more entries than the limit: the oldest go first, in small pieces', () => {
    const { database, writer, reader } = openAll({ maxEntries: 1_000, maxBytes: 600_000_000 });
    for (let round = 0; round < 8; round++) write(writer, ...filled(500));
    let pieces = 0;
    while (writer.trim()) pieces += 1;
    expect(pieces).toBeGreaterThan(1);
    expect(database.prepare('SELECT min(id) AS first, max(id) AS last, count(*) AS all_of_them FROM entries').get()).toEqual({ first: 3_001, last: 4_000, all_of_them: 1_000 });
    expect(idsOf(reader, { text: 'words' })).toHaveLength(500);
    expect(writer.trim()).toBe(false);
  });

  it('the files stay under the cap however much comes, and pages that are free are used again', () => {
    const cap = 10_000_000;
    const { database, writer, reader } = openAll({ maxEntries: 5_000_000, maxBytes: cap });
    let largest = 0;
    for (let round = 0; round < 120; round++) {
      write(writer, ...filled(500));
      while (writer.trim());
      largest = Math.max(largest, size());
    }
    expect(largest).toBeLessThan(cap);
    expect(largest).toBeGreaterThan(cap / 3);
    expect(reader.newest()).toBe(60_000);
    expect(reader.find({ text: '119' }, undefined, 10).entries.length).toBeGreaterThan(0);
    expect(Math.min(...shardsOf(database))).toBeGreaterThan(0);
  });

  it('gives room back where the cap was made smaller', () => {
    write(openAll().writer, ...filled(40_000));
    const { writer } = openAll({ maxEntries: 1_000_000, maxBytes: 10_000_000 });
    expect(size()).toBeGreaterThan(15_000_000);
    while (writer.trim());
    open[1]!.database.pragma('wal_checkpoint(TRUNCATE)');
    expect(size()).toBeLessThan(10_000_000);
  });
});
