import type { KeyObject } from 'node:crypto';
import { randomUUID } from 'node:crypto';
import type { CodedError, ErrorCode } from '../../domain/contract/errors.ts';
import { codedError, messageOf } from '../../domain/contract/errors.ts';
import type { Clock, HqEventPayload, History, Lane } from '../../domain/contract/hq.ts';
import type { KioskId } from '../../domain/ids.ts';
import type { Result } from '../../domain/result.ts';
import { err, ok } from '../../domain/result.ts';
import type { IdentityStore } from '../store/identity.ts';
import type { Outbox } from '../store/outbox.ts';
import { createCircuit } from './circuit.ts';
import type { SyncState } from '../store/sync-state.ts';
import { createSyncClock } from './clock.ts';
import type { Guard } from './guard.ts';
import { openGuard } from './guard.ts';
import { createHistoryKeeper } from './history.ts';
import type { HqFailure } from './hq-client.ts';
import { createHqClient } from './hq-client.ts';
import { createEnrolment } from './identity.ts';
import { createPump } from './pump.ts';
import type { SyncRuntime } from './runtime.ts';
import type { EpochOpened, OpenSession } from './session.ts';
import { createSessionKeeper } from './session.ts';
import { privateKeyOf } from './signatures.ts';
import { createSignedClient } from './signed-client.ts';

export interface SyncDeps extends SyncRuntime {
  readonly kioskId: KioskId;
  /** HQ's address. */
  readonly url: string;
  readonly retryMaxMs: number;
  /** For a whole request and its answer; 30 s unless told. */
  readonly timeoutMs?: number;
  readonly app: string;
  /** Version of the store's schema. */
  readonly schema: number;
  /** This start of the kiosk; the store's events bear it. */
  readonly boot: string;
  readonly outbox: Outbox;
  readonly identity: IdentityStore;
  readonly state: SyncState;
  /** Outside of the database, best on another disk. */
  readonly guardFile: string;
  /** In place of that file: a simulation's disk. */
  readonly guard?: Guard;
  readonly enrolmentCode: () => string | undefined;
  readonly configuredHqKey?: string | undefined;
  /** Writes an event; what it says goes up like any other. */
  readonly emit: (kind: 'clock.skewed', payload: HqEventPayload<'clock.skewed'>) => void;
  /** The store went back to a copy: HQ is asked what it has beyond it. */
  readonly needsHistory?: boolean;
  /** One page of it, in the store when this returns; the same may come again. */
  readonly onHistory: (page: History) => void;
  /** All of it was told. */
  readonly onHistoryTold?: () => void;
  readonly onAcknowledged: (lane: Lane) => void;
  readonly onState: (state: SyncStatus) => void;
  /** Said once for each kind of trouble until HQ answers well again. */
  readonly onTrouble: (error: CodedError) => void;
  /** Worth a line in the log, and no trouble. */
  readonly onNote: (message: string) => void;
  readonly onEpochOpened?: (opened: EpochOpened) => void;
  /** The way down, made with what sync lends it. */
  readonly down?: (tools: SyncTools) => DownPart;
  /** A new UUID for this run of sync. */
  readonly newInstance?: () => string;
  readonly randomText?: () => string;
}

/** What the way down (down.ts, bell.ts) works with. */
export interface SyncTools {
  readonly hqKey: () => KeyObject | undefined;
  /** A signed POST in the open session, or in a new one; its answer's signature is checked. Nothing is asked while HQ is to be left alone. */
  readonly post: (path: string, body: unknown) => Promise<Result<unknown, HqFailure>>;
  /** GET /api/kiosk/bell, signed, in the session: a stream that nobody signs and nobody has to believe. */
  readonly openBell: (stop: AbortSignal) => Promise<Result<ReadableStream<Uint8Array>, HqFailure>>;
}

/** The way down drives itself; it is rung at each new session, and by `kick`. */
export interface DownPart {
  start(): void;
  ring(): void;
  stop(): Promise<void>;
}

