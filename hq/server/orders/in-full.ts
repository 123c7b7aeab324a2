import type { Decision } from '../../../domain/attention/attention.ts';
import type { FormFieldKind } from '../../../domain/catalogue/form.ts';
import type { Currency } from '../../../domain/money.ts';
import type { OrderLine } from '../../../domain/order/order.ts';
import { isSealed, shredded } from '../../../domain/personal/sealed.ts';
import type { Job, OrderAttention, OrderEvent, OrderInFull, PartRefund, PaymentAttempt, ServiceRequest } from '../../contract/console.ts';
import type { Queries } from '../database.ts';
import { mapForm } from '../ingest/seal.ts';
import { openWords, readKeys } from '../personal.ts';
import type { OrderHead } from '../receipts/of-order.ts';
import { receiptOf } from '../receipts/of-order.ts';
import type { WorkState } from '../services/claim.ts';
import type { PlanBefore } from '../services/plan-before.ts';
import type { LineRow } from './lines.ts';
import { applicationNumber, linesOf, maskWords, placeAmongLines } from './lines.ts';
import { readOrderRows } from './list.ts';

/** Everything that HQ knows of one order, from its projections and from the events that they were made of. */
export async function readOrderInFull(sql: Queries, kioskId: string, orderId: string): Promise<OrderInFull | undefined> {
  const [row] = await readOrderRows(sql, kioskId, [orderId]);
  if (!row) return undefined;
  const of = sql`kiosk_id = ${kioskId} and order_id = ${orderId}`;
  const [keys, [head], lines, attempts, refunds, jobs, attention, services, moves, events] = await Promise.all([
    readKeys(sql, kioskId, [orderId]),
    sql<OrderHead[]>`select shop, taxes, catalogue_revision, receipt_url, receipt_token, cart_id, dining from orders where ${of}`,
    sql<LineRow[]>`select * from order_lines where ${of} order by line`,
    sql<PaymentRow[]>`select * from payments where ${of} order by started_at, attempt_id`,
    sql<RefundRow[]>`
      select refund_id, attempt_id, amount, currency, way, state, reason, by, detail, asked_at, state_at from order_refunds o where ${of}
        and not (o.state = 'asked' and exists (select 1 from wallet_refunds r where r.kiosk_id = o.kiosk_id and r.refund_id = o.refund_id and r.by is not null))
      union all
      select r.refund_id, r.attempt_id, r.amount, r.currency, 'tender', r.state, r.reason, 'HQ, ' || r.by, r.detail, r.asked_at, coalesce(r.ended_at, r.asked_at)
      from wallet_payments w join wallet_refunds r on r.kiosk_id = w.kiosk_id and r.attempt_id = w.attempt_id
      where w.kiosk_id = ${kioskId} and w.order_id = ${orderId} and r.by is not null and not exists (select 1 from order_refunds o where o.kiosk_id = r.kiosk_id and o.refund_id = r.refund_id and o.state <> 'asked')
      order by asked_at, refund_id`,
    sql<JobRow[]>`select * from jobs where ${of} order by queued_at, job_id`,
    sql<AttentionRow[]>`select * from attention where ${of} order by decision is not null, raised_at nulls first, attention_id`,
    sql<ServiceRow[]>`
      select r.job_id, r.offer_id, r.service, r.quantity, r.amount, r.form, r.requested_at, ${placeAmongLines(sql)}, w.state as work, w.reference, w.plan_before, s.outcome as settled, s.reference as settled_reference, s.settled_at
      from service_requests r
      left join service_work w on w.kiosk_id = r.kiosk_id and w.job_id = r.job_id
      left join service_settlements s on s.kiosk_id = r.kiosk_id and s.job_id = r.job_id
      where r.kiosk_id = ${kioskId} and r.order_id = ${orderId} order by r.requested_at, r.epoch, r.sequence, r.job_id`,
    sql<MoveRow[]>`select offer_id, change, remaining, reason, at from stock_moves where ${of} order by lane, epoch, sequence`,
    sql<EventRow[]>`
      select e.lane, e.epoch, e.sequence, e.event_id, e.kind, e.version, e.at, coalesce(e.occurred_at, e.at) as occurred_at, e.received_at, e.payload, e.repeated, q.reason
      from events e left join quarantined_events q
        on q.kiosk_id = e.kiosk_id and q.lane = e.lane and q.epoch = e.epoch and q.sequence = e.sequence and q.settled_at is null
      where e.kiosk_id = ${kioskId} and e.order_id = ${orderId} order by e.lane, e.epoch, e.sequence limit 500`,
  ]);
  if (!head) return undefined;
  // Opened here and masked at once: nothing but what tells two orders apart leaves HQ's server.
  const mask = (words: string, kind?: FormFieldKind) => maskWords(openWords(keys.get(orderId), orderId, words), kind);
  const orderLines = linesOf(lines, { currency: row.total.currency, taxes: head.taxes }).map((line) => mapForm(line, (words, id) => mask(words, kindOf(line.fields, id))));
  const paymentAttempts = attempts.map(attempt);
  return {
    row,
    shop: head.shop,
    lines: orderLines,
    taxes: head.taxes,
    dining: head.dining,
    catalogueRevision: head.catalogue_revision,
    receiptUrl: head.receipt_url,
    attempts: paymentAttempts,
    refunds: refunds.map(refund),
    jobs: jobs.map((job) => ({ jobId: job.job_id, kind: job.kind, state: job.state, queuedAt: job.queued_at, stateAt: job.state_at })),
    attention: attention.map(orderAttention),
    services: services.map((service) => {
      // As the order's line of the same offer names it.
      const fields = orderLines.find(({ offerId }) => offerId === service.offer_id)?.fields ?? [];
      return {
        jobId: service.job_id, offerId: service.offer_id, service: service.service, quantity: service.quantity, amount: { amount: service.amount, currency: row.total.currency },
        ...mapForm({ form: service.form }, (words, id) => mask(words, kindOf(fields, id))), requestedAt: service.requested_at,
        state: stateOfService(service), reference: service.reference ?? service.settled_reference, number: applicationNumber(service.service, orderId, service.lines, service.place) ?? null,
        settled: service.settled !== null && service.settled_at !== null ? { outcome: service.settled, at: service.settled_at } : null,
      };
    }),
    stockMoves: moves.map((move) => ({ offerId: move.offer_id, change: move.change, left: move.remaining, reason: move.reason, at: move.at })),
    events: events.map((event) => orderEvent(event, mask)),
    // Where the words are gone, the receipt says nothing of them.
    receipt: receiptOf({
      row, head, lines: orderLines.map((line) => mapForm(line, (words) => (words === shredded ? '' : words))), attempts: paymentAttempts, refunds: refunds.map(refund),
      services: services.map((service) => ({ offerId: service.offer_id, state: stateOfService(service), reference: service.reference ?? service.settled_reference, planBefore: service.plan_before })),
    }),
  };
}

