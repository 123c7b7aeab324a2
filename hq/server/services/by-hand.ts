import type { KioskId } from '../../../domain/ids.ts';
import { promisedWithinMs } from '../../../domain/receipt/promise.ts';
import type { Result } from '../../../domain/result.ts';
import { err, ok } from '../../../domain/result.ts';
import type { Queries, Sql, Transaction } from '../database.ts';
import { settleAlarms } from '../ingest/alarms.ts';
import { announce } from '../live/announce.ts';
import type { WorkState } from './claim.ts';
import { claimReversal, stillOpen } from './claim.ts';
import { isOver, orderStateNow } from './end.ts';
import type { ServiceProvider } from './provider.ts';
import type { Told } from './tell.ts';
import { tellKiosk } from './tell.ts';
import { createTurns } from './turns.ts';

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
  readonly by: string;
  readonly now: number;
}

/** A person knows that it is credited, and the kiosk is told. Once for each service. Error: one sentence. */
export async function settleAsDone(sql: Sql, { kioskId, jobId, by, now, reference }: HandSettlement & { readonly reference?: string | undefined }): Promise<Result<undefined, string>> {
  return sql.begin(async (transaction): Promise<Result<undefined, string>> => {
    const open = stillOpen(kioskId, await lockEnd(transaction, kioskId, jobId));
    return open.ok ? settle(transaction, open.value, { kioskId, jobId, outcome: 'done', reference: reference ?? null, detail: `settled by ${by}`, by, now }) : open;
  });
}

export interface Refusal extends Omit<HandSettlement, 'now'> {
  /** The person has looked at the carrier's own books, and it is not credited there. */
  readonly isConfirmed: boolean;
}

export interface RefusalDeps {
  readonly sql: Sql;
  readonly now: () => number;
  /** Undefined where nobody here can ask whoever credits it. */
  readonly provider: ServiceProvider | undefined;
  readonly timeoutMs?: number | undefined;
}

/** What became of the wish. `detail`: for people who look after HQ, in English. */
export type RefusalEnd =
  /** Nothing is credited: its kiosk is told, and the customer's money goes back. */
  | { readonly outcome: 'refused'; readonly detail: string }
  /** It is credited after all, or somebody has settled it so meanwhile: nothing goes back. */
  | { readonly outcome: 'done'; readonly reference: string | null; readonly detail: string }
  /** It was not taken back, and nothing has happened: only a person's own look at the carrier's books ends it as refused. */
  | { readonly outcome: 'open'; readonly said: NotTakenBack; readonly detail: string };
/** `silent`: no answer. `cannot`: it goes on. `pending`: it is being taken back. `nobody`: it could not be asked. */
export type NotTakenBack = 'silent' | 'cannot' | 'pending' | 'nobody';

/**
 * A person wants a service ended as refused, which sends the customer's money back. It is taken back at whoever credits it before that, in a turn as of those whose time is
 * over, and what that brings counts: credited is credited. Where it was not taken back, the person's own look at the carrier's books may stand for it, after it was tried.
 * Killed in between, nothing has gone back, or the carrier's word of it comes by the worker. Once for each service. Error: one sentence.
 */
export async function settleAsRefused({ sql, now, provider, timeoutMs }: RefusalDeps, { kioskId, jobId, by, isConfirmed }: Refusal): Promise<Result<RefusalEnd, string>> {
  const tried = provider ? await takeBack({ sql, now, provider, timeoutMs }, { kioskId, jobId, by }) : ok({ said: 'nobody', detail: 'nobody at this HQ could ask whoever credits it' } as const);
  if (!tried.ok) return tried;
  const { said, detail } = tried.value;
  return sql.begin(async (transaction): Promise<Result<RefusalEnd, string>> => {
    const row = await lockEnd(transaction, kioskId, jobId);
    const open = stillOpen(kioskId, row);
    // What ended it since it was asked back is the answer to that.
    if (provider && row?.state === 'done') return ok({ outcome: 'done', reference: row.reference, detail: row.detail ?? '' });
    if (provider && row?.state === 'refused') return ok({ outcome: 'refused', detail: row.detail ?? '' });
    if (!open.ok) return open;
    if (!isConfirmed) return ok({ outcome: 'open', said, detail });
    // Somebody else has sent it on its way again since it was asked back.
    if (provider && open.value.reversal === null) return err('It was sent on its way again meanwhile.');
    const record = `settled by ${by}, who has seen at the carrier that it is not credited: ${detail}`.slice(0, 500);
    const settled = await settle(transaction, open.value, { kioskId, jobId, outcome: 'refused', reference: null, detail: record, by, now: now() });
    return settled.ok ? ok({ outcome: 'refused', detail: record }) : settled;
  });
}

