import type { KioskId } from '../../../domain/ids.ts';
import type { Transaction } from '../database.ts';
import { insertRows } from '../database.ts';
import { recordAnswer } from '../down/commands.ts';
import { upsertHelpCalls } from '../help/calls.ts';
import { noticeCreditedTooLate } from '../services/end.ts';
import { queueServices } from '../services/queue.ts';
import type { Folded } from './fold.ts';
import { fold } from './fold.ts';
import { projectFacts } from './project-facts.ts';
import { projectFleet } from './project-fleet.ts';
import { createUtcOffsets, insertDayReports, markSales, ordersOfSales } from './project-sales.ts';
import { insertCodesUsed, insertMoves, upsertStock, upsertVisits } from './project-stock.ts';
import type { Effective, SetAside } from './understand.ts';

export interface Place {
  readonly kioskId: KioskId;
  readonly now: number;
}

/**
 * Writes what events come to, given in the order of their sequences, after everything that came before them: what is missing in between is for
 * `rebuild`. Gives back those that fit nothing here: an order that is not known, or is already.
 */
export async function project(sql: Transaction, place: Place, events: readonly Effective[]): Promise<readonly SetAside[]> {
  const folded = fold(events);
  const setAside = await projectOrders(sql, place, events, folded);
  // Here, and not where an order is made anew: work is made of what comes, never of what was there.
  await queueServices(sql, place.kioskId, folded.services);
  await noticeCreditedTooLate(sql, place.kioskId, events, place.now);
  await upsertStock(sql, place.kioskId, folded.moves);
  await upsertVisits(sql, place.kioskId, events);
  await insertCodesUsed(sql, place.kioskId, events);
  await insertDayReports(sql, place.kioskId, events);
  await projectFacts(sql, place.kioskId, events);
  await projectFleet(sql, place.kioskId, events);
  for (const answered of events.filter((candidate) => candidate.kind === 'command.answered')) await recordAnswer(sql, place.kioskId, answered.body, answered.occurredAt);
  return setAside;
}

/** The part of it that can be made anew at any time, order by order, from all events of the order. */
export async function projectOrders(sql: Transaction, place: Place, events: readonly Effective[], folded: Folded = fold(events)): Promise<readonly SetAside[]> {
  const sales = ordersOfSales(events);
  if (folded.states.size > 0 || folded.payments.size > 0 || folded.refunds.size > 0) await markSales(sql, place.kioskId, sales);
  const newOrders = await insertOrders(sql, place, folded);
  await insertLines(sql, place, folded, newOrders);
  const knownStates = await updateStates(sql, place, folded);
  await upsertPayments(sql, place, folded);
  await upsertRefunds(sql, place, folded);
  await upsertJobs(sql, place, folded);
  await upsertAttention(sql, place, folded);
  await insertServices(sql, place, folded);
  await upsertSettlements(sql, place, folded);
  await upsertHelpCalls(sql, place, folded);
  await insertFeedback(sql, place, folded);
  await insertMoves(sql, place.kioskId, folded.moves);
  await markSales(sql, place.kioskId, sales);
  return events.flatMap((effective): SetAside[] => {
    const { kind, body, event } = effective;
    if (kind === 'order.placed' && newOrders.get(body.order.id) !== event.id) return [{ event, reason: 'order_repeated', detail: `order ${body.order.id} was placed before` }];
    if (kind === 'order.state' && !knownStates.has(body.orderId)) return [{ event, reason: 'order_unknown', detail: `order ${body.orderId} is not here` }];
    return [];
  });
}

