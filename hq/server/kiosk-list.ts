import type { Alarm, KioskInFull, KioskList, KioskRow, ProofRow } from '../contract/console.ts';
import type { Queries } from './database.ts';
import { listProofs } from './proof/list.ts';

interface Row {
  kiosk_id: string; name: string; created_at: number; cloned_at: number | null; last_seen_at: number | null; epoch: number | null; acknowledged: number | null;
  last_lag_ms: number | null; last_occurred_at: number | null; orders: number; set_aside: number; needs_person: number; skew_ms: number | null;
  alarms: number; proofs_waiting: number; proofs_red: number; last_proof: { day: string; state: ProofRow['state'] } | null;
}

/** Every kiosk with how HQ stands to it. */
export async function listKiosks(sql: Queries, now: number): Promise<KioskList> {
  return { now, kiosks: await readRows(sql) };
}

/** One kiosk with its alarms and its closed days. */
export async function readKiosk(sql: Queries, kioskId: string, now: number): Promise<KioskInFull | undefined> {
  const [row] = await readRows(sql, kioskId);
  if (!row) return undefined;
  const [alarms, proofs, lanes, documents] = await Promise.all([
    sql<{ kiosk_id: string; alarm_id: string; kind: Alarm['kind']; detail: string; at: number; last_at: number; times: number }[]>`
      select kiosk_id, alarm_id, kind, detail, at, last_at, times from alarms where kiosk_id = ${kioskId} and settled_at is null order by at desc, alarm_id limit 200`,
    listProofs(sql, { kioskId }),
    sql<{ lane: string; epoch: number; acknowledged: number; last_received_at: number | null }[]>`
      select distinct on (lane) lane, epoch, acknowledged, last_received_at from cursors where kiosk_id = ${kioskId} order by lane, epoch desc`,
    sql<{ document: string; revision: number; outcome: string; occurred_at: number }[]>`
      select document, revision, outcome, occurred_at from kiosk_documents where kiosk_id = ${kioskId} order by document`,
  ]);
  return {
    now,
    row,
    alarms: alarms.map((alarm) => ({ kioskId: alarm.kiosk_id, alarmId: alarm.alarm_id, kind: alarm.kind, detail: alarm.detail, at: alarm.at, lastAt: alarm.last_at, times: alarm.times })),
    proofs,
    lanes: lanes.map((lane) => ({ lane: lane.lane, epoch: lane.epoch, acknowledged: lane.acknowledged, lastReceivedAt: lane.last_received_at })),
    documents: documents.map((document) => ({ document: document.document, revision: document.revision, outcome: document.outcome, occurredAt: document.occurred_at })),
  };
}

async function readRows(sql: Queries, kioskId?: string): Promise<KioskRow[]> {
  const rows = await sql<Row[]>`
    select k.kiosk_id, k.name, k.created_at, k.cloned_at, s.last_seen_at, c.epoch, c.acknowledged, c.last_occurred_at, c.last_received_at - c.last_occurred_at as last_lag_ms,
      (select coalesce(sum(m.orders), 0)::bigint from cursors m where m.kiosk_id = k.kiosk_id) as orders,
      (select count(*) from quarantined_events q where q.kiosk_id = k.kiosk_id and q.settled_at is null) as set_aside,
      (select count(*) from attention a where a.kiosk_id = k.kiosk_id and a.decision is null) as needs_person,
      (select t.skew_ms from kiosk_clocks t where t.kiosk_id = k.kiosk_id order by t.measured_at desc limit 1) as skew_ms,
      (select count(*) from alarms a where a.kiosk_id = k.kiosk_id and a.settled_at is null) as alarms,
      (select count(*) from proofs p where p.kiosk_id = k.kiosk_id and p.state = 'waiting') as proofs_waiting,
      (select count(*) from proofs p where p.kiosk_id = k.kiosk_id and p.state = 'red') as proofs_red,
      (select jsonb_build_object('day', p.day, 'state', p.state) from proofs p where p.kiosk_id = k.kiosk_id order by p.closed_at desc, p.event_id desc limit 1) as last_proof
    from kiosks k
    left join kiosk_contacts s on s.kiosk_id = k.kiosk_id
    left join lateral (
      select epoch, acknowledged, coalesce(last_occurred_at, last_event_at) as last_occurred_at, last_received_at from cursors
      where kiosk_id = k.kiosk_id and lane = 'orders' order by epoch desc limit 1
    ) c on true
    ${kioskId === undefined ? sql`` : sql`where k.kiosk_id = ${kioskId}`}
    order by k.kiosk_id`;
  return rows.map((row) => ({
    kioskId: row.kiosk_id,
    name: row.name,
    createdAt: row.created_at,
    lastSeenAt: row.last_seen_at,
    epoch: row.epoch,
    acknowledged: row.acknowledged ?? 0,
    lagMs: row.last_lag_ms === null ? null : Math.max(0, row.last_lag_ms),
    lastEventAt: row.last_occurred_at,
    orders: row.orders,
    setAside: row.set_aside,
    needsPerson: row.needs_person,
    skewMs: row.skew_ms,
    isCloned: row.cloned_at !== null,
    alarms: row.alarms,
    proofsWaiting: row.proofs_waiting,
    proofsRed: row.proofs_red,
    lastProof: row.last_proof,
  }));
}
