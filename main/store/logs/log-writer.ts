import type { Database } from 'better-sqlite3';
import type { LogBatch, LogDraft, LogLimits } from './entry.ts';
import { walBytes } from './log-database.ts';
import { createShard, dropShard, shardOf, shardsOf, shardSize, textColumns } from './shards.ts';

export interface LogWriter {
  /** One transaction; answers how many lines were new. A batch that was written already is passed over. */
  write(batch: LogBatch): number;
  /** Makes room, a small piece at a time, oldest first. Answers whether there is more to do. */
  trim(): boolean;
}

/** Ids of one note of where times lie. */
export const chunkSize = 1_024;
/** A piece of making room takes a few milliseconds. */
const trimChunk = 2_000;
const vacuumPages = 256;
const isOver = `(cleared_at IS NOT NULL OR :at > last_at + ${6 * 3_600_000})`;

export function createLogWriter(database: Database, limits: LogLimits): LogWriter {
  const insert = database.prepare<[number, string, string, string | null, string | null, string | null, string, string | null]>(
    'INSERT INTO entries (at, level, source, event, code, order_id, message, fields) VALUES (?, ?, ?, ?, ?, ?, ?, ?)');
  const noteChunk = database.prepare(
    'INSERT INTO chunks (chunk, min_at, max_at) VALUES (?, ?, ?) ON CONFLICT DO UPDATE SET min_at = min(min_at, excluded.min_at), max_at = max(max_at, excluded.max_at)');
  // What comes again after hours, or after the device was well, is a new fault.
  const noteFault = database.prepare(`INSERT INTO faults (code, source, since, last_at, times) VALUES (:code, :source, :at, :at, 1)
    ON CONFLICT DO UPDATE SET since = CASE WHEN ${isOver} THEN :at ELSE since END, times = CASE WHEN ${isOver} THEN 1 ELSE times + 1 END, last_at = max(last_at, :at), cleared_at = NULL`);
  const clearOthers = database.prepare('UPDATE faults SET cleared_at = ? WHERE source = ? AND code <> ? AND cleared_at IS NULL');
  const lastBatch = database.prepare<[], string>("SELECT value FROM meta WHERE name = 'batch'").pluck();
  const noteBatch = database.prepare("INSERT OR REPLACE INTO meta (name, value) VALUES ('batch', ?)");
  const oldest = database.prepare<[], number | null>('SELECT min(id) FROM entries').pluck();
  const newest = database.prepare<[], number | null>('SELECT max(id) FROM entries').pluck();
  const remove = database.prepare('DELETE FROM entries WHERE id < ?');
  const removeChunks = database.prepare('DELETE FROM chunks WHERE chunk < ?');
  let shard = -1;
  let indexText: ReturnType<typeof prepareIndex> | undefined;

  function prepareIndex(number: number) {
    return database.prepare<[number, number]>(`INSERT INTO text_${number} (rowid, text) SELECT id, ${textColumns} FROM entries WHERE id BETWEEN ? AND ?`);
  }

  function index(first: number, last: number): void {
    for (let from = first; from <= last;) {
      const number = shardOf(from);
      if (number !== shard || !indexText) {
        createShard(database, number);
        indexText = prepareIndex(number);
        shard = number;
      }
      const to = Math.min(last, (number + 1) * shardSize - 1);
      indexText.run(from, to);
      from = to + 1;
    }
  }

  function noteFaults({ at, level, source, event, code, fields }: LogDraft): void {
    if (code === undefined) return;
    const place = faultPlace(source, fields);
    // A device is one thing at a time.
    if (event === 'device') clearOthers.run(at, place, code);
    if (level !== 'info') noteFault.run({ code, source: place, at });
  }

  const write = database.transaction((batch: LogBatch): number => {
    if (lastBatch.get() === batch.name) return 0;
    let first = 0;
    let last = 0;
    for (const line of batch.lines) {
      const { at, level, source, event, code, orderId, message, fields } = line;
      const run = insert.run(at, level, source, event ?? null, code ?? null, orderId ?? null, message, fields && Object.keys(fields).length > 0 ? JSON.stringify(fields) : null);
      last = Number(run.lastInsertRowid);
      first ||= last;
      noteChunk.run(Math.floor(last / chunkSize), at, at);
      noteFaults(line);
    }
    if (first > 0) index(first, last);
    noteBatch.run(batch.name);
    return batch.lines.length;
  });

  function bytesUsed(): number {
    const [pages, free, size] = ['page_count', 'freelist_count', 'page_size'].map((name) => Number(database.pragma(name, { simple: true })));
    return (pages! - free!) * size!;
  }

  /** The file is as long as it ever was, until its free pages are given back. */
  function fileBytes(): number {
    return Number(database.pragma('page_count', { simple: true })) * Number(database.pragma('page_size', { simple: true }));
  }

  const removeOldest = database.transaction((upTo: number) => {
    remove.run(upTo);
    removeChunks.run(Math.floor(upTo / chunkSize));
    for (const number of shardsOf(database)) if (number < shardOf(upTo)) dropShard(database, number);
  });

  return {
    write(batch) {
      try {
        return write.immediate(batch);
      } catch (cause) {
        // What was prepared may belong to a table that the failed transaction took back with it.
        shard = -1;
        indexText = undefined;
        throw cause;
      }
    },
    trim() {
      const first = oldest.get() ?? 0;
      const last = newest.get() ?? 0;
      // The write-ahead log is of the same room, and one text index goes only as a whole.
      const room = Math.max(2_000_000, (limits.maxBytes - 2 * walBytes) * 0.95);
      const isOver = last - first + 1 > limits.maxEntries || bytesUsed() > room;
      if (isOver && last > 0) {
        const excess = last - first + 1 - limits.maxEntries;
        removeOldest.immediate(Math.min(last + 1, first + Math.min(trimChunk, excess > 0 && bytesUsed() <= room ? excess : trimChunk)));
        return true;
      }
      if (fileBytes() > room && Number(database.pragma('freelist_count', { simple: true })) > 0) {
        database.pragma(`incremental_vacuum(${vacuumPages})`);
        return fileBytes() > room;
      }
      return false;
    },
  };
}

/** A device's fault is that device's: "PORT_STUCK" of the printer is over when the printer is well, whatever the scanner says. */
function faultPlace(source: string, fields: LogDraft['fields']): string {
  const device = fields?.['device'];
  return typeof device === 'string' ? device.slice(0, 40) : source;
}
