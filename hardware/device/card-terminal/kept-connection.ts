import { messageOf } from '../../../domain/contract/errors.ts';
import type { CardDetails } from '../../../domain/payment/card.ts';
import type { Transport } from '../../transport/transport.ts';
import type { CardTerminalState, TerminalFailure } from './port.ts';
import { createSignal } from './signal.ts';
import type { Signal } from './signal.ts';
import type { TraceListener } from './trace.ts';

export type Connection = Exclude<CardTerminalState, { kind: 'busy' }>;

export interface KeptConnectionDeps {
  readonly transport: Transport;
  readonly trace: TraceListener;
  readonly times: {
    /** Waits between attempts to open or start: the last one goes on for ever. */
    readonly reconnectMs: readonly number[];
    /** Between two questions to a terminal that asks for patience (`starting`); as `reconnectMs` where it is not given. */
    readonly readyPollMs?: number;
    readonly readyTimeoutMs: number;
    /** Between two heartbeats while nothing else is going on; 0 never. */
    readonly heartbeatMs: number;
  };
  /** Line and terminal, until it can be used. On the line in its turn. */
  readonly bringUp: () => Promise<Connection>;
  /** Is it still there? Where not, it disturbs. On the line in its turn. */
  readonly heartbeat: () => Promise<void>;
  /** Around whatever has the line. */
  readonly onLine?: <T>(work: () => Promise<T>) => Promise<T>;
}

/** What is the same for each family of terminals: a connection that keeps itself, told as one state, with one conversation at a time. */
export interface KeptConnection {
  /** Raised when the connection has changed, was disturbed, or is being closed. */
  readonly changed: Signal;
  state(): CardTerminalState;
  onState(listener: (state: CardTerminalState) => void): () => void;
  current(): Connection;
  isClosed(): boolean;
  /** Ready, and nothing has happened since that it has to be asked about. */
  isUp(): boolean;
  /** Something can be sent to it now. */
  isUsable(): boolean;
  /** False where it does not become ready within `readyTimeoutMs`. */
  untilReady(): Promise<boolean>;
  /** Over with time or `close`, of which `changed` tells. */
  startDeadline(ms: number): { isOver(): boolean; clear(): void };
  /** It is told as busy meanwhile. */
  whileWorking<T>(work: () => Promise<T>): Promise<T>;
  /** The line belongs to one conversation at a time. */
  inTurn<T>(work: () => Promise<T>): Promise<T>;
  /** It may have been restarted: it is brought up anew before anything else. */
  disturb(): void;
  /** By whoever has the line. */
  bringUpNow(): Promise<void>;
  /** What is true of it when it did not answer as it should. */
  failed(detail: string): Connection;
  /** The same for whoever has waited for it. */
  failure(detail: string): TerminalFailure;
  /** Tells nothing more; the driver then closes its line and waits for `ended`. */
  beginClosing(): void;
  readonly ended: Promise<void>;
}

