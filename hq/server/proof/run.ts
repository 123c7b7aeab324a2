import type { ProofResult } from '../../contract/console.ts';
import { factsOfProof, proofResultWords } from '../../contract/proof-words.ts';
import type { PendingQuery, Row } from 'postgres';
import { raiseWithFacts } from '../alerts/raise.ts';
import type { Sql } from '../database.ts';
import { eachKiosk } from '../jobs/each-kiosk.ts';
import { settleAlarms } from '../ingest/alarms.ts';
import { closingOf } from '../ingest/understand.ts';
import type { ProofToCheck } from './check.ts';
import { checkClosing, isGreen } from './check.ts';
import { restoreLostProofs } from './closings.ts';

/** How long HQ waits for what a closed day counts and has not come, before it calls that missing. */
const waitMs = 24 * 3_600_000;
/** Logs are let go after this (`thinLogs`), and are held against a closed day for a shorter time: what it counts had come before it. */
export const logsKeptMs = 90 * 24 * 3_600_000;
const logsCheckedMs = 30 * 24 * 3_600_000;

/** A red day is looked at again by itself this often: after an update, or when a closing before it came late. */
const redAgainMs = 3_600_000;
const atOnce = 200;

interface ProofRow extends ProofToCheck {
  readonly kiosk_id: string;
  readonly day: string;
  readonly closed_at: number;
  readonly checks: number;
  /** When its event came; null where HQ has lost it. */
  readonly received_at: number | null;
}
type State = 'waiting' | 'green' | 'red';
type Condition = (sql: Sql) => PendingQuery<Row[]>;

/** Checks what waits to be checked: of a kiosk, or of all (at start, and from time to time; then also what has been red for a while). Answers how many are settled now. */
export async function checkWaiting(sql: Sql, kioskId: string | undefined, now: number): Promise<number> {
  const isDue: Condition = kioskId === undefined ? () => sql`(state = 'waiting' or (state = 'red' and checked_at <= ${now - redAgainMs}))` : () => sql`state = 'waiting'`;
  return checkAll(sql, kioskId, isDue, now);
}

/** Checks again what was not green: after events came again, or because a person asks. Answers how many are settled now. */
export async function checkNotGreen(sql: Sql, kioskId: string | undefined, now: number): Promise<number> {
  return checkAll(sql, kioskId, () => sql`state in ('waiting', 'red')`, now);
}

/** Checks every closed day of a kiosk, also what was green: rows may have changed since. And puts back the newest days whose rows are gone. Answers how many are settled now. */
export async function checkEvery(sql: Sql, kioskId: string | undefined, now: number): Promise<number> {
  const kiosks = kioskId === undefined ? (await sql<{ kiosk_id: string }[]>`select distinct kiosk_id from cursors order by kiosk_id`).map((row) => row.kiosk_id) : [kioskId];
  // What fails here is told when every day has been looked at.
  const restored = await Promise.allSettled([eachKiosk(kiosks, (each) => restoreLostProofs(sql, each, now))]);
  const settled = await checkAll(sql, kioskId, () => sql`true`, now);
  for (const outcome of restored) if (outcome.status === 'rejected') throw outcome.reason;
  return settled;
}

/**
 * For after each batch: one check of a kiosk at a time in this process, however fast batches come, and only of days of which no lane is short by HQ's marks: while a
 * backlog drains, the rest costs nothing. What is not looked at here is by the job of every five minutes.
 */
export function createBatchChecks(sql: Sql, now: () => number, onProblem: (kioskId: string, error: unknown) => void): (kioskId: string) => void {
  const running = new Map<string, 'once' | 'again'>();
  const work = async (kioskId: string): Promise<void> => {
    try {
      do {
        running.set(kioskId, 'once');
        const marks = await sql<Mark[]>`select lane, epoch, acknowledged from cursors where kiosk_id = ${kioskId}`;
        await checkAll(sql, kioskId, () => sql`state = 'waiting'`, now(), ({ body }) => hasCome(body, marks));
      } while (running.get(kioskId) === 'again');
    } finally {
      // In the same step as the last look at it, so that no call in between is lost.
      running.delete(kioskId);
    }
  };
  return (kioskId) => {
    if (running.has(kioskId)) running.set(kioskId, 'again');
    else void work(kioskId).catch((error: unknown) => onProblem(kioskId, error));
  };
}

interface Mark { readonly lane: string; readonly epoch: number; readonly acknowledged: number }

