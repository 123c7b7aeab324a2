import type { Queries } from '../database.ts';
import { isOfBefore, readOrderEvents } from '../ingest/rebuild.ts';
import type { Effective } from '../ingest/understand.ts';
import { closingOf } from '../ingest/understand.ts';
import type { OrderTable } from './told-rows.ts';
import { columnsSinceThree, isAsTold, isSameJson, orderTables, someEventOf, toldRows } from './told-rows.ts';

/** An event that HQ has, and a row of a table that is not what the event comes to. Sequence 0: no event tells of the row, so none that came again would mend it. */
export interface Difference {
  readonly lane: string;
  readonly epoch: number;
  readonly sequence: number;
  readonly table: string;
  readonly id: string;
}

type HeldRow = Readonly<Record<string, unknown>> & { readonly order_id: string; readonly is_of_before?: boolean };

/** Holds what stands in the tables of these orders against all their events, folded anew. Within one snapshot of the database. */
export async function compareOrders(sql: Queries, kioskId: string, orderIds: readonly string[]): Promise<readonly Difference[]> {
  const events = await readOrderEvents(sql, kioskId, orderIds);
  const told = toldRows(events);
  const someEvent = someEventOf(events);
  const found = new Map<string, Difference>();
  const differs = (event: Effective | undefined, table: string, id: string) => {
    if (event) found.set(`${table} ${id} ${event.lane} ${event.epoch} ${event.event.sequence}`, { lane: event.lane, epoch: event.epoch, sequence: event.event.sequence, table, id });
  };
  for (const table of Object.keys(orderTables) as OrderTable[]) {
    const { key } = orderTables[table];
    const rows = new Map((await readRows(sql, kioskId, table, orderIds)).map((row) => [key.map((name) => String(row[name])).join(' '), row]));
    const idOf = (id: string) => id.split(' ')[0] ?? id;
    for (const [id, { event, columns }] of told[table]) {
      const row = rows.get(id);
      // A row of before there was a list keeps what the events do not say, and one of before version 3 lacks what the events of today say besides.
      const isUnsaid = (name: string) => (row?.is_of_before === true && name !== 'decision' && columns[name] === null) || (table === 'order_lines' && event.event.version < 3 && columnsSinceThree.has(name) && row?.[name] === null);
      const names = Object.keys(columns).filter((name) => !isUnsaid(name));
      if (!row || !names.every((name) => isAsTold(name, columns[name], row[name]))) differs(event, table, idOf(id));
    }
    for (const [id, row] of rows) if (!told[table].has(id) && !(row.is_of_before === true && row['decision'] === null)) differs(someEvent.get(row.order_id), table, idOf(id));
  }
  const moves = new Set(events.filter(({ kind }) => kind === 'stock.moved').map(({ lane, epoch, event }) => `${lane} ${epoch} ${event.sequence}`));
  const moved = await sql<{ lane: string; epoch: number; sequence: number; offer_id: string; order_id: string }[]>`
    select lane, epoch, sequence, offer_id, order_id from stock_moves where kiosk_id = ${kioskId} and order_id in ${sql([...orderIds])}`;
  for (const row of moved) if (!moves.has(`${row.lane} ${row.epoch} ${row.sequence}`)) differs(someEvent.get(row.order_id), 'stock_moves', row.offer_id);
  return [...found.values()];
}

async function readRows(sql: Queries, kioskId: string, table: OrderTable, orderIds: readonly string[]): Promise<readonly HeldRow[]> {
  const { key, columns } = orderTables[table];
  const names = [...new Set(['order_id', ...key, ...columns])];
  return sql<HeldRow[]>`
    select ${sql(names)} ${table === 'attention' ? sql`, ${isOfBefore(sql)} as is_of_before` : sql``} from ${sql(table)}
    where kiosk_id = ${kioskId} and order_id in ${sql([...orderIds])}`;
}

/**
 * Orders that no event has placed, among those that lists show between two times. Every time is in the span of some closed day, so that each of them is found once.
 * @param after exclusive, epoch milliseconds UTC; @param until inclusive
 */
export async function findMadeUpOrders(sql: Queries, kioskId: string, after: number, until: number): Promise<readonly string[]> {
  const rows = await sql<{ order_id: string }[]>`
    select o.order_id from orders o where o.kiosk_id = ${kioskId} and o.occurred_at > ${after} and o.occurred_at <= ${until} and not exists (
      select 1 from events e where e.kiosk_id = o.kiosk_id and e.order_id = o.order_id and e.kind = 'order.placed' and not e.repeated)`;
  return rows.map((row) => row.order_id);
}

interface MoveRow {
  readonly sequence: number; readonly offer_id: string; readonly change: number; readonly remaining: number; readonly reason: string; readonly order_id: string | null;
  readonly lot_id: string | null; readonly lot_left: number | null; readonly slot: string | null; readonly best_before: string | null;
  readonly move_id: string | null; readonly visit_id: string | null; readonly staff: string | null; readonly why: string | null; readonly note: string | null;
}