export function createKeptConnection({ transport, trace, times, bringUp, heartbeat, onLine = (work) => work() }: KeptConnectionDeps): KeptConnection {
  const listeners = new Set<(state: CardTerminalState) => void>();
  const changed = createSignal();
  let connection: Connection = { kind: 'starting' };
  let told = '';
  let working = 0;
  let disturbed = false;
  let closed = false;
  let turn: Promise<unknown> = Promise.resolve();

  const stopLost = transport.onLost((detail) => become({ kind: 'unplugged', detail }));
  const ended = keepConnected();

  return {
    changed,
    state,
    onState(listener) {
      listeners.add(listener);
      return () => listeners.delete(listener);
    },
    current: () => connection,
    isClosed: () => closed,
    isUp,
    isUsable: () => !closed && isUp() && transport.isOpen(),
    async untilReady() {
      const deadline = startDeadline(times.readyTimeoutMs);
      while (!deadline.isOver() && !isUp()) await changed.next();
      deadline.clear();
      return !closed && isUp();
    },
    startDeadline,
    async whileWorking(work) {
      working += 1;
      tell();
      try {
        return await work();
      } finally {
        working -= 1;
        tell();
      }
    },
    inTurn,
    disturb() {
      disturbed = true;
      if (transport.isOpen() && connection.kind === 'ready') become({ kind: 'starting' });
      changed.raise();
    },
    bringUpNow: async () => become(await bringUpAnew()),
    failed: (detail) => (transport.isOpen() ? { kind: 'no_answer', detail } : { kind: 'unplugged', detail }),
    failure: (detail) => ({ kind: connection.kind === 'unplugged' ? 'unplugged' : 'no_answer', detail: 'detail' in connection ? connection.detail : detail }),
    beginClosing() {
      closed = true;
      stopLost();
      changed.raise();
    },
    ended,
  };

  function state(): CardTerminalState {
    return connection.kind === 'ready' && working > 0 ? { kind: 'busy' } : connection;
  }

  function isUp(): boolean {
    return connection.kind === 'ready' && !disturbed;
  }

  function become(next: Connection): void {
    connection = next;
    changed.raise();
    tell();
  }

  function tell(): void {
    const now = state();
    if (closed || told === JSON.stringify(now)) return;
    told = JSON.stringify(now);
    trace({ kind: 'state', state: now.kind, ...('detail' in now ? { detail: now.detail } : {}) });
    for (const listener of listeners) listener(now);
  }

  function inTurn<T>(work: () => Promise<T>): Promise<T> {
    const mine = turn.then(() => onLine(work));
    turn = mine.catch(() => {});
    return mine;
  }

  function bringUpAnew(): Promise<Connection> {
    disturbed = false;
    return bringUp();
  }

  async function keepConnected(): Promise<void> {
    let failures = 0;
    while (!closed) {
      const next = await inTurn(bringUpAnew);
      if (closed) break;
      become(next);
      if (next.kind === 'ready') {
        failures = 0;
        await untilDisturbed();
      } else {
        const wait = times.reconnectMs[Math.min(failures, times.reconnectMs.length - 1)] ?? 1_000;
        await pause(next.kind === 'starting' ? (times.readyPollMs ?? wait) : wait);
        failures += 1;
      }
    }
    await transport.close();
  }

  /** A port that vanishes while nothing is sent is told by the transport; a terminal that hangs only by being asked. */
  async function untilDisturbed(): Promise<void> {
    while (!closed && !disturbed && transport.isOpen()) {
      const heartbeatDue = !(await changed.next(times.heartbeatMs || undefined));
      if (heartbeatDue && working === 0 && !disturbed) await inTurn(heartbeat);
    }
  }

  /** The given time, cut short only by `close`. */
  async function pause(ms: number): Promise<void> {
    const deadline = startDeadline(ms);
    while (!deadline.isOver()) await changed.next();
    deadline.clear();
  }

  function startDeadline(ms: number): { isOver(): boolean; clear(): void } {
    let timeIsUp = false;
    const timer = setTimeout(() => {
      timeIsUp = true;
      changed.raise();
    }, ms);
    return { isOver: () => closed || timeIsUp, clear: () => clearTimeout(timer) };
  }
}

export interface Refusals {
  /** Each listener, or whoever comes first later. One that throws keeps nothing from being refused. */
  tell(card: CardDetails): void;
  on(listener: (card: CardDetails) => void): () => void;
}

/** Approvals that are refused, told before the refusal is handed to the line. */
export function createRefusals(trace: TraceListener): Refusals {
  const listeners = new Set<(card: CardDetails) => void>();
  const untold: CardDetails[] = [];

  return {
    tell(card) {
      if (listeners.size === 0) untold.push(card);
      for (const listener of listeners) {
        try {
          listener(card);
        } catch (cause) {
          // Refused it must be all the same: the terminal waits for our answer, and the card holder for their money.
          trace({ kind: 'fault', detail: `a refused approval was not taken down: ${messageOf(cause)}` });
        }
      }
    },
    on(listener) {
      listeners.add(listener);
      for (const card of untold.splice(0)) listener(card);
      return () => listeners.delete(listener);
    },
  };
}
