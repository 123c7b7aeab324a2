import type { DayClosing } from '../../../domain/contract/hq.ts';
import type { EventPlaces, ProofResult } from '../../contract/console.ts';
import type { Queries } from '../database.ts';
import { closingOf } from '../ingest/understand.ts';

export interface Holes {
  readonly missingClosings: readonly number[];
  readonly uncounted: ProofResult['uncounted'];
  /** What of it has no row: it is asked for again. */
  readonly missing: readonly EventPlaces[];
}

type Range = DayClosing['ranges'][number];
type Place = { -readonly [Key in keyof ProofResult['uncounted'][number]]: ProofResult['uncounted'][number][Key] };

const listedNumbers = 100;
const readAtOnce = 50;
const sequencesAtOnce = 10_000;

/**
 * What lies between this closing and the others that HQ has: a day that vanished whole leaves a number out, and its events in no range. A kiosk counts
 * everything, so each range begins where another ended, or at 1; or what is between was counted under the numbers of another epoch, for a kiosk that goes back
 * to a copy, or is cloned, tells some of it again.
 * @param hasLogs as `checkClosing`
 */
export async function findHoles(sql: Queries, kioskId: string, closing: DayClosing, eventId: string, hasLogs: boolean): Promise<Holes> {
  const missing: EventPlaces[] = [];
  const uncounted: Place[] = [];
  const others = closingsAround(sql, kioskId, closing, eventId);
  for (const range of closing.ranges) {
    if (range.from === 1 || (range.lane === 'logs' && !hasLogs)) continue;
    const counted = await countedBefore(closing, others, range);
    if (counted === range.from - 1) continue;
    const hole = { lane: range.lane, epoch: range.epoch, from: counted + 1, to: Math.min(range.from - 1, counted + sequencesAtOnce) };
    const { sequences, withoutRow } = await findUncounted(sql, kioskId, closing, others, hole);
    if (withoutRow.length > 0) missing.push({ lane: range.lane, epoch: range.epoch, sequences: withoutRow });
    // An epoch that began between two closings begins with what the one before counts, maybe under numbers that never came here.
    else if (counted === 0) continue;
    for (const sequence of sequences) {
      const last = uncounted.at(-1);
      if (last?.lane === range.lane && last.epoch === range.epoch && last.to === sequence - 1) last.to = sequence;
      else uncounted.push({ lane: range.lane, epoch: range.epoch, from: sequence, to: sequence });
    }
  }
  return { missingClosings: await numbersMissing(sql, kioskId, closing.number), uncounted, missing };
}

/** The ranges of the kiosk's other closings, some at a time: the one before has what is looked for nearly always. Numbers may come twice (a kiosk was restored), so not by them alone. */
function closingsAround(sql: Queries, kioskId: string, closing: DayClosing, eventId: string) {
  return async function* (): AsyncGenerator<readonly Range[]> {
    for (let offset = 0, limit = 1; ; offset += limit, limit = readAtOnce) {
      const rows = await sql<{ body: string }[]>`
        select body from proofs where kiosk_id = ${kioskId} and event_id <> ${eventId}
        order by abs(number - ${closing.number - 1}), closed_at, event_id limit ${limit} offset ${offset}`;
      yield rows.flatMap(({ body }) => {
        const other = closingOf(body);
        return other.ok ? other.value.ranges : [];
      });
      if (rows.length < limit) return;
    }
  };
}

/** The last sequence before a range that a closing counts; 0 where none does. */
async function countedBefore({ ranges }: DayClosing, others: () => AsyncIterable<readonly Range[]>, { lane, epoch, from }: Range): Promise<number> {
  const lastOf = (of: readonly Range[]) => Math.max(0, ...of.flatMap((other) => (other.lane === lane && other.epoch === epoch && other.from < from ? [Math.min(other.to, from - 1)] : [])));
  let counted = lastOf(ranges);
  for await (const of of others()) {
    counted = Math.max(counted, lastOf(of));
    if (counted === from - 1) break;
  }
  return counted;
}

/** Which sequences of a hole no closing counts, under no number that HQ has of the event; and which have no row. What is from before there were chains nobody counts. */
async function findUncounted(sql: Queries, kioskId: string, closing: DayClosing, others: () => AsyncIterable<readonly Range[]>, { lane, epoch, from, to }: Place) {
  const rows = await sql<{ wanted: number; epoch: number | null; sequence: number | null; hash: string | null }[]>`
    select wanted.sequence as wanted, here.hash, place.epoch, place.sequence from generate_series(${from}::bigint, ${to}::bigint) as wanted (sequence)
    left join events here on here.kiosk_id = ${kioskId} and here.lane = ${lane} and here.epoch = ${epoch} and here.sequence = wanted.sequence
    left join events place on place.kiosk_id = ${kioskId} and place.lane = ${lane} and place.event_id = here.event_id
    order by wanted.sequence`;
  const places = new Map<number, { readonly epoch: number; readonly sequence: number }[]>();
  const withoutRow: number[] = [];
  for (const row of rows) {
    if (row.hash === null) withoutRow.push(row.wanted);
    if (row.hash === '') continue;
    const of = places.get(row.wanted) ?? [];
    if (row.epoch !== null && row.sequence !== null) of.push({ epoch: row.epoch, sequence: row.sequence });
    places.set(row.wanted, of);
  }
  const leaveOut = (ranges: readonly Range[]) => {
    const ofLane = ranges.filter((range) => range.lane === lane);
    for (const [wanted, of] of places) {
      if (of.some((place) => ofLane.some((range) => range.epoch === place.epoch && place.sequence >= range.from && place.sequence <= range.to))) places.delete(wanted);
    }
  };
  leaveOut(closing.ranges);
  for await (const ranges of others()) {
    leaveOut(ranges);
    if (places.size === 0) break;
  }
  return { sequences: [...places.keys()], withoutRow };
}

/** The numbers below this one of which HQ has no closing, the newest first. */
async function numbersMissing(sql: Queries, kioskId: string, number: number): Promise<readonly number[]> {
  if (number === 1) return [];
  const [before] = await sql<{ number: number }[]>`select number from proofs where kiosk_id = ${kioskId} and number < ${number} order by number desc limit 1`;
  const last = before?.number ?? 0;
  const count = Math.min(listedNumbers, number - 1 - last);
  return Array.from({ length: Math.max(0, count) }, (_, index) => number - 1 - index);
}