export interface SyncStatus {
  readonly online: boolean;
  readonly enrolled: boolean;
  /** Why HQ wants nothing of this kiosk until a person decides (HQ_KIOSK_CLONED, HQ_KIOSK_REVOKED, …). */
  readonly refusedAs: ErrorCode | undefined;
  /** To be added to the kiosk's clock for HQ's; undefined before HQ was heard. */
  readonly skewMs: number | undefined;
  /** Events that HQ has not acknowledged, by lane. */
  readonly waiting: Readonly<Record<Lane, number>>;
}

/** Why a question of now has no answer. `not_asked`: nothing of it has left this machine, or HQ has said that it did not take it in. */
export type Unasked = { readonly kind: 'not_asked'; readonly detail: string };
export type AskFailure = Unasked | { readonly kind: 'no_answer' | 'refused'; readonly detail: string };

export interface Sync {
  start(): void;
  stop(): Promise<void>;
  customerPresent(isPresent: boolean): void;
  /** Looks now, up and down. */
  kick(): void;
  /**
   * A question for somebody who waits, in the session, its answer signed by HQ: asked now, or while HQ is away not at all. It waits for no try of the events', and
   * tells nothing about when those are sent. Settles within `timeoutMs`, or when sync stops.
   */
  ask(path: string, body: unknown, timeoutMs: number): Promise<Result<unknown, AskFailure>>;
  state(): SyncStatus;
}

/** A whole document may be 16 million characters, and there are several kinds. */
const maxDownBytes = 128_000_000;
const anyAnswer = { safeParse: (data: unknown) => ({ success: true, data }) } as const;

