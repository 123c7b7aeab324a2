import http from 'node:http';
import type { AddressInfo } from 'node:net';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import type { Batch } from '../../domain/contract/hq.ts';
import { batchSchema } from '../../domain/contract/hq.ts';
import { createHqClient } from './hq-client.ts';

const batch: Batch = batchSchema.parse({
  kioskId: 'kiosk-001', lane: 'orders', epoch: 1,
  events: [{ sequence: 1, id: '00000000-0000-7000-8000-000000000001', kind: 'order.placed', version: 1, at: 1, payload: '{"b":"乌龙茶 \\u0041",  "a":1}' }],
});
const mark = JSON.stringify({ epoch: 1, acknowledged: 1 });

type Handler = (request: http.IncomingMessage, response: http.ServerResponse, body: string) => void;

let server: http.Server;
let url: string;
let handler: Handler;
let paths: string[];

beforeEach(async () => {
  paths = [];
  server = http.createServer((request, response) => {
    paths.push(`${request.method} ${request.url}`);
    const chunks: Buffer[] = [];
    request.on('data', (chunk: Buffer) => chunks.push(chunk));
    request.on('end', () => handler(request, response, Buffer.concat(chunks).toString('utf8')));
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  url = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
});

afterEach(async () => {
  server.closeAllConnections();
  await new Promise((resolve) => server.close(resolve));
});

function send(token: () => string | undefined = () => 'token-of-this-kiosk', timeoutMs?: number) {
  return createHqClient({ url, token, ...(timeoutMs === undefined ? {} : { timeoutMs }) }).send(batch);
}

const answer = (status: number, body = '', headers: http.OutgoingHttpHeaders = {}): Handler => (_request, response) => response.writeHead(status, headers).end(body);

describe('sending a batch', () => {
  it('posts it with the token, payloads to the byte, and gives the mark', async () => {
    let seen: unknown;
    handler = (request, response, body) => {
      seen = { authorization: request.headers.authorization, type: request.headers['content-type'], batch: JSON.parse(body) as unknown };
      response.end(mark);
    };
    await expect(send()).resolves.toEqual({ ok: true, value: { epoch: 1, acknowledged: 1 } });
    expect(seen).toEqual({ authorization: 'Bearer token-of-this-kiosk', type: 'application/json', batch });
    expect(paths).toEqual(['POST /api/kiosk/events']);
  });

  it('without a token asks nobody, and takes the token as soon as there is one', async () => {
    handler = answer(200, mark);
    let token: string | undefined;
    const client = createHqClient({ url, token: () => token });
    await expect(client.send(batch)).resolves.toEqual({ ok: false, error: { kind: 'not_admitted', detail: 'no token yet' } });
    expect(paths).toEqual([]);
    token = 'came-later';
    await expect(client.send(batch)).resolves.toMatchObject({ ok: true });
  });

  it('follows no redirect: the token is for HQ alone', async () => {
    handler = answer(307, '', { location: '/elsewhere' });
    await expect(send()).resolves.toMatchObject({ ok: false, error: { kind: 'away' } });
    expect(paths).toEqual(['POST /api/kiosk/events']);
  });

  it.each<[string, Handler]>([
    ['never answers', () => {}],
    ['begins to answer and then falls silent', (_request, response) => void response.writeHead(200).write(mark.slice(0, 5))],
    ['hangs up', (request) => void request.socket.destroy()],
    ['hangs up in the middle of the answer', (request, response) => void response.writeHead(200, { 'content-length': 50 }).write(mark, () => request.socket.destroy())],
  ])('calls an HQ away that %s', async (_what, given) => {
    handler = given;
    await expect(send(undefined, 250)).resolves.toMatchObject({ ok: false, error: { kind: 'away' } });
  });

  it('calls an HQ away where nobody listens', async () => {
    server.closeAllConnections();
    await new Promise((resolve) => server.close(resolve));
    await expect(send()).resolves.toMatchObject({ ok: false, error: { kind: 'away', detail: expect.stringContaining('ECONNREFUSED') as string } });
  });

  it.each([['no JSON', '<html>hello</html>'], ['nothing', ''], ['no mark', '{}'], ['a mark below nothing', '{"epoch":1,"acknowledged":-1}'], ['a mark and more', '{"epoch":1,"acknowledged":1,"more":1}']])('believes no answer that is %s', async (_what, body) => {
    handler = answer(200, body);
    await expect(send()).resolves.toEqual({ ok: false, error: { kind: 'away', detail: 'HQ answered something that is no mark' } });
  });

  it.each([[401, 'not_admitted'], [403, 'not_admitted'], [400, 'refused'], [404, 'refused'], [409, 'refused'], [413, 'too_large'], [429, 'away'], [500, 'away'], [503, 'away']])('%i is %s, with what HQ said', async (status, kind) => {
    handler = answer(status, 'because');
    await expect(send()).resolves.toEqual({ ok: false, error: { kind, detail: `${status} because` } });
  });

  it.each([['7', 7000], ['0.5', 500], ['86400', 300_000], ['0', undefined], ['-3', undefined], ['Wed, 21 Oct 2037 07:28:00 GMT', undefined]])('retry-after %s is %s ms', async (seconds, retryAfterMs) => {
    handler = answer(503, '', { 'retry-after': seconds });
    const sent = await send();
    expect(sent.ok ? undefined : sent.error).toEqual({ kind: 'away', detail: '503 ', ...(retryAfterMs === undefined ? {} : { retryAfterMs }) });
  });
});
