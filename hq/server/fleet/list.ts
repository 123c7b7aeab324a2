import type { z } from 'zod';
import type { KioskId } from '../../../domain/ids.ts';
import type { FleetRow, KioskStateName, fleetFilters } from '../../contract/api/fleet.ts';
import { kioskStates, offlineAfterMs } from '../../contract/api/fleet.ts';
import type { Queries } from '../database.ts';

export type FleetFilters = z.output<typeof fleetFilters>;

export interface FleetPage {
  readonly kiosks: FleetRow[];
  readonly next: string | null;
  readonly counts: Record<KioskStateName, number>;
  readonly apps: string[];
}

interface Light { readonly kiosk_id: KioskId; readonly state: KioskStateName; readonly app: string | null }

/**
 * The kiosks that need somebody first. Which there are and how each is, is read of all that fit (three numbers a kiosk); the rest of one page alone.
 * @param after "rank.kiosk-id" of the last row of the page before
 */
export async function listFleetPage(sql: Queries, filters: FleetFilters, { after, limit, now }: { readonly after?: string | undefined; readonly limit: number; readonly now: number }): Promise<FleetPage> {
  const light = await readLight(sql, filters, now);
  const counts = Object.fromEntries(kioskStates.map((state) => [state, 0])) as Record<KioskStateName, number>;
  for (const { state } of light) counts[state]++;
  const place = ({ state, kiosk_id }: Light) => `${kioskStates.indexOf(state)}.${kiosk_id}`;
  const wanted = light.filter(({ state }) => filters.state === undefined || state === filters.state)
    .map((row) => ({ ...row, place: place(row) }))
    .filter((row) => after === undefined || row.place > after)
    .sort((left, right) => (left.place < right.place ? -1 : 1));
  const page = wanted.slice(0, limit);
  const rows = new Map((await readFleetRows(sql, page.map(({ kiosk_id }) => kiosk_id), now)).map((row) => [row.kioskId as string, row]));
  return {
    kiosks: page.flatMap(({ kiosk_id }) => rows.get(kiosk_id) ?? []),
    next: wanted.length > limit ? (page.at(-1)?.place ?? null) : null,
    counts,
    apps: [...new Set(light.flatMap(({ app }) => app ?? []))].sort(),
  };
}

/** Where the kiosks that fit stand, as far as people have written it. */
export async function listFleetPlaces(sql: Queries, filters: FleetFilters, now: number) {
  const light = (await readLight(sql, filters, now)).filter(({ state }) => filters.state === undefined || state === filters.state);
  const states = new Map(light.map(({ kiosk_id, state }) => [kiosk_id, state]));
  const rows = await sql<{ kiosk_id: KioskId; name: string; place: string; latitude: number; longitude: number }[]>`
    select kiosk_id, name, place, latitude, longitude from kiosks where latitude is not null and longitude is not null order by kiosk_id`;
  const places = rows.flatMap(({ kiosk_id: kioskId, ...row }) => {
    const state = states.get(kioskId);
    return state ? [{ kioskId, state, ...row }] : [];
  });
  return { places, without: light.length - places.length };
}

function stateOf(sql: Queries, now: number) {
  return sql`case when s.last_seen_at is null then 'never' when s.last_seen_at < ${now - offlineAfterMs} then 'offline' when t.service is null then 'unknown' else t.service end`;
}

async function readLight(sql: Queries, { search, group, app, alarms }: FleetFilters, now: number): Promise<readonly Light[]> {
  const pattern = `%${(search ?? '').replace(/[\\%_]/g, '\\$&')}%`;
  return sql<Light[]>`
    select k.kiosk_id, ${stateOf(sql, now)} as state, coalesce(t.app, o.app) as app
    from kiosks k
    left join kiosk_contacts s on s.kiosk_id = k.kiosk_id
    left join kiosk_states t on t.kiosk_id = k.kiosk_id
    left join kiosk_sessions o on o.kiosk_id = k.kiosk_id and o.state = 'open'
    where ${search ? sql`(k.name ilike ${pattern} or k.kiosk_id ilike ${pattern} or k.place ilike ${pattern})` : sql`true`}
      ${group === undefined ? sql`` : sql`and exists (select 1 from kiosk_group_members g where g.kiosk_id = k.kiosk_id and g.group_id = ${group})`}
      ${app === undefined ? sql`` : sql`and coalesce(t.app, o.app) = ${app}`}
      ${alarms === undefined ? sql`` : sql`and exists (select 1 from alarms a where a.kiosk_id = k.kiosk_id and a.settled_at is null)`}`;
}

