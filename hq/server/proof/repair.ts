import { z } from 'zod';
import { batchSchema } from '../../../domain/contract/hq.ts';
import type { HqEvent } from '../../../domain/contract/hq.ts';
import { unknownBoot } from '../../../domain/contract/hq.ts';
import type { KioskId } from '../../../domain/ids.ts';
import { genesisHash } from '../../../domain/sync/chain.ts';
import type { Sql, Transaction } from '../database.ts';
import { hashAfter } from '../ingest/chain.ts';
import { readClocks, reckonTimes } from '../ingest/clocks.ts';
import { project } from '../ingest/project.ts';
import { rebuildStock } from '../ingest/project-stock.ts';
import { storeRaw, storeSetAside } from '../ingest/raw.ts';
import type { EventRow } from '../ingest/rebuild.ts';
import { eventColumns, eventOfRow, lockKiosk, rebuildOrders } from '../ingest/rebuild.ts';
import { sealPlainWords } from '../ingest/seal.ts';
import type { Effective, SetAside } from '../ingest/understand.ts';
import { closingOf, orderOf, understand } from '../ingest/understand.ts';
import { keepKeys } from '../personal.ts';
import { isFiled } from './read-rows.ts';

/** POST /api/kiosk/resend: events that HQ asked for again; gaps between them are as they should be. */
export const resendSchema = z.strictObject({ ...batchSchema.pick({ kioskId: true, lane: true, epoch: true, keys: true, events: true }).shape });
export type Resend = z.infer<typeof resendSchema>;

/**
 * Takes events again whose rows HQ has lost or that were changed, and makes anew what they come to. An event is taken if its hash is the one that the chain has at
 * its place: the event behind it, or HQ's mark, follows on it. Nothing has an effect twice, since an order's tables are made from all its events.
 * @returns how many of them HQ has now as they came
 */
export async function repair(sql: Sql, { kioskId, lane, epoch, events, keys }: Resend, now: number): Promise<number> {
  return sql.begin(async (transaction) => {
    await lockKiosk(transaction, kioskId);
    const held = await readAround(transaction, kioskId, lane, epoch, events);
    const [cursor] = await transaction<{ acknowledged: number; head: string }[]>`
      select acknowledged, head from cursors where kiosk_id = ${kioskId} and lane = ${lane} and epoch = ${epoch}`;
    const proven = provenEvents({ kioskId, lane, epoch, events }, held, cursor ?? { acknowledged: 0, head: '' });
    if (proven.length === 0) return 0;
    await keepKeys(transaction, kioskId, keys ?? [], now);

    const place = { kioskId, lane, epoch, now };
    const hasFirst = await readFirsts(transaction, kioskId, proven);
    const lost = proven.filter((event) => !isSame(held.get(event.sequence), event) || isMisfiled(held.get(event.sequence), hasFirst));
    const replaced = await removeRows(transaction, place, lost);
    const clocks = await readClocks(transaction, kioskId, [...new Set(lost.map(({ boot }) => boot))]);
    const times = reckonTimes(proven, { at: now, boot: unknownBoot, monotonicMs: 0 }, clocks, now, null);
    const readings = proven.map((event) => ({ event, reading: understand(event), occurredAt: held.get(event.sequence)?.occurred_at ?? times.get(event.sequence) ?? event.at }));
    const understood = await sealPlainWords(
      transaction, kioskId,
      readings.flatMap(({ event, reading, occurredAt }): Effective[] => (reading.ok ? [{ ...reading.value, lane, epoch, occurredAt, receivedAt: held.get(event.sequence)?.received_at ?? now }] : [])), now,
    );
    const bySequence = new Map(understood.map((effective) => [effective.event.sequence, effective]));
    const isLost = new Set(lost.map(({ sequence }) => sequence));
    const stored = await storeRaw(transaction, place, readings.filter(({ event }) => isLost.has(event.sequence)).map(({ event, occurredAt }) => ({ event, occurredAt, effective: bySequence.get(event.sequence) })));
    const unread = readings.flatMap(({ event, reading }): SetAside[] => (isLost.has(event.sequence) && stored.first.has(event.sequence) && !reading.ok ? [reading.error] : []));

    const isEffective = (event: HqEvent) => (isLost.has(event.sequence) ? stored.first.has(event.sequence) : held.get(event.sequence)?.repeated === false);
    const effective = understood.filter(({ event }) => isEffective(event));
    const misfits = await rebuildOrders(transaction, { kioskId, now }, [...replaced, ...understood.flatMap((candidate) => orderOf(candidate) ?? [])]);
    await rebuildStock(transaction, kioskId, effective.filter((candidate) => candidate.kind === 'stock.moved'));
    await removeOtherProofs(transaction, kioskId, effective);
    await project(transaction, { kioskId, now }, effective.filter((candidate) => candidate.kind !== 'stock.moved' && orderOf(candidate) === undefined));
    await storeSetAside(transaction, place, [...unread, ...stored.reused, ...misfits.filter(({ event }) => isLost.has(event.sequence) && bySequence.get(event.sequence)?.event.id === event.id)]);
    return proven.length;
  });
}

