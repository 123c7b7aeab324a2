import http from 'node:http';
import type { AddressInfo } from 'node:net';
import type { EventKind, HqEvent, HqEventPayload, Mark } from '../../../domain/contract/hq.ts';
import { batchSchema, eventPayloads } from '../../../domain/contract/hq.ts';
import type { OrderId } from '../../../domain/ids.ts';

export type ReceivedEvent = { [K in EventKind]: Omit<HqEvent, 'kind' | 'payload'> & { readonly kind: K; readonly payload: HqEventPayload<K> } }[EventKind];

/** HQ's border by domain/contract/hq.ts, in memory, with faults to order. It refuses what the contract refuses. */
export interface HqRig {
  readonly url: string;
  /** Each event that was taken, in order, once. */
  events(): readonly ReceivedEvent[];
  eventsOf(orderId: OrderId): readonly ReceivedEvent[];
  /** The state that HQ believes an order to be in. */
  stateOf(orderId: OrderId): string | undefined;
  /** What broke the contract: a wrong token, a gap, an event that came again with other contents. */
  complaints(): readonly string[];
  /** While away, every request is answered 503. */
  setAway(away: boolean): void;
  /** The next batch is taken, and its answer never arrives. */
  loseNextAnswer(): void;
  /** Resolves once an event fits, now or later. */
  until(fits: (event: ReceivedEvent) => boolean): Promise<ReceivedEvent>;
  close(): Promise<void>;
}

export async function startHqRig(token: string): Promise<HqRig> {
  const texts = new Map<number, string>();
  const events: ReceivedEvent[] = [];
  const complaints: string[] = [];
  const waiters = new Set<() => void>();
  let isAway = false;
  let losesAnswer = false;

  const server = http.createServer((request, response) => {
    let body = '';
    request.setEncoding('utf8').on('data', (chunk: string) => {
      body += chunk;
    });
    request.on('end', () => {
      // A kiosk that ends, or is killed, leaves half a request behind.
      if (!request.complete || body === '' || Buffer.byteLength(body) < Number(request.headers['content-length'])) return;
      if (isAway) return void response.writeHead(503).end();
      const mark = take(request.headers.authorization, body);
      if (!mark) return void response.writeHead(400).end(complaints.at(-1));
      for (const wake of [...waiters]) wake();
      if (losesAnswer) {
        losesAnswer = false;
        request.socket.destroy();
        return;
      }
      response.writeHead(200, { 'content-type': 'application/json' }).end(JSON.stringify(mark));
    });
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));

  function take(authorization: string | undefined, body: string): Mark | undefined {
    if (authorization !== `Bearer ${token}`) return complain('wrong token');
    const batch = batchSchema.safeParse(JSON.parse(body));
    if (!batch.success) return complain(`malformed batch: ${batch.error.message}`);
    for (const event of batch.data.events) {
      const text = JSON.stringify(event);
      const earlier = texts.get(event.sequence);
      if (earlier !== undefined) {
        if (earlier !== text) return complain(`event ${event.sequence} came again with other contents`);
        continue;
      }
      if (event.sequence !== texts.size + 1) return complain(`a gap: ${event.sequence} after ${texts.size}`);
      if (!Object.hasOwn(eventPayloads, event.kind)) return complain(`unknown kind ${event.kind}`);
      const payload = eventPayloads[event.kind as EventKind].safeParse(JSON.parse(event.payload));
      if (!payload.success) return complain(`${event.kind}: ${payload.error.message}`);
      texts.set(event.sequence, text);
      events.push({ ...event, payload: payload.data } as ReceivedEvent);
    }
    return { epoch: batch.data.epoch, acknowledged: texts.size };
  }

  function complain(what: string): undefined {
    complaints.push(what);
  }

  const eventsOf = (orderId: OrderId) => events.filter(({ payload }) => ('order' in payload ? payload.order.id : 'orderId' in payload ? payload.orderId : undefined) === orderId);

  return {
    url: `http://127.0.0.1:${(server.address() as AddressInfo).port}`,
    events: () => [...events],
    eventsOf,
    stateOf: (orderId) => eventsOf(orderId).reduce<string | undefined>((state, event) => {
      if (event.kind === 'order.placed') return 'placed';
      if (event.kind !== 'order.state') return state;
      if (event.payload.from !== state) complain(`${orderId} went from ${event.payload.from}, but was ${String(state)}`);
      return event.payload.to;
    }, undefined),
    complaints: () => [...complaints],
    setAway(away) {
      isAway = away;
    },
    loseNextAnswer() {
      losesAnswer = true;
    },
    until(fits) {
      return new Promise((resolve) => {
        const look = () => {
          const found = events.find(fits);
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
