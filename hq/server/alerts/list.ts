import type { Alert, AlertKind, AlertOwner, Severity } from '../../contract/api/alerts.ts';
import { hqItself } from '../../contract/api/alerts.ts';
import type { Queries } from '../database.ts';

interface Row {
  kiosk_id: AlertOwner; kiosk_name: string | null; alarm_id: string; kind: string; severity: Severity; detail: string; facts: Record<string, unknown> | null; at: number; last_at: number; times: number;
  acknowledged_at: number | null; acknowledged_by: string | null; note: string | null; settled_at: number | null; settled_by: string | null;
}

export interface AlertQuery {
  readonly state: 'open' | 'unseen' | 'ended';
  readonly kiosk?: AlertOwner | undefined;
  readonly kind?: AlertKind | undefined;
  readonly before?: string | undefined;
  readonly limit: number;
}

export const alertCursor = /^(\d{1,15})~([a-z0-9-]{1,41})~([0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12})$/;

/** Newest first, by when they came last, or ended; a page is one range of an index. */
export async function readAlerts(sql: Queries, { state, kiosk, kind, before, limit }: AlertQuery): Promise<{ readonly alerts: Alert[]; readonly next: string | null }> {
  const isEnded = state === 'ended';
  const at = isEnded ? sql`a.settled_at` : sql`a.last_at`;
  const [, beforeAt, beforeKiosk, beforeId] = alertCursor.exec(before ?? '') ?? [];
  const rows = await sql<Row[]>`
    ${selectAlerts(sql)} where a.settled_at is ${isEnded ? sql`not null` : sql`null`}
      ${state === 'unseen' ? sql`and a.acknowledged_at is null` : sql``}
      ${kiosk ? sql`and a.kiosk_id = ${kiosk}` : sql``} ${kind ? sql`and a.kind = ${kind}` : sql``}
      ${beforeAt && beforeKiosk && beforeId ? sql`and (${at}, a.kiosk_id, a.alarm_id) < (${Number(beforeAt)}, ${beforeKiosk}, ${beforeId}::uuid)` : sql``}
    order by ${at} desc, a.kiosk_id desc, a.alarm_id desc limit ${limit + 1}`;
  const page = rows.slice(0, limit);
  const last = page.at(-1);
  return { alerts: page.map(alertOf), next: rows.length > page.length && last ? `${isEnded ? last.settled_at : last.last_at}~${last.kiosk_id}~${last.alarm_id}` : null };
}

export async function countAlerts(sql: Queries): Promise<{ readonly open: number; readonly unseen: number }> {
  const [row] = await sql<{ open: number; unseen: number }[]>`select count(*) as open, count(*) filter (where acknowledged_at is null) as unseen from alarms where settled_at is null`;
  return { open: row?.open ?? 0, unseen: row?.unseen ?? 0 };
}

export async function readAlert(sql: Queries, kioskId: string, alertId: string): Promise<Alert | undefined> {
  const [row] = await sql<Row[]>`${selectAlerts(sql)} where a.kiosk_id = ${kioskId} and a.alarm_id = ${alertId}`;
  return row && alertOf(row);
}

/** A person has seen it. Who was first stays; again changes nothing but the note. False where there is none that stands. */
export async function acknowledge(sql: Queries, kioskId: string, alertId: string, { by, note, now }: { readonly by: string; readonly note: string; readonly now: number }): Promise<boolean> {
  const rows = await sql`
    update alarms set acknowledged_at = coalesce(acknowledged_at, ${now}), acknowledged_by = coalesce(acknowledged_by, ${by}), note = case when ${note} = '' then note else ${note} end
    where kiosk_id = ${kioskId} and alarm_id = ${alertId} and settled_at is null returning alarm_id`;
  return rows.length > 0;
}

/** A person ends it: where its cause goes on, a watched one comes again as a new one. */
export async function settle(sql: Queries, kioskId: string, alertId: string, { by, now }: { readonly by: string; readonly now: number }): Promise<boolean> {
  const rows = await sql`
    update alarms set settled_at = ${now}, settled_by = ${by}, acknowledged_at = coalesce(acknowledged_at, ${now}), acknowledged_by = coalesce(acknowledged_by, ${by})
    where kiosk_id = ${kioskId} and alarm_id = ${alertId} and settled_at is null returning alarm_id`;
  return rows.length > 0;
}

function selectAlerts(sql: Queries) {
  return sql`
    select a.kiosk_id, k.name as kiosk_name, a.alarm_id, a.kind, a.severity, a.detail, a.facts, a.at, a.last_at, a.times, a.acknowledged_at, a.acknowledged_by, a.note, a.settled_at, a.settled_by
    from alarms a left join kiosks k on k.kiosk_id = a.kiosk_id`;
}

function alertOf(row: Row): Alert {
  return {
    kioskId: row.kiosk_id, kioskName: row.kiosk_name ?? (row.kiosk_id === hqItself ? 'HQ' : row.kiosk_id), alertId: row.alarm_id, kind: row.kind, severity: row.severity, detail: row.detail, facts: row.facts,
    at: row.at, lastAt: row.last_at, times: row.times,
    acknowledged: row.acknowledged_at === null ? null : { at: row.acknowledged_at, by: row.acknowledged_by ?? '', note: row.note ?? '' },
    settled: row.settled_at === null ? null : { at: row.settled_at, by: row.settled_by },
  };
}
