import type { Database } from 'better-sqlite3';
import type { Tries } from '../../domain/staff/lockout.ts';
import { fromNow, noTries, numberOfKey, triesKey, triesUntilLocked, whenTried, whenWrong } from '../../domain/staff/lockout.ts';
import type { Emitter } from './emitter.ts';

/** What is remembered of tries to come in, over restarts. Of known numbers alone: others would fill the store. */
export interface StaffStore {
  /** `key` here and below: `triesKey` of the number, typed or by card. */
  tries(key: string): Tries;
  /** Counts one more try before anything of it is looked at. One that finds all used up (core ended at the last) locks the number instead. */
  beginTry(key: string): Tries;
  /** It was wrong. What comes to a lock is told to HQ in the same transaction. */
  tryFailed(key: string): Tries;
  /** PIN and code were right: the tries are forgotten, typed and by card, and the code is used up. False where it was used up before, and then nothing is changed. */
  cameIn(number: string, by: UsedCode): boolean;
  /** HQ has given the number another PIN or another secret: who tried before tried something else. */
  forgetTries(number: string): void;
  lastStep(number: string): number | undefined;
  isCodeUsed(number: string, codeHash: string): boolean;
}

export type UsedCode = { readonly kind: 'time_code'; readonly step: number } | { readonly kind: 'recovery_code'; readonly hash: string };

interface TriesRow { wrong: number; locks: number; locked_at: number | null; locked_ms: number }

export function createStaffStore(database: Database, { emit, transaction }: Pick<Emitter, 'emit' | 'transaction'>, now: () => number): StaffStore {
  const get = database.prepare<[string], TriesRow>('SELECT wrong, locks, locked_at, locked_ms FROM staff_tries WHERE staff = ?');
  const put = database.prepare('INSERT OR REPLACE INTO staff_tries (staff, wrong, locks, locked_at, locked_ms) VALUES (?, ?, ?, ?, ?)');
  const forget = database.prepare('DELETE FROM staff_tries WHERE staff IN (?, ?)');
  const step = database.prepare<[string], number>('SELECT step FROM staff_steps WHERE staff = ?').pluck();
  const useStep = database.prepare('INSERT INTO staff_steps (staff, step) VALUES (?, ?) ON CONFLICT (staff) DO UPDATE SET step = excluded.step WHERE excluded.step > step');
  const used = database.prepare<[string, string], 1>('SELECT 1 FROM staff_codes_used WHERE staff = ? AND code_hash = ?').pluck();
  const useCode = database.prepare('INSERT INTO staff_codes_used (staff, code_hash, used_at) VALUES (?, ?, ?) ON CONFLICT DO NOTHING');

  const tries = (key: string): Tries => {
    const row = get.get(key);
    if (!row) return noTries;
    const kept = { wrong: row.wrong, locks: row.locks, lockedAt: row.locked_at ?? undefined, lockedMs: row.locked_ms };
    const known = fromNow(kept, now());
    return known === kept ? kept : keep(key, known);
  };

  function keep(key: string, next: Tries): Tries {
    put.run(key, next.wrong, next.locks, next.lockedAt ?? null, next.lockedMs);
    return next;
  }

  function judge(key: string, before: Tries): Tries {
    const next = whenWrong(before, now());
    if (next === before) return before;
    emit('staff.locked', { number: numberOfKey(key), forMs: next.lockedMs, times: next.locks });
    return keep(key, next);
  }

  return {
    tries,

    beginTry: transaction((key: string) => {
      const before = tries(key);
      return before.wrong >= triesUntilLocked ? judge(key, before) : keep(key, whenTried(before));
    }),

    tryFailed: transaction((key: string) => judge(key, tries(key))),

    cameIn: transaction((number: string, by: UsedCode) => {
      const isNew = by.kind === 'time_code' ? useStep.run(number, by.step).changes > 0 : useCode.run(number, by.hash, now()).changes > 0;
      if (!isNew) return false;
      forget.run(number, triesKey(number, true));
      if (by.kind === 'recovery_code') emit('staff.code_used', { number, codeHash: by.hash });
      return true;
    }),

    forgetTries: transaction((number: string) => void forget.run(number, triesKey(number, true))),
    lastStep: (number) => step.get(number),
    isCodeUsed: (number, codeHash) => used.get(number, codeHash) !== undefined,
  };
}
