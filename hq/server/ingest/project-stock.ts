import type { KioskId } from '../../../domain/ids.ts';
import type { Transaction } from '../database.ts';
import { insertRows } from '../database.ts';
import type { Of } from './fold.ts';
import type { Effective } from './understand.ts';

type Move = Of<'stock.moved'>;

/** The ledger, a row a move. */
export async function insertMoves(sql: Transaction, kioskId: KioskId, moves: readonly Move[]): Promise<void> {
  const rows = moves.map(({ lane, epoch, event, body, occurredAt }) => [
    kioskId, lane, epoch, event.sequence, body.offerId, body.change, body.left, body.reason, body.orderId ?? null, occurredAt,
    body.lotId ?? null, body.lotLeft ?? null, body.slot ?? null, body.bestBefore ?? null, body.moveId ?? null, body.visitId ?? null, body.staff ?? null, body.why ?? null, body.note ?? null,
  ]);
  await insertRows(
    sql,
    `insert into stock_moves (kiosk_id, lane, epoch, sequence, offer_id, change, remaining, reason, order_id, at,
       lot_id, lot_left, slot, best_before, move_id, visit_id, staff, why, note)`,
    rows,
    'on conflict (kiosk_id, lane, epoch, sequence) do nothing',
  );
}

interface LotAfter { readonly offerId: string; readonly lotId: string; readonly slot: string | null; readonly bestBefore: string | null; readonly remaining: number; readonly at: number }

/** What moves leave of each offer and of each lot: given in the order of their sequences, after all that came before them. */
export async function upsertStock(sql: Transaction, kioskId: KioskId, moves: readonly Move[]): Promise<void> {
  const offers = new Map<string, readonly [left: number, at: number]>();
  const lots = new Map<string, LotAfter>();
  for (const { body, occurredAt: at } of moves) {
    offers.set(body.offerId, [body.left, at]);
    if (body.lotId === undefined || body.lotLeft === undefined) continue;
    const key = `${body.offerId} ${body.lotId}`;
    const before = lots.get(key);
    // What a move leaves unsaid of its lot is as the one before said it.
    lots.set(key, {
      offerId: body.offerId, lotId: body.lotId, slot: body.slot ?? before?.slot ?? null, bestBefore: body.bestBefore ?? before?.bestBefore ?? null,
      remaining: body.lotLeft, at,
    });
  }
  await insertRows(
    sql,
    'insert into stock (kiosk_id, offer_id, remaining, moved_at)',
    [...offers].map(([offerId, [left, at]]) => [kioskId, offerId, left, at]),
    'on conflict (kiosk_id, offer_id) do update set remaining = excluded.remaining, moved_at = excluded.moved_at',
  );
  await insertRows(
    sql,
    'insert into stock_lots (kiosk_id, offer_id, lot_id, slot, best_before, remaining, moved_at)',
    [...lots.values()].map((lot) => [kioskId, lot.offerId, lot.lotId, lot.slot, lot.bestBefore, lot.remaining, lot.at]),
    `on conflict (kiosk_id, offer_id, lot_id) do update set remaining = excluded.remaining, moved_at = excluded.moved_at,
       slot = coalesce(excluded.slot, stock_lots.slot), best_before = coalesce(excluded.best_before, stock_lots.best_before)`,
  );
}

/** Writes these moves where they are missing, and what was left of their offers and lots by the newest moves that are here. */
export async function rebuildStock(sql: Transaction, kioskId: KioskId, moves: readonly Move[]): Promise<void> {
  await insertMoves(sql, kioskId, moves);
  await restock(sql, kioskId, moves.map(({ body }) => body.offerId));
}

/** Sets what was left of these offers, and of each of their lots, by the newest moves that are here. */
export async function restock(sql: Transaction, kioskId: KioskId, offerIds: readonly string[]): Promise<void> {
  for (const offerId of new Set(offerIds)) {
    const [newest] = await sql<{ remaining: number; at: number }[]>`
      select remaining, at from stock_moves where kiosk_id = ${kioskId} and offer_id = ${offerId} order by lane desc, epoch desc, sequence desc limit 1`;
    if (newest) await sql`
      insert into stock (kiosk_id, offer_id, remaining, moved_at) values (${kioskId}, ${offerId}, ${newest.remaining}, ${newest.at})
      on conflict (kiosk_id, offer_id) do update set remaining = excluded.remaining, moved_at = excluded.moved_at`;
    await relot(sql, kioskId, offerId);
  }
}

