import { readdir, readFile, rm } from 'node:fs/promises';
import { join } from 'node:path';
import fc from 'fast-check';
import { afterAll, beforeAll, expect, test } from 'vitest';
import type { CarrierFault } from '../sim/carrier/script.ts';
import { carrierFaults } from '../sim/carrier/script.ts';
import type { CarrierServer } from '../sim/carrier/server.ts';
import { startCarrierServer } from '../sim/carrier/server.ts';
import type { TestDatabase, TestPostgres } from '../testing/database.ts';
import { startTestPostgres, temporaryFolder } from '../testing/database.ts';
import type { TestHq } from '../testing/hq.ts';
import { startTestHq, testKiosk, testNow } from '../testing/hq.ts';
import type { Story } from '../testing/story.ts';
import { createStory, storyKeyOf } from '../testing/story.ts';
import { resubmit } from './by-hand.ts';
import { createHttpProvider } from './http/provider.ts';
import { createLoopbackCarrier } from './loopback-carrier.ts';
import type { Behaviour } from './loopback-carrier.ts';
import type { ServiceProvider } from './provider.ts';
import { createServices } from './worker.ts';

const key = { id: 'hq-1', secret: Buffer.alloc(32, 9) };
let postgres: TestPostgres;
let database: TestDatabase;
let hq: TestHq;
let story: Story;
let folder: string;
let carrier: CarrierServer;
let clock = testNow;
let behaviour: Partial<Behaviour> = {};
let sent = 0;
const problems: unknown[] = [];
const now = () => clock;
beforeAll(async () => {
  postgres = await startTestPostgres();
  database = await postgres.createDatabase();
  hq = await startTestHq(database, { now });
  story = createStory(testKiosk, 'https://hq.example', 'sealed');
  folder = await temporaryFolder();
  carrier = await startCarrierServer({ books: createLoopbackCarrier({ folder, now, script: () => behaviour }), keys: [key], now });
}, 60_000);
afterAll(async () => {
  await carrier?.close();
  await hq?.close();
  await database?.sql.end({ timeout: 1 });
  await postgres?.stop();
  if (folder) await rm(folder, { recursive: true, force: true });
});

type Death = 'none' | 'before' | 'after';
const silent: ReadonlySet<CarrierFault> = new Set(['silent', 'deaf']);

/** One process of HQ, which perhaps dies at its next question: before the carrier hears of it, or after. Nothing of it is written then. */
async function turn(death: Death): Promise<void> {
  const line = createHttpProvider({ baseUrl: new URL(carrier.url), keys: [key], name: 'carrier', now, retryAfterMs: 2 });
  const { promise: isDead, resolve: die } = Promise.withResolvers<void>();
  const never = new Promise<never>(() => {});
  const mortal = <A>(ask: () => Promise<A>): Promise<A> => {
    if (death === 'none') return ask();
    if (death === 'before') die();
    else void ask().catch(() => {}).then(() => die());
    return never;
  };
  const provider: ServiceProvider = {
    name: 'carrier', submit: (order, signal) => mortal(() => line.submit(order, signal)), query: (job, signal) => mortal(() => line.query(job, signal)),
    reverse: (job, signal) => mortal(() => line.reverse(job, signal)), lookUp: (question, signal) => mortal(() => line.lookUp(question, signal)),
  };
  const services = createServices({ sql: database.sql, now, provider, onProblem: (error) => problems.push(error), timeoutMs: 400, pollMs: 2 ** 30 });
  if (death === 'none') {
    await services.run();
    await services.stop();
  } else {
    await Promise.race([services.run(), isDead]);
    void services.stop();
    // Until its claim runs out, it may be alive for all that others know.
    clock += 10_000;
  }
  line.close();
}

test('whatever the carrier’s gateway does, alone and in pairs, and whenever HQ dies: credited at most once, told what the books say, and money back only where nothing is credited', async () => {
  const fault = fc.constantFrom(...carrierFaults);
  const step = fc.record({ faults: fc.array(fault, { maxLength: 2 }), death: fc.constantFrom<Death>('none', 'none', 'none', 'before', 'after'), laterMs: fc.constantFrom(1000, 60_000, 700_000) });
  const carrierMood = fc.record({ outcome: fc.constantFrom('done', 'refused', 'never' as const), afterMs: fc.constantFrom(0, 2000, 90_000), reverse: fc.constantFrom('takes back', 'cannot' as const) });
  await fc.assert(fc.asyncProperty(carrierMood, fc.array(step, { minLength: 1, maxLength: 6 }), async (mood, steps) => {
    behaviour = mood;
    const { jobId, orderId } = story.order({ offers: [['topUp', 1]], ending: 'fulfilled', at: clock - 20_000 });
    expect(await hq.kiosk.send(story.events.slice(sent), { keys: [{ orderId: orderId as never, key: storyKeyOf(orderId).toString('base64') }] })).toMatchObject({ status: 200 });
    sent = story.events.length;
    for (const { faults, death, laterMs } of steps) {
      if (faults.length > 0) carrier.script.add([{ faults: [...new Set(faults)], ms: 10, status: faults.some((one) => silent.has(one)) ? 503 : 500 }]);
      await turn(death);
      carrier.script.clear();
      clock += laterMs;
    }
    // Then it is well, for a day and more.
    const rowOf = async () => (await database.sql<{ state: string; ended_at: number | null }[]>`select state, ended_at from service_work where job_id = ${jobId}`)[0]!;
    for (let turns = 0; turns < 40 && (await rowOf()).ended_at === null && (await rowOf()).state !== 'held'; turns++, clock += 3_600_000) await turn('none');
    const told = (await database.sql`select params from commands where kind = 'service_result' and params ->> 'jobId' = ${jobId}`).map(({ params }) => (params as { outcome: string }).outcome).filter((outcome) => outcome !== 'pending');
    const truth = await createLoopbackCarrier({ folder, now }).query(jobId, AbortSignal.timeout(1000));
    const { state } = await rowOf();
    if (state === 'held') {
      // Nobody knows, and a person has it; the carrier cannot tell either, or HQ would not have it given up.
      expect(told).toEqual([]);
      expect(truth.kind === 'pending' || truth.kind === 'not_found').toBe(true);
      expect((await database.sql`select 1 as one from alarms where subject = ${jobId} and settled_at is null`).length).toBe(1);
      expect(await resubmit(database.sql, { kioskId: testKiosk, jobId, by: 'ana', now: clock })).toMatchObject({ ok: true });
      await database.sql`update service_work set state = 'held' where job_id = ${jobId}`;
    } else {
      expect(told).toEqual([state]);
      // Refused without the carrier ever having heard of it: it is not in its books.
      expect(truth.kind === 'not_found' ? 'refused' : truth.kind).toBe(state);
    }
    const books = (await readdir(folder)).filter((name) => name === `${jobId}.json`);
    expect(books.length).toBeLessThanOrEqual(1);
    if (state === 'done') expect(JSON.parse(await readFile(join(folder, books[0]!), 'utf8'))).toMatchObject({ key: jobId, service: 'top_up', amount: { amount: 4990, currency: 'CNY' } });
  }), { numRuns: 16 });
  expect(problems).toEqual([]);
}, 240_000);
