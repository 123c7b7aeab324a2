import type { Batch, HqEvent, Mark } from '../../../domain/contract/hq.ts';
import type { Sql, Transaction } from '../database.ts';
import { insertRows } from '../database.ts';
import { announce } from '../live/announce.ts';
import type { Place } from './project.ts';
import { project } from './project.ts';
import type { Reading, SetAside, Understood } from './understand.ts';
import { orderOf, understand } from './understand.ts';

export type Received =
  | { readonly kind: 'taken'; readonly mark: Mark; readonly fresh: number; readonly setAside: readonly SetAside[] }
  | { readonly kind: 'gap'; readonly mark: Mark }
  | { readonly kind: 'conflict'; readonly mark: Mark; readonly sequence: number };

/**
 * Takes a batch in one transaction, each event once in effect: whole or not at all. What HQ has already is compared
 * and skipped; what it cannot understand is set aside and acknowledged all the same.
 * @param batch its sequences are contiguous
 */
export async function receive(sql: Sql, batch: Batch, now: number): Promise<Received> {
  // Reading does not need the lock, so it is done before.
  const readings = new Map(batch.events.map((event) => [event.sequence, understand(event)]));
  return sql.begin(async (transaction): Promise<Received> => {
    const place: Place = { kioskId: batch.kioskId, lane: batch.lane, epoch: batch.epoch, now };
    const acknowledged = await lockCursor(transaction, place);
    const mark = { epoch: batch.epoch, acknowledged };
    if ((batch.events[0]?.sequence ?? 1) > acknowledged + 1) return { kind: 'gap', mark };
    const differing = await findDiffering(transaction, place, batch.events.filter((event) => event.sequence <= acknowledged));
    if (differing) return { kind: 'conflict', mark, sequence: differing.sequence };
    const fresh = batch.events.filter((event) => event.sequence > acknowledged);
    const last = fresh.at(-1);
    if (!last) return { kind: 'taken', mark, fresh: 0, setAside: [] };

    const stored = await storeRaw(transaction, place, fresh, readings);
    const setAside = [...stored.setAside, ...(await project(transaction, place, stored.effective))];
    await storeSetAside(transaction, place, setAside);
    await transaction`
      update cursors set acknowledged = ${last.sequence}, last_event_at = ${last.at}, last_received_at = ${now}
      where kiosk_id = ${place.kioskId} and lane = ${place.lane} and epoch = ${place.epoch}`;
    await announce(transaction, place.kioskId, stored.effective.flatMap((understood) => orderOf(understood) ?? []));
    return { kind: 'taken', mark: { epoch: batch.epoch, acknowledged: last.sequence }, fresh: fresh.length, setAside };
  });
}

/** Locks the row that says how far HQ is, so that batches of one kiosk wait for each other. */
async function lockCursor(sql: Transaction, { kioskId, lane, epoch }: Place): Promise<number> {
  const lock = () => sql<{ acknowledged: number }[]>`select acknowledged from cursors where kiosk_id = ${kioskId} and lane = ${lane} and epoch = ${epoch} for update`;
  const [row] = await lock();
  if (row) return row.acknowledged;
  await sql`insert into cursors (kiosk_id, lane, epoch, acknowledged) values (${kioskId}, ${lane}, ${epoch}, 0) on conflict (kiosk_id, lane, epoch) do nothing`;
  const [created] = await lock();
  if (!created) throw new Error('cursors: a row that was just made is not there');
  return created.acknowledged;
}

/** The first event that came before with other contents: two kiosks with one identity, or a store that was put back. */
async function findDiffering(sql: Transaction, { kioskId, lane, epoch }: Place, known: readonly HqEvent[]): Promise<HqEvent | undefined> {
  const [first, last] = [known[0], known.at(-1)];
  if (!first || !last) return undefined;
  const rows = await sql<{ sequence: number; event_id: string; kind: string; version: number; at: number; payload: string }[]>`
    select sequence, event_id, kind, version, at, payload from events
    where kiosk_id = ${kioskId} and lane = ${lane} and epoch = ${epoch} and sequence between ${first.sequence} and ${last.sequence}`;
  const held = new Map(rows.map((row) => [row.sequence, row]));
  return known.find((event) => {
    const row = held.get(event.sequence);
    return !row || row.event_id !== event.id || row.kind !== event.kind || row.version !== event.version || row.at !== event.at || row.payload !== event.payload;
  });
}

interface StoredRaw {
  readonly effective: readonly Understood[];
  readonly setAside: readonly SetAside[];
}

/** Every event is kept as it came. The unique event id decides which of them has an effect. */
async function storeRaw(sql: Transaction, { kioskId, lane, epoch, now }: Place, fresh: readonly HqEvent[], readings: ReadonlyMap<number, Reading>): Promise<StoredRaw> {
  const head = 'insert into events (kiosk_id, lane, epoch, sequence, event_id, kind, version, at, received_at, order_id, payload, body, repeated)';
  const rowOf = (event: HqEvent, repeated: boolean) => {
    const reading = readings.get(event.sequence);
    const understood = reading?.ok ? reading.value : undefined;
    const orderId = understood && orderOf(understood);
    return [kioskId, lane, epoch, event.sequence, event.id, event.kind, event.version, event.at, now, orderId ?? null, event.payload, understood?.body ?? null, repeated];
  };
  const inserted = await insertRows<{ sequence: number }>(
    sql, head, fresh.map((event) => rowOf(event, false)), 'on conflict (kiosk_id, event_id) where not repeated do nothing returning sequence',
  );
  const first = new Set(inserted.map(({ sequence }) => sequence));
  const repeated = fresh.filter((event) => !first.has(event.sequence));
  await insertRows(sql, head, repeated.map((event) => rowOf(event, true)));
  const reused = await findReused(sql, kioskId, repeated);
  const firstReadings = fresh.flatMap((event) => (first.has(event.sequence) ? [readings.get(event.sequence)] : []));
  return {
    effective: firstReadings.flatMap((reading) => (reading?.ok ? [reading.value] : [])),
    setAside: [...firstReadings.flatMap((reading) => (reading && !reading.ok ? [reading.error] : [])), ...reused],
  };
}

/** The same event again is normal after a kiosk was restored; the same id for something else is not. */
async function findReused(sql: Transaction, kioskId: string, repeated: readonly HqEvent[]): Promise<readonly SetAside[]> {
  if (repeated.length === 0) return [];
  const rows = await sql<{ event_id: string; kind: string; payload: string }[]>`
    select event_id, kind, payload from events where kiosk_id = ${kioskId} and not repeated and event_id in ${sql(repeated.map((event) => event.id as string))}`;
  const held = new Map(rows.map((row) => [row.event_id, row]));
  return repeated.flatMap((event): SetAside[] => {
    const row = held.get(event.id);
    return row && row.kind === event.kind && row.payload === event.payload ? [] : [{ event, reason: 'id_reused', detail: `event id ${event.id} came before with other contents` }];
  });
}

async function storeSetAside(sql: Transaction, { kioskId, lane, epoch, now }: Place, setAside: readonly SetAside[]): Promise<void> {
  await insertRows(
    sql,
    'insert into quarantined_events (kiosk_id, lane, epoch, sequence, event_id, kind, version, reason, detail, quarantined_at)',
    setAside.map(({ event, reason, detail }) => [kioskId, lane, epoch, event.sequence, event.id, event.kind, event.version, reason, detail, now]),
  );
}
