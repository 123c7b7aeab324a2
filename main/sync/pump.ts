import type { ErrorCode } from '../../domain/contract/errors.ts';
import { messageOf } from '../../domain/contract/errors.ts';
import type { Batch, Clock, Greeted, HqEvent, Lane, Mark } from '../../domain/contract/hq.ts';
import { lanes, maxBatchEvents } from '../../domain/contract/hq.ts';
import type { KioskId } from '../../domain/ids.ts';
import type { Result } from '../../domain/result.ts';
import { reconcile } from '../../domain/sync/reconcile.ts';
import type { Outbox } from '../store/outbox.ts';
import type { Circuit } from './circuit.ts';
import type { Guard, GuardMark } from './guard.ts';
import type { HqClient, HqFailure } from './hq-client.ts';
import type { SyncRuntime } from './runtime.ts';
import type { OpenSession, SessionKeeper } from './session.ts';

export interface PumpDeps extends Pick<SyncRuntime, 'monotonicMs' | 'random' | 'timers'> {
  readonly kioskId: KioskId;
  readonly outbox: Outbox;
  readonly client: Pick<HqClient, 'send' | 'greet'>;
  readonly session: SessionKeeper;
  readonly circuit: Circuit;
  readonly guard: Guard;
  readonly clock: () => Clock;
  readonly onTrouble: (code: ErrorCode, detail: string) => void;
  /** HQ has acknowledged more of a lane than before. */
  readonly onAcknowledged: (lane: Lane) => void;
  /** HQ has answered well: to a batch, a greeting or a hello. */
  readonly onHeard: () => void;
  /** Looked around once more, at least twice a second. */
  readonly onLook: () => void;
}

export interface Pump {
  start(): void;
  /** Gives up what is under way: HQ may have it or not, and takes it once all the same. */
  stop(): Promise<void>;
  /** Looks now, and not only in half a second. */
  kick(): void;
  /** Smaller batches while somebody is buying: each is a pause of the store's one writer. */
  customerPresent(isPresent: boolean): void;
}

/** How often the outbox is looked at while all is well: driven by the clock, never by the next sale. */
const pollMs = 500;
/** With nothing to tell, HQ hears after so long that the kiosk is there. */
const signOfLifeMs = 60_000;
const customersBatch = 100;
const idleBatch = maxBatchEvents;
/** An event may have 100 kB: no more are read at once than a batch of such takes. */
const stepEvents = 25;
/** HQ's own limit may be lower. */
const batchBytes = 500_000;
/** An order is told at once; what nobody waits for gathers a little, so that a fleet asks less often. */
const gatherMs: Readonly<Record<Lane, number>> = { orders: 0, stock: 1_000, logs: 5_000 };

interface LaneState {
  busy: Promise<void> | undefined;
  /** Halved where a batch was too large. */
  limit: number;
  waitingSinceMs: number | undefined;
  failures: number;
  notBeforeMs: number;
}

/**
 * Sends each lane's oldest events, one batch of it in flight, and marks what HQ has acknowledged. What gets no answer is sent again, byte for byte:
 * HQ takes each event once. No lane waits for another.
 */
