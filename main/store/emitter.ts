import { createHash } from 'node:crypto';
import type { Database } from 'better-sqlite3';
import type { EventKind, HqEvent, HqEventPayload, Lane } from '../../domain/contract/hq.ts';
import { hqEventSchema, laneOf, unknownBoot, versionOf } from '../../domain/contract/hq.ts';
import type { EventId } from '../../domain/ids.ts';
import { chainText } from '../../domain/sync/chain.ts';

/** What the second, append-only file keeps beside the database: events as they were written, and what only this kiosk needs to know. */
export type JournalRecord =
  | { readonly kind: 'event'; readonly lane: Lane; readonly epoch: number; readonly event: HqEvent }
  /** A row of a table that no event tells of (what the terminal did that is no purchase of ours, a noted refusal, a taken number). */
  | { readonly kind: 'local'; readonly what: string; readonly row: Readonly<Record<string, string | number | null>> };

export interface Journal {
  /** Called inside of the transaction, before its commit; throws where it cannot write, and the transaction is undone. `isMoney`: on disk when it returns. */
  append(records: readonly JournalRecord[], isMoney: boolean): void;
  /**
   * Cuts off what the last `append` wrote, where the file still ends with it: its transaction was undone after all. Called under the store's write lock, so that
   * nobody else appends meanwhile. Nothing happens a second time.
   */
  retract?(): void;
}

export interface EmitterDeps {
  readonly database: Database;
  /** Epoch milliseconds UTC. */
  readonly now: () => number;
  /** A new UUIDv7. */
  readonly newId: () => string;
  /** Which start of the kiosk this is, and how long ago by a clock that nobody sets. */
  readonly boot?: { readonly id: string; readonly monotonicMs: () => number } | undefined;
  readonly journal?: Journal | undefined;
}

/** Writes events into the outbox, each in the transaction of what it tells. All writers of a connection share one. */
export interface Emitter {
  /** Only within `transaction`. */
  emit<K extends EventKind>(kind: K, payload: HqEventPayload<K>): EventId;
  /** For the journal alone: `money` is on disk when the transaction ends, the rest soon after. Only within `transaction`. */
  noteLocal(what: string, row: Readonly<Record<string, string | number | null>>, weight: 'money' | 'soon'): void;
  /** Wraps a body as one transaction, durable when it returns; nested, it is a part of the outer one. */
  transaction<A extends unknown[], R>(body: (...parameters: A) => R): (...parameters: A) => R;
  /**
   * What others are told or devices are asked, once it is on disk: after the outermost transaction has ended well, never where it was undone. Outside of one, at once.
   * It may throw: then whoever ended the transaction hears of it, and the rest of what waits is done all the same.
   */
  afterCommit(act: () => void): void;
}

/** Kinds without which money could be forgotten: they are on disk in the journal before their transaction ends. */
const moneyKinds: ReadonlySet<EventKind> = new Set(['payment.attempt', 'payment.refund', 'attention.raised', 'attention.settled', 'service.settled']);

/** What HQ refuses would stop its lane for ever: it must never be written, and its caller has a bug. */
const { maxLength: longestPayload } = hqEventSchema.shape.payload;

export function createEmitter({ database, now, newId, boot, journal }: EmitterDeps): Emitter {
  const laneRow = database.prepare<[string], { epoch: number; last: number; head: string }>('SELECT epoch, last, head FROM lanes WHERE lane = ?');
  const moveLane = database.prepare('UPDATE lanes SET last = ?, head = ? WHERE lane = ?');
  const insertEvent = database.prepare(
    'INSERT INTO outbox (lane, epoch, sequence, id, kind, version, at, boot, monotonic_ms, payload, hash) VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)');
  let records: JournalRecord[] = [];
  let isMoney = false;
  /** Nested transactions are parts of the outermost one: only its end is a commit. */
  let depth = 0;
  /** The journal tells already what is about to be committed. */
  let isAppended = false;
  let afterwards: (() => void)[] = [];

  /** What COMMIT refused (a full disk, an error of it) must not come back from the journal as if it had happened. */
  function retract(): void {
    try {
      database.transaction(() => journal?.retract?.()).immediate();
    } catch {
      // The disk takes nothing any more: then the journal tells too much, which is better than too little.
    }
  }

  return {
    emit(kind, payload) {
      const lane = laneOf(kind);
      const { epoch, last, head } = laneRow.get(lane)!;
      const unsigned: Omit<HqEvent, 'hash'> = {
        sequence: last + 1, id: newId() as EventId, kind, version: versionOf(kind), at: now(),
        boot: boot?.id ?? unknownBoot, monotonicMs: Math.max(0, Math.floor(boot?.monotonicMs() ?? 0)), payload: JSON.stringify(payload),
      };
      const { length } = unsigned.payload;
      if (longestPayload !== null && length > longestPayload) throw new Error(`${kind} has ${length} characters, and HQ takes ${longestPayload}`);
      const event: HqEvent = { ...unsigned, hash: hashOf(chainText(head, lane, epoch, unsigned)) };
      insertEvent.run(lane, epoch, event.sequence, event.id, kind, event.version, event.at, event.boot, event.monotonicMs, event.payload, event.hash);
      moveLane.run(event.sequence, event.hash, lane);
      if (journal) records.push({ kind: 'event', lane, epoch, event });
      isMoney ||= moneyKinds.has(kind);
      return event.id;
    },

    noteLocal(what, row, weight) {
      if (journal) records.push({ kind: 'local', what, row });
      isMoney ||= weight === 'money';
    },

    transaction(body) {
      const run = (...parameters: Parameters<typeof body>) => {
        const result = body(...parameters);
        if (depth === 1 && records.length > 0 && journal) {
          journal.append(records, isMoney);
          isAppended = true;
        }
        return result;
      };
      const immediate = database.transaction(run).immediate;
      return (...parameters) => {
        depth += 1;
        const before = afterwards.length;
        let result: ReturnType<typeof body>;
        try {
          result = immediate(...parameters);
        } catch (cause) {
          if (depth === 1 && isAppended) retract();
          // What an inner one had planned is undone with it.
          afterwards.length = before;
          throw cause;
        } finally {
          depth -= 1;
          if (depth === 0) {
            isAppended = false;
            records = [];
            isMoney = false;
          }
        }
        if (depth === 0) doAfterwards();
        return result;
      };
    },

    afterCommit(act) {
      if (depth === 0) act();
      else afterwards.push(act);
    },
  };

  function doAfterwards(): void {
    const acts = afterwards;
    afterwards = [];
    let failed: { readonly cause: unknown } | undefined;
    for (const act of acts) {
      try {
        act();
      } catch (cause) {
        failed ??= { cause };
      }
    }
    if (failed) throw failed.cause;
  }
}

export function hashOf(text: string): string {
  return createHash('sha256').update(text, 'utf8').digest('hex');
}
