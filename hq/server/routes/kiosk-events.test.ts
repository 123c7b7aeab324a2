import fc from 'fast-check';
import { afterAll, beforeAll, beforeEach, describe, expect, test } from 'vitest';
import type { HqEvent } from '../../../domain/contract/hq.ts';
import { kioskIdSchema } from '../../../domain/ids.ts';
import type { Sql } from '../database.ts';
import { ensureKiosk } from '../kiosks.ts';
import type { TestPostgres } from '../testing/database.ts';
import { startTestPostgres } from '../testing/database.ts';
import type { TestHq } from '../testing/hq.ts';
import { startTestHq, testKiosk, testNow, testToken } from '../testing/hq.ts';
import type { Ending, StoryOffer } from '../testing/story.ts';
import { createStory, storyOffers } from '../testing/story.ts';

let postgres: TestPostgres;
let sql: Sql;
let hq: TestHq;

beforeAll(async () => {
  postgres = await startTestPostgres();
  const database = await postgres.createDatabase();
  sql = database.sql;
  hq = await startTestHq(database);
}, 60_000);
afterAll(async () => {
  await hq?.close();
  await postgres?.stop();
});
beforeEach(async () => {
  await sql.unsafe(`truncate kiosk_contacts, ${factTables.join(', ')}`);
  await sql`delete from kiosks where kiosk_id <> ${testKiosk}`;
});

const factTables = ['cursors', 'events', 'quarantined_events', 'orders', 'order_lines', 'payments', 'jobs', 'attention', 'service_requests', 'stock_moves', 'stock'];
const at = testNow - 3_600_000;
const endings: readonly Ending[] = ['fulfilled', 'declined_then_paid', 'print_failed', 'cancelled', 'payment_unknown', 'refunded', 'payment_unclear', 'print_uncertain', 'reversal_refused'];

function day(): HqEvent[] {
  const story = createStory(testKiosk);
  story.add('stock.moved', { offerId: 'umbrella', change: 12, left: 12, reason: 'initial' }, at);
  const told = endings.map((ending, index) => story.order({ offers: [[Object.keys(storyOffers)[index % 6] as StoryOffer, 1 + (index % 2)], ['topUp', 1]], ending, at: at + index * 60_000 }));
  const { orderId, attentionId } = told[endings.indexOf('print_uncertain')]!;
  story.add('attention.settled', { id: attentionId, kind: 'print_uncertain', orderId, decision: 'leave' }, at + 3_000_000);
  return [...story.events];
}

/** Everything that HQ holds, in an order that does not depend on how it came. */
async function tables(): Promise<unknown> {
  const contents = [];
  for (const name of factTables) contents.push([name, (await sql.unsafe(`select to_jsonb(t) as row from ${name} t order by to_jsonb(t)::text`)).map(({ row }) => row as unknown)]);
  return Object.fromEntries(contents);
}

