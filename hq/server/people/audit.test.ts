import { createHash } from 'node:crypto';
import { afterAll, afterEach, beforeAll, expect, test } from 'vitest';
import fc from 'fast-check';
import type { TestDatabase, TestPostgres } from '../testing/database.ts';
import { startTestPostgres } from '../testing/database.ts';
import type { TestHq } from '../testing/hq.ts';
import { signIn, startTestHq, testNow } from '../testing/hq.ts';
import { addPerson } from '../testing/people.ts';
import { alertWords } from '../../contract/alert-words.ts';
import { appendAudit } from './audit.ts';
import { checkAudit } from './audit-read.ts';

let postgres: TestPostgres;
let database: TestDatabase;
let hq: TestHq | undefined;
beforeAll(async () => {
  postgres = await startTestPostgres();
}, 60_000);
afterAll(() => postgres?.stop());
afterEach(async () => {
  await hq?.close();
  hq = undefined;
});

interface Shown { readonly number: number; readonly account: string; readonly route: string; readonly subject: string; readonly outcome: string; readonly detail: string; readonly summary: string }

const act = (detail: string, outcome: 'done' | 'refused' = 'done') => ({ account: undefined, route: 'POST /api/x', summary: 'X', subject: '', outcome, detail, at: testNow, address: '127.0.0.1' });

test('names what was done and refused, by whom, with sign-ins that came to nothing, and no secret', async () => {
  database = await postgres.createDatabase();
  hq = await startTestHq(database, { isWithoutKiosk: true });
  const person = await addPerson(hq, 'viewer', testNow);
  await hq.app.inject({ method: 'POST', url: '/api/session', payload: { name: person.name, password: 'wrong words of theirs' } });
  await hq.app.inject({ method: 'POST', url: '/api/session', payload: { name: 'my secret typed in the wrong field', password: 'x' } });
  await hq.app.inject({ method: 'POST', url: '/api/people', payload: { name: 'friend', fullName: 'F', role: 'administrator' }, headers: { cookie: person.cookie } });
  await hq.app.inject({ method: 'POST', url: '/api/people', payload: { name: 'friend', fullName: 'F', role: 'administrator' } });
  const page = async (query = '') => (await hq!.inject({ url: `/api/audit${query}` })).json<{ entries: Shown[]; next: number | null; state: { entries: number } }>();
  const { entries } = await page();
  const lines = entries.map(({ account, route, outcome, detail }) => [account, route, outcome, detail]);
  expect(lines).toContainEqual(['dev', 'POST /api/session', 'done', "by development's password"]);
  expect(lines).toContainEqual(['dev', 'POST /api/people', 'done', `${person.name}, viewer`]);
  expect(lines).toContainEqual([person.name, 'POST /api/invitation', 'done', 'password chosen']);
  expect(lines).toContainEqual(['', 'POST /api/session', 'refused', `HQ_NOT_SIGNED_IN account ${person.name}`]);
  expect(lines).toContainEqual(['', 'POST /api/session', 'refused', 'HQ_NOT_SIGNED_IN no such account']);
  expect(lines.filter(([, route, outcome]) => route === 'POST /api/people' && outcome === 'refused')).toEqual([[person.name, 'POST /api/people', 'refused', 'HQ_NOT_ALLOWED']]);
  const dump = JSON.stringify(await database.sql`select * from hq_audit`);
  for (const secret of [person.password, person.totpSecret, person.recoveryCodes[0]!, 'wrong words', 'my secret', person.cookie.split('=')[1]!]) expect(dump).not.toContain(secret);

  const seen: number[] = [];
  let before = '';
  for (;;) {
    const part = await page(`?limit=2${before}`);
    seen.push(...part.entries.map(({ number }) => number));
    if (part.next === null) break;
    before = `&before=${part.next}`;
  }
  expect(seen).toEqual(entries.map(({ number }) => number));
  expect((await page(`?account=${person.name}`)).entries.every(({ account }) => account === person.name)).toBe(true);
  expect((await page('?outcome=refused')).entries).toHaveLength(3);
  expect((await page('?words=no%20such')).entries).toHaveLength(1);
  expect((await page('?words=%25')).entries).toEqual([]);
});