interface PaymentRow {
  attempt_id: string; amount: number; currency: Currency; state: PaymentAttempt['state']; card: PaymentAttempt['card'];
  result_code: string | null; started_at: number; state_at: number; tender: PaymentAttempt['tender']; mode: PaymentAttempt['mode']; wallet: PaymentAttempt['wallet'];
}

interface RefundRow {
  refund_id: string; attempt_id: string; amount: number; currency: Currency; way: PartRefund['way']; state: PartRefund['state']; reason: string; by: string | null; detail: string | null; asked_at: number; state_at: number;
}

interface JobRow { job_id: string; kind: Job['kind']; state: Job['state']; queued_at: number; state_at: number }

interface AttentionRow {
  attention_id: string; kind: OrderAttention['kind']; attempt_id: string | null; job_id: string | null; amount: number | null; currency: Currency | null;
  started_at: number | null; card: OrderAttention['card']; last_card: OrderAttention['lastCard']; detail: string | null; raised_at: number | null; decision: Decision | null; decided_at: number | null;
}

interface ServiceRow {
  job_id: string; offer_id: string; service: ServiceRequest['service']; quantity: number; amount: number; form: Record<string, string>; requested_at: number;
  lines: readonly number[] | null; place: number;
  work: WorkState | null; reference: string | null; plan_before: PlanBefore | null; settled: 'pending' | 'done' | 'refused' | null; settled_reference: string | null; settled_at: number | null;
}

