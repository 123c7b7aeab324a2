import type { Queries } from '../database.ts';
import { fold } from '../ingest/fold.ts';
import { readOrderEvents } from '../ingest/rebuild.ts';
import type { Effective } from '../ingest/understand.ts';
import { orderOf } from '../ingest/understand.ts';

/** An event that HQ has, and a row of a table that is not what the event comes to. */
export interface Difference {
  readonly lane: string;
  readonly epoch: number;
  readonly sequence: number;
  readonly table: string;
  readonly id: string;
}

interface OrderRow { order_id: string; number: string; state: string; placed_at: number; total_amount: number; currency: string; receipt_token: string }
interface LineRow { order_id: string; lines: number; pieces: number; total: number }
interface PaymentRow { attempt_id: string; order_id: string; amount: number; currency: string; state: string; result_code: string | null }
interface JobRow { job_id: string; order_id: string; state: string }
interface ServiceRow { job_id: string; order_id: string; amount: number; quantity: number }

/** Holds what stands in the tables of these orders against all their events, folded anew. Within one snapshot of the database. */
export async function compareOrders(sql: Queries, kioskId: string, orderIds: readonly string[]): Promise<readonly Difference[]> {
  const ids = sql(orderIds as string[]);
  const events = await readOrderEvents(sql, kioskId, orderIds);
  const orders = await sql<OrderRow[]>`select order_id, number, state, placed_at, total_amount, currency, receipt_token from orders where kiosk_id = ${kioskId} and order_id in ${ids}`;
  const lines = await sql<LineRow[]>`
    select order_id, count(*) as lines, sum(quantity)::bigint as pieces, sum(total)::bigint as total from order_lines where kiosk_id = ${kioskId} and order_id in ${ids} group by order_id`;
  const payments = await sql<PaymentRow[]>`select attempt_id, order_id, amount, currency, state, result_code from payments where kiosk_id = ${kioskId} and order_id in ${ids}`;
  const jobs = await sql<JobRow[]>`select job_id, order_id, state from jobs where kiosk_id = ${kioskId} and order_id in ${ids}`;
  const services = await sql<ServiceRow[]>`select job_id, order_id, amount, quantity from service_requests where kiosk_id = ${kioskId} and order_id in ${ids}`;

  const folded = fold(events);
  const found: Difference[] = [];
  const differs = (event: Effective | undefined, table: string, id: string) => {
    if (event) found.push({ lane: event.lane, epoch: event.epoch, sequence: event.event.sequence, table, id });
  };
  const newest = (kind: Effective['kind'], has: (event: Effective) => boolean) => events.findLast((event) => event.kind === kind && has(event));
  const placedOf = (orderId: string) => events.find((event) => event.kind === 'order.placed' && event.body.order.id === orderId);

  const orderRows = new Map(orders.map((row) => [row.order_id, row]));
  const lineRows = new Map(lines.map((row) => [row.order_id, row]));
  const firstPlaced = new Map(folded.placed.toReversed().map((event) => [event.body.order.id as string, event]));
  for (const [orderId, placed] of firstPlaced) {
    const { order } = placed.body;
    const row = orderRows.get(orderId);
    const isSame = row && row.number === order.number && row.placed_at === order.placedAt && row.total_amount === order.total.amount && row.currency === order.total.currency && row.receipt_token === order.receiptToken;
    if (!isSame) differs(placed, 'orders', orderId);
    else if (row.state !== (folded.states.get(orderId)?.state ?? 'placed')) differs(newest('order.state', (event) => orderOf(event) === orderId) ?? placed, 'orders', orderId);
    const told = { lines: order.lines.length, pieces: order.lines.reduce((sum, line) => sum + line.quantity, 0), total: order.lines.reduce((sum, line) => sum + line.total, 0) };
    const has = lineRows.get(orderId) ?? { lines: 0, pieces: 0, total: 0 };
    if (has.lines !== told.lines || has.pieces !== told.pieces || has.total !== told.total) differs(placed, 'order_lines', orderId);
  }
  const compare = <T, R>(table: string, expected: ReadonlyMap<string, T>, rows: ReadonlyMap<string, R>, orderOfRow: (row: R) => string, isSame: (told: T, row: R) => boolean, eventOf: (id: string) => Effective | undefined) => {
    for (const [id, told] of expected) {
      const row = rows.get(id);
      if (row === undefined || !isSame(told, row)) differs(eventOf(id), table, id);
    }
    // A row that nothing tells of.
    for (const [id, row] of rows) if (!expected.has(id)) differs(placedOf(orderOfRow(row)), table, id);
  };
  compare('payments', folded.payments, new Map(payments.map((row) => [row.attempt_id, row])), (row) => row.order_id,
    (told, row) => told.orderId === row.order_id && told.amount === row.amount && told.currency === row.currency && told.state === row.state && told.resultCode === row.result_code,
    (id) => newest('payment.attempt', (event) => event.kind === 'payment.attempt' && event.body.attemptId === id));
  compare('jobs', folded.jobs, new Map(jobs.map((row) => [row.job_id, row])), (row) => row.order_id,
    (told, row) => told.orderId === row.order_id && told.state === row.state,
    (id) => newest('job.state', (event) => event.kind === 'job.state' && event.body.jobId === id));
  compare('service_requests', new Map(folded.services.map((event) => [event.body.jobId as string, event.body])), new Map(services.map((row) => [row.job_id, row])), (row) => row.order_id,
    (told, row) => told.orderId === row.order_id && told.amount === row.amount && told.quantity === row.quantity,
    (id) => newest('service.requested', (event) => event.kind === 'service.requested' && event.body.jobId === id));
  return found;
}

