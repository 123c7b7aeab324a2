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
const listedNumbers = 100;
const readAtOnce = 50;
const missingAtOnce = 10_000;

/**
 * What lies between this closing and the others that HQ has: a day that vanished whole leaves a number out, and its events in no range. A kiosk counts
 * everything, so each range begins where another ended, or at 1.
 * @param hasLogs as `checkClosing`
 */
export async function findHoles(sql: Queries, kioskId: string, closing: DayClosing, eventId: string, hasLogs: boolean): Promise<Holes> {
  const missing: EventPlaces[] = [];
  const uncounted: ProofResult['uncounted'][number][] = [];
  for (const range of closing.ranges) {
    if (range.from === 1 || (range.lane === 'logs' && !hasLogs)) continue;
    const counted = await countedBefore(sql, kioskId, closing, eventId, range);
    if (counted === range.from - 1) continue;
    const hole = { lane: range.lane, epoch: range.epoch, from: counted + 1, to: range.from - 1 };
    const sequences = await withoutRow(sql, kioskId, hole);
    if (sequences.length > 0) missing.push({ lane: range.lane, epoch: range.epoch, sequences });
    // An epoch that began between two closings begins with what the one before counts under older numbers. And from before there were chains, nothing is counted.
    else if (counted === 0 || (await isUnchained(sql, kioskId, hole))) continue;
    uncounted.push(hole);
  }
  return { missingClosings: await numbersMissing(sql, kioskId, closing.number), uncounted, missing };
}

/** The last sequence before a range that another closing counts; 0 where none does. */
async function countedBefore(sql: Queries, kioskId: string, closing: DayClosing, eventId: string, { lane, epoch, from }: Range): Promise<number> {
  let counted = 0;
  // The one before has it nearly always. Numbers may come twice (a kiosk was restored), so not by them alone.
  for (let offset = 0; ; offset += readAtOnce) {
    const rows = await sql<{ body: string }[]>`
      select body from proofs where kiosk_id = ${kioskId} and event_id <> ${eventId}
      order by abs(number - ${closing.number - 1}), closed_at, event_id limit ${offset === 0 ? 1 : readAtOnce} offset ${offset === 0 ? 0 : 1 + offset - readAtOnce}`;
    for (const { body } of rows) {
      const other = closingOf(body);
      for (const range of other.ok ? other.value.ranges : []) {
        if (range.lane === lane && range.epoch === epoch && range.from < from) counted = Math.max(counted, Math.min(range.to, from - 1));
      }
    }
    if (counted === from - 1 || (offset > 0 && rows.length < readAtOnce) || rows.length === 0) return counted;
  }
}

async function withoutRow(sql: Queries, kioskId: string, { lane, epoch, from, to }: ProofResult['uncounted'][number]): Promise<readonly number[]> {
  const until = Math.min(to, from + missingAtOnce - 1);
  const rows = await sql<{ sequence: number }[]>`
    select wanted.sequence from generate_series(${from}::bigint, ${until}::bigint) as wanted (sequence)
    where not exists (select 1 from events e where e.kiosk_id = ${kioskId} and e.lane = ${lane} and e.epoch = ${epoch} and e.sequence = wanted.sequence)`;
  return rows.map(({ sequence }) => sequence).toSorted((a, b) => a - b);
}

async function isUnchained(sql: Queries, kioskId: string, { lane, epoch, from, to }: ProofResult['uncounted'][number]): Promise<boolean> {
  const [chained] = await sql`
    select 1 from events where kiosk_id = ${kioskId} and lane = ${lane} and epoch = ${epoch} and sequence between ${from} and ${to} and hash <> '' limit 1`;
  return !chained;
}

/** The numbers below this one of which HQ has no closing, the newest first. */
async function numbersMissing(sql: Queries, kioskId: string, number: number): Promise<readonly number[]> {
  if (number === 1) return [];
  const [before] = await sql<{ number: number }[]>`select number from proofs where kiosk_id = ${kioskId} and number < ${number} order by number desc limit 1`;
  const last = before?.number ?? 0;
  const count = Math.min(listedNumbers, number - 1 - last);
  return Array.from({ length: Math.max(0, count) }, (_, index) => number - 1 - index);
}
