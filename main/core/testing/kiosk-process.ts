import { fork } from 'node:child_process';
import path from 'node:path';
import type { CodedError } from '../../../domain/contract/errors.ts';
import type { Answer, EventName, EventPayload, FromCore, Method, Params } from '../../../domain/contract/kiosk.ts';
import { fromCoreSchema } from '../../../domain/contract/kiosk.ts';
import type { StartMessage, ToCore } from '../../../domain/contract/shell.ts';
import type { Result } from '../../../domain/result.ts';

export type LogLine = { readonly level: string; readonly message: string } & Readonly<Record<string, unknown>>;

/** Core in a process of its own under plain Node, with the test as its shell and page. */
export interface KioskProcess {
  readonly pid: number;
  request<M extends Method>(method: M, params: Params<M>): Promise<Result<Answer<M>, CodedError>>;
  /** Sends anything at all over the border. */
  sendRaw(message: unknown): void;
  /** The first event, from now or since the start, that fits. */
  until<E extends EventName>(name: E, fits: (payload: EventPayload<E>) => boolean): Promise<EventPayload<E>>;
  /** The first log line, from now or since the start, that fits. */
  untilLog(fits: (line: LogLine) => boolean): Promise<LogLine>;
  log(): readonly LogLine[];
  /** A new page comes, as after a reload. */
  connectPage(): void;
  losePage(): void;
  /** SIGKILL: no time for anything. */
  kill(): Promise<void>;
  stop(): Promise<void>;
}

interface Waiter<T> {
  readonly fits: (value: T) => boolean;
  readonly resolve: (value: T) => void;
}

export function startKioskProcess(start: Omit<StartMessage, 'kind'>): KioskProcess {
  const child = fork(path.join(import.meta.dirname, '../main.ts'), { stdio: ['ignore', 'pipe', 'inherit', 'ipc'] });
  const exited = new Promise<void>((resolve) => child.once('exit', () => resolve()));
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
  child.on('message', (message: { page?: unknown }) => {
    if (message.page === undefined) return;
    const fromCore: FromCore = fromCoreSchema.parse(message.page);
    if (fromCore.kind === 'event') events.push(fromCore);
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
      return new Promise((resolve) => answers.set(id, resolve as (result: Result<never, CodedError>) => void));
    },
    sendRaw: (message) => void child.send({ page: message }),
    async until(name, fits) {
      const event = await events.until((candidate) => candidate.name === name && fits(candidate.payload as never));
      return event.payload as never;
    },
    untilLog: (fits) => lines.until(fits),
    log: () => lines.all(),
    connectPage: () => tell({ kind: 'page' }),
    losePage: () => tell({ kind: 'page_gone' }),
    async kill() {
      child.kill('SIGKILL');
      await exited;
    },
    async stop() {
      if (child.connected) tell({ kind: 'stop' });
      await exited;
    },
  };
}

/** Keeps all that came and wakes whoever waits for something in it. */
function createSequence<T>(): { push(value: T): void; until(fits: (value: T) => boolean): Promise<T>; all(): readonly T[] } {
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
    until(fits) {
      const found = values.find(fits);
      if (found !== undefined) return Promise.resolve(found);
      return new Promise((resolve) => waiters.add({ fits, resolve }));
    },
    all: () => [...values],
  };
}
