import fc from 'fast-check';
import { afterAll, beforeAll, beforeEach, describe, expect, test } from 'vitest';
import { genesisHash } from '../../../domain/sync/chain.ts';
import type { Sql } from '../database.ts';
import type { TestDatabase, TestPostgres } from '../testing/database.ts';
import { startTestPostgres } from '../testing/database.ts';
import type { TestHq } from '../testing/hq.ts';
import { startTestHq, testKiosk, testNow } from '../testing/hq.ts';
import type { SigningKiosk } from '../testing/signing-kiosk.ts';
import { reinstate, revoke } from './decisions.ts';
import { replayWindow, useSession } from './sessions.ts';

let postgres: TestPostgres;
let database: TestDatabase;
let sql: Sql;
let hq: TestHq;
let kiosk: SigningKiosk;

beforeAll(async () => {
  postgres = await startTestPostgres();
});
afterAll(() => postgres?.stop());
beforeEach(async () => {
  await hq?.close();
  database = await postgres.createDatabase();
  sql = database.sql;
  hq = await startTestHq(database);
  kiosk = hq.kiosk;
});
afterAll(() => hq?.close());

const challengeOf = (body: unknown) => (body as { challenge: string }).challenge;
const superseded = { status: 403, body: { code: 'HQ_INSTANCE_SUPERSEDED' }, isSigned: true };
const cloned = { status: 403, body: { code: 'HQ_KIOSK_CLONED' }, isSigned: true };

describe('a hello', () => {
  test('opens a session, and says where HQ stands and what it can read', async () => {
    await sql`insert into cursors (kiosk_id, lane, epoch, acknowledged, head) values (${testKiosk}, 'orders', 1, 9, ${'a'.repeat(64)}), (${testKiosk}, 'orders', 2, 4, ${'b'.repeat(64)}), (${testKiosk}, 'logs', 1, 3, '')`;
    await sql`insert into cursors (kiosk_id, lane, epoch, acknowledged, head) values ('kiosk-002', 'stock', 7, 1, ${'c'.repeat(64)})`;
    const welcome = await kiosk.hello();
    expect(welcome).toEqual({
      status: 200, isSigned: true, headers: expect.anything() as unknown,
      body: {
        session: expect.stringMatching(/^[0-9a-f-]{36}$/) as unknown, hqTime: testNow,
        lanes: [{ lane: 'logs', epoch: 1, acknowledged: 3, head: genesisHash }, { lane: 'orders', epoch: 2, acknowledged: 4, head: 'b'.repeat(64) }],
        limits: { events: 500, bytes: 524_288 }, encodings: ['zstd', 'gzip'],
      },
    });
    expect((await kiosk.greet()).status).toBe(200);
  });

  test('of the same run again keeps the session, so that what is in flight is not refused', async () => {
    const inFlight = kiosk.prepare('POST', '/api/kiosk/greet', { kioskId: testKiosk, clock: kiosk.clock() });
    const session = kiosk.session();
    expect((await kiosk.hello()).status).toBe(200);
    expect(kiosk.session()).toBe(session);
    expect((await kiosk.deliver(inFlight)).status).toBe(200);
  });

  test('that came before is a replay, and changes nothing', async () => {
    const hello = { kioskId: testKiosk, protocol: 1, app: '1', schema: 3, instance: kiosk.instance, clock: kiosk.clock(), lanes: [] };
    const prepared = kiosk.prepare('POST', '/api/kiosk/hello', hello, { session: 'none' });
    expect((await kiosk.deliver(prepared)).status).toBe(200);
    expect(await kiosk.deliver(prepared)).toMatchObject({ status: 401, body: { code: 'HQ_REPLAYED' }, isSigned: true });
    expect((await kiosk.greet()).status).toBe(200);
  });

  test('is refused without the shape of the contract, for another kiosk, and in a session', async () => {
    expect(await kiosk.ask('POST', '/api/kiosk/hello', { kioskId: testKiosk }, { session: 'none' })).toMatchObject({ status: 400, isSigned: true });
    expect(await kiosk.hello({ kioskId: 'kiosk-002' as typeof testKiosk })).toMatchObject({ status: 401, body: { code: 'HQ_SIGNATURE_WRONG' } });
    expect(await kiosk.ask('POST', '/api/kiosk/hello', {})).toMatchObject({ status: 401, body: { code: 'HQ_SIGNATURE_WRONG' } });
  });

  test('tells HQ of the clock of the kiosk', async () => {
    await kiosk.hello({ clock: kiosk.clock(testNow - 90_000) });
    expect(await sql`select skew_ms from kiosk_clocks where kiosk_id = ${testKiosk}`).toEqual([{ skew_ms: 90_000 }]);
  });
});

