import type { KeyObject } from 'node:crypto';
import { createHash, createPublicKey, generateKeyPairSync, randomUUID, sign, verify } from 'node:crypto';
import http from 'node:http';
import type { AddressInfo } from 'node:net';
import zlib from 'node:zlib';
import type { Batch, EventKind, Hello, HqEvent, HqEventPayload, Lane } from '../../../domain/contract/hq.ts';
import { batchSchema, enrolSchema, eventPayloads, helloSchema } from '../../../domain/contract/hq.ts';
import type { NumberRequest, WaysAnswer } from '../../../domain/contract/hq-online.ts';
import { numberRequestSchema, walletRequestSchema } from '../../../domain/contract/hq-online.ts';
import type { NumberView } from '../../../domain/contract/number.ts';
import type { OrderId } from '../../../domain/ids.ts';
import type { WalletDesk } from './wallet-desk.ts';
import { createWalletDesk } from './wallet-desk.ts';

export type ReceivedEvent = { [K in EventKind]: Omit<HqEvent, 'kind' | 'payload'> & { readonly kind: K; readonly lane: Lane; readonly epoch: number; readonly payload: HqEventPayload<K> } }[EventKind];

/** HQ's border by domain/contract/hq.ts, in memory, with faults to order. It refuses what the contract refuses. */
export interface HqRig {
  readonly url: string;
  /** Base64 of the DER of the key that signs its answers. */
  readonly publicKey: string;
  /** Each event that was taken, in order of its coming, once. */
  events(): readonly ReceivedEvent[];
  eventsOf(orderId: OrderId): readonly ReceivedEvent[];
  /** The state that HQ believes an order to be in. */
  stateOf(orderId: OrderId): string | undefined;
  /** The batches that came, taken or not. */
  batches(): readonly Batch[];
  /** Keys of orders, as they came beside the chain. */
  keys(): ReadonlyMap<OrderId, Buffer>;
  /** What broke the contract: a wrong code or signature, a gap, a broken chain, an event that came again with other contents. */
  complaints(): readonly string[];
  /** While away, every request is answered 503. */
  setAway(away: boolean): void;
  /** The next batch is taken, and its answer never arrives. */
  loseNextAnswer(): void;
  /** Asked at each request for what goes wrong with it. */
  setFaults(next: (path: string) => RigFault | undefined): void;
  /** Asked at each hello: why HQ opens no session (403), or undefined. */
  setRefusal(next: (hello: Hello) => Record<string, unknown> | undefined): void;
  /** The paths that were asked for, in order. */
  asked(): readonly string[];
  /** Added to the clock of which HQ tells. */
  setClockOffset(offsetMs: number): void;
  /** The wallets' payments and their gateway. */
  readonly desk: WalletDesk;
  /** How customers may pay; no wallets, until it is told. */
  setWays(ways: WaysAnswer['wallets']): void;
  /** What is known of numbers; nobody to be asked, until it is told. */
  setNumbers(look: (question: NumberRequest) => NumberView): void;
  /** From now on, and what kiosks say of themselves at enrolment waits for it where `startHqRig` was told so. */
  approve(): void;
  /** HQ knows the kiosk's key no more. */
  forgetKiosk(): void;
  /** HQ is restored from a backup of when it had so many events of the lane. */
  restore(lane: Lane, count: number, session?: 'lost' | 'in_the_copy'): void;
  /** Resolves once an event fits, now or later. */
  until(fits: (event: ReceivedEvent) => boolean): Promise<ReceivedEvent>;
  close(): Promise<void>;
}

/** What goes wrong with one request. `take`: HQ has done what it was asked, and the answer is another or none. */
export type RigFault =
  | { readonly kind: 'hang_up' | 'wrong_key' | 'unsigned' | 'old_answer'; readonly take: boolean }
  | { readonly kind: 'half_an_answer' }
  | { readonly kind: 'garbage'; readonly text: string; readonly take: boolean }
  | { readonly kind: 'status'; readonly status: number; readonly code: string; readonly isSigned: boolean; readonly take: boolean; readonly retryAfter?: string }
  /** A mark of HQ's that is too high or too low by so much, or of another epoch. */
  | { readonly kind: 'mark'; readonly off: number; readonly epoch: number };

export interface HqRigOptions {
  /** A kiosk waits until `approve`. */
  readonly approves?: boolean;
  /** Epoch milliseconds: the clock of which it tells. */
  readonly now?: () => number;
}

