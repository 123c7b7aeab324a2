import { createPublicKey, verify } from 'node:crypto';
import type { DayClosing } from '../../../domain/contract/hq.ts';
import type { ClosingSums } from '../../../domain/sync/day-closing.ts';
import { closingSums, differingSums } from '../../../domain/sync/day-closing.ts';
import type { EventPlaces, ProofResult } from '../../contract/console.ts';
import type { Queries } from '../database.ts';
import { effectiveOfRow } from '../ingest/rebuild.ts';
import { closingOf, orderOf } from '../ingest/understand.ts';
import { checkRange } from './chain-check.ts';
import type { Difference } from './compare-orders.ts';
import { compareMoves, compareOrders, compareStock } from './compare-orders.ts';

export interface Checked {
  readonly result: ProofResult;
  /** Something that it counts may still be on its way: neither green nor red yet. */
  readonly isShort: boolean;
}

/** More places than this are counted, not listed. */
const listedPlaces = 2000;
const ordersAtOnce = 100;

/**
 * Holds a closed day against HQ's own rows: signature, chain, sums of the raw bytes, and what stands in the tables beside them. In one snapshot of the
 * database (repeatable read), since a kiosk sells on meanwhile.
 * @param hasLogs the logs that it counts have surely not been let go here yet (`thinLogs`)
 */
export async function checkClosing(sql: Queries, kioskId: string, { body, signature }: { readonly body: string; readonly signature: string }, hasLogs: boolean): Promise<Checked> {
  const read = closingOf(body);
  if (!read.ok) throw new Error(`proofs: a closing that was understood is none: ${read.detail}`);
  const closing = read.value;
  const missing: EventPlaces[] = [];
  const differing: EventPlaces[] = [];
  const projections: Difference[] = [];
  const orders = new Set<string>();
  const offers = new Set<string>();
  let sums: ClosingSums = { orders: {}, payments: {}, stock: {} };
  let isShort = false;
  const headsBefore = await readHeadsBefore(sql, kioskId, closing);
  for (const range of closing.ranges) {
    if (range.lane === 'logs' && !hasLogs) continue;
    const checked = await checkRange(sql, kioskId, range, headsBefore.get(`${range.lane} ${range.epoch} ${range.from - 1}`), async (rows) => {
      sums = closingSums(rows, sums);
      const effective = rows.flatMap((row) => (row.repeated ? [] : (effectiveOfRow(row) ?? [])));
      for (const event of effective) {
        const orderId = orderOf(event);
        if (orderId !== undefined) orders.add(orderId);
        if (event.kind === 'stock.moved') offers.add(event.body.offerId);
      }
      projections.push(...(await compareMoves(sql, kioskId, effective)));
    });
    const { lane, epoch } = range;
    if (checked.missing.length > 0) missing.push({ lane, epoch, sequences: checked.missing });
    if (checked.differing.length > 0) differing.push({ lane, epoch, sequences: checked.differing });
    isShort ||= checked.isShort;
  }
  const wanted = [...orders];
  for (let from = 0; from < wanted.length; from += ordersAtOnce) projections.push(...(await compareOrders(sql, kioskId, wanted.slice(from, from + ordersAtOnce))));
  projections.push(...(await compareStock(sql, kioskId, [...offers])));
  const shown = { missing: firstPlaces(missing), differing: firstPlaces(differing), projections: projections.slice(0, listedPlaces) };
  const more = count(missing) + count(differing) + projections.length - count(shown.missing) - count(shown.differing) - shown.projections.length;
  return { isShort, result: { signature: await checkSignature(sql, kioskId, closing, body, signature), ...shown, sums: differingSums(closing, sums), more } };
}

export function isGreen({ signature, missing, differing, projections, sums }: ProofResult): boolean {
  return signature === 'valid' && missing.length === 0 && differing.length === 0 && projections.length === 0 && sums.length === 0;
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
