import type { CodedError, ErrorCode } from '../../domain/contract/errors.ts';
import { codedError, messageOf } from '../../domain/contract/errors.ts';
import { describeIssues } from '../../domain/contract/issues.ts';
import type { Answer, EventName, EventPayload, FromCore, Method } from '../../domain/contract/kiosk.ts';
import { requestEnvelopeSchema, requests } from '../../domain/contract/kiosk.ts';
import type { StaffMethod } from '../../domain/contract/staff.ts';
import { staffRequests } from '../../domain/contract/staff.ts';
import { orderIdSchema } from '../../domain/ids.ts';
import type { z } from 'zod';
import type { Result } from '../../domain/result.ts';
import { err } from '../../domain/result.ts';
import type { Log } from './log.ts';
import type { Port } from './port.ts';
import type { StaffGate } from './staff/gate.ts';

/** What core does for each request of a customer's page; parameters have been checked. */
export type Handlers = { readonly [M in Exclude<Method, StaffMethod>]: (params: z.output<(typeof requests)[M]['params']>) => Answered<Answer<M>> };
type Answered<T> = Result<T, CodedError> | Promise<Result<T, CodedError>>;

export interface Page {
  send<E extends EventName>(name: E, payload: EventPayload<E>): void;
  close(): void;
}

/**
 * The border: checks every call by the contract, answers each with a value, and stays up whatever comes. A call that
 * is so broken that it has no id gets no answer, only its line in the log.
 */
export function servePage(port: Port, handlers: Handlers, staff: Pick<StaffGate, 'call'>, log: Log): Page {
  let isClosed = false;
  const post = (message: FromCore) => port.post(message);

  port.onMessage((message) => {
    // What was on its way when another page came would be done for whoever is at that one.
    if (isClosed) return;
    const envelope = requestEnvelopeSchema.safeParse(message);
    if (!envelope.success) {
      const error = clipError(codedError('CONTRACT_MALFORMED', describeIssues(envelope.error)));
      log.error(error);
      const id = idOf(message);
      if (id !== undefined) post({ kind: 'response', id, result: err(error) });
      return;
    }
    const { id, method, params } = envelope.data;
    const given = answer(method, params);
    // What is known at once is answered at once: two calls of a customer are answered in their order.
    if (!(given instanceof Promise)) return respond(id, method, params, given);
    given.catch((cause: unknown) => refuse('INTERNAL', `${method}: ${messageOf(cause)}`)).then((result) => respond(id, method, params, result)).catch(() => undefined);
  });

  function respond(id: number, method: string, params: unknown, given: Result<unknown, CodedError>): void {
    const result = clipped(given);
    const order = orderIn(params);
    if (!result.ok) log.error(result.error, { method, ...(order === undefined ? {} : { order }) });
    // The page that asked has gone meanwhile: another one never gets its answer.
    if (!isClosed) post({ kind: 'response', id, result });
  }

  function answer(method: string, params: unknown): Answered<unknown> {
    if (!isMethod(method)) return refuse('CONTRACT_UNKNOWN_METHOD', method);
    try {
      return call(method, params);
    } catch (cause) {
      return refuse('INTERNAL', `${method}: ${messageOf(cause)}`);
    }
  }

  function call(method: Method, params: unknown): Answered<unknown> {
    const checked = requests[method].params.safeParse(params);
    if (!checked.success) return refuse('CONTRACT_MALFORMED', `${method}: ${describeIssues(checked.error)}`);
    // The compiler cannot see that this method's schema and this method's handler belong together; the types of `Handlers` do.
    return isStaffMethod(method) ? staff.call(method, checked.data as never) : handlers[method](checked.data as never);
  }

  return {
    send: (name, payload) => post({ kind: 'event', name, payload }),
    close() {
      isClosed = true;
      port.close();
    },
  };
}

/** Of a call that is broken elsewhere: whoever made it waits for an answer. */
function idOf(message: unknown): number | undefined {
  const id = typeof message === 'object' && message !== null && 'id' in message ? message.id : undefined;
  return typeof id === 'number' && Number.isSafeInteger(id) && id >= 0 ? id : undefined;
}

/** The order that a call is about, so that its refusal stands in what happened to that order. */
function orderIn(params: unknown): string | undefined {
  const orderId = typeof params === 'object' && params !== null && 'orderId' in params ? orderIdSchema.safeParse(params.orderId) : undefined;
  return orderId?.data;
}

function isMethod(name: string): name is Method {
  return Object.hasOwn(requests, name);
}

function isStaffMethod(name: Method): name is StaffMethod {
  return Object.hasOwn(staffRequests, name);
}

function refuse(code: ErrorCode, detail: string): Result<never, CodedError> {
  return err(codedError(code, detail));
}

function clipped(result: Result<unknown, CodedError>): Result<unknown, CodedError> {
  return result.ok ? result : err(clipError(result.error));
}

/** As long as the contract lets an error be: a longer one would be refused by the page, and say nothing. */
export function clipError({ code, detail }: CodedError): CodedError {
  return codedError(code, detail.slice(0, 2000));
}
