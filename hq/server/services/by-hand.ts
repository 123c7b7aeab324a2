import type { KioskId } from '../../../domain/ids.ts';
import type { Result } from '../../../domain/result.ts';
import { err, ok } from '../../../domain/result.ts';
import type { Queries, Sql } from '../database.ts';
import type { WorkState } from './claim.ts';
import { tellKiosk } from './tell.ts';

/** A service that has no end yet, for a person. No customer's data. */
export interface OpenService {
  readonly kioskId: KioskId;
  readonly jobId: string;
  readonly orderNumber: string | null;
  readonly service: string | null;
  readonly offerId: string | null;
  readonly state: WorkState;
  readonly askedAt: number;
  readonly provider: string | null;
  readonly detail: string | null;
}

/** The oldest first. */
export async function listOpenServices(sql: Queries, kioskId: KioskId | undefined, limit: number): Promise<readonly OpenService[]> {
  return sql<OpenService[]>`
    select w.kiosk_id as "kioskId", w.job_id as "jobId", o.number as "orderNumber", r.service, r.offer_id as "offerId", w.state, w.asked_at as "askedAt", w.provider, w.detail
    from service_work w
    left join service_requests r on r.kiosk_id = w.kiosk_id and r.job_id = w.job_id
    left join orders o on o.kiosk_id = w.kiosk_id and o.order_id = w.order_id
    where w.ended_at is null ${kioskId === undefined ? sql`` : sql`and w.kiosk_id = ${kioskId}`} order by w.asked_at, w.kiosk_id, w.job_id limit ${limit}`;
}

export interface HandSettlement {
  readonly kioskId: KioskId;
  readonly jobId: string;
  readonly outcome: 'done' | 'refused';
  readonly reference?: string | undefined;
  readonly by: string;
  readonly now: number;
}

/** A person knows what became of a service, and the kiosk is told: refused sends the customer's money back. Once for each service. Error: one sentence. */
export async function settleByHand(sql: Sql, { kioskId, jobId, outcome, reference, by, now }: HandSettlement): Promise<Result<undefined, string>> {
  return sql.begin(async (transaction): Promise<Result<undefined, string>> => {
    const [row] = await transaction<{ order_id: string; state: WorkState; ended_at: number | null }[]>`
      select order_id, state, ended_at from service_work where kiosk_id = ${kioskId} and job_id = ${jobId} for update`;
    if (!row) return err(`${kioskId} has asked for no such service.`);
    if (row.ended_at !== null || row.state === 'done' || row.state === 'refused') return err(`This service is ${row.state} already.`);
    // Whoever works on services would tell it later, but perhaps nobody does here: told now, or not settled.
    if (!(await tellKiosk(transaction, { kioskId, jobId, orderId: row.order_id, outcome, reference: reference ?? null, by, now }))) return err(`Too many commands wait for ${kioskId}: it has to be heard of first.`);
    await transaction`
      update service_work set state = ${outcome}, reference = ${reference ?? null}, detail = ${`settled by ${by}`}, next_at = ${now} where kiosk_id = ${kioskId} and job_id = ${jobId}`;
    return ok(undefined);
  });
}
