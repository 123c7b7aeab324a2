import type { Queries } from '../database.ts';
import { listProofs } from '../proof/list.ts';

/** What HQ has of one kiosk, and what of it waits for a person. */
export async function readBooks(sql: Queries, kioskId: string) {
  const [counts, alarms, lanes, proofs] = await Promise.all([
    sql<{ orders: number; setAside: number; needsPerson: number }[]>`
      select (select coalesce(sum(orders), 0)::bigint from cursors where kiosk_id = ${kioskId}) as orders,
        (select count(*) from quarantined_events where kiosk_id = ${kioskId} and settled_at is null) as "setAside",
        (select count(*) from attention where kiosk_id = ${kioskId} and decision is null) as "needsPerson"`,
    sql<{ alarmId: string; kind: string; detail: string; facts: Record<string, unknown> | null; at: number; lastAt: number; times: number }[]>`
      select alarm_id as "alarmId", kind, detail, facts, at, last_at as "lastAt", times from alarms where kiosk_id = ${kioskId} and settled_at is null order by at desc, alarm_id limit 200`,
    sql<{ lane: string; epoch: number; acknowledged: number; lastReceivedAt: number | null }[]>`
      select distinct on (lane) lane, epoch, acknowledged, last_received_at as "lastReceivedAt" from cursors where kiosk_id = ${kioskId} order by lane, epoch desc`,
    listProofs(sql, { kioskId }),
  ]);
  const { orders, setAside, needsPerson } = counts[0]!;
  return { orders, setAside, needsPerson, alarms: [...alarms], lanes: [...lanes], proofs };
}
