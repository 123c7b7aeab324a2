import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { kioskIdSchema } from '../../../domain/ids.ts';
import type { ApiAnswer } from '../../contract/api/route.ts';
import { orderQuerySchema } from '../../contract/api/orders.ts';
import type { listOrders, readOrder, refundOrder } from '../../contract/api/orders.ts';
import { keepKeys, shredKeys } from '../personal.ts';
import type { TestDatabase, TestPostgres } from '../testing/database.ts';
import { startTestPostgres } from '../testing/database.ts';
import type { TestHq } from '../testing/hq.ts';
import { startTestHq, testKiosk, testNow } from '../testing/hq.ts';
import type { Ending } from '../testing/story.ts';
import { createStory, storyKeyOf } from '../testing/story.ts';
import { csvLine, decimalOf } from './csv.ts';
import { readOrderPage } from './list.ts';
import { notePhones, phoneDigest, phoneKeyOf } from './phones.ts';
import { refundOnce } from './refund.ts';

type List = ApiAnswer<typeof listOrders>;
type Full = ApiAnswer<typeof readOrder>;

const second = kioskIdSchema.parse('kiosk-002');
const at = testNow - 86_400_000;
const endings: readonly Ending[] = ['fulfilled', 'declined_then_paid', 'cancelled', 'payment_unknown', 'refunded', 'payment_unclear'];
let postgres: TestPostgres;
let database: TestDatabase;
let hq: TestHq;
const story = createStory(testKiosk, 'https://hq.example', 'sealed');
const placed = endings.map((ending, index) => ({ ending, ...story.order({ offers: [['latte', 2], ['topUp', 1]], ending, at: at + index * 60_000 }) }));
const cheap = story.order({ offers: [['dumplings', 1]], ending: 'fulfilled', at: at + 3_600_000 });
const free = story.order({ offers: [['water', 1]], ending: 'fulfilled', at: at + 3_700_000 });
const other = createStory(second);
const theirs = other.order({ offers: [['dumplings', 2]], ending: 'fulfilled', at: at + 30_000 });

beforeAll(async () => {
  postgres = await startTestPostgres();
  database = await postgres.createDatabase();
  hq = await startTestHq(database);
  const metro = await hq.addKiosk(second, { name: '=HYPERLINK("x")' });
  expect((await hq.send(story.events)).status).toBe(200);
  expect((await metro.send(other.events)).status).toBe(200);
  await keepKeys(database.sql, testKiosk, placed.map(({ orderId }) => ({ orderId, key: storyKeyOf(orderId).toString('base64') })) as never, testNow);
}, 60_000);
afterAll(async () => {
  await hq?.close();
  await postgres?.stop();
});

const orderOf = (ending: Ending) => placed.find((order) => order.ending === ending)!;
async function numbers(query: string): Promise<readonly string[]> {
  const answer = await hq.inject({ url: `/api/orders?${query}` });
  expect(answer.statusCode, answer.body).toBe(200);
  return answer.json<List>().orders.map(({ kioskId, number }) => `${kioskId.slice(-1)} ${number}`);
}
async function read(orderId: string): Promise<Full> {
  return (await hq.inject({ url: `/api/orders/${testKiosk}/${orderId}` })).json<Full>();
}

