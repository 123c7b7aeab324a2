import type { ProofResult } from '../../contract/console.ts';
import type { Sql } from '../database.ts';
import { raiseAlarm, settleAlarms } from '../ingest/alarms.ts';
import { checkClosing, isGreen } from './check.ts';

/** How long HQ waits for what a closed day counts and has not come, before it calls that missing. */
const waitMs = 24 * 3_600_000;
/** Logs are let go after this (`thinLogs`), and are held against a closed day for a shorter time: what it counts had come before it. */
export const logsKeptMs = 90 * 24 * 3_600_000;
const logsCheckedMs = 30 * 24 * 3_600_000;

interface ProofRow { kiosk_id: string; event_id: string; day: string; body: string; signature: string; occurred_at: number; checks: number }
type State = 'waiting' | 'green' | 'red';

/** Checks what waits to be checked: of a kiosk, or of all (at start, and from time to time). Answers how many are settled now. */
export async function checkWaiting(sql: Sql, kioskId: string | undefined, now: number): Promise<number> {
  return checkAll(sql, await readProofs(sql, kioskId, ['waiting']), now);
}

/** Checks again what was not green: after events came again, or because a person asks. */
export async function checkNotGreen(sql: Sql, kioskId: string | undefined, now: number): Promise<number> {
  return checkAll(sql, await readProofs(sql, kioskId, ['waiting', 'red']), now);
}

/** Checks every closed day of a kiosk, also what was green: rows may have changed since. */
export async function checkEvery(sql: Sql, kioskId: string | undefined, now: number): Promise<number> {
  return checkAll(sql, await readProofs(sql, kioskId, ['waiting', 'red', 'green']), now);
}

function proofColumns(sql: Sql) {
  return sql`kiosk_id, event_id, day, body, signature, occurred_at, checks`;
}

async function checkAll(sql: Sql, proofs: readonly ProofRow[], now: number): Promise<number> {
  let settled = 0;
  for (const proof of proofs) if ((await checkProof(sql, proof, now)) !== 'waiting') settled++;
  return settled;
}

async function readProofs(sql: Sql, kioskId: string | undefined, states: readonly string[]): Promise<readonly ProofRow[]> {
  return sql<ProofRow[]>`
    select ${proofColumns(sql)} from proofs
    where state in ${sql([...states])} ${kioskId === undefined ? sql`` : sql`and kiosk_id = ${kioskId}`} order by kiosk_id, closed_at limit 10000`;
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
  const { result, isShort } = await sql.begin('isolation level repeatable read read only', (snapshot) => checkClosing(snapshot, kioskId, proof, now - proof.occurred_at < logsCheckedMs));
  const state = isGreen(result) ? 'green' : isShort && now - proof.occurred_at < waitMs ? 'waiting' : 'red';
  return sql.begin(async (transaction) => {
    const rows = await transaction`
      update proofs set state = ${state}, checks = ${checks + 1}, checked_at = ${now}, result = ${transaction.json(result as never)}
      where kiosk_id = ${kioskId} and event_id = ${eventId} and checks = ${checks} returning event_id`;
    if (rows.length === 0) return undefined;
    if (state === 'red') await raiseAlarm(transaction, { kioskId, kind: 'proof_red', subject: eventId, detail: `${proof.day}: ${describeResult(result)}`, at: now });
    if (state === 'green') await settleAlarms(transaction, kioskId, 'proof_red', now, eventId);
    return state;
  });
}

/** "signature wrong; missing orders 1/17, 1/18; differing …; tables: payments by orders 1/19; sums: orders CNY" */
export function describeResult({ signature, missing, differing, projections, sums, more }: ProofResult): string {
  const places = (list: ProofResult['missing']) => list.map(({ lane, epoch, sequences }) => `${lane} ${sequences.slice(0, 20).map((sequence) => `${epoch}/${sequence}`).join(', ')}${sequences.length > 20 ? ` and ${sequences.length - 20} more` : ''}`).join('; ');
  return [
    signature === 'valid' ? '' : signature === 'wrong' ? 'signature wrong' : 'no key to check the signature with',
    missing.length > 0 ? `missing ${places(missing)}` : '',
    differing.length > 0 ? `differing ${places(differing)}` : '',
    projections.length > 0 ? `tables ${projections.slice(0, 20).map(({ table, lane, epoch, sequence }) => `${table} by ${lane} ${epoch}/${sequence}`).join(', ')}` : '',
    sums.length > 0 ? `sums ${sums.join(', ')}` : '',
    more > 0 ? `${more} more` : '',
  ].filter(Boolean).join('; ') || 'all is as the kiosk signed it';
}
