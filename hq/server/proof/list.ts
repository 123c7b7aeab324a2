import type { ProofResult, ProofRow } from '../../contract/console.ts';
import type { Queries } from '../database.ts';
import { closingOf } from '../ingest/understand.ts';

interface Row { kiosk_id: string; event_id: string; number: number; day: string; closed_at: number; occurred_at: number; state: ProofRow['state']; checked_at: number | null; body: string; result: ProofResult | null }

export interface ProofFilter {
  readonly kioskId?: string | undefined;
  /** So many rows at most. */
  readonly limit?: number;
  /** Of so many days at most, the newest that anything was closed for, however many kiosks closed them. */
  readonly days?: number;
  readonly states?: readonly ProofRow['state'][];
  /** Behind this one in the list. */
  readonly after?: Pick<ProofRow, 'closedAt' | 'eventId'> | undefined;
}

/** Closed days, the newest first: "nothing is lost" as a query. */
export async function listProofs(sql: Queries, { kioskId, limit = 60, days, states, after }: ProofFilter = {}): Promise<readonly ProofRow[]> {
  const ofKiosk = kioskId === undefined ? sql`` : sql`and kiosk_id = ${kioskId}`;
  // Asked for by themselves: a join over kiosks is more than every database of many machines can do.
  const newestDays = days === undefined ? undefined : await sql<{ day: string }[]>`select distinct day from proofs where true ${ofKiosk} order by day desc limit ${days}`;
  if (newestDays?.length === 0) return [];
  const rows = await sql<Row[]>`
    select kiosk_id, event_id, number, day, closed_at, occurred_at, state, checked_at, body, result from proofs
    where true ${ofKiosk} ${states === undefined ? sql`` : sql`and state in ${sql([...states])}`}
      ${newestDays === undefined ? sql`` : sql`and day in ${sql(newestDays.map(({ day }) => day))}`}
      ${after === undefined ? sql`` : sql`and (closed_at, event_id) < (${after.closedAt}, ${after.eventId})`}
    order by closed_at desc, event_id desc limit ${limit}`;
  return rows.map((row) => {
    const closing = closingOf(row.body);
    return {
      kioskId: row.kiosk_id, eventId: row.event_id, number: row.number, day: row.day, closedAt: row.closed_at, occurredAt: row.occurred_at,
      state: row.state, checkedAt: row.checked_at, result: row.result && { ...notLookedFor, ...row.result },
      events: closing.ok ? closing.value.ranges.reduce((sum, range) => sum + range.count, 0) : 0,
      orders: closing.ok ? closing.value.orders : {},
    };
  });
}

/** What a check of before did not look for. */
const notLookedFor = { setAside: [], missingClosings: [], uncounted: [] };

/** How many closed days there are in each state. */
export async function countProofs(sql: Queries, kioskId: string | undefined): Promise<Readonly<Record<ProofRow['state'], number>>> {
  const rows = await sql<{ state: ProofRow['state']; days: number }[]>`
    select state, count(*) as days from proofs ${kioskId === undefined ? sql`` : sql`where kiosk_id = ${kioskId}`} group by state`;
  return { green: 0, red: 0, waiting: 0, ...Object.fromEntries(rows.map(({ state, days }) => [state, days])) };
}
