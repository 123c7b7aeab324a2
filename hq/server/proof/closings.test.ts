import { generateKeyPairSync, sign } from 'node:crypto';
import { afterAll, beforeAll, beforeEach, describe, expect, test, vi } from 'vitest';
import type { HqEvent } from '../../../domain/contract/hq.ts';
import type { Standing } from '../../../domain/sync/day-closing.ts';
import { closingRanges, closingSums } from '../../../domain/sync/day-closing.ts';
import type { ProofResult } from '../../contract/console.ts';
import { proofCommands } from '../cli/proofs.ts';
import type { Sql } from '../database.ts';
import { StartFailure } from '../start-failure.ts';
import type { TestPostgres } from '../testing/database.ts';
import { startTestPostgres } from '../testing/database.ts';
import type { TestHq } from '../testing/hq.ts';
import { startTestHq, testKiosk, testNow } from '../testing/hq.ts';
import type { Story } from '../testing/story.ts';
import { chainOf, createStory } from '../testing/story.ts';
import { watchClosings } from './closings.ts';
import { resendWanted } from './resend.ts';
import { checkEvery, checkNotGreen, checkWaiting, createBatchChecks } from './run.ts';

let postgres: TestPostgres;
let sql: Sql;
let hq: TestHq;
const { privateKey, publicKey } = generateKeyPairSync('ed25519');
const hourMs = 3_600_000;

beforeAll(async () => {
  postgres = await startTestPostgres();
  const database = await postgres.createDatabase();
  sql = database.sql;
  hq = await startTestHq(database);
  const spki = publicKey.export({ format: 'der', type: 'spki' });
  await sql`insert into kiosk_keys (kiosk_id, fingerprint, public_key, state, app, enrolled_at, approved_at) values (${testKiosk}, 'closing', ${spki}, 'revoked', '0', 1, 1)`;
}, 60_000);
afterAll(async () => {
  await hq?.close();
  await postgres?.stop();
});
beforeEach(async () => {
  // A check may be under way behind the last answer.
  await vi.waitFor(() => sql.unsafe('set lock_timeout = 2000; truncate alarms, proofs, cursors, events, quarantined_events, orders, order_lines, payments, jobs, service_requests, stock_moves, stock, attention'), { timeout: 60_000 });
});

/** A kiosk's books: each `close` counts what no other has, from the orders' lane and stock's. */
function createBooks(story: Story = createStory(testKiosk, 'https://hq.example', 'sealed')) {
  const counted = { orders: 0, stock: 0 };
  let number = 0;
  return {
    story,
    sell: (at = testNow - hourMs) => story.order({ offers: [['umbrella', 1]], ending: 'fulfilled', at }),
    /** @param asTold where an event that it counts stands in the kiosk's own books */
    close(at = testNow - hourMs, asTold: (standing: Standing) => Standing = (standing) => standing) {
      const fresh = (['orders', 'stock'] as const).map((lane) => [lane, story.lane(lane).slice(counted[lane])] as const);
      const standings = fresh.flatMap(([lane, events]) => events.map(({ sequence, hash }) => asTold({ lane, epoch: 1, sequence, hash })));
      for (const [lane, events] of fresh) counted[lane] += events.length;
      const body = JSON.stringify({ kioskId: testKiosk, number: ++number, day: `2026-11-${String(number).padStart(2, '0')}`, closedAt: at + number, ranges: closingRanges(standings), ...closingSums(fresh.flatMap(([, events]) => events)) });
      story.add('day.closed', { body, signature: sign(null, Buffer.from(body), privateKey).toString('base64') }, at);
      return story.lane('orders').length;
    },
    async send() {
      if (story.lane('stock').length > 0) expect(await hq.kiosk.send(story.lane('stock'), { lane: 'stock' })).toMatchObject({ status: 200 });
      expect(await hq.kiosk.send(story.lane('orders'))).toMatchObject({ status: 200 });
      await checkEvery(sql, testKiosk, testNow);
    },
    async resend() {
      for (const { lane, epoch, sequences } of await resendWanted(sql, testKiosk)) {
        const events = story.lane(lane).filter(({ sequence }) => sequences.includes(sequence));
        expect((await hq.kiosk.ask('POST', '/api/kiosk/resend', { kioskId: testKiosk, lane, epoch, events })).status).toBe(200);
      }
    },
  };
}

