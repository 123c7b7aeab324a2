import type { ProofResult } from '../../contract/console.ts';
import type { Queries } from '../database.ts';
import type { EventRow } from '../ingest/rebuild.ts';
import { effectiveOfRow, eventColumns, eventOfRow } from '../ingest/rebuild.ts';
import type { Effective } from '../ingest/understand.ts';
import { orderOf, understand } from '../ingest/understand.ts';
import type { Difference } from './compare-orders.ts';

export interface RowsRead {
  /** Those that have an effect and whose rows say so. */
  readonly effective: readonly Effective[];
  /** The orders that the rows tell of, also where their events have their effect under another number. */
  readonly orders: ReadonlySet<string>;
  readonly misfiled: readonly Difference[];
  readonly setAside: ProofResult['setAside'];
}

/** What may be a row's reason, and still be nothing that is wrong: a newer kiosk's words, which are kept until HQ is updated. */
const ofNewerKiosks: ReadonlySet<string> = new Set(['unknown_kind', 'unknown_version']);
/** Not understood when they came: their rows are filed when an update understands them (`reapply`). */
const unread: ReadonlySet<string> = new Set(['unknown_kind', 'unknown_version', 'breaks_schema', 'not_json', 'not_storable']);

/**
 * Reads raw rows with the columns that the chain does not cover: whether an event has its effect under this number, and which order it belongs to. Two rows must
 * not agree to leave an event out.
 */
export async function readRows(sql: Queries, kioskId: string, rows: readonly EventRow[]): Promise<RowsRead> {
  const firsts = await readFirsts(sql, kioskId, rows);
  const open = await readOpen(sql, kioskId, rows);
  const effective: Effective[] = [];
  const orders = new Set<string>();
  const misfiled: Difference[] = [];
  const setAside: ProofResult['setAside'][number][] = [];
  const at = ({ lane, epoch, sequence }: Pick<EventRow, 'lane' | 'epoch' | 'sequence'>) => ({ lane, epoch, sequence });
  for (const row of rows) {
    const reading = understand(eventOfRow(row));
    const orderId = reading.ok ? orderOf(reading.value) : undefined;
    const reason = open.get(row.event_id) ?? (reading.ok ? undefined : reading.error.reason);
    if (reason !== undefined) setAside.push({ ...at(row), reason, waitsForUpdate: ofNewerKiosks.has(reason) });
    if (orderId !== undefined) orders.add(orderId);
    if (reason !== undefined && unread.has(reason)) continue;
    if (row.repeated) {
      const first = firsts.get(row.event_id);
      if (!first) misfiled.push({ ...at(row), table: 'events', id: row.event_id });
      // The same id for something else was set aside for that.
      else if (reason !== 'id_reused' && !(first.kind === row.kind && first.payload === row.payload)) misfiled.push({ ...at(row), table: 'events', id: row.event_id });
      else if (reason !== 'id_reused' && !isFiled(first, orderId)) misfiled.push({ ...at(first), table: 'events', id: row.event_id });
    } else if (!isFiled(row, orderId)) misfiled.push({ ...at(row), table: 'events', id: row.event_id });
    else {
      const event = effectiveOfRow(row);
      if (event) effective.push(event);
    }
  }
  return { effective, orders, misfiled, setAside };
}

/** Whether a row belongs to the order that its event names. */
export function isFiled(row: Pick<EventRow, 'order_id'>, orderId: string | undefined): boolean {
  return row.order_id === (orderId?.toLowerCase() ?? null);
}

/** The rows under which repeated events have their effect, by event. */
async function readFirsts(sql: Queries, kioskId: string, rows: readonly EventRow[]): Promise<ReadonlyMap<string, EventRow>> {
  const ids = rows.filter(({ repeated }) => repeated).map((row) => row.event_id as string);
  if (ids.length === 0) return new Map();
  const firsts = await sql<EventRow[]>`select ${eventColumns(sql)} from events where kiosk_id = ${kioskId} and not repeated and event_id in ${sql(ids)}`;
  return new Map(firsts.map((row) => [row.event_id, row]));
}

/** Why events are set aside that no update and no person has settled yet, by event. Few are open, however many events there are. */
async function readOpen(sql: Queries, kioskId: string, rows: readonly EventRow[]): Promise<ReadonlyMap<string, string>> {
  if (rows.length === 0) return new Map();
  const open = await sql<{ event_id: string; reason: string }[]>`
    select event_id, reason from quarantined_events where kiosk_id = ${kioskId} and settled_at is null and event_id in ${sql(rows.map((row) => row.event_id as string))}`;
  return new Map(open.map((row) => [row.event_id, row.reason]));
}
