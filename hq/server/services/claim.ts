import { serviceSchema } from '../../../domain/catalogue/offer.ts';
import type { KioskId } from '../../../domain/ids.ts';
import type { Currency } from '../../../domain/money.ts';
import { isSealed, shredded } from '../../../domain/personal/sealed.ts';
import { promisedWithinMs } from '../../../domain/receipt/promise.ts';
import type { Result } from '../../../domain/result.ts';
import { err, ok } from '../../../domain/result.ts';
import { raiseWithFacts } from '../alerts/raise.ts';
import type { Sql, Transaction } from '../database.ts';
import { mapForm } from '../ingest/seal.ts';
import { announce } from '../live/announce.ts';
import { applicationNumber, placeAmongLines } from '../orders/lines.ts';
import { openWords, readKeys } from '../personal.ts';
import { endAlarms, isOver, orderStateNow, raiseContradiction } from './end.ts';
import type { ServiceOrder } from './provider.ts';
import { tellKiosk } from './tell.ts';

export type WorkState = 'queued' | 'submitting' | 'accepted' | 'pending' | 'unknown' | 'done' | 'refused' | 'held';

export interface ClaimTimes {
  /** While one process is at it, nobody else is for so long. */
  readonly claimMs: number;
  /** After so long without an end the kiosk is told that it is pending. */
  readonly pendingAfterMs: number;
  /** After so long without an end it is taken back where the provider can, and else a person is told. */
  readonly limitMs: number;
}

/** One turn at a service: what is to be asked of the provider, with what was written down before. */
export type Turn = TurnPlace & (
  /** `submit`: it surely was never submitted. `find`: perhaps it was: asked first, and submitted where it is not there. */
  | { readonly kind: 'submit' | 'find'; readonly order: ServiceOrder }
  /** Asked for by its key alone, and never submitted. `reason`: a sentence on why not, where the provider does not have it. */
  | { readonly kind: 'query'; readonly reason: string }
  /** Its time is over, or a person (`by`) wants it: asked for, and where it has no end, taken back. It is never submitted again, unless a person says so. */
  | { readonly kind: 'reverse'; readonly by?: string }
);

interface TurnPlace {
  readonly kioskId: KioskId;
  readonly jobId: string;
  readonly orderId: string;
  /** Which turn it is. */
  readonly turn: number;
}

/** What was asked for so long ago, and never submitted, was asked of an HQ that had no provider: whether it is still wanted is for a person. */
const submitWithinMs = 24 * 3_600_000;
/** What came so long after it happened may have been submitted before by an HQ that was restored since. */
const freshMs = 30_000;
/** HQ is at what waits at least this often, however unwell its provider is. What was due for longer may have been submitted by an HQ that was restored since, from before that. */
const atItMs = 180_000;

interface Row {
  job_id: string; order_id: string; asked_at: number; requested_at: number; state: WorkState; turns: number; next_at: number; submitted_at: number | null; told: string | null; alarmed_at: number | null; reference: string | null;
  reversal: 'asked' | 'cannot' | null; resubmitted_at: number | null;
  service: ServiceOrder['service'] | null; offer_id: string | null; quantity: number | null; amount: number | null; form: Record<string, string> | null;
  lines: readonly number[] | null; place: number;
  order_state: string | null; currency: Currency | null; settled: string | null; settled_reference: string | null;
}

/** The places of work that is due, of any kiosk, the longest due first. */
export async function readDue(sql: Sql, at: number, limit: number): Promise<ReadonlyMap<KioskId, readonly string[]>> {
  const rows = await sql<{ kiosk_id: KioskId; job_id: string }[]>`
    select kiosk_id, job_id from service_work where ended_at is null and state <> 'held' and next_at <= ${at} order by next_at limit ${limit}`;
  return new Map([...Map.groupBy(rows, ({ kiosk_id }) => kiosk_id)].map(([kioskId, jobs]) => [kioskId, jobs.map(({ job_id }) => job_id)]));
}

/**
 * Takes turns at one kiosk's due services, in one short transaction: what is given back is written down as begun, so that after a crash it is asked for and not
 * submitted blindly. What needs nobody to be asked is done here.
 */
