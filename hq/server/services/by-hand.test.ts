import { rm } from 'node:fs/promises';
import { join } from 'node:path';
import fc from 'fast-check';
import { afterAll, beforeAll, beforeEach, describe, expect, test } from 'vitest';
import type { Sql } from '../database.ts';
import type { TestPostgres } from '../testing/database.ts';
import { startTestPostgres, temporaryFolder } from '../testing/database.ts';
import type { TestHq } from '../testing/hq.ts';
import { startTestHq, testKiosk, testNow } from '../testing/hq.ts';
import type { Story } from '../testing/story.ts';
import { createStory, storyKeyOf } from '../testing/story.ts';
import { listOpenServices, resubmit, settleAsDone, settleAsRefused } from './by-hand.ts';
import type { Behaviour } from './loopback-carrier.ts';
import { createLoopbackCarrier } from './loopback-carrier.ts';
import type { ReverseAnswer, ServiceProvider } from './provider.ts';
import { createServices } from './worker.ts';

let postgres: TestPostgres;
let folder: string;
let books: string;
let count = 0;
let sql: Sql;
let hq: TestHq;
let story: Story;
let clock: number;
let script: Partial<Behaviour>;
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
  const database = await postgres.createDatabase();
  ({ sql } = database);
  hq = await startTestHq(database, { now: () => clock });
  story = createStory(testKiosk, 'https://hq.example', 'sealed');
  books = join(folder, `carrier-${++count}`);
  script = { outcome: 'never' };
  return async () => {
    await hq.close();
    await sql.end({ timeout: 1 });
  };
});

const carrier = (): ServiceProvider => createLoopbackCarrier({ folder: books, now: () => clock, script: () => script });
const problems: unknown[] = [];
async function work(provider = carrier()): Promise<void> {
  const services = createServices({ sql, now: () => clock, provider, onProblem: (error) => problems.push(error), timeoutMs: 10_000, pollMs: 2 ** 30 });
  await services.run();
  await services.stop();
}
async function ask(): Promise<string> {
  const { jobId, orderId } = story.order({ offers: [['topUp', 1]], ending: 'fulfilled', at: clock - 20_000 });
  expect(await hq.kiosk.send(story.events, { keys: [{ orderId: orderId as never, key: storyKeyOf(orderId).toString('base64') }] })).toMatchObject({ status: 200 });
  return jobId;
}
/** With the carrier, and no end in sight. */
async function submitted(): Promise<string> {
  const jobId = await ask();
  await work();
  return jobId;
}
/** Given up by HQ, because the carrier neither ends it nor takes it back. */
async function givenUp(): Promise<string> {
  script = { outcome: 'never', reverse: 'cannot' };
  const jobId = await submitted();
  clock += 90_000_000;
  await work();
  expect(await listOpenServices(sql, { isGivenUp: true, limit: 9 })).toMatchObject([{ jobId }]);
  return jobId;
}
const refuse = (jobId: string, { isConfirmed = false, provider = carrier(), by = 'ana', timeoutMs = 10_000 }: { readonly isConfirmed?: boolean; readonly provider?: ServiceProvider; readonly by?: string; readonly timeoutMs?: number } = {}) =>
  settleAsRefused({ sql, now: () => clock, provider, timeoutMs }, { kioskId: testKiosk, jobId, by, isConfirmed });
const rowOf = async (jobId: string) => (await sql<{ state: string; reversal: string | null; detail: string | null; ended_at: number | null }[]>`select state, reversal, detail, ended_at from service_work where job_id = ${jobId}`)[0]!;
const endsOf = async (jobId: string) => (await sql<{ params: { outcome: string }; by: string }[]>`select params, created_by as by from commands where kind = 'service_result' and params ->> 'jobId' = ${jobId} order by sequence`)
  .map(({ params, by }) => [params.outcome, by]).filter(([outcome]) => outcome !== 'pending');
const alarms = async () => (await sql<{ subject: string }[]>`select subject from alarms where settled_at is null`).map(({ subject }) => subject);

