import type { ErrorCode } from '../../domain/contract/errors.ts';
import type { Clock, Hello, Lane, Welcome } from '../../domain/contract/hq.ts';
import { lanes } from '../../domain/contract/hq.ts';
import type { KioskId } from '../../domain/ids.ts';
import type { Result } from '../../domain/result.ts';
import { err, ok } from '../../domain/result.ts';
import type { NextEpochReason } from '../../domain/sync/reconcile.ts';
import { reconcile } from '../../domain/sync/reconcile.ts';
import type { Outbox, Place } from '../store/outbox.ts';
import type { SyncState } from '../store/sync-state.ts';
import { findAgreement } from './agreement.ts';
import { chooseEncoding } from './compression.ts';
import type { Guard } from './guard.ts';
import { isBehind } from './guard.ts';
import type { HqClient, HqFailure, InSession } from './hq-client.ts';
import type { Enrolment } from './identity.ts';
import type { SyncRuntime } from './runtime.ts';

export interface OpenSession extends InSession {
  readonly limits: Welcome['limits'];
}

/** A lane has left its epoch. */
export interface EpochOpened {
  readonly lane: Lane;
  readonly reason: NextEpochReason;
  readonly from: number;
  readonly to: number;
  readonly again: number;
  /** Up to there HQ and the store surely agree, and behind it HQ may know more than the store; undefined where it does not. */
  readonly fork: Place | undefined;
}

export interface SessionDeps {
  readonly kioskId: KioskId;
  readonly app: string;
  /** Version of the store's schema. */
  readonly schema: number;
  /** This run of sync: another one supersedes it. */
  readonly instance: string;
  readonly clock: () => Clock;
  readonly outbox: Outbox;
  readonly state: SyncState;
  readonly guard: Guard;
  readonly client: HqClient;
  readonly enrolment: Enrolment;
  readonly onEpochOpened: (opened: EpochOpened) => void;
  /** HQ has less than it had said: what it lacks is sent again. */
  readonly onHqBehind: (lane: Lane, from: number, to: number) => void;
  /** For the pauses in which others write; the world's own where none are given. */
  readonly timers: SyncRuntime['timers'];
}

export interface SessionKeeper {
  current(): OpenSession | undefined;
  /** The open session, or a new one: one hello for all who ask at once. */
  open(stop?: AbortSignal): Promise<Result<OpenSession, HqFailure>>;
  /** HQ does not take this one any more, or contradicts what we know: the next `open` says hello. */
  ended(id: string): void;
  /** Why HQ wants nothing of this kiosk until a person decides; undefined while it does. */
  refusedAs(): ErrorCode | undefined;
}

const protocolVersion = 1;
const givenUp = err({ kind: 'away', detail: 'given up' } as const);
/** As long as a piece of an opening takes, several times over: who waits for the store looks at most every 25 ms in the beginning. */
const pauseMs = 30;
/** What trying again does not mend: somebody at HQ has to do something. */
const personsMatter: ReadonlySet<ErrorCode> = new Set(['HQ_UNKNOWN_KIOSK', 'HQ_NOT_ENROLLED', 'HQ_KIOSK_REVOKED', 'HQ_KIOSK_CLONED', 'HQ_SIGNATURE_WRONG']);

