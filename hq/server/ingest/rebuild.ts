import type { HqEvent, Lane } from '../../../domain/contract/hq.ts';
import type { Queries, Transaction } from '../database.ts';
import type { Place } from './project.ts';
import { projectOrders } from './project.ts';
import { markSales } from './project-sales.ts';
import { restock } from './project-stock.ts';
import { sealPlainWords } from './seal.ts';
import type { Effective, SetAside } from './understand.ts';
import { understand } from './understand.ts';

/** A row of `events` as far as it is an event. */
export interface EventRow {
  lane: Lane; epoch: number; sequence: number; event_id: HqEvent['id']; kind: string; version: number; at: number; boot: string; monotonic_ms: number;
  payload: string; hash: string; received_at: number; occurred_at: number | null; repeated: boolean; order_id: string | null;
}

export function eventColumns(sql: Queries) {
  return sql`lane, epoch, sequence, event_id, kind, version, at, boot, monotonic_ms, payload, hash, received_at, occurred_at, repeated, order_id`;
}

/** The event as it came. */
export function eventOfRow(row: EventRow): HqEvent {
  const { sequence, event_id: id, kind, version, at, boot, monotonic_ms: monotonicMs, payload, hash } = row;
  return { sequence, id, kind, version, at, boot, monotonicMs, payload, hash };
}

/** What is understood of a row, from its exact text; undefined where it is not. */
export function effectiveOfRow(row: EventRow): Effective | undefined {
  const reading = understand(eventOfRow(row));
  return reading.ok ? { ...reading.value, lane: row.lane, epoch: row.epoch, occurredAt: row.occurred_at ?? row.at, receivedAt: row.received_at } : undefined;
}

/** Holds off every batch of a kiosk until the transaction ends: what is made anew from events must have all of them. */
export async function lockKiosk(sql: Transaction, kioskId: string): Promise<void> {
  await sql`select 1 from cursors where kiosk_id = ${kioskId} order by lane, epoch for update`;
}

/** All effective events of these orders that are understood, in the order of their sequences. */
export async function readOrderEvents(sql: Queries, kioskId: string, orderIds: readonly string[]): Promise<readonly Effective[]> {
  if (orderIds.length === 0) return [];
  const rows = await sql<EventRow[]>`
    select ${eventColumns(sql)} from events where kiosk_id = ${kioskId} and order_id in ${sql([...new Set(orderIds)])} and not repeated order by epoch, sequence`;
  return rows.flatMap((row) => effectiveOfRow(row) ?? []);
}

/** What stood on the staff's list before kiosks told of it: a row that a migration made (0002), of an attempt and with its id, and of which no event tells. */
export function isOfBefore(sql: Queries) {
  return sql`(kind = 'payment_unclear' and attempt_id is not distinct from attention_id and detail is not distinct from 'unclear since before there was a list')`;
}

const orderTables = ['orders', 'order_lines', 'payments', 'order_refunds', 'jobs', 'service_requests', 'service_settlements', 'feedback', 'stock_moves'] as const;

/**
 * Makes the projections of these orders anew, from all their events: where one of them was missing, was not understood, or a row was changed.
 * Only with the kiosk locked. Gives back what still fits nothing.
 */
export async function rebuildOrders(sql: Transaction, place: Place, orderIds: readonly string[]): Promise<readonly SetAside[]> {
  const { kioskId } = place;
  const wanted = [...new Set(orderIds)];
  if (wanted.length === 0) return [];
  const read = await readOrderEvents(sql, kioskId, wanted);
  const events = await sealPlainWords(sql, kioskId, read, place.now);
  const offers = await sql<{ offer_id: string }[]>`select distinct offer_id from stock_moves where kiosk_id = ${kioskId} and order_id in ${sql(wanted)}`;
  await markSales(sql, kioskId, wanted);
  for (const table of orderTables) await sql`delete from ${sql(table)} where kiosk_id = ${kioskId} and order_id in ${sql(wanted)}`;
  await sql`delete from attention where kiosk_id = ${kioskId} and order_id in ${sql(wanted)} and not ${isOfBefore(sql)}`;
  await sql`update attention set decision = null, decided_at = null where kiosk_id = ${kioskId} and order_id in ${sql(wanted)} and ${isOfBefore(sql)}`;
  const setAside = await projectOrders(sql, place, events);
  await restock(sql, kioskId, [...offers.map((row) => row.offer_id), ...events.flatMap((event) => (event.kind === 'stock.moved' ? [event.body.offerId] : []))]);
  return setAside;
}
