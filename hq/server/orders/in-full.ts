import type { Decision } from '../../../domain/attention/attention.ts';
import type { Currency } from '../../../domain/money.ts';
import type { OrderLine } from '../../../domain/order/order.ts';
import { isSealed, shredded } from '../../../domain/personal/sealed.ts';
import { maskPhone } from '../../../domain/receipt/compose.ts';
import type { Job, OrderAttention, OrderEvent, OrderInFull, PaymentAttempt } from '../../contract/console.ts';
import type { Queries } from '../database.ts';
import { mapForm } from '../ingest/seal.ts';
import { openWords, readKeys } from '../personal.ts';
import type { OrderHead } from '../receipts/of-order.ts';
import { receiptOf } from '../receipts/of-order.ts';
import { readOrderRows } from './list.ts';

/** Everything that HQ knows of one order, from its projections and from the events that they were made of. */
export async function readOrderInFull(sql: Queries, kioskId: string, orderId: string): Promise<OrderInFull | undefined> {
  const [row] = await readOrderRows(sql, kioskId, [orderId]);
  if (!row) return undefined;
  const of = sql`kiosk_id = ${kioskId} and order_id = ${orderId}`;
  const [keys, [head], lines, attempts, jobs, attention, services, moves, events] = await Promise.all([
    readKeys(sql, kioskId, [orderId]),
    sql<OrderHead[]>`select shop, taxes, catalogue_revision, receipt_url, receipt_token, cart_id from orders where ${of}`,
    sql<LineRow[]>`select * from order_lines where ${of} order by line`,
    sql<PaymentRow[]>`select * from payments where ${of} order by started_at, attempt_id`,
    sql<JobRow[]>`select * from jobs where ${of} order by queued_at, job_id`,
    sql<AttentionRow[]>`select * from attention where ${of} order by decision is not null, raised_at nulls first, attention_id`,
    sql<ServiceRow[]>`select * from service_requests where ${of} order by requested_at, job_id`,
    sql<MoveRow[]>`select offer_id, change, remaining, reason, at from stock_moves where ${of} order by lane, epoch, sequence`,
    sql<EventRow[]>`
      select e.lane, e.epoch, e.sequence, e.event_id, e.kind, e.version, e.at, coalesce(e.occurred_at, e.at) as occurred_at, e.received_at, e.payload, e.repeated, q.reason
      from events e left join quarantined_events q
        on q.kiosk_id = e.kiosk_id and q.lane = e.lane and q.epoch = e.epoch and q.sequence = e.sequence and q.settled_at is null
      where e.kiosk_id = ${kioskId} and e.order_id = ${orderId} order by e.lane, e.epoch, e.sequence limit 500`,
  ]);
  if (!head) return undefined;
  // Opened here and masked at once: nothing but the last digits leaves HQ's server.
  const mask = (words: string) => maskWords(openWords(keys.get(orderId), orderId, words));
  const orderLines = lines.map((line) => mapForm(orderLine(line), mask));
  const paymentAttempts = attempts.map(attempt);
  return {
    row,
    shop: head.shop,
    lines: orderLines,
    taxes: head.taxes,
    catalogueRevision: head.catalogue_revision,
    receiptUrl: head.receipt_url,
    attempts: paymentAttempts,
    jobs: jobs.map((job) => ({ jobId: job.job_id, kind: job.kind, state: job.state, queuedAt: job.queued_at, stateAt: job.state_at })),
    attention: attention.map(orderAttention),
    services: services.map((service) => ({
      jobId: service.job_id, offerId: service.offer_id, service: service.service, quantity: service.quantity,
      amount: { amount: service.amount, currency: row.total.currency }, phone: mask(service.phone), requestedAt: service.requested_at,
    })),
    stockMoves: moves.map((move) => ({ offerId: move.offer_id, change: move.change, left: move.remaining, reason: move.reason, at: move.at })),
    events: events.map((event) => orderEvent(event, mask)),
    // Where the words are gone, the receipt says nothing of them.
    receipt: receiptOf({ row, head, lines: orderLines.map((line) => mapForm(line, (words) => (words === shredded ? '' : words))), attempts: paymentAttempts }),
  };
}

interface LineRow {
  offer_id: string; name_zh: string; name_en: string; fulfilment: OrderLine['fulfilment']; choices: OrderLine['choices'];
  quantity: number; unit_price: number; total: number; form: OrderLine['form'];
}

interface PaymentRow {
  attempt_id: string; amount: number; currency: Currency; state: PaymentAttempt['state']; card: PaymentAttempt['card'];
  result_code: string | null; started_at: number; state_at: number;
}

interface JobRow { job_id: string; kind: Job['kind']; state: Job['state']; queued_at: number; state_at: number }

interface AttentionRow {
  attention_id: string; kind: OrderAttention['kind']; attempt_id: string | null; job_id: string | null; amount: number | null; currency: Currency | null;
  started_at: number | null; card: OrderAttention['card']; last_card: OrderAttention['lastCard']; detail: string | null; raised_at: number | null; decision: Decision | null; decided_at: number | null;
}

interface ServiceRow { job_id: string; offer_id: string; service: string; quantity: number; amount: number; phone: string; requested_at: number }

interface MoveRow { offer_id: string; change: number; remaining: number; reason: string; at: number }

interface EventRow {
  lane: string; epoch: number; sequence: number; event_id: string; kind: string; version: number; at: number; occurred_at: number; received_at: number;
  payload: string; repeated: boolean; reason: string | null;
}

function orderLine(row: LineRow): OrderLine {
  return {
    offerId: row.offer_id, name: { zh: row.name_zh, en: row.name_en }, fulfilment: row.fulfilment, choices: row.choices,
    quantity: row.quantity, unitPrice: row.unit_price, total: row.total, form: row.form,
  };
}

function attempt(row: PaymentRow): PaymentAttempt {
  return {
    attemptId: row.attempt_id, amount: { amount: row.amount, currency: row.currency }, state: row.state, card: row.card,
    resultCode: row.result_code, startedAt: row.started_at, stateAt: row.state_at,
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

function maskWords(words: string): string {
  return words === shredded || words === '' ? words : maskPhone(words);
}

/** Only events that were understood belong to an order, so this is JSON of a known shape: what customers said of themselves stands in forms and phones. */
function maskPayload(payload: string, mask: (words: string) => string): string {
  return JSON.stringify(JSON.parse(payload, (key, value: unknown) => {
    if (key === 'phone' && typeof value === 'string') return mask(value);
    if (typeof value === 'string' && isSealed(value)) return mask(value);
    return value;
  }));
}
