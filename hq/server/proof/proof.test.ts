import { generateKeyPairSync, sign } from 'node:crypto';
import fc from 'fast-check';
import { afterAll, beforeAll, beforeEach, describe, expect, test } from 'vitest';
import type { DayClosing, HqEvent, Lane } from '../../../domain/contract/hq.ts';
import { closingRanges, closingSums } from '../../../domain/sync/day-closing.ts';
import type { ProofResult } from '../../contract/console.ts';
import type { Sql } from '../database.ts';
import { thinLogs } from '../ingest/project-facts.ts';
import type { TestPostgres } from '../testing/database.ts';
import { startTestPostgres } from '../testing/database.ts';
import type { TestHq } from '../testing/hq.ts';
import { startTestHq, testKiosk, testNow } from '../testing/hq.ts';
import { chainOf, createStory, sealStoryWords } from '../testing/story.ts';
import { listProofs } from './list.ts';
import { resendWanted } from './resend.ts';
import { checkEvery, checkWaiting, logsKeptMs } from './run.ts';

let postgres: TestPostgres;
let sql: Sql;
let hq: TestHq;
const { privateKey, publicKey } = generateKeyPairSync('ed25519');

beforeAll(async () => {
  postgres = await startTestPostgres();
  const database = await postgres.createDatabase();
  sql = database.sql;
  hq = await startTestHq(database);
  const spki = publicKey.export({ format: 'der', type: 'spki' });
  await sql`
    insert into kiosk_keys (kiosk_id, fingerprint, public_key, state, app, enrolled_at, approved_at) values (${testKiosk}, 'closing', ${spki}, 'revoked', '0', 1, 1)`;
}, 60_000);
afterAll(async () => {
  await hq?.close();
  await postgres?.stop();
});

const orderTables = ['orders', 'order_lines', 'payments', 'jobs', 'service_requests', 'service_settlements', 'feedback', 'stock_moves', 'stock', 'attention'];
const clear = () => sql.unsafe(`truncate alarms, proofs, cursors, events, quarantined_events, log_lines, kiosk_facts, ${orderTables.join(', ')}`);
beforeEach(clear);

const at = testNow - 3_600_000;

/** A day of every ending, as a kiosk has it: two lanes, and the books of it as the last event of the first. */
function closedDay(change: (closing: DayClosing) => DayClosing = (closing) => closing, key = privateKey): Record<'orders' | 'stock', HqEvent[]> {
  const story = createStory(testKiosk, 'https://hq.example', 'sealed');
  story.add('stock.moved', { offerId: 'umbrella', change: 12, left: 12, reason: 'initial' }, at);
  story.order({ offers: [['latte', 1], ['umbrella', 2]], ending: 'fulfilled', at });
  const { orderId, jobId } = story.order({ offers: [['charger', 1], ['topUp', 1]], ending: 'declined_then_paid', at: at + 60_000 });
  story.add('service.settled', { jobId, orderId, outcome: 'pending' }, at + 90_000);
  story.add('service.settled', { jobId, orderId, outcome: 'done', reference: 'LB1' }, at + 95_000);
  story.add('feedback.given', { orderId, stars: 4, chips: ['quick'], words: sealStoryWords(orderId, 'Thank you') }, at + 99_000);
  story.add('help.called', { callId: '0190a000-0000-7000-8000-0000000000aa', screen: 'pay', orderId }, at + 99_500);
  story.order({ offers: [['umbrella', 1]], ending: 'refunded', at: at + 120_000 });
  story.order({ offers: [['dumplings', 2]], ending: 'cancelled', at: at + 180_000 });
  story.order({ offers: [['latte', 1]], ending: 'reversal_refused', at: at + 240_000 });
  const lanes = { orders: story.lane('orders'), stock: story.lane('stock') };
  const standings = (['orders', 'stock'] as const).flatMap((lane) => lanes[lane].map(({ sequence, hash }) => ({ lane, epoch: 1, sequence, hash })));
  const closing = change({ kioskId: testKiosk, number: 1, day: '2026-11-22', closedAt: at + 900_000, ranges: closingRanges(standings), ...closingSums([...lanes.orders, ...lanes.stock]) });
  const body = JSON.stringify(closing);
  story.add('day.closed', { body, signature: sign(null, Buffer.from(body), key).toString('base64') }, at + 900_000);
  return { orders: story.lane('orders'), stock: story.lane('stock') };
}

