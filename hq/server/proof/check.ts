import { createPublicKey, verify } from 'node:crypto';
import type { DayClosing } from '../../../domain/contract/hq.ts';
import type { ClosingSums } from '../../../domain/sync/day-closing.ts';
import { closingSums, differingSums } from '../../../domain/sync/day-closing.ts';
import type { EventPlaces, ProofResult } from '../../contract/console.ts';
import type { Queries } from '../database.ts';
import type { EventRow } from '../ingest/rebuild.ts';
import { effectiveOfRow, eventColumns } from '../ingest/rebuild.ts';
import { closingOf } from '../ingest/understand.ts';
import { checkRange } from './chain-check.ts';
import type { Difference } from './compare-orders.ts';
import { compareMoves, compareOrders, compareProofs, compareStock, findMadeUpOrders } from './compare-orders.ts';
import { findHoles } from './holes.ts';
import { readRows } from './read-rows.ts';

export interface Checked {
  readonly result: ProofResult;
  /** Something that it counts may still be on its way: neither green nor red yet. */
  readonly isShort: boolean;
}

/** A row of `proofs` as far as it is checked. */
export interface ProofToCheck {
  readonly event_id: string;
  readonly lane: string;
  readonly epoch: number;
  readonly sequence: number;
  readonly body: string;
  readonly signature: string;
  readonly occurred_at: number;
}

/** More places than this are counted, not listed. */
const listedPlaces = 2000;
const ordersAtOnce = 100;
const nothingFound: Omit<ProofResult, 'signature'> = { missing: [], differing: [], projections: [], sums: [], setAside: [], missingClosings: [], uncounted: [], more: 0 };

/**
 * Holds a closed day against HQ's own rows: signature, chain, sums of the raw bytes, what stands in the tables beside them, and that no day is missing before it. In
 * one snapshot of the database (repeatable read), since a kiosk sells on meanwhile.
 * @param hasLogs the logs that it counts have surely not been let go here yet (`thinLogs`)
 */
export async function checkClosing(sql: Queries, kioskId: string, proof: ProofToCheck, hasLogs: boolean): Promise<Checked> {
  const { body, signature } = proof;
  const read = closingOf(body);
  // It was one when it came: the row was changed, and is made again from the event.
  if (!read.ok) return { isShort: false, result: { ...nothingFound, signature: 'wrong', projections: [{ lane: proof.lane, epoch: proof.epoch, sequence: proof.sequence, table: 'proofs', id: proof.event_id }] } };
  const closing = read.value;
  const missing: EventPlaces[] = [];
  const differing: EventPlaces[] = [];
  const projections: Difference[] = [];
  const setAside: ProofResult['setAside'][number][] = [];
  const orders = new Set<string>();
  const offers = new Set<string>();
  let sums: ClosingSums = { orders: {}, payments: {}, stock: {} };
  let isShort = false;
  const headsBefore = await readHeadsBefore(sql, kioskId, closing);
  for (const range of closing.ranges) {
    if (range.lane === 'logs' && !hasLogs) continue;
    const checked = await checkRange(sql, kioskId, range, headsBefore.get(`${range.lane} ${range.epoch} ${range.from - 1}`), async (rows) => {
      sums = closingSums(rows, sums);
      const { effective, orders: told, misfiled, setAside: aside } = await readRows(sql, kioskId, rows);
      for (const orderId of told) orders.add(orderId);
      for (const event of effective) if (event.kind === 'stock.moved') offers.add(event.body.offerId);
      projections.push(...misfiled, ...(await compareMoves(sql, kioskId, effective)), ...(await compareProofs(sql, kioskId, effective)));
      setAside.push(...aside);
    });
    const { lane, epoch } = range;
    if (checked.missing.length > 0) missing.push({ lane, epoch, sequences: checked.missing });
    if (checked.differing.length > 0) differing.push({ lane, epoch, sequences: checked.differing });
    isShort ||= checked.isShort;
  }
  const wanted = [...orders];
  for (let from = 0; from < wanted.length; from += ordersAtOnce) projections.push(...(await compareOrders(sql, kioskId, wanted.slice(from, from + ordersAtOnce))));
  projections.push(...(await compareStock(sql, kioskId, [...offers])));
  projections.push(...(await checkOwnEvent(sql, kioskId, proof, missing)), ...(await findExtra(sql, kioskId, proof)));
  const holes = await findHoles(sql, kioskId, closing, proof.event_id, hasLogs);
  missing.push(...holes.missing);
  const shown = { missing: firstPlaces(missing), differing: firstPlaces(differing), projections: projections.slice(0, listedPlaces), setAside: setAside.slice(0, listedPlaces) };
  const more = count(missing) + count(differing) + projections.length + setAside.length - count(shown.missing) - count(shown.differing) - shown.projections.length - shown.setAside.length;
  const { missingClosings, uncounted } = holes;
  return { isShort, result: { signature: await checkSignature(sql, kioskId, closing, body, signature), ...shown, sums: differingSums(closing, sums), missingClosings, uncounted, more } };
}

