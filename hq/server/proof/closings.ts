import type { KioskId } from '../../../domain/ids.ts';
import type { Sql } from '../database.ts';
import { raiseWithFacts } from '../alerts/raise.ts';
import { settleAlarms } from '../ingest/alarms.ts';
import { projectFacts } from '../ingest/project-facts.ts';
import type { EventRow } from '../ingest/rebuild.ts';
import { effectiveOfRow, eventColumns } from '../ingest/rebuild.ts';

/** A kiosk closes at midnight where it stands: a day, and some hours for a night on which it is off at that time. */
const overdueMs = 30 * 3_600_000;
const notClosed = 'not_closed';

/**
 * Makes the rows of closed days again whose events are here and whose rows are gone, and tells a person. Of the days behind the newest that is left alone: an older one is
 * counted by the closing after it, which is red without it and asks for it again (`compareProofs`).
 * @returns how many
 */
export async function restoreLostProofs(sql: Sql, kioskId: string, now: number): Promise<number> {
  return sql.begin(async (transaction) => {
    const rows = await transaction<EventRow[]>`
      select ${eventColumns(transaction)} from events
      where kiosk_id = ${kioskId} and lane = 'orders' and kind = 'day.closed' and not repeated
        and (epoch, sequence) > (coalesce((select epoch from proofs where kiosk_id = ${kioskId} and lane = 'orders' order by epoch desc, sequence desc limit 1), 0),
                                 coalesce((select sequence from proofs where kiosk_id = ${kioskId} and lane = 'orders' order by epoch desc, sequence desc limit 1), 0))
      order by epoch, sequence`;
    const lost = rows.flatMap((row) => effectiveOfRow(row) ?? []);
    await projectFacts(transaction, kioskId as KioskId, lost);
    for (const { event } of lost) await raiseWithFacts(transaction, { kioskId, kind: 'proof_red', subject: `${event.id} lost`, facts: { what: 'row_lost', sequence: event.sequence }, at: now });
    return lost.length;
  });
}

/**
 * Raises an alarm for each kiosk that sends events and has closed no day for 30 hours, and ends those of kiosks that have: without it, "every closed day is green" holds
 * where none is closed. A job of each hour.
 * @returns how many are overdue
 */
export async function watchClosings(sql: Sql, now: number): Promise<number> {
  const since = now - overdueMs;
  const kiosks = await sql<{ kiosk_id: string; is_overdue: boolean; is_open: boolean }[]>`
    select k.kiosk_id, coalesce(k.counted_at, k.first_at) < ${since} and k.last_at >= ${since} as is_overdue,
      exists (select 1 from alarms a where a.kiosk_id = k.kiosk_id and a.kind = 'proof_red' and a.subject = ${notClosed} and a.settled_at is null) as is_open
    from (
      select c.kiosk_id, max(c.last_received_at) as last_at,
        (select max(e.received_at) from proofs p join events e on e.kiosk_id = p.kiosk_id and e.lane = p.lane and e.epoch = p.epoch and e.sequence = p.sequence where p.kiosk_id = c.kiosk_id) as counted_at,
        (select e.received_at from events e where e.kiosk_id = c.kiosk_id and e.hash <> '' order by e.lane, e.epoch, e.sequence limit 1) as first_at
      from cursors c group by c.kiosk_id) k`;
  let overdue = 0;
  for (const { kiosk_id: kioskId, is_overdue: isOverdue, is_open: isOpen } of kiosks) {
    if (isOverdue) overdue++;
    if (isOverdue && !isOpen) await raiseWithFacts(sql, { kioskId, kind: 'proof_red', subject: notClosed, facts: { what: 'not_closed', hours: Math.round(overdueMs / 3_600_000) }, at: now });
    else if (isOpen && !isOverdue) await settleAlarms(sql, kioskId, 'proof_red', now, notClosed);
  }
  return overdue;
}