const states = async () => (await sql<{ state: string }[]>`select state from proofs order by number`).map(({ state }) => state);
const resultOf = async (number: number) => (await sql<{ result: ProofResult }[]>`select result from proofs where number = ${number}`)[0]?.result;

/** Three days, of which HQ has all. */
async function threeDays() {
  const books = createBooks();
  const ends: number[] = [];
  for (let day = 0; day < 3; day++) {
    books.sell(testNow - (6 - day) * hourMs);
    ends.push(books.close(testNow - (6 - day) * hourMs + 600_000));
  }
  await books.send();
  expect(await states()).toEqual(['green', 'green', 'green']);
  return { books, ends };
}

describe('a closed day that vanished', () => {
  test('from the table is named by the day after it, comes again, and all is green', async () => {
    const { books, ends } = await threeDays();
    await sql`delete from proofs where number = 2`;
    await checkEvery(sql, testKiosk, testNow + 1);
    expect(await states()).toEqual(['green', 'red']);
    expect(await resultOf(3)).toMatchObject({ missingClosings: [2], projections: [{ table: 'proofs', lane: 'orders', epoch: 1, sequence: ends[1] }] });
    await books.resend();
    await checkNotGreen(sql, testKiosk, testNow + 2);
    expect(await states()).toEqual(['green', 'green', 'green']);
  });

  test('whole, with its events, leaves a hole that is asked for again', async () => {
    const { books, ends: [first = 0, second = 0] } = await threeDays();
    await sql`delete from proofs where number = 2`;
    await sql`delete from events where lane = 'orders' and sequence >= ${first} and sequence <= ${second}`;
    await sql`delete from orders where number = 'A002'`;
    await checkEvery(sql, testKiosk, testNow + 1);
    expect(await states()).toEqual(['red', 'red']);
    expect(await resultOf(3)).toMatchObject({ missingClosings: [2], uncounted: [{ lane: 'orders', from: first, to: second - 1 }, { lane: 'stock', from: 2, to: 2 }] });
    await books.resend();
    await checkNotGreen(sql, testKiosk, testNow + 2);
    expect(await states()).toEqual(['green', 'green', 'green']);
    expect(await sql`select count(*) as orders from orders`).toEqual([{ orders: 3 }]);
  });

  test('is no hole where its events are counted under the numbers of another epoch: a kiosk that went back to a copy told them again', async () => {
    const books = createBooks();
    for (const ago of [3, 2, 1]) books.sell(testNow - ago * hourMs);
    const again = chainOf([books.story.lane('stock')[1]!], 'stock', 2);
    books.close(testNow - 1000, (standing) => (standing.lane === 'stock' && standing.sequence === 2 ? { ...standing, epoch: 2, sequence: 1, hash: again[0]!.hash } : standing));
    for (const [epoch, events] of [[1, books.story.lane('stock')], [2, again]] as const) expect(await hq.kiosk.send(events, { lane: 'stock', epoch })).toMatchObject({ status: 200 });
    expect(await hq.kiosk.send(books.story.lane('orders'))).toMatchObject({ status: 200 });
    await checkEvery(sql, testKiosk, testNow);
    expect(await sql`select epoch, sequence, repeated from events where lane = 'stock' order by epoch, sequence`).toHaveLength(4);
    expect(await resultOf(1)).toMatchObject({ uncounted: [] });
    expect(await states()).toEqual(['green']);
  });

  test('is green where it was signed by a kiosk that had gone back to an image, and whose own events came under the numbers of another epoch', async () => {
    const books = createBooks();
    for (const ago of [5, 4, 3, 2]) books.sell(testNow - ago * hourMs);
    // What it wrote before it went back, and has forgotten: HQ has it as the third.
    const forgotten = createBooks();
    for (const ago of [9, 8, 7]) forgotten.sell(testNow - ago * hourMs);
    const own = books.story.lane('stock');
    const told = chainOf([...own.slice(0, 2), forgotten.story.lane('stock')[2]!, forgotten.story.lane('stock')[1]!], 'stock', 1);
    books.close(testNow - 1000);
    for (const [epoch, events] of [[1, told], [2, chainOf(own.slice(2), 'stock', 2)]] as const) expect(await hq.kiosk.send(events, { lane: 'stock', epoch })).toMatchObject({ status: 200 });
    expect(await hq.kiosk.send(books.story.lane('orders'))).toMatchObject({ status: 200 });
    await checkEvery(sql, testKiosk, testNow);
    expect(await resultOf(1)).toMatchObject({ differing: [], missing: [], sums: [] });
    await sql`update events set payload = replace(payload, 'umbrella', 'cola') where lane = 'stock' and epoch = 2 and sequence = 1`;
    await checkEvery(sql, testKiosk, testNow + 1);
    expect(await resultOf(1)).toMatchObject({ differing: [{ lane: 'stock', sequences: [4] }] });
  });

  test('is a hole where some of it is counted nowhere: those alone are named', async () => {
    const books = createBooks();
    for (const ago of [4, 3, 2, 1]) books.sell(testNow - ago * hourMs);
    // A kiosk that forgets what it has to count.
    books.close(testNow - 1000, (standing) => (standing.lane === 'stock' && [2, 3].includes(standing.sequence) ? { ...standing, sequence: 1 } : standing));
    await books.send();
    expect(await resultOf(1)).toMatchObject({ uncounted: [{ lane: 'stock', epoch: 1, from: 2, to: 3 }] });
    expect(await states()).toEqual(['red']);
  });

  test('and was the newest is made again from its event, and a person is told', async () => {
    await threeDays();
    await sql`delete from proofs where number = 3`;
    await checkEvery(sql, testKiosk, testNow + 1);
    expect(await states()).toEqual(['green', 'green', 'green']);
    expect(await sql`select kind, detail from alarms where settled_at is null`).toEqual([{ kind: 'proof_red', detail: expect.stringContaining('was gone') }]);
  });

  test('is red itself where the event that brought it is gone or another', async () => {
    const { books, ends } = await threeDays();
    await sql`delete from events where lane = 'orders' and sequence = ${ends[2]!}`;
    await checkEvery(sql, testKiosk, testNow + 1);
    expect(await resultOf(3)).toMatchObject({ missing: [{ lane: 'orders', epoch: 1, sequences: [ends[2]] }] });
    await books.resend();
    expect(await states()).toEqual(['green', 'green', 'green']);
    for (const change of ["day = '2026-01-01'", "body = 'no closing'", "signature = ''"]) {
      await sql.unsafe(`update proofs set ${change} where number = 3`);
      await checkEvery(sql, testKiosk, testNow + 2);
      expect(await resultOf(3)).toMatchObject({ projections: [{ table: 'proofs' }] });
      await books.resend();
      await checkNotGreen(sql, testKiosk, testNow + 3);
      expect(await sql`select day, state from proofs where number = 3`).toEqual([{ day: '2026-11-03', state: 'green' }]);
    }
  });

  test('is not looked for where an epoch began between two days', async () => {
    const books = createBooks();
    books.sell();
    books.close();
    const [orders, stock] = [books.story.lane('orders'), books.story.lane('stock')];
    // HQ has a part of it when the kiosk leaves the epoch: the rest gets new numbers, which the first closing does not know.
    await hq.kiosk.send(orders.slice(0, 3));
    await hq.kiosk.send(stock, { lane: 'stock' });
    const next = createStory(testKiosk);
    for (const event of orders.slice(3)) (next.events as HqEvent[]).push(event);
    const moved = chainOf(orders.slice(3), 'orders', 2);
    const from = moved.length;
    const body = JSON.stringify({ kioskId: testKiosk, number: 2, day: '2026-11-02', closedAt: testNow, ranges: [{ lane: 'orders', epoch: 2, from, to: from, count: 1, head: moved.at(-1)!.hash }], orders: {}, payments: {}, stock: {} });
    next.add('day.closed', { body, signature: sign(null, Buffer.from(body), privateKey).toString('base64') }, testNow);
    await hq.kiosk.send(chainOf([...orders.slice(3), next.events.at(-1)!], 'orders', 2), { epoch: 2 });
    await checkEvery(sql, testKiosk, testNow);
    expect(await sql`select number, state from proofs order by number`).toEqual([{ number: 1, state: 'green' }, { number: 2, state: 'green' }]);
  });
});