/** The same of stock moves, which need not belong to an order: each against its row. */
export async function compareMoves(sql: Queries, kioskId: string, events: readonly Effective[]): Promise<readonly Difference[]> {
  const moves = events.filter((event) => event.kind === 'stock.moved');
  const [first] = moves;
  if (!first) return [];
  const sequences = moves.map(({ event }) => event.sequence);
  const rows = await sql<MoveRow[]>`
    select sequence, offer_id, change, remaining, reason, order_id, lot_id, lot_left, slot, best_before, move_id, visit_id, staff, why, note from stock_moves
    where kiosk_id = ${kioskId} and lane = ${first.lane} and epoch = ${first.epoch} and sequence between ${Math.min(...sequences)} and ${Math.max(...sequences)}`;
  const held = new Map(rows.map((row) => [row.sequence, row]));
  return moves.flatMap(({ lane, epoch, event: { sequence }, body }): Difference[] => {
    const row = held.get(sequence);
    const isSame = row && row.offer_id === body.offerId && row.change === body.change && row.remaining === body.left && row.reason === body.reason && row.order_id === (body.orderId?.toLowerCase() ?? null)
      && isSameJson(
        [row.lot_id, row.lot_left, row.slot, row.best_before, row.move_id, row.visit_id, row.staff, row.why, row.note],
        [body.lotId, body.lotLeft, body.slot, body.bestBefore, body.moveId?.toLowerCase(), body.visitId?.toLowerCase(), body.staff, body.why, body.note].map((told) => told ?? null),
      );
    return isSame ? [] : [{ lane, epoch, sequence, table: 'stock_moves', id: body.offerId }];
  });
}

/** What is left of each offer, and of each of its lots, must be what its newest move left, and an event must tell of that move. */
export async function compareStock(sql: Queries, kioskId: string, offerIds: readonly string[]): Promise<readonly Difference[]> {
  const found: Difference[] = [];
  for (const offerId of offerIds) {
    const [newest] = await sql<{ lane: string; epoch: number; sequence: number; remaining: number }[]>`
      select lane, epoch, sequence, remaining from stock_moves where kiosk_id = ${kioskId} and offer_id = ${offerId} order by lane desc, epoch desc, sequence desc limit 1`;
    const [left] = await sql<{ remaining: number }[]>`select remaining from stock where kiosk_id = ${kioskId} and offer_id = ${offerId}`;
    if (!newest) continue;
    const { lane, epoch, sequence } = newest;
    const [told] = await sql`select 1 from events where kiosk_id = ${kioskId} and lane = ${lane} and epoch = ${epoch} and sequence = ${sequence} and kind = 'stock.moved'`;
    if (!told) found.push({ lane, epoch, sequence: 0, table: 'stock_moves', id: offerId });
    else if (newest.remaining !== left?.remaining) found.push({ lane, epoch, sequence, table: 'stock', id: offerId });
    found.push(...(await compareLots(sql, kioskId, offerId)));
  }
  return found;
}

interface LotAgainstMoves { readonly lot_id: string; readonly lane: string | null; readonly epoch: number | null; readonly sequence: number | null }

async function compareLots(sql: Queries, kioskId: string, offerId: string): Promise<readonly Difference[]> {
  const rows = await sql<LotAgainstMoves[]>`
    select coalesce(newest.lot_id, lots.lot_id) as lot_id, newest.lane, newest.epoch, newest.sequence from (
      select distinct on (lot_id) lot_id, lot_left, lane, epoch, sequence from stock_moves
      where kiosk_id = ${kioskId} and offer_id = ${offerId} and lot_id is not null and lot_left is not null order by lot_id, lane desc, epoch desc, sequence desc
    ) newest full join (select lot_id, remaining from stock_lots where kiosk_id = ${kioskId} and offer_id = ${offerId}) lots on lots.lot_id = newest.lot_id
    where newest.lot_left is distinct from lots.remaining`;
  return rows.map(({ lot_id: lotId, lane, epoch, sequence }) => ({ lane: lane ?? 'stock', epoch: epoch ?? 1, sequence: sequence ?? 0, table: 'stock_lots', id: `${offerId} ${lotId}` }));
}

/** Each closing that came must stand among the closed days as it came. */
export async function compareProofs(sql: Queries, kioskId: string, events: readonly Effective[]): Promise<readonly Difference[]> {
  const closings = events.filter((event) => event.kind === 'day.closed');
  if (closings.length === 0) return [];
  const rows = await sql<{ event_id: string; body: string; signature: string; number: number; day: string; closed_at: number }[]>`
    select event_id, body, signature, number, day, closed_at from proofs where kiosk_id = ${kioskId} and event_id in ${sql(closings.map(({ event }) => event.id as string))}`;
  const held = new Map(rows.map((row) => [row.event_id, row]));
  return closings.flatMap(({ lane, epoch, event, body }): Difference[] => {
    const row = held.get(event.id);
    const closing = closingOf(body.body);
    const isSame = row && closing.ok && row.body === body.body && row.signature === body.signature
      && isSameJson([row.number, row.day, row.closed_at], [closing.value.number, closing.value.day, closing.value.closedAt]);
    return isSame ? [] : [{ lane, epoch, sequence: event.sequence, table: 'proofs', id: event.id }];
  });
}