interface MoveRow { offer_id: string; change: number; remaining: number; reason: string; at: number }

interface EventRow {
  lane: string; epoch: number; sequence: number; event_id: string; kind: string; version: number; at: number; occurred_at: number; received_at: number;
  payload: string; repeated: boolean; reason: string | null;
}

/** Where HQ itself stands with it; what the kiosk has taken in where HQ has done nothing of its own. */
function stateOfService({ work, settled }: ServiceRow): ServiceRequest['state'] {
  if (work !== null && work !== 'queued') return work === 'submitting' || work === 'accepted' ? 'pending' : work;
  return settled ?? 'asked';
}

/** What a value is; of orders of before, the one field there was. */
function kindOf(fields: OrderLine['fields'], id: string): FormFieldKind | undefined {
  return fields.find((field) => field.id === id)?.kind;
}

function attempt(row: PaymentRow): PaymentAttempt {
  return {
    attemptId: row.attempt_id, amount: { amount: row.amount, currency: row.currency }, state: row.state, card: row.card,
    resultCode: row.result_code, startedAt: row.started_at, stateAt: row.state_at, tender: row.tender, mode: row.mode, wallet: row.wallet,
  };
}

function refund(row: RefundRow): PartRefund {
  return {
    refundId: row.refund_id, attemptId: row.attempt_id, amount: { amount: row.amount, currency: row.currency }, way: row.way, state: row.state, reason: row.reason, by: row.by, detail: row.detail,
    askedAt: row.asked_at, stateAt: row.state_at,
  };
}

function orderAttention(row: AttentionRow): OrderAttention {
  return {
    attentionId: row.attention_id, kind: row.kind, attemptId: row.attempt_id, jobId: row.job_id,
    amount: row.amount !== null && row.currency !== null ? { amount: row.amount, currency: row.currency } : null,
    startedAt: row.started_at, card: row.card, lastCard: row.last_card, detail: row.detail, raisedAt: row.raised_at,
    settled: row.decision !== null && row.decided_at !== null ? { decision: row.decision, at: row.decided_at } : null,
  };
}

function orderEvent(row: EventRow, mask: (words: string) => string): OrderEvent {
  return {
    lane: row.lane, epoch: row.epoch, sequence: row.sequence, id: row.event_id, kind: row.kind, version: row.version, at: row.at,
    occurredAt: row.occurred_at, receivedAt: row.received_at, payload: maskPayload(row.payload, mask), repeated: row.repeated, setAside: row.reason,
  };
}

/** Only events that were understood belong to an order, so this is JSON of a known shape: what customers said of themselves stands in forms, phones and words. */
function maskPayload(payload: string, mask: (words: string) => string): string {
  const masked = (value: unknown, key: string, isPersonal: boolean): unknown => {
    if (typeof value === 'string') return isPersonal || isSealed(value) || key === 'phone' || key === 'words' ? mask(value) : value;
    if (typeof value !== 'object' || value === null) return value;
    if (Array.isArray(value)) return value.map((inner) => masked(inner, key, isPersonal));
    return Object.fromEntries(Object.entries(value).map(([name, inner]) => [name, masked(inner, name, isPersonal || key === 'form')]));
  };
  return JSON.stringify(masked(JSON.parse(payload), '', false));
}