describe('a kiosk that was started again', () => {
  test('has the session from then on, and the old run has none', async () => {
    const old = kiosk.session();
    const restarted = kiosk.again();
    expect((await restarted.hello({ session: old })).status).toBe(200);
    expect(restarted.session()).not.toBe(old);
    expect((await restarted.greet()).status).toBe(200);
    expect(await kiosk.greet()).toMatchObject(superseded);
  });

  test('is not blamed for what its old run sent and the network brings late or twice', async () => {
    const hello = kiosk.prepare('POST', '/api/kiosk/hello', { kioskId: testKiosk, protocol: 1, app: '1', schema: 3, instance: kiosk.instance, clock: kiosk.clock(), lanes: [] }, { session: 'none' });
    const lateHello = kiosk.prepare('POST', '/api/kiosk/hello', { kioskId: testKiosk, protocol: 1, app: '1', schema: 3, instance: kiosk.instance, clock: kiosk.clock(), lanes: [] }, { session: 'none' });
    const lateGreeting = kiosk.prepare('POST', '/api/kiosk/greet', { kioskId: testKiosk, clock: kiosk.clock() });
    await kiosk.deliver(hello);
    const restarted = kiosk.again();
    await restarted.hello();
    for (let round = 0; round < 3; round++) {
      expect((await kiosk.deliver(hello)).status).toBe(401);
      expect((await kiosk.deliver(lateHello)).status).toBeGreaterThanOrEqual(401);
      expect(await kiosk.deliver(lateGreeting)).toMatchObject(superseded);
      expect((await restarted.greet()).status).toBe(200);
    }
    expect(await sql`select cloned_at from kiosks`).toEqual([{ cloned_at: null }]);
  });

  test('is not blamed when the very first hello of a run that is gone comes after its own', async () => {
    const gone = kiosk.again();
    const lateHello = gone.prepare('POST', '/api/kiosk/hello', { kioskId: testKiosk, protocol: 1, app: '1', schema: 3, instance: gone.instance, clock: gone.clock(), lanes: [] }, { session: 'none' });
    const restarted = kiosk.again();
    await restarted.hello();
    await restarted.greet();
    expect((await gone.deliver(lateHello)).status).toBe(200);
    // The living one finds itself superseded, says that it lives, and goes on; nobody else answers.
    expect(await restarted.greet()).toMatchObject(superseded);
    const asked = await restarted.hello();
    expect(asked).toMatchObject(superseded);
    expect((await restarted.hello({ challenge: challengeOf(asked.body) })).status).toBe(200);
    expect((await restarted.greet()).status).toBe(200);
    expect(await sql`select cloned_at from kiosks`).toEqual([{ cloned_at: null }]);
  });
});

test('an answer to a challenge that was given before the present run began proves nothing against it', async () => {
  const helloOf = (run: SigningKiosk, challenge?: string) =>
    run.prepare('POST', '/api/kiosk/hello', { kioskId: testKiosk, protocol: 1, app: '1', schema: 3, instance: run.instance, clock: run.clock(), lanes: [], ...(challenge ? { challenge } : {}) }, { session: 'none' });
  // The first hello of a run that is gone comes late, so the living one is challenged; its answer is late, too, and it is started again meanwhile.
  const gone = kiosk.again();
  expect((await gone.deliver(helloOf(gone))).status).toBe(200);
  const asked = await kiosk.hello();
  expect(asked).toMatchObject(superseded);
  const lateAnswer = helloOf(kiosk, challengeOf(asked.body));
  const restarted = kiosk.again();
  expect((await restarted.hello()).status).toBe(200);
  expect((await restarted.greet()).status).toBe(200);
  expect(await kiosk.deliver(lateAnswer)).toMatchObject(superseded);
  expect((await restarted.greet()).status).toBe(200);
});

