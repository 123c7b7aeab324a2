import type { KioskId } from '../../../domain/ids.ts';
import type { StaffActRow } from '../../contract/api/fleet.ts';
import type { Queries } from '../database.ts';

interface Row { epoch: number; sequence: number; number: number; occurred_at: number; staff: string | null; act: string; outcome: StaffActRow['outcome']; subject: string; detail: string; hash: string; fault: StaffActRow['fault'] }

/** What staff did at a kiosk, as it came, the newest first. @param before "epoch.sequence" of the last of the page before */
export async function listActs(sql: Queries, kioskId: KioskId, { before, limit }: { readonly before?: string | undefined; readonly limit: number }): Promise<{ readonly acts: StaffActRow[]; readonly next: string | null; readonly faults: number }> {
  const place = /^(\d{1,15})\.(\d{1,15})$/.exec(before ?? '');
  const [rows, wrong] = await Promise.all([
    sql<Row[]>`
      select epoch, sequence, number, occurred_at, staff, act, outcome, subject, detail, hash, fault from staff_acts
      where kiosk_id = ${kioskId} ${place ? sql`and (epoch, sequence) < (${Number(place[1])}, ${Number(place[2])})` : sql``} order by epoch desc, sequence desc limit ${limit + 1}`,
    sql<{ faults: number }[]>`select count(*) as faults from staff_acts where kiosk_id = ${kioskId} and fault is not null`,
  ]);
  const acts = rows.slice(0, limit).map(({ epoch, sequence, occurred_at: at, ...row }) => ({ place: `${epoch}.${sequence}`, at, ...row }));
  return { acts, next: rows.length > limit ? (acts.at(-1)?.place ?? null) : null, faults: wrong[0]?.faults ?? 0 };
}
