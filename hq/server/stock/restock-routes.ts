import { randomBytes } from 'node:crypto';
import type { KioskId } from '../../../domain/ids.ts';
import { uuidV7From } from '../../../domain/ids.ts';
import { ApiRefusal } from '../api/serve.ts';
import type { Queries, Sql } from '../database.ts';

export interface RouteRow { readonly routeId: string; readonly name: string; readonly kiosks: readonly KioskId[]; readonly version: number; readonly changedAt: number; readonly changedBy: string }

export async function readRouteRows(sql: Queries, routeId?: string): Promise<readonly RouteRow[]> {
  return sql<RouteRow[]>`
    select route_id as "routeId", name, kiosks, version, changed_at as "changedAt", changed_by as "changedBy" from restock_routes
    ${routeId === undefined ? sql`` : sql`where route_id = ${routeId}`} order by name, route_id`;
}

export async function readRoute(sql: Queries, routeId: string): Promise<RouteRow> {
  const [row] = await readRouteRows(sql, routeId);
  if (!row) throw new ApiRefusal('HQ_NOT_FOUND', 'there is no such route');
  return row;
}

interface RouteChange { readonly name: string; readonly kiosks: readonly KioskId[]; readonly by: string; readonly now: number }

export async function insertRoute(sql: Sql, { name, kiosks, by, now }: RouteChange): Promise<string> {
  const id = uuidV7From(now, randomBytes(10));
  await sql`
    insert into restock_routes (route_id, name, kiosks, version, changed_at, changed_by) values (${id}, ${name}, ${sql.json([...new Set(kiosks)])}, 1, ${now}, ${by})`;
  return id;
}

/** Refused where it was changed since `version`. */
export async function updateRoute(sql: Sql, routeId: string, version: number, { name, kiosks, by, now }: RouteChange): Promise<number> {
  const rows = await sql`
    update restock_routes set name = ${name}, kiosks = ${sql.json([...new Set(kiosks)])}, version = version + 1, changed_at = ${now}, changed_by = ${by}
    where route_id = ${routeId} and version = ${version} returning 1 as one`;
  if (rows.length > 0) return version + 1;
  const { changedBy, changedAt } = await readRoute(sql, routeId);
  throw new ApiRefusal('HQ_CHANGED_MEANWHILE', `${changedBy} has changed it meanwhile`, { by: changedBy, at: changedAt });
}

export async function deleteRoute(sql: Sql, routeId: string): Promise<void> {
  const rows = await sql`delete from restock_routes where route_id = ${routeId} returning 1 as one`;
  if (rows.length === 0) throw new ApiRefusal('HQ_NOT_FOUND', 'there is no such route');
}
