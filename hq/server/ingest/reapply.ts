import type { KioskId } from '../../../domain/ids.ts';
import type { Queries, Sql, Transaction } from '../database.ts';
import { eachKiosk } from '../jobs/each-kiosk.ts';
import { announce } from '../live/announce.ts';
import { queueServices } from '../services/queue.ts';
import { settleAlarms } from './alarms.ts';
import { project } from './project.ts';
import { rebuildStock } from './project-stock.ts';
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
  return eachKiosk(kiosks.map(({ kiosk_id }) => kiosk_id), async (kioskId) => {
    let applied = 0;
    let after: Place | undefined = { lane: '', epoch: 0, sequence: 0 };
    while (after) {
      const page: readonly SetAsideRow[] = await readSetAside(sql, kioskId, after);
      const last: SetAsideRow | undefined = page.at(-1);
      const from = after;
      // Batches wait while a kiosk is locked, so that is done where there is hope alone.
      if (await isHopeful(sql, kioskId, page)) applied += await sql.begin((transaction) => reapplySome(transaction, kioskId, from, now(), onEffective));
      after = last && page.length === atOnce ? { lane: last.lane, epoch: last.epoch, sequence: last.sequence } : undefined;
    }
    return applied;
  });
}

interface Place { readonly lane: string; readonly epoch: number; readonly sequence: number }
type SetAsideRow = EventRow & { readonly reason: string };

/** A page of what is set aside and may turn out well, by the index of that: however many events the kiosk has, those alone are read. */
function readSetAside(sql: Queries, kioskId: string, after: Place): Promise<readonly SetAsideRow[]> {
  return sql<SetAsideRow[]>`
    select e.*, q.reason from (
      select lane, epoch, sequence, reason from quarantined_events
      where kiosk_id = ${kioskId} and settled_at is null and reason in ${sql([...retriedReasons])} and (lane, epoch, sequence) > (${after.lane}, ${after.epoch}, ${after.sequence})
      order by lane, epoch, sequence limit ${atOnce}
    ) q cross join lateral (
      select ${eventColumns(sql)} from events
      where events.kiosk_id = ${kioskId} and events.lane = q.lane and events.epoch = q.epoch and events.sequence = q.sequence limit 1
    ) e
    order by e.lane, e.epoch, e.sequence`;
}

async function isHopeful(sql: Queries, kioskId: string, page: readonly SetAsideRow[]): Promise<boolean> {
  const understood = page.flatMap((row) => effectiveOfRow(row) ?? []);
  const wasUnread = new Set(page.filter(({ reason }) => reason !== 'order_unknown').map(({ event_id }) => event_id));
  if (understood.some(({ event }) => wasUnread.has(event.id))) return true;
  return (await countOrders(sql, kioskId, understood.flatMap((effective) => orderOf(effective) ?? []))) > 0;
}

/** How many of these orders are here. */
async function countOrders(sql: Queries, kioskId: string, orderIds: readonly string[]): Promise<number> {
  if (orderIds.length === 0) return 0;
  return (await sql`select 1 from orders where kiosk_id = ${kioskId} and order_id in ${sql([...new Set(orderIds)])}`).length;
}

async function reapplySome(sql: Transaction, kioskId: KioskId, after: Place, now: number, onEffective: OnEffective | undefined): Promise<number> {
  await lockKiosk(sql, kioskId);
  // Once more, now that nobody else is at it.
  const rows = await readSetAside(sql, kioskId, after);
  const understood = await sealPlainWords(sql, kioskId, rows.flatMap((row) => effectiveOfRow(row) ?? []), now);
  for (const effective of understood) await markUnderstood(sql, kioskId, effective);
  const orders = understood.flatMap((effective) => orderOf(effective) ?? []);
  const ordersBefore = await countOrders(sql, kioskId, orders);
  const misfits = new Set((await rebuildOrders(sql, { kioskId, now }, orders)).map(({ event }) => event.id));
  // Of these events alone: whatever else of their orders was made anew is on the list, or is from before there was one.
  await queueServices(sql, kioskId, understood.filter((effective) => effective.kind === 'service.requested'));
  await rebuildStock(sql, kioskId, understood.filter((effective) => effective.kind === 'stock.moved'));
  await project(sql, { kioskId, now }, understood.filter((effective) => effective.kind !== 'stock.moved' && orderOf(effective) === undefined));
  const done = understood.filter(({ event }) => !misfits.has(event.id));
  for (const effective of done) await settle(sql, kioskId, effective, now);
  await countNew(sql, kioskId, (await countOrders(sql, kioskId, orders)) - ordersBefore);
  // With a missing order come those of its events that had none to belong to.
  const placed = understood.flatMap((effective) => (effective.kind === 'order.placed' ? [effective.body.order.id] : []));
  if (placed.length > 0) await sql`
    update quarantined_events q set settled_at = ${now}
    where q.kiosk_id = ${kioskId} and q.settled_at is null and q.reason = 'order_unknown' and (q.lane, q.epoch, q.sequence) in (
      select e.lane, e.epoch, e.sequence from events e join orders o on o.kiosk_id = e.kiosk_id and o.order_id = e.order_id
      where e.kiosk_id = ${kioskId} and e.order_id in ${sql(placed)})`;
  const wasUnread = new Set(rows.filter(({ reason }) => reason !== 'order_unknown').map((row) => row.event_id as string));
  await onEffective?.(sql, kioskId, done.filter(({ event }) => wasUnread.has(event.id)));
  const [open] = await sql`select 1 from quarantined_events where kiosk_id = ${kioskId} and settled_at is null limit 1`;
  if (!open) await settleAlarms(sql, kioskId, 'quarantined', now);
  await announce(sql, kioskId, orders);
  return done.length;
}

/** Adds to how many orders the kiosk has brought: those of its events that came again are not new. */
async function countNew(sql: Transaction, kioskId: string, count: number): Promise<void> {
  if (count > 0) await sql`
    update cursors set orders = orders + ${count} where kiosk_id = ${kioskId} and lane = 'orders'
      and not exists (select 1 from cursors newer where newer.kiosk_id = ${kioskId} and newer.lane = 'orders' and newer.epoch > cursors.epoch)`;
}

async function markUnderstood(sql: Transaction, kioskId: string, effective: Effective): Promise<void> {
  await sql`
    update events set order_id = ${orderOf(effective) ?? null}
    where kiosk_id = ${kioskId} and lane = ${effective.lane} and epoch = ${effective.epoch} and sequence = ${effective.event.sequence}`;
}

async function settle(sql: Transaction, kioskId: string, { lane, epoch, event }: Effective, now: number): Promise<void> {
  await sql`
    update quarantined_events set settled_at = ${now}
    where kiosk_id = ${kioskId} and lane = ${lane} and epoch = ${epoch} and sequence = ${event.sequence} and settled_at is null`;
}