test('one machine that is started again and again is never taken for two, whatever the network does to its messages', async () => {
  const step = fc.oneof(
    { weight: 2, arbitrary: fc.constant({ kind: 'restart' } as const) },
    { weight: 8, arbitrary: fc.record({ kind: fc.constant('speak' as const), fate: fc.constantFrom('arrives', 'arrives', 'is late', 'answer lost') }) },
    { weight: 6, arbitrary: fc.record({ kind: fc.constant('late' as const), which: fc.nat() }) },
  );
  await fc.assert(
    fc.asyncProperty(fc.array(step, { minLength: 10, maxLength: 60 }), async (steps) => {
      let run = kiosk.again();
      let state: { readonly session?: string; readonly challenge?: string } = {};
      const sent: (() => Promise<unknown>)[] = [];
      for (const { kind, ...more } of steps) {
        if (kind === 'restart') {
          run = run.again();
          state = {};
        } else if (kind === 'late') {
          // Once more, or for the first time, out of turn; whoever sent it no longer waits for the answer.
          const { which } = more as { which: number };
          await sent[which % sent.length]?.();
        } else {
          const { fate } = more as { fate: string };
          const hello = { kioskId: testKiosk, protocol: 1, app: '1', schema: 3, instance: run.instance, clock: run.clock(), lanes: [], ...(state.challenge ? { challenge: state.challenge } : {}) };
          const prepared = state.session
            ? run.prepare('POST', '/api/kiosk/greet', { kioskId: testKiosk, clock: run.clock() }, { session: state.session })
            : run.prepare('POST', '/api/kiosk/hello', hello, { session: 'none' });
          const { deliver } = run;
          sent.push(() => deliver(prepared));
          if (fate === 'is late') continue;
          const { status, body } = await deliver(prepared);
          expect((body as { code?: string }).code).not.toBe('HQ_KIOSK_CLONED');
          if (fate === 'answer lost') continue;
          if (status !== 200) state = { ...((body as { challenge?: string }).challenge ? { challenge: challengeOf(body) } : {}) };
          else if (!state.session) state = { session: (body as { session: string }).session };
        }
      }
      // In the end it gets through, and nothing was held against it.
      for (let tries = 0; ; tries++) {
        const { status, body } = await run.hello(state.challenge ? { challenge: state.challenge } : {});
        if (status === 200) break;
        expect(tries).toBeLessThan(4);
        state = { ...((body as { challenge?: string }).challenge ? { challenge: challengeOf(body) } : {}) };
      }
      expect((await run.greet()).status).toBe(200);
      expect(await sql`select cloned_at from kiosks where kiosk_id = ${testKiosk}`).toEqual([{ cloned_at: null }]);
    }),
    { numRuns: 40 },
  );
});

describe('two machines with one identity', () => {
  /** What a living kiosk does when it is refused, as often as it takes. */
  async function insist(machine: SigningKiosk): Promise<unknown> {
    let challenge: string | undefined;
    for (let tries = 0; tries < 3; tries++) {
      const answer = await machine.hello(challenge ? { challenge } : {});
      if (answer.status === 200) return 'welcome';
      const { code } = answer.body as { code: string };
      if (code !== 'HQ_INSTANCE_SUPERSEDED') return code;
      challenge = challengeOf(answer.body);
    }
    return 'gave up';
  }

  test('are noticed when both have spoken: both are refused, an alarm stands, and a person takes one back', async () => {
    const clone = kiosk.again();
    await kiosk.greet();
    expect((await clone.hello()).status).toBe(200);
    expect((await clone.greet()).status).toBe(200);
    expect(await kiosk.greet()).toMatchObject(superseded);
    expect(await insist(kiosk)).toBe('HQ_KIOSK_CLONED');
    for (const machine of [kiosk, clone]) {
      expect(await machine.greet()).toMatchObject(cloned);
      expect(await machine.hello()).toMatchObject(cloned);
    }
    expect(await sql`select kind, settled_at from alarms where kiosk_id = ${testKiosk}`).toEqual([{ kind: 'cloned', settled_at: null }]);

    expect(await reinstate(sql, testKiosk, '', testNow + 1)).toEqual({ ok: true, value: { was: 'cloned' } });
    expect(await sql`select settled_at from alarms where kiosk_id = ${testKiosk}`).toEqual([{ settled_at: testNow + 1 }]);
    expect(await kiosk.hello()).toMatchObject({ status: 200 });
    expect((await kiosk.greet()).status).toBe(200);
    // The other was not switched off after all.
    expect(await insist(clone)).toBe('HQ_KIOSK_CLONED');
  });

  test.each([1, 2, 3, 4, 5, 6])('are noticed, whoever speaks when (%i)', async (seed) => {
    const clone = kiosk.again();
    const machines = [kiosk, clone];
    let turn = seed;
    let isNoticed = false;
    for (let step = 0; step < 40 && !isNoticed; step++) {
      turn = (turn * 48_271) % 2_147_483_647;
      const machine = machines[turn % 2]!;
      const isRefused = (await machine.greet()).status !== 200;
      if (isRefused) isNoticed = (await insist(machine)) === 'HQ_KIOSK_CLONED';
    }
    expect(isNoticed).toBe(true);
  });

  test('cannot guess the challenge', async () => {
    const clone = kiosk.again();
    await clone.hello();
    await clone.greet();
    const asked = await kiosk.hello();
    expect(await kiosk.hello({ challenge: 'x'.repeat(32) })).toMatchObject(superseded);
    expect(challengeOf(asked.body)).toMatch(/^[\w-]{32}$/);
    expect((await clone.greet()).status).toBe(200);
  });
});

