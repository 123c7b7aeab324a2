import { promisedWithinMs } from '../../../domain/receipt/promise.ts';
import type { Sql } from '../database.ts';
import { announce } from '../live/announce.ts';
import type { Turn, WorkState } from './claim.ts';
import { hold, raiseOverdue } from './claim.ts';
import { endAlarms, isOver, orderStateNow, raiseContradiction } from './end.ts';
import { planOf, recordPlanBefore } from './plan-before.ts';
import type { ServiceAnswer, ServiceProvider } from './provider.ts';
import { tellKiosk } from './tell.ts';
import { answerWithin } from './within.ts';

export interface TurnsDeps {
  readonly sql: Sql;
  readonly now: () => number;
  readonly provider: ServiceProvider;
  readonly pendingAfterMs?: number | undefined;
  /** After so long without an end nobody at HQ asks any more, and it is a person's. */
  readonly giveUpMs?: number | undefined;
  /** After so long without an answer nobody waits for it any more. */
  readonly timeoutMs?: number | undefined;
}

/** What is done with a turn that was claimed, whoever claimed it: the worker, or a person who wants it taken back. */
export interface Turns {
  /** Three calls at most, and time to write the end of it: while a claim is so young, nobody else is at it. */
  readonly claimMs: number;
  /** Asks the provider. Never throws for it. */
  readonly take: (turn: Turn) => Promise<TurnAnswer>;
  /** Writes down what it said; an end is told the kiosk in the same transaction. */
  readonly record: (turn: Turn, said: TurnAnswer) => Promise<void>;
}

export const usualPendingAfterMs = 10_000;
/** Waits after each turn without an end: a customer stands there for the first. */
const waitsMs = [1000, 1000, 2000, 2000, 3000, 5000, 5000, 10_000, 10_000, 15_000, 30_000, 60_000];
const longestWaitMs = 60_000;
/** A customer waits for the change, and less for what it takes the place of. */
const lookUpMs = 3000;
/** After a day there is nothing to hurry for. */
const laterMs = 600_000;
const maxReference = 60;

interface RecordedRow {
  state: WorkState; turns: number; told: string | null; asked_at: number; submitted_at: number; alarmed_at: number | null;
  reversal: 'asked' | 'cannot' | null; resubmitted_at: number | null; service: string | null;
}

/** `not_submitted`: the provider does not have it, as far as is known, and it was not submitted. `reason`: a sentence. */
export type TurnAnswer = ServiceAnswer | { readonly kind: 'reversed' } | { readonly kind: 'cannot'; readonly detail: string } | { readonly kind: 'not_submitted'; readonly reason: string };