describe('the search', () => {
  test('finds by amount, time, payment, state and kiosk, alone and together', async () => {
    expect(await numbers('min=1800&max=1900')).toEqual(['1 A007']);
    expect(await numbers('max=0')).toEqual(['1 A008']);
    expect(await numbers(`from=${at + 3_600_000}&to=${at + 3_700_000}`)).toEqual(['1 A007']);
    expect(await numbers('payment=declined')).toEqual(['1 A002']);
    expect(await numbers('payment=unclear&payment=reversed')).toEqual(['1 A006', '1 A005']);
    expect(await numbers('state=fulfilled&kiosk=kiosk-001,kiosk-002&max=4000')).toEqual(['1 A008', '1 A007', '2 A001']);
    expect(await numbers('kiosk=kiosk-002')).toEqual(['2 A001']);
    expect(await numbers('min=-5&max=-1')).toEqual([]);
  });

  test('pages over several kiosks as if they were one list', async () => {
    const seen: string[] = [];
    let before = '';
    for (;;) {
      const page = (await hq.inject({ url: `/api/orders?limit=2&kiosk=kiosk-001&kiosk=kiosk-002${before}` })).json<List>();
      seen.push(...page.orders.map(({ kioskId, orderId }) => `${kioskId} ${orderId}`));
      if (page.next === null) break;
      before = `&before=${page.next}`;
    }
    const all = (await hq.inject({ url: '/api/orders?limit=200' })).json<List>().orders;
    expect(seen).toEqual(all.map(({ kioskId, orderId }) => `${kioskId} ${orderId}`));
    expect(seen).toHaveLength(endings.length + 3);
  });

  test('knows groups, and finds nothing in one that is empty or that nobody knows', async () => {
    await database.sql`insert into kiosk_groups (group_id, name) values ('west', 'West'), ('empty', 'Empty')`;
    await database.sql`insert into kiosk_group_members (group_id, kiosk_id) values ('west', ${second})`;
    expect(await numbers('group=west')).toEqual(['2 A001']);
    expect(await numbers('group=west&kiosk=kiosk-001')).toEqual([]);
    for (const group of ['empty', 'nobody']) expect(await numbers(`group=${group}`)).toEqual([]);
  });

  test('finds by a phone number or its last four digits while HQ may open it, and never after; the database alone gives nobody away', async () => {
    expect(await numbers('q=5678')).toEqual([]);
    const key = phoneKeyOf(hq.signingKey);
    expect(await notePhones(database.sql, key, testNow, { forMs: -1 })).toBe(0);
    expect(await notePhones(database.sql, key, testNow)).toBe(placed.length);
    expect(await notePhones(database.sql, key, testNow)).toBe(0);
    expect(await numbers('q=5678')).toHaveLength(placed.length);
    expect(await numbers(`q=${encodeURIComponent('+86 139 1234 5678')}&state=cancelled`)).toEqual(['1 A003']);
    expect(await numbers('q=13912345678&kiosk=kiosk-002')).toEqual([]);
    expect(await numbers('q=1234')).toEqual([]);
    const rows = await database.sql<{ digest: Buffer }[]>`select distinct digest from order_phones`;
    expect(rows).toHaveLength(2);
    expect(rows.map(({ digest }) => digest.toString('hex'))).not.toContain(phoneDigest(Buffer.alloc(32), '5678').toString('hex'));
    await shredKeys(database.sql, testNow + 1, testNow + 1);
    expect(await numbers('q=5678')).toEqual([]);
    expect(await database.sql`select 1 from order_phones`).toHaveLength(0);
  });

  test.each(['limit=0', 'state=nonsense', 'min=abc', 'from=-1', 'kiosk=X', 'payment=gold', 'before=x', 'group=%27', 'colour=red'])('refuses %s', async (query) => {
    expect((await hq.inject({ url: `/api/orders?${query}` })).statusCode).toBe(400);
  });

  test('reads by an index, whatever is asked', async () => {
    const key = phoneKeyOf(hq.signingKey);
    await database.sql.begin(async (sql) => {
      // On so few rows anything else would be cheaper.
      await sql.unsafe('set local enable_seqscan = off; set local enable_material = off');
      const planOf = async (query: object) => {
        const lines: string[] = [];
        const spy = new Proxy(sql, {
          apply: (target, self, [strings, ...values]: [TemplateStringsArray & { raw: readonly string[] }, ...unknown[]]) => {
            if (!/^\s*select o\.kiosk_id/.test(values.length > 0 && strings[0]?.trim() === '' ? 'select o.kiosk_id' : '') || !strings.join('').includes('where true')) return Reflect.apply(target as never, self, [strings, ...values]) as unknown;
            const explained = Object.assign([`explain ${strings[0]}`, ...strings.slice(1)], { raw: [`explain ${strings.raw[0]}`, ...strings.raw.slice(1)] });
            return (Reflect.apply(target as never, self, [explained, ...values]) as Promise<readonly Record<string, string>[]>).then((rows) => {
              lines.push(...rows.map((row) => row['QUERY PLAN']!));
              return [];
            });
          },
        });
        await readOrderPage(spy, orderQuerySchema.parse(query), key);
        return lines.join('\n');
      };
      expect(await planOf({})).toMatch(/Index Scan using orders_newest on orders/);
      expect(await planOf({ kiosk: 'kiosk-001' })).toMatch(/Index Scan using orders_newest_of_kiosk on orders/);
      expect(await planOf({ q: '5678' })).toMatch(/order_phones_by_digest/);
      expect(await planOf({ q: 'A003' })).toMatch(/orders_by_number/);
      expect(await planOf({ q: orderOf('refunded').orderId })).toMatch(/orders_by_tail/);
      expect(await planOf({ min: 1, max: 2 })).toMatch(/orders_by_amount|orders_newest/);
      expect(await planOf({ needs: 'person' })).toMatch(/attention_open/);
      expect(await planOf({ payment: 'unclear' })).toMatch(/payments_unusual|payments_of_order/);
      for (const query of [{}, { q: '5678' }, { kiosk: 'kiosk-001', state: 'paid' }, { from: 1, to: 2 }]) expect(await planOf(query)).not.toMatch(/Seq Scan on (orders|payments|order_phones)/);
    });
  });
});

