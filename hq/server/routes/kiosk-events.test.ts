import fc from 'fast-check';
import { afterAll, beforeAll, beforeEach, describe, expect, test } from 'vitest';
import type { HqEvent } from '../../../domain/contract/hq.ts';
import { kioskIdSchema } from '../../../domain/ids.ts';
import type { Sql } from '../database.ts';
import type { TestPostgres } from '../testing/database.ts';
import { startTestPostgres } from '../testing/database.ts';
import type { TestHq } from '../testing/hq.ts';
import { startTestHq, testKiosk, testNow } from '../testing/hq.ts';
import type { Ending, StoryOffer } from '../testing/story.ts';
import { chainOf, createStory, storyOffers } from '../testing/story.ts';

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
  await sql.unsafe(`truncate kiosk_contacts, kiosk_clocks, alarms, personal_keys, ${factTables.join(', ')}`);
});

const factTables = ['cursors', 'events', 'quarantined_events', 'orders', 'order_lines', 'payments', 'jobs', 'attention', 'service_requests', 'stock_moves', 'stock'];
const at = testNow - 3_600_000;
const endings: readonly Ending[] = ['fulfilled', 'declined_then_paid', 'print_failed', 'cancelled', 'payment_unknown', 'refunded', 'payment_unclear', 'print_uncertain', 'reversal_refused'];

function day(): HqEvent[] {
  const story = createStory(testKiosk, 'https://hq.example', 'sealed');
  story.add('stock.moved', { offerId: 'umbrella', change: 12, left: 12, reason: 'initial' }, at);
  const told = endings.map((ending, index) => story.order({ offers: [[Object.keys(storyOffers)[index % 6] as StoryOffer, 1 + (index % 2)], ['topUp', 1]], ending, at: at + index * 60_000 }));
  const { orderId, attentionId } = told[endings.indexOf('print_uncertain')]!;
  story.add('attention.settled', { id: attentionId, kind: 'print_uncertain', orderId, decision: 'leave' }, at + 3_000_000);
  return [...story.events];
}

/** Events as a kiosk sends them: numbered and chained. */
const inSequence = (events: readonly HqEvent[], epoch = 1) => chainOf(events, 'orders', epoch);
const markAt = (events: readonly HqEvent[], epoch = 1) => ({ epoch, acknowledged: events.length, head: events.at(-1)?.hash, hqTime: testNow });

/** Everything that HQ holds, in an order that does not depend on how it came. */
async function tables(): Promise<unknown> {
  const contents = [];
  for (const name of factTables) contents.push([name, (await sql.unsafe(`select to_jsonb(t) as row from ${name} t order by to_jsonb(t)::text`)).map(({ row }) => row as unknown)]);
  return Object.fromEntries(contents);
}

