import type { DayClosing, Lane } from '../../../domain/contract/hq.ts';
import { genesisHash } from '../../../domain/sync/chain.ts';
import type { Queries } from '../database.ts';
import { hashAfter } from '../ingest/chain.ts';
import type { EventRow } from '../ingest/rebuild.ts';
import { eventColumns, eventOfRow } from '../ingest/rebuild.ts';

export type ClosingRange = DayClosing['ranges'][number];

export interface RangeCheck {
  readonly missing: readonly number[];
  readonly differing: readonly number[];
  /** What lies above HQ's mark of its epoch has not come, under this number or a later epoch's: perhaps it is on its way. */
  readonly isShort: boolean;
}

const atOnce = 1000;
/** What a search through later epochs may cost: a third of a second. */
const hashedAtMost = 100_000;
/** So many events a kiosk may have written between going back and hearing from HQ. */
const forkedAtMost = 300;

/**
 * Holds HQ's raw rows of one range against the chain and its signed head. `onRows` is given every row that stands for an event of the range, piece by
 * piece. What the kiosk numbered anew in a later epoch is found there, and counts if its hash proves that it is the same.
 * @param headBefore the hash before the range, where an earlier closing was signed with it
 */
export async function checkRange(sql: Queries, kioskId: string, range: ClosingRange, headBefore: string | undefined, onRows: (rows: readonly EventRow[]) => Promise<void>): Promise<RangeCheck> {
  const { lane, epoch, from, to, head } = range;
  const [cursor] = await sql<{ acknowledged: number }[]>`select acknowledged from cursors where kiosk_id = ${kioskId} and lane = ${lane} and epoch = ${epoch}`;
  const reached = Math.min(to, cursor?.acknowledged ?? 0);
  const forked = reached === to && (await storedHash(sql, kioskId, lane, epoch, to))[0] !== head ? await findForked(sql, kioskId, range, headBefore) : undefined;
  const known = forked?.after ?? reached;
  const missing: number[] = [];
  const differing: number[] = [];
  // What the hash before a row may be: as it is stored, or as it should be by its row's contents. Empty: not known.
  let before = from === 1 ? [genesisHash] : headBefore !== undefined ? [headBefore] : await storedHash(sql, kioskId, lane, epoch, from - 1);
  let last: EventRow | undefined;
  for (let start = from; start <= known; start += atOnce) {
    const end = Math.min(known, start + atOnce - 1);
    const rows = await sql<EventRow[]>`
      select ${eventColumns(sql)} from events where kiosk_id = ${kioskId} and lane = ${lane} and epoch = ${epoch} and sequence between ${start} and ${end} order by sequence`;
    const bySequence = new Map(rows.map((row) => [row.sequence, row]));
    for (let sequence = start; sequence <= end; sequence++) {
      const row = bySequence.get(sequence);
      last = row;
      if (!row) {
        missing.push(sequence);
        before = [];
        continue;
      }
      const hashes = before.map((hash) => hashAfter(hash, lane, epoch, eventOfRow(row)));
      const isRight = hashes.length === 0 || hashes.includes(row.hash);
      const isHead = sequence !== to || row.hash === head;
      if (!isRight || !isHead) differing.push(sequence);
      before = isRight ? [row.hash] : [row.hash, ...hashes];
    }
    await onRows(rows);
  }
  if (forked) await onRows(forked.rows);
  if (forked || known === to) return { missing, differing, isShort: false };
  const held = Math.max(from - 1, known);
  // Where HQ has nothing to follow on, the whole epoch is looked for, from its beginning.
  const above = before.length > 0 ? await findAbove(sql, kioskId, range, held, last, before) : (await findAbove(sql, kioskId, range, 0, undefined, [genesisHash]))?.slice(held);
  if (above) {
    await onRows(above);
    return { missing, differing, isShort: false };
  }
  for (let sequence = Math.max(from, known + 1); sequence <= to; sequence++) missing.push(sequence);
  return { missing, differing, isShort: true };
}

/**
 * A kiosk that went back to an image and closes a day before it has heard from HQ signs numbers that are other events here. Its own came in a later epoch, at its
 * beginning or behind what both lines have: the end of the range is theirs, from where the two part.
 */