export async function claimOfKiosk(transaction: Transaction, kioskId: KioskId, jobIds: readonly string[], providerName: string, at: number, times: ClaimTimes): Promise<readonly Turn[]> {
  const locked = await transaction<{ job_id: string }[]>`
    select job_id from service_work where kiosk_id = ${kioskId} and job_id in ${transaction([...jobIds])} and ended_at is null and state <> 'held' and next_at <= ${at}
    order by job_id for update skip locked`;
  if (locked.length === 0) return [];
  const rows = await transaction<Row[]>`
    select w.job_id, w.order_id, w.asked_at, w.requested_at, w.state, w.turns, w.next_at, w.submitted_at, w.told, w.alarmed_at, w.reference, w.reversal, w.resubmitted_at,
      r.service, r.offer_id, r.quantity, r.amount, r.form,
      ${placeAmongLines(transaction)}, ${orderStateNow(transaction)} as order_state, o.currency, s.outcome as settled, s.reference as settled_reference
    from service_work w
    left join service_requests r on r.kiosk_id = w.kiosk_id and r.job_id = w.job_id
    left join orders o on o.kiosk_id = w.kiosk_id and o.order_id = w.order_id
    left join service_settlements s on s.kiosk_id = w.kiosk_id and s.job_id = w.job_id
    where w.kiosk_id = ${kioskId} and w.job_id in ${transaction(locked.map(({ job_id }) => job_id))}`;
  const keys = await readKeys(transaction, kioskId, rows.map((row) => row.order_id));
  const turns: Turn[] = [];
  for (const row of rows) {
    const { job_id: jobId, order_id: orderId } = row;
    const told = { kioskId, jobId, orderId, by: `HQ: ${providerName}`, now: at };
    if (row.settled === 'done' || row.settled === 'refused') {
      // The kiosk has it from this HQ before it was restored, or from a person.
      await transaction`
        update service_work set state = ${row.settled}, told = ${row.settled}, ended_at = ${at}, reference = ${row.settled_reference ?? row.reference} where kiosk_id = ${kioskId} and job_id = ${jobId}`;
      if ((row.state === 'done' || row.state === 'refused') && row.state !== row.settled) await raiseContradiction(transaction, { kioskId, jobId, was: row.settled, said: `${providerName} says ${row.state}`, at });
      else await endAlarms(transaction, { kioskId, jobId, orderId, outcome: row.settled, at });
      continue;
    }
    if (row.state === 'done' || row.state === 'refused') {
      const isTold = await tellKiosk(transaction, { ...told, outcome: row.state, reference: row.reference });
      if (!isTold) await transaction`update service_work set next_at = ${at + 5000} where kiosk_id = ${kioskId} and job_id = ${jobId}`;
      continue;
    }
    if (row.told === null && at - row.asked_at >= times.pendingAfterMs) await tellKiosk(transaction, { ...told, outcome: 'pending', reference: null });
    const order = orderOf(row, keys.get(orderId));
    // As of this transaction; the worker looks once more right before it submits.
    const reason = typeof order === 'string' ? order : isOver(row.order_state) ? `its order is ${row.order_state}` : undefined;
    const isNew = row.state === 'queued';
    const wantedAt = row.resubmitted_at ?? row.asked_at;
    if (isNew && (reason !== undefined || at - wantedAt > submitWithinMs)) {
      await hold(transaction, { kioskId, jobId, orderId }, reason ?? 'it was asked for more than a day ago, and HQ had no provider then', at);
      continue;
    }
    const isTaken = row.state === 'accepted' || row.state === 'pending';
    // An application takes its days once somebody has it.
    const mayLast = isTaken && row.service === 'application';
    const isOverdue = row.submitted_at !== null && at - row.submitted_at >= times.limitMs;
    const wasAway = row.turns > 0 && at - row.next_at > atItMs;
    if (isNew && row.turns > 0 && !wasAway && row.asked_at - row.requested_at < freshMs && row.resubmitted_at === null && at - row.asked_at >= times.limitMs) {
      // Tried, and surely never sent: whoever credits it was not to be reached for all that time. Nothing has to be taken back.
      await transaction`update service_work set state = 'refused', detail = ${`${providerName} could not be reached within ${minutes(times.limitMs)}: it was never submitted`}, next_at = ${at} where kiosk_id = ${kioskId} and job_id = ${jobId}`;
      await tellKiosk(transaction, { ...told, outcome: 'refused', reference: null });
      continue;
    }
    const isTakenBack = isOverdue && !mayLast && row.reversal !== 'cannot';
    // What is about to be taken back is told of when that did not help.
    if (isOverdue && row.alarmed_at === null && (!isTakenBack || row.reversal === 'asked')) {
      await raiseOverdue(transaction, { kioskId, jobId, service: row.service, provider: providerName, forMs: at - row.submitted_at!, reversal: row.reversal, wantedAt }, at);
    }
    await transaction`
      update service_work set state = ${isTaken || row.state === 'unknown' ? row.state : 'submitting'}, provider = ${providerName}, turns = ${row.turns + 1}, next_at = ${at + times.claimMs}, submitted_at = ${row.submitted_at ?? at},
        reversal = ${isTakenBack ? 'asked' : row.reversal}
      where kiosk_id = ${kioskId} and job_id = ${jobId}`;
    if (isNew) await announce(transaction, kioskId, [orderId]);
    const place = { kioskId, jobId, orderId, turn: row.turns + 1 };
    if (isTakenBack) turns.push({ ...place, kind: 'reverse' });
    // Said that it has it, and perhaps not later: nobody submits it again on that.
    else if (isTaken) turns.push({ ...place, kind: 'query', reason: `${providerName} had it, and does not find it any more` });
    else if (typeof order === 'string' || reason !== undefined) turns.push({ ...place, kind: 'query', reason: `${providerName} does not have it, and ${reason}` });
    // Once its taking back was asked for, only a person may want it again.
    else if (row.reversal !== null) turns.push({ ...place, kind: 'query', reason: `${providerName} does not have it, and would not take it back either` });
    else turns.push({ ...place, kind: isNew && !wasAway && row.resubmitted_at === null && row.asked_at - row.requested_at < freshMs ? 'submit' : 'find', order });
  }
  return turns;
}

