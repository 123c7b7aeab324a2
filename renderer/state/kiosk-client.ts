import type { z } from 'zod';
import type { CodedError } from '../../domain/contract/errors.ts';
import { codedError } from '../../domain/contract/errors.ts';
import { describeIssues } from '../../domain/contract/issues.ts';
import type { Answer, EventName, EventPayload, Method, Params } from '../../domain/contract/kiosk.ts';
import { events, fromCoreSchema, requests } from '../../domain/contract/kiosk.ts';
import type { Result } from '../../domain/result.ts';
import { err, ok } from '../../domain/result.ts';

/** The part of a MessagePort that the client needs. */
export interface Port {
  postMessage(message: unknown): void;
  addEventListener(type: 'message', listener: (event: { data: unknown }) => void): void;
  start(): void;
  close(): void;
}

export type KioskEvent = { readonly [E in EventName]: { readonly name: E; readonly payload: EventPayload<E> } }[EventName];

export interface KioskClient {
  /** Every failure is a value: core's own, a malformed answer, a new core, or no answer within the deadline. */
  request<M extends Method>(method: M, params: Params<M>): Promise<Result<Answer<M>, CodedError>>;
  /** Until what it gives is called. */
  onEvent(listener: (event: KioskEvent) => void): () => void;
  /** Takes the port of a new core in place of the old one; requests under way on the old one answer with an error. */
  replacePort(port: Port): void;
}

export interface ClientOptions {
  readonly requestTimeoutMs?: number;
  /** Hears of messages that break the contract. */
  readonly onMalformed?: (detail: string) => void;
}

interface Waiting {
  settle(result: Result<unknown, CodedError>): void;
}

/** What waits for a device or a disk, and for how long; everything else answers within `requestTimeoutMs`. */
const patienceMs: Partial<Record<Method, number>> = {
  'day.close': 180_000, 'orders.refund': 180_000, 'attention.decide': 180_000, 'devices.diagnose_terminal': 180_000, 'devices.test_print': 60_000, 'devices.recover_printer': 60_000,
  'devices.reconnect': 60_000, 'stock.bring_print': 60_000, 'stock.finish': 60_000, 'day.reprint': 60_000, 'logs.export': 180_000,
};

export function createKioskClient(firstPort: Port, { requestTimeoutMs = 15_000, onMalformed = () => {} }: ClientOptions = {}): KioskClient {
  const waiting = new Map<number, Waiting>();
  const listeners = new Set<(event: KioskEvent) => void>();
  let nextId = 0;
  let port = firstPort;

  function listen(source: Port): void {
    source.addEventListener('message', ({ data }) => {
      if (source === port) receive(data);
    });
    source.start();
  }

  function receive(data: unknown): void {
    const message = fromCoreSchema.safeParse(data);
    if (!message.success) return onMalformed(describeIssues(message.error));
    if (message.data.kind === 'response') {
      waiting.get(message.data.id)?.settle(message.data.result);
      return;
    }
    const event = parseEvent(message.data.name, message.data.payload);
    if (!event.ok) return onMalformed(event.error.detail);
    for (const listener of listeners) listener(event.value);
  }

  listen(port);
  return {
    request(method, params) {
      return new Promise((resolve) => {
        const id = nextId++;
        const waitMs = Math.max(requestTimeoutMs, patienceMs[method] ?? 0);
        const deadline = setTimeout(() => settle(err(codedError('INTERNAL', `no answer to ${method} within ${waitMs} ms`))), waitMs);
        const settle = (result: Result<unknown, CodedError>): void => {
          clearTimeout(deadline);
          waiting.delete(id);
          resolve(parseAnswer(method, result));
        };
        waiting.set(id, { settle });
        port.postMessage({ kind: 'request', id, method, params });
      });
    },
    onEvent(listener) {
      listeners.add(listener);
      return () => void listeners.delete(listener);
    },
    replacePort(next) {
      port.close();
      port = next;
      for (const { settle } of [...waiting.values()]) settle(err(codedError('INTERNAL', 'core was started anew before it answered')));
      listen(next);
    },
  };
}

function parseAnswer<M extends Method>(method: M, result: Result<unknown, CodedError>): Result<Answer<M>, CodedError> {
  if (!result.ok) return result;
  const schema = requests[method].result as unknown as z.ZodType<Answer<M>>;
  const parsed = schema.safeParse(result.value);
  return parsed.success ? ok(parsed.data) : err(codedError('CONTRACT_MALFORMED', `${method}: ${describeIssues(parsed.error)}`));
}

function parseEvent(name: string, payload: unknown): Result<KioskEvent, CodedError> {
  if (!Object.hasOwn(events, name)) return err(codedError('CONTRACT_MALFORMED', `no event "${name}"`));
  const parsed = events[name as EventName].safeParse(payload);
  if (!parsed.success) return err(codedError('CONTRACT_MALFORMED', `${name}: ${describeIssues(parsed.error)}`));
  return ok({ name, payload: parsed.data } as KioskEvent);
}