test('an order that no event tells of makes the day of its time red', async () => {
  await threeDays();
  await sql`
    insert into orders (kiosk_id, order_id, number, state, state_at, placed_at, language, catalogue_revision, total_amount, currency, receipt_token, receipt_url, shop, taxes, cart_id, received_at, occurred_at)
    select kiosk_id, gen_random_uuid(), number, state, state_at, placed_at, language, catalogue_revision, total_amount, currency, receipt_token, receipt_url, shop, taxes, cart_id, received_at, occurred_at from orders limit 1`;
  await checkEvery(sql, testKiosk, testNow + 1);
  expect((await states()).filter((state) => state === 'red')).toHaveLength(1);
  expect(await resendWanted(sql, testKiosk)).toEqual([]);
});

test('what stood on the list before kiosks told of it is not called made up, and stays when its order is made anew', async () => {
  const { books } = await threeDays();
  await sql`
    insert into attention (kiosk_id, attention_id, kind, order_id, attempt_id, amount, currency, card, detail, raised_at)
    select kiosk_id, attempt_id, 'payment_unclear', order_id, attempt_id, amount, currency, card, 'unclear since before there was a list', state_at from payments`;
  await checkEvery(sql, testKiosk, testNow + 1);
  expect(await states()).toEqual(['green', 'green', 'green']);
  await sql`delete from orders where number = 'A002'`;
  await checkEvery(sql, testKiosk, testNow + 2);
  await books.resend();
  expect(await states()).toEqual(['green', 'green', 'green']);
  expect(await sql`select count(*) as open from attention where decision is null`).toEqual([{ open: 3 }]);
});

