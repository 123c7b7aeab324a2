import type { Transaction } from '../database.ts';
import { insertRows } from '../database.ts';
import type { Folded } from '../ingest/fold.ts';

/**
 * Puts what was asked for on HQ's list of work, in the transaction that first understands the event: once for each job, and never of events that are
 * only applied anew, since they may be from before there was a list. Whether anybody works on the list is a matter of configuration.
 */
export async function queueServices(sql: Transaction, kioskId: string, services: Folded['services']): Promise<void> {
  await insertRows(
    sql,
    'insert into service_work (kiosk_id, job_id, order_id, asked_at, requested_at, state, next_at)',
    services.map(({ body, occurredAt, receivedAt }) => [kioskId, body.jobId, body.orderId, receivedAt, occurredAt, 'queued', receivedAt]),
    'on conflict (kiosk_id, job_id) do nothing',
  );
}