async function findForked(sql: Queries, kioskId: string, { lane, epoch, from, to, head }: ClosingRange, headBefore: string | undefined): Promise<{ readonly after: number; readonly rows: readonly EventRow[] } | undefined> {
  const lowest = Math.max(from - 1, to - forkedAtMost);
  const shared = await sql<{ sequence: number; event_id: string; hash: string }[]>`
    select sequence, event_id, hash from events where kiosk_id = ${kioskId} and lane = ${lane} and epoch = ${epoch} and sequence between ${lowest} and ${to - 1} order by sequence desc`;
  const later = await sql<{ epoch: number; sequence: number; event_id: string }[]>`
    select c.epoch, coalesce(min(e.sequence), 0) as sequence, coalesce(e.event_id::text, '') as event_id from cursors c
    left join events e on e.kiosk_id = c.kiosk_id and e.lane = c.lane and e.epoch = c.epoch and e.event_id in ${sql(['00000000-0000-0000-0000-000000000000', ...shared.map((row) => row.event_id)])}
    where c.kiosk_id = ${kioskId} and c.lane = ${lane} and c.epoch > ${epoch} group by c.epoch, e.event_id`;
  for (const place of Map.groupBy(later, (row) => row.epoch).values()) {
    const at = new Map(place.map((row) => [row.event_id, row.sequence]));
    const first = Math.min(...at.values());
    const rows = await sql<EventRow[]>`
      select ${eventColumns(sql)} from events where kiosk_id = ${kioskId} and lane = ${lane} and epoch = ${place[0]!.epoch}
        and (sequence <= ${forkedAtMost} or sequence between ${first} and ${first + 2 * forkedAtMost}) order by sequence`;
    const bySequence = new Map(rows.map((row) => [row.sequence, row]));
    const candidates = [...shared.map(({ sequence, event_id, hash }) => ({ after: sequence, before: hash, start: at.get(event_id) ?? 0 })), ...(from === 1 ? [{ after: 0, before: genesisHash, start: 0 }] : [])];
    for (const { after, before, start } of candidates) {
      const own = Array.from({ length: to - after }, (_, index) => bySequence.get(start + index + 1));
      if (!own.every((row) => row !== undefined)) continue;
      const hash = own.reduce((last, row, index) => hashAfter(last, lane, epoch, { ...eventOfRow(row), sequence: after + index + 1 }), after === from - 1 ? headBefore ?? before : before);
      if (hash === head) return { after, rows: own };
    }
  }
  return undefined;
}

async function storedHash(sql: Queries, kioskId: string, lane: Lane, epoch: number, sequence: number): Promise<string[]> {
  const [row] = await sql<{ hash: string }[]>`select hash from events where kiosk_id = ${kioskId} and lane = ${lane} and epoch = ${epoch} and sequence = ${sequence}`;
  return row && row.hash !== '' ? [row.hash] : [];
}

/**
 * The rows under which the end of a range came in later epochs: a kiosk that leaves an epoch gives what HQ may lack new numbers there, in the same order and with
 * the same ids. They are the same events if, under their old numbers, they lead to the signed head. Undefined where that is not so.
 */
async function findAbove(sql: Queries, kioskId: string, { lane, epoch, to, head }: ClosingRange, from: number, last: EventRow | undefined, before: readonly string[]): Promise<readonly EventRow[] | undefined> {
  const later = await sql<{ epoch: number; acknowledged: number }[]>`
    select epoch, acknowledged from cursors where kiosk_id = ${kioskId} and lane = ${lane} and epoch > ${epoch} order by epoch`;
  const lastRow = last ?? (from >= 1 ? await rowAt(sql, kioskId, lane, epoch, from) : undefined);
  const length = to - from;
  let hashesLeft = hashedAtMost;
  const leads = (rows: readonly EventRow[]) => before.some((start) => {
    hashesLeft -= rows.length;
    return rows.reduce((hash, row, at) => hashAfter(hash, lane, epoch, { ...eventOfRow(row), sequence: from + at + 1 }), start) === head;
  });
  for (const [index, { epoch: first, acknowledged }] of later.entries()) {
    // Behind what HQ had last is by far the likeliest place, then the beginning; anywhere else only where HQ has lost what came before.
    const behind = lastRow ? await sequenceOf(sql, kioskId, lane, first, lastRow.event_id) : undefined;
    const likely = [...new Set([behind ?? 0, 0])];
    const elsewhere = function* () {
      for (let start = 1; start < acknowledged; start++) if (!likely.includes(start)) yield start;
    };
    for (const start of [...likely, ...elsewhere()]) {
      if (hashesLeft <= 0) return undefined;
      const rows = await rowsFrom(sql, kioskId, lane, later.slice(index).map((step) => step.epoch), start, length);
      if (rows.length === length && leads(rows)) return rows;
      // Whatever starts later is shorter still.
      if (rows.length < length && start > 0) break;
    }
  }
  return undefined;
}

/** So many events behind a place of an epoch, and, where it ends, on in the epochs after it: behind the copy of the last, or from their beginning. */
async function rowsFrom(sql: Queries, kioskId: string, lane: Lane, epochs: readonly number[], start: number, length: number): Promise<readonly EventRow[]> {
  const found: EventRow[] = [];
  for (const [index, epoch] of epochs.entries()) {
    const newest = found.at(-1);
    const after = index === 0 ? start : newest ? ((await sequenceOf(sql, kioskId, lane, epoch, newest.event_id)) ?? 0) : 0;
    found.push(...(await sql<EventRow[]>`
      select ${eventColumns(sql)} from events where kiosk_id = ${kioskId} and lane = ${lane} and epoch = ${epoch} and sequence > ${after} order by sequence limit ${length - found.length}`));
    if (found.length === length) break;
  }
  return found;
}

/** Where an event stands in an epoch. */
async function sequenceOf(sql: Queries, kioskId: string, lane: Lane, epoch: number, eventId: string): Promise<number | undefined> {
  const [row] = await sql<{ sequence: number }[]>`
    select sequence from events where kiosk_id = ${kioskId} and event_id = ${eventId} and lane = ${lane} and epoch = ${epoch} order by sequence limit 1`;
  return row?.sequence;
}

async function rowAt(sql: Queries, kioskId: string, lane: Lane, epoch: number, sequence: number): Promise<EventRow | undefined> {
  const [row] = await sql<EventRow[]>`select ${eventColumns(sql)} from events where kiosk_id = ${kioskId} and lane = ${lane} and epoch = ${epoch} and sequence = ${sequence}`;
  return row;
}