describe('a service that a person wants ended as refused', () => {
  test('is written down as asked back, then taken back at the carrier, and only then its kiosk is told; once', async () => {
    const jobId = await submitted();
    let seen: unknown;
    const provider = { ...carrier(), reverse: async (key: string, signal: AbortSignal) => {
      seen = [await rowOf(jobId), await endsOf(jobId)];
      return carrier().reverse(key, signal);
    } };
    expect(await refuse(jobId, { provider })).toMatchObject({ ok: true, value: { outcome: 'refused' } });
    expect(seen).toMatchObject([{ reversal: 'asked', ended_at: null }, []]);
    expect(await carrier().query(jobId, AbortSignal.timeout(1000))).toEqual({ kind: 'refused', detail: 'it was taken back' });
    expect([await endsOf(jobId), await rowOf(jobId), await alarms()]).toMatchObject([[['refused', 'ana']], { state: 'refused', detail: 'taken back at loopback carrier, as ana wanted' }, []]);
    expect(await refuse(jobId)).toEqual({ ok: false, error: 'This service is refused already.' });
    expect(await endsOf(jobId)).toHaveLength(1);
  });

  test.each([false, true])('and is credited by then, has the money stay, whether the person is sure (%s) or not', async (isConfirmed) => {
    script = { outcome: 'done', afterMs: 60_000 };
    const jobId = await submitted();
    clock += 61_000;
    expect(await refuse(jobId, { isConfirmed, provider: { ...carrier(), reverse: () => { throw new Error('taken back'); } } })).toMatchObject({ ok: true, value: { outcome: 'done', reference: expect.stringMatching(/^LB/) } });
    expect(await endsOf(jobId)).toEqual([['done', 'HQ: loopback carrier']]);
  });

  test('and is credited between the question and the wish, has the money stay', async () => {
    const jobId = await submitted();
    expect(await refuse(jobId, { isConfirmed: true, provider: { ...carrier(), reverse: async () => ({ kind: 'done', reference: 'C-7' }) } })).toMatchObject({ ok: true, value: { outcome: 'done', reference: 'C-7' } });
    expect(await endsOf(jobId)).toEqual([['done', 'HQ: loopback carrier']]);
  });

  const words = {
    silent: 'loopback carrier was asked to take it back, and has not answered: no line', cannot: 'loopback carrier was asked to take it back, and cannot: with the network',
    pending: 'loopback carrier was asked to take it back, and says pending', nobody: 'loopback carrier could not be asked to take it back: it is left alone',
  } as const;
  test.each<[keyof typeof words, ReverseAnswer]>([
    ['silent', { kind: 'unknown', detail: 'no line' }], ['cannot', { kind: 'cannot', detail: 'with the network' }], ['pending', { kind: 'pending' }], ['nobody', { kind: 'unknown', detail: 'it is left alone', isAway: true, isUnsent: true }],
  ])('and was not taken back (%s), has nothing happen until the person has looked there, which the record then says', async (said, answer) => {
    for (const begin of [submitted, givenUp]) {
      script = { outcome: 'never' };
      const jobId = await begin();
      const provider = { ...carrier(), reverse: async () => answer };
      const before = await rowOf(jobId);
      expect(await refuse(jobId, { provider })).toMatchObject({ ok: true, value: { outcome: 'open', said } });
      expect([await endsOf(jobId), await rowOf(jobId)]).toMatchObject([[], { state: before.state, ended_at: null, reversal: said === 'cannot' ? 'cannot' : 'asked' }]);
      expect(await refuse(jobId, { provider, isConfirmed: true })).toMatchObject({ ok: true, value: { outcome: 'refused', detail: expect.stringContaining(words[said]) } });
      expect(await endsOf(jobId)).toEqual([['refused', 'ana']]);
      expect((await rowOf(jobId)).detail).toBe(`settled by ana, who has seen at the carrier that it is not credited: ${words[said]}`);
      expect(await alarms()).toEqual([]);
    }
  });

  test('and was never submitted, is not submitted after that, taken back or not', async () => {
    const [one, other] = [await ask(), await ask()];
    expect(await refuse(one)).toMatchObject({ ok: true, value: { outcome: 'refused' } });
    expect(await refuse(other, { provider: { ...carrier(), query: async () => ({ kind: 'unknown', detail: 'no line' }), reverse: async () => ({ kind: 'unknown', detail: 'no line' }) } })).toMatchObject({ ok: true, value: { outcome: 'open', said: 'silent' } });
    const wary = { ...carrier(), submit: () => { throw new Error('submitted'); } };
    for (let turn = 0; turn < 4; turn++, clock += 60_000) await work(wary);
    // The carrier never had it, and whether it took it back nobody knows: a person's.
    expect([await endsOf(one), await endsOf(other), (await rowOf(other)).state, await alarms()]).toEqual([[['refused', 'ana']], [], 'held', [other]]);
    expect(problems).toEqual([]);
  });

  test('where nobody here can ask the carrier, waits for the person to have looked there', async () => {
    const jobId = await ask();
    const wish = (isConfirmed: boolean) => settleAsRefused({ sql, now: () => clock, provider: undefined }, { kioskId: testKiosk, jobId, by: 'ana', isConfirmed });
    expect(await wish(false)).toMatchObject({ ok: true, value: { outcome: 'open', said: 'nobody' } });
    expect(await endsOf(jobId)).toEqual([]);
    expect(await wish(true)).toMatchObject({ ok: true, value: { outcome: 'refused', detail: expect.stringContaining('nobody at this HQ could ask') } });
    expect(await endsOf(jobId)).toEqual([['refused', 'ana']]);
    expect(await wish(true)).toEqual({ ok: false, error: 'This service is refused already.' });
  });

  test('by two people at once is told its kiosk once, and both hear what became of it', async () => {
    const jobId = await submitted();
    const all = await Promise.all(['ana', 'ben'].map((by) => refuse(jobId, { by })));
    for (const end of all) expect([{ ok: true, value: { outcome: 'refused' } }, { ok: false, error: 'This service is refused already.' }]).toContainEqual(end.ok ? { ok: true, value: { outcome: end.value.outcome } } : end);
    expect([await endsOf(jobId), await alarms()]).toEqual([[['refused', expect.stringMatching(/ana|ben/)]], []]);
  });

  test('while another settles it as credited, stays credited, and that it was taken back there is an alarm', async () => {
    const jobId = await submitted();
    const provider = { ...carrier(), reverse: async (key: string, signal: AbortSignal) => {
      expect(await settleAsDone(sql, { kioskId: testKiosk, jobId, by: 'ben', now: clock, reference: 'H-1' })).toMatchObject({ ok: true });
      return carrier().reverse(key, signal);
    } };
    expect(await refuse(jobId, { provider, isConfirmed: true })).toMatchObject({ ok: true, value: { outcome: 'done', reference: 'H-1' } });
    expect([await endsOf(jobId), await alarms()]).toEqual([[['done', 'ben']], [jobId]]);
  });

  test('while another sends it on its way again, is refused only where the carrier has taken it back', async () => {
    const jobId = await givenUp();
    const meanwhile = (answer: ReverseAnswer): ServiceProvider => ({ ...carrier(), reverse: async () => {
      expect(await resubmit(sql, { kioskId: testKiosk, jobId, by: 'ben', now: clock })).toMatchObject({ ok: true });
      return answer;
    } });
    expect(await refuse(jobId, { isConfirmed: true, provider: meanwhile({ kind: 'unknown', detail: 'no line' }) })).toEqual({ ok: false, error: 'It was sent on its way again meanwhile.' });
    expect([await endsOf(jobId), (await rowOf(jobId)).state]).toEqual([[], 'queued']);
    await sql`update service_work set state = 'held', submitted_at = 0`;
    expect(await refuse(jobId, { provider: meanwhile({ kind: 'reversed' }) })).toMatchObject({ ok: true, value: { outcome: 'refused' } });
    expect(await endsOf(jobId)).toEqual([['refused', 'ana']]);
  });

  test('while the worker is submitting it: what the carrier says to that afterwards is no second end', async () => {
    const jobId = await ask();
    const { promise: gate, resolve: open } = Promise.withResolvers<void>();
    const { promise: isSubmitting, resolve: begin } = Promise.withResolvers<void>();
    const slow = work({ ...carrier(), submit: async (order, signal) => { begin(); await gate; return carrier().submit(order, signal); } });
    await isSubmitting;
    expect(await refuse(jobId)).toMatchObject({ ok: true, value: { outcome: 'refused' } });
    open();
    await slow;
    expect([await endsOf(jobId), await alarms()]).toEqual([[['refused', 'ana']], []]);
    expect(await carrier().query(jobId, AbortSignal.timeout(1000))).toMatchObject({ kind: 'refused' });
  });
});

