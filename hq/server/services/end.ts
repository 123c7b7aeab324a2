import type { KioskId } from '../../../domain/ids.ts';
import type { Queries, Transaction } from '../database.ts';
import { raiseWithFacts } from '../alerts/raise.ts';
import { settleAlarms } from '../ingest/alarms.ts';
import type { Effective } from '../ingest/understand.ts';

/** Nothing more is done for such an order: its customer has the money back, or never paid. */
export function isOver(orderState: string | null): boolean {
  return orderState === 'refunded' || orderState === 'cancelled' || orderState === 'expired';
}

/**
 * Of an order `o`: its state, or `refunded` as soon as the money that paid it is on its way back, which may take days at a gateway: nothing more is begun for it.
 * One attempt that goes back beside another that was approved is no refund: the order was paid by the other. What a person at HQ gives back of a kiosk that is gone, no kiosk tells.
 */
export function orderStateNow(sql: Queries) {
  const has = (states: readonly string[]) => sql`exists (select 1 from payments p where p.kiosk_id = o.kiosk_id and p.order_id = o.order_id and p.state in ${sql([...states])})`;
  const isGivenBackHere = sql`exists (
    select 1 from payments p where p.kiosk_id = o.kiosk_id and p.order_id = o.order_id and p.tender <> 'card' and p.state in ('approved', 'unknown', 'unclear')
      and p.amount <= (select sum(r.amount) from wallet_refunds r where r.kiosk_id = p.kiosk_id and r.attempt_id = p.attempt_id and r.state <> 'refused' having bool_or(r.by is not null))
      and not exists (select 1 from payments other where other.kiosk_id = p.kiosk_id and other.order_id = p.order_id and other.state = 'approved' and other.attempt_id <> p.attempt_id))`;
  return sql`case when (${has(['reversing', 'reversed'])} and not ${has(['approved'])}) or ${isGivenBackHere} then 'refunded' else o.state end`;
}

export interface Ended {
  readonly kioskId: KioskId;
  readonly jobId: string;
  readonly orderId: string;
  readonly outcome: 'done' | 'refused';
  readonly at: number;
}

/** A service has its end: so do its alarms, but where it was credited and the money went back, too, a person is told, and ends that. */
export async function endAlarms(transaction: Transaction, ended: Ended): Promise<void> {
  const isBoth = ended.outcome === 'done' && (await raiseIfOver(transaction, ended));
  if (!isBoth) await settleAlarms(transaction, ended.kioskId, 'service_open', ended.at, ended.jobId);
}

async function raiseIfOver(transaction: Transaction, { kioskId, jobId, orderId, at }: Omit<Ended, 'outcome'>): Promise<boolean> {
  const [order] = await transaction<{ state: string }[]>`select ${orderStateNow(transaction)} as state from orders o where o.kiosk_id = ${kioskId} and o.order_id = ${orderId}`;
  if (!order || !isOver(order.state)) return false;
  await raiseWithFacts(transaction, { kioskId, kind: 'service_open', subject: jobId, facts: { what: 'both', jobId, order: order.state }, at });
  return true;
}

/**
 * The kiosk has heard that services are done: where its order was over by then, and HQ, which had not heard of that yet, said nothing when they ended, it does now.
 * Money that a person sends back after the kiosk knew is no alarm.
 * @param events what has come, in the order of its sequences, and has its effect on the orders already
 */
export async function noticeCreditedTooLate(transaction: Transaction, kioskId: KioskId, events: readonly Effective[], at: number): Promise<void> {
  for (const [index, settled] of events.entries()) {
    if (settled.kind !== 'service.settled' || settled.body.outcome !== 'done') continue;
    const { jobId, orderId } = settled.body;
    if (events.slice(index).some((event) => isSentBack(event, orderId))) continue;
    const [unsaid] = await transaction`
      select 1 from service_work w where w.kiosk_id = ${kioskId} and w.job_id = ${jobId} and w.state = 'done' and w.ended_at is not null
        and not exists (select 1 from alarms a where a.kiosk_id = w.kiosk_id and a.kind = 'service_open' and a.subject = w.job_id::text and a.last_at >= w.ended_at)`;
    if (unsaid) await raiseIfOver(transaction, { kioskId, jobId, orderId, at });
  }
}

function isSentBack({ kind, body }: Effective, orderId: string): boolean {
  if (kind === 'order.state') return body.orderId === orderId && isOver(body.to);
  return kind === 'payment.attempt' && body.orderId === orderId && (body.state === 'reversing' || body.state === 'reversed');
}

export interface Contradiction {
  readonly kioskId: KioskId;
  readonly jobId: string;
  /** The end that the kiosk was told. */
  readonly was: 'done' | 'refused';
  /** Who says what instead. */
  readonly said: string;
  readonly at: number;
}

/** The kiosk was told one end and the provider says another: the first stays, and a person is told. */
export async function raiseContradiction(transaction: Transaction, { kioskId, jobId, was, said, at }: Contradiction): Promise<void> {
  await raiseWithFacts(transaction, { kioskId, kind: 'service_open', subject: jobId, facts: { what: 'contradicted', jobId, was, said }, at });
}
