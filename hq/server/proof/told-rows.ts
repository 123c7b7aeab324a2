import { isSealed, shredded } from '../../../domain/personal/sealed.ts';
import { fold } from '../ingest/fold.ts';
import type { Effective } from '../ingest/understand.ts';
import { orderOf } from '../ingest/understand.ts';

/** What events say that a row holds. Times of HQ's own reckoning are not among it: no kiosk has signed them, and nothing but lists goes by them. */
export interface ToldRow {
  /** The event that says it, or the last of those that do. */
  readonly event: Effective;
  readonly columns: Readonly<Record<string, unknown>>;
}

/** Of an order's line, since version 3 of its event. HQ kept nothing of them before, and what is made of older events now is HQ's own reckoning. */
export const columnsSinceThree: ReadonlySet<string> = new Set(['discount', 'tax', 'fields']);

/** The tables that are made from an order's events, and the columns that are held against them. */
export const orderTables = {
  orders: { key: ['order_id'], columns: ['number', 'state', 'placed_at', 'language', 'catalogue_revision', 'total_amount', 'currency', 'receipt_token', 'receipt_url', 'shop', 'taxes', 'cart_id', 'dining'] },
  order_lines: { key: ['order_id', 'line'], columns: ['offer_id', 'name_zh', 'name_en', 'fulfilment', 'choices', 'quantity', 'unit_price', 'total', 'form', 'discount', 'tax', 'fields'] },
  payments: { key: ['attempt_id'], columns: ['order_id', 'amount', 'currency', 'state', 'tender', 'mode', 'wallet', 'card', 'result_code'] },
  order_refunds: { key: ['refund_id'], columns: ['attempt_id', 'order_id', 'amount', 'currency', 'way', 'state', 'reason', 'by', 'job_id', 'detail'] },
  jobs: { key: ['job_id'], columns: ['order_id', 'kind', 'state'] },
  service_requests: { key: ['job_id'], columns: ['order_id', 'offer_id', 'service', 'quantity', 'amount', 'form'] },
  service_settlements: { key: ['job_id'], columns: ['order_id', 'outcome', 'reference'] },
  feedback: { key: ['order_id'], columns: ['stars', 'chips', 'words'] },
  attention: { key: ['attention_id'], columns: ['kind', 'order_id', 'attempt_id', 'job_id', 'refund_id', 'amount', 'currency', 'started_at', 'card', 'last_card', 'detail', 'raised_at', 'decision'] },
} as const;
export type OrderTable = keyof typeof orderTables;

/**
 * All rows that these events come to, by table and key: what `projectOrders` would write of them.
 * @param events all of their orders, in the order of their sequences
 */