describe('several HQ processes on one database', () => {
  test('agree on who has the session, and on which numbers came', async () => {
    const other = await startTestHq(database, { isWithoutKiosk: true, signingKey: hq.signingKey });
    try {
      const prepared = Array.from({ length: 30 }, () => kiosk.prepare('POST', '/api/kiosk/greet', { kioskId: testKiosk, clock: kiosk.clock() }));
      const answers = await Promise.all(prepared.flatMap((request) => [hq.app, other.app, hq.app].map(async (app) => (await app.inject({ ...request, payload: request.payload! })).statusCode)));
      expect(answers.filter((status) => status === 200)).toHaveLength(30);
      expect(answers.filter((status) => status === 401)).toHaveLength(60);
      const restarted = kiosk.again(other.app);
      expect((await restarted.hello()).status).toBe(200);
      expect(await kiosk.greet()).toMatchObject(superseded);
    } finally {
      await other.close();
    }
  });

  test('open one session when two runs say hello at once', async () => {
    const other = await startTestHq(database, { isWithoutKiosk: true, signingKey: hq.signingKey });
    try {
      for (let round = 0; round < 5; round++) {
        const runs = [hq.app, other.app, hq.app].map((app) => kiosk.again(app));
        expect((await Promise.all(runs.map((run) => run.hello()))).map(({ status }) => status)).toEqual([200, 200, 200]);
        expect(await sql`select count(*) as n from kiosk_sessions where state = 'open'`).toEqual([{ n: 1 }]);
      }
    } finally {
      await other.close();
    }
  });

  test('hear of a revocation at once, and end the bell that the kiosk holds open', async () => {
    const heard: string[] = [];
    const stream = { write: () => true, end: () => void heard.push('ended') };
    await expect.poll(() => hq.bells.isListening()).toBe(true);
    hq.bells.open(testKiosk, stream);
    await revoke(sql, testKiosk, testNow);
    await expect.poll(() => heard).toEqual(['ended']);
  });
});

test('the window takes each number once, whatever the order, and none that has left it', async () => {
  await fc.assert(
    fc.asyncProperty(fc.integer({ min: 1, max: 1000 }), fc.array(fc.integer({ min: 0, max: 150 }), { minLength: 1, maxLength: 80 }), async (start, steps) => {
      await sql`update kiosk_sessions set counter = ${start}, seen = 4611686018427387903 where session = ${kiosk.session()}`;
      let highest = start;
      const taken = new Set<number>();
      for (const step of steps) {
        const counter = start - 20 + step;
        if (counter < 0) continue;
        const isFresh = counter > start && counter > highest - replayWindow && !taken.has(counter);
        expect(await useSession(sql, testKiosk, kiosk.session(), counter), `${counter} after ${highest}`).toBe(isFresh ? 'taken' : 'replayed');
        taken.add(counter);
        highest = Math.max(highest, counter);
      }
    }),
    { numRuns: 40 },
  );
});