/** Has it taken back as the worker does; what that brought stands in its row, or is answered where it has no end. */
async function takeBack({ sql, now, provider, timeoutMs }: RefusalDeps & { readonly provider: ServiceProvider }, { kioskId, jobId, by }: Omit<Refusal, 'isConfirmed'>): Promise<Result<{ readonly said: NotTakenBack; readonly detail: string }, string>> {
  const { claimMs, take, record } = createTurns({ sql, now, provider, timeoutMs });
  const turn = await sql.begin((transaction) => claimReversal(transaction, { kioskId, jobId, by, providerName: provider.name, at: now(), claimMs }));
  if (!turn.ok) return turn;
  const answer = await take(turn.value);
  await record(turn.value, answer);
  if (answer.kind === 'cannot') return ok({ said: 'cannot', detail: `${provider.name} was asked to take it back, and cannot: ${answer.detail}` });
  if (answer.kind === 'unknown' && answer.isUnsent) return ok({ said: 'nobody', detail: `${provider.name} could not be asked to take it back: ${answer.detail}` });
  if (answer.kind === 'unknown') return ok({ said: 'silent', detail: `${provider.name} was asked to take it back, and has not answered: ${answer.detail}` });
  return ok({ said: 'pending', detail: `${provider.name} was asked to take it back, and says ${answer.kind}` });
}

interface EndRow { order_id: string; state: WorkState; ended_at: number | null; reference: string | null; detail: string | null; reversal: 'asked' | 'cannot' | null }

async function lockEnd(transaction: Transaction, kioskId: KioskId, jobId: string): Promise<EndRow | undefined> {
  const [row] = await transaction<EndRow[]>`select order_id, state, ended_at, reference, detail, reversal from service_work where kiosk_id = ${kioskId} and job_id = ${jobId} for update`;
  return row;
}

async function settle(transaction: Transaction, row: EndRow, { detail, ...told }: Omit<Told, 'orderId'> & { readonly detail: string }): Promise<Result<undefined, string>> {
  const { kioskId, jobId, outcome, reference, now } = told;
  // Whoever works on services would tell it later, but perhaps nobody does here: told now, or not settled.
  if (!(await tellKiosk(transaction, { ...told, orderId: row.order_id }))) return err(`Too many commands wait for ${kioskId}: it has to be heard of first.`);
  await transaction`
    update service_work set state = ${outcome}, reference = ${reference}, detail = ${detail}, next_at = ${now} where kiosk_id = ${kioskId} and job_id = ${jobId}`;
  return ok(undefined);
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
    const open = stillOpen(kioskId, row);
    if (!open.ok) return open;
    const { state, order_id: orderId, order_state: orderState } = open.value;
    if (state !== 'held') return err('HQ is still asking for this service by itself.');
    if (isOver(orderState)) return err(`Its order is ${orderState}: the customer has the money back, or never paid.`);
    await transaction`
      update service_work set state = 'queued', submitted_at = null, reversal = null, alarmed_at = null, held_at = null, detail = null, next_at = ${now}, resubmitted_at = ${now}, resubmitted_by = ${by}
      where kiosk_id = ${kioskId} and job_id = ${jobId}`;
    await settleAlarms(transaction, kioskId, 'service_open', now, jobId);
    await announce(transaction, kioskId, [orderId]);
    return ok(undefined);
  });
}