describe('a day with events that were set aside', () => {
  test('is red, and names them', async () => {
    const books = createBooks();
    books.sell();
    const events = books.story.events as HqEvent[];
    const payload = JSON.stringify({ ...(JSON.parse(events.find(({ kind }) => kind === 'job.state')!.payload) as object), state: 'lost' });
    const index = events.findIndex(({ kind }) => kind === 'job.state');
    events[index] = { ...events[index]!, payload };
    books.close();
    await books.send();
    expect(await states()).toEqual(['red']);
    expect(await resultOf(1)).toMatchObject({ missing: [], differing: [], projections: [], setAside: [{ lane: 'orders', epoch: 1, reason: 'breaks_schema', waitsForUpdate: false }] });
    // Whatever the table of them says.
    await sql`delete from quarantined_events`;
    await checkEvery(sql, testKiosk, testNow + 1);
    expect(await states()).toEqual(['red']);
  });

  test('of a kind that HQ does not know yet is green, and they are shown', async () => {
    const { story, sell } = createBooks();
    sell();
    const events = story.events as HqEvent[];
    events.push({ ...events[0]!, id: '0190a000-0000-7000-8000-00000000abcd' as HqEvent['id'], kind: 'locker.opened' });
    // A kind that no lane is known for comes with the orders.
    const lane = chainOf(events.filter(({ kind }) => kind !== 'stock.moved'), 'orders', 1);
    const standings = lane.map(({ sequence, hash }) => ({ lane: 'orders' as const, epoch: 1, sequence, hash }));
    const body = JSON.stringify({ kioskId: testKiosk, number: 1, day: '2026-11-01', closedAt: testNow, ranges: closingRanges(standings), ...closingSums(lane) });
    story.add('day.closed', { body, signature: sign(null, Buffer.from(body), privateKey).toString('base64') }, testNow);
    await hq.kiosk.send(chainOf([...lane, story.events.at(-1)!], 'orders', 1));
    await checkEvery(sql, testKiosk, testNow);
    expect(await states()).toEqual(['green']);
    expect(await resultOf(1)).toMatchObject({ setAside: [{ reason: 'unknown_kind', waitsForUpdate: true }] });
  });
});

describe('a kiosk that closes no day', () => {
  const open = () => sql`select kind, subject from alarms where settled_at is null`;
  test('for 30 hours while it sends events is told of once, until it closes one', async () => {
    const books = createBooks();
    books.sell();
    await hq.kiosk.send(books.story.lane('orders'));
    expect(await watchClosings(sql, testNow + 29 * hourMs)).toBe(0);
    await sql`update cursors set last_received_at = ${testNow + 31 * hourMs}`;
    expect(await watchClosings(sql, testNow + 31 * hourMs)).toBe(1);
    expect(await watchClosings(sql, testNow + 32 * hourMs)).toBe(1);
    expect(await open()).toEqual([{ kind: 'proof_red', subject: 'not_closed' }]);
    books.close();
    await hq.kiosk.send(books.story.lane('orders'));
    expect(await watchClosings(sql, testNow + 29 * hourMs)).toBe(0);
    expect(await open()).toEqual([]);
  });

  test('because it is off is not', async () => {
    const books = createBooks();
    books.sell();
    await hq.kiosk.send(books.story.lane('orders'));
    expect(await watchClosings(sql, testNow + 48 * hourMs)).toBe(0);
  });
});