/** @returns the event that placed it, by each order that was new */
async function insertOrders(sql: Transaction, { kioskId }: Place, { placed }: Folded): Promise<ReadonlyMap<string, string>> {
  const first = new Map(placed.toReversed().map((effective) => [effective.body.order.id as string, effective]));
  const offsetOf = createUtcOffsets();
  const rows = [...first.values()].map(({ body: { order, shop, receiptUrl }, occurredAt, receivedAt }) => [
    kioskId, order.id, order.number, 'placed', occurredAt, order.placedAt, occurredAt, order.language, order.catalogueRevision,
    order.total.amount, order.total.currency, order.receiptToken, receiptUrl, shop, order.taxes, order.cartId, receivedAt, order.dining ?? null,
    offsetOf(shop.timeZone, occurredAt),
  ]);
  const inserted = await insertRows<{ order_id: string }>(
    sql,
    `insert into orders (kiosk_id, order_id, number, state, state_at, placed_at, occurred_at, language, catalogue_revision,
       total_amount, currency, receipt_token, receipt_url, shop, taxes, cart_id, received_at, dining, utc_offset_ms)`,
    rows,
    'on conflict (kiosk_id, order_id) do nothing returning order_id',
  );
  return new Map(inserted.map(({ order_id }) => [order_id, first.get(order_id)?.event.id ?? '']));
}

async function insertLines(sql: Transaction, { kioskId }: Place, { placed }: Folded, newOrders: ReadonlyMap<string, string>): Promise<void> {
  const rows = placed
    .filter(({ body, event }) => newOrders.get(body.order.id) === event.id)
    .flatMap(({ body: { order } }) =>
      order.lines.map((line, index) => [
        kioskId, order.id, index + 1, line.offerId, line.name.zh, line.name.en, line.fulfilment, line.choices,
        line.quantity, line.unitPrice, line.total, line.form, line.discount ?? null, line.tax, line.fields,
      ]),
    );
  await insertRows(
    sql,
    'insert into order_lines (kiosk_id, order_id, line, offer_id, name_zh, name_en, fulfilment, choices, quantity, unit_price, total, form, discount, tax, fields)',
    rows,
    'on conflict (kiosk_id, order_id, line) do nothing',
  );
}

/** @returns the orders whose state was set */
async function updateStates(sql: Transaction, { kioskId }: Place, { states }: Folded): Promise<ReadonlySet<string>> {
  if (states.size === 0) return new Set();
  const parameters: (string | number)[] = [kioskId];
  const values = [...states].map(([orderId, { state, at }]) => {
    parameters.push(orderId, state, at);
    const last = parameters.length;
    return `($${last - 2}::uuid, $${last - 1}::text, $${last}::bigint)`;
  });
  const updated = await sql.unsafe<{ order_id: string }[]>(
    `update orders set state = new.state, state_at = new.at from (values ${values.join(',')}) as new (order_id, state, at)
     where orders.kiosk_id = $1 and orders.order_id = new.order_id returning orders.order_id`,
    parameters,
  );
  return new Set(updated.map(({ order_id }) => order_id));
}

async function upsertPayments(sql: Transaction, { kioskId }: Place, { payments }: Folded): Promise<void> {
  await insertRows(
    sql,
    'insert into payments (kiosk_id, attempt_id, order_id, amount, currency, state, tender, mode, wallet, card, result_code, started_at, state_at)',
    [...payments].map(([attemptId, row]) => [kioskId, attemptId, row.orderId, row.amount, row.currency, row.state, row.tender, row.mode, row.wallet, row.card, row.resultCode, row.startedAt, row.stateAt]),
    `on conflict (kiosk_id, attempt_id) do update set state = excluded.state, state_at = excluded.state_at, tender = excluded.tender,
       mode = coalesce(excluded.mode, payments.mode), wallet = coalesce(excluded.wallet, payments.wallet),
       card = coalesce(excluded.card, payments.card), result_code = coalesce(excluded.result_code, payments.result_code)`,
  );
}

/** What was told first of a refund stays, but for how it stands. */
async function upsertRefunds(sql: Transaction, { kioskId }: Place, { refunds }: Folded): Promise<void> {
  await insertRows(
    sql,
    'insert into order_refunds (kiosk_id, refund_id, attempt_id, order_id, amount, currency, way, state, reason, by, job_id, detail, asked_at, state_at)',
    [...refunds.values()].map(({ body, detail, askedAt, stateAt }) => [
      kioskId, body.refundId, body.attemptId, body.orderId, body.amount.amount, body.amount.currency, body.way, body.state, body.reason, body.by ?? null, body.jobId ?? null, detail, askedAt, stateAt,
    ]),
    'on conflict (kiosk_id, refund_id) do update set state = excluded.state, state_at = excluded.state_at, detail = coalesce(excluded.detail, order_refunds.detail)',
  );
}