interface Cursor { epoch: number; events: HqEvent[] }

const genesis = '0'.repeat(64);
const requestFields = ['@method', '@authority', '@path', '@query', 'content-digest', 'counter24-session'];

export async function startHqRig(code: string, { approves = true, now = Date.now }: HqRigOptions = {}): Promise<HqRig> {
  const { privateKey, publicKey } = generateKeyPairSync('ed25519');
  const hqPublicKey = publicKey.export({ format: 'der', type: 'spki' }).toString('base64');
  /** Each lane's newest epoch; what earlier ones held stays in `history`. */
  let cursors = new Map<Lane, Cursor>();
  const history: { lane: Lane; epoch: number; event: HqEvent }[] = [];
  const kept = new Map<OrderId, Buffer>();
  const seen = new Map<string, ReceivedEvent>();
  const batches: Batch[] = [];
  const complaints: string[] = [];
  const waiters = new Set<() => void>();
  const nonces = new Set<string>();
  const asked: string[] = [];
  const busy = new Set<Lane>();
  const stranger = generateKeyPairSync('ed25519').privateKey;
  let nextFault: (path: string) => RigFault | undefined = () => undefined;
  let nextRefusal: (hello: Hello) => Record<string, unknown> | undefined = () => undefined;
  let old: { readonly status: number; readonly headers: http.OutgoingHttpHeaders; readonly text: string } | undefined;
  let kioskKey: { readonly text: string; readonly key: KeyObject } | undefined;
  let isApproved = approves;
  let session: { readonly id: string; readonly instance: string } | undefined;
  const desk = createWalletDesk();
  let ways: WaysAnswer['wallets'] = [];
  let number: ((question: NumberRequest) => NumberView) | undefined;
  let isAway = false;
  let losesAnswer = false;
  let offsetMs = 0;

  interface Answer { readonly status: number; readonly body: unknown }
  const refuse = (status: number, name: string, why: string): Answer => ({ status, body: { code: name, message: why } });
  const broken = (status: number, name: string, why: string): Answer => {
    complaints.push(why);
    return refuse(status, name, why);
  };

  const server = http.createServer((request, response) => {
    const chunks: Buffer[] = [];
    request.on('data', (chunk: Buffer) => chunks.push(chunk));
    request.on('end', () => {
      // A kiosk that ends, or is killed, leaves half a request behind.
      const body = Buffer.concat(chunks);
      if (!request.complete || body.length < Number(request.headers['content-length'] ?? 0)) return;
      if (isAway) return void response.writeHead(503).end();
      const [path = ''] = (request.url ?? '').split('?');
      asked.push(path);
      const fault = nextFault(path);
      const takes = !fault || !('take' in fault) || fault.take;
      const given = takes ? answer(request, path, body, response) : { status: 200, body: {} };
      // A question about a wallet may be kept for a while.
      if (given instanceof Promise) given.then((late) => finish(late), () => request.socket.destroy());
      else finish(given);

      function finish({ status, body: answered }: Answer): void {
        for (const wake of [...waiters]) wake();
        if (fault) return misanswer(fault, request, response, status, answered);
        if (losesAnswer && path === '/api/kiosk/events') {
          losesAnswer = false;
          request.socket.destroy();
          return;
        }
        send(request, response, status, JSON.stringify(answered));
      }
    });
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));

  /** RFC 9421 by hand, and not by the library that the kiosk uses: two sides that share a fault would agree. */
  function send(request: http.IncomingMessage, response: http.ServerResponse, status: number, text: string, key = privateKey, besides: http.OutgoingHttpHeaders = {}): void {
    const digest = digestOf(Buffer.from(text));
    const nonce = /;nonce="([^"]*)"/.exec(String(request.headers['signature-input']))?.[1] ?? '';
    const parameters = `("@status" "content-digest" "counter24-nonce");created=${Math.floor(Date.now() / 1000)};keyid="hq";alg="ed25519";tag="counter24-hq"`;
    const base = `"@status": ${status}\n"content-digest": ${digest}\n"counter24-nonce": ${nonce}\n"@signature-params": ${parameters}`;
    const headers = {
      ...besides, 'content-type': 'application/json', 'content-digest': digest, 'counter24-nonce': nonce,
      'signature-input': `hq=${parameters}`, signature: `hq=:${sign(null, Buffer.from(base), key).toString('base64')}:`,
    };
    if (request.url === '/api/kiosk/events' && status === 200) old = { status, headers, text };
    response.writeHead(status, headers).end(text);
  }

  function misanswer(fault: RigFault, request: http.IncomingMessage, response: http.ServerResponse, status: number, answered: unknown): void {
    const text = JSON.stringify(answered);
    switch (fault.kind) {
      case 'hang_up': return void request.socket.destroy();
      case 'unsigned': return void response.writeHead(status).end(text);
      case 'wrong_key': return send(request, response, status, text, stranger);
      case 'old_answer': return old ? void response.writeHead(old.status, old.headers).end(old.text) : void request.socket.destroy();
      case 'half_an_answer': return void response.writeHead(200, { 'content-length': text.length + 1 }).write(text, () => request.socket.destroy());
      case 'garbage': return void response.writeHead(200).end(fault.text);
      case 'status': {
        const refusal = JSON.stringify({ code: fault.code, message: 'no' });
        const headers = { ...(fault.retryAfter === undefined ? {} : { 'retry-after': fault.retryAfter }), location: '/elsewhere' };
        return fault.isSigned ? send(request, response, fault.status, refusal, privateKey, headers) : void response.writeHead(fault.status, headers).end(refusal);
      }
      case 'mark': {
        const mark = answered as { epoch?: number; acknowledged?: number };
        return send(request, response, status, mark.acknowledged === undefined ? text : JSON.stringify({ ...mark, epoch: mark.epoch! + fault.epoch, acknowledged: Math.max(0, mark.acknowledged + fault.off) }));
      }
    }
  }

  function answer(request: http.IncomingMessage, path: string, body: Buffer, response: http.ServerResponse): Answer | Promise<Answer> {
    let json: unknown;
    try {
      const encoding = request.headers['content-encoding'];
      const plain = encoding === 'gzip' ? zlib.gunzipSync(body) : encoding === 'zstd' ? zlib.zstdDecompressSync(body) : body;
      json = plain.length === 0 ? undefined : JSON.parse(plain.toString('utf8'));
    } catch (cause) {
      return broken(400, 'HQ_BATCH_MALFORMED', `a body that cannot be read: ${String(cause)}`);
    }
    if (path === '/api/kiosk/enrol') return enrol(request, body, json);
    if (!kioskKey) return refuse(401, 'HQ_UNKNOWN_KIOSK', 'no kiosk has enrolled');
    const wrong = faultOfSignature(request, body, kioskKey.key);
    if (wrong) return broken(401, 'HQ_SIGNATURE_WRONG', wrong);
    if (path === '/api/kiosk/hello') return hello(json);
    if (!session || request.headers['counter24-session'] !== session.id) return refuse(401, 'HQ_SESSION_ENDED', 'say hello');
    switch (path) {
      case '/api/kiosk/events': return take(json, response);
      case '/api/kiosk/greet': return { status: 200, body: { hqTime: time(), lanes: marks() } };
      case '/api/kiosk/history': return tell(new URL(request.url ?? '', 'http://rig').searchParams);
      case '/api/kiosk/down': return { status: 200, body: { hqTime: time(), documents: [], commands: [], resend: [] } };
      case '/api/kiosk/ways': return { status: 200, body: { hqTime: time(), wallets: ways, numbers: number !== undefined } };
      case '/api/kiosk/wallet': return askDesk(json);
      case '/api/kiosk/number': {
        const question = numberRequestSchema.safeParse(json);
        return question.success ? { status: 200, body: { hqTime: time(), number: number?.(question.data) ?? { kind: 'away' } } } : broken(400, 'HQ_INVALID', `malformed question: ${question.error.message}`);
      }
      default: return refuse(404, 'HQ_NOT_FOUND', path);
    }
  }

  async function askDesk(json: unknown): Promise<Answer> {
    const question = walletRequestSchema.safeParse(json);
    if (!question.success) return broken(400, 'HQ_INVALID', `malformed question: ${question.error.message}`);
    const { kioskId: _, ...asked } = question.data;
    const answered = await desk.ask(asked, 60_000);
    // What never arrives there never comes back.
    return answered.ok ? { status: 200, body: { ...answered.value, hqTime: time() } } : Promise.reject(new Error(answered.error.detail));
  }

  const time = () => now() + offsetMs;

  function enrol(request: http.IncomingMessage, body: Buffer, json: unknown): Answer {
    const enrolling = enrolSchema.safeParse(json);
    if (!enrolling.success) return broken(400, 'HQ_BATCH_MALFORMED', `malformed enrolment: ${enrolling.error.message}`);
    const key = createPublicKey({ key: Buffer.from(enrolling.data.publicKey, 'base64'), format: 'der', type: 'spki' });
    const wrong = faultOfSignature(request, body, key);
    if (wrong) return broken(401, 'HQ_SIGNATURE_WRONG', wrong);
    if (enrolling.data.code !== code) return broken(403, 'HQ_CODE_WRONG', 'wrong code');
    kioskKey = { text: enrolling.data.publicKey, key };
    return { status: 200, body: { state: isApproved ? 'approved' : 'waiting', hqPublicKey, hqTime: time() } };
  }

  function faultOfSignature(request: http.IncomingMessage, body: Buffer, key: KeyObject): string | undefined {
    const { headers } = request;
    const digest = digestOf(body);
    if (headers['content-digest'] !== digest) return 'the digest is not of the body';
    const input = /^[a-z0-9]+=(\(([^)]*)\);.*)$/.exec(String(headers['signature-input']));
    const signature = /^[a-z0-9]+=:([^:]*):$/.exec(String(headers.signature))?.[1];
    if (!input?.[1] || signature === undefined) return 'not signed';
    if (input[2] !== requestFields.map((field) => `"${field}"`).join(' ')) return `signed over ${input[2]}`;
    const [path, query = ''] = (request.url ?? '').split('?');
    const values = [request.method, headers.host, path, `?${query}`, digest, headers['counter24-session']];
    const base = [...requestFields.map((field, index) => `"${field}": ${String(values[index])}`), `"@signature-params": ${input[1]}`].join('\n');
    if (!verify(null, Buffer.from(base), key, Buffer.from(signature, 'base64'))) return `wrongly signed: ${request.url}`;
    if (!input[1].includes(';tag="counter24-kiosk"') || !/;created=\d+/.test(input[1])) return `signed with ${input[1]}`;
    const nonce = /;nonce="(\d+\.[\w-]{1,40})"/.exec(input[1])?.[1];
    if (nonce === undefined || nonces.has(nonce)) return `the nonce ${String(nonce)} came before`;
    nonces.add(nonce);
    return undefined;
  }

  function marks() {
    return [...cursors].map(([lane, { epoch, events }]) => ({ lane, epoch, acknowledged: events.length, head: events.at(-1)?.hash ?? genesis }));
  }

  function hello(json: unknown): Answer {
    const greeting = helloSchema.safeParse(json);
    if (!greeting.success) return broken(400, 'HQ_BATCH_MALFORMED', `malformed hello: ${greeting.error.message}`);
    const refusal = nextRefusal(greeting.data);
    if (refusal) return { status: 403, body: refusal };
    if (!isApproved) return refuse(403, 'HQ_UNKNOWN_KIOSK', 'not approved yet');
    session = { id: randomUUID(), instance: greeting.data.instance };
    return {
      status: 200,
      body: {
        session: session.id, hqTime: time(), limits: { events: 500, bytes: 512_000 }, encodings: ['zstd', 'gzip'],
        lanes: marks(),
      },
    };
  }

  function take(json: unknown, response: http.ServerResponse): Answer {
    const parsed = batchSchema.safeParse(json);
    if (!parsed.success) return broken(400, 'HQ_BATCH_MALFORMED', `malformed batch: ${parsed.error.message}`);
    const batch = parsed.data;
    const { lane, epoch } = batch;
    batches.push(batch);
    if (busy.has(lane)) complaints.push(`two batches of ${lane} at once`);
    busy.add(lane);
    response.once('close', () => busy.delete(lane));
    const known = cursors.get(lane);
    if (known && epoch < known.epoch) return refuse(409, 'HQ_EPOCH_OLD', `${lane} is at epoch ${known.epoch}`);
    const cursor = known?.epoch === epoch ? known : { epoch, events: [] };
    cursors.set(lane, cursor);
    for (const event of batch.events) {
      const earlier = cursor.events[event.sequence - 1];
      if (earlier) {
        if (JSON.stringify(earlier) !== JSON.stringify(event)) return refuse(409, 'HQ_EVENT_CONFLICT', `${lane} ${epoch}:${event.sequence} came again with other contents`);
        continue;
      }
      if (event.sequence !== cursor.events.length + 1) return refuse(409, 'HQ_SEQUENCE_GAP', `${lane}: ${event.sequence} after ${cursor.events.length}`);
      const { sequence, id, kind, version, at, boot, monotonicMs, payload } = event;
      const text = [cursor.events.at(-1)?.hash ?? genesis, lane, epoch, sequence, id, kind, version, at, boot, monotonicMs, payload].join('\n');
      if (createHash('sha256').update(text).digest('hex') !== event.hash) return broken(409, 'HQ_CHAIN_BROKEN', `${lane} ${epoch}:${sequence} does not follow by its hash`);
      cursor.events.push(event);
      history.push({ lane, epoch, event });
      if (!seen.has(id)) apply(lane, epoch, event);
    }
    for (const { orderId, key } of batch.keys ?? []) kept.set(orderId, Buffer.from(key, 'base64'));
    return { status: 200, body: { epoch, acknowledged: cursor.events.length, head: cursor.events.at(-1)?.hash ?? genesis, hqTime: time() } };
  }

  /** What HQ cannot read it sets aside; here that is a fault of the kiosk. */
  function apply(lane: Lane, epoch: number, event: HqEvent): void {
    if (!Object.hasOwn(eventPayloads, event.kind)) return void complaints.push(`unknown kind ${event.kind}`);
    const payload = eventPayloads[event.kind as EventKind].safeParse(JSON.parse(event.payload));
    if (!payload.success) return void complaints.push(`${event.kind}: ${payload.error.message}`);
    seen.set(event.id, { ...event, lane, epoch, payload: payload.data } as ReceivedEvent);
  }

  function tell(query: URLSearchParams): Answer {
    const [lane, epoch, after] = [query.get('lane'), Number(query.get('epoch')), Number(query.get('after'))];
    const events = history.filter((entry) => entry.lane === lane && (entry.epoch > epoch || (entry.epoch === epoch && entry.event.sequence > after))).slice(0, 500);
    return { status: 200, body: { events, keys: [...kept].map(([orderId, key]) => ({ orderId, key: key.toString('base64') })) } };
  }

  const events = () => [...seen.values()];
  const eventsOf = (orderId: OrderId) => events().filter(({ payload }) => ('order' in payload ? payload.order.id : 'orderId' in payload ? payload.orderId : undefined) === orderId);

  return {
    url: `http://127.0.0.1:${(server.address() as AddressInfo).port}`,
    publicKey: hqPublicKey,
    events,
    eventsOf,
    batches: () => [...batches],
    keys: () => kept,
    stateOf: (orderId) => eventsOf(orderId).reduce<string | undefined>((state, event) => {
      if (event.kind === 'order.placed') return 'placed';
      if (event.kind !== 'order.state') return state;
      if (event.payload.from !== state) complaints.push(`${orderId} went from ${event.payload.from}, but was ${String(state)}`);
      return event.payload.to;
    }, undefined),
    complaints: () => [...complaints],
    setAway(away) {
      isAway = away;
    },
    loseNextAnswer() {
      losesAnswer = true;
    },
    setFaults(next) {
      nextFault = next;
    },
    setRefusal(next) {
      nextRefusal = next;
    },
    asked: () => [...asked],
    setClockOffset(offset) {
      offsetMs = offset;
    },
    desk,
    setWays(given) {
      ways = given;
    },
    setNumbers(look) {
      number = look;
    },
    approve() {
      isApproved = true;
    },
    forgetKiosk() {
      kioskKey = undefined;
      session = undefined;
    },
    restore(lane, count, kept = 'lost') {
      const cursor = cursors.get(lane);
      if (kept === 'lost') session = undefined;
      cursors = new Map([...cursors].filter(([name]) => name !== lane));
      for (const { id } of cursor?.events.slice(count) ?? []) seen.delete(id);
      if (cursor && count > 0) cursors.set(lane, { epoch: cursor.epoch, events: cursor.events.slice(0, count) });
      const left = new Set(cursors.get(lane)?.events.map(({ hash }) => hash));
      for (let index = history.length - 1; index >= 0; index--) {
        const entry = history[index]!;
        if (entry.lane === lane && entry.epoch === cursor?.epoch && !left.has(entry.event.hash)) history.splice(index, 1);
      }
    },
    until(fits) {
      return new Promise((resolve) => {
        const look = () => {
          const found = events().find(fits);
          if (!found) return;
          waiters.delete(look);
          resolve(found);
        };
        waiters.add(look);
        look();
      });
    },
    async close() {
      server.closeAllConnections();
      await new Promise((resolve) => server.close(resolve));
    },
  };
}

function digestOf(bytes: Uint8Array): string {
  return `sha-256=:${createHash('sha256').update(bytes).digest('base64')}:`;
}
