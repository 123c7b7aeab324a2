import type { Database } from 'better-sqlite3';
import type { HqEventPayload } from '../../domain/contract/hq.ts';
import type { Command } from '../../domain/contract/hq-down.ts';
import { commandParams } from '../../domain/contract/hq-down.ts';
import type { Bilingual } from '../../domain/language.ts';
import type { Emitter } from './emitter.ts';

export type CommandOutcome = HqEventPayload<'command.answered'>['outcome'];

export interface StoredCommand {
  readonly id: string;
  readonly sequence: number;
  readonly kind: string;
  readonly params: unknown;
  readonly state: 'waiting' | 'doing';
  /** Of the run that took it, or that began it: only of this run `beginBeforeMs` means anything. */
  readonly boot: string;
  /** On the monotonic clock of `boot`. */
  readonly beginBeforeMs: number;
  /** What was noted when it was begun, by which another run finds how far it came. */
  readonly note: string | undefined;
}

/** Where sync puts what came, on its own connection. */
export interface CommandInbox {
  /**
   * How far this kiosk is, for HQ to go on from. Back to the first that waits since an earlier run: only HQ knows how long that may still be begun,
   * since no clock ran through.
   */
  cursor(): number;
  /**
   * Each id once, whatever comes how often. One that waits since an earlier run gets HQ's new word on its time; where HQ does not name it any more, it
   * has none left.
   * @param cursor that was sent
   * @param askedAtMs when HQ was asked, on the monotonic clock of `boot`
   * @param isAll HQ has no more than these behind the cursor
   * @returns how many are new, or may be begun again
   */
  take(commands: readonly Command[], cursor: number, askedAtMs: number, isAll: boolean): number;
}

export interface CommandStore {
  /** Waiting or begun, in HQ's order. */
  open(): readonly StoredCommand[];
  /** Commits that it is begun. Throws unless it waits. */
  begin(id: string, note?: string): void;
  /** It was begun by a run that ended before it was answered, and is begun again by this one. Throws unless it is begun. */
  beginAgain(id: string, note: string): void;
  /** Ends it, and HQ hears of it, in one transaction. Throws where it has ended: nothing is answered twice. */
  answer(command: Pick<StoredCommand, 'id' | 'kind'>, outcome: CommandOutcome, detail: string): void;
  /** Undefined while nothing is paused. Survives restarts. */
  paused(): Pause | undefined;
  setPaused(pause: Pause | undefined): void;
}

export interface Pause {
  readonly notice?: Bilingual | undefined;
}

interface Row { id: string; sequence: number; kind: string; params: string; state: 'waiting' | 'doing'; boot: string; begin_before_ms: number; detail: string | null }

const detailMax = 20_000;

export function createCommandInbox(database: Database, boot: string): CommandInbox {
  const firstOfOthers = database.prepare<[string], { sequence: number | null }>("SELECT min(sequence) AS sequence FROM commands WHERE state = 'waiting' AND boot <> ?");
  const last = database.prepare<[], { sequence: number | null }>('SELECT max(sequence) AS sequence FROM commands');
  const known = database.prepare<[string], { boot: string }>('SELECT boot FROM commands WHERE id = ?');
  const holder = database.prepare<[number], { id: string; state: string }>('SELECT id, state FROM commands WHERE sequence = ?');
  const forget = database.prepare('DELETE FROM commands WHERE id = ?');
  const insert = database.prepare("INSERT INTO commands (id, sequence, kind, params, state, boot, begin_before_ms) VALUES (?, ?, ?, ?, 'waiting', ?, ?)");
  const renew = database.prepare("UPDATE commands SET boot = ?, begin_before_ms = ? WHERE id = ? AND state = 'waiting'");
  const unnamed = database.prepare<[string, number, number], { id: string }>("SELECT id FROM commands WHERE state = 'waiting' AND boot <> ? AND sequence > ? AND sequence <= ?");

  const cursor = () => {
    const open = firstOfOthers.get(boot)?.sequence;
    return Math.max(0, open === null || open === undefined ? (last.get()?.sequence ?? 0) : open - 1);
  };

  function takeOne({ id, sequence, kind, params, expiresInMs }: Command, askedAtMs: number): number {
    const beginBeforeMs = Math.min(Number.MAX_SAFE_INTEGER, Math.floor(askedAtMs) + expiresInMs);
    const before = known.get(id);
    if (before) return renew.run(boot, beginBeforeMs, id).changes > 0 && before.boot !== boot ? 1 : 0;
    // An HQ that was restored counts again over numbers that it has forgotten, and so never asks about what ended under them.
    const other = holder.get(sequence);
    if (other && (other.state === 'waiting' || other.state === 'doing')) return 0;
    if (other) forget.run(other.id);
    insert.run(id, sequence, kind, JSON.stringify(params ?? {}), boot, beginBeforeMs);
    return 1;
  }

  return {
    cursor,
    take: database.transaction((commands: readonly Command[], from: number, askedAtMs: number, isAll: boolean) => {
      let taken = 0;
      for (const command of commands) taken += takeOne(command, askedAtMs);
      const upTo = isAll ? Number.MAX_SAFE_INTEGER : Math.max(from, ...commands.map(({ sequence }) => sequence));
      for (const { id } of unnamed.all(boot, from, upTo)) taken += renew.run(boot, -1, id).changes;
      return taken;
    }).immediate,
  };
}