describe('a batch of events', () => {
  test('is stored exactly as it came and answered with the mark', async () => {
    const events = day();
    expect(await hq.send(events)).toEqual({ status: 200, body: { epoch: 1, acknowledged: events.length } });
    const rows = await sql<{ sequence: number; payload: string }[]>`select sequence, payload from events order by sequence`;
    expect(rows.map(({ payload }) => payload)).toEqual(events.map(({ payload }) => payload));
    expect(await sql`select * from quarantined_events`).toEqual([]);
  });

  test('becomes orders, lines, payments, jobs, service requests and stock', async () => {
    await hq.send(day());
    const states = await sql<{ state: string }[]>`select state from orders order by placed_at`;
    expect(states.map(({ state }) => state)).toEqual(['fulfilled', 'fulfilled', 'fulfilled', 'cancelled', 'payment_unknown', 'refunded', 'payment_unknown', 'fulfilled', 'fulfilled']);
    const [counts] = await sql`select (select count(*) from order_lines) as lines, (select count(*) from payments) as payments, (select count(*) from jobs) as jobs, (select count(*) from service_requests) as services, (select count(*) from stock_moves) as moves`;
    expect(counts).toEqual({ lines: 18, payments: 9, jobs: 12, services: 6, moves: 4 });
    expect(await sql`select state, card ->> 'maskedPan' as pan, result_code from payments order by started_at limit 3`).toEqual([
      { state: 'approved', pan: '************4242', result_code: null },
      { state: 'declined', pan: null, result_code: '6c' },
      { state: 'approved', pan: '************4242', result_code: null },
    ]);
  });

  test('that came before is acknowledged again without effect', async () => {
    const events = day();
    await hq.send(events);
    const before = await tables();
    expect(await hq.send(events)).toEqual({ status: 200, body: { epoch: 1, acknowledged: events.length } });
    expect(await hq.send(events.slice(0, 5))).toEqual({ status: 200, body: { epoch: 1, acknowledged: events.length } });
    expect(await tables()).toEqual(before);
  });

  test('gives the same tables however it is cut, doubled, overlapped and sent at once', async () => {
    const events = day();
    await hq.send(events);
    const expected = await tables();
    const piece = fc.tuple(fc.nat(events.length - 1), fc.integer({ min: 1, max: events.length }));
    await fc.assert(
      fc.asyncProperty(fc.array(fc.array(piece, { minLength: 1, maxLength: 4 }), { maxLength: 6 }), async (rounds) => {
        await sql.unsafe(`truncate kiosk_contacts, ${factTables.join(', ')}`);
        for (const round of rounds) {
          const answers = await Promise.all(round.map(([from, length]) => hq.send(events.slice(from, from + length))));
          for (const answer of answers) expect([200, 409]).toContain(answer.status);
        }
        // What a pump does at last: everything from the beginning, twice at once.
        expect((await Promise.all([hq.send(events), hq.send(events)])).map(({ status }) => status)).toEqual([200, 200]);
        expect(await tables()).toEqual(expected);
      }),
      { numRuns: 25 },
    );
  }, 60_000);

  test('that leaves a gap is refused with the mark where HQ stands', async () => {
    const events = day();
    await hq.send(events.slice(0, 3));
    const answer = await hq.send(events.slice(4));
    expect(answer).toMatchObject({ status: 409, body: { code: 'HQ_SEQUENCE_GAP', mark: { epoch: 1, acknowledged: 3 } } });
    expect(await sql`select count(*) as n from events`).toEqual([{ n: 3 }]);
  });

  test('that tells a known sequence differently is refused whole', async () => {
    const events = day();
    await hq.send(events.slice(0, 3));
    for (const change of [{ payload: `${events[1]!.payload} ` }, { id: events[9]!.id }]) {
      const other = events.map((event, index) => (index === 1 ? { ...event, ...change } : event));
      expect(await hq.send(other)).toMatchObject({ status: 409, body: { code: 'HQ_EVENT_CONFLICT', mark: { epoch: 1, acknowledged: 3 } } });
    }
    expect(await sql`select count(*) as n from events`).toEqual([{ n: 3 }]);
  });

  test('in a new epoch repeats event ids without a second effect', async () => {
    const events = day();
    await hq.send(events.slice(0, 20));
    const again = events.slice(10).map((event, index) => ({ ...event, sequence: index + 1 }));
    expect(await hq.send(again, { epoch: 2 })).toEqual({ status: 200, body: { epoch: 2, acknowledged: again.length } });
    expect(await sql`select count(*) as n from events where repeated`).toEqual([{ n: 10 }]);
    expect(await sql`select count(*) as orders from orders`).toEqual([{ orders: endings.length }]);
    expect(await sql`select * from quarantined_events`).toEqual([]);
  });

  test('names an event id that comes again for something else', async () => {
    const events = day();
    await hq.send(events.slice(0, 2));
    await hq.send([{ ...events[2]!, sequence: 1, id: events[0]!.id }], { epoch: 2 });
    expect(await sql`select epoch, sequence, reason from quarantined_events`).toEqual([{ epoch: 2, sequence: 1, reason: 'id_reused' }]);
  });
});

