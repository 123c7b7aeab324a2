import type { FeedbackChip } from '../../../domain/feedback/feedback.ts';
import type { FeedbackReport, PeriodQuery } from '../../contract/api/reports.ts';
import type { Queries } from '../database.ts';
import { dayMs, dayText, offsetOf, ofKiosks, periodOf, periodTexts, readNames, readOffsets } from './period.ts';

/** Feedback `s`, each on the shop's day on which it was given; of a period and the one before it. */
function given(sql: Queries, query: PeriodQuery, offsets: ReadonlyMap<string, number>) {
  const { to, beforeFrom } = periodOf(query);
  return sql`
    select s.kiosk_id, s.order_id, s.stars, s.chips, (s.given_at + ${offsetOf(sql, offsets)}) / ${dayMs}::bigint as day from feedback s
    where s.given_at >= ${(beforeFrom - 1) * dayMs} and s.given_at < ${(to + 2) * dayMs} ${ofKiosks(sql, query)}`;
}

export async function readFeedbackReportOf(sql: Queries, query: PeriodQuery): Promise<FeedbackReport> {
  const period = periodOf(query);
  const { from, to, beforeFrom } = period;
  const rows = given(sql, query, await readOffsets(sql, query));
  const counts = await sql<{ day: number; kiosk_id: string; stars: number; count: number }[]>`
    select g.day, g.kiosk_id, g.stars, count(*) as count from (${rows}) g where g.day >= ${beforeFrom} and g.day <= ${to} group by g.day, g.kiosk_id, g.stars`;
  const chips = await sql<{ chip: FeedbackChip; count: number }[]>`
    select tapped.chip, count(*) as count from (${rows}) g cross join lateral jsonb_array_elements_text(g.chips) as tapped (chip)
    where g.day >= ${from} and g.day <= ${to} group by tapped.chip order by count(*) desc, tapped.chip`;
  const now = counts.filter(({ day }) => day >= from);
  const meanOf = (list: typeof counts | typeof now) => {
    const count = list.reduce((sum, row) => sum + row.count, 0);
    return { count, stars: count === 0 ? null : list.reduce((sum, row) => sum + row.stars * row.count, 0) / count };
  };
  const whole = meanOf(now);
  const before = meanOf(counts.filter(({ day }) => day < from));
  const names = await readNames(sql, now.map((row) => row.kiosk_id));
  return {
    periods: periodTexts(period), count: whole.count, stars: whole.stars, countBefore: before.count, starsBefore: before.stars,
    days: [...Map.groupBy(now, ({ day }) => day)].toSorted(([left], [right]) => left - right).map(([day, own]) => ({ day: dayText(day), count: meanOf(own).count, stars: meanOf(own).stars ?? 0 })),
    byStars: [1, 2, 3, 4, 5].map((stars) => now.filter((row) => row.stars === stars).reduce((sum, row) => sum + row.count, 0)),
    chips: [...chips],
    kiosks: [...Map.groupBy(now, ({ kiosk_id }) => kiosk_id)].map(([kioskId, own]) => ({ kioskId, kioskName: names.get(kioskId) ?? kioskId, count: meanOf(own).count, stars: meanOf(own).stars ?? 0 }))
      .toSorted((left, right) => left.stars - right.stars || right.count - left.count),
  };
}