interface Row {
  kiosk_id: KioskId; name: string; place: string; groups: FleetRow['groups'] | null; state: KioskStateName; reasons: string[] | null; devices: FleetRow['troubles'] | null;
  last_seen_at: number | null; told_at: number | null; app: string | null; paper: FleetRow['paper']; free_bytes: number | null; lag_ms: number | null; commands_waiting: number;
  skew_ms: number | null; alarms: number; cloned_at: number | null; keys_waiting: number; sold_out: number | null;
}

/** These kiosks at a glance, in no order. */
export async function readFleetRows(sql: Queries, kioskIds: readonly KioskId[], now: number): Promise<readonly FleetRow[]> {
  if (kioskIds.length === 0) return [];
  const rows = await sql<Row[]>`
    select k.kiosk_id, k.name, k.place, k.cloned_at, ${stateOf(sql, now)} as state, t.reasons, t.devices, s.last_seen_at, t.occurred_at as told_at, coalesce(t.app, o.app) as app, t.paper, t.free_bytes,
      (select jsonb_agg(jsonb_build_object('groupId', g.group_id, 'name', g.name) order by g.name) from kiosk_group_members m join kiosk_groups g on g.group_id = m.group_id where m.kiosk_id = k.kiosk_id) as groups,
      (select c.last_received_at - coalesce(c.last_occurred_at, c.last_event_at) from cursors c where c.kiosk_id = k.kiosk_id and c.lane = 'orders' order by c.epoch desc limit 1) as lag_ms,
      (select count(*) from commands d where d.kiosk_id = k.kiosk_id and d.state = 'waiting' and d.expires_at > ${now}) as commands_waiting,
      (select y.skew_ms from kiosk_clocks y where y.kiosk_id = k.kiosk_id order by y.measured_at desc limit 1) as skew_ms,
      (select count(*) from alarms a where a.kiosk_id = k.kiosk_id and a.settled_at is null) as alarms,
      (select count(*) from kiosk_keys w where w.kiosk_id = k.kiosk_id and w.state = 'waiting') as keys_waiting,
      (select count(*) filter (where r.remaining <= 0) from stock r where r.kiosk_id = k.kiosk_id having count(*) > 0) as sold_out
    from kiosks k
    left join kiosk_contacts s on s.kiosk_id = k.kiosk_id
    left join kiosk_states t on t.kiosk_id = k.kiosk_id
    left join kiosk_sessions o on o.kiosk_id = k.kiosk_id and o.state = 'open'
    where k.kiosk_id in ${sql([...kioskIds])}`;
  return rows.map((row) => ({
    kioskId: row.kiosk_id, name: row.name, place: row.place, groups: row.groups ?? [], state: row.state, reasons: row.reasons ?? [],
    troubles: (row.devices ?? []).filter(({ severity }) => severity !== 'ok').map(({ name, code, severity, text }) => ({ name, code, severity, text })),
    lastSeenAt: row.last_seen_at, toldAt: row.told_at, app: row.app, paper: row.paper, freeBytes: row.free_bytes, lagMs: row.lag_ms === null ? null : Math.max(0, row.lag_ms),
    commandsWaiting: row.commands_waiting, skewMs: row.skew_ms, alarms: row.alarms, isCloned: row.cloned_at !== null, keysWaiting: row.keys_waiting, soldOut: row.sold_out,
  }));
}