describe('the staff’s list', () => {
  test('is what was raised, until it is settled', async () => {
    await hq.send(day());
    const rows = await sql`select kind, amount, currency, card ->> 'maskedPan' as pan, attempt_id is null as no_attempt, job_id is null as no_job, detail, raised_at, decision, decided_at from attention order by raised_at`;
    expect(rows).toEqual([
      { kind: 'payment_unclear', amount: 7790, currency: 'CNY', pan: null, no_attempt: false, no_job: true, detail: 'the terminal did 5990 last, we asked for another amount', raised_at: at + 415_000, decision: null, decided_at: null },
      { kind: 'print_uncertain', amount: null, currency: null, pan: null, no_attempt: true, no_job: false, detail: 'print_receipt, slip 17', raised_at: at + 440_000, decision: 'leave', decided_at: at + 3_000_000 },
      { kind: 'reversal_refused', amount: 13_890, currency: 'CNY', pan: '************4242', no_attempt: false, no_job: true, detail: 'the terminal refused the reversal: 6c', raised_at: at + 1_084_000, decision: null, decided_at: null },
    ]);
  });

  /** Raised and settled of one payment, and nothing else: not even its order. */
  function raisedAndSettled(): { raised: HqEvent; settled: HqEvent } {
    const story = createStory(testKiosk);
    const { orderId, attentionId } = story.order({ offers: [['latte', 1]], ending: 'payment_unclear', at });
    story.add('attention.settled', { id: attentionId, kind: 'payment_unclear', orderId, decision: 'paid' }, at + 900_000);
    const [raised, settled] = story.events.slice(-2);
    return { raised: raised!, settled: settled! };
  }
  const inSequence = (events: readonly HqEvent[], from = 1) => events.map((event, index) => ({ ...event, sequence: from + index }));

  test('comes to the same whichever is told first, in one batch or in two, and without their order', async () => {
    const { raised, settled } = raisedAndSettled();
    const comesTo = async (batches: readonly (readonly HqEvent[])[]) => {
      await sql.unsafe(`truncate kiosk_contacts, ${factTables.join(', ')}`);
      let from = 1;
      for (const batch of batches) {
        expect(await hq.send(inSequence(batch, from))).toMatchObject({ status: 200 });
        from += batch.length;
      }
      expect(await sql`select * from quarantined_events`).toEqual([]);
      return sql`select * from attention`;
    };
    const expected = await comesTo([[raised, settled]]);
    expect(expected).toMatchObject([{ kind: 'payment_unclear', amount: 2800, raised_at: at + 55_000, started_at: at + 3000, last_card: { receiptNumber: '9000' }, decision: 'paid', decided_at: at + 900_000 }]);
    for (const batches of [[[raised], [settled]], [[settled, raised]], [[settled], [raised]]]) expect(await comesTo(batches)).toEqual(expected);
  });

  test('keeps a decision about something that HQ was never told of', async () => {
    const { settled } = raisedAndSettled();
    expect(await hq.send(inSequence([settled]))).toMatchObject({ status: 200 });
    expect(await sql`select kind, raised_at, detail, decision, decided_at from attention`).toEqual([
      { kind: 'payment_unclear', raised_at: null, detail: null, decision: 'paid', decided_at: at + 900_000 },
    ]);
  });

  test.each([['payment_unclear', 'paid_send_back'], ['reversal_refused', 'stays_paid']] as const)('knows each decision that a kiosk may tell: about %s, %s', async (ending, decision) => {
    const story = createStory(testKiosk);
    const { orderId, attentionId } = story.order({ offers: [['latte', 1]], ending, at });
    story.add('attention.settled', { id: attentionId, kind: ending, orderId, decision }, at + 900_000);
    await hq.send(story.events);
    expect(await sql`select * from quarantined_events`).toEqual([]);
    expect(await sql`select kind, decision from attention`).toEqual([{ kind: ending, decision }]);
  });

  test('takes a decision once when a restored kiosk tells it again in a new epoch, and follows it when it decides anew', async () => {
    const { raised, settled } = raisedAndSettled();
    await hq.send(inSequence([raised, settled]));
    const before = await sql`select * from attention`;
    await hq.send(inSequence([raised, settled]), { epoch: 2 });
    expect(await sql`select * from attention`).toEqual(before);
    const other = { ...settled, id: '01936a00-0000-7000-8000-0000000000fe' as HqEvent['id'], at: at + 950_000, payload: settled.payload.replace('"paid"', '"not_paid"') };
    await hq.send(inSequence([other], 3), { epoch: 2 });
    expect(await sql`select raised_at, decision, decided_at from attention`).toEqual([{ raised_at: at + 55_000, decision: 'not_paid', decided_at: at + 950_000 }]);
  });
});