/** The same of stock moves, which need not belong to an order: each against its row, and what was left by the newest. */
export async function compareMoves(sql: Queries, kioskId: string, events: readonly Effective[]): Promise<readonly Difference[]> {
  const moves = events.filter((event) => event.kind === 'stock.moved');
  const [first] = moves;
  if (!first) return [];
  const sequences = moves.map(({ event }) => event.sequence);
  const rows = await sql<{ sequence: number; offer_id: string; change: number; remaining: number; reason: string; order_id: string | null }[]>`
    select sequence, offer_id, change, remaining, reason, order_id from stock_moves
    where kiosk_id = ${kioskId} and lane = ${first.lane} and epoch = ${first.epoch} and sequence between ${Math.min(...sequences)} and ${Math.max(...sequences)}`;
  const held = new Map(rows.map((row) => [row.sequence, row]));
  return moves.flatMap(({ lane, epoch, event: { sequence }, body }): Difference[] => {
    const row = held.get(sequence);
    const isSame = row && row.offer_id === body.offerId && row.change === body.change && row.remaining === body.left && row.reason === body.reason && row.order_id === (body.orderId ?? null);
    return isSame ? [] : [{ lane, epoch, sequence, table: 'stock_moves', id: body.offerId }];
  });
}

/** What is left of each offer must be what its newest move left. */
export async function compareStock(sql: Queries, kioskId: string, offerIds: readonly string[]): Promise<readonly Difference[]> {
  const found: Difference[] = [];
  for (const offerId of offerIds) {
    const [newest] = await sql<{ lane: string; epoch: number; sequence: number; remaining: number }[]>`
      select lane, epoch, sequence, remaining from stock_moves where kiosk_id = ${kioskId} and offer_id = ${offerId} order by lane desc, epoch desc, sequence desc limit 1`;
    const [left] = await sql<{ remaining: number }[]>`select remaining from stock where kiosk_id = ${kioskId} and offer_id = ${offerId}`;
    if (newest && newest.remaining !== left?.remaining) found.push({ lane: newest.lane, epoch: newest.epoch, sequence: newest.sequence, table: 'stock', id: offerId });
  }
  return found;
}
