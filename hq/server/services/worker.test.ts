import { readdir, rm } from 'node:fs/promises';
import { join } from 'node:path';
import fc from 'fast-check';
import { afterAll, beforeAll, beforeEach, describe, expect, test } from 'vitest';
import type { KioskId, OrderId } from '../../../domain/ids.ts';
import { referenceOf } from '../../../domain/order/reference.ts';
import type { Sql } from '../database.ts';
import { recordAnswer } from '../down/commands.ts';
import { lockKiosk, rebuildOrders } from '../ingest/rebuild.ts';
import { readOrderInFull } from '../orders/in-full.ts';
import { shredKeys } from '../personal.ts';
import { reconcile } from '../settlement/reconcile.ts';
import type { TestDatabase, TestPostgres } from '../testing/database.ts';
import { startTestPostgres, temporaryFolder } from '../testing/database.ts';
import type { TestHq } from '../testing/hq.ts';
import { startTestHq, testKiosk, testNow } from '../testing/hq.ts';
import type { Story } from '../testing/story.ts';
import { createStory, storyKeyOf } from '../testing/story.ts';
import { listOpenServices, resubmit, settleAsDone, settleAsRefused } from './by-hand.ts';
import { createCircuit } from './circuit.ts';
import type { Behaviour } from './loopback-carrier.ts';
import { createLoopbackCarrier } from './loopback-carrier.ts';
import type { ServiceProvider } from './provider.ts';
import type { Services } from './worker.ts';
import { createServices } from './worker.ts';

let postgres: TestPostgres;
let folder: string;
let books: string;
let count = 0;
let database: TestDatabase;
let sql: Sql;
let hq: TestHq;
let story: Story;
let clock: number;
let script: Partial<Behaviour> | (() => Partial<Behaviour>);
beforeAll(async () => {
  postgres = await startTestPostgres();
  folder = await temporaryFolder();
}, 60_000);
afterAll(async () => {
  await postgres?.stop();
  if (folder) await rm(folder, { recursive: true, force: true });
});
beforeEach(async () => {
  clock = testNow;
  database = await postgres.createDatabase();
  ({ sql } = database);
  hq = await startTestHq(database, { now: () => clock });
  story = createStory(testKiosk, 'https://hq.example', 'sealed');
  books = join(folder, `carrier-${++count}`);
  script = {};
  return async () => {
    // Those that were killed have turns that never end.
    for (const services of started.splice(0)) void services.stop();
    await hq.close();
    await sql.end({ timeout: 1 });
  };
});

/** A top-up that was asked for a moment ago, as HQ gets it. */
async function ask(at = clock - 20_000): Promise<{ readonly jobId: string; readonly orderId: string }> {
  const order = story.order({ offers: [['topUp', 1]], ending: 'fulfilled', at });
  expect(await hq.kiosk.send(story.events, { keys: [{ orderId: order.orderId as never, key: storyKeyOf(order.orderId).toString('base64') }] })).toMatchObject({ status: 200 });
  return order;
}
async function tell(kind: Parameters<Story['add']>[0], payload: unknown): Promise<void> {
  story.add(kind, payload as never, clock);
  expect(await hq.kiosk.send(story.events)).toMatchObject({ status: 200 });
}
const carrier = (): ServiceProvider => createLoopbackCarrier({ folder: books, now: () => clock, script: () => (typeof script === 'function' ? script() : script) });
const problems: unknown[] = [];
/** One process of HQ. Its timer never comes: `run` takes each turn. */
function start(provider = carrier(), more: { readonly timeoutMs?: number; readonly giveUpMs?: number } = {}): Services {
  const services = createServices({ sql, now: () => clock, provider, onProblem: (error) => problems.push(error), timeoutMs: 10_000, pollMs: 2 ** 30, ...more });
  started.push(services);
  return services;
}
const started: Services[] = [];
/** As a person who knows what became of it, where nobody here can ask the carrier. */
const byHand = (jobId: string, outcome: 'done' | 'refused') => (outcome === 'done' ? settleAsDone(sql, { kioskId: testKiosk, jobId, by: 'ana', now: clock }) : settleAsRefused({ sql, now: () => clock, provider: undefined }, { kioskId: testKiosk, jobId, by: 'ana', isConfirmed: true }));
const later = (ms: number) => { clock += ms; };
const booked = async () => (await readdir(books).catch(() => [])).filter((name) => !name.startsWith('.'));
const commands = () => sql`select kind, params from commands where kind = 'service_result' order by kiosk_id, sequence`;
const resultsOf = async (jobId: string) => (await commands()).map((row) => row['params'] as { jobId: string; outcome: string; reference?: string }).filter((params) => params.jobId === jobId);
const alarms = () => sql`select kind, subject from alarms where settled_at is null`;
const stateOf = async (orderId: string) => {
  const shown = await readOrderInFull(sql, testKiosk, orderId);
  return shown?.services.map(({ state, reference }) => ({ state, reference }));
};