export function toldRows(events: readonly Effective[]): Readonly<Record<OrderTable, ReadonlyMap<string, ToldRow>>> {
  const { placed, states, payments, refunds, jobs, attention, services, settlements, feedback } = fold(events);
  // The first one counts, as in the tables.
  const first = [...new Map(placed.toReversed().map((event) => [event.body.order.id as string, event])).values()];
  const last = new Map(events.flatMap((event) => idsOf(event).map((id) => [id, event] as const)));
  const rowsOf = <T>(items: Iterable<readonly [string, T]>, columnsOf: (item: T, id: string) => Readonly<Record<string, unknown>>) =>
    new Map([...items].flatMap(([id, item]) => {
      const event = last.get(id);
      return event ? [[id.toLowerCase(), { event, columns: columnsOf(item, id) }] as const] : [];
    }));
  return {
    orders: new Map(first.map((event) => {
      const { order, shop, receiptUrl } = event.body;
      return [order.id.toLowerCase(), { event, columns: {
        number: order.number, state: states.get(order.id)?.state ?? 'placed', placed_at: order.placedAt, language: order.language, catalogue_revision: order.catalogueRevision,
        total_amount: order.total.amount, currency: order.total.currency, receipt_token: order.receiptToken, receipt_url: receiptUrl, shop, taxes: order.taxes, cart_id: order.cartId.toLowerCase(), dining: order.dining ?? null,
      } }];
    })),
    order_lines: new Map(first.flatMap((event) => event.body.order.lines.map((line, index) => [`${event.body.order.id.toLowerCase()} ${index + 1}`, { event, columns: {
      offer_id: line.offerId, name_zh: line.name.zh, name_en: line.name.en, fulfilment: line.fulfilment, choices: line.choices,
      quantity: line.quantity, unit_price: line.unitPrice, total: line.total, form: line.form,
      discount: line.discount ?? null, tax: line.tax, fields: line.fields,
    } }]))),
    payments: rowsOf(payments, (row) => ({ order_id: row.orderId.toLowerCase(), amount: row.amount, currency: row.currency, state: row.state, tender: row.tender, mode: row.mode, wallet: row.wallet, card: row.card, result_code: row.resultCode })),
    order_refunds: rowsOf(refunds, ({ body, detail }) => ({
      attempt_id: body.attemptId.toLowerCase(), order_id: body.orderId.toLowerCase(), amount: body.amount.amount, currency: body.amount.currency, way: body.way, state: body.state,
      reason: body.reason, by: body.by ?? null, job_id: body.jobId?.toLowerCase() ?? null, detail,
    })),
    jobs: rowsOf(jobs, (row) => ({ order_id: row.orderId.toLowerCase(), kind: row.kind, state: row.state })),
    service_requests: rowsOf(services.toReversed().map((event) => [event.body.jobId as string, event.body] as const), (body) => ({
      order_id: body.orderId.toLowerCase(), offer_id: body.offerId, service: body.service, quantity: body.quantity, amount: body.amount, form: body.form,
    })),
    service_settlements: rowsOf([...settlements].map(([jobId, { body }]) => [jobId, body] as const), (body) => ({ order_id: body.orderId.toLowerCase(), outcome: body.outcome, reference: body.reference ?? null })),
    feedback: new Map([...feedback.values()].map((event) => [event.body.orderId.toLowerCase(), { event, columns: { stars: event.body.stars, chips: event.body.chips, words: event.body.words ?? null } }])),
    attention: rowsOf(attention, ({ kind, orderId, raised, settled }) => ({
      kind, order_id: orderId.toLowerCase(), attempt_id: raised?.attemptId?.toLowerCase() ?? null, job_id: raised?.jobId?.toLowerCase() ?? null, refund_id: raised?.refundId?.toLowerCase() ?? null,
      amount: raised?.amount?.amount ?? null, currency: raised?.amount?.currency ?? null, started_at: raised?.startedAt ?? null, card: raised?.card ?? null,
      last_card: raised?.lastCard ?? null, detail: raised?.detail ?? null, raised_at: raised?.raisedAt ?? null, decision: settled?.decision ?? null,
    })),
  };
}

/**
 * Whether a row's value is the one that was told. Customers' words that came plain stand sealed in the tables, with a key and a nonce of HQ's own: of those
 * only that they are sealed, or shredded, can be seen.
 */
export function isAsTold(column: string, told: unknown, held: unknown): boolean {
  if (column === 'words' && typeof told === 'string') return isSameWords(told, held);
  if (column !== 'form') return isSameJson(told, held);
  if (typeof held !== 'object' || held === null) return false;
  const form = told as Readonly<Record<string, string>>;
  const names = Object.keys(form);
  return names.length === Object.keys(held).length && names.every((name) => Object.hasOwn(held, name) && isSameWords(form[name] ?? '', (held as Record<string, unknown>)[name]));
}

function isSameWords(told: string, held: unknown): boolean {
  return told === held || (told !== '' && !isSealed(told) && typeof held === 'string' && (isSealed(held) || held === shredded));
}

/** As both would read in JSON, whatever the order of their names. */
export function isSameJson(a: unknown, b: unknown): boolean {
  return canonical(a) === canonical(b);
}

function canonical(value: unknown): string {
  return JSON.stringify(value, (_name, inner: unknown) =>
    typeof inner === 'object' && inner !== null && !Array.isArray(inner) ? Object.fromEntries(Object.entries(inner).toSorted(([a], [b]) => (a < b ? -1 : a > b ? 1 : 0))) : inner) ?? 'null';
}

/** The keys of the rows, other than the order's own, that an event tells of. */
function idsOf({ kind, body }: Effective): readonly string[] {
  if (kind === 'payment.attempt') return [body.attemptId];
  if (kind === 'payment.refund') return [body.refundId];
  if (kind === 'job.state' || kind === 'service.requested' || kind === 'service.settled') return [body.jobId];
  return kind === 'attention.raised' || kind === 'attention.settled' ? [body.id] : [];
}

/** Some event of each order, to name where nothing tells of a row. */
export function someEventOf(events: readonly Effective[]): ReadonlyMap<string, Effective> {
  return new Map(events.toReversed().flatMap((event) => {
    const orderId = orderOf(event);
    return orderId === undefined ? [] : [[orderId.toLowerCase(), event] as const];
  }));
}
