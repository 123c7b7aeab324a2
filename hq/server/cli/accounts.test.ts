import { afterAll, beforeAll, beforeEach, expect, test } from 'vitest';
import type { Sql } from '../database.ts';
import type { TestPostgres } from '../testing/database.ts';
import { startTestPostgres } from '../testing/database.ts';
import { startTestHq, testNow } from '../testing/hq.ts';
import { addTotp, codeOf, cookieOf } from '../testing/people.ts';
import { accountCommands } from './accounts.ts';

let postgres: TestPostgres;
let sql: Sql;
let url: string;
beforeAll(async () => {
  postgres = await startTestPostgres();
}, 60_000);
afterAll(() => postgres?.stop());
beforeEach(async () => {
  ({ sql, url } = await postgres.createDatabase());
});

async function hq(...words: string[]): Promise<readonly string[]> {
  const [name, ...args] = words;
  const lines: string[] = [];
  const command = accountCommands.find((known) => known.name === name);
  await command?.run({ args, sql, now: () => testNow, print: (line) => void lines.push(line), environment: undefined as never, signingKey: () => Promise.reject(new Error('not needed')) });
  return lines;
}

test('an account that is made at the machine is taken by its owner with the printed link, and can be reset, moved and ended', async () => {
  expect(await hq('accounts')).toEqual([expect.stringContaining('nobody has an account')]);
  const [link = '', until] = await hq('account-add', 'Mei@example.com', 'administrator', 'Mei', 'Lin', '--origin', 'https://hq.example/');
  expect(link).toMatch(/^https:\/\/hq\.example\/invitation#[A-Za-z0-9_-]{43}$/);
  expect(until).toContain('2026-11-24 05:00 UTC');
  await expect(hq('account-add', 'mei@example.com', 'viewer')).rejects.toThrow('There is an account "mei@example.com" already.');
  await expect(hq('account-add', 'other', 'boss')).rejects.toThrow('"boss" is no role: viewer,');
  await expect(hq('account-add', 'no spaces here!')).rejects.toThrow();

  const server = await startTestHq({ sql, url }, { isWithoutKiosk: true });
  try {
    const take = (token: string) => server.app.inject({ method: 'POST', url: '/api/invitation', payload: { token, password: 'the long sentence of Mei' } });
    const { cookie } = await addTotp(server.app, cookieOf(await take(link.split('#')[1] ?? '')), testNow);
    const stateNow = async () => (await server.app.inject({ url: '/api/session', headers: { cookie } })).json<{ state: string }>().state;
    expect(await stateNow()).toBe('signed_in');
    expect(await hq('accounts')).toEqual([expect.stringMatching(/^mei@example\.com {2}Mei Lin {2}administrator {2}active {2}code app {2}last in .* {2}1 sessions$/)]);
    await expect(hq('account-role', 'mei@example.com', 'viewer')).rejects.toThrow('It is the last administrator');
    await expect(hq('account-end', 'mei@example.com')).rejects.toThrow('It is the last administrator');
    await hq('account-add', 'second', 'administrator');
    // Only an active one counts: the second has not come yet.
    await expect(hq('account-end', 'mei@example.com')).rejects.toThrow('It is the last administrator');

    const [again = ''] = await hq('account-reset', 'mei@example.com');
    expect(again).toMatch(/^\/invitation#/);
    expect(await stateNow()).toBe('signed_in');
    const renewed = cookieOf(await take(again.split('#')[1] ?? ''));
    expect(await stateNow()).toBe('signed_out');
    const { totpSecret } = await addTotp(server.app, renewed, testNow);
    expect(codeOf(totpSecret, testNow)).toMatch(/^\d{6}$/);
  } finally {
    await server.close();
  }
  expect(await hq('audit-check')).toEqual([expect.stringMatching(/^whole: \d+ entries, the last with the hash [0-9a-f]{64}$/)]);
  const acts = await sql<{ route: string; subject: string }[]>`select route, subject from hq_audit where route like 'npm%' order by number`;
  expect(acts.map(({ route, subject }) => `${route.replace('npm run hq -- ', '')} ${subject}`)).toEqual(['account-add account=mei@example.com', 'account-add account=second', 'account-reset account=mei@example.com']);
  await sql`delete from hq_audit where number = 2`;
  await expect(hq('audit-check')).rejects.toThrow("HQ's audit is not whole: entry 2 is missing.");
});