/** Everything between this kiosk and HQ, joined together. Refused by name where the store has no usable identity of this kiosk. */
export function createSync(deps: SyncDeps): Result<Sync, CodedError> {
  const { kioskId, outbox, now, monotonicMs, onTrouble, onNote } = deps;
  const identity = deps.identity.read();
  if (identity && identity.kioskId !== kioskId) return err(codedError('STORE_OF_ANOTHER_KIOSK', `the store is ${identity.kioskId}'s`));
  const privateKey = identity && privateKeyOf(identity.privateKey);
  if (!privateKey) return err(codedError('HQ_NOT_ENROLLED', 'the store has no identity'));

  /** Codes that were said since HQ last answered well, and when. */
  const said = new Map<ErrorCode, number>();
  const clock = (): Clock => ({ at: Math.max(0, Math.floor(now())), boot: deps.boot, monotonicMs: Math.max(0, Math.floor(monotonicMs())) });
  const syncClock = createSyncClock({
    now, monotonicMs, state: deps.state,
    onSkewed: (skewMs) => deps.emit('clock.skewed', { skewMs }),
    onAlarm(isWrong, skewMs) {
      if (isWrong) onTrouble(codedError('CLOCK_SKEWED', `${skewMs} ms`));
      else onNote(`the clock is right again (${skewMs} ms)`);
    },
  });
  const circuit = createCircuit(deps);
  const enrolment = createEnrolment({ store: deps.identity, app: deps.app, code: deps.enrolmentCode, configuredHqKey: deps.configuredHqKey });
  const signed = createSignedClient({ ...deps, privateKey });
  const client = createHqClient({ client: signed, hqKey: enrolment.hqKey, onHqTime: syncClock.heard });
  const guard = deps.guard ?? openGuard(deps.guardFile, (detail) => onTrouble(codedError('STORE_FAILED', `the guard file says nothing: ${detail}`)));
  const history = createHistoryKeeper({
    state: deps.state, client, outbox, onHistory: deps.onHistory, 
    onToldAll: (lane) => onNote(`HQ has told all that it has of ${lane}`),
  });
  if (deps.needsHistory) history.needAll();
  const session = createSessionKeeper({
    kioskId, app: deps.app, schema: deps.schema, instance: (deps.newInstance ?? randomUUID)(), clock, outbox, state: deps.state, guard, client, enrolment, timers: deps.timers,
    onEpochOpened(opened) {
      if (opened.fork) history.need(opened.lane, opened.fork.epoch, opened.fork.sequence, opened.to);
      onTrouble(codedError(opened.reason === 'store_restored' ? 'STORE_RECOVERED' : 'HQ_REWOUND', `${opened.lane} goes on in epoch ${opened.to} after ${opened.from}, ${opened.again} events again`));
      deps.onEpochOpened?.(opened);
    },
    onHqBehind: (lane, from, to) => onTrouble(codedError('HQ_REWOUND', `${lane} goes back from ${from} to ${to}`)),
  });
  const pump = createPump({
    ...deps, client, session, circuit, guard, clock,
    onTrouble(code, detail) {
      const before = said.get(code);
      if (before === undefined || (circuit.waitMs() === 0 && monotonicMs() - before > repeatMs)) {
        said.set(code, monotonicMs());
        onTrouble(codedError(code, detail));
      }
    },
    onHeard() {
      if (said.has('HQ_UNAVAILABLE') || said.has('HQ_KEY_CHANGED')) onNote('HQ answers again');
      // What one lane meets again and again is not over because another is well.
      for (const [code, at] of said) if (!lanesCodes.has(code) || monotonicMs() - at > repeatMs) said.delete(code);
    },
    onAcknowledged: deps.onAcknowledged,
    onLook: lookAround,
  });
  const down = deps.down?.({ hqKey: enrolment.hqKey, post, openBell });
  let told: string | undefined;
  let connectedTo: string | undefined;
  let fetching: Promise<void> | undefined;
  let isStopped = true;
  let stopping = new AbortController();

  function lookAround(): void {
    const open = session.current();
    if (open && open.id !== connectedTo) {
      connectedTo = open.id;
      down?.ring();
    }
    if (open && !circuit.isOpen() && circuit.waitMs() === 0 && history.isNeeded()) fetchHistory(open);
    tellState();
  }

  function fetchHistory(open: Parameters<typeof history.fetch>[0]): void {
    if (fetching) return;
    const asOf = circuit.now();
    fetching = history.fetch(open, stopping.signal).then((fetched) => {
      if (isStopped) return;
      if (fetched.ok) return void deps.onHistoryTold?.();
      onTrouble(codedError('HQ_UNAVAILABLE', `history: ${fetched.error.detail}`));
      if (fetched.error.kind === 'not_admitted') session.ended(open.id);
      circuit.failed(asOf, fetched.error.kind === 'away' ? fetched.error.retryAfterMs : undefined);
    }, (cause: unknown) => {
      tellBug('history', cause);
      circuit.failed(asOf);
    }).finally(() => {
      fetching = undefined;
    });
  }

  function tellBug(what: string, cause: unknown): void {
    if (!isStopped) onTrouble(codedError('INTERNAL', `${what}: ${cause instanceof Error ? (cause.stack ?? cause.message) : String(cause)}`));
  }

  /** Nobody asks before the circuit lets them, and each failure counts once for all. */
  async function inSession<T>(ask: (open: OpenSession) => Promise<Result<T, HqFailure>>): Promise<Result<T, HqFailure>> {
    const waitMs = circuit.waitMs();
    if (isStopped || waitMs > 0) return err({ kind: 'away', detail: 'HQ is not asked now', ...(waitMs > 0 ? { retryAfterMs: waitMs } : {}) });
    const asOf = circuit.now();
    const opened = await session.open(stopping.signal);
    const answer = opened.ok ? await ask(opened.value) : opened;
    if (answer.ok || isStopped) return answer;
    if (opened.ok && answer.error.kind === 'not_admitted') session.ended(opened.value.id);
    if (answer.error.kind === 'away' || answer.error.kind === 'not_hq') circuit.failed(asOf, answer.error.kind === 'away' ? answer.error.retryAfterMs : undefined);
    return answer;
  }

  function post(path: string, body: unknown): Promise<Result<unknown, HqFailure>> {
    return inSession((open) => client.post(path, body, anyAnswer, open, stopping.signal, maxDownBytes));
  }

  async function askNow(path: string, body: unknown, timeoutMs: number): Promise<Result<unknown, AskFailure>> {
    const giveUp = new AbortController();
    const stop = AbortSignal.any([stopping.signal, giveUp.signal]);
    const given = new Promise<'given up'>((resolve) => stop.addEventListener('abort', () => resolve('given up'), { once: true }));
    const timer = deps.timers.setTimeout(() => giveUp.abort(), timeoutMs);
    try {
      // Twice: of a session that HQ does not know any more, the very next question is a hello.
      for (let tries = 1; ; tries += 1) {
        if (isStopped || circuit.isOpen()) return err({ kind: 'not_asked', detail: 'HQ is away' });
        // Without a session there is one to be opened first, which is for all who ask and waits as they do.
        if (!session.current() && circuit.waitMs() > 0) return err({ kind: 'not_asked', detail: 'HQ is away' });
        const opened = await Promise.race([session.open(stopping.signal), given]);
        if (opened === 'given up' || stop.aborted) return err({ kind: 'not_asked', detail: 'no session in time' });
        if (!opened.ok) {
          pump.kick();
          return err({ kind: 'not_asked', detail: opened.error.detail });
        }
        const answer = await client.post(path, body, anyAnswer, opened.value, stop);
        if (answer.ok) return answer;
        const { kind, detail } = answer.error;
        if (kind === 'not_admitted') {
          session.ended(opened.value.id);
          if (tries === 1) continue;
          return err({ kind: 'not_asked', detail });
        }
        // Whether HQ is away is for the events' own questions to find out: they look now.
        if (kind === 'away' || kind === 'not_hq') pump.kick();
        return err({ kind: kind === 'refused' || kind === 'conflict' ? 'refused' : 'no_answer', detail });
      }
    } finally {
      deps.timers.clearTimeout(timer);
    }
  }

  function openBell(stop: AbortSignal): Promise<Result<ReadableStream<Uint8Array>, HqFailure>> {
    return inSession(async ({ id }) => {
      const { url, headers } = await signed.sign('GET', '/api/kiosk/bell', id);
      try {
        const response = await deps.fetch(url, { headers: { ...headers, accept: 'text/event-stream' }, redirect: 'error', signal: stop });
        if (response.ok && response.body) return ok(response.body);
        await response.body?.cancel();
        const detail = `the bell: ${response.status}`;
        return response.status === 401 || response.status === 403 ? err({ kind: 'not_admitted', code: 'HQ_SESSION_ENDED', detail }) : err({ kind: 'refused', detail });
      } catch (cause) {
        return err({ kind: 'refused', detail: `the bell: ${messageOf(cause)}` });
      }
    });
  }

  function state(): SyncStatus {
    const waiting = (lane: Lane) => {
      const { last, acknowledged } = outbox.position(lane);
      return last - acknowledged;
    };
    return {
      online: session.current() !== undefined && !circuit.isOpen(), enrolled: enrolment.isApproved(), refusedAs: session.refusedAs(), skewMs: syncClock.skewMs(),
      waiting: { orders: waiting('orders'), stock: waiting('stock'), logs: waiting('logs') },
    };
  }

  function tellState(): void {
    const current = state();
    const text = JSON.stringify(current);
    if (text === told) return;
    told = text;
    deps.onState(current);
  }

  return ok({
    start() {
      if (!isStopped) return;
      isStopped = false;
      stopping = new AbortController();
      pump.start();
      down?.start();
    },
    async stop() {
      isStopped = true;
      stopping.abort();
      await Promise.all([pump.stop(), fetching, down?.stop()]);
    },
    customerPresent: pump.customerPresent,
    ask: (path, body, timeoutMs) => askNow(path, body, timeoutMs).catch((cause: unknown) => {
      tellBug(path, cause);
      return err({ kind: 'no_answer', detail: messageOf(cause) });
    }),
    kick() {
      if (isStopped) return;
      pump.kick();
      down?.ring();
    },
    state,
  });
}

/** What one lane may meet while another is well. */
const lanesCodes: ReadonlySet<ErrorCode> = new Set(['HQ_BATCH_MALFORMED', 'HQ_SEQUENCE_GAP', 'HQ_EVENT_CONFLICT', 'HQ_CHAIN_BROKEN', 'HQ_EPOCH_OLD', 'INTERNAL', 'DISK_FULL']);
const repeatMs = 600_000;
