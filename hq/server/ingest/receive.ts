import type { Batch, HqEvent, Mark } from '../../../domain/contract/hq.ts';
import { genesisHash } from '../../../domain/sync/chain.ts';
import type { Sql, Transaction } from '../database.ts';
import { announce } from '../live/announce.ts';
import { keepKeys } from '../personal.ts';
import { raiseWithFacts } from '../alerts/raise.ts';
import { firstBroken } from './chain.ts';
import { readClocks, reckonTimes } from './clocks.ts';
import { project } from './project.ts';
import { storeRaw, storeSetAside } from './raw.ts';
import { sealPlainWords } from './seal.ts';
import type { Effective, SetAside } from './understand.ts';
import { orderOf, understand } from './understand.ts';

export type Received =
  | { readonly kind: 'taken'; readonly mark: Mark; readonly fresh: number; readonly setAside: readonly SetAside[]; readonly hasWaitingProofs: boolean }
  /** Nothing of the batch was taken. `mark`: of HQ's newest epoch. */
  | { readonly kind: 'gap' | 'epoch_old'; readonly mark: Mark }
  | { readonly kind: 'conflict' | 'chain_broken'; readonly mark: Mark; readonly sequence: number };

/** What others do in the transaction that takes events: webhooks are due if and when it commits. */
export type OnEffective = (transaction: Transaction, kioskId: Batch['kioskId'], events: readonly Effective[]) => Promise<void>;

interface Cursor {
  readonly epoch: number;
  readonly acknowledged: number;
  /** Empty where it is from before there were chains. */
  readonly head: string;
  readonly lastOccurredAt: number | null;
}

/** Another first batch of this epoch, or one of a newer epoch, was committed while this one was read: what was reckoned here is void. */
const overtaken = new Error('another batch of the lane was taken meanwhile');

/** HQ's mark is below its rows (a person moved it, or it was restored), and one of those is not the event that came: nothing is taken, and nothing overwritten. */
const forkedAt = (answer: Extract<Received, { readonly sequence: number }>) => Object.assign(new Error('HQ has another event at this place'), { answer });

/**
 * Takes a batch in one transaction, each event once in effect: whole or not at all. What HQ has already is compared by its chain and skipped;
 * what it cannot understand is set aside and acknowledged all the same.
 * @param batch its sequences are contiguous
 * @param now HQ's clock, epoch milliseconds UTC
 */
export async function receive(sql: Sql, batch: Batch, now: number, onEffective?: OnEffective): Promise<Received> {
  for (;;) {
    try {
      return await sql.begin((transaction) => take(transaction, batch, now, onEffective));
    } catch (error) {
      if (error instanceof Error && 'answer' in error) {
        const { answer } = error as ReturnType<typeof forkedAt>;
        const place = `${batch.lane} ${batch.epoch}`;
        await raiseWithFacts(sql, { kioskId: batch.kioskId, kind: 'chain_broken', subject: place, facts: { lane: batch.lane, epoch: batch.epoch, sequence: answer.sequence, fault: 'another_there' }, at: now });
        return answer;
      }
      if (error !== overtaken) throw error;
    }
  }
}