export function createSessionKeeper(deps: SessionDeps): SessionKeeper {
  const { kioskId, app, schema, instance, clock, outbox, state, guard, client, enrolment } = deps;
  let session: OpenSession | undefined;
  let opening: Promise<Result<OpenSession, HqFailure>> | undefined;
  let refusal: ErrorCode | undefined;

  async function sayHello(stop: AbortSignal | undefined, challenge?: string): Promise<Result<OpenSession, HqFailure>> {
    const enrolled = await enrolment.ensure(client, stop);
    if (!enrolled.ok) return enrolled;
    // What a start before this one had begun: before it is through, the lane stands nowhere.
    if (!(await openEpochs(stop))) return givenUp;
    const before = state.get('session');
    const hello: Hello = {
      kioskId, protocol: protocolVersion, app, schema, instance, ...(before === undefined ? {} : { session: before }), ...(challenge === undefined ? {} : { challenge }), clock: clock(),
      lanes: lanes.map((lane) => {
        const { epoch, last, acknowledged, head } = outbox.position(lane);
        return { lane, epoch, last, acknowledged, head };
      }),
    };
    const answer = await client.hello(hello, stop);
    if (stop?.aborted) return givenUp;
    if (!answer.ok) {
      const { error } = answer;
      if (error.kind !== 'not_admitted') return answer;
      // Late duplicates of an ended run cannot do this: whoever repeats the challenge is alive, beside another.
      if (error.code === 'HQ_INSTANCE_SUPERSEDED' && error.challenge !== undefined && challenge === undefined) return sayHello(stop, error.challenge);
      if (error.code === 'HQ_UNKNOWN_KIOSK' || error.code === 'HQ_SIGNATURE_WRONG') enrolment.unknownAtHq();
      refusal = personsMatter.has(error.code) ? error.code : undefined;
      return answer;
    }
    const welcome = answer.value;
    enrolment.welcomed();
    const opened: OpenSession = { id: welcome.session, encoding: chooseEncoding(welcome.encodings), limits: welcome.limits };
    for (const lane of lanes) {
      const agreed = await agree(lane, welcome, opened, stop);
      if (stop?.aborted) return givenUp;
      if (!agreed.ok) return agreed;
    }
    if (!(await openEpochs(stop))) return givenUp;
    state.set('session', welcome.session);
    refusal = undefined;
    session = opened;
    return ok(session);
  }

  /** Piece by piece, with room for a sale between them. Answers false where it was to stop: the next start goes on. */
  async function openEpochs(stop: AbortSignal | undefined): Promise<boolean> {
    while (outbox.continueEpochs()) {
      await pause(deps.timers, stop);
      if (stop?.aborted) return false;
    }
    return true;
  }

  /** Brings a lane to where HQ and the store agree. Only forward in numbers: none ever stands for two events. What fails is begun anew with the next hello. */
  async function agree(lane: Lane, welcome: Welcome, opened: OpenSession, stop: AbortSignal | undefined): Promise<Result<void, HqFailure>> {
    const ours = outbox.position(lane);
    const theirs = welcome.lanes.find((candidate) => candidate.lane === lane);
    const decision = reconcile(ours, theirs, (sequence) => outbox.hashAt(lane, sequence));
    const acknowledged = decision.kind === 'continue' ? decision.acknowledged : ours.acknowledged;
    const place: Place = { epoch: ours.epoch, sequence: acknowledged };
    // A mark that is an event of ours stands for all before it. No other says whether HQ still has what it had acknowledged.
    const isOurMark = decision.kind === 'continue' && theirs?.epoch === ours.epoch;
    const found = isOurMark ? ok({ fork: place, lacks: 'nothing' } as const) : await findAgreement({ outbox, client }, { lane, acknowledged: place, theirs, session: opened, stop });
    if (!found.ok) return found;
    if (stop?.aborted) return givenUp;
    const now = outbox.position(lane);
    // A page of HQ's history, asked for in the session before, has come in between: what was found is of where the lane was.
    if (now.epoch !== ours.epoch || now.acknowledged !== ours.acknowledged) return agree(lane, welcome, opened, stop);
    const { fork, lacks } = found.value;
    const noted = guard.marks()[lane];
    if (decision.kind === 'continue' && lacks === 'nothing') {
      if (!isBehind(outbox, lane, noted)) {
        if (decision.moved === 'back') deps.onHqBehind(lane, ours.acknowledged, acknowledged);
        if (decision.moved !== 'no') outbox.setAcknowledged(lane, ours.epoch, acknowledged);
        return ok();
      }
      // HQ is well with what the store says, and the guard is not: HQ has lost that end as well, or has yet to take it from the line.
      outbox.setAcknowledged(lane, ours.epoch, acknowledged);
    }
    if (typeof lacks === 'object') {
      deps.onHqBehind(lane, acknowledged, lacks.behind);
      outbox.setAcknowledged(lane, ours.epoch, lacks.behind);
    }
    const reason = decision.kind === 'next_epoch' ? decision.reason : lacks === 'nothing' ? 'store_restored' : 'hq_restored';
    const resend = lacks === 'unknown' || (decision.kind === 'next_epoch' && decision.resend === 'kept') ? 'kept' : 'unacknowledged';
    const to = Math.max(ours.epoch, theirs?.epoch ?? 0, noted?.epoch ?? 0) + 1;
    const { last, acknowledged: from } = outbox.position(lane);
    const isAllKnown = theirs === undefined || (reason === 'hq_restored' && theirs.epoch === fork.epoch && theirs.acknowledged === fork.sequence);
    // Told first: what has to be fetched from HQ stands in the store before the epoch does, should the power go between.
    deps.onEpochOpened({ lane, reason, from: ours.epoch, to, again: last - (resend === 'kept' ? 0 : from), fork: isAllKnown ? undefined : fork });
    outbox.beginEpoch(lane, ours.epoch, to, resend, theirs && { epoch: theirs.epoch, acknowledged: theirs.acknowledged });
    return ok();
  }

  return {
    current: () => session,
    async open(stop) {
      if (session) return ok(session);
      opening ??= sayHello(stop).finally(() => {
        opening = undefined;
      });
      return opening;
    },
    ended(id) {
      if (session?.id === id) session = undefined;
    },
    refusedAs: () => refusal,
  };
}

function pause(timers: SyncRuntime['timers'], stop: AbortSignal | undefined): Promise<void> {
  return new Promise((resolve) => {
    const end = (): void => {
      timers.clearTimeout(timer);
      stop?.removeEventListener('abort', end);
      resolve();
    };
    const timer = timers.setTimeout(end, pauseMs);
    stop?.addEventListener('abort', end);
  });
}