/** In any number of processes at once: of one service, the claim that is the latest counts, and an end whoever hears it. */
export function createTurns({ sql, now, provider, pendingAfterMs = usualPendingAfterMs, giveUpMs = promisedWithinMs, timeoutMs = 8000 }: TurnsDeps): Turns {
  const within = <A>(call: (signal: AbortSignal) => Promise<A>, ms = timeoutMs) => answerWithin(call, { who: provider.name, ms });

  /**
   * Why it must not be submitted after all: it was claimed a moment ago, or asked for, and the world went on. What stays open is the time from here until the provider
   * takes it, and a refund of which its kiosk has not told yet: such a service is submitted, and `end.ts` tells a person when it is credited and both are known.
   */
  const reasonAgainst = async ({ kioskId, jobId, orderId, turn }: Turn): Promise<string | undefined> => {
    const [row] = await sql<{ state: WorkState; turns: number; order_state: string | null }[]>`
      select w.state, w.turns, ${orderStateNow(sql)} as order_state from service_work w left join orders o on o.kiosk_id = w.kiosk_id and o.order_id = ${orderId}
      where w.kiosk_id = ${kioskId} and w.job_id = ${jobId}`;
    if (row?.state !== 'submitting' && row?.state !== 'unknown') return `it is ${row?.state ?? 'gone'} meanwhile`;
    if (row.turns !== turn) return 'another process asks for it';
    return isOver(row.order_state) ? `its order is ${row.order_state}` : undefined;
  };

  const take = async (turn: Turn): Promise<TurnAnswer> => {
    if (turn.kind !== 'submit') {
      const found = await within((signal) => provider.query(turn.jobId, signal));
      if (turn.kind === 'reverse') {
        // What has its end keeps it: a customer whose number was credited a moment ago has what they paid for.
        if (found.kind === 'done' || found.kind === 'refused') return found;
        const back = await within((signal) => provider.reverse(turn.jobId, signal));
        return back.kind === 'reversed' || back.kind === 'pending' ? { kind: back.kind } : back;
      }
      if (found.kind !== 'not_found') return found;
      if (turn.kind === 'query') return { kind: 'not_submitted', reason: turn.reason };
    }
    const { order, kind } = turn;
    const reason = await reasonAgainst(turn);
    if (reason !== undefined) return { kind: 'not_submitted', reason: kind === 'find' ? `${provider.name} does not have it, and ${reason}` : reason };
    if (order.service === 'plan_change' && order.form['phone'] !== undefined) {
      // What it takes the place of is a part of the contract; that it is not told is no reason not to change it.
      const number = order.form['phone'];
      const plan = planOf(await within((signal) => provider.lookUp({ number, service: order.service, offerId: order.offerId }, signal), Math.min(timeoutMs, lookUpMs)));
      if (plan) await recordPlanBefore(sql, turn.kioskId, turn.jobId, plan);
    }
    return within((signal) => provider.submit(order, signal));
  };

  const record = async (taken: Turn, said: TurnAnswer): Promise<void> => {
    const { kioskId, jobId, orderId, turn, kind } = taken;
    const at = now();
    const person = taken.kind === 'reverse' ? taken.by : undefined;
    await sql.begin(async (transaction) => {
      const [row] = await transaction<RecordedRow[]>`
        select w.state, w.turns, w.told, w.asked_at, w.submitted_at, w.alarmed_at, w.reversal, w.resubmitted_at, r.service from service_work w
        left join service_requests r on r.kiosk_id = w.kiosk_id and r.job_id = w.job_id
        where w.kiosk_id = ${kioskId} and w.job_id = ${jobId} for update of w`;
      if (!row) return;
      const answer: Exclude<TurnAnswer, { kind: 'reversed' }> = said.kind === 'reversed' ? { kind: 'refused', detail: `taken back at ${provider.name}${person === undefined ? `: it had no end after ${Math.round((at - row.submitted_at) / 60_000)} minutes` : `, as ${person} wanted`}` } : said;
      if (row.state === 'done' || row.state === 'refused') {
        // Settled meanwhile, by a person or by the kiosk's own word. Of what is refused here and taken there, the customer may have both.
        const isOther = row.state === 'done' ? answer.kind === 'refused' : answer.kind === 'done' || answer.kind === 'accepted' || answer.kind === 'pending';
        if (isOther) await raiseContradiction(transaction, { kioskId, jobId, was: row.state, said: `${provider.name} says ${answer.kind}${answer.kind === 'done' ? ` (${answer.reference.slice(0, maxReference)})` : ''}`, at });
        return;
      }
      // The provider's last word counts for what is held, too: that only means that nobody at HQ asks any more.
      if (answer.kind === 'done' || answer.kind === 'refused') {
        const reference = answer.kind === 'done' ? answer.reference.slice(0, maxReference) || null : null;
        const detail = answer.kind === 'refused' ? answer.detail.slice(0, 500) : null;
        await transaction`update service_work set state = ${answer.kind}, reference = ${reference}, detail = ${detail}, next_at = ${at} where kiosk_id = ${kioskId} and job_id = ${jobId}`;
        const isTold = await tellKiosk(transaction, { kioskId, jobId, orderId, outcome: answer.kind, reference, by: said.kind === 'reversed' && person !== undefined ? person : `HQ: ${provider.name}`, now: at });
        if (!isTold) await endAlarms(transaction, { kioskId, jobId, orderId, outcome: answer.kind, at });
        await announce(transaction, kioskId, [orderId]);
        return;
      }
      // Another process has asked since: what it hears is newer. Or a person has sent it on its way again.
      if (row.turns !== turn || row.state === 'queued') return;
      if (answer.kind === 'cannot') await transaction`update service_work set reversal = 'cannot' where kiosk_id = ${kioskId} and job_id = ${jobId}`;
      if (row.state === 'held') return;
      const isTaken = row.state === 'accepted' || row.state === 'pending';
      if (kind === 'submit' && answer.kind === 'unknown' && answer.isUnsent) {
        // It never left HQ: as if nobody had taken the turn.
        await transaction`
          update service_work set state = 'queued', submitted_at = null, detail = ${answer.detail}, next_at = ${at + (waitsMs[turn - 1] ?? longestWaitMs)} where kiosk_id = ${kioskId} and job_id = ${jobId}`;
        return;
      }
      // A person who wants it taken back is told so themselves.
      if (kind === 'reverse' && person === undefined && row.alarmed_at === null) {
        await raiseOverdue(transaction, { kioskId, jobId, service: row.service, provider: provider.name, forMs: at - row.submitted_at, reversal: answer.kind === 'cannot' ? 'cannot' : 'asked', wantedAt: row.resubmitted_at ?? row.asked_at }, at);
      }
      const mayLast = row.service === 'application' && (isTaken || answer.kind === 'accepted' || answer.kind === 'pending');
      const isOverdue = !mayLast && at - row.submitted_at >= giveUpMs;
      // A turn that was begun before has not tried to take it back: the next one does, at once.
      if (isOverdue && (kind === 'reverse' || row.reversal !== null)) {
        const last = answer.kind === 'not_submitted' ? answer.reason : 'detail' in answer ? answer.detail : `it is ${answer.kind}`;
        await hold(transaction, { kioskId, jobId, orderId }, `given up after ${turn} turns: ${last}`.slice(0, 500), at);
        return;
      }
      if (answer.kind === 'not_submitted' && !isTaken) {
        await hold(transaction, { kioskId, jobId, orderId }, answer.reason, at);
        return;
      }
      // That nobody answered takes nothing back of what was said.
      const state = kind !== 'reverse' && (answer.kind === 'accepted' || answer.kind === 'pending') ? answer.kind : isTaken ? row.state : 'unknown';
      const detail = answer.kind === 'unknown' || answer.kind === 'cannot' ? answer.detail : answer.kind === 'not_submitted' ? answer.reason : kind === 'reverse' ? 'it is being taken back' : null;
      const waitMs = at - row.submitted_at > 86_400_000 ? laterMs : (waitsMs[turn - 1] ?? longestWaitMs);
      const nextAt = isOverdue ? at : row.told === null ? Math.min(at + waitMs, Math.max(at, row.asked_at + pendingAfterMs)) : at + waitMs;
      await transaction`
        update service_work set state = ${state}, detail = ${detail?.slice(0, 500) ?? null}, next_at = ${nextAt} where kiosk_id = ${kioskId} and job_id = ${jobId}`;
      if (state !== row.state) await announce(transaction, kioskId, [orderId]);
    });
  };

  return { claimMs: 3 * timeoutMs + 5000, take, record };
}