export function createPump(deps: PumpDeps): Pump {
  const { kioskId, outbox, client, session, circuit, guard, clock, monotonicMs, timers } = deps;
  const states = new Map(lanes.map((lane): [Lane, LaneState] => [lane, { busy: undefined, limit: idleBatch, waitingSinceMs: undefined, failures: 0, notBeforeMs: 0 }]));
  let timer: unknown;
  let greeting: Promise<void> | undefined;
  /** Never heard yet: the first thing to do is to greet, which says hello. */
  let heardAtMs = Number.NEGATIVE_INFINITY;
  /** How often HQ has ended a session since it last took a batch: the first new one is asked for at once. */
  let endings = 0;
  let isCustomerPresent = false;
  let isStopped = true;
  let stopping = new AbortController();

  function look(): void {
    if (isStopped) return;
    timers.clearTimeout(timer);
    timer = timers.setTimeout(look, circuit.waitMs() > 0 ? Math.min(pollMs, Math.ceil(circuit.waitMs())) : pollMs);
    guarded(deps.onLook);
    if (circuit.waitMs() > 0) return;
    // A circuit that is open lets one small question through, not three lanes of batches.
    if (circuit.isOpen() || (monotonicMs() - heardAtMs >= signOfLifeMs && !isBusy())) return greet();
    if (greeting) return;
    for (const [lane, state] of states) {
      if (state.busy || monotonicMs() < state.notBeforeMs || !isDue(lane, state)) continue;
      state.busy = drain(lane, state).catch((cause: unknown) => bug(cause, lane, state)).finally(() => {
        state.busy = undefined;
      });
    }
  }

  const isBusy = () => [...states.values()].some(({ busy }) => busy !== undefined);

  function isDue(lane: Lane, state: LaneState): boolean {
    const { last, acknowledged } = outbox.position(lane);
    if (last <= acknowledged) {
      state.waitingSinceMs = undefined;
      return false;
    }
    state.waitingSinceMs ??= monotonicMs();
    return monotonicMs() - state.waitingSinceMs >= gatherMs[lane] || last - acknowledged >= customersBatch;
  }

  function greet(): void {
    greeting ??= greetOnce().catch((cause: unknown) => bug(cause)).finally(() => {
      greeting = undefined;
      if (!circuit.isOpen()) look();
    });
  }

  async function greetOnce(): Promise<void> {
    const asOf = circuit.now();
    const wasOpen = circuit.isOpen();
    const before = session.current();
    const opened = await session.open(stopping.signal);
    if (isStopped) return;
    if (!opened.ok) return failed(opened.error, asOf);
    if (before === opened.value) {
      const answer = await client.greet({ kioskId, clock: clock() }, opened.value, stopping.signal);
      if (isStopped) return;
      if (!answer.ok) return failed(answer.error, asOf, opened.value);
      if (!wasOpen) endings = 0;
      // HQ stands somewhere else than it had said: it was restored, or an answer was lost. Hello tells which.
      if (!isBusy() && !standsWhereWeThink(answer.value)) return session.ended(opened.value.id);
    }
    heard();
  }

  function standsWhereWeThink({ lanes: marks }: Greeted): boolean {
    return lanes.every((lane) => {
      const decided = reconcile(outbox.position(lane), marks.find((mark) => mark.lane === lane), (sequence) => outbox.hashAt(lane, sequence));
      return decided.kind === 'continue' && decided.moved === 'no';
    });
  }

  /** Batch after batch until nothing is left or something goes wrong. */
  async function drain(lane: Lane, state: LaneState): Promise<void> {
    for (;;) {
      const asOf = circuit.now();
      const opened = await session.open(stopping.signal);
      if (isStopped) return;
      if (!opened.ok) return failed(opened.error, asOf);
      // Only now: hello may have moved the lane.
      const { epoch, acknowledged } = outbox.position(lane);
      const events = takeBatch(outbox, lane, acknowledged, batchLimit(state, opened.value), Math.min(batchBytes, opened.value.limits.bytes));
      const newest = events.at(-1);
      if (!newest) return;
      noteInGuard(lane, { epoch, sequence: newest.sequence, head: newest.hash });
      const answer = await client.send(batchOf(lane, epoch, events), opened.value, stopping.signal);
      // An answer to a session that has ended meanwhile may be of an HQ that was restored since: hello has told where it stands.
      if (isStopped || session.current() !== opened.value) return;
      if (!take(lane, state, epoch, acknowledged, events, answer, asOf, opened.value)) return;
      if (circuit.waitMs() > 0 || outbox.position(lane).last <= newest.sequence) return;
    }
  }

  /** Where the guard cannot be written, HQ's copy of the books is worth more than a guard that is a batch behind. */
  function noteInGuard(lane: Lane, mark: GuardMark): void {
    try {
      guard.note(lane, mark);
    } catch (cause) {
      deps.onTrouble('STORE_FAILED', `the guard file cannot be written: ${messageOf(cause)}`);
    }
  }

  function batchOf(lane: Lane, epoch: number, events: readonly HqEvent[]): Batch {
    const keys = outbox.keysFor(events);
    return { kioskId, lane, epoch, clock: clock(), ...(keys.length > 0 ? { keys } : {}), events: [...events] };
  }

  /** Answers whether to go on with this lane now. */
  function take(lane: Lane, state: LaneState, epoch: number, acknowledged: number, events: readonly HqEvent[], answer: Result<Mark, HqFailure>, asOf: number, used: OpenSession): boolean {
    if (!answer.ok) {
      const { error } = answer;
      switch (error.kind) {
        case 'conflict': return contradicted(lane, state, used, error.code, error.detail);
        case 'too_large':
          state.limit = Math.max(1, Math.floor(events.length / 2));
          if (events.length > 1) return true;
          return retryLane(lane, state, codeOf(error), error.detail);
        case 'refused': return retryLane(lane, state, codeOf(error), error.detail);
        default:
          failed(error, asOf, used);
          return false;
      }
    }
    const mark = answer.value;
    const newest = events.at(-1)!.sequence;
    // HQ has compared what it was sent: a mark within the batch must be of our very event, and no more than the batch is believed.
    const reached = Math.min(mark.acknowledged, newest);
    const isOurs = mark.epoch === epoch && reached > acknowledged && (mark.acknowledged > newest || mark.head === outbox.hashAt(lane, reached));
    if (!isOurs) return contradicted(lane, state, used, 'HQ_EVENT_CONFLICT', `HQ answered ${mark.epoch}:${mark.acknowledged} to ${epoch}:${acknowledged + 1}-${newest}`);
    outbox.setAcknowledged(lane, epoch, reached);
    state.failures = 0;
    state.waitingSinceMs = undefined;
    state.limit = Math.min(idleBatch, state.limit * 2);
    endings = 0;
    heard();
    deps.onAcknowledged(lane);
    return true;
  }

  function failed(error: HqFailure, asOf: number, used?: OpenSession): void {
    if (isStopped) return;
    if (used && error.kind === 'not_admitted') {
      session.ended(used.id);
      endings += 1;
      if (endings === 1) return;
    }
    deps.onTrouble(codeOf(error), error.detail);
    if (error.kind === 'not_enrolled') circuit.rest('short');
    else if (session.refusedAs() !== undefined) circuit.rest('long');
    else circuit.failed(asOf, error.kind === 'away' ? error.retryAfterMs : undefined);
  }

  /** Hello tells who is right, at once the first time. It is this lane's matter: the others go on in the next session. */
  function contradicted(lane: Lane, state: LaneState, used: OpenSession, code: ErrorCode, detail: string): boolean {
    session.ended(used.id);
    return retryLane(lane, state, code, detail);
  }

  function heard(): void {
    heardAtMs = monotonicMs();
    circuit.succeeded();
    deps.onHeard();
  }

  function batchLimit({ limit }: LaneState, { limits }: OpenSession): number {
    return Math.max(1, Math.min(limit, limits.events, isCustomerPresent ? customersBatch : idleBatch));
  }

  function retryLane(lane: Lane, state: LaneState, code: ErrorCode, detail: string): false {
    state.failures += 1;
    state.notBeforeMs = monotonicMs() + (state.failures > 1 ? circuit.backoffMs(state.failures) : 0);
    deps.onTrouble(code, `${lane}: ${detail}`);
    return false;
  }

  function bug(cause: unknown, lane?: Lane, state?: LaneState): void {
    if (isStopped) return;
    const { code } = cause as { code?: unknown };
    const isFull = code === 'ENOSPC' || code === 'SQLITE_FULL';
    const detail = cause instanceof Error ? (cause.stack ?? cause.message) : String(cause);
    if (lane && state) retryLane(lane, state, isFull ? 'DISK_FULL' : 'INTERNAL', detail);
    else {
      deps.onTrouble(isFull ? 'DISK_FULL' : 'INTERNAL', detail);
      circuit.failed(circuit.now());
    }
  }

  function guarded(run: () => void): void {
    try {
      run();
    } catch (cause) {
      deps.onTrouble('INTERNAL', String(cause));
    }
  }

  return {
    start() {
      if (!isStopped) return;
      isStopped = false;
      stopping = new AbortController();
      timer = timers.setTimeout(look, 0);
    },
    async stop() {
      isStopped = true;
      timers.clearTimeout(timer);
      stopping.abort();
      await Promise.all([greeting, ...[...states.values()].map(({ busy }) => busy)]);
    },
    kick: look,
    customerPresent(isPresent) {
      isCustomerPresent = isPresent;
    },
  };
}

function takeBatch(outbox: Outbox, lane: Lane, after: number, limit: number, maxBytes: number): HqEvent[] {
  const taken: HqEvent[] = [];
  // What stands around the events: names, clock, and the keys of orders.
  let bytes = 1_000;
  for (;;) {
    const step = outbox.events(lane, taken.at(-1)?.sequence ?? after, Math.min(stepEvents, limit - taken.length));
    for (const event of step) {
      bytes += Buffer.byteLength(JSON.stringify(event)) + (event.kind === 'order.placed' || event.kind === 'feedback.given' ? 120 : 1);
      if (taken.length > 0 && bytes > maxBytes) return taken;
      taken.push(event);
    }
    if (step.length < stepEvents || taken.length >= limit) return taken;
  }
}

function codeOf(error: HqFailure): ErrorCode {
  switch (error.kind) {
    case 'away': return 'HQ_UNAVAILABLE';
    case 'not_hq': return 'HQ_KEY_CHANGED';
    case 'too_large': case 'refused': return 'HQ_BATCH_MALFORMED';
    case 'not_admitted': case 'not_enrolled': case 'conflict': return error.code;
  }
}