async function readAround(sql: Transaction, kioskId: string, lane: string, epoch: number, events: readonly HqEvent[]): Promise<ReadonlyMap<number, EventRow>> {
  const sequences = [...new Set(events.flatMap(({ sequence }) => [sequence - 1, sequence, sequence + 1]))];
  const rows = await sql<EventRow[]>`
    select ${eventColumns(sql)} from events where kiosk_id = ${kioskId} and lane = ${lane} and epoch = ${epoch} and sequence in ${sql(sequences)}`;
  return new Map(rows.map((row) => [row.sequence, row]));
}

/** Those whose hash the chain has at their place, in the order of their sequences. From the newest back: each proves the one before. */
export function provenEvents({ lane, epoch, events }: Omit<Resend, 'keys'>, held: ReadonlyMap<number, EventRow>, mark: { readonly acknowledged: number; readonly head: string }): readonly HqEvent[] {
  const sent = new Map(events.map((event) => [event.sequence, event]));
  const proven = new Map<number, HqEvent>();
  for (const event of [...sent.values()].toSorted((a, b) => b.sequence - a.sequence)) {
    const { sequence } = event;
    if (sequence > mark.acknowledged) continue;
    const before = sequence === 1 ? [genesisHash] : [sent.get(sequence - 1)?.hash, held.get(sequence - 1)?.hash].filter((hash) => hash !== undefined && hash !== '');
    if (!before.some((hash) => hashAfter(hash!, lane, epoch, event) === event.hash)) continue;
    const heldNext = held.get(sequence + 1);
    const next = proven.get(sequence + 1) ?? (heldNext && eventOfRow(heldNext));
    const isFollowed = sequence === mark.acknowledged ? event.hash === mark.head : next !== undefined && hashAfter(event.hash, lane, epoch, next) === next.hash;
    if (isFollowed) proven.set(sequence, event);
  }
  return [...proven.values()].toSorted((a, b) => a.sequence - b.sequence);
}

/** @returns the orders that the removed rows said they belong to */
async function removeRows(sql: Transaction, { kioskId, lane, epoch }: { readonly kioskId: KioskId; readonly lane: string; readonly epoch: number }, events: readonly HqEvent[]): Promise<readonly string[]> {
  if (events.length === 0) return [];
  const at = sql`kiosk_id = ${kioskId} and lane = ${lane} and epoch = ${epoch} and sequence in ${sql(events.map(({ sequence }) => sequence))}`;
  const rows = await sql<{ order_id: string | null }[]>`delete from events where ${at} returning order_id`;
  await sql`delete from quarantined_events where ${at}`;
  await sql`delete from stock_moves where ${at}`;
  return rows.flatMap((row) => row.order_id ?? []);
}

/** Those of these events that have an effect under some number. */
async function readFirsts(sql: Transaction, kioskId: string, events: readonly HqEvent[]): Promise<ReadonlySet<string>> {
  const rows = await sql<{ event_id: string }[]>`select event_id from events where kiosk_id = ${kioskId} and not repeated and event_id in ${sql(events.map(({ id }) => id as string))}`;
  return new Set(rows.map((row) => row.event_id));
}

/** What the chain does not cover was changed: the event has its effect nowhere, or belongs to another order by its row. */
function isMisfiled(row: EventRow | undefined, hasFirst: ReadonlySet<string>): boolean {
  if (!row) return false;
  if (row.repeated) return !hasFirst.has(row.event_id);
  const reading = understand(eventOfRow(row));
  return !isFiled(row, reading.ok ? orderOf(reading.value) : undefined);
}

/** A closed day's row that is not what its event says gives way to one that is. */
async function removeOtherProofs(sql: Transaction, kioskId: string, effective: readonly Effective[]): Promise<void> {
  for (const { event, body } of effective.filter((candidate) => candidate.kind === 'day.closed')) {
    const closing = closingOf(body.body);
    if (!closing.ok) continue;
    const { number, day, closedAt } = closing.value;
    await sql`
      delete from proofs where kiosk_id = ${kioskId} and event_id = ${event.id}
        and (body, signature, number, day, closed_at) is distinct from (${body.body}::text, ${body.signature}::text, ${number}::bigint, ${day}::text, ${closedAt}::bigint)`;
  }
}

function isSame(row: EventRow | undefined, event: HqEvent): boolean {
  if (!row) return false;
  const has = eventOfRow(row);
  return (Object.keys(event) as (keyof HqEvent)[]).every((name) => has[name] === event[name]);
}