describe('a service that was asked for', () => {
  test('is credited by the carrier, and the kiosk is told its reference', async () => {
    const { jobId, orderId } = await ask();
    expect(await stateOf(orderId)).toEqual([{ state: 'asked', reference: null }]);
    const services = start();
    await services.run();
    expect(await stateOf(orderId)).toEqual([{ state: 'pending', reference: null }]);
    expect(await commands()).toEqual([]);
    later(3000);
    await services.run();
    const reference = expect.stringMatching(/^LB[0-9A-F]{12}$/);
    expect(await resultsOf(jobId)).toEqual([{ jobId, outcome: 'done', reference }]);
    expect(await stateOf(orderId)).toEqual([{ state: 'done', reference }]);
    later(3_600_000);
    await services.run();
    expect(await resultsOf(jobId)).toHaveLength(1);
    expect(await booked()).toEqual([`${jobId}.json`]);
    await services.stop();
  });

  test('reaches the carrier in plain words, and stands in no table and no book of ours in them', async () => {
    await ask();
    const seen: unknown[] = [];
    const services = start({ ...carrier(), submit: (order, signal) => { seen.push(order.form, order.amount, order.service); return carrier().submit(order, signal); } });
    await services.run();
    expect(seen).toEqual([{ phone: '13912345678' }, { amount: 4990, currency: 'CNY' }, 'top_up']);
    expect(JSON.stringify(await sql`select to_jsonb(w)::text as row from service_work w`)).not.toContain('13912345678');
  });

  test('is written down as submitting before the carrier hears of it', async () => {
    const { jobId } = await ask();
    const states: unknown[] = [];
    const services = start({ ...carrier(), submit: async (order, signal) => {
      // Another connection sees it: it is committed.
      states.push(...(await sql`select job_id, state, submitted_at from service_work`));
      return carrier().submit(order, signal);
    } });
    await services.run();
    expect(states).toEqual([{ job_id: jobId, state: 'submitting', submitted_at: clock }]);
  });

  test('that the carrier refuses is told so', async () => {
    script = { outcome: 'refused', afterMs: 0 };
    const { jobId, orderId } = await ask();
    await start().run();
    expect(await resultsOf(jobId)).toEqual([{ jobId, outcome: 'refused' }]);
    expect(await stateOf(orderId)).toEqual([{ state: 'refused', reference: null }]);
  });

  test('is pending for its customer after ten seconds, an alarm after the limit, and done whenever it is', async () => {
    script = { submit: 'silent', silentMs: 3_000_000, afterMs: 0 };
    const { jobId, orderId } = await ask();
    const services = start(carrier(), { timeoutMs: 40 });
    for (let at = 0; at < 9000; at += 1000, later(1000)) await services.run();
    expect(await resultsOf(jobId)).toEqual([]);
    later(1000);
    await services.run();
    expect(await resultsOf(jobId)).toEqual([{ jobId, outcome: 'pending' }]);
    for (let at = 0; at < 540_000; at += 30_000, later(30_000)) await services.run();
    expect(await alarms()).toEqual([]);
    later(60_000);
    await services.run();
    later(60_000);
    await services.run();
    expect(await alarms()).toEqual([{ kind: 'service_open', subject: jobId }]);
    expect(await stateOf(orderId)).toEqual([{ state: 'unknown', reference: null }]);
    later(3_000_000);
    // With time to listen, however busy the machine is.
    await start().run();
    expect(await resultsOf(jobId)).toEqual([{ jobId, outcome: 'pending' }, { jobId, outcome: 'done', reference: expect.any(String) }]);
    expect(await alarms()).toEqual([]);
    expect(await booked()).toHaveLength(1);
  });

  test('is submitted again, under the same key, only when the carrier says that it never had it', async () => {
    let tries = 0;
    script = () => (++tries < 3 ? { submit: tries === 1 ? 'fails' : 'lost' } : {});
    const { jobId } = await ask();
    const services = start(carrier(), { timeoutMs: 100 });
    for (let turn = 0; turn < 6; turn++, later(4000)) await services.run();
    expect(await resultsOf(jobId)).toMatchObject([{ outcome: 'pending' }, { outcome: 'done' }]);
    expect(await booked()).toEqual([`${jobId}.json`]);
  });

  test('that the carrier had and does not find any more is not submitted again', async () => {
    script = { outcome: 'never' };
    const { jobId } = await ask();
    const services = start();
    await services.run();
    await rm(books, { recursive: true });
    for (let turn = 0; turn < 5; turn++, later(20_000)) await services.run();
    expect(await booked()).toEqual([]);
    expect(await resultsOf(jobId)).toEqual([{ jobId, outcome: 'pending' }]);
  });

  test('is asked for, not submitted, by the process that comes after one that was killed', async () => {
    const { jobId } = await ask();
    const calls: string[] = [];
    // It credits, and the process is gone before it hears of it.
    const killed = start({ ...carrier(), submit: async (order, signal) => { await carrier().submit(order, signal); return new Promise(() => {}); } }, { timeoutMs: 2 ** 30 });
    void killed.run();
    await expect.poll(booked).toHaveLength(1);
    const next = start({ ...carrier(), submit: (order, signal) => { calls.push('submit'); return carrier().submit(order, signal); }, query: (key, signal) => { calls.push('query'); return carrier().query(key, signal); } });
    await next.run();
    // The other one may be alive.
    expect(calls).toEqual([]);
    later(3 * 2 ** 30 + 10_000);
    await next.run();
    expect(calls).toEqual(['query']);
    expect(await resultsOf(jobId)).toMatchObject([{ outcome: 'pending' }, { outcome: 'done' }]);
  });

  test('is asked for first where it comes so late that an HQ that was restored since may have submitted it', async () => {
    const calls: string[] = [];
    await ask(clock - 3_600_000);
    await start({ ...carrier(), query: (key, signal) => { calls.push('query'); return carrier().query(key, signal); } }).run();
    expect(calls).toEqual(['query']);
    expect(await booked()).toHaveLength(1);
  });

  test('that the kiosk has heard the end of is not begun', async () => {
    const { jobId, orderId } = await ask();
    await tell('service.settled', { jobId, orderId, outcome: 'done', reference: 'R7' });
    await start().run();
    expect(await booked()).toEqual([]);
    expect(await commands()).toEqual([]);
    expect(await stateOf(orderId)).toEqual([{ state: 'done', reference: 'R7' }]);
  });

  test('whose order was refunded meanwhile is held for a person', async () => {
    const { jobId, orderId } = await ask();
    await tell('order.state', { orderId, from: 'fulfilled', to: 'refunded' });
    const services = start();
    await services.run();
    await services.run();
    expect(await booked()).toEqual([]);
    expect(await alarms()).toEqual([{ kind: 'service_open', subject: jobId }]);
    expect(await stateOf(orderId)).toEqual([{ state: 'held', reference: null }]);
  });

  test('whose order was refunded while nobody knew whether the carrier had it is asked for, and not submitted again', async () => {
    const { jobId, orderId } = await ask();
    script = { submit: 'fails' };
    const services = start();
    await services.run();
    expect(await stateOf(orderId)).toEqual([{ state: 'unknown', reference: null }]);
    await tell('order.state', { orderId, from: 'fulfilled', to: 'refunded' });
    script = {};
    later(60_000);
    await services.run();
    expect(await booked()).toEqual([]);
    expect(await stateOf(orderId)).toEqual([{ state: 'held', reference: null }]);
    expect(await alarms()).toEqual([{ kind: 'service_open', subject: jobId }]);
  });

  test('whose order was refunded after the process that submitted it died is asked for, and its end is told', async () => {
    const { jobId, orderId } = await ask();
    const { promise: isBooked, resolve } = Promise.withResolvers<void>();
    void start({ ...carrier(), submit: async (order, signal) => { await carrier().submit(order, signal); resolve(); return new Promise(() => {}); } }, { timeoutMs: 2 ** 30 }).run();
    await isBooked;
    await tell('order.state', { orderId, from: 'fulfilled', to: 'refunded' });
    later(3 * 2 ** 30 + 10_000);
    await start({ ...carrier(), submit: () => { throw new Error('submitted again'); } }).run();
    expect(await resultsOf(jobId)).toMatchObject([{ outcome: 'pending' }, { outcome: 'done' }]);
    expect(await alarms()).toEqual([{ kind: 'service_open', subject: jobId }]);
  });

  test('whose order is refunded while the carrier is asked for it is not submitted', async () => {
    const { jobId, orderId } = await ask(clock - 3_600_000);
    await start({ ...carrier(), query: async (key, signal) => {
      await tell('order.state', { orderId, from: 'fulfilled', to: 'refunded' });
      return carrier().query(key, signal);
    } }).run();
    expect(await booked()).toEqual([]);
    expect(await stateOf(orderId)).toEqual([{ state: 'held', reference: null }]);
    expect(await alarms()).toEqual([{ kind: 'service_open', subject: jobId }]);
  });

  test('that is credited although its order was refunded meanwhile is an alarm that does not end by itself', async () => {
    const { jobId, orderId } = await ask();
    const services = start();
    script = { afterMs: 60_000 };
    await services.run();
    await tell('order.state', { orderId, from: 'fulfilled', to: 'refunded' });
    expect(await alarms()).toEqual([]);
    for (let turn = 0; turn < 3; turn++) {
      later(3_600_000);
      await services.run();
    }
    expect(await resultsOf(jobId)).toMatchObject([{ outcome: 'pending' }, { outcome: 'done' }]);
    const told = await sql<{ detail: string }[]>`select detail from alarms where settled_at is null and kind = 'service_open' and subject = ${jobId}`;
    expect(told).toEqual([{ detail: expect.stringContaining('is done, and its order was refunded') }]);
    // A person has seen to it: what the kiosk says then is nothing new.
    await sql`update alarms set settled_at = ${clock}`;
    await tell('service.settled', { jobId, orderId, outcome: 'done' });
    expect(await alarms()).toEqual([]);
  });

  test.each([['in one batch', true], ['in two', false]])('that was credited before HQ heard of the refund is an alarm when the kiosk tells both, %s', async (_name, isOneBatch) => {
    const { jobId, orderId } = await ask();
    script = { afterMs: 0 };
    await start().run();
    if (isOneBatch) story.add('order.state', { orderId: orderId as OrderId, from: 'fulfilled', to: 'refunded' }, clock);
    else await tell('order.state', { orderId, from: 'fulfilled', to: 'refunded' });
    expect(await alarms()).toEqual([]);
    await tell('service.settled', { jobId, orderId, outcome: 'done' });
    expect(await alarms()).toEqual([{ kind: 'service_open', subject: jobId }]);
  });

  test('whose money is sent back after it was done is no alarm', async () => {
    const { jobId, orderId } = await ask();
    script = { afterMs: 0 };
    await start().run();
    story.add('service.settled', { jobId: jobId as never, orderId: orderId as OrderId, outcome: 'done' }, clock);
    await tell('order.state', { orderId, from: 'fulfilled', to: 'refunded' });
    expect(await alarms()).toEqual([]);
  });

  test('that is refused after its order was refunded is no alarm', async () => {
    const { orderId } = await ask();
    const services = start();
    script = { outcome: 'refused', afterMs: 60_000 };
    await services.run();
    await tell('order.state', { orderId, from: 'fulfilled', to: 'refunded' });
    later(3_600_000);
    await services.run();
    expect(await stateOf(orderId)).toEqual([{ state: 'refused', reference: null }]);
    expect(await alarms()).toEqual([]);
  });

  test.each([
    ['refused', { kind: 'done', reference: 'X' }, 1], ['refused', { kind: 'accepted' }, 1], ['done', { kind: 'refused', detail: 'no such number' }, 1],
    ['done', { kind: 'done', reference: 'X' }, 0], ['refused', { kind: 'refused', detail: 'no such number' }, 0], ['done', { kind: 'unknown', detail: '' }, 0],
  ] as const)('that a person settles as %s while it is submitted stays so; the carrier’s word %o then is %i alarms', async (outcome, answer, count) => {
    const { jobId, orderId } = await ask();
    const { promise: gate, resolve: give } = Promise.withResolvers<void>();
    const { promise: isAsked, resolve: begin } = Promise.withResolvers<void>();
    const running = start({ ...carrier(), submit: async () => { begin(); await gate; return answer; } }).run();
    await isAsked;
    expect(await byHand(jobId, outcome)).toMatchObject({ ok: true });
    give();
    await running;
    expect(await alarms()).toEqual(count === 0 ? [] : [{ kind: 'service_open', subject: jobId }]);
    expect(await resultsOf(jobId)).toEqual([{ jobId, outcome }]);
    expect(await stateOf(orderId)).toMatchObject([{ state: outcome }]);
  });

  test('that a person settles while the carrier is asked for it is not submitted', async () => {
    const { jobId } = await ask(clock - 3_600_000);
    await start({ ...carrier(), query: async (key, signal) => {
      await byHand(jobId, 'refused');
      return carrier().query(key, signal);
    } }).run();
    expect(await booked()).toEqual([]);
    expect(await alarms()).toEqual([]);
  });

  test('from before there was a list is no work when its order is made anew', async () => {
    const { orderId } = await ask();
    // As the migration leaves it.
    await sql`delete from service_work`;
    later(2 * 3_600_000);
    await sql.begin(async (transaction) => {
      await lockKiosk(transaction, testKiosk);
      await rebuildOrders(transaction, { kioskId: testKiosk, now: clock }, [orderId]);
    });
    expect(await sql`select count(*) as requests from service_requests`).toEqual([{ requests: 1 }]);
    await start().run();
    expect(await sql`select state from service_work`).toEqual([]);
    expect(await booked()).toEqual([]);
  });

  test.each(['accepted', 'unknown'])('that is %s needs no words to be asked for', async (state) => {
    const { jobId } = await ask();
    script = { afterMs: 60_000 };
    const services = start({ ...carrier(), submit: async (order, signal) => {
      const answer = await carrier().submit(order, signal);
      return state === 'unknown' ? { kind: 'unknown', detail: 'cut off' } : answer;
    } });
    await services.run();
    expect(await sql`select state from service_work`).toEqual([{ state }]);
    await shredKeys(sql, clock + 1, clock + 1);
    later(3_600_000);
    await services.run();
    expect(await resultsOf(jobId)).toMatchObject([{ outcome: 'pending' }, { outcome: 'done' }]);
    expect(await alarms()).toEqual([]);
  });

  test('is held where the words that it needs are gone, and where it was asked of an HQ that had no carrier', async () => {
    const { jobId } = await ask();
    await shredKeys(sql, clock + 1, clock + 1);
    await start().run();
    const late = await ask(clock - 19_000);
    later(25 * 3_600_000);
    await start().run();
    expect(await booked()).toEqual([]);
    expect((await alarms()).map(({ subject }) => subject as string).toSorted()).toEqual([jobId, late.jobId].toSorted());
  });

  test('is settled by a person once, and the carrier is asked no more', async () => {
    script = { outcome: 'never' };
    const { jobId, orderId } = await ask();
    const services = start();
    await services.run();
    const settle = () => settleAsDone(sql, { kioskId: testKiosk, jobId, reference: 'H-1', by: 'ana', now: clock });
    expect([await settle(), await settle()]).toEqual([{ ok: true, value: undefined }, { ok: false, error: 'This service is done already.' }]);
    later(3_600_000);
    await services.run();
    expect(await resultsOf(jobId)).toEqual([{ jobId, outcome: 'done', reference: 'H-1' }]);
    expect(await stateOf(orderId)).toEqual([{ state: 'done', reference: 'H-1' }]);
  });

  test('that is an application goes with the number that its customer has on paper, each line its own', async () => {
    const { orderId } = story.order({ offers: [['latte', 1], ['broadband', 1], ['broadband', 2]], ending: 'fulfilled', at: clock - 20_000 });
    expect(await hq.kiosk.send(story.events, { keys: [{ orderId: orderId as never, key: storyKeyOf(orderId).toString('base64') }] })).toMatchObject({ status: 200 });
    const numbers: unknown[] = [];
    await start({ ...carrier(), submit: (order, signal) => { numbers.push([order.quantity, order.number]); return carrier().submit(order, signal); } }).run();
    const expected = [[1, referenceOf(orderId as OrderId, 1)], [2, referenceOf(orderId as OrderId, 2)]];
    expect(numbers.toSorted()).toEqual(expected);
    const shown = await readOrderInFull(sql, testKiosk, orderId);
    expect(shown?.services.map(({ quantity, number }) => [quantity, number])).toEqual(expected);
    // A name is masked, a consent is the version of a text.
    expect(shown?.services[0]?.form).toEqual({ name: '王**', terms: '2026-1' });
  });

  test('that has no end within its time is taken back at the carrier, and the kiosk gives the money back', async () => {
    script = { outcome: 'never' };
    const { jobId, orderId } = await ask();
    const services = start();
    await services.run();
    for (let at = 0; at < 600_000; at += 20_000, later(20_000)) await services.run();
    expect(await resultsOf(jobId)).toEqual([{ jobId, outcome: 'pending' }]);
    await services.run();
    expect(await resultsOf(jobId)).toEqual([{ jobId, outcome: 'pending' }, { jobId, outcome: 'refused' }]);
    expect(await stateOf(orderId)).toEqual([{ state: 'refused', reference: null }]);
    expect(await alarms()).toEqual([]);
    // Whatever comes late credits nothing.
    expect(await carrier().query(jobId, AbortSignal.timeout(20))).toEqual({ kind: 'refused', detail: 'it was taken back' });
  });

  test('is written down as being taken back before the carrier hears of it, and is not submitted after that', async () => {
    await ask();
    script = { submit: 'fails' };
    await start().run();
    later(600_000);
    const calls: string[] = [];
    let seen: unknown;
    const services = start({ ...carrier(),
      submit: () => { throw new Error('submitted again'); },
      reverse: async () => { calls.push('reverse'); seen = await sql`select reversal from service_work`; return { kind: 'unknown', detail: 'cut off' }; },
    });
    await services.run();
    expect(seen).toEqual([{ reversal: 'asked' }]);
    later(60_000);
    await services.run();
    expect(calls).toEqual(['reverse', 'reverse']);
    expect(await alarms()).toHaveLength(1);
    later(60_000);
    await start().run();
    expect((await commands()).map(({ params }) => (params as { outcome: string }).outcome)).toEqual(['pending', 'refused']);
    expect(await alarms()).toEqual([]);
  });

  test('that was credited in time, and of which HQ hears late, is not taken back', async () => {
    script = { submit: 'silent', silentMs: 900_000, afterMs: 0 };
    const { jobId } = await ask();
    await start(carrier(), { timeoutMs: 30 }).run();
    later(1_000_000);
    await start({ ...carrier(), reverse: () => { throw new Error('taken back'); } }).run();
    expect(await resultsOf(jobId)).toMatchObject([{ outcome: 'pending' }, { outcome: 'done' }]);
  });

  test('whose time runs out in the middle of a turn is tried to be taken back before it is given up', async () => {
    script = { outcome: 'never', reverse: 'cannot' };
    const { jobId } = await ask();
    await start().run();
    later(60_000);
    const reversals: string[] = [];
    const slow = start({
      ...carrier(),
      query: (key, signal) => { later(90_000_000); return carrier().query(key, signal); },
      reverse: (key, signal) => { reversals.push(key); return carrier().reverse(key, signal); },
    });
    await slow.run();
    expect([reversals, await listOpenServices(sql, { isGivenUp: true, limit: 9 })]).toEqual([[], []]);
    await slow.run();
    expect(reversals).toEqual([jobId]);
    expect(await listOpenServices(sql, { isGivenUp: true, limit: 9 })).toMatchObject([{ jobId, state: 'held' }]);
  });

  test('that cannot be taken back is on a person’s list with until when, goes on being asked for, and is given up after a day', async () => {
    script = { outcome: 'never', reverse: 'cannot' };
    const { jobId, orderId } = await ask();
    const askedAt = clock;
    const services = start();
    await services.run();
    later(600_000);
    await services.run();
    expect(await sql`select detail from alarms where settled_at is null`).toEqual([{ detail: expect.stringContaining(`cannot take it back; its customer was promised an end by ${new Date(askedAt + 86_400_000).toISOString()}`) }]);
    const reversals: string[] = [];
    const next = start({ ...carrier(), reverse: (key, signal) => { reversals.push(key); return carrier().reverse(key, signal); } });
    for (let hour = 0; hour < 24; hour++) {
      expect(await listOpenServices(sql, { isGivenUp: true, limit: 9 })).toEqual([]);
      later(3_600_000);
      await next.run();
    }
    expect(reversals).toEqual([]);
    expect(await listOpenServices(sql, { isGivenUp: true, limit: 9 })).toMatchObject([{ jobId, state: 'held', untilAt: askedAt + 86_400_000, detail: expect.stringMatching(/^given up after \d+ turns: it is pending$/) }]);
    expect(await stateOf(orderId)).toEqual([{ state: 'held', reference: null }]);
    // A person sends it again, under the same key: it is asked for first, and nothing is submitted twice.
    expect(await resubmit(sql, { kioskId: testKiosk, jobId, by: 'ana', now: clock })).toMatchObject({ ok: true });
    expect(await alarms()).toEqual([]);
    await start({ ...carrier(), query: async () => ({ kind: 'done', reference: 'C-9' }), submit: () => { throw new Error('submitted again'); } }).run();
    expect((await resultsOf(jobId)).at(-1)).toEqual({ jobId, outcome: 'done', reference: 'C-9' });
    expect(await resubmit(sql, { kioskId: testKiosk, jobId, by: 'ana', now: clock })).toEqual({ ok: false, error: 'This service is done already.' });
  });

  test('that is sent again and was never had by the carrier is submitted, unless its money went back', async () => {
    const { jobId, orderId } = await ask();
    // Asked of an HQ that had nobody to credit it.
    later(25 * 3_600_000);
    await start().run();
    expect(await stateOf(orderId)).toMatchObject([{ state: 'held' }]);
    expect(await resubmit(sql, { kioskId: testKiosk, jobId, by: 'ana', now: clock })).toMatchObject({ ok: true });
    await start().run();
    expect(await booked()).toEqual([`${jobId}.json`]);
    const other = await ask();
    later(25 * 3_600_000);
    await start().run();
    await tell('order.state', { orderId: other.orderId, from: 'fulfilled', to: 'refunded' });
    expect(await resubmit(sql, { kioskId: testKiosk, jobId: other.jobId, by: 'ana', now: clock })).toEqual({ ok: false, error: 'Its order is refunded: the customer has the money back, or never paid.' });
  });

  test('that never left HQ, because the carrier is unwell, is refused after its time without anybody being asked', async () => {
    const { jobId } = await ask();
    let asked = 0;
    const away = async () => { asked++; return { kind: 'unknown' as const, detail: 'refused', isAway: true }; };
    const circuit = createCircuit({ provider: { ...carrier(), query: away, submit: away, reverse: away, lookUp: away }, now: () => clock, failures: 1, restMs: 3_600_000, longestRestMs: 3_600_000 });
    await circuit.query('x', AbortSignal.timeout(1000));
    const services = start(circuit);
    await services.run();
    expect(await sql`select state, submitted_at from service_work`).toEqual([{ state: 'queued', submitted_at: null }]);
    for (let minute = 0; minute < 10; minute++) {
      later(60_000);
      await services.run();
    }
    expect(await resultsOf(jobId)).toMatchObject([{ outcome: 'pending' }, { outcome: 'refused' }]);
    expect(asked).toBe(1);
  });

  test.each([[true, 10 * 60_000], [false, 10 * 60_000], [true, 5 * 60_000]] as const)('that could not leave HQ, and that HQ has back from a copy of then, is asked for first (submitted since: %s, after %d ms)', async (isSubmitted, restoredAfterMs) => {
    const { jobId } = await ask();
    await start({ ...carrier(), submit: async () => ({ kind: 'unknown', detail: 'it is left alone', isAway: true, isUnsent: true }) }).run();
    const copy = (await sql`select state, turns, next_at, submitted_at from service_work`)[0];
    expect(copy).toMatchObject({ state: 'queued', turns: 1, submitted_at: null });
    if (isSubmitted) {
      for (let turn = 0; turn < 3; turn++) {
        later(2000);
        await start().run();
      }
      expect((await resultsOf(jobId)).at(-1)).toMatchObject({ outcome: 'done' });
      await sql`update service_work set state = 'queued', turns = 1, next_at = ${copy!['next_at']}, submitted_at = null, told = null, ended_at = null, reference = null`;
      await sql`delete from commands`;
    }
    later(restoredAfterMs);
    const calls: string[] = [];
    await start({
      ...carrier(), query: (key, signal) => { calls.push('query'); return carrier().query(key, signal); }, submit: (order, signal) => { calls.push('submit'); return carrier().submit(order, signal); },
    }).run();
    expect(calls).toEqual(isSubmitted ? ['query'] : ['query', 'submit']);
    later(5000);
    await start().run();
    expect((await resultsOf(jobId)).at(-1)).toMatchObject({ outcome: 'done' });
    expect(await booked()).toEqual([`${jobId}.json`]);
  });

  test('that is an application which the carrier works on is left to it for as long as that takes', async () => {
    const { orderId } = story.order({ offers: [['broadband', 1]], ending: 'fulfilled', at: clock - 20_000 });
    expect(await hq.kiosk.send(story.events, { keys: [{ orderId: orderId as never, key: storyKeyOf(orderId).toString('base64') }] })).toMatchObject({ status: 200 });
    script = { outcome: 'never' };
    const services = start({ ...carrier(), reverse: () => { throw new Error('taken back'); } });
    for (let day = 0; day < 4; day++, later(86_400_000)) {
      await services.run();
      later(60_000);
      await services.run();
    }
    expect(await stateOf(orderId)).toMatchObject([{ state: 'pending' }]);
    expect(await alarms()).toHaveLength(1);
  });

  test('that changes a plan is asked for after the carrier has said what the number had before, which is kept, and no number with it', async () => {
    const { jobId } = await ask();
    await sql`update service_requests set service = 'plan_change', offer_id = 'plan-light' where job_id = ${jobId}`;
    script = { submit: 'fails' };
    await start().run();
    const before = { name: { zh: '畅享 99 元套餐', en: 'Classic 99 plan' }, price: { amount: 9900, currency: 'CNY' }, planId: 'plan-classic-99', effectiveOn: expect.stringMatching(/-01$/) };
    expect(await sql`select plan_before from service_work`).toEqual([{ plan_before: before }]);
    // Asked again, it may be the new one already: the first word stays. That it says nothing is no reason not to go on.
    script = {};
    later(5000);
    await start({ ...carrier(), lookUp: async () => ({ kind: 'found', owner: '*伟', plan: { name: { zh: '轻享套餐', en: 'Light plan' } } }) }).run();
    expect(await sql`select plan_before from service_work`).toEqual([{ plan_before: before }]);
    expect(await booked()).toEqual([`${jobId}.json`]);
    expect(JSON.stringify(await sql`select to_jsonb(w)::text as row from service_work w`)).not.toMatch(/1391234|伟/);
  });

  test('that the kiosk has already is no alarm when an HQ that was restored tells it again', async () => {
    const { jobId, orderId } = await ask();
    await byHand(jobId, 'done');
    await tell('service.settled', { jobId, orderId, outcome: 'done' });
    const [row] = await sql<{ command_id: string }[]>`select command_id from commands`;
    await tell('command.answered', { commandId: row!.command_id, command: 'service_result', outcome: 'refused', detail: 'it is done, and stays so' });
    expect(await alarms()).toEqual([]);
  });

  test('that the kiosk could not take in is an alarm', async () => {
    const { jobId } = await ask();
    script = { outcome: 'refused', afterMs: 0 };
    await start().run();
    const [row] = await sql<{ command_id: string }[]>`select command_id from commands`;
    await sql.begin((transaction) => recordAnswer(transaction, testKiosk, { commandId: row!.command_id, command: 'service_result', outcome: 'failed', detail: 'no such job' }, clock));
    expect(await alarms()).toEqual([{ kind: 'service_open', subject: jobId }]);
  });

  test('is worked on once by many processes at once', async () => {
    const metro = 'kiosk-002' as KioskId;
    await hq.addKiosk(metro);
    for (let made = 0; made < 12; made++) await ask(clock - 20_000);
    const submitted: string[] = [];
    const provider = { ...carrier(), submit: (...args: Parameters<ServiceProvider['submit']>) => { submitted.push(args[0].key); return carrier().submit(...args); } };
    const processes = Array.from({ length: 4 }, () => start(provider));
    await Promise.all(processes.map((services) => services.run()));
    expect(submitted).toHaveLength(12);
    expect(new Set(submitted).size).toBe(12);
    later(3000);
    await Promise.all(processes.map((services) => services.run()));
    expect((await commands()).map(({ params }) => (params as { jobId: string }).jobId).toSorted()).toEqual(submitted.toSorted());
    expect(problems).toEqual([]);
  });
});

