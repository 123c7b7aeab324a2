import type { IncomingMessage, ServerResponse } from 'node:http';
import { setTimeout as pause } from 'node:timers/promises';
import type { Fault } from './script.ts';
import { faultOf } from './script.ts';

export interface Request {
  readonly method: string;
  /** Path with query, exactly as it was sent: signatures cover it. */
  readonly target: string;
  readonly url: URL;
  readonly headers: Readonly<Record<string, string | string[] | undefined>>;
  readonly body: string;
}

export interface Answer {
  readonly status: number;
  readonly headers: Readonly<Record<string, string>>;
  readonly body: string | Buffer;
}

const bodyLimitBytes = 1_000_000;

/** Undefined where the body is too long or the caller went away in the middle of it. */
export async function readRequest(message: IncomingMessage): Promise<Request | undefined> {
  const chunks: Buffer[] = [];
  let length = 0;
  try {
    for await (const chunk of message as AsyncIterable<Buffer>) {
      length += chunk.length;
      if (length > bodyLimitBytes) return undefined;
      chunks.push(chunk);
    }
  } catch {
    return undefined;
  }
  const target = message.url ?? '/';
  if (!URL.canParse(target, 'http://loopback')) return undefined;
  return { method: message.method ?? 'GET', target, url: new URL(target, 'http://loopback'), headers: message.headers, body: Buffer.concat(chunks).toString('utf8') };
}

export function header(request: Request, name: string): string | undefined {
  const value = request.headers[name];
  return Array.isArray(value) ? value[0] : value;
}

export function sendAnswer(response: ServerResponse, { status, headers, body }: Answer): void {
  if (response.destroyed || response.headersSent) return;
  response.writeHead(status, { ...headers, 'content-length': String(Buffer.byteLength(body)) });
  response.end(body);
}

export function json(status: number, value: unknown): Answer {
  return { status, headers: { 'content-type': 'application/json; charset=utf-8', 'cache-control': 'no-store' }, body: JSON.stringify(value) };
}

/**
 * One call to a gateway, with what a script wants to go wrong on the way: before it acts, while it answers, or instead of an answer. `act` does what was asked and
 * answers with it, signed. Answers how it ended, for the list of calls.
 */
export async function serveCall(response: ServerResponse, faults: readonly Fault[], signal: AbortSignal, act: () => Promise<Answer>, edgeAnswer: (status: number) => Answer): Promise<string> {
  const cut = () => {
    response.destroy();
  };
  if (faultOf(faults, 'cut')) {
    cut();
    return 'cut';
  }
  const refused = faultOf(faults, 'status');
  const slow = faultOf(faults, 'slow');
  const wait = () => pause(slow?.ms ?? 0, undefined, { signal, ref: false }).catch(() => {});
  if (slow?.acts === 'last') await wait();
  if (signal.aborted) {
    cut();
    return 'stopped';
  }
  if (refused && !refused.acted) {
    if (slow?.acts === 'first') await wait();
    sendAnswer(response, edgeAnswer(refused.status));
    return `status ${refused.status}, not acted`;
  }
  const answer = await act();
  if (slow?.acts === 'first') await wait();
  if (signal.aborted) {
    cut();
    return 'stopped';
  }
  if (faultOf(faults, 'lost')) {
    cut();
    return `${answer.status}, lost`;
  }
  if (faultOf(faults, 'half')) {
    // Whole headers and half a body, then the end of the connection.
    const bytes = Buffer.from(answer.body);
    response.writeHead(answer.status, { ...answer.headers, 'content-length': String(Math.max(bytes.length, 2)) });
    response.write(bytes.subarray(0, Math.floor(bytes.length / 2)), () => cut());
    return `${answer.status}, half`;
  }
  if (refused) {
    sendAnswer(response, edgeAnswer(refused.status));
    return `status ${refused.status}, acted`;
  }
  sendAnswer(response, faultOf(faults, 'not_json') ? { status: 200, headers: { 'content-type': 'text/html' }, body: '<html><body>502 Bad Gateway</body></html>' } : answer);
  return String(answer.status);
}
