import type { KioskId } from '../../../domain/ids.ts';
import type { StateSpan } from '../../contract/api/fleet.ts';
import type { Queries, Sql } from '../database.ts';
import { eachKiosk } from '../jobs/each-kiosk.ts';

/** A kiosk tells how it is each hour at least: after so long without a word it was off, or away. */
export const silentAfterMs = 75 * 60_000;
/** A page that is asked for shows no finer than this. */
const mostRows = 20_000;

/** How a kiosk was between two times, without a gap; what HQ was not told is `off`. The last stretch goes on until `to` only where the kiosk may still be so. */
export async function readSpans(sql: Queries, kioskId: KioskId, { from, to }: { readonly from: number; readonly to: number }): Promise<StateSpan[]> {
  const rows = await sql<{ occurred_at: number; service: Exclude<StateSpan['state'], 'off'>; reasons: string[] }[]>`
    select occurred_at, service, reasons from kiosk_state_log
    where kiosk_id = ${kioskId} and occurred_at > ${from - silentAfterMs} and occurred_at < ${to} order by occurred_at, epoch, sequence limit ${mostRows}`;
  return spansOf(rows.map(({ occurred_at: at, service, reasons }) => ({ at, state: service, reasons })), from, to);
}

export interface ToldState {
  readonly at: number;
  readonly state: Exclude<StateSpan['state'], 'off'>;
  readonly reasons: readonly string[];
}

/** @param told in the order of time, from `silentAfterMs` before `from` on */
export function spansOf(told: readonly ToldState[], from: number, to: number): StateSpan[] {
  const spans: StateSpan[] = [];
  const add = (start: number, end: number, state: StateSpan['state'], reasons: readonly string[]) => {
    const [begin, finish] = [Math.max(start, from), Math.min(end, to)];
    if (finish <= begin) return;
    const last = spans.at(-1);
    if (last && last.to === begin && last.state === state && last.reasons.join() === reasons.join()) spans[spans.length - 1] = { ...last, to: finish };
    else spans.push({ from: begin, to: finish, state, reasons: [...reasons] });
  };
  let heardUntil = from;
  told.forEach(({ at, state, reasons }, index) => {
    if (at > heardUntil) add(heardUntil, at, 'off', []);
    const next = told[index + 1]?.at ?? to;
    const end = Math.min(next, at + silentAfterMs);
    add(at, end, state, reasons);
    heardUntil = Math.max(heardUntil, end);
  });
  if (heardUntil < to) add(heardUntil, to, 'off', []);
  return spans;
}

/** Lets old states go: a job of each day. Answers how many rows. */
export async function thinStates(sql: Sql, before: number): Promise<number> {
  const kiosks = await sql<{ kiosk_id: KioskId }[]>`select distinct kiosk_id from kiosk_state_log where occurred_at < ${before}`;
  return eachKiosk(kiosks.map(({ kiosk_id }) => kiosk_id), async (kioskId) => {
    const rows = await sql`delete from kiosk_state_log where kiosk_id = ${kioskId} and occurred_at < ${before} returning 1 as one`;
    return rows.length;
  });
}
