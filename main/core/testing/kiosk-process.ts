import { fork } from 'node:child_process';
import os from 'node:os';
import path from 'node:path';
import { pathToFileURL } from 'node:url';
import type { CodedError } from '../../../domain/contract/errors.ts';
import type { Answer, EventName, EventPayload, FromCore, Method, Params } from '../../../domain/contract/kiosk.ts';
import { events as eventSchemas, fromCoreSchema, requests } from '../../../domain/contract/kiosk.ts';
import type { StartMessage, ToCore } from '../../../domain/contract/shell.ts';
import type { Result } from '../../../domain/result.ts';

export type LogLine = { readonly level: string; readonly message: string } & Readonly<Record<string, unknown>>;

/** Core in a process of its own under plain Node, with the test as its shell and page. */
export interface KioskProcess {
  readonly pid: number;
  request<M extends Method>(method: M, params: Params<M>): Promise<Result<Answer<M>, CodedError>>;
  /** Sends anything at all over the border. */
  sendRaw(message: unknown): void;
  /** How many events have come so far: what `until` may begin at. */
  eventCount(): number;
  /** All of them. */
  events(): readonly { readonly name: string; readonly payload: unknown }[];
  /** The first event, from now or since the start (or since `from` events had come), that fits. */
  until<E extends EventName>(name: E, fits: (payload: EventPayload<E>) => boolean, from?: number): Promise<EventPayload<E>>;
  /** The last event of this name, of those after `from`. */
  last<E extends EventName>(name: E, from?: number): EventPayload<E> | undefined;
  /** The first log line, from now or since the start, that fits. */
  untilLog(fits: (line: LogLine) => boolean): Promise<LogLine>;
  log(): readonly LogLine[];
  /** A new page comes, as after a reload. */
  connectPage(): void;
  losePage(): void;
  /** What the shell answers from now on when core wants a picture of the screen; nothing, before. */
  onPictureWanted(take: () => string | undefined): void;
  /** Resolves when it has tried to come into service for the first time, or has ended. */
  readonly started: Promise<unknown>;
  /** Resolves with the exit code when it has ended, however; null after a signal. */
  readonly ended: Promise<number | null>;
  /** SIGKILL: no time for anything. */
  kill(): Promise<void>;
  /** Resolves with the exit code, null after `kill`. */
  stop(): Promise<number | null>;
}

const stopLimitMs = 10_000;

interface Waiter<T> {
  readonly fits: (value: T) => boolean;
  readonly resolve: (value: T) => void;
}

export interface KioskProcessOptions {
  /** Shortens core's long waits (quick-clock.mjs): for what happens after minutes of silence. */
  readonly isQuick?: boolean;
}

export function startKioskProcess(start: Omit<StartMessage, 'kind'>, { isQuick = false }: KioskProcessOptions = {}): KioskProcess {
  const child = fork(path.join(import.meta.dirname, '../main.ts'), {
    stdio: ['ignore', 'pipe', 'inherit', 'ipc'],
    // A Node of its own, without the flags of whoever tests it.
    execArgv: isQuick ? ['--import', pathToFileURL(path.join(import.meta.dirname, 'quick-clock.mjs')).href] : [],
    env: { ...process.env, NODE_COMPILE_CACHE: path.join(os.tmpdir(), 'counter24-compile-cache') },
  });
  const ended = new Promise<number | null>((resolve) => child.once('exit', (code) => resolve(code)));
  const started = Promise.race([ended, new Promise((resolve) => child.once('message', resolve))]);
  const answers = new Map<number, (result: Result<never, CodedError>) => void>();
  const events = createSequence<{ name: string; payload: unknown }>();
  const lines = createSequence<LogLine>();
  let nextId = 1;
  let unfinished = '';

  child.stdout?.setEncoding('utf8').on('data', (chunk: string) => {
    const parts = (unfinished + chunk).split('\n');
    unfinished = parts.pop() ?? '';
    for (const part of parts) lines.push(JSON.parse(part) as LogLine);
  });
  let takePicture: (() => string | undefined) | undefined;
  child.on('message', (message: { page?: unknown; kind?: unknown }) => {
    if (message.kind === 'picture_wanted' && takePicture) {
      const picture = takePicture();
      tell({ kind: 'picture', ...(picture === undefined ? {} : { picture }) });
    }
    if (message.page === undefined) return;
    const fromCore: FromCore = fromCoreSchema.parse(message.page);
    // As a page does: what breaks the contract is not taken.
    if (fromCore.kind === 'event') events.push({ name: fromCore.name, payload: eventSchemas[fromCore.name as EventName].parse(fromCore.payload) });
    else answers.get(fromCore.id)?.(fromCore.result as Result<never, CodedError>);
  });
  const tell = (message: ToCore) => void child.send(message);
  tell({ kind: 'start', ...start });
  tell({ kind: 'page' });

  return {
    pid: child.pid!,
    request(method, params) {
      const id = nextId++;
      child.send({ page: { kind: 'request', id, method, params } });
      return new Promise((resolve) =>
        answers.set(id, (result) => {
          if (result.ok) requests[method].result.parse(result.value);
          resolve(result);
        }),
      );
    },
    sendRaw: (message) => void child.send({ page: message }),
    eventCount: () => events.all().length,
    events: events.all,
    async until(name, fits, from = 0) {
      const event = await events.until((candidate) => candidate.name === name && fits(candidate.payload as never), from);
      return event.payload as never;
    },
    last: (name, from = 0) => events.all().slice(from).findLast((event) => event.name === name)?.payload as never,
    untilLog: (fits) => lines.until(fits),
    log: () => lines.all(),
    connectPage: () => tell({ kind: 'page' }),
    losePage: () => tell({ kind: 'page_gone' }),
    onPictureWanted: (take) => void (takePicture = take),
    started,
    ended,
    async kill() {
      child.kill('SIGKILL');
      await ended;
    },
    async stop() {
      if (child.connected) tell({ kind: 'stop' });
      // As the supervisor does; a test never leaves a process behind.
      let isLate = false;
      const limit = setTimeout(() => {
        isLate = true;
        child.kill('SIGKILL');
      }, stopLimitMs);
      const code = await ended;
      clearTimeout(limit);
      if (isLate) throw new Error(`core did not stop within ${stopLimitMs} ms`);
      return code;
    },
  };
}

/** Keeps all that came and wakes whoever waits for something in it. */
function createSequence<T>(): { push(value: T): void; until(fits: (value: T) => boolean, from?: number): Promise<T>; all(): readonly T[] } {
  const values: T[] = [];
  const waiters = new Set<Waiter<T>>();
  return {
    push(value) {
      values.push(value);
      for (const waiter of [...waiters]) {
        if (!waiter.fits(value)) continue;
        waiters.delete(waiter);
        waiter.resolve(value);
      }
    },
    until(fits, from = 0) {
      const found = values.find((value, index) => index >= from && fits(value));
      if (found !== undefined) return Promise.resolve(found);
      return new Promise((resolve) => waiters.add({ fits, resolve }));
    },
    all: () => [...values],
  };
}
