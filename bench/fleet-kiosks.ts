import { once } from 'node:events';
import http from 'node:http';
import type { FastifyInstance } from 'fastify';
import { kioskIdSchema } from '../domain/ids.ts';
import type { SigningKiosk } from '../hq/server/testing/signing-kiosk.ts';
import { createSigningKiosk } from '../hq/server/testing/signing-kiosk.ts';
import type { Story } from '../hq/server/testing/story.ts';
import { createStory } from '../hq/server/testing/story.ts';

/**
 * A share of the fleet, in a process of its own: light kiosks without stores, each with its own key, session, chain and open bell, every request signed and every
 * answer verified. What they send goes over a pool of connections, as through a proxy; each bell has its own.
 */
export type ToFleet =
  | { readonly kind: 'prepare'; readonly kioskIds: readonly string[]; readonly url: string; readonly hqPublicKey: string }
  /** Says hello and opens the bells of those that were prepared. */
  | { readonly kind: 'join' }
  | { readonly kind: 'sell'; readonly seconds: number; readonly intervalMs: number };
export type FromFleet =
  | { readonly kind: 'prepared'; readonly keys: readonly (readonly [kioskId: string, publicKey: string])[] }
  | { readonly kind: 'joined'; readonly bells: number; readonly seconds: number }
  /** `due`: orders that should have been placed; `answers`: milliseconds from the sale to HQ's mark. */
  | { readonly kind: 'sold'; readonly due: number; readonly answers: readonly number[]; readonly failures: readonly string[]; readonly bells: number; readonly cpuSeconds: number };

interface LightKiosk { readonly kiosk: SigningKiosk; readonly story: Story; sent: number; busy: Promise<void>; failed: boolean }

const hostOf = (url: string) => new URL(url).host;
const agent = new http.Agent({ keepAlive: true, maxSockets: 100 });
let fleet: LightKiosk[] = [];
let joined = 0;
let bells = 0;
let base = '';

/** `inject` as far as a signing kiosk uses it, over the pool. */
function overPool(): FastifyInstance {
  const inject = ({ method, url, headers, payload }: { method: string; url: string; headers: Record<string, string>; payload?: Buffer }) =>
    new Promise((resolve, reject) => {
      const request = http.request(new URL(url, base), { method, agent, headers: { ...headers, 'content-length': String(payload?.length ?? 0) }, timeout: 60_000 }, (answer) => {
        const parts: Buffer[] = [];
        answer.on('data', (part: Buffer) => parts.push(part));
        answer.on('end', () => resolve({ statusCode: answer.statusCode, headers: answer.headers, rawPayload: Buffer.concat(parts) }));
        answer.on('error', reject);
      });
      request.on('timeout', () => request.destroy(new Error('no answer for a minute')));
      request.on('error', reject);
      request.end(payload);
    });
  return { inject } as unknown as FastifyInstance;
}

async function openBell(kiosk: SigningKiosk): Promise<void> {
  const { url, headers } = kiosk.prepare('GET', '/api/kiosk/bell');
  const request = http.request(new URL(url, base), { headers, agent: false });
  request.end();
  const [answer] = (await once(request, 'response')) as [http.IncomingMessage];
  if (answer.statusCode !== 200) throw new Error(`bell: ${answer.statusCode}`);
  bells += 1;
  answer.on('close', () => void (bells -= 1));
  answer.on('error', () => undefined);
  answer.resume();
}

async function join(): Promise<FromFleet> {
  const start = performance.now();
  const waiting = fleet.slice(joined);
  joined = fleet.length;
  const one = async () => {
    for (let next = waiting.shift(); next; next = waiting.shift()) {
      const welcome = await next.kiosk.hello();
      if (welcome.status !== 200 || !welcome.isSigned) throw new Error(`hello: ${JSON.stringify(welcome.body)}`);
      await openBell(next.kiosk);
    }
  };
  await Promise.all(Array.from({ length: 16 }, one));
  return { kind: 'joined', bells, seconds: (performance.now() - start) / 1000 };
}

async function sell(seconds: number, intervalMs: number): Promise<FromFleet> {
  const answers: number[] = [];
  const failures: string[] = [];
  const timers: NodeJS.Timeout[] = [];
  const cpu = process.cpuUsage();
  let due = 0;
  const end = Date.now() + seconds * 1000;
  const sale = (light: LightKiosk) => {
    if (light.failed) return;
    const at = Date.now();
    due += 1;
    light.story.order({ offers: [['latte', 1]], ending: 'fulfilled', at });
    light.busy = light.busy.then(async () => {
      const events = light.story.events.slice(light.sent);
      if (events.length === 0) return;
      const answer = await light.kiosk.send(events);
      if (answer.status !== 200 || !answer.isSigned) throw new Error(`${answer.status} ${JSON.stringify(answer.body)}`);
      light.sent += events.length;
      answers.push(Date.now() - at);
    }).catch((error: unknown) => {
      light.failed = true;
      failures.push(error instanceof Error ? error.message : String(error));
    });
  };
  // Each at a moment of its own, and asking for what comes down half an interval later, as kiosks do each minute.
  for (const light of fleet) {
    const phase = Math.random() * intervalMs;
    for (let at = phase; at < seconds * 1000; at += intervalMs) timers.push(setTimeout(() => sale(light), at));
    for (let at = (phase + intervalMs / 2) % intervalMs; at < seconds * 1000; at += intervalMs) {
      timers.push(setTimeout(() => void light.kiosk.down().then(({ status }) => { if (status !== 200) failures.push(`down: ${status}`); }, (error: Error) => failures.push(error.message)), at));
    }
  }
  await new Promise((resolve) => setTimeout(resolve, end - Date.now()));
  timers.forEach(clearTimeout);
  await Promise.all(fleet.map(({ busy }) => busy));
  const { user, system } = process.cpuUsage(cpu);
  for (const light of fleet) light.failed = false;
  return { kind: 'sold', due, answers, failures, bells, cpuSeconds: (user + system) / 1e6 };
}

async function obey(message: ToFleet): Promise<FromFleet> {
  switch (message.kind) {
    case 'prepare': {
      base = message.url;
      const app = overPool();
      const more = message.kioskIds.map((id): LightKiosk => {
        const kioskId = kioskIdSchema.parse(id);
        const kiosk = createSigningKiosk({ app, kioskId, now: Date.now, hqPublicKey: message.hqPublicKey, host: hostOf(base) });
        return { kiosk, story: createStory(kioskId, 'https://hq.example', 'sealed'), sent: 0, busy: Promise.resolve(), failed: false };
      });
      fleet = [...fleet, ...more];
      return { kind: 'prepared', keys: more.map(({ kiosk }) => [kiosk.kioskId, kiosk.publicKey]) };
    }
    case 'join': return join();
    case 'sell': return sell(message.seconds, message.intervalMs);
  }
}

if (process.send) {
  process.on('message', (message: ToFleet) => {
    void obey(message).then((answer) => process.send?.(answer), (error: unknown) => {
      process.stderr.write(`${String(error)}\n`);
      process.exit(1);
    });
  });
  process.on('disconnect', () => process.exit(0));
}