async function take(sql: Transaction, batch: Batch, now: number, onEffective: OnEffective | undefined): Promise<Received> {
  const { kioskId, lane, epoch, events } = batch;
  const otherBoots = [...new Set(events.map((event) => event.boot))].filter((boot) => boot !== batch.clock.boot);
  const [newest, clocks] = await Promise.all([lockNewest(sql, batch), readClocks(sql, kioskId, otherBoots)]);
  const markOf = (cursor: Cursor): Mark => ({ epoch: cursor.epoch, acknowledged: cursor.acknowledged, head: cursor.head || genesisHash, hqTime: now });
  if (newest && epoch < newest.epoch) return { kind: 'epoch_old', mark: markOf(newest) };
  const isNewEpoch = newest === undefined || epoch > newest.epoch;
  const cursor: Cursor = isNewEpoch ? { epoch, acknowledged: 0, head: genesisHash, lastOccurredAt: newest?.lastOccurredAt ?? null } : newest;
  if (events[0]!.sequence > cursor.acknowledged + 1) return { kind: 'gap', mark: markOf(newest ?? cursor) };

  const fault = await findFault(sql, batch, cursor);
  if (fault) {
    const { kind, sequence } = fault;
    if (kind === 'chain_broken') {
      await raiseWithFacts(sql, { kioskId, kind, subject: `${lane} ${epoch}`, facts: { lane, epoch, sequence, fault: 'not_following' }, at: now });
    }
    return { kind, sequence, mark: markOf(newest ?? cursor) };
  }
  const fresh = events.filter((event) => event.sequence > cursor.acknowledged);
  const last = fresh.at(-1);
  if (!last) {
    await keepKeys(sql, kioskId, batch.keys ?? [], now);
    return { kind: 'taken', mark: markOf(cursor), fresh: 0, setAside: [], hasWaitingProofs: false };
  }

  const isFirstOfAll = newest === undefined;
  if (isNewEpoch) {
    const made = await sql`
      insert into cursors (kiosk_id, lane, epoch, acknowledged, head) values (${kioskId}, ${lane}, ${epoch}, 0, ${genesisHash})
      on conflict (kiosk_id, lane, epoch) do nothing returning epoch`;
    if (made.length === 0) throw overtaken;
    // What HQ had before there were chains begins a new epoch once: that is the update, not a kiosk that was restored.
    if (!isFirstOfAll && newest.head !== '') {
      await raiseWithFacts(sql, { kioskId, kind: 'next_epoch', subject: `${lane} ${epoch}`, facts: { lane, left: newest.epoch, leftAt: newest.acknowledged, began: epoch }, at: now });
    }
  }
  const times = reckonTimes(fresh, batch.clock, clocks, now, cursor.lastOccurredAt);
  const readings = fresh.map((event) => ({ event, reading: understand(event), occurredAt: times.get(event.sequence) ?? event.at }));
  await keepKeys(sql, kioskId, batch.keys ?? [], now);
  const understood = readings.flatMap(({ reading, occurredAt }): Effective[] => (reading.ok ? [{ ...reading.value, lane, epoch, occurredAt, receivedAt: now }] : []));
  const sealed = new Map((await sealPlainWords(sql, kioskId, understood, now)).map((effective) => [effective.event.sequence, effective]));

  const stored = await storeRaw(sql, { kioskId, lane, epoch, now }, readings.map(({ event, occurredAt }) => ({ event, occurredAt, effective: sealed.get(event.sequence) })));
  if (stored.forked !== undefined) throw forkedAt({ kind: 'conflict', sequence: stored.forked, mark: markOf(newest ?? cursor) });
  const effective = fresh.flatMap((event) => (stored.first.has(event.sequence) ? (sealed.get(event.sequence) ?? []) : []));
  const unread = readings.flatMap(({ event, reading }) => (stored.first.has(event.sequence) && !reading.ok ? [reading.error] : []));
  const misfits = await project(sql, { kioskId, now }, effective);
  const setAside = [...unread, ...stored.reused, ...misfits];
  const newOrders = effective.filter(({ kind }) => kind === 'order.placed').length - misfits.filter(({ reason }) => reason === 'order_repeated').length;
  await storeSetAside(sql, { kioskId, lane, epoch, now }, setAside);
  await onEffective?.(sql, kioskId, effective);

  const moved = await sql<{ has_waiting_proofs: boolean }[]>`
    update cursors set acknowledged = ${last.sequence}, head = ${last.hash}, last_event_at = ${last.at}, last_received_at = ${now}, last_occurred_at = ${times.get(last.sequence) ?? now},
      orders = orders + ${newOrders}
    where kiosk_id = ${kioskId} and lane = ${lane} and epoch = ${epoch} and acknowledged = ${cursor.acknowledged}
      and not exists (select 1 from cursors newer where newer.kiosk_id = ${kioskId} and newer.lane = ${lane} and newer.epoch > ${epoch})
    returning exists (select 1 from proofs where proofs.kiosk_id = ${kioskId} and proofs.state = 'waiting') as has_waiting_proofs`;
  if (!moved[0]) throw overtaken;
  await announce(sql, kioskId, effective.flatMap((candidate) => orderOf(candidate) ?? []));
  const mark: Mark = { epoch, acknowledged: last.sequence, head: last.hash, hqTime: now };
  return { kind: 'taken', mark, fresh: fresh.length, setAside, hasWaitingProofs: moved[0].has_waiting_proofs };
}

/**
 * Locks the row that says how far HQ is, so that batches of one lane wait for each other. A newer epoch that commits while this waits is not seen
 * here: the statement that moves the mark looks again.
 */
async function lockNewest(sql: Transaction, { kioskId, lane }: Batch): Promise<Cursor | undefined> {
  const [row] = await sql<{ epoch: number; acknowledged: number; head: string; last_occurred_at: number | null }[]>`
    select epoch, acknowledged, head, last_occurred_at from cursors where kiosk_id = ${kioskId} and lane = ${lane} order by epoch desc limit 1 for update`;
  return row && { epoch: row.epoch, acknowledged: row.acknowledged, head: row.head, lastOccurredAt: row.last_occurred_at };
}

/**
 * The first event that does not follow on the one before it, or that HQ has with other contents. A hash stands for all that came before it, so one
 * comparison at the end of what overlaps is enough.
 */
async function findFault(sql: Transaction, { kioskId, lane, epoch, events }: Batch, cursor: Cursor): Promise<{ readonly kind: 'conflict' | 'chain_broken'; readonly sequence: number } | undefined> {
  const first = events[0]!;
  const previous = first.sequence === cursor.acknowledged + 1 ? cursor.head : first.sequence === 1 ? genesisHash : '';
  const broken = firstBroken(lane, epoch, events, previous);
  if (broken) return { kind: 'chain_broken', sequence: broken.sequence };
  const overlap = events.filter((event) => event.sequence <= cursor.acknowledged);
  const lastKnown = overlap.at(-1);
  if (!lastKnown || (lastKnown.sequence === cursor.acknowledged && lastKnown.hash === cursor.head)) return undefined;
  const rows = await sql<{ sequence: number; event_id: string; kind: string; version: number; at: number; payload: string; hash: string }[]>`
    select sequence, event_id, kind, version, at, payload, hash from events
    where kiosk_id = ${kioskId} and lane = ${lane} and epoch = ${epoch} and sequence between ${first.sequence} and ${lastKnown.sequence}`;
  const held = new Map(rows.map((row) => [row.sequence, row]));
  const differing = overlap.find((event) => {
    const row = held.get(event.sequence);
    // What HQ itself has lost is no contradiction of the kiosk's: the day's closing finds it.
    return row !== undefined && (row.hash === '' ? !isSame(row, event) : row.hash !== event.hash);
  });
  if (differing) return { kind: 'conflict', sequence: differing.sequence };
  const isOtherAtMark = lastKnown.sequence === cursor.acknowledged && cursor.head !== '' && lastKnown.hash !== cursor.head;
  return isOtherAtMark ? { kind: 'conflict', sequence: lastKnown.sequence } : undefined;
}

function isSame(row: { event_id: string; kind: string; version: number; at: number; payload: string }, event: HqEvent): boolean {
  return row.event_id === event.id && row.kind === event.kind && row.version === event.version && row.at === event.at && row.payload === event.payload;
}