async function settled(): Promise<{ state: string; result: ProofResult | null }> {
  // The check goes on after the answer to the batch.
  for (let round = 0; round < 100; round++) {
    const [row] = await sql<{ state: string; result: ProofResult | null }[]>`select state, result from proofs`;
    if (row && row.state !== 'waiting') return row;
    await new Promise((resolve) => setTimeout(resolve, 20));
  }
  throw new Error('the proof stays unsettled');
}

async function sendDay(day = closedDay()): Promise<Record<'orders' | 'stock', HqEvent[]>> {
  expect(await hq.kiosk.send(day.stock, { lane: 'stock' })).toMatchObject({ status: 200 });
  expect(await hq.kiosk.send(day.orders)).toMatchObject({ status: 200 });
  return day;
}

/** What a kiosk does with `resend` of POST /api/kiosk/down. */
async function resend(day: Record<'orders' | 'stock', HqEvent[]>): Promise<number> {
  let accepted = 0;
  for (const { lane, epoch, sequences } of await resendWanted(sql, testKiosk)) {
    const events = day[lane as 'orders' | 'stock'].filter(({ sequence }) => sequences.includes(sequence));
    const answer = await hq.kiosk.ask('POST', '/api/kiosk/resend', { kioskId: testKiosk, lane, epoch, events });
    expect(answer.status).toBe(200);
    ({ accepted } = answer.body as { accepted: number });
  }
  return accepted;
}

async function tables(): Promise<Record<string, unknown>> {
  const contents: Record<string, unknown> = {};
  for (const name of [...orderTables, 'quarantined_events']) contents[name] = (await sql.unsafe(`select to_jsonb(t) - 'received_at' as row from ${name} t order by to_jsonb(t)::text`)).map(({ row }) => row as unknown);
  contents['events'] = await sql`select lane, epoch, sequence, event_id, payload, hash, order_id, repeated, body, occurred_at from events order by lane, epoch, sequence`;
  return contents;
}