describe('one order', () => {
  test('has its whole life in the order in which it happened, with when HQ got it', async () => {
    const { life } = await read(orderOf('declined_then_paid').orderId);
    expect(life.map(({ kind, name }) => `${kind} ${name}`)).toEqual([
      'placed placed', 'payment started', 'state awaiting_payment', 'payment declined', 'payment started', 'payment approved', 'state paid', 'job print_receipt', 'job request_service', 'service top_up', 'job print_receipt', 'job print_receipt', 'state fulfilled',
    ]);
    expect(life.every((moment, index) => index === 0 || moment.at >= life[index - 1]!.at)).toBe(true);
    expect(life[0]).toMatchObject({ amount: { amount: 10_590, currency: 'CNY' }, receivedAt: testNow });
    expect(JSON.stringify(life)).not.toContain('13912345678');
  });

  test('tells what staff did to it, and what HQ told its kiosk', async () => {
    const { orderId } = orderOf('fulfilled');
    await database.sql`
      insert into staff_acts (kiosk_id, epoch, sequence, number, at, occurred_at, staff, act, outcome, subject, detail, previous, hash)
      values (${testKiosk}, 1, 9000, 1, ${at + 90_000}, ${at + 90_000}, '1001', 'orders.reprint', 'done', ${orderId}, 'copy 1', '', '')`;
    expect((await read(orderId)).life).toContainEqual(expect.objectContaining({ kind: 'staff', name: 'orders.reprint', outcome: 'done', subject: '1001', detail: 'copy 1', at: at + 90_000 }));
  });
});

