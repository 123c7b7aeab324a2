import type { z } from 'zod';
import type { KioskId } from '../../../domain/ids.ts';
import type { LogLineRow, logFilters } from '../../contract/api/fleet.ts';
import type { Queries } from '../database.ts';

interface Row { epoch: number; sequence: number; line: number; occurred_at: number; level: LogLineRow['level']; message: string; code: string | null; fields: Record<string, unknown> | null }

/** A kiosk's log as far as it was sent, the newest first. @param before "time.epoch.sequence.line" of the last line of the page before */
export async function listLog(sql: Queries, kioskId: KioskId, { level, search, code, before, limit }: z.output<typeof logFilters> & { readonly before?: string | undefined; readonly limit: number }): Promise<{ readonly lines: LogLineRow[]; readonly next: string | null }> {
  const place = (before ?? '').split('.').map(Number);
  const [at, epoch, sequence, line] = place;
  const isPlaced = before !== undefined && place.length === 4 && place.every((part) => Number.isSafeInteger(part));
  const pattern = `%${(search ?? '').replace(/[\\%_]/g, '\\$&')}%`;
  const rows = await sql<Row[]>`
    select epoch, sequence, line, occurred_at, level, message, code, fields from log_lines
    where kiosk_id = ${kioskId}
      ${level === undefined ? sql`` : level === 'error' ? sql`and level = 'error'` : level === 'warn' ? sql`and level in ('warn', 'error')` : sql``}
      ${code === undefined ? sql`` : sql`and code = ${code}`}
      ${search ? sql`and (message ilike ${pattern} or code ilike ${pattern} or fields::text ilike ${pattern})` : sql``}
      ${isPlaced ? sql`and (occurred_at, epoch, sequence, line) < (${at!}, ${epoch!}, ${sequence!}, ${line!})` : sql``}
    order by occurred_at desc, epoch desc, sequence desc, line desc limit ${limit + 1}`;
  const shown = rows.slice(0, limit).map((row) => ({
    place: [row.occurred_at, row.epoch, row.sequence, row.line].join('.'), at: row.occurred_at, level: row.level, message: row.message, code: row.code, fields: row.fields,
  }));
  return { lines: shown, next: rows.length > limit ? (shown.at(-1)?.place ?? null) : null };
}