describe('contents never block', () => {
  test.each([
    ['an unknown kind', { kind: 'drone.landed' }, 'unknown_kind'],
    ['a kind named like an object method', { kind: 'toString' }, 'unknown_kind'],
    ['a newer version', { version: 2 }, 'unknown_version'],
    ['a payload that is no JSON', { payload: '{"orderId": ' }, 'not_json'],
    ['a payload that breaks its schema', { payload: '{"orderId":"x"}' }, 'breaks_schema'],
    ['a payload with a deep nest', { payload: `${'['.repeat(90_000)}${']'.repeat(90_000)}` }, 'breaks_schema'],
    ['an unknown key with a NUL in its name', { payload: '{"a\\u0000b":1}' }, 'breaks_schema'],
    ['a text that PostgreSQL cannot keep', { kind: 'service.requested', payload: JSON.stringify({ jobId: '01936a00-0000-7000-8000-000000000001', orderId: '01936a00-0000-7000-8000-000000000002', offerId: 'top-up', service: 'top_up', quantity: 1, amount: 1, phone: '1\0' }) }, 'not_storable'],
    ['half a surrogate pair', { kind: 'service.requested', payload: '{"jobId":"01936a00-0000-7000-8000-000000000001","orderId":"01936a00-0000-7000-8000-000000000002","offerId":"top-up","service":"top_up","quantity":1,"amount":1,"phone":"\\ud800"}' }, 'not_storable'],
    ['a state of an order that is not here', { kind: 'order.state', payload: '{"orderId":"01936a00-0000-7000-8000-000000000002","from":"placed","to":"paid"}' }, 'order_unknown'],
  ])('%s is kept, set aside and acknowledged', async (_name, change, reason) => {
    const events = day();
    const broken = { ...events[0]!, ...change } as HqEvent;
    expect(await hq.send([broken, ...events.slice(1)])).toEqual({ status: 200, body: { epoch: 1, acknowledged: events.length } });
    expect(await sql`select sequence, reason from quarantined_events`).toEqual([{ sequence: 1, reason }]);
    expect(await sql`select payload from events where sequence = 1`).toEqual([{ payload: broken.payload }]);
    expect(await sql`select count(*) as orders from orders`).toEqual([{ orders: endings.length }]);
  });

  test('numbers as large as the contract allows are kept', async () => {
    const [event] = day();
    const payload = JSON.stringify({ offerId: 'umbrella', change: Number.MAX_SAFE_INTEGER, left: Number.MIN_SAFE_INTEGER, reason: 'initial' });
    expect(await hq.send([{ ...event!, payload }])).toMatchObject({ status: 200 });
    expect(await sql`select remaining from stock`).toEqual([{ remaining: Number.MIN_SAFE_INTEGER }]);
  });

  test('an order placed twice under two event ids keeps its first contents', async () => {
    const events = day();
    const second = { ...events[1]!, sequence: events.length + 1, id: '01936a00-0000-7000-8000-0000000000ff' as HqEvent['id'] };
    await hq.send([...events, second]);
    expect(await sql`select sequence, reason from quarantined_events`).toEqual([{ sequence: second.sequence, reason: 'order_repeated' }]);
    expect(await sql`select count(*) as orders from orders`).toEqual([{ orders: endings.length }]);
  });
});

