import type { Currency } from '../../../domain/money.ts';
import type { Moment } from '../../contract/api/orders.ts';
import type { OrderEvent, OrderInFull } from '../../contract/console.ts';
import type { Queries } from '../database.ts';

/** What of an order's events is not told by its other parts already. */
const toldElsewhere = new Set(['order.placed', 'order.state', 'payment.attempt', 'payment.refund', 'job.state', 'stock.moved', 'service.requested', 'service.settled', 'attention.raised', 'attention.settled', 'feedback.given']);

type Body = Readonly<Record<string, unknown>>;

/**
 * Everything that happened to one order, the oldest first: each of its events (its projections keep the last state alone), what staff did to it at the kiosk, and
 * what HQ told the kiosk about it. Times are HQ's reckoning, whatever the kiosk's clock said.
 */
export async function readLife(sql: Queries, kioskId: string, orderId: string, order: OrderInFull): Promise<readonly Moment[]> {
  const [acts, wallets, commands] = await Promise.all([
    sql<{ occurred_at: number; staff: string | null; act: string; outcome: string; detail: string }[]>`
      select occurred_at, staff, act, outcome, detail from staff_acts where kiosk_id = ${kioskId} and subject = ${orderId} order by epoch, sequence limit 200`,
    readWalletMoments(sql, kioskId, orderId),
    sql<{ kind: string; created_at: number; created_by: string; delivered_at: number | null; state: string; outcome: string | null; detail: string | null; answered_at: number | null; reason: string | null; amount: number | null }[]>`
      select kind, created_at, created_by, delivered_at, state, outcome, detail, answered_at, params ->> 'reason' as reason, (params ->> 'amount')::bigint as amount from commands
      where kiosk_id = ${kioskId} and (kind = 'refund' and params ->> 'orderId' = ${orderId}
        or kind = 'service_result' and params ->> 'jobId' in (select r.job_id::text from service_requests r where r.kiosk_id = ${kioskId} and r.order_id = ${orderId}))
      order by sequence limit 200`,
  ]);
  const told = order.events.filter(({ repeated, setAside }) => !repeated && setAside === null);
  const moments: Moment[] = [
    ...(told.some(({ kind }) => kind === 'order.placed') ? told.map((event) => momentOf(event, order)) : fromProjections(order)),
    ...acts.map(({ occurred_at: at, staff, act, outcome, detail }) => moment(at, 'staff', act, { outcome, subject: staff, detail })),
    ...wallets,
    ...commands.flatMap((command) => [
      moment(command.created_at, 'command', command.kind, { subject: command.created_by, detail: command.reason, amount: command.amount === null ? null : { amount: command.amount, currency: order.row.total.currency }, outcome: command.delivered_at === null ? null : 'delivered' }),
      ...(command.answered_at === null ? [] : [moment(command.answered_at, 'answered', command.kind, { outcome: command.outcome, detail: command.detail })]),
    ]),
  ];
  // What is of one moment stays in the order in which its lane told it.
  return moments.map((value, place) => ({ value, place })).toSorted((left, right) => left.value.at - right.value.at || left.place - right.place).map(({ value }) => value);
}

interface WalletRow { attempt_id: string; wallet: string; mode: string | null; amount: number | null; currency: Currency | null; state: string; refusal: string | null; detail: string | null; begun_at: number; unwanted_at: number | null; unclear_since: number | null; ended_at: number | null; late_at: number | null }

/** What HQ itself did at a wallet's gateway: of payments of this order, and of what went back of them. */
async function readWalletMoments(sql: Queries, kioskId: string, orderId: string): Promise<readonly Moment[]> {
  const payments = await sql<WalletRow[]>`
    select attempt_id, wallet, mode, amount, currency, state, refusal, detail, begun_at, unwanted_at, unclear_since, ended_at, late_at from wallet_payments where kiosk_id = ${kioskId} and order_id = ${orderId} order by begun_at limit 100`;
  const refunds = await sql<{ amount: number; currency: Currency; reason: string; origin: string; state: string; detail: string | null; asked_at: number; ended_at: number | null; settled_by: string | null; by: string | null }[]>`
    select r.amount, r.currency, r.reason, r.origin, r.state, r.detail, r.asked_at, r.ended_at, r.settled_by, r.by
    from wallet_refunds r join wallet_payments w on w.kiosk_id = r.kiosk_id and w.attempt_id = r.attempt_id where w.kiosk_id = ${kioskId} and w.order_id = ${orderId} order by r.asked_at limit 200`;
  return [
    ...payments.flatMap((row) => {
      const amount = row.amount === null || row.currency === null ? null : { amount: row.amount, currency: row.currency };
      const about = { subject: row.attempt_id, outcome: row.wallet, amount };
      return [
        moment(row.begun_at, 'wallet', 'begun', { ...about, detail: row.mode }),
        ...(row.unwanted_at === null ? [] : [moment(row.unwanted_at, 'wallet', 'unwanted', about)]),
        ...(row.ended_at === null ? [] : [moment(row.ended_at, 'wallet', row.late_at !== null && row.state === 'held' ? 'closed' : row.state, { ...about, detail: row.late_at === null ? (row.refusal ?? row.detail) : row.refusal })]),
        ...(row.state === 'held' && row.ended_at === null ? [moment(row.unclear_since ?? row.begun_at, 'wallet', 'held', { ...about, detail: row.detail })] : []),
        ...(row.late_at === null ? [] : [moment(row.late_at, 'wallet', 'late', { ...about, detail: row.detail })]),
      ];
    }),
    ...refunds.flatMap(({ amount, currency, reason, origin, state, detail, asked_at, ended_at, settled_by, by }) => [
      moment(asked_at, 'wallet', by === null ? 'refund_asked' : 'refund_by_hq', { amount: { amount, currency }, subject: by ?? origin, detail: reason }),
      ...(ended_at === null ? [] : [moment(ended_at, 'wallet', `refund_${state}`, { amount: { amount, currency }, subject: settled_by, detail })]),
    ]),
  ];
}

