import type { KioskId } from '../../../domain/ids.ts';
import type { MoveReason } from '../../../domain/stock/stock.ts';
import { ApiRefusal } from '../api/serve.ts';
import type { Queries } from '../database.ts';

export interface DifferenceRow {
  readonly kioskId: KioskId; readonly lane: string; readonly epoch: number; readonly sequence: number; readonly offerId: string; readonly at: number; readonly change: number; readonly remaining: number;
  readonly reason: MoveReason; readonly slot: string | null; readonly lotId: string | null; readonly staff: string | null; readonly why: string | null; readonly note: string | null;
}

interface Asked { readonly kiosk?: string | undefined; readonly offer?: string | undefined; readonly before?: string | undefined; readonly limit: number }

/** Counts that differed from the books, and waste; the newest first. */
export async function readDifferenceRows(sql: Queries, { kiosk, offer, before, limit }: Asked): Promise<readonly DifferenceRow[]> {
  const after = before === undefined ? undefined : before.split('/');
  if (after && (after.length !== 5 || ![after[0], after[3], after[4]].every((part) => isWhole(part)))) throw new ApiRefusal('CONTRACT_MALFORMED', 'before: no place of this list');
  return sql<DifferenceRow[]>`
    select kiosk_id as "kioskId", lane, epoch, sequence, offer_id as "offerId", at, change, remaining, reason, slot, lot_id as "lotId", staff, why, note from stock_moves
    where reason in ('counted', 'wasted') and change <> 0
      ${kiosk === undefined ? sql`` : sql`and kiosk_id = ${kiosk}`} ${offer === undefined ? sql`` : sql`and offer_id = ${offer}`}
      ${after ? sql`and (at, kiosk_id, lane, epoch, sequence) < (${Number(after[0])}, ${after[1]!}, ${after[2]!}, ${Number(after[3])}, ${Number(after[4])})` : sql``}
    order by at desc, kiosk_id desc, lane desc, epoch desc, sequence desc limit ${limit}`;
}

/** A number that the database takes. */
function isWhole(text: string | undefined): boolean {
  return /^\d{1,15}$/.test(text ?? '');
}

/** A row's place in the list. */
export function placeOf({ at, kioskId, lane, epoch, sequence }: DifferenceRow): string {
  return [at, kioskId, lane, epoch, sequence].join('/');
}

export interface VisitRow {
  readonly kioskId: KioskId; readonly visitId: string; readonly staff: string; readonly staffName: string | null; readonly startedAt: number; readonly endedAt: number;
  readonly slots: number; readonly piecesIn: number; readonly piecesOut: number; readonly differences: number; readonly at: number;
}

/** The newest first. */
export async function readVisitRows(sql: Queries, { kiosk, before, limit }: Omit<Asked, 'offer'>): Promise<readonly VisitRow[]> {
  const after = before === undefined ? undefined : before.split('/');
  if (after && (after.length !== 3 || !isWhole(after[0]) || !/^[0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12}$/.test(after[2] ?? ''))) throw new ApiRefusal('CONTRACT_MALFORMED', 'before: no place of this list');
  return sql<VisitRow[]>`
    select v.kiosk_id as "kioskId", v.visit_id as "visitId", v.staff, m.name as "staffName", v.started_at as "startedAt", v.ended_at as "endedAt", v.slots, v.pieces_in as "piecesIn",
      v.pieces_out as "piecesOut", v.differences, v.occurred_at as at
    from restock_visits v left join staff_members m on m.number = v.staff
    where true ${kiosk === undefined ? sql`` : sql`and v.kiosk_id = ${kiosk}`}
      ${after ? sql`and (v.occurred_at, v.kiosk_id, v.visit_id) < (${Number(after[0])}, ${after[1]!}, ${after[2]!}::uuid)` : sql``}
    order by v.occurred_at desc, v.kiosk_id desc, v.visit_id desc limit ${limit}`;
}
