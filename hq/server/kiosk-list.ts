import type { KioskList } from '../contract/console.ts';
import type { Queries } from './database.ts';

interface Row {
  kiosk_id: string; name: string; created_at: number; last_seen_at: number | null; epoch: number | null; acknowledged: number | null;
  last_event_at: number | null; last_received_at: number | null; orders: number; set_aside: number; needs_person: number;
}

/** Every kiosk with how HQ stands to it. */
export async function listKiosks(sql: Queries, now: number): Promise<KioskList> {
  const rows = await sql<Row[]>`
    select k.kiosk_id, k.name, k.created_at, s.last_seen_at, c.epoch, c.acknowledged, c.last_event_at, c.last_received_at,
      (select count(*) from orders o where o.kiosk_id = k.kiosk_id) as orders,
      (select count(*) from quarantined_events q where q.kiosk_id = k.kiosk_id) as set_aside,
      (select count(*) from attention a where a.kiosk_id = k.kiosk_id and a.decision is null) as needs_person
    from kiosks k
    left join kiosk_contacts s on s.kiosk_id = k.kiosk_id
    left join lateral (
      select epoch, acknowledged, last_event_at, last_received_at from cursors
      where kiosk_id = k.kiosk_id and lane = 'orders' order by epoch desc limit 1
    ) c on true
    order by k.kiosk_id`;
  return {
    now,
    kiosks: rows.map((row) => ({
      kioskId: row.kiosk_id,
      name: row.name,
      createdAt: row.created_at,
      lastSeenAt: row.last_seen_at,
      epoch: row.epoch,
      acknowledged: row.acknowledged ?? 0,
      lagMs: row.last_event_at !== null && row.last_received_at !== null ? Math.max(0, row.last_received_at - row.last_event_at) : null,
      lastEventAt: row.last_event_at,
      orders: row.orders,
      setAside: row.set_aside,
      needsPerson: row.needs_person,
    })),
  };
}