test('is one chain, also by many at one moment', async () => {
  const { sql } = await postgres.createDatabase();
  await Promise.all(Array.from({ length: 20 }, (_, index) => appendAudit(sql, act(`act ${index}`))));
  expect(await checkAudit(sql, testNow)).toMatchObject({ entries: 20, trouble: '' });
});

test('of any words that people may type stays whole', async () => {
  const { sql } = await postgres.createDatabase();
  await fc.assert(fc.asyncProperty(fc.string({ unit: 'binary', maxLength: 40 }), fc.string({ unit: 'grapheme', maxLength: 40 }), async (one, two) => {
    await appendAudit(sql, { ...act(one), subject: two });
  }), { numRuns: 60 });
  await appendAudit(sql, act('half \ud83d a pair, and \0 a zero'));
  expect(await checkAudit(sql, testNow)).toMatchObject({ trouble: '' });
});

test.each([
  ['was changed', 'update hq_audit set detail = \'nothing\' where number = 3', 'entry 3 was changed'],
  ['was taken out', 'delete from hq_audit where number = 3', 'entry 3 is missing'],
  ['was taken out, and the rest moved up', 'delete from hq_audit where number = 3; update hq_audit set number = number - 1 where number > 3; update hq_audit_head set number = number - 1', 'entry 3 does not follow on the one before'],
  ['was cut off at its end', 'delete from hq_audit where number > 4', 'entries 5 to 6 are missing'],
  ['was cut off with the count of it', 'delete from hq_audit where number > 4; update hq_audit_head set number = 4', 'entry 4 is not the one that was written last'],
  ['was put in behind it', "insert into hq_audit select 99, at, account_id, account, role, route, summary, subject, outcome, detail, address, previous, hash from hq_audit where number = 6", 'entry 99 was put in'],
  ['lost the row of its end', 'delete from hq_audit_head', 'the row of the last entry is gone'],
])('that %s is found', async (_name, harm, trouble) => {
  const { sql } = await postgres.createDatabase();
  for (let index = 1; index <= 6; index++) await appendAudit(sql, act(`act ${index}`));
  expect((await checkAudit(sql, testNow)).trouble).toBe('');
  await sql.unsafe(harm);
  expect((await checkAudit(sql, testNow + 1)).trouble).toBe(trouble);
});

/** The audit takes no entry of this outcome any more. */
const refuseEntries = (outcome: string) => database.sql.unsafe(`
  create function no_entry() returns trigger language plpgsql as $$ begin raise exception 'no room'; end $$;
  create trigger no_entry before insert on hq_audit for each row when (new.outcome = '${outcome}') execute function no_entry()`);
const friend = { method: 'POST', url: '/api/people', payload: { name: 'friend', fullName: 'F', role: 'viewer' } } as const;
const friends = async () => (await database.sql`select 1 from accounts where name = 'friend'`).length;

test('that does not hold is an alarm of HQ itself, in both languages, which a person ends', async () => {
  database = await postgres.createDatabase();
  hq = await startTestHq(database, { isWithoutKiosk: true });
  for (let index = 1; index <= 3; index++) await appendAudit(database.sql, act(`act ${index}`));
  await hq.inject({ method: 'POST', url: '/api/audit/check' });
  const alerts = async () => (await hq!.inject({ url: '/api/alerts' })).json<{ alerts: { kioskId: string; kioskName: string; alertId: string; kind: string; severity: string; detail: string; facts: unknown; times: number }[] }>().alerts;
  expect(await alerts()).toEqual([]);
  await database.sql`update hq_audit set detail = 'nothing' where number = 2`;
  await checkAudit(database.sql, testNow);
  await checkAudit(database.sql, testNow + 1);
  const [alarm] = await alerts();
  expect(alarm).toMatchObject({ kioskId: '-hq', kioskName: 'HQ', kind: 'hq_audit_broken', severity: 'urgent', detail: 'entry 2 was changed', times: 2 });
  expect(alertWords(alarm!.kind, alarm!.facts, String)).toEqual({ zh: '第 2 条记录被改动过', en: 'entry 2 was changed' });
  expect((await hq.inject({ method: 'POST', url: `/api/alerts/-hq/${alarm!.alertId}/settle` })).statusCode).toBe(200);
  expect(await alerts()).toEqual([]);
  // It was not mended by that.
  await checkAudit(database.sql, testNow + 2);
  expect(await alerts()).toHaveLength(1);
});

