import type { Random } from './random.ts';
import type { World } from './world.ts';

/** Whoever answers requests at the far end; undefined while nobody listens. */
export type Server = (request: WireRequest) => Promise<WireAnswer>;

export interface WireRequest {
  readonly method: string;
  readonly url: URL;
  readonly headers: Readonly<Record<string, string>>;
  readonly body: Buffer;
}

export interface WireAnswer {
  readonly status: number;
  readonly headers: Readonly<Record<string, string>>;
  readonly body: Buffer;
}

/** How bad a line is, each from 0 to 1. */
export interface Weather {
  readonly lost: number;
  readonly doubled: number;
  readonly late: number;
  readonly cut: number;
  /** Taken, and the answer never comes. */
  readonly answerLost: number;
  /** Somebody on the way answers: too large, busy, or in pieces. */
  readonly proxied: number;
}

export const fairWeather: Weather = { lost: 0, doubled: 0, late: 0, cut: 0, answerLost: 0, proxied: 0 };

export interface Network {
  /** A kiosk's `fetch`. Once `isAlive` says no, nothing of it is ever answered. */
  fetchOf(isAlive: () => boolean): typeof globalThis.fetch;
  setWeather(weather: Weather): void;
  readonly delivered: () => number;
}

export interface NetworkDeps {
  readonly world: World;
  readonly random: Random;
  readonly server: () => Server | undefined;
}

const neverMs = 120_000;

/** Requests over a line that loses, doubles, reorders, delays and cuts them. */
export function createNetwork({ world, random, server }: NetworkDeps): Network {
  let weather = fairWeather;
  let delivered = 0;

  const delay = () => (random.chance(weather.late) ? random.int(neverMs) : 5 + random.int(200));

  async function deliver(request: WireRequest): Promise<WireAnswer> {
    const serve = server();
    if (!serve) throw new TypeError('fetch failed', { cause: new Error('connect ECONNREFUSED') });
    delivered += 1;
    return serve(request);
  }

  return {
    delivered: () => delivered,
    setWeather: (next) => {
      weather = next;
    },
    fetchOf: (isAlive) => (input, init = {}) => new Promise<Response>((resolve, reject) => {
      const request: WireRequest = {
        method: init.method ?? 'GET', url: new URL(input instanceof Request ? input.url : input), headers: Object.fromEntries(new Headers(init.headers)),
        body: init.body instanceof Uint8Array ? Buffer.from(init.body) : Buffer.alloc(0),
      };
      const fail = (what: string) => {
        if (isAlive()) reject(new TypeError('fetch failed', { cause: new Error(what) }));
      };
      init.signal?.addEventListener('abort', () => isAlive() && reject(init.signal?.reason as Error), { once: true });
      // The doorbell rings over a stream, which this network has not: the kiosk polls.
      if (request.url.pathname.endsWith('/bell')) return void world.after(delay(), () => fail('no streams here'));
      if (random.chance(weather.cut)) return void world.after(delay(), () => fail('ECONNRESET'));
      if (random.chance(weather.proxied)) {
        const [status, headers] = random.pick<[number, Record<string, string>]>([[503, { 'retry-after': '3' }], [502, {}], [429, { 'retry-after': '1' }], [413, {}], [200, {}]]);
        return void world.after(delay(), () => { if (isAlive()) resolve(new Response('<html>a proxy</html>', { status, headers })); });
      }
      if (!random.chance(weather.lost)) {
        world.after(delay(), async () => {
          let answer: WireAnswer;
          try {
            answer = await deliver(request);
          } catch (cause) {
            return void world.after(delay(), () => { if (isAlive()) reject(cause as Error); });
          }
          if (random.chance(weather.answerLost)) return void world.after(delay(), () => fail('socket hang up'));
          world.after(delay(), () => { if (isAlive()) resolve(new Response(answer.status === 204 ? null : new Uint8Array(answer.body), { status: answer.status, headers: answer.headers })); });
        });
      }
      // The same bytes once more, later, to whoever answers then. Nobody waits for that answer.
      if (random.chance(weather.doubled)) world.after(delay() + delay(), async () => void (await deliver(request).catch(() => undefined)));
    }),
  };
}