export function isGreen({ signature, missing, differing, projections, sums, setAside, missingClosings, uncounted }: ProofResult): boolean {
  const isWell = setAside.every(({ waitsForUpdate }) => waitsForUpdate);
  return signature === 'valid' && isWell && [missing, differing, projections, sums, missingClosings, uncounted].every((found) => found.length === 0);
}

/** The event that brought the closing, which the next closing counts: the newest one has none behind it yet. */
async function checkOwnEvent(sql: Queries, kioskId: string, { event_id: eventId, lane, epoch, sequence }: ProofToCheck, missing: EventPlaces[]): Promise<readonly Difference[]> {
  const [row] = await sql<EventRow[]>`select ${eventColumns(sql)} from events where kiosk_id = ${kioskId} and event_id = ${eventId} and not repeated`;
  if (!row) {
    missing.push({ lane, epoch, sequences: [sequence] });
    return [];
  }
  const event = effectiveOfRow(row);
  // Not understood any more: its payload was changed. Its chain would say so, but may be counted by no closing yet.
  return event?.kind === 'day.closed' ? compareProofs(sql, kioskId, [event]) : [{ lane, epoch, sequence, table: 'proofs', id: eventId }];
}

/** Orders of this day's span, from the closing before to this one, that no event has placed. */
async function findExtra(sql: Queries, kioskId: string, { event_id: eventId, lane, epoch, occurred_at: until }: ProofToCheck): Promise<readonly Difference[]> {
  const [before] = await sql<{ at: number | null }[]>`select max(occurred_at) as at from proofs where kiosk_id = ${kioskId} and occurred_at < ${until} and event_id <> ${eventId}`;
  const madeUp = await findMadeUpOrders(sql, kioskId, before?.at ?? -1, until);
  return madeUp.map((id) => ({ lane, epoch, sequence: 0, table: 'orders', id }));
}

/** The heads that the closing before was signed with, by lane, epoch and sequence. A restored kiosk may count a number again: all of them count. */
async function readHeadsBefore(sql: Queries, kioskId: string, { number }: DayClosing): Promise<ReadonlyMap<string, string>> {
  const rows = await sql<{ body: string }[]>`select body from proofs where kiosk_id = ${kioskId} and number = ${number - 1} and state <> 'red' order by closed_at`;
  return new Map(rows.flatMap(({ body }) => {
    const before = closingOf(body);
    return before.ok ? before.value.ranges.map(({ lane, epoch, to, head }) => [`${lane} ${epoch} ${to}`, head] as const) : [];
  }));
}

/** By any key that HQ has approved for the kiosk, also one that was revoked since: a day that was closed before stays closed. */
async function checkSignature(sql: Queries, kioskId: string, closing: DayClosing, body: string, signature: string): Promise<ProofResult['signature']> {
  const keys = await sql<{ public_key: Buffer }[]>`select public_key from kiosk_keys where kiosk_id = ${kioskId} and approved_at is not null`;
  if (keys.length === 0) return 'no_key';
  if (closing.kioskId !== kioskId) return 'wrong';
  const isRight = keys.some(({ public_key: key }) => {
    try {
      return verify(null, Buffer.from(body, 'utf8'), createPublicKey({ key, format: 'der', type: 'spki' }), Buffer.from(signature, 'base64'));
    } catch {
      return false;
    }
  });
  return isRight ? 'valid' : 'wrong';
}

function firstPlaces(places: readonly EventPlaces[]): readonly EventPlaces[] {
  let room = listedPlaces;
  return places.flatMap(({ lane, epoch, sequences }) => {
    const some = sequences.slice(0, Math.max(0, room));
    room -= some.length;
    return some.length > 0 ? [{ lane, epoch, sequences: some }] : [];
  });
}

function count(places: readonly EventPlaces[]): number {
  return places.reduce((sum, { sequences }) => sum + sequences.length, 0);
}