describe('who may send', () => {
  test('only a known token, and only for its own kiosk', async () => {
    const other = kioskIdSchema.parse('kiosk-002');
    await ensureKiosk(sql, other, 'Second', 'another-token-0123456789', testNow);
    for (const more of [{ token: 'wrong-token-0123456789' }, { token: '' }, { token: 'another-token-0123456789' }, { kioskId: other }]) {
      expect(await hq.send(day(), more)).toMatchObject({ status: 401, body: { code: 'HQ_UNKNOWN_KIOSK' } });
    }
    expect(await sql`select count(*) as n from events`).toEqual([{ n: 0 }]);
  });

  test('a new token replaces the old one', async () => {
    const other = kioskIdSchema.parse('kiosk-003');
    await ensureKiosk(sql, other, 'Third', 'first-token-0123456789', testNow);
    await ensureKiosk(sql, other, 'Third', 'second-token-0123456789', testNow);
    expect((await hq.send(day(), { kioskId: other, token: 'first-token-0123456789' })).status).toBe(401);
    expect((await hq.send(day(), { kioskId: other, token: 'second-token-0123456789' })).status).toBe(200);
  });
});

describe('a bad envelope', () => {
  test.each([
    ['no batch at all', { hello: 1 }],
    ['an unknown lane', { kioskId: testKiosk, lane: 'gossip', epoch: 1, events: day() }],
    ['no events', { kioskId: testKiosk, lane: 'orders', epoch: 1, events: [] }],
    ['sequences that do not follow on each other', { kioskId: testKiosk, lane: 'orders', epoch: 1, events: [day()[0], day()[2]] }],
    ['a NUL in a payload', { kioskId: testKiosk, lane: 'orders', epoch: 1, events: [{ ...day()[0], payload: 'a\0b' }] }],
  ])('%s is refused by name', async (_name, payload) => {
    const answer = await hq.app.inject({ method: 'POST', url: '/api/kiosk/events', headers: { authorization: `Bearer ${testToken}` }, payload });
    expect(answer.statusCode).toBe(400);
    expect(answer.json()).toMatchObject({ code: 'HQ_BATCH_MALFORMED', detail: expect.any(String) });
  });

  test('no JSON, another type, and too many bytes are refused with their status', async () => {
    const call = (payload: string, type: string) => hq.app.inject({ method: 'POST', url: '/api/kiosk/events', headers: { authorization: `Bearer ${testToken}`, 'content-type': type }, payload });
    expect((await call('{', 'application/json')).statusCode).toBe(400);
    expect((await call('x', 'application/x-rubbish')).statusCode).toBe(415);
    const large = await call(JSON.stringify({ x: 'y'.repeat(5_000_000) }), 'application/json');
    expect(large.statusCode).toBe(413);
    expect(large.json()).toMatchObject({ code: 'HQ_BATCH_MALFORMED' });
  });
});

describe('the mark', () => {
  const ask = async (query = '') => (await hq.app.inject({ url: `/api/kiosk/mark${query}`, headers: { authorization: `Bearer ${testToken}` } })).json() as unknown;

  test('begins at nothing, follows, and knows each epoch', async () => {
    expect(await ask()).toEqual({ epoch: 1, acknowledged: 0 });
    const events = day();
    await hq.send(events.slice(0, 7));
    expect(await ask()).toEqual({ epoch: 1, acknowledged: 7 });
    await hq.send(events.slice(7, 9).map((event, index) => ({ ...event, sequence: index + 1 })), { epoch: 3 });
    expect(await ask()).toEqual({ epoch: 3, acknowledged: 2 });
    expect(await ask('?epoch=1')).toEqual({ epoch: 1, acknowledged: 7 });
    expect(await ask('?epoch=2')).toEqual({ epoch: 2, acknowledged: 0 });
  });
});