test('whatever the carrier says, whoever acts at once, and whenever HQ dies: one end is told, and it is refused only where the carrier has taken it back or a person has looked there after it was asked', async () => {
  const reply = fc.constantFrom('well', 'silent' as const);
  const death = fc.constantFrom('none', 'none', 'before', 'after' as const);
  const mood = fc.record({ outcome: fc.constantFrom('done', 'refused', 'never' as const), afterMs: fc.constantFrom(0, 2000, 90_000), reverse: fc.constantFrom('takes back', 'cannot' as const) });
  const step = fc.oneof(
    fc.record({ what: fc.constant('refuse' as const), isConfirmed: fc.boolean(), people: fc.integer({ min: 1, max: 2 }), reply, death }), fc.record({ what: fc.constant('work' as const) }),
    fc.record({ what: fc.constant('again' as const) }), fc.record({ what: fc.constant('wait' as const), ms: fc.constantFrom(1000, 700_000, 90_000_000) }));
  await fc.assert(fc.asyncProperty(mood, fc.boolean(), fc.array(step, { minLength: 1, maxLength: 6 }), async (behaviour, isSubmitted, steps) => {
    script = behaviour;
    const jobId = isSubmitted ? await submitted() : await ask();
    let [wasAsked, wasConfirmed] = [false, false];
    for (const one of steps) {
      if (one.what === 'wait') clock += one.ms;
      else if (one.what === 'work') await work();
      else if (one.what === 'again') await resubmit(sql, { kioskId: testKiosk, jobId, by: 'ben', now: clock });
      else {
        const { promise: isDead, resolve: die } = Promise.withResolvers<void>();
        const line: ServiceProvider = {
          ...carrier(),
          query: async (key, signal) => (one.reply === 'silent' ? { kind: 'unknown', detail: 'no line' } : carrier().query(key, signal)),
          reverse: async (key, signal) => {
            if (one.death === 'before') {
              die();
              return new Promise<never>(() => {});
            }
            wasAsked = true;
            const answer = await carrier().reverse(key, signal);
            if (one.death === 'after') {
              die();
              return new Promise<never>(() => {});
            }
            return one.reply === 'silent' ? { kind: 'unknown', detail: 'no line' } : answer;
          },
        };
        const wishes = Array.from({ length: one.people }, (_, nth) => refuse(jobId, { provider: line, isConfirmed: one.isConfirmed, by: `person ${nth}`, timeoutMs: one.death === 'none' ? 10_000 : 2 ** 30 }));
        const ends = await Promise.race([Promise.all(wishes), isDead]);
        if (one.isConfirmed && wasAsked && ends?.some((end) => end.ok && end.value.outcome === 'refused')) wasConfirmed = true;
        // Until its claim runs out, who died may be alive for all that others know.
        if (!ends) clock += 3 * 2 ** 30 + 10_000;
      }
      const told = (await endsOf(jobId)).map(([outcome]) => outcome);
      const truth = await carrier().query(jobId, AbortSignal.timeout(5000));
      expect(told.length).toBeLessThanOrEqual(1);
      if (told[0] === 'refused' && !wasConfirmed) expect(truth.kind).toBe('refused');
      if (told[0] === 'done') expect(truth.kind).toBe('done');
    }
  }), { numRuns: 40 });
  expect(problems).toEqual([]);
}, 120_000);
