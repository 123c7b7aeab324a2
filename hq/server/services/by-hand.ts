import type { KioskId } from '../../../domain/ids.ts';
import { promisedWithinMs } from '../../../domain/receipt/promise.ts';
import type { Result } from '../../../domain/result.ts';
import { err, ok } from '../../../domain/result.ts';
import type { Queries, Sql } from '../database.ts';
import { settleAlarms } from '../ingest/alarms.ts';
import { announce } from '../live/announce.ts';
import type { WorkState } from './claim.ts';
import { isOver, orderStateNow } from './end.ts';
import { tellKiosk } from './tell.ts';

/** A service that has no end yet, for a person. No customer's data. */
export interface OpenService {
  readonly kioskId: KioskId;
  readonly kioskName: string | null;
  readonly jobId: string;
  readonly orderId: string;
  readonly orderNumber: string | null;
  readonly service: string | null;
  readonly offerId: string | null;
  /** Minor units; with `currency`. Null where what was asked for is not here. */
  readonly amount: number | null;
  readonly currency: string | null;
  /** `held`: HQ has given it up. */
  readonly state: WorkState;
  readonly askedAt: number;
  /** Its customer was promised an end by then. */
  readonly untilAt: number;
  /** When HQ gave it up. */
  readonly heldAt: number | null;
  /** How often the provider was asked. */
  readonly turns: number;
  /** Whether it was to be taken back. */
  readonly reversal: 'asked' | 'cannot' | null;
  readonly provider: string | null;
  /** In words: why it was given up, or what was heard last. */
  readonly detail: string | null;
  readonly resubmittedBy: string | null;
}

export interface OpenQuery {
  readonly kioskId?: KioskId | undefined;
  /** Only those that HQ has given up. */
  readonly isGivenUp?: boolean | undefined;
  /** Behind this one. */
  readonly after?: { readonly askedAt: number; readonly kioskId: string; readonly jobId: string } | undefined;
  readonly limit: number;
}

/** The oldest first. */
export async function listOpenServices(sql: Queries, { kioskId, isGivenUp, after, limit }: OpenQuery): Promise<readonly OpenService[]> {
  const rows = await sql<Omit<OpenService, 'untilAt'>[]>`
    select w.kiosk_id as "kioskId", k.name as "kioskName", w.job_id as "jobId", w.order_id as "orderId", o.number as "orderNumber", r.service, r.offer_id as "offerId", r.amount, o.currency, w.state, w.asked_at as "askedAt",
      w.held_at as "heldAt", w.turns, w.reversal, w.provider, w.detail, w.resubmitted_by as "resubmittedBy"
    from service_work w
    left join service_requests r on r.kiosk_id = w.kiosk_id and r.job_id = w.job_id
    left join orders o on o.kiosk_id = w.kiosk_id and o.order_id = w.order_id
    left join kiosks k on k.kiosk_id = w.kiosk_id
    where w.ended_at is null ${kioskId === undefined ? sql`` : sql`and w.kiosk_id = ${kioskId}`} ${isGivenUp ? sql`and w.state = 'held'` : sql``}
      ${after ? sql`and (w.asked_at, w.kiosk_id, w.job_id) > (${after.askedAt}, ${after.kioskId}, ${after.jobId}::uuid)` : sql``}
    order by w.asked_at, w.kiosk_id, w.job_id limit ${limit}`;
  return rows.map((row) => ({ ...row, untilAt: row.askedAt + promisedWithinMs }));
}

export async function countOpenServices(sql: Queries): Promise<{ readonly open: number; readonly givenUp: number }> {
  const [row] = await sql<{ open: number; given_up: number }[]>`select count(*) as open, count(*) filter (where state = 'held') as given_up from service_work where ended_at is null`;
  return { open: row?.open ?? 0, givenUp: row?.given_up ?? 0 };
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

export interface Resubmission {
  readonly kioskId: KioskId;
  readonly jobId: string;
  readonly by: string;
  readonly now: number;
}

/**
 * Sends what was given up on its way again, under the same key: the provider is asked for it first, so nothing is credited twice. Its time counts anew. Error: one
 * sentence.
 */
export async function resubmit(sql: Sql, { kioskId, jobId, by, now }: Resubmission): Promise<Result<undefined, string>> {
  return sql.begin(async (transaction): Promise<Result<undefined, string>> => {
    const [row] = await transaction<{ order_id: string; state: WorkState; ended_at: number | null; order_state: string | null }[]>`
      select w.order_id, w.state, w.ended_at, ${orderStateNow(transaction)} as order_state from service_work w left join orders o on o.kiosk_id = w.kiosk_id and o.order_id = w.order_id
      where w.kiosk_id = ${kioskId} and w.job_id = ${jobId} for update of w`;
    if (!row) return err(`${kioskId} has asked for no such service.`);
    if (row.ended_at !== null || row.state === 'done' || row.state === 'refused') return err(`This service is ${row.state} already.`);
    if (row.state !== 'held') return err('HQ is still asking for this service by itself.');
    if (isOver(row.order_state)) return err(`Its order is ${row.order_state}: the customer has the money back, or never paid.`);
    await transaction`
      update service_work set state = 'queued', submitted_at = null, reversal = null, alarmed_at = null, held_at = null, detail = null, next_at = ${now}, resubmitted_at = ${now}, resubmitted_by = ${by}
      where kiosk_id = ${kioskId} and job_id = ${jobId}`;
    await settleAlarms(transaction, kioskId, 'service_open', now, jobId);
    await announce(transaction, kioskId, [row.order_id]);
    return ok(undefined);
  });
}
