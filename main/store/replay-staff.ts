import type { Database } from 'better-sqlite3';
import type { EventKind, HqEvent, HqEventPayload } from '../../domain/contract/hq.ts';
import type { DayReport } from '../../domain/contract/staff.ts';
import { triesKey } from '../../domain/staff/lockout.ts';

type StaffKind = Extract<EventKind, 'staff.acted' | 'staff.code_used' | 'staff.locked' | 'day.reported'>;
/** As in replay-effects.ts, of which these are a part. */
export type ReplayedStaff = { readonly [K in StaffKind]: (payload: HqEventPayload<K>, event: Pick<HqEvent, 'at'>) => 'done' | 'waits' | 'skipped' };

/**
 * Brings back what staff did: the chain goes on where it ended, a code that let somebody in lets nobody in again, and a report that was made has its orders. An entry of
 * another chain (staff acted here before HQ could say what this store has forgotten) stays HQ's alone, whose own check says so.
 */
export function createReplayedStaff(database: Database): ReplayedStaff {
  const head = database.prepare<[], { number: number; hash: string }>('SELECT number, hash FROM staff_audit_head');
  const moveHead = database.prepare('UPDATE staff_audit_head SET number = ?, hash = ?');
  const insert = database.prepare('INSERT INTO staff_audit (number, at, staff, act, outcome, subject, detail, previous, hash) VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?)');
  const open = database.prepare('INSERT OR IGNORE INTO staff_acts_open (number, staff, act, subject) VALUES (?, ?, ?, ?)');
  const close = database.prepare('DELETE FROM staff_acts_open WHERE number = (SELECT min(number) FROM staff_acts_open WHERE staff IS ? AND act = ?)');
  const useStep = database.prepare('INSERT INTO staff_steps (staff, step) VALUES (?, ?) ON CONFLICT (staff) DO UPDATE SET step = max(step, excluded.step)');
  const forgetTries = database.prepare('DELETE FROM staff_tries WHERE staff IN (?, ?)');
  const useCode = database.prepare('INSERT INTO staff_codes_used (staff, code_hash, used_at) VALUES (?, ?, ?) ON CONFLICT DO NOTHING');
  const lock = database.prepare(`
    INSERT INTO staff_tries (staff, wrong, locks, locked_at, locked_ms) VALUES (?, 0, ?, ?, ?)
    ON CONFLICT (staff) DO UPDATE SET wrong = 0, locks = excluded.locks, locked_at = excluded.locked_at, locked_ms = excluded.locked_ms WHERE coalesce(locked_at, 0) < excluded.locked_at`);
  const insertReport = database.prepare('INSERT INTO day_reports (number, from_at, to_at, report, facts) VALUES (?, ?, ?, ?, NULL) ON CONFLICT DO NOTHING');
  // What was told before it has been brought back by now, each order in the state that it had then.
  const countOrders = database.prepare("UPDATE orders SET day = ? WHERE day IS NULL AND currency = ? AND state NOT IN ('placed', 'awaiting_payment', 'payment_unknown')");
  const countRefunds = database.prepare("UPDATE orders SET refund_day = ? WHERE state = 'refunded' AND refund_day IS NULL AND currency = ?");
  const forgetOpenDay = database.prepare('DELETE FROM day_open');

  return {
    'staff.acted'({ number, at, staff, act, outcome, subject, detail, previous, hash }) {
      const last = head.get()!;
      if (number <= last.number) return 'skipped';
      if (number > last.number + 1) return 'waits';
      if (previous !== last.hash) return 'skipped';
      insert.run(number, at, staff ?? null, act, outcome, subject, detail, previous, hash);
      moveHead.run(number, hash);
      if (outcome === 'begun') open.run(number, staff ?? null, act, subject);
      else close.run(staff ?? null, act);
      if (act === 'staff.login' && outcome === 'done' && staff !== undefined) {
        forgetTries.run(staff, triesKey(staff, true));
        const step = /^step (\d+)/.exec(detail)?.[1];
        if (step !== undefined) useStep.run(staff, Number(step));
      }
      return 'done';
    },
    'staff.code_used': ({ number, codeHash }, { at }) => (useCode.run(number, codeHash, at).changes > 0 ? 'done' : 'skipped'),
    'staff.locked': ({ number, forMs, times }, { at }) => (lock.run(number, times, at, forMs).changes > 0 ? 'done' : 'skipped'),
    'day.reported'({ number, from, to, currency, orders, freeOrders, refunded, cardsOurs, cardsTerminal, unsettled }) {
      const figures = { number, from, to, orders, freeOrders, refunded, cardsOurs, unsettled };
      const report: DayReport = { ...figures, ...(cardsTerminal ? { cardsTerminal } : {}), ...(cardsTerminal ? { difference: cardsTerminal.amount - cardsOurs.amount } : {}) };
      if (insertReport.run(number, from, to, JSON.stringify(report)).changes === 0) return 'skipped';
      countOrders.run(number, currency);
      countRefunds.run(number, currency);
      forgetOpenDay.run();
      return 'done';
    },
  };
}