describe('a batch of events', () => {
  test('is stored exactly as it came and answered with the mark', async () => {
    const events = day();
    expect(await hq.send(events)).toEqual({ status: 200, body: markAt(events) });
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
    expect(await hq.send(events)).toEqual({ status: 200, body: markAt(events) });
    expect(await hq.send(events.slice(0, 5))).toEqual({ status: 200, body: markAt(events) });
    expect(await tables()).toEqual(before);
  });

  test('gives the same tables however it is cut, doubled, overlapped and sent at once', async () => {
    const events = day();
    await hq.send(events);
    const expected = await tables();
    const piece = fc.tuple(fc.nat(events.length - 1), fc.integer({ min: 1, max: events.length }));
    await fc.assert(
      fc.asyncProperty(fc.array(fc.array(piece, { minLength: 1, maxLength: 4 }), { maxLength: 6 }), async (rounds) => {
        await sql.unsafe(`truncate kiosk_contacts, kiosk_clocks, alarms, personal_keys, ${factTables.join(', ')}`);
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
    for (const change of [{ payload: `${events[1]!.payload} ` }, { id: events[9]!.id }, { at: 1 }, { monotonicMs: 1 }, { kind: 'order.placed2' }, { version: 9 }]) {
      const other = inSequence(events.map((event, index) => (index === 1 ? { ...event, ...change } as HqEvent : event)));
      expect(await hq.send(other)).toMatchObject({ status: 409, body: { code: 'HQ_EVENT_CONFLICT', detail: 'sequence 2 of epoch 1', mark: { epoch: 1, acknowledged: 3, head: events[2]!.hash } } });
      expect(await hq.send(other.slice(0, 2))).toMatchObject({ status: 409, body: { code: 'HQ_EVENT_CONFLICT' } });
    }
    expect(await sql`select count(*) as n from events`).toEqual([{ n: 3 }]);
  });

  test('whose chain does not hold is refused whole and alarmed once, however often it comes', async () => {
    const events = day();
    await hq.send(events.slice(0, 3));
    for (const at of [3, 5]) {
      const broken = events.map((event, index) => (index === at ? { ...event, payload: `${event.payload} ` } : event));
      for (const from of [0, 1, 3]) expect(await hq.send(broken.slice(from))).toMatchObject({ status: 409, body: { code: 'HQ_CHAIN_BROKEN', detail: `sequence ${at + 1} of epoch 1`, mark: { acknowledged: 3 } } });
    }
    const skipped = [...events.slice(0, 4), ...chainOf(events.slice(5), 'orders', 1, { sequence: 4, head: events[4]!.hash })];
    expect(await hq.send(skipped)).toMatchObject({ status: 409, body: { code: 'HQ_CHAIN_BROKEN' } });
    expect(await sql`select kind, times, settled_at from alarms`).toEqual([{ kind: 'chain_broken', times: 7, settled_at: null }]);
    expect(await sql`select count(*) as n from events`).toEqual([{ n: 3 }]);
  });

  test('of an epoch that was left is refused, and what was taken of it stays', async () => {
    const events = day();
    await hq.send(events.slice(0, 20));
    const next = inSequence(events.slice(10, 15), 2);
    expect(await hq.send(next, { epoch: 2 })).toEqual({ status: 200, body: markAt(next, 2) });
    expect(await hq.send(events.slice(20))).toMatchObject({ status: 409, body: { code: 'HQ_EPOCH_OLD', mark: { epoch: 2, acknowledged: 5, head: next[4]!.hash } } });
    expect(await hq.send(events.slice(0, 3))).toMatchObject({ status: 409, body: { code: 'HQ_EPOCH_OLD' } });
    expect(await sql`select epoch, count(*) as n from events group by epoch order by epoch`).toEqual([{ epoch: 1, n: 20 }, { epoch: 2, n: 5 }]);
    expect(await sql`select kind, subject, times from alarms`).toEqual([{ kind: 'next_epoch', subject: 'orders 2', times: 1 }]);
  });

  test('of a new epoch begins at its first event', async () => {
    const events = day();
    await hq.send(events.slice(0, 5));
    expect(await hq.send(inSequence(events, 4).slice(1), { epoch: 4 })).toMatchObject({ status: 409, body: { code: 'HQ_SEQUENCE_GAP', mark: { epoch: 1, acknowledged: 5 } } });
    expect(await sql`select epoch from cursors`).toEqual([{ epoch: 1 }]);
  });

  test('of one epoch and of the next at once: whichever is first, nothing of the old one is taken after the new', async () => {
    const events = day();
    for (let round = 0; round < 12; round++) {
      await sql.unsafe(`truncate kiosk_contacts, kiosk_clocks, alarms, personal_keys, ${factTables.join(', ')}`);
      if (round % 2 === 0) await hq.send(events.slice(0, 4));
      const next = inSequence(events, 2);
      const [old, fresh] = await Promise.all([hq.send(events), hq.send(next, { epoch: 2 }), hq.send(next, { epoch: 2 })]);
      expect([200, 409]).toContain(old.status);
      expect(fresh).toEqual({ status: 200, body: markAt(next, 2) });
      expect(await sql`select event_id from events where not repeated group by event_id having count(*) > 1`).toEqual([]);
      expect(await sql`select count(*) as orders from orders`).toEqual([{ orders: endings.length }]);
      expect(await sql`select * from quarantined_events`).toEqual([]);
    }
  });

  test('follows a mark from before there were chains, and checks from there on', async () => {
    const events = day();
    await hq.send(events.slice(0, 5));
    await sql`update events set hash = ''`;
    await sql`update cursors set head = ''`;
    expect(await hq.send(events.slice(2, 5))).toMatchObject({ status: 200, body: { acknowledged: 5 } });
    expect(await hq.send(inSequence(events.map((event, index) => (index === 3 ? { ...event, at: 1 } : event))).slice(2, 5))).toMatchObject({ status: 409, body: { code: 'HQ_EVENT_CONFLICT' } });
    expect(await hq.send(events.slice(5, 8))).toMatchObject({ status: 200, body: { acknowledged: 8 } });
    expect(await hq.send(events.slice(8).map((event) => ({ ...event, at: 1 })))).toMatchObject({ status: 409, body: { code: 'HQ_CHAIN_BROKEN' } });
    expect(await hq.send(inSequence(events, 2), { epoch: 2 })).toMatchObject({ status: 200 });
  });

  test('in a new epoch repeats event ids without a second effect', async () => {
    const events = day();
    await hq.send(events.slice(0, 20));
    const again = inSequence(events.slice(10), 2);
    expect(await hq.send(again, { epoch: 2 })).toEqual({ status: 200, body: markAt(again, 2) });
    expect(await sql`select count(*) as n from events where repeated`).toEqual([{ n: 10 }]);
    expect(await sql`select count(*) as orders from orders`).toEqual([{ orders: endings.length }]);
    expect(await sql`select * from quarantined_events`).toEqual([]);
  });

  test('names an event id that comes again for something else', async () => {
    const events = day();
    await hq.send(events.slice(0, 2));
    await hq.send(inSequence([{ ...events[2]!, id: events[0]!.id }], 2), { epoch: 2 });
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

  test('comes to the same whichever is told first, in one batch or in two, and without their order', async () => {
    const { raised, settled } = raisedAndSettled();
    const comesTo = async (batches: readonly (readonly HqEvent[])[]) => {
      await sql.unsafe(`truncate kiosk_contacts, kiosk_clocks, alarms, personal_keys, ${factTables.join(', ')}`);
      const all = inSequence(batches.flat());
      let from = 0;
      for (const batch of batches) {
        expect(await hq.send(all.slice(from, from + batch.length))).toMatchObject({ status: 200 });
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
    await hq.send(inSequence([raised, settled], 2), { epoch: 2 });
    expect(await sql`select * from attention`).toEqual(before);
    const other = { ...settled, id: '01936a00-0000-7000-8000-0000000000fe' as HqEvent['id'], at: at + 950_000, payload: settled.payload.replace('"paid"', '"not_paid"') };
    await hq.send(inSequence([raised, settled, other], 2), { epoch: 2 });
    expect(await sql`select raised_at, decision, decided_at from attention`).toEqual([{ raised_at: at + 55_000, decision: 'not_paid', decided_at: at + 950_000 }]);
  });
});

describe('contents never block', () => {
  test.each([
    ['an unknown kind', { kind: 'drone.landed' }, 'unknown_kind'],
    ['a kind named like an object method', { kind: 'toString' }, 'unknown_kind'],
    ['a newer version', { version: 3 }, 'unknown_version'],
    ['a payload that is no JSON', { payload: '{"orderId": ' }, 'not_json'],
    ['a payload that breaks its schema', { payload: '{"orderId":"x"}' }, 'breaks_schema'],
    ['a payload with a deep nest', { payload: `${'['.repeat(90_000)}${']'.repeat(90_000)}` }, 'breaks_schema'],
    ['an unknown key with a NUL in its name', { payload: '{"a\\u0000b":1}' }, 'breaks_schema'],
    ['a text that PostgreSQL cannot keep', { kind: 'service.requested', payload: JSON.stringify({ jobId: '01936a00-0000-7000-8000-000000000001', orderId: '01936a00-0000-7000-8000-000000000002', offerId: 'top-up', service: 'top_up', quantity: 1, amount: 1, phone: '1\0' }) }, 'not_storable'],
    ['half a surrogate pair', { kind: 'service.requested', payload: '{"jobId":"01936a00-0000-7000-8000-000000000001","orderId":"01936a00-0000-7000-8000-000000000002","offerId":"top-up","service":"top_up","quantity":1,"amount":1,"phone":"\\ud800"}' }, 'not_storable'],
    ['a state of an order that is not here', { kind: 'order.state', version: 1, payload: '{"orderId":"01936a00-0000-7000-8000-000000000002","from":"placed","to":"paid"}' }, 'order_unknown'],
  ])('%s is kept, set aside and acknowledged', async (_name, change, reason) => {
    const events = day();
    const told = inSequence([{ ...events[0]!, ...change } as HqEvent, ...events.slice(1)]);
    const broken = told[0]!;
    expect(await hq.send(told)).toEqual({ status: 200, body: markAt(told) });
    expect(await sql`select kind, times from alarms`).toEqual([{ kind: 'quarantined', times: 1 }]);
    expect(await sql`select sequence, reason from quarantined_events`).toEqual([{ sequence: 1, reason }]);
    expect(await sql`select payload from events where sequence = 1`).toEqual([{ payload: broken.payload }]);
    expect(await sql`select count(*) as orders from orders`).toEqual([{ orders: endings.length }]);
  });

  test('numbers as large as the contract allows are kept', async () => {
    const [event] = day();
    const payload = JSON.stringify({ offerId: 'umbrella', change: Number.MAX_SAFE_INTEGER, left: Number.MIN_SAFE_INTEGER, reason: 'initial' });
    expect(await hq.send(inSequence([{ ...event!, payload }]))).toMatchObject({ status: 200 });
    expect(await sql`select remaining from stock`).toEqual([{ remaining: Number.MIN_SAFE_INTEGER }]);
  });

  test('an order placed twice under two event ids keeps its first contents', async () => {
    const events = day();
    const second = { ...events[1]!, sequence: events.length + 1, id: '01936a00-0000-7000-8000-0000000000ff' as HqEvent['id'] };
    await hq.send(inSequence([...events, second]));
    expect(await sql`select sequence, reason from quarantined_events`).toEqual([{ sequence: second.sequence, reason: 'order_repeated' }]);
    expect(await sql`select count(*) as orders from orders`).toEqual([{ orders: endings.length }]);
  });
});

describe('who may send', () => {
  test('only the kiosk that has signed', async () => {
    const other = await hq.addKiosk(kioskIdSchema.parse('kiosk-002'));
    expect(await other.send(day(), { kioskId: testKiosk })).toMatchObject({ status: 401, body: { code: 'HQ_UNKNOWN_KIOSK' } });
    expect(await sql`select count(*) as n from events`).toEqual([{ n: 0 }]);
  });
});

describe('a bad envelope', () => {
  const rubbish: [string, Record<string, unknown>][] = [
    ['no batch at all', { lane: undefined, events: undefined }],
    ['an unknown lane', { lane: 'gossip' }],
    ['no events', { events: [] }],
    ['no clock', { clock: undefined }],
    ['sequences that do not follow on each other', { events: [day()[0], day()[2]] }],
    ['a NUL in a payload', { events: inSequence([{ ...day()[0]!, payload: 'a\0b' }]) }],
    ['a line break in a kind', { events: inSequence([{ ...day()[0]!, kind: 'a\nb' }]) }],
  ];
  test.each(rubbish)('%s is refused by name', async (_name, change) => {
    const answer = await hq.kiosk.ask('POST', '/api/kiosk/events', { kioskId: testKiosk, lane: 'orders', epoch: 1, clock: hq.kiosk.clock(), events: day(), ...change });
    expect(answer).toMatchObject({ status: 400, body: { code: 'HQ_BATCH_MALFORMED', detail: expect.stringMatching(/^(lane|events|clock|events\.\d\.\w+|events\.\d): ./) } });
    expect(await sql`select count(*) as n from events`).toEqual([{ n: 0 }]);
  });

  test('what is wrong with the whole of it is said of its top, and of many findings how many more there are', async () => {
    const ask = async (change: Record<string, unknown>) => (await hq.kiosk.ask('POST', '/api/kiosk/greet', { kioskId: testKiosk, clock: hq.kiosk.clock(), ...change })).body as { readonly detail: string };
    expect((await ask({ gossip: 1 })).detail).toMatch(/^\(top\): .*"gossip"/);
    const none = { at: undefined, boot: undefined, monotonicMs: undefined };
    expect((await hq.kiosk.ask('POST', '/api/kiosk/events', { kioskId: 1, lane: 1, epoch: 'x', clock: none, events: 1 })).body).toMatchObject({ detail: expect.stringMatching(/; and \d+ more$/) });
  });
});
