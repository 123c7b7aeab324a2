import { dayAt } from '../../domain/sync/day-closing.ts';
import type { DayClosing } from '../../domain/contract/hq.ts';
import type { Closings } from '../store/closing.ts';

export interface DayCloserDeps {
  readonly closings: Closings;
  /** The kiosk's clock, epoch milliseconds UTC. It names days and says when one is over; what belongs to a closing it does not decide. */
  readonly now: () => number;
  /** Where the shop is, as an IANA name; asked each time, since HQ may change it. */
  readonly timeZone: () => string;
  readonly onClosed: (closing: DayClosing) => void;
  /** It is tried again with the next look. */
  readonly onProblem: (cause: unknown) => void;
  readonly lookMs?: number;
}

export interface DayCloser {
  /** Closes what is due, now. Answers whether anything was. */
  look(): boolean;
  stop(): void;
}

const dayMs = 24 * 3_600_000;
/** Enough for a kiosk's busiest half minute many times over, and a few milliseconds of work. */
const countedEachLook = 200;

/**
 * Closes the kiosk's books when its day is over: after midnight where the shop is, or at the first start after it. Days without power are in the next closing. A clock that jumps
 * makes a closing more, never a wrong one: each counts what no other has.
 */
export function createDayCloser({ closings, now, timeZone, onClosed, onProblem, lookMs = 30_000 }: DayCloserDeps): DayCloser {
  function look(): boolean {
    try {
      const at = now();
      const today = dayAt(at, timeZone());
      const since = closings.last()?.closedAt ?? closings.firstEventAt();
      if (since === undefined || dayAt(since, timeZone()) === today) {
        closings.countSome(countedEachLook);
        return false;
      }
      onClosed(closings.close(dayBefore(today)));
      return true;
    } catch (cause) {
      onProblem(cause);
      return false;
    }
  }

  look();
  const timer = setInterval(look, lookMs);
  timer.unref();
  return { look, stop: () => clearInterval(timer) };
}

/** The calendar's day before: whatever length the day has at the place. */
function dayBefore(day: string): string {
  return new Date(Date.parse(`${day}T00:00:00Z`) - dayMs).toISOString().slice(0, 10);
}
