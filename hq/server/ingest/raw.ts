import type { HqEvent, Lane } from '../../../domain/contract/hq.ts';
import type { KioskId } from '../../../domain/ids.ts';
import type { Transaction } from '../database.ts';
import { insertRows } from '../database.ts';
import { raiseWithFacts } from '../alerts/raise.ts';
import type { Effective, SetAside } from './understand.ts';
import { orderOf } from './understand.ts';

export interface RawPlace {
  readonly kioskId: KioskId;
  readonly lane: Lane;
  readonly epoch: number;
  readonly now: number;
}

export interface RawEvent {
  readonly event: HqEvent;
  readonly occurredAt: number;
  /** Undefined where it was not understood. */
  readonly effective: Effective | undefined;
}

const head = 'insert into events (kiosk_id, lane, epoch, sequence, event_id, kind, version, at, boot, monotonic_ms, hash, received_at, occurred_at, order_id, payload, repeated)';

/**
 * Keeps every event as it came. The unique event id decides which of them has an effect: `first` are the sequences of those. The same event
 * again is normal after a kiosk was restored; the same id for something else is `reused`. What stands here already, because HQ's mark is below its
 * rows, is left as it is; `forked` is the first sequence at which something else stands.
 */
export async function storeRaw(sql: Transaction, place: RawPlace, events: readonly RawEvent[]): Promise<{ readonly first: ReadonlySet<number>; readonly reused: readonly SetAside[]; readonly forked?: number | undefined }> {
  const { kioskId, lane, epoch, now } = place;
  const rowOf = ({ event, occurredAt, effective }: RawEvent, repeated: boolean) => [
    kioskId, lane, epoch, event.sequence, event.id, event.kind, event.version, event.at, event.boot, event.monotonicMs, event.hash, now, occurredAt,
    (effective && orderOf(effective)) ?? null, event.payload, repeated,
  ];
  const inserted = await insertRows<{ sequence: number }>(sql, head, events.map((raw) => rowOf(raw, false)), 'on conflict do nothing returning sequence');
  const first = new Set(inserted.map(({ sequence }) => sequence));
  const repeated = events.filter(({ event }) => !first.has(event.sequence));
  if (repeated.length === 0) return { first, reused: [] };
  const added = await insertRows<{ sequence: number }>(sql, head, repeated.map((raw) => rowOf(raw, true)), 'on conflict (kiosk_id, lane, epoch, sequence) do nothing returning sequence');
  if (added.length < repeated.length) {
    const isAdded = new Set(added.map(({ sequence }) => sequence));
    const forked = await findForked(sql, place, repeated.flatMap(({ event }) => (isAdded.has(event.sequence) ? [] : [event])));
    if (forked !== undefined) return { first, reused: [], forked };
  }
  return { first, reused: await findReused(sql, kioskId, repeated.map(({ event }) => event)) };
}

async function findForked(sql: Transaction, { kioskId, lane, epoch }: RawPlace, standing: readonly HqEvent[]): Promise<number | undefined> {
  const rows = await sql<{ sequence: number; event_id: string; kind: string; payload: string }[]>`
    select sequence, event_id, kind, payload from events
    where kiosk_id = ${kioskId} and lane = ${lane} and epoch = ${epoch} and sequence in ${sql(standing.map(({ sequence }) => sequence))}`;
  const held = new Map(rows.map((row) => [row.sequence, row]));
  return standing.find((event) => {
    const row = held.get(event.sequence);
    return row?.event_id !== event.id || row.kind !== event.kind || row.payload !== event.payload;
  })?.sequence;
}

async function findReused(sql: Transaction, kioskId: string, repeated: readonly HqEvent[]): Promise<readonly SetAside[]> {
  const rows = await sql<{ event_id: string; kind: string; payload: string }[]>`
    select event_id, kind, payload from events where kiosk_id = ${kioskId} and not repeated and event_id in ${sql(repeated.map((event) => event.id as string))}`;
  const held = new Map(rows.map((row) => [row.event_id, row]));
  return repeated.flatMap((event): SetAside[] => {
    const row = held.get(event.id);
    return row && row.kind === event.kind && row.payload === event.payload ? [] : [{ event, reason: 'id_reused', detail: `event id ${event.id} came before with other contents` }];
  });
}

/** Puts events aside for a person, and says so once for each reason and kind. */
export async function storeSetAside(sql: Transaction, { kioskId, lane, epoch, now }: RawPlace, setAside: readonly SetAside[]): Promise<void> {
  await insertRows(
    sql,
    'insert into quarantined_events (kiosk_id, lane, epoch, sequence, event_id, kind, version, reason, detail, quarantined_at)',
    setAside.map(({ event, reason, detail }) => [kioskId, lane, epoch, event.sequence, event.id, event.kind, event.version, reason, detail, now]),
    'on conflict (kiosk_id, lane, epoch, sequence) do nothing',
  );
  const subjects = new Map(setAside.map((aside) => [`${lane} ${aside.reason} ${aside.event.kind}`, aside]));
  for (const [subject, { event, reason, detail }] of subjects) {
    await raiseWithFacts(sql, { kioskId, kind: 'quarantined', subject, facts: { lane, epoch, sequence: event.sequence, event: event.kind, reason, detail }, at: now });
  }
}
