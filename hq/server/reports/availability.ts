import type { AvailabilityReport, PeriodQuery } from '../../contract/api/reports.ts';
import type { Queries } from '../database.ts';
import { silentAfterMs } from '../fleet/history.ts';
import { dayMs, ofKiosks, periodOf, periodTexts, readOffsets } from './period.ts';

interface KioskRow { kiosk_id: string; name: string; created_at: number }

/**
 * How long each kiosk said that it sells. A state holds until the next that it told, and no longer than the fleet's history lets it (fleet/history.ts); the rest is
 * silence. A day is the shop's; what is yet to come does not count, nor what was before the kiosk was known.
 */
export async function readAvailabilityReport(sql: Queries, query: PeriodQuery, now: number): Promise<AvailabilityReport> {
  const period = periodOf(query);
  const offsets = await readOffsets(sql, query);
  const kiosks = await sql<KioskRow[]>`select s.kiosk_id, s.name, s.created_at from kiosks s where true ${ofKiosks(sql, query)} order by s.kiosk_id`;
  // Kiosks of one zone are asked for together.
  const told = new Map<string, number>();
  for (const [offset, own] of Map.groupBy(kiosks, ({ kiosk_id }) => offsets.get(kiosk_id) ?? 0)) {
    const [start, end] = [period.from * dayMs - offset, Math.min(now, (period.to + 1) * dayMs - offset)];
    if (end <= start) continue;
    const rows = await sql<{ kiosk_id: string; service: string; ms: number }[]>`
      select h.kiosk_id, h.service, sum(least(h.until, ${end}::bigint) - greatest(h.since, ${start}::bigint))::bigint as ms from (
        select l.kiosk_id, l.service, l.occurred_at as since,
          least(lead(l.occurred_at) over (partition by l.kiosk_id order by l.occurred_at, l.epoch, l.sequence), l.occurred_at + ${silentAfterMs}) as until
        from kiosk_state_log l where l.kiosk_id in ${sql(own.map(({ kiosk_id }) => kiosk_id))} and l.occurred_at > ${start - silentAfterMs} and l.occurred_at < ${end}
      ) h where h.until > ${start} group by h.kiosk_id, h.service`;
    for (const { kiosk_id: kioskId, service, ms } of rows) told.set(`${kioskId} ${service}`, ms);
  }
  return {
    periods: periodTexts(period),
    rows: kiosks.map(({ kiosk_id: kioskId, name, created_at: createdAt }) => {
      const offset = offsets.get(kioskId) ?? 0;
      const wholeMs = Math.max(0, Math.min(now, (period.to + 1) * dayMs - offset) - Math.max(createdAt, period.from * dayMs - offset));
      const [sellingMs, limitedMs, pausedMs, outMs] = ['selling', 'limited', 'paused', 'out_of_service'].map((service) => told.get(`${kioskId} ${service}`) ?? 0) as [number, number, number, number];
      const known = sellingMs + limitedMs + pausedMs + outMs;
      return { kioskId, kioskName: name, wholeMs: Math.max(wholeMs, known), sellingMs, limitedMs, pausedMs, outMs, silentMs: Math.max(0, wholeMs - known) };
    }),
  };
}
