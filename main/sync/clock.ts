import type { SyncState } from '../store/sync-state.ts';

/**
 * A change of the difference below this is not worth an event: a real-time clock without a time server drifts two seconds a day at worst, and a slow
 * line alone makes a second of doubt. Receipts and reports are to the minute.
 */
const tellingMs = 5_000;
/** From here on a receipt shows another minute than the shop's wall, or two; below half of it, it is well again. */
const alarmingMs = 120_000;
/** An answer that took longer tells HQ's time too vaguely; the first one is taken whatever it took. */
const vagueMs = 10_000;

export interface ClockDeps {
  readonly now: () => number;
  readonly monotonicMs: () => number;
  readonly state: SyncState;
  /** The difference has changed by some seconds: an event for HQ and the reports. */
  readonly onSkewed: (skewMs: number) => void;
  /** Over two minutes wrong, said once; false once it is well again. */
  readonly onAlarm: (isWrong: boolean, skewMs: number) => void;
}

export interface SyncClock {
  /** @param hqTime epoch milliseconds, HQ's clock when it answered */
  heard(hqTime: number, sentAtMs: number, answeredAtMs: number): void;
  /** What has to be added to the kiosk's clock for HQ's time; undefined before HQ was ever heard. Told and stored, and never asked for a decision. */
  skewMs(): number | undefined;
}

export function createSyncClock({ now, monotonicMs, state, onSkewed, onAlarm }: ClockDeps): SyncClock {
  const stored = Number(state.get('skew_ms') ?? Number.NaN);
  let told = Number.isFinite(stored) ? stored : undefined;
  let skew = told;
  let isWrong = false;

  return {
    heard(hqTime, sentAtMs, answeredAtMs) {
      const roundTripMs = Math.max(0, answeredAtMs - sentAtMs);
      if (roundTripMs > vagueMs && skew !== undefined) return;
      // HQ answered somewhere within the round trip: the middle is wrong by half of it at most.
      const atAnswer = now() - (monotonicMs() - answeredAtMs);
      skew = Math.round(hqTime + roundTripMs / 2 - atAnswer);
      if (Math.abs(skew - (told ?? 0)) > tellingMs + roundTripMs / 2) {
        told = skew;
        state.set('skew_ms', String(skew));
        onSkewed(skew);
      } else if (told === undefined) {
        told = skew;
        state.set('skew_ms', String(skew));
      }
      const isNowWrong = Math.abs(skew) > (isWrong ? alarmingMs / 2 : alarmingMs);
      if (isNowWrong !== isWrong) {
        isWrong = isNowWrong;
        onAlarm(isWrong, skew);
      }
    },
    skewMs: () => skew,
  };
}