test('what cannot be written down is answered as a failure, and is not done', async () => {
  database = await postgres.createDatabase();
  hq = await startTestHq(database, { isWithoutKiosk: true });
  const cookie = await signIn(hq.app);
  await refuseEntries('begun');
  expect((await hq.app.inject({ ...friend, headers: { cookie } })).statusCode).toBe(500);
  expect(await friends()).toBe(0);
  // Nor does anybody come in whose coming in cannot be.
  const refused = await hq.app.inject({ method: 'POST', url: '/api/session', payload: { name: 'dev', password: 'a-password-for-tests' } });
  expect([refused.statusCode, refused.headers['set-cookie']]).toEqual([500, undefined]);
  expect(await database.sql`select 1 from account_sessions`).toHaveLength(1);
});

test('an act is written down before it is done, and its end names it; one whose end could not be written stands as begun', async () => {
  database = await postgres.createDatabase();
  hq = await startTestHq(database, { isWithoutKiosk: true });
  const cookie = await signIn(hq.app);
  const list = async (query = '') => (await hq!.app.inject({ url: `/api/audit${query}`, headers: { cookie } })).json<{ entries: (Shown & { begun: number | null })[] }>().entries;
  expect((await hq.app.inject({ ...friend, headers: { cookie } })).statusCode).toBe(200);
  const rows = await database.sql<{ number: number; outcome: string; begun: number | null; account: string }[]>`select number, outcome, begun, account from hq_audit order by number`;
  expect([...rows]).toEqual([
    { number: 1, outcome: 'begun', begun: null, account: 'dev' }, { number: 2, outcome: 'done', begun: 1, account: 'dev' },
    { number: 3, outcome: 'begun', begun: null, account: 'dev' }, { number: 4, outcome: 'done', begun: 3, account: 'dev' },
  ]);
  expect((await list()).map(({ number, outcome, begun }) => [number, outcome, begun])).toEqual([[4, 'done', 3], [2, 'done', 1]]);
  // Refused is an end too.
  expect((await hq.app.inject({ ...friend, headers: { cookie } })).statusCode).toBe(422);
  expect((await list())[0]).toMatchObject({ number: 6, outcome: 'refused', begun: 5 });

  await refuseEntries('done');
  const answer = await hq.app.inject({ ...friend, payload: { ...friend.payload, name: 'another' }, headers: { cookie } });
  expect([answer.statusCode, (await database.sql`select 1 from accounts where name = 'another'`).length]).toEqual([200, 1]);
  expect((await list('?outcome=begun')).map(({ number, outcome, route }) => [number, outcome, route])).toEqual([[7, 'begun', 'POST /api/people']]);
  expect(await checkAudit(database.sql, testNow)).toMatchObject({ entries: 7, trouble: '' });
});

test('the entry that an end names is part of what is chained, and entries from before there were such hold', async () => {
  const { sql } = await postgres.createDatabase();
  const old = await appendAudit(sql, act('from before'));
  const begun = await appendAudit(sql, act(''));
  await appendAudit(sql, { ...act('its end'), begun });
  expect([old, (await checkAudit(sql, testNow)).trouble]).toEqual([1, '']);
  expect(createHash('sha256').update(JSON.stringify(['0'.repeat(64), 'hq', 1, testNow, null, '', '', 'POST /api/x', 'X', '', 'done', 'from before', '127.0.0.1'])).digest('hex')).toBe((await sql`select hash from hq_audit where number = 1`)[0]!['hash']);
  await sql`update hq_audit set begun = 1 where number = 3`;
  expect((await checkAudit(sql, testNow)).trouble).toBe('entry 3 was changed');
});