async function upsertJobs(sql: Transaction, { kioskId }: Place, { jobs }: Folded): Promise<void> {
  await insertRows(
    sql,
    'insert into jobs (kiosk_id, job_id, order_id, kind, state, queued_at, state_at)',
    [...jobs].map(([jobId, row]) => [kioskId, jobId, row.orderId, row.kind, row.state, row.queuedAt, row.stateAt]),
    'on conflict (kiosk_id, job_id) do update set state = excluded.state, state_at = excluded.state_at',
  );
}

/** What is there is only added to: a decision stays when its beginning comes after it. A later decision replaces an earlier one. */
async function upsertAttention(sql: Transaction, { kioskId }: Place, { attention }: Folded): Promise<void> {
  await insertRows(
    sql,
    'insert into attention (kiosk_id, attention_id, kind, order_id, attempt_id, job_id, refund_id, amount, currency, started_at, card, last_card, detail, raised_at, decision, decided_at)',
    [...attention].map(([id, { kind, orderId, raised, settled }]) => [
      kioskId, id, kind, orderId, raised?.attemptId ?? null, raised?.jobId ?? null, raised?.refundId ?? null, raised?.amount?.amount ?? null, raised?.amount?.currency ?? null,
      raised?.startedAt ?? null, raised?.card ?? null, raised?.lastCard ?? null, raised?.detail ?? null, raised?.raisedAt ?? null, settled?.decision ?? null, settled?.at ?? null,
    ]),
    `on conflict (kiosk_id, attention_id) do update set
       attempt_id = coalesce(excluded.attempt_id, attention.attempt_id), job_id = coalesce(excluded.job_id, attention.job_id), refund_id = coalesce(excluded.refund_id, attention.refund_id),
       amount = coalesce(excluded.amount, attention.amount), currency = coalesce(excluded.currency, attention.currency),
       started_at = coalesce(excluded.started_at, attention.started_at),
       card = coalesce(excluded.card, attention.card), last_card = coalesce(excluded.last_card, attention.last_card), detail = coalesce(excluded.detail, attention.detail),
       raised_at = coalesce(excluded.raised_at, attention.raised_at),
       decision = coalesce(excluded.decision, attention.decision), decided_at = coalesce(excluded.decided_at, attention.decided_at)`,
  );
}

async function insertServices(sql: Transaction, { kioskId }: Place, { services }: Folded): Promise<void> {
  await insertRows(
    sql,
    'insert into service_requests (kiosk_id, job_id, order_id, offer_id, service, quantity, amount, form, requested_at, epoch, sequence)',
    services.map(({ body, occurredAt, epoch, event }) => [kioskId, body.jobId, body.orderId, body.offerId, body.service, body.quantity, body.amount, body.form, occurredAt, epoch, event.sequence]),
    'on conflict (kiosk_id, job_id) do nothing',
  );
}

async function upsertSettlements(sql: Transaction, { kioskId }: Place, { settlements }: Folded): Promise<void> {
  await insertRows(
    sql,
    'insert into service_settlements (kiosk_id, job_id, order_id, outcome, reference, settled_at)',
    [...settlements.values()].map(({ body, occurredAt }) => [kioskId, body.jobId, body.orderId, body.outcome, body.reference ?? null, occurredAt]),
    'on conflict (kiosk_id, job_id) do update set outcome = excluded.outcome, reference = excluded.reference, settled_at = excluded.settled_at',
  );
}

async function insertFeedback(sql: Transaction, { kioskId }: Place, { feedback }: Folded): Promise<void> {
  await insertRows(
    sql,
    'insert into feedback (kiosk_id, order_id, stars, chips, words, given_at)',
    [...feedback.values()].map(({ body, occurredAt }) => [kioskId, body.orderId, body.stars, body.chips, body.words ?? null, occurredAt]),
    'on conflict (kiosk_id, order_id) do nothing',
  );
}
