import type { Database } from 'better-sqlite3';
import type { EventKind, HqEventPayload, JobKind, JobState } from '../../domain/contract/hq.ts';
import type { AttemptId, OrderId } from '../../domain/ids.ts';
import type { OrderState } from '../../domain/order/order.ts';
import { refundNews } from './refunds.ts';
import type { Emitter } from './emitter.ts';
import type { EffectEvent, ReplayedEffects } from './replay-effects.ts';
import { endedJobStates, orderRank } from './replay-effects.ts';
import { currentPayload } from './older-events.ts';
import type { ReplayedAttempts } from './replay-payments.ts';
import type { ReplayedRefunds } from './replay-refunds.ts';

/**
 * Levels tables and outbox with each other. They are written together, but a disk that lost the end of a log that was copied into the store already leaves
 * pages of two times, each of them whole: a table may know what no event tells, or an event may tell what its table has forgotten. What is further counts.
 * Reads all of the outbox's orders: for a recovery, not for each page of a history. What was pruned is not looked at.
 */
export function levelWithOutbox(database: Database, effects: ReplayedEffects, attempts: ReplayedAttempts, refunds: ReplayedRefunds, emit: Emitter['emit']): void {
  const stateOfOrder = database.prepare<[string], { state: OrderState }>('SELECT state FROM orders WHERE id = ?');
  const stateOfJob = database.prepare<[string], { state: JobState }>('SELECT state FROM jobs WHERE id = ?');
  const jobsOf = database.prepare<[string], { id: string; kind: JobKind; state: JobState }>("SELECT id, kind, state FROM jobs WHERE order_id = ? AND kind NOT IN ('print_document', 'print_terminal_slip')");
  const setOrder = database.prepare('UPDATE orders SET state = ? WHERE id = ?');
  const orders = new Map<string, OrderState>();
  const jobs = new Map<string, EffectEvent>();
  const payments = new Map<string, EffectEvent>();
  const givenBack = new Map<string, EffectEvent>();
  const others: EffectEvent[] = [];
  /** Nothing of these was pruned, which goes from the oldest on: what no event tells of them was lost. */
  const fromItsBeginning: string[] = [];
  const rows = database.prepare<[], EffectEvent>(`
    SELECT id, kind, version, at, payload FROM outbox
    WHERE lane = 'orders' AND kind IN ('order.placed', 'order.state', 'payment.attempt', 'payment.refund', 'job.state', 'command.answered', 'attention.raised', 'attention.settled',
      'service.requested', 'service.settled', 'help.called', 'help.ended', 'feedback.given')
    ORDER BY epoch, sequence`).all();
  for (const event of rows) {
    switch (event.kind as EventKind) {
      case 'order.placed': {
        const { order: { id } } = JSON.parse(event.payload) as { order: { id: string } };
        if (stateOfOrder.get(id) === undefined) effects.apply(event);
        if (!orders.has(id)) orders.set(id, 'placed');
        fromItsBeginning.push(id);
        break;
      }
      case 'order.state': {
        const { orderId, to } = payloadOf<'order.state'>(event);
        orders.set(orderId, to);
        break;
      }
      case 'payment.attempt':
        payments.set(payloadOf<'payment.attempt'>(event).attemptId, event);
        break;
      case 'payment.refund':
        givenBack.set(payloadOf<'payment.refund'>(event).refundId, event);
        break;
      case 'job.state':
        jobs.set(payloadOf<'job.state'>(event).jobId, event);
        break;
      default:
        others.push(event);
    }
  }
  for (const [id, told] of orders) {
    const state = stateOfOrder.get(id)?.state;
    if (state === undefined || state === told) continue;
    if (orderRank[told] > orderRank[state]) setOrder.run(told, id);
    else emit('order.state', { orderId: id as OrderId, from: told, to: state });
  }
  for (const event of payments.values()) {
    const news = payloadOf<'payment.attempt'>(event);
    if (stateOfOrder.get(news.orderId)) attempts.tell({ ...news, attemptId: news.attemptId as AttemptId, orderId: news.orderId as OrderId, at: event.at });
  }
  for (const event of givenBack.values()) {
    const told = payloadOf<'payment.refund'>(event);
    const here = refunds.further(told);
    if (here) emit('payment.refund', refundNews(here));
    else if (stateOfOrder.get(told.orderId)) refunds.tell(told, event.at);
  }
  for (const [id, event] of jobs) {
    const told = payloadOf<'job.state'>(event);
    const state = stateOfJob.get(id)?.state;
    if (state === told.state) continue;
    const isFurther = state !== undefined && (endedJobStates.includes(state) || (state === 'doing' && told.state === 'queued'));
    if (isFurther) emit('job.state', { jobId: told.jobId, orderId: told.orderId, kind: told.kind, state });
    else effects.apply(event);
  }
  for (const orderId of fromItsBeginning) {
    for (const { id, kind, state } of jobsOf.all(orderId)) if (!jobs.has(id)) emit('job.state', { jobId: id, orderId, kind, state });
  }
  // Each of them changes nothing where it stands there already. A command that HQ has the answer of is not done again.
  for (const event of others) effects.apply(event);
}

/** Our own payload, as it is written now. */
function payloadOf<K extends EventKind>({ kind, version, payload }: EffectEvent): HqEventPayload<K> {
  return currentPayload(kind as EventKind, version, JSON.parse(payload)) as HqEventPayload<K>;
}
