import type { Clock, HqEvent } from '../../../domain/contract/hq.ts';
import { unknownBoot } from '../../../domain/contract/hq.ts';
import type { Queries } from '../database.ts';
import { settleAlarms } from './alarms.ts';
import { raiseWithFacts } from '../alerts/raise.ts';

/** A kiosk's clocks as HQ knows them, of each start that the events at hand are from. */
export interface KnownClocks {
  /** HQ's time less the monotonic clock, by boot. */
  readonly offsets: ReadonlyMap<string, number>;
  /** HQ's time less the wall clock, as last measured; 0 where it never was. */
  readonly skewMs: number;
}

/** Above this a person is told. */
export const skewLimitMs = 60_000;
/** Measurements differ by the time on the way; less than this is not worth a write. */
const jitterMs = 1000;
const measureAgainMs = 60_000;
/** Within a lane, time goes on, and two batches may have been under way for different times. More than this back, and a clock was set. */
const clockWasSetMs = 60_000;

interface Row { boot: string; offset_ms: number; skew_ms: number; measured_at: number }

/** @param boots those that are asked for, beside the newest measurement */
export async function readClocks(sql: Queries, kioskId: string, boots: readonly string[]): Promise<KnownClocks> {
  const rows = await sql<Row[]>`
    (select boot, offset_ms, skew_ms, measured_at from kiosk_clocks where kiosk_id = ${kioskId} order by measured_at desc limit 1)
    union all
    (select boot, offset_ms, skew_ms, measured_at from kiosk_clocks where kiosk_id = ${kioskId} and boot in ${sql(boots.length > 0 ? [...boots] : [unknownBoot])})`;
  return { offsets: new Map(rows.map((row) => [row.boot, row.offset_ms])), skewMs: rows[0]?.skew_ms ?? 0 };
}

/**
 * When each event really was, by HQ's clock: by the monotonic clock where the event's start of the kiosk is known, else by the wall clock and the
 * difference that was measured last. Nothing but lists and reports depends on it.
 * @param after when the event before the first of these was
 * @returns by sequence
 */
export function reckonTimes(events: readonly HqEvent[], clock: Clock, known: KnownClocks, now: number, after: number | null): ReadonlyMap<number, number> {
  const offsets = new Map(known.offsets);
  if (clock.boot !== unknownBoot) offsets.set(clock.boot, now - clock.monotonicMs);
  // A kiosk of before tells no boot: what it wrote is reckoned by its wall clock.
  offsets.delete(unknownBoot);
  const times = new Map<number, number>();
  let before = after;
  for (const event of events) {
    const offset = offsets.get(event.boot);
    let at = offset === undefined ? event.at + known.skewMs : offset + event.monotonicMs;
    if (before !== null && at < before && before - at < clockWasSetMs) at = before;
    // Nothing happened after HQ received it: what a clock that runs ahead says would stand first in every list for years.
    at = Math.min(now, Math.max(0, at));
    times.set(event.sequence, at);
    before = at;
  }
  return times;
}

/** Keeps what a request tells of a kiosk's clocks, and raises or ends the alarm about it. Outside of the transactions of batches, since all lanes share it. */
export async function noteClock(sql: Queries, kioskId: string, clock: Clock, now: number): Promise<void> {
  const skewMs = now - clock.at;
  const offsetMs = now - clock.monotonicMs;
  const [before] = await sql<Row[]>`select boot, offset_ms, skew_ms, measured_at from kiosk_clocks where kiosk_id = ${kioskId} order by measured_at desc limit 1`;
  const isSame = before?.boot === clock.boot && Math.abs(before.skew_ms - skewMs) < jitterMs && Math.abs(before.offset_ms - offsetMs) < jitterMs;
  if (isSame && Math.abs(now - before.measured_at) < measureAgainMs) return;
  await sql`
    insert into kiosk_clocks (kiosk_id, boot, offset_ms, skew_ms, measured_at) values (${kioskId}, ${clock.boot}, ${offsetMs}, ${skewMs}, ${now})
    on conflict (kiosk_id, boot) do update set offset_ms = excluded.offset_ms, skew_ms = excluded.skew_ms, measured_at = excluded.measured_at`;
  if (Math.abs(skewMs) > skewLimitMs) {
    await raiseWithFacts(sql, { kioskId, kind: 'clock_skewed', subject: '', facts: { seconds: Math.round(Math.abs(skewMs) / 1000), isBehind: skewMs > 0 }, at: now });
  } else if (before && Math.abs(before.skew_ms) > skewLimitMs) {
    await settleAlarms(sql, kioskId, 'clock_skewed', now);
  }
}