/** An offer's lots are made anew from its moves: a lot that no move tells of is none. */
async function relot(sql: Transaction, kioskId: KioskId, offerId: string): Promise<void> {
  const moves = await sql<{ lot_id: string; lot_left: number; slot: string | null; best_before: string | null; at: number }[]>`
    select lot_id, lot_left, at,
      coalesce(slot, (select said.slot from stock_moves said where said.kiosk_id = ${kioskId} and said.offer_id = ${offerId} and said.lot_id = newest.lot_id and said.slot is not null and said.lot_left is not null
        order by said.lane desc, said.epoch desc, said.sequence desc limit 1)) as slot,
      coalesce(best_before, (select dated.best_before from stock_moves dated where dated.kiosk_id = ${kioskId} and dated.offer_id = ${offerId} and dated.lot_id = newest.lot_id and dated.best_before is not null and dated.lot_left is not null
        order by dated.lane desc, dated.epoch desc, dated.sequence desc limit 1)) as best_before
    from (
      select distinct on (lot_id) lot_id, lot_left, slot, best_before, at from stock_moves
      where kiosk_id = ${kioskId} and offer_id = ${offerId} and lot_id is not null and lot_left is not null order by lot_id, lane desc, epoch desc, sequence desc
    ) newest`;
  await sql`delete from stock_lots where kiosk_id = ${kioskId} and offer_id = ${offerId}`;
  await insertRows(
    sql,
    'insert into stock_lots (kiosk_id, offer_id, lot_id, slot, best_before, remaining, moved_at)',
    moves.map((lot) => [kioskId, offerId, lot.lot_id, lot.slot, lot.best_before, lot.lot_left, lot.at]),
    'on conflict (kiosk_id, offer_id, lot_id) do nothing',
  );
}

/** A restocker's visit, as its newest event tells it. */
export async function upsertVisits(sql: Transaction, kioskId: KioskId, events: readonly Effective[]): Promise<void> {
  const newest = new Map(events.filter((candidate) => candidate.kind === 'restock.visited').map((effective) => [effective.body.visitId, effective]));
  await insertRows(
    sql,
    'insert into restock_visits (kiosk_id, visit_id, epoch, sequence, staff, started_at, ended_at, slots, pieces_in, pieces_out, differences, occurred_at)',
    [...newest.values()].map(({ epoch, event, body, occurredAt }) => [
      kioskId, body.visitId, epoch, event.sequence, body.staff, body.startedAt, body.endedAt, body.slots, body.piecesIn, body.piecesOut, body.differences, occurredAt,
    ]),
    `on conflict (kiosk_id, visit_id) do update set epoch = excluded.epoch, sequence = excluded.sequence, staff = excluded.staff, started_at = excluded.started_at, ended_at = excluded.ended_at,
       slots = excluded.slots, pieces_in = excluded.pieces_in, pieces_out = excluded.pieces_out, differences = excluded.differences, occurred_at = excluded.occurred_at
     where (restock_visits.epoch, restock_visits.sequence) <= (excluded.epoch, excluded.sequence)`,
  );
}

/** A recovery code is used up once, wherever: the next document of staff leaves it out (staff/publish.ts). */
export async function insertCodesUsed(sql: Transaction, kioskId: KioskId, events: readonly Effective[]): Promise<void> {
  await insertRows(
    sql,
    'insert into staff_codes_used (kiosk_id, number, code_hash, used_at)',
    events.filter((candidate) => candidate.kind === 'staff.code_used').map(({ body, occurredAt }) => [kioskId, body.number, body.codeHash, occurredAt]),
    'on conflict (kiosk_id, number, code_hash) do nothing',
  );
}