describe('a closed day', () => {
  test('is green when HQ has all that it counts, and its books are what a person would add up', async () => {
    await sendDay();
    expect(await settled()).toEqual({ state: 'green', result: { signature: 'valid', missing: [], differing: [], projections: [], sums: [], setAside: [], missingClosings: [], uncounted: [], more: 0 } });
    const [proof] = await listProofs(sql, { kioskId: testKiosk });
    expect(proof).toMatchObject({ day: '2026-11-22', number: 1, state: 'green', orders: { CNY: { count: 5, sum: 2800 + 7800 + 8900 + 4990 + 3900 + 3700 + 2800 } } });
    expect(await sql`select * from alarms`).toEqual([]);
  });

  test('waits for a lane that has not come, and is green when it has', async () => {
    const day = closedDay();
    await hq.kiosk.send(day.stock.slice(0, 2), { lane: 'stock' });
    await hq.kiosk.send(day.orders);
    expect(await checkWaiting(sql, testKiosk, testNow)).toBe(0);
    expect(await sql`select state, checked_at from proofs`).toEqual([{ state: 'waiting', checked_at: testNow }]);
    await hq.kiosk.send(day.stock.slice(2), { lane: 'stock' });
    expect((await settled()).state).toBe('green');
  });

  test('is red when what it counts has not come for a day, and names it', async () => {
    const day = closedDay();
    await hq.kiosk.send(day.stock.slice(0, 2), { lane: 'stock' });
    await hq.kiosk.send(day.orders);
    await checkWaiting(sql, testKiosk, testNow + 2 * 86_400_000);
    const missing = day.stock.slice(2).map(({ sequence }) => sequence);
    expect(await settled()).toMatchObject({ state: 'red', result: { missing: [{ lane: 'stock', epoch: 1, sequences: missing }], differing: [] } });
    expect(await sql`select kind, detail from alarms`).toMatchObject([{ kind: 'proof_red', detail: expect.stringContaining('missing stock 1/3') }]);
  });

  test('stays green when the logs that it counts have been let go after their time', async () => {
    const story = createStory(testKiosk);
    story.add('log.lines', { lines: [{ at, level: 'info', message: 'started' }] }, at);
    const logs = story.lane('logs');
    const closing: DayClosing = { kioskId: testKiosk, number: 1, day: '2026-11-22', closedAt: at, ranges: [{ lane: 'logs', epoch: 1, from: 1, to: 1, count: 1, head: logs[0]!.hash }], orders: {}, payments: {}, stock: {} };
    const body = JSON.stringify(closing);
    story.add('day.closed', { body, signature: sign(null, Buffer.from(body), privateKey).toString('base64') }, at);
    await hq.kiosk.send(logs, { lane: 'logs' });
    await hq.kiosk.send(story.lane('orders'));
    expect((await settled()).state).toBe('green');
    const later = testNow + logsKeptMs + 1;
    expect(await sql.begin((transaction) => thinLogs(transaction, testKiosk, later - logsKeptMs))).toBe(1);
    expect(await sql`select lane from events`).toEqual([{ lane: 'orders' }]);
    await checkEvery(sql, testKiosk, later);
    expect((await settled()).state).toBe('green');
    await checkEvery(sql, testKiosk, testNow + 1);
    expect(await settled()).toMatchObject({ state: 'red', result: { missing: [{ lane: 'logs', epoch: 1, sequences: [1] }] } });
  });

  test('that another key has signed is red', async () => {
    await sendDay(closedDay(undefined, generateKeyPairSync('ed25519').privateKey));
    expect(await settled()).toMatchObject({ state: 'red', result: { signature: 'wrong', missing: [], differing: [], sums: [] } });
  });

  test('whose books do not add up is red by the sum that differs', async () => {
    await sendDay(closedDay((closing) => ({ ...closing, payments: { ...closing.payments, 'CNY card approved': { count: 3, sum: 1 } } })));
    expect(await settled()).toMatchObject({ state: 'red', result: { signature: 'valid', sums: ['payments CNY card approved'] } });
  });

  test('with another head is red at its last event', async () => {
    const day = closedDay((closing) => ({ ...closing, ranges: closing.ranges.map((range) => (range.lane === 'stock' ? { ...range, head: 'f'.repeat(64) } : range)) }));
    await sendDay(day);
    expect(await settled()).toMatchObject({ state: 'red', result: { differing: [{ lane: 'stock', epoch: 1, sequences: [day.stock.length] }] } });
  });

  test('of which the end came under new numbers in later epochs is green, since the hashes prove it', async () => {
    const day = closedDay();
    await hq.kiosk.send(day.stock.slice(0, 2), { lane: 'stock' });
    const inEpoch = (events: readonly HqEvent[], lane: Lane, epoch: number) => chainOf(events, lane, epoch);
    // Half of the orders in epoch 1, some of them again in 2 with more, and the rest of it from 3 on.
    await hq.kiosk.send(day.orders.slice(0, 20));
    await hq.kiosk.send(inEpoch(day.orders.slice(15, 30), 'orders', 2), { epoch: 2 });
    await hq.kiosk.send(inEpoch(day.orders.slice(30), 'orders', 3), { epoch: 3 });
    await hq.kiosk.send(inEpoch(day.stock.slice(2), 'stock', 2), { lane: 'stock', epoch: 2 });
    expect(await settled()).toMatchObject({ state: 'green' });
  });
});

