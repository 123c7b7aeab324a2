import { isSealed } from '../../../domain/personal/sealed.ts';
import { feedbackCursorPattern } from '../../contract/api/feedback.ts';
import type { FeedbackPage, FeedbackRow } from '../../contract/console.ts';
import type { Queries } from '../database.ts';
import { openWords, readKeys } from '../personal.ts';

export interface FeedbackQuery {
  readonly kioskId?: string | undefined;
  readonly stars?: readonly number[] | undefined;
  /** Only where the customer wrote something. */
  readonly isWithWords?: boolean | undefined;
  readonly before?: string | undefined;
  readonly limit: number;
}

interface Row { kiosk_id: string; kiosk_name: string | null; order_id: string; number: string | null; stars: number; chips: FeedbackRow['chips']; words: string | null; given_at: number }

/** What customers said of their visits, the newest first. Their words are opened for this answer alone, and are gone with the order's key. */
export async function readFeedback(sql: Queries, { kioskId, stars, isWithWords = false, before, limit }: FeedbackQuery): Promise<FeedbackPage> {
  const [, givenAt, beforeKiosk, beforeOrder] = feedbackCursorPattern.exec(before ?? '') ?? [];
  const rows = await sql<Row[]>`
    select f.kiosk_id, k.name as kiosk_name, f.order_id, o.number, f.stars, f.chips, f.words, f.given_at
    from feedback f left join kiosks k on k.kiosk_id = f.kiosk_id left join orders o on o.kiosk_id = f.kiosk_id and o.order_id = f.order_id
    where true
      ${kioskId === undefined ? sql`` : sql`and f.kiosk_id = ${kioskId}`}
      ${stars === undefined ? sql`` : sql`and f.stars in ${sql([...stars])}`}
      ${isWithWords ? sql`and f.words is not null and f.words <> ''` : sql``}
      ${givenAt && beforeKiosk && beforeOrder ? sql`and (f.given_at, f.kiosk_id, f.order_id) < (${Number(givenAt)}, ${beforeKiosk}, ${beforeOrder}::uuid)` : sql``}
    order by f.given_at desc, f.kiosk_id desc, f.order_id desc limit ${limit + 1}`;
  const page = rows.slice(0, limit);
  const keys = new Map<string, Buffer>();
  for (const [kiosk, some] of Map.groupBy(page.filter(({ words }) => words !== null && isSealed(words)), ({ kiosk_id }) => kiosk_id)) {
    for (const [orderId, key] of await readKeys(sql, kiosk, some.map((row) => row.order_id))) keys.set(`${kiosk} ${orderId}`, key);
  }
  const last = page.at(-1);
  return {
    feedback: page.map((row) => ({
      kioskId: row.kiosk_id, kioskName: row.kiosk_name ?? row.kiosk_id, orderId: row.order_id, orderNumber: row.number, stars: row.stars, chips: row.chips, givenAt: row.given_at,
      words: row.words === null || row.words === '' ? null : openWords(keys.get(`${row.kiosk_id} ${row.order_id}`), row.order_id, row.words),
    })),
    next: rows.length > page.length && last ? `${last.given_at}~${last.kiosk_id}~${last.order_id}` : null,
  };
}
