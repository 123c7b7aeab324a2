import { afterAll, afterEach, beforeAll, expect, test } from 'vitest';
import fc from 'fast-check';
import type { TestDatabase, TestPostgres } from '../testing/database.ts';
import { startTestPostgres } from '../testing/database.ts';
import type { TestHq } from '../testing/hq.ts';
import { signIn, startTestHq, testNow } from '../testing/hq.ts';
import { addPerson } from '../testing/people.ts';
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

test('what cannot be written down is answered as a failure', async () => {
  database = await postgres.createDatabase();
  hq = await startTestHq(database, { isWithoutKiosk: true });
  const cookie = await signIn(hq.app);
  await database.sql`delete from hq_audit_head`;
  const answer = await hq.app.inject({ method: 'POST', url: '/api/people', payload: { name: 'friend', fullName: 'F', role: 'viewer' }, headers: { cookie } });
  expect(answer.statusCode).toBe(500);
});