describe('a refund', () => {
  const ask = (orderId: string, reason = 'cold coffee', kioskId: string = testKiosk) => hq.inject({ method: 'POST', url: `/api/orders/${kioskId}/${orderId}/refund`, payload: { reason } });

  test('is asked for once: whoever asks again gets the first, also at the same moment', async () => {
    const { orderId } = orderOf('declined_then_paid');
    expect((await read(orderId)).mayRefund).toBe('yes');
    const asked = await Promise.all([ask(orderId), ask(orderId), ask(orderId, 'another reason')]);
    const answers = asked.map((answer) => answer.json<ApiAnswer<typeof refundOrder>>());
    expect(answers.filter(({ isNew }) => isNew)).toHaveLength(1);
    expect(new Set(answers.map(({ refund }) => refund.commandId)).size).toBe(1);
    expect(await database.sql`select 1 from commands where kind = 'refund' and params ->> 'orderId' = ${orderId}`).toHaveLength(1);
    const full = await read(orderId);
    expect(full).toMatchObject({ mayRefund: 'asked', refund: { state: 'waiting' } });
    expect(full.life.at(-1)).toMatchObject({ kind: 'command', name: 'refund' });
  });

  test('that the kiosk refused may be asked for again; one that was done may not', async () => {
    const { orderId } = orderOf('fulfilled');
    const first = (await ask(orderId)).json<ApiAnswer<typeof refundOrder>>().refund;
    await database.sql`update commands set state = 'answered', outcome = 'failed', detail = 'the terminal is away', answered_at = ${testNow} where kiosk_id = ${testKiosk} and command_id = ${first.commandId}`;
    expect(await read(orderId)).toMatchObject({ mayRefund: 'yes', refund: { state: 'failed', detail: 'the terminal is away' } });
    const again = (await ask(orderId)).json<ApiAnswer<typeof refundOrder>>();
    expect(again).toMatchObject({ isNew: true });
    await database.sql`update commands set state = 'answered', outcome = 'done', detail = '', answered_at = ${testNow} where kiosk_id = ${testKiosk} and command_id = ${again.refund.commandId}`;
    expect((await ask(orderId)).json<ApiAnswer<typeof refundOrder>>()).toMatchObject({ isNew: false, refund: { commandId: again.refund.commandId, state: 'done' } });
  });

  test('that no kiosk has begun in a day has lapsed, and may be asked for anew', async () => {
    const given = await refundOnce(database.sql, { kioskId: testKiosk, orderId: cheap.orderId, reason: 'why', by: 'a', now: testNow - 2 * 86_400_000 });
    expect(given).toMatchObject({ ok: true, value: { isNew: true } });
    expect(await read(cheap.orderId)).toMatchObject({ refund: { state: 'expired' }, mayRefund: 'yes' });
  });

  test.each([['cancelled', 'unpaid'], ['refunded', 'refunded'], ['payment_unclear', 'unclear'], ['payment_unknown', 'unclear']] as const)('of a %s order is refused: %s', async (ending, why) => {
    const answer = await ask(orderOf(ending).orderId);
    expect(answer.statusCode).toBe(409);
    expect(answer.json()).toMatchObject({ code: 'HQ_CHANGED_MEANWHILE', why });
    expect((await read(orderOf(ending).orderId)).mayRefund).toBe(why);
  });

  test('needs an order of that kiosk, and a reason', async () => {
    expect((await ask(free.orderId)).json()).toMatchObject({ why: 'free' });
    expect((await ask(theirs.orderId)).statusCode).toBe(404);
    expect((await ask(orderOf('fulfilled').orderId, ' ')).statusCode).toBe(400);
  });
});

describe('the export', () => {
  test('is the filtered list, all of it, in a form that spreadsheets read and do not run', async () => {
    const answer = await hq.inject({ url: '/api/orders.csv?state=fulfilled' });
    expect(answer.statusCode).toBe(200);
    expect(answer.headers['content-type']).toContain('text/csv');
    expect(answer.headers['content-disposition']).toMatch(/^attachment; filename="orders-2026-11-22\.csv"$/);
    expect(answer.rawPayload.subarray(0, 3)).toEqual(Buffer.from([0xef, 0xbb, 0xbf]));
    const lines = answer.body.split('\r\n');
    expect(lines.slice(1, -1)).toHaveLength(5);
    expect(answer.body).toContain(',18.50,CNY,approved,done,鲜肉小馄饨 × 1,Pork wonton soup × 1,\r\n');
    expect(answer.body).toContain('kiosk-002,"\'=HYPERLINK(""x"")",A001');
    expect(lines.at(-1)).toBe('');
  });

  test('quotes what must be, guards formulas, and writes amounts as decimals', () => {
    expect(csvLine(['a,b', 'say "x"', 'two\nlines', '+1', '-1', '@x', '\ttab', 'plain', -3, null])).toBe(`"a,b","say ""x""","two\nlines",'+1,'-1,'@x,'\ttab,plain,-3,\r\n`);
    expect(csvLine([decimalOf(1250, 'CNY'), decimalOf(-5, 'EUR'), decimalOf(0, 'CNY')])).toBe('12.50,-0.05,0.00\r\n');
  });
});