function moment(at: number, kind: Moment['kind'], name: string, more: Partial<Omit<Moment, 'at' | 'kind' | 'name'>> = {}): Moment {
  return { at, kind, name, outcome: null, subject: null, detail: null, amount: null, receivedAt: null, ...more };
}

function momentOf({ kind, payload, occurredAt: at, receivedAt }: OrderEvent, { row }: OrderInFull): Moment {
  const body = JSON.parse(payload) as Body;
  const text = (name: string): string | null => (typeof body[name] === 'string' ? body[name] : null);
  const amount = isMoney(body['amount']) ? body['amount'] : null;
  switch (kind) {
    case 'order.placed': return moment(at, 'placed', 'placed', { amount: row.total, receivedAt });
    case 'order.state': return moment(at, 'state', text('to') ?? '', { outcome: text('from'), receivedAt });
    case 'payment.attempt': return moment(at, 'payment', text('state') ?? '', { subject: text('attemptId'), amount, detail: text('resultCode'), outcome: body['tender'] === 'card' ? null : text('tender'), receivedAt });
    case 'payment.refund': return moment(at, 'refund', text('state') ?? '', { subject: text('by'), outcome: text('way'), detail: [text('reason'), text('detail')].filter(Boolean).join(': '), amount, receivedAt });
    case 'job.state': return moment(at, 'job', text('kind') ?? '', { outcome: text('state'), subject: text('jobId'), receivedAt });
    case 'stock.moved': return moment(at, 'stock', text('reason') ?? '', { subject: text('offerId'), outcome: String(body['change'] ?? ''), receivedAt });
    case 'service.requested': return moment(at, 'service', text('service') ?? '', { outcome: 'asked', subject: text('offerId'), receivedAt });
    case 'service.settled': return moment(at, 'service', 'result', { outcome: text('outcome'), detail: text('reference'), receivedAt });
    case 'attention.raised': return moment(at, 'attention', text('kind') ?? '', { detail: text('detail'), subject: text('attemptId') ?? text('jobId'), amount, receivedAt });
    case 'attention.settled': return moment(at, 'settled', text('kind') ?? '', { outcome: text('decision'), receivedAt });
    case 'feedback.given': return moment(at, 'feedback', String(body['stars'] ?? ''), { detail: text('words'), receivedAt });
    default: return moment(at, 'event', kind, { receivedAt });
  }
}

/** Where HQ does not have the events (before it kept them, or seeded): what its tables still say. */
function fromProjections({ row, attempts, refunds, jobs, stockMoves, services, attention, events }: OrderInFull): readonly Moment[] {
  return [
    moment(row.occurredAt, 'placed', 'placed', { amount: row.total, receivedAt: row.receivedAt }),
    ...attempts.flatMap(({ attemptId, amount, state, startedAt, stateAt, resultCode }) => [
      moment(startedAt, 'payment', 'started', { subject: attemptId, amount }),
      ...(state === 'started' ? [] : [moment(stateAt, 'payment', state, { subject: attemptId, amount, detail: resultCode })]),
    ]),
    ...refunds.flatMap(({ amount, way, state, reason, by, detail, askedAt, stateAt }) => [
      moment(askedAt, 'refund', 'asked', { subject: by, outcome: way, detail: reason, amount }),
      ...(state === 'asked' ? [] : [moment(stateAt, 'refund', state, { subject: by, outcome: way, detail: detail ?? reason, amount })]),
    ]),
    ...jobs.flatMap(({ jobId, kind, state, queuedAt, stateAt }) => [moment(queuedAt, 'job', kind, { outcome: 'queued', subject: jobId }), ...(state === 'queued' ? [] : [moment(stateAt, 'job', kind, { outcome: state, subject: jobId })])]),
    ...stockMoves.map(({ offerId, change, reason, at }) => moment(at, 'stock', reason, { subject: offerId, outcome: String(change) })),
    ...services.flatMap(({ offerId, service, requestedAt, settled, reference }) => [
      moment(requestedAt, 'service', service, { outcome: 'asked', subject: offerId }), ...(settled ? [moment(settled.at, 'service', 'result', { outcome: settled.outcome, detail: reference })] : []),
    ]),
    ...attention.flatMap(({ kind, detail, amount, raisedAt, settled }) => [
      ...(raisedAt === null ? [] : [moment(raisedAt, 'attention', kind, { detail, amount })]), ...(settled ? [moment(settled.at, 'settled', kind, { outcome: settled.decision })] : []),
    ]),
    ...events.filter(({ kind, repeated }) => !repeated && !toldElsewhere.has(kind)).map((event) => moment(event.occurredAt, 'event', event.kind, { receivedAt: event.receivedAt })),
  ];
}

function isMoney(value: unknown): value is NonNullable<Moment['amount']> {
  return typeof value === 'object' && value !== null && 'amount' in value && 'currency' in value;
}