/** Undefined, or the pause as JSON text. Answers whether it was another before. */
export function keepPaused(database: Database, value: string | undefined): boolean {
  const before = database.prepare<[], { value: string }>("SELECT value FROM sync_state WHERE name = 'paused'").get()?.value;
  if (value === undefined) database.prepare("DELETE FROM sync_state WHERE name = 'paused'").run();
  else database.prepare("INSERT OR REPLACE INTO sync_state (name, value) VALUES ('paused', ?)").run(value);
  return before !== value;
}

/** From what HQ or the journal has: this command was answered, before this store was what it is. Answers whether that is news. */
export function rememberAnswer(database: Database, { commandId, command, outcome, detail }: HqEventPayload<'command.answered'>): boolean {
  const lowest = database.prepare<[], { sequence: number | null }>('SELECT min(sequence) AS sequence FROM commands').get()?.sequence ?? 0;
  // Below all of HQ's numbers, which begin at 1: those are the cursor.
  return database.prepare(`
    INSERT INTO commands (id, sequence, kind, params, state, boot, begin_before_ms, detail) VALUES (?, ?, ?, '{}', ?, '', 0, ?)
    ON CONFLICT (id) DO UPDATE SET state = excluded.state, detail = excluded.detail WHERE state IN ('waiting', 'doing')`)
    .run(commandId, Math.min(0, lowest) - 1, command, outcome, detail).changes > 0;
}

export function createCommandStore(database: Database, { emit, transaction, noteLocal }: Emitter, boot: string): CommandStore {
  const open = database.prepare<[], Row>("SELECT * FROM commands WHERE state IN ('waiting', 'doing') ORDER BY sequence");
  const begin = database.prepare("UPDATE commands SET state = 'doing', boot = ?, detail = ? WHERE id = ? AND state = 'waiting'");
  const again = database.prepare("UPDATE commands SET boot = ?, detail = ? WHERE id = ? AND state = 'doing'");
  const end = database.prepare("UPDATE commands SET state = ?, detail = ? WHERE id = ? AND state IN ('waiting', 'doing')");
  const get = database.prepare<[], { value: string }>("SELECT value FROM sync_state WHERE name = 'paused'");

  return {
    open: () => open.all().map(commandOf),
    begin(id, note) {
      if (begin.run(boot, note ?? null, id).changes !== 1) throw new Error(`command ${id} does not wait`);
    },
    beginAgain(id, note) {
      if (again.run(boot, note, id).changes !== 1) throw new Error(`command ${id} is not begun`);
    },
    answer: transaction(({ id, kind }: Pick<StoredCommand, 'id' | 'kind'>, outcome: CommandOutcome, given: string) => {
      const detail = given.slice(0, detailMax);
      if (end.run(outcome, detail, id).changes !== 1) throw new Error(`command ${id} is not open`);
      emit('command.answered', { commandId: id, command: nameOf(kind), outcome, detail });
    }),
    paused() {
      const row = get.get();
      return row && commandParams.pause.parse(JSON.parse(row.value));
    },
    setPaused: transaction((pause: Pause | undefined) => {
      const value = pause && JSON.stringify(pause);
      keepPaused(database, value);
      noteLocal('paused', { value: value ?? null }, 'soon');
    }),
  };
}

/** A kind that this kiosk does not know is anything; the event takes a name. */
function nameOf(kind: string): string {
  const name = kind.toLowerCase().replaceAll(/[^a-z0-9_.-]/g, '-').slice(0, 60);
  return /^[a-z0-9]/.test(name) ? name : `x${name}`.slice(0, 60);
}

function commandOf({ id, sequence, kind, params, state, boot, begin_before_ms: beginBeforeMs, detail }: Row): StoredCommand {
  return { id, sequence, kind, params: JSON.parse(params) as unknown, state, boot, beginBeforeMs, note: detail ?? undefined };
}
