import { createServer } from 'node:http';
import type { IncomingMessage, ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { setTimeout as pause } from 'node:timers/promises';
import { z } from 'zod';
import type { NumberView } from '../../../../domain/contract/number.ts';
import { moneySchema } from '../../../../domain/money.ts';
import type { CarrierScript, Rule } from './script.ts';
import { createCarrierScript, scriptSchema } from './script.ts';
import type { CarrierKey } from './signing.ts';
import { createChecker, signAnswer } from './signing.ts';

const orderSchema = z.strictObject({
  key: z.uuid(), service: z.enum(['top_up', 'data_pack', 'plan_change', 'application']), offerId: z.string().min(1).max(60), quantity: z.int().min(1), amount: moneySchema,
  number: z.string().max(40).optional(), form: z.record(z.string(), z.string()),
});
const numberSchema = z.strictObject({ number: z.string().max(40), service: orderSchema.shape.service, offerId: z.string().max(60) });
type CarrierOrder = z.infer<typeof orderSchema>;

type Said = { readonly kind: string; readonly detail?: string; readonly reference?: string };

/** The carrier behind the gateway: its books. The loopback carrier of HQ's own is one. */
export interface CarrierBooks {
  readonly submit: (order: CarrierOrder, signal: AbortSignal) => Promise<Said>;
  readonly query: (key: string, signal: AbortSignal) => Promise<Said>;
  readonly reverse: (key: string, signal: AbortSignal) => Promise<Said>;
  readonly lookUp: (question: z.infer<typeof numberSchema>, signal: AbortSignal) => Promise<NumberView | Said>;
}

export interface CarrierServerDeps {
  readonly books: CarrierBooks;
  readonly keys: readonly [CarrierKey, ...CarrierKey[]];
  /** Epoch milliseconds. */
  readonly now: () => number;
  readonly basePath?: string;
  readonly port?: number;
}

export interface CarrierServer {
  readonly url: string;
  readonly script: CarrierScript;
  /** What came, the oldest first: without bodies, which hold customers' words. */
  readonly calls: readonly { readonly on: string; readonly key: string; readonly verdict: string }[];
  readonly close: () => Promise<void>;
}

/** A carrier's gateway on this machine, speaking docs/services-protocol.md: for development and tests. POST, GET and DELETE /script say what it does wrong. */
export async function startCarrierServer({ books, keys, now, basePath = '/counter24', port = 0 }: CarrierServerDeps): Promise<CarrierServer> {
  const script = createCarrierScript();
  const calls: { readonly on: string; readonly key: string; readonly verdict: string }[] = [];
  const seconds = () => Math.floor(now() / 1000);
  const check = createChecker({ keys, nowSeconds: seconds });
  const stopping = new AbortController();

  const serve = async (request: IncomingMessage, response: ServerResponse): Promise<void> => {
    const body = await readAll(request);
    const path = request.url ?? '';
    if (path === '/script') return serveScript(request.method ?? '', body, response);
    const order = new RegExp(`^${basePath}/orders(?:/([0-9a-f-]{36})(/reverse)?)?$`).exec(path);
    const on = path === `${basePath}/numbers` ? 'numbers' : order && (order[2] ? 'reverse' : order[1] ? 'query' : 'submit');
    if (!on || request.method !== (on === 'query' ? 'GET' : 'POST')) return give(response, 404, {}, 'none', undefined);
    const verdict = check({ method: request.method, path, headers: request.headers, body });
    const json = on === 'submit' || on === 'numbers' ? parse(body) : undefined;
    const submitted = on === 'submit' ? orderSchema.safeParse(json) : undefined;
    const asked = on === 'numbers' ? numberSchema.safeParse(json) : undefined;
    const key = order?.[1] ?? submitted?.data?.key ?? '';
    calls.push({ on, key, verdict: verdict.ok ? 'ok' : verdict.why });
    if (!verdict.ok) return give(response, 401, { error: verdict.why }, verdict.nonce, undefined);
    if (submitted?.success === false || asked?.success === false) return give(response, 400, { error: 'shape' }, verdict.nonce, undefined);
    if (on !== 'numbers' && verdict.idempotencyKey !== key) return give(response, 400, { error: 'idempotency-key' }, verdict.nonce, undefined);
    const rule = script.take({ on, key });
    const has = (fault: Rule['faults'][number]) => rule?.faults.includes(fault) === true;
    if (has('slow')) await pause(rule!.ms, undefined, { signal: stopping.signal });
    if (has('closed')) return void request.socket.destroy();
    if (has('deaf')) return;
    const gone = AbortSignal.any([stopping.signal, AbortSignal.timeout(60_000)]);
    const work = () => (submitted?.success ? books.submit(submitted.data, gone) : asked?.success ? books.lookUp(asked.data, gone) : on === 'reverse' ? books.reverse(key, gone) : books.query(key, gone));
    if (has('status')) return give(response, rule!.status, { error: 'script' }, verdict.nonce, rule);
    if (has('twice')) await work();
    const said = await work().catch(() => undefined);
    if (said === undefined || said.kind === 'unknown' || has('lost')) return void request.socket.destroy();
    if (has('silent')) return;
    const { kind, ...rest } = said;
    give(response, 200, { state: kind, ...rest }, verdict.nonce, rule);
  };

  const give = (response: ServerResponse, status: number, content: unknown, nonce: string, rule: Rule | undefined): void => {
    const has = (fault: Rule['faults'][number]) => rule?.faults.includes(fault) === true;
    const text = has('garbage') ? '<html>it works</html>' : has('huge') ? JSON.stringify({ state: 'done', reference: 'x'.repeat(100_000) }) : JSON.stringify(content);
    const key = has('wrong_key') ? { id: keys[0].id, secret: Buffer.alloc(32, 7) } : keys[0];
    const signed = signAnswer({ status, body: Buffer.from(text), nonce: has('replayed') ? 'f'.repeat(32) : nonce, key, created: seconds() - (has('stale') ? 3600 : 0) });
    const sent = has('tampered') ? JSON.stringify({ state: 'done', reference: 'FORGED' }) : text;
    response.writeHead(status, { 'content-type': 'application/json', ...(rule?.retryAfterSeconds === undefined ? {} : { 'retry-after': String(rule.retryAfterSeconds) }), ...(has('unsigned') ? {} : signed) });
    response.end(sent);
  };

  const serveScript = (method: string, body: Buffer, response: ServerResponse): void => {
    const answer = (status: number, content: unknown) => response.writeHead(status, { 'content-type': 'application/json' }).end(JSON.stringify(content));
    if (method === 'GET') return void answer(200, script.left());
    if (method === 'DELETE') {
      script.clear();
      return void answer(200, []);
    }
    const rules = scriptSchema.safeParse(parse(body));
    if (!rules.success) return void answer(400, rules.error.issues);
    script.add(rules.data);
    answer(200, script.left());
  };

  const server = createServer((request, response) => void serve(request, response).catch(() => request.socket.destroy()));
  await new Promise<void>((resolve, reject) => server.once('error', reject).listen(port, '127.0.0.1', resolve));
  return {
    url: `http://127.0.0.1:${(server.address() as AddressInfo).port}${basePath}`,
    script, calls,
    close: () => new Promise((resolve) => {
      stopping.abort();
      server.close(() => resolve());
      server.closeAllConnections();
    }),
  };
}

function parse(body: Buffer): unknown {
  try {
    return JSON.parse(body.toString('utf8')) as unknown;
  } catch {
    return undefined;
  }
}

async function readAll(request: IncomingMessage): Promise<Buffer> {
  const parts: Buffer[] = [];
  for await (const part of request) parts.push(part as Buffer);
  return Buffer.concat(parts);
}