export interface WantedBack {
  readonly kioskId: KioskId;
  readonly jobId: string;
  /** The person who wants it. */
  readonly by: string;
  readonly providerName: string;
  readonly at: number;
  readonly claimMs: number;
}

/**
 * Takes a turn at one service for a person, due or not, to have it taken back: written down before the provider hears of it, as of those whose time is over. What another
 * process has in hand is older from then on. What was given up stays given up until it has its end. Error: one sentence.
 */
export async function claimReversal(transaction: Transaction, { kioskId, jobId, by, providerName, at, claimMs }: WantedBack): Promise<Result<Turn, string>> {
  const [row] = await transaction<{ order_id: string; state: WorkState; ended_at: number | null; turns: number }[]>`
    select order_id, state, ended_at, turns from service_work where kiosk_id = ${kioskId} and job_id = ${jobId} for update`;
  const open = stillOpen(kioskId, row);
  if (!open.ok) return open;
  const { order_id: orderId, turns, state: before } = open.value;
  const state = before === 'queued' || before === 'submitting' ? 'unknown' : before;
  await transaction`
    update service_work set state = ${state}, provider = ${providerName}, turns = ${turns + 1}, next_at = ${at + claimMs}, submitted_at = coalesce(submitted_at, ${at}), reversal = 'asked'
    where kiosk_id = ${kioskId} and job_id = ${jobId}`;
  if (state !== before) await announce(transaction, kioskId, [orderId]);
  return ok({ kioskId, jobId, orderId, turn: turns + 1, kind: 'reverse', by });
}

/** A person can do something about it only as long as it has no end. Error: one sentence. */
export function stillOpen<R extends { readonly state: WorkState; readonly ended_at: number | null }>(kioskId: KioskId, row: R | undefined): Result<R, string> {
  if (!row) return err(`${kioskId} has asked for no such service.`);
  return row.ended_at !== null || row.state === 'done' || row.state === 'refused' ? err(`This service is ${row.state} already.`) : ok(row);
}

/** What is to be submitted; a sentence where it cannot be. */
function orderOf(row: Row, key: Buffer | undefined): ServiceOrder | string {
  if (row.service === null || row.offer_id === null || row.quantity === null || row.amount === null || row.form === null) return 'what was asked for is not here';
  if (row.currency === null) return 'its order is not here';
  const { form } = mapForm({ form: row.form }, (words) => openWords(key, row.order_id, words));
  if (Object.values(form).some((words) => words === shredded || isSealed(words))) return "the customer's words cannot be opened any more";
  return { key: row.job_id, service: row.service, offerId: row.offer_id, quantity: row.quantity, amount: { amount: row.amount, currency: row.currency }, form, number: applicationNumber(row.service, row.order_id, row.lines, row.place) };
}

/** Nobody at HQ asks for it any more: a person is told why, and settles it. */
export async function hold(transaction: Transaction, { kioskId, jobId, orderId }: Pick<TurnPlace, 'kioskId' | 'jobId' | 'orderId'>, reason: string, at: number): Promise<void> {
  await transaction`update service_work set state = 'held', detail = ${reason}, held_at = ${at} where kiosk_id = ${kioskId} and job_id = ${jobId}`;
  await raiseWithFacts(transaction, { kioskId, kind: 'service_open', subject: jobId, facts: { what: 'held', jobId, reason }, at });
  await announce(transaction, kioskId, [orderId]);
}

export interface Overdue {
  readonly kioskId: KioskId;
  readonly jobId: string;
  readonly service: string | null;
  readonly provider: string;
  readonly forMs: number;
  readonly reversal: 'asked' | 'cannot' | null;
  /** When it was asked for: its customer was promised an end by then. */
  readonly wantedAt: number;
}

/** It has no end within its time, and could not be taken back: a person is told, with until when its customer was promised one. Once for each. */
export async function raiseOverdue(transaction: Transaction, { kioskId, jobId, service, provider, forMs, reversal, wantedAt }: Overdue, at: number): Promise<void> {
  await raiseWithFacts(transaction, {
    kioskId, kind: 'service_open', subject: jobId, facts: { what: 'overdue', jobId, service: serviceSchema.safeParse(service).data ?? null, minutes: Math.round(forMs / 60_000), provider, reversal, promisedBy: wantedAt + promisedWithinMs }, at,
  });
  await transaction`update service_work set alarmed_at = ${at} where kiosk_id = ${kioskId} and job_id = ${jobId}`;
}

function minutes(ms: number): string {
  return `${Math.round(ms / 60_000)} minutes`;
}