describe('a day that waits', () => {
  test('is not looked at with each batch while a lane is short by the marks, and one look is made however many batches come', async () => {
    const books = createBooks();
    for (let order = 0; order < 5; order++) books.sell();
    books.close();
    const stock = books.story.lane('stock');
    await hq.kiosk.send(stock.slice(0, 1), { lane: 'stock' });
    await hq.kiosk.send(books.story.lane('orders'));
    const checks = createBatchChecks(sql, () => testNow, (_kiosk, error) => {
      throw error;
    });
    for (let call = 0; call < 50; call++) checks(testKiosk);
    await new Promise((resolve) => setTimeout(resolve, 100));
    expect(await sql`select state, checks from proofs`).toEqual([{ state: 'waiting', checks: 0 }]);
    await hq.kiosk.send(stock.slice(1), { lane: 'stock' });
    for (let call = 0; call < 50; call++) checks(testKiosk);
    await expect.poll(states).toEqual(['green']);
    expect((await sql<{ checks: number }[]>`select checks from proofs`)[0]?.checks).toBeLessThanOrEqual(3);
  });

  test('is red after a day also where the closing is from a clock that is years ahead', async () => {
    const books = createBooks();
    books.sell();
    books.close();
    await hq.kiosk.send(books.story.lane('orders'));
    await sql`update proofs set occurred_at = ${Date.UTC(2099, 0, 1)}`;
    await checkWaiting(sql, testKiosk, testNow + 23 * hourMs);
    expect(await states()).toEqual(['waiting']);
    await checkWaiting(sql, testKiosk, testNow + 25 * hourMs);
    expect(await states()).toEqual(['red']);
  });
});

describe('hq proofs', () => {
  const insert = (kioskId: string, index: number, state: string, day: string) => sql`
    insert into proofs (kiosk_id, event_id, lane, epoch, sequence, number, day, closed_at, occurred_at, body, signature, state)
    values (${kioskId}, ${`0190a000-0000-7000-8000-${String(index).padStart(12, '0')}`}, 'orders', 1, 1, 1, ${day}, ${index}, ${index},
      ${JSON.stringify({ kioskId, number: 1, day, closedAt: index, ranges: [], orders: {}, payments: {}, stock: {} })}, 'x', ${state})`;
  async function proofs(...args: string[]) {
    const lines: string[] = [];
    const command = proofCommands.find(({ name }) => name === 'proofs')!;
    const fault = await command.run({ args, sql, now: () => testNow, print: (line: string) => void lines.push(line) } as unknown as Parameters<typeof command.run>[0]).then(() => undefined, (error: unknown) => error);
    return { lines, fault };
  }

  test('lists what is not green first, however old, green ones of the last days, and fails where a day is red', async () => {
    for (let index = 0; index < 80; index++) await insert(`kiosk-${100 + index}`, index, index === 3 ? 'red' : index === 4 ? 'waiting' : 'green', index < 40 ? '2026-11-01' : '2026-11-02');
    const { lines, fault } = await proofs('--check', 'no', '--days', '1');
    expect(lines[0]).toMatch(/^red {6}kiosk-103/);
    expect(lines[1]).toMatch(/^waiting {2}kiosk-104/);
    expect(lines).toHaveLength(2 + 40 + 1);
    expect(lines.at(-1)).toBe('80 days: 78 green, 1 red, 1 on their way. 38 green ones before the last 1 days are not shown.');
    expect(fault).toBeInstanceOf(StartFailure);
    await sql`update proofs set state = 'green' where state = 'red'`;
    expect((await proofs('--check', 'no')).fault).toBeUndefined();
  });

  test('checks every day, also beyond a page, and the other kiosks where one fails', async () => {
    for (let index = 0; index < 401; index++) await insert('kiosk-100', index, 'waiting', '2026-11-01');
    await insert('kiosk-050', 500, 'waiting', '2026-11-01');
    // What is found of this one cannot be written.
    await sql`alter table proofs add constraint fault check (kiosk_id <> 'kiosk-050' or checks = 0)`;
    const { lines, fault } = await proofs();
    await sql`alter table proofs drop constraint fault`;
    expect(String(fault)).toContain('kiosk-050');
    expect(await sql`select count(*) as checked from proofs where checks = 1`).toEqual([{ checked: 401 }]);
    expect(lines.at(-1)).toMatch(/^402 days: 0 green, 401 red, 1 on their way\./);
  });
});
