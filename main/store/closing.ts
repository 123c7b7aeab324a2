import type { Database } from 'better-sqlite3';
import type { DayClosing, Lane } from '../../domain/contract/hq.ts';
import type { KioskId } from '../../domain/ids.ts';
import type { ClosingSums, CountedEvent } from '../../domain/sync/day-closing.ts';
import { closingSums } from '../../domain/sync/day-closing.ts';
import type { Emitter } from './emitter.ts';

export interface ClosingsDeps {
  readonly database: Database;
  readonly emitter: Emitter;
  readonly kioskId: KioskId;
  /** Epoch milliseconds UTC. */
  readonly now: () => number;
  /** The kiosk's Ed25519 signature over a text, base64. */
  readonly sign: (text: string) => string;
}

export interface Closed {
  readonly number: number;
  readonly day: string;
  readonly closedAt: number;
}

/**
 * The books of days. What a closing covers is counted by where events stand in the outbox, from the last closing on: no clock decides what belongs to it, and
 * nothing is left out, nor counted twice but by a store that was brought back (`replay-effects.ts`). So the outbox must keep what no closing has counted.
 */
export interface Closings {
  last(): Closed | undefined;
  /** When the first event that is still here was written; undefined where there is none. */
  firstEventAt(): number | undefined;
  /**
   * Adds up at most so many events towards the next closing, and answers whether there are more: a little now and then, so that closing a long day takes no time
   * in which nobody can buy.
   */
  countSome(limit: number): boolean;
  /** Closes what has gone by since the last closing, in one transaction with its event. `day` is only its name. */
  close(day: string): DayClosing;
}

interface Range { lane: Lane; epoch: number; from: number; to: number; count: number; head: string }
interface Position { position: number }

const noSums: ClosingSums = { orders: {}, payments: {}, stock: {} };
const countedAtOnce = 500;

export function createClosings({ database, emitter, kioskId, now, sign }: ClosingsDeps): Closings {
  const last = database.prepare<[], Closed & Position>('SELECT number, day, closed_at AS closedAt, position FROM closings ORDER BY number DESC LIMIT 1');
  const newest = database.prepare<[], { position: number | null }>('SELECT max(position) AS position FROM outbox');
  const first = database.prepare<[], { at: number }>('SELECT at FROM outbox ORDER BY position LIMIT 1');
  // What was acknowledged before there were chains has no hash to hold anything against.
  const uncounted = database.prepare<[number, number], CountedEvent & Position>("SELECT position, kind, payload FROM outbox WHERE position > ? AND hash <> '' ORDER BY position LIMIT ?");
  // Runs of contiguous sequences; an epoch that was left may have holes where its end was numbered anew.
  const ranges = database.prepare<[number, number], Range>(`
    SELECT runs.lane, runs.epoch, runs."from", runs."to", runs.count, outbox.hash AS head FROM (
      SELECT lane, epoch, min(sequence) AS "from", max(sequence) AS "to", count(*) AS count FROM (
        SELECT lane, epoch, sequence, sequence - row_number() OVER (PARTITION BY lane, epoch ORDER BY sequence) AS run
        FROM outbox WHERE position > ? AND position <= ? AND hash <> '')
      GROUP BY lane, epoch, run) AS runs
    JOIN outbox ON outbox.lane = runs.lane AND outbox.epoch = runs.epoch AND outbox.sequence = runs."to"
    ORDER BY runs.lane, runs.epoch, runs."from"`);
  const insert = database.prepare('INSERT INTO closings (number, day, closed_at, event_id, position) VALUES (?, ?, ?, ?, ?)');
  /** Sums of what stands behind the last closing, up to `position`. What events say never changes, even where an epoch gives them new numbers. */
  let counted: { readonly after: number; readonly position: number; readonly sums: ClosingSums } | undefined;

  function countSome(limit: number): boolean {
    const after = last.get()?.position ?? 0;
    const before = counted?.after === after ? counted : { after, position: after, sums: noSums };
    const rows = uncounted.all(before.position, limit);
    counted = { after, position: rows.at(-1)?.position ?? before.position, sums: closingSums(rows, before.sums) };
    return rows.length === limit;
  }

  return {
    last() {
      const row = last.get();
      return row && { number: row.number, day: row.day, closedAt: row.closedAt };
    },
    firstEventAt: () => first.get()?.at,
    countSome,
    close: emitter.transaction((day: string) => {
      const before = last.get();
      const position = newest.get()?.position ?? before?.position ?? 0;
      while (countSome(countedAtOnce));
      const closedAt = now();
      const { orders, payments, stock } = counted?.sums ?? noSums;
      const closing: DayClosing = { kioskId, number: (before?.number ?? 0) + 1, day, closedAt, ranges: ranges.all(before?.position ?? 0, position), orders, payments, stock };
      // The exact text is what is signed and what travels.
      const body = JSON.stringify(closing);
      const eventId = emitter.emit('day.closed', { body, signature: sign(body) });
      insert.run(closing.number, day, closedAt, eventId, position);
      return closing;
    }),
  };
}