describe('what was done to HQ’s own rows', () => {
  type Sabotage = readonly [name: string, statement: string, expected: Partial<ProofResult>];
  const at17 = "lane = 'orders' and epoch = 1 and sequence = 17";
  const list: Sabotage[] = [
    ['an event deleted', `delete from events where ${at17}`, { missing: [{ lane: 'orders', epoch: 1, sequences: [17] }] }],
    ['the first and the last deleted', "delete from events where lane = 'stock' and sequence in (1, (select max(sequence) from events where lane = 'stock'))", { missing: [{ lane: 'stock', epoch: 1, sequences: [1, 4] }] }],
    ['a payload changed by a space', `update events set payload = payload || ' ' where ${at17}`, { differing: [{ lane: 'orders', epoch: 1, sequences: [17] }] }],
    ['a hash changed', `update events set hash = repeat('a', 64) where ${at17}`, { differing: [{ lane: 'orders', epoch: 1, sequences: [17] }] }],
    ['a time changed', `update events set at = at + 1 where ${at17}`, { differing: [{ lane: 'orders', epoch: 1, sequences: [17] }] }],
    ['an amount changed with everything else in its place', "update events set payload = replace(payload, '\"amount\":10600', '\"amount\":10601') where lane = 'orders' and kind = 'payment.attempt' and sequence < 10", {}],
    ['an order deleted', "delete from orders where number = 'A002'", { projections: [expect.objectContaining({ table: 'orders', lane: 'orders', epoch: 1 })] as never }],
    ['a total changed', "update orders set total_amount = total_amount + 1 where number = 'A002'", { projections: [expect.objectContaining({ table: 'orders' })] as never }],
    ['a payment deleted', "delete from payments where state = 'declined'", { projections: [expect.objectContaining({ table: 'payments' })] as never }],
    ['a payment made up', "insert into payments select kiosk_id, gen_random_uuid(), order_id, amount, currency, state, card, result_code, started_at, state_at from payments where state = 'declined'", { projections: [expect.objectContaining({ table: 'payments' })] as never }],
    ['a stock move deleted', "delete from stock_moves where sequence = 2", { projections: [expect.objectContaining({ table: 'stock_moves', lane: 'stock', epoch: 1, sequence: 2 })] as never }],
    ['stock miscounted', "update stock set remaining = 99 where offer_id = 'umbrella'", { projections: [expect.objectContaining({ table: 'stock', id: 'umbrella' })] as never }],
    ...([
      ['events called repeated, with their orders gone', "update events set repeated = true where kind = 'order.placed'; delete from orders; delete from order_lines", 'events'],
      ['everything called repeated, with every table emptied', 'update events set repeated = true where kind <> \'day.closed\'; delete from orders; delete from order_lines; delete from payments; delete from jobs; delete from service_requests; delete from attention; delete from stock_moves; delete from stock', 'events'],
      ['events taken from their orders, with these gone', "update events set order_id = null where kind = 'order.placed'; delete from orders; delete from order_lines", 'events'],
      ['an event given to another order', "update events set order_id = (select order_id from orders where number = 'A001') where order_id = (select order_id from orders where number = 'A002') and kind = 'payment.attempt'", 'events'],
      ['a card changed', `update payments set card = '{"maskedPan":"************0000"}' where state = 'reversed'`, 'payments'],
      ['a line with another offer', "update order_lines set offer_id = 'other', name_zh = '另' where line = 2", 'order_lines'],
      ['lines with other prices of the same sum', 'update order_lines set unit_price = unit_price + 1', 'order_lines'],
      ['choices gone', "update order_lines set choices = '[]' where choices <> '[]'", 'order_lines'],
      ['what customers wrote gone', "update order_lines set form = '{}' where form <> '{}'", 'order_lines'],
      ['a line made up', "insert into order_lines select kiosk_id, order_id, line + 7, offer_id, name_zh, name_en, fulfilment, choices, 0, unit_price, 0, form from order_lines where line = 2", 'order_lines'],
      ['another shop', `update orders set shop = '{}' where number = 'A003'`, 'orders'],
      ['other taxes', `update orders set taxes = '[]' where number = 'A003'`, 'orders'],
      ['another receipt', "update orders set receipt_url = 'https://elsewhere.example' where number = 'A003'", 'orders'],
      ['another language', "update orders set language = 'en' where number = 'A003'", 'orders'],
      ['another phone', "update service_requests set form = jsonb_build_object('phone', 'sealed:v1:x')", 'service_requests'],
      ['another reference', "update service_settlements set reference = 'X'", 'service_settlements'],
      ['other stars', 'update feedback set stars = 5', 'feedback'],
      ['words of a customer that are gone', 'update feedback set words = null', 'feedback'],
      ['another tax of a line', "update order_lines set tax = tax || '{\"amount\": 1}'", 'order_lines'],
      ['eaten somewhere else', "update orders set dining = 'take_away' where number = 'A001'", 'orders'],
      ['another kind of job', "update jobs set kind = 'request_service' where kind = 'print_receipt'", 'jobs'],
      ['what stood on the list gone', 'delete from attention', 'attention'],
      ['a decision made up', "update attention set decision = 'paid', decided_at = 1", 'attention'],
      ['something on the list made up', "insert into attention select kiosk_id, gen_random_uuid(), kind, order_id, attempt_id, job_id, amount, currency, card, detail, raised_at from attention", 'attention'],
      ['a move of an order made up', "insert into stock_moves select kiosk_id, lane, 0, sequence, offer_id, change, remaining, reason, order_id, at from stock_moves where sequence = 2", 'stock_moves'],
    ] as const).map(([name, statement, table]): Sabotage => [name, statement, { projections: expect.arrayContaining([expect.objectContaining({ table })]) as never }]),
  ];
  test.each(list)('%s: is named, comes again, and is as it was', async (_name, statement, expected) => {
    const day = await sendDay();
    expect((await settled()).state).toBe('green');
    const before = await tables();
    await sql.unsafe(statement);
    await checkEvery(sql, testKiosk, testNow + 1);
    const red = await settled();
    expect(red.state).toBe('red');
    expect(red.result).toMatchObject({ missing: [], differing: [], ...(expected.projections ? { projections: [] } : {}), ...expected, ...(Object.keys(expected).length === 0 ? { differing: expect.anything() as never } : {}) });
    await resend(day);
    expect(await settled()).toMatchObject({ state: 'green' });
    expect(await tables()).toEqual(before);
    expect(await sql`select count(*) as open from alarms where kind = 'proof_red' and settled_at is null`).toEqual([{ open: 0 }]);
    expect(await resendWanted(sql, testKiosk)).toEqual([]);
  });

  test('any rows deleted and changed at once are named, and all is as it was after they came again', async () => {
    const day = await sendDay();
    expect((await settled()).state).toBe('green');
    const before = await tables();
    const total = day.orders.length - 1;
    const some = fc.uniqueArray(fc.integer({ min: 1, max: total }), { maxLength: 6 });
    await fc.assert(
      fc.asyncProperty(some, some, async (deleted, changedToo) => {
        const changed = changedToo.filter((sequence) => !deleted.includes(sequence) && !deleted.includes(sequence - 1)).toSorted((a, b) => a - b);
        if (deleted.length + changed.length === 0) return;
        if (deleted.length > 0) await sql`delete from events where lane = 'orders' and sequence in ${sql(deleted)}`;
        if (changed.length > 0) await sql`update events set payload = payload || ' ' where lane = 'orders' and sequence in ${sql(changed)}`;
        await checkEvery(sql, testKiosk, testNow + 1);
        const red = await settled();
        expect(red.state).toBe('red');
        expect(red.result?.missing.flatMap(({ sequences }) => sequences)).toEqual(deleted.toSorted((a, b) => a - b));
        expect(red.result?.differing.flatMap(({ sequences }) => sequences)).toEqual(changed);
        await resend(day);
        expect(await settled()).toMatchObject({ state: 'green' });
        expect(await tables()).toEqual(before);
      }),
      { numRuns: 15 },
    );
  }, 60_000);

  test('is not mended with anything that the chain does not prove', async () => {
    const day = await sendDay();
    await settled();
    await sql.unsafe(`delete from events where ${at17}`);
    await checkEvery(sql, testKiosk, testNow + 1);
    const event = day.orders[16]!;
    const forged = { ...event, payload: `${event.payload} ` };
    const rehashed = chainOf([forged], 'orders', 1, { sequence: 16, head: day.orders[15]!.hash })[0]!;
    for (const events of [[forged], [rehashed], [{ ...day.orders[17]!, sequence: 17 }], [{ ...event, sequence: 500 }]]) {
      expect((await hq.kiosk.ask('POST', '/api/kiosk/resend', { kioskId: testKiosk, lane: 'orders', epoch: 1, events })).body).toEqual({ accepted: 0 });
    }
    expect((await settled()).state).toBe('red');
    expect((await hq.kiosk.ask('POST', '/api/kiosk/resend', { kioskId: testKiosk, lane: 'orders', epoch: 1, events: [event] })).body).toEqual({ accepted: 1 });
    expect((await settled()).state).toBe('green');
  });
});