test('what the carrier refused is told its kiosk: nobody cancels that command, and a kiosk that never takes it in is found by the books', async () => {
  const { jobId } = await ask();
  script = { outcome: 'refused', afterMs: 0 };
  await start().run();
  expect(await resultsOf(jobId)).toMatchObject([{ outcome: 'refused' }]);
  const [row] = await sql<{ command_id: string }[]>`select command_id from commands where kind = 'service_result'`;
  expect((await hq.inject({ method: 'DELETE', url: `/api/fleet/${testKiosk}/commands/${row!.command_id}` })).statusCode).toBe(409);
  later(2 * 86_400_000);
  expect((await commands()).map(({ params }) => (params as { jobId: string }).jobId)).toEqual([jobId]);
  expect((await reconcile(sql, clock)).findings).toMatchObject([{ kind: 'service_without_end', detail: expect.stringContaining(jobId) }]);
  await tell('service.settled', { jobId, orderId: story.events.at(-1)!.payload.match(/"orderId":"([^"]+)"/)![1], outcome: 'refused' });
  expect((await reconcile(sql, clock)).findings).toEqual([]);
});

test('nothing is submitted while the money that paid it is on its way back, and it is submitted where that was refused; another attempt that goes back hinders nothing', async () => {
  const { jobId, orderId } = await ask();
  const paid = JSON.parse(story.events.find(({ kind, payload }) => kind === 'payment.attempt' && payload.includes(orderId) && payload.includes('approved'))!.payload) as { attemptId: string };
  await tell('payment.attempt', { ...paid, state: 'reversing' });
  script = { afterMs: 0 };
  const services = start();
  await services.run();
  expect(await booked()).toEqual([]);
  expect(await sql`select state from service_work where job_id = ${jobId}`).toMatchObject([{ state: 'held' }]);
  const again = { kioskId: testKiosk as KioskId, jobId, by: 'Zhao', now: clock };
  expect(await resubmit(sql, again)).toMatchObject({ ok: false });
  await tell('payment.attempt', { ...paid, state: 'approved' });
  await tell('payment.attempt', { ...paid, attemptId: jobId, state: 'reversing' });
  expect(await resubmit(sql, again)).toMatchObject({ ok: true });
  await services.run();
  expect(await booked()).toHaveLength(1);
});

test('nothing is submitted once HQ itself has given all of its money back, as of a kiosk that is gone; after a part it is', async () => {
  const [whole, part] = [await ask(), await ask()];
  await sql`update payments set tender = 'wechat' where order_id in ${sql([whole.orderId, part.orderId])}`;
  for (const { orderId } of [whole, part]) {
    await sql`
      insert into wallet_refunds (kiosk_id, refund_id, attempt_id, wallet, amount, currency, paid_amount, reason, origin, state, asked_at, by)
      select kiosk_id, attempt_id, attempt_id, tender, ${orderId === whole.orderId ? sql`amount` : sql`amount - 1`}, currency, amount, 'it burnt', 'hq', 'asked', ${clock}, 'Zhao' from payments where order_id = ${orderId} and state = 'approved'`;
  }
  script = { afterMs: 0 };
  const services = start();
  await services.run();
  expect(await booked()).toEqual([`${part.jobId}.json`]);
  expect(await sql`select state from service_work where job_id = ${whole.jobId}`).toMatchObject([{ state: 'held' }]);
  expect(await resubmit(sql, { kioskId: testKiosk as KioskId, jobId: whole.jobId, by: 'Zhao', now: clock })).toMatchObject({ ok: false });
});

test('whatever the carrier does and whenever processes die, each service is credited at most once and the kiosk is told what the carrier’s books say', async () => {
  const behaviour = fc.record({
    submit: fc.constantFrom('answers', 'silent', 'lost', 'fails' as const), outcome: fc.constantFrom('done', 'refused' as const), afterMs: fc.constantFrom(0, 1500, 30_000), silentMs: fc.constantFrom(0, 12_000),
  }) as fc.Arbitrary<Behaviour>;
  const step = fc.constantFrom('turn', 'turn', 'die before', 'die after', 'wait' as const);
  await fc.assert(fc.asyncProperty(fc.array(behaviour, { minLength: 1, maxLength: 4 }), fc.array(step, { maxLength: 8 }), async (behaviours, steps) => {
    const { jobId } = await ask();
    // Each try may meet another mood; in the end the carrier is well.
    let tries = 0;
    script = () => behaviours[tries++] ?? { submit: 'answers', outcome: 'done', afterMs: 0, silentMs: 0 };
    for (const what of steps) {
      if (what === 'wait') later(10_000);
      else if (what === 'turn') await start(carrier(), { timeoutMs: 30 }).run();
      else {
        // Its turn ends without a word having been written: before the carrier hears of it, or after.
        const { promise: isDead, resolve: die } = Promise.withResolvers<void>();
        const never = new Promise<never>(() => {});
        const dying: ServiceProvider = {
          name: 'dying',
          submit: async (order) => {
            if (what === 'die after') await carrier().submit(order, AbortSignal.timeout(30)).catch(() => {});
            die();
            return never;
          },
          query: () => {
            die();
            return never;
          },
          reverse: () => never,
          lookUp: () => never,
        };
        await Promise.race([start(dying, { timeoutMs: 2 ** 30 }).run(), isDead]);
        later(2 ** 32);
      }
    }
    tries = behaviours.length;
    for (let turn = 0; turn < 40 && (await resultsOf(jobId)).every(({ outcome }) => outcome === 'pending'); turn++, later(60_000)) await start().run();
    const told = (await resultsOf(jobId)).filter(({ outcome }) => outcome !== 'pending');
    expect(told).toHaveLength(1);
    const file = await carrier().query(jobId, AbortSignal.timeout(10_000));
    expect(file).toMatchObject({ kind: told[0]!.outcome });
    expect((await booked()).filter((name) => name === `${jobId}.json`)).toHaveLength(1);
  }), { numRuns: 12 });
  expect(problems).toEqual([]);
});