/** Whether everything that a closing counts may be here: under its numbers, or as many events in later epochs. */
function hasCome(body: string, marks: readonly Mark[]): boolean {
  const closing = closingOf(body);
  return closing.ok && closing.value.ranges.every(({ lane, epoch, from, to }) => {
    const held = marks.find((mark) => mark.lane === lane && mark.epoch === epoch)?.acknowledged ?? 0;
    const later = marks.filter((mark) => mark.lane === lane && mark.epoch > epoch).reduce((sum, mark) => sum + mark.acknowledged, 0);
    return held >= to || later >= to - Math.max(held, from - 1);
  });
}

function proofColumns(sql: Sql) {
  return sql`kiosk_id, event_id, lane, epoch, sequence, day, body, signature, closed_at, occurred_at, checks,
    (select received_at from events e where e.kiosk_id = proofs.kiosk_id and e.lane = proofs.lane and e.epoch = proofs.epoch and e.sequence = proofs.sequence) as received_at`;
}

async function checkAll(sql: Sql, kioskId: string | undefined, condition: Condition, now: number, isWanted: (proof: ProofRow) => boolean = () => true): Promise<number> {
  const kiosks = kioskId === undefined ? (await sql<{ kiosk_id: string }[]>`select distinct kiosk_id from proofs where ${condition(sql)} order by kiosk_id`).map((row) => row.kiosk_id) : [kioskId];
  // What fails for one kiosk is done for the others all the same, and thrown at the end.
  return eachKiosk(kiosks, async (each) => {
    let settled = 0;
    let after = { closedAt: -1, eventId: '00000000-0000-0000-0000-000000000000' };
    for (;;) {
      const proofs: readonly ProofRow[] = await sql<ProofRow[]>`
        select ${proofColumns(sql)} from proofs where kiosk_id = ${each} and (closed_at, event_id) > (${after.closedAt}, ${after.eventId}) and ${condition(sql)}
        order by closed_at, event_id limit ${atOnce}`;
      for (const proof of proofs) if (isWanted(proof) && (await checkProof(sql, proof, now)) !== 'waiting') settled++;
      const last = proofs.at(-1);
      if (!last || proofs.length < atOnce) return settled;
      after = { closedAt: last.closed_at, eventId: last.event_id };
    }
  });
}

async function checkProof(sql: Sql, first: ProofRow, now: number): Promise<State | undefined> {
  let proof: ProofRow | undefined = first;
  while (proof) {
    const { kiosk_id: kioskId, event_id: eventId }: ProofRow = proof;
    const state = await checkOnce(sql, proof, now);
    if (state) return state;
    // Somebody else has written what they found meanwhile, perhaps from older rows than these: it is looked at once more.
    [proof] = await sql<ProofRow[]>`select ${proofColumns(sql)} from proofs where kiosk_id = ${kioskId} and event_id = ${eventId}`;
  }
  return undefined;
}

/** @returns undefined where another check was written since the row was read */
async function checkOnce(sql: Sql, proof: ProofRow, now: number): Promise<State | undefined> {
  const { kiosk_id: kioskId, event_id: eventId, checks } = proof;
  // Since its event is here, which no clock of a kiosk decides: one that is years ahead would have HQ wait for years.
  const since = proof.received_at ?? Math.min(proof.occurred_at, now - waitMs);
  const { result, isShort } = await sql.begin('isolation level repeatable read read only', (snapshot) => checkClosing(snapshot, kioskId, proof, now - Math.min(proof.occurred_at, since) < logsCheckedMs));
  const state = isGreen(result) ? 'green' : isShort && now - since < waitMs ? 'waiting' : 'red';
  return sql.begin(async (transaction) => {
    const rows = await transaction`
      update proofs set state = ${state}, checks = ${checks + 1}, checked_at = ${now}, result = ${transaction.json(result as never)}
      where kiosk_id = ${kioskId} and event_id = ${eventId} and checks = ${checks} returning event_id`;
    if (rows.length === 0) return undefined;
    if (state === 'red') await raiseWithFacts(transaction, { kioskId, kind: 'proof_red', subject: eventId, facts: { what: 'day', day: proof.day, ...factsOfProof(result) }, at: now });
    if (state === 'green') await settleAlarms(transaction, kioskId, 'proof_red', now, eventId);
    return state;
  });
}

/** As an alarm of a red day tells it. */
export function describeResult(result: ProofResult): string {
  return proofResultWords(factsOfProof(result)).en;
}
