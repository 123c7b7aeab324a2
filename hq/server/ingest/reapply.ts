import type { KioskId } from '../../../domain/ids.ts';
import type { Sql, Transaction } from '../database.ts';
import { announce } from '../live/announce.ts';
import { settleAlarms } from './alarms.ts';
import { project, rebuildStock } from './project.ts';
import type { EventRow } from './rebuild.ts';
import { effectiveOfRow, eventColumns, lockKiosk, rebuildOrders } from './rebuild.ts';
import type { OnEffective } from './receive.ts';
import { sealPlainWords } from './seal.ts';
import type { Effective } from './understand.ts';
import { orderOf, retriedReasons } from './understand.ts';

const atOnce = 500;

/**
 * Applies what an earlier HQ had to set aside and this one understands, kiosk by kiosk in the order of the sequences: at start. Several processes may do it at
 * once, since each kiosk is locked while its events are looked at. Answers how many events have an effect now.
 */
export async function reapply(sql: Sql, now: () => number, onEffective?: OnEffective): Promise<number> {
  const kiosks = await sql<{ kiosk_id: KioskId }[]>`
    select distinct kiosk_id from quarantined_events where settled_at is null and reason in ${sql([...retriedReasons])}`;
  let applied = 0;
  for (const { kiosk_id: kioskId } of kiosks) {
    let after: Place | undefined = { lane: '', epoch: 0, sequence: 0 };
    while (after) {
      const from: Place = after;
      const round = await sql.begin((transaction) => reapplySome(transaction, kioskId, from, now(), onEffective));
      applied += round.applied;
      after = round.last;
    }
  }
  return applied;
}

interface Place { readonly lane: string; readonly epoch: number; readonly sequence: number }

async function reapplySome(sql: Transaction, kioskId: KioskId, after: Place, now: number, onEffective: OnEffective | undefined): Promise<{ readonly applied: number; readonly last: Place | undefined }> {
  await lockKiosk(sql, kioskId);
  const rows = await sql<(EventRow & { reason: string })[]>`
    select ${eventColumns(sql)}, (
      select q.reason from quarantined_events q
      where q.kiosk_id = e.kiosk_id and q.lane = e.lane and q.epoch = e.epoch and q.sequence = e.sequence and q.settled_at is null) as reason
    from events e
    where e.kiosk_id = ${kioskId} and (e.lane, e.epoch, e.sequence) > (${after.lane}, ${after.epoch}, ${after.sequence}) and exists (
      select 1 from quarantined_events q
      where q.kiosk_id = e.kiosk_id and q.lane = e.lane and q.epoch = e.epoch and q.sequence = e.sequence and q.settled_at is null and q.reason in ${sql([...retriedReasons])})
    order by e.lane, e.epoch, e.sequence limit ${atOnce}`;
  const understood = await sealPlainWords(sql, kioskId, rows.flatMap((row) => effectiveOfRow(row) ?? []), now);
  for (const effective of understood) await markUnderstood(sql, kioskId, effective);
  const orders = understood.flatMap((effective) => orderOf(effective) ?? []);
  const misfits = new Set((await rebuildOrders(sql, { kioskId, now }, orders)).map(({ event }) => event.id));
  await rebuildStock(sql, { kioskId, now }, understood.filter((effective) => effective.kind === 'stock.moved'));
  await project(sql, { kioskId, now }, understood.filter((effective) => effective.kind !== 'stock.moved' && orderOf(effective) === undefined));
  const done = understood.filter(({ event }) => !misfits.has(event.id));
  for (const effective of done) await settle(sql, kioskId, effective, now);
  // With a missing order come those of its events that had none to belong to.
  await sql`
    update quarantined_events q set settled_at = ${now}
    where q.kiosk_id = ${kioskId} and q.settled_at is null and q.reason = 'order_unknown' and exists (
      select 1 from events e join orders o on o.kiosk_id = e.kiosk_id and o.order_id = e.order_id
      where e.kiosk_id = q.kiosk_id and e.lane = q.lane and e.epoch = q.epoch and e.sequence = q.sequence)`;
  const wasUnread = new Set(rows.filter(({ reason }) => reason !== 'order_unknown').map((row) => row.event_id as string));
  await onEffective?.(sql, kioskId, done.filter(({ event }) => wasUnread.has(event.id)));
  const [open] = await sql`select 1 from quarantined_events where kiosk_id = ${kioskId} and settled_at is null limit 1`;
  if (!open) await settleAlarms(sql, kioskId, 'quarantined', now);
  if (orders.length > 0) await announce(sql, kioskId, orders);
  const last = rows.at(-1);
  return { applied: done.length, last: last && rows.length === atOnce ? { lane: last.lane, epoch: last.epoch, sequence: last.sequence } : undefined };
}

async function markUnderstood(sql: Transaction, kioskId: string, effective: Effective): Promise<void> {
  await sql`
    update events set body = ${sql.json(effective.body as never)}, order_id = ${orderOf(effective) ?? null}
    where kiosk_id = ${kioskId} and lane = ${effective.lane} and epoch = ${effective.epoch} and sequence = ${effective.event.sequence}`;
}

async function settle(sql: Transaction, kioskId: string, { lane, epoch, event }: Effective, now: number): Promise<void> {
  await sql`
    update quarantined_events set settled_at = ${now}
    where kiosk_id = ${kioskId} and lane = ${lane} and epoch = ${epoch} and sequence = ${event.sequence} and settled_at is null`;
}
