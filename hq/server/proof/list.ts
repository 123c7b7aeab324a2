import type { ProofResult, ProofRow } from '../../contract/console.ts';
import type { Queries } from '../database.ts';
import { closingOf } from '../ingest/understand.ts';

interface Row { kiosk_id: string; event_id: string; number: number; day: string; closed_at: number; occurred_at: number; state: ProofRow['state']; checked_at: number | null; body: string; result: ProofResult | null }

/** Closed days, the newest first: "nothing is lost" as a query. */
export async function listProofs(sql: Queries, { kioskId, limit = 60, onlyNotGreen = false }: { readonly kioskId?: string | undefined; readonly limit?: number; readonly onlyNotGreen?: boolean } = {}): Promise<readonly ProofRow[]> {
  const rows = await sql<Row[]>`
    select kiosk_id, event_id, number, day, closed_at, occurred_at, state, checked_at, body, result from proofs
    where true ${kioskId === undefined ? sql`` : sql`and kiosk_id = ${kioskId}`} ${onlyNotGreen ? sql`and state <> 'green'` : sql``}
    order by closed_at desc, event_id desc limit ${limit}`;
  return rows.map((row) => {
    const closing = closingOf(row.body);
    return {
      kioskId: row.kiosk_id, eventId: row.event_id, number: row.number, day: row.day, closedAt: row.closed_at, occurredAt: row.occurred_at,
      state: row.state, checkedAt: row.checked_at, result: row.result,
      events: closing.ok ? closing.value.ranges.reduce((sum, range) => sum + range.count, 0) : 0,
      orders: closing.ok ? closing.value.orders : {},
    };
  });
}
