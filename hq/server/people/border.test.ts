import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import type { AccountRole, Permission } from '../../contract/api/permissions.ts';
import { accountRoles, isAllowed } from '../../contract/api/permissions.ts';
import type { TestDatabase, TestPostgres } from '../testing/database.ts';
import { startTestPostgres } from '../testing/database.ts';
import type { TestHq } from '../testing/hq.ts';
import { startTestHq, testNow } from '../testing/hq.ts';
import { addPerson, cookieOf } from '../testing/people.ts';

/** Every route of the console, as HQ itself says it serves (the document is held against Fastify's own list in document.test.ts). */
interface Served {
  readonly method: 'GET' | 'POST' | 'PUT' | 'PATCH' | 'DELETE';
  readonly url: string;
  readonly permission: Permission | 'anyone';
  readonly isWithoutFactor: boolean;
}

let postgres: TestPostgres;
let database: TestDatabase;
let hq: TestHq;
let routes: readonly Served[];
const cookies = new Map<AccountRole, string>();
let setupCookie: string;

beforeAll(async () => {
  postgres = await startTestPostgres();
  database = await postgres.createDatabase();
  hq = await startTestHq(database);
  for (const role of accountRoles) cookies.set(role, (await addPerson(hq, role, testNow, `of-${role}`)).cookie);
  const invited = (await hq.inject({ method: 'POST', url: '/api/people', payload: { name: 'half-way', fullName: 'Half', role: 'administrator' } })).json<{ token: string }>();
  setupCookie = cookieOf(await hq.app.inject({ method: 'POST', url: '/api/invitation', payload: { token: invited.token, password: 'half of the way in' } }));
  const { paths } = (await hq.inject({ url: '/api/openapi.json' })).json<{ paths: Record<string, Record<string, { 'x-permission': Served['permission']; 'x-without-factor'?: boolean }>> }>();
  routes = Object.entries(paths).flatMap(([path, of]) => Object.entries(of).map(([method, operation]) => ({
    method: method.toUpperCase() as Served['method'], permission: operation['x-permission'], isWithoutFactor: operation['x-without-factor'] === true,
    url: path.replace('{kiosk}', 'kiosk-001').replace(/\{\w+\}/g, '01936a00-0000-4000-8000-00000000aaaa'),
  })));
}, 60_000);
afterAll(async () => {
  await hq?.close();
  await postgres?.stop();
});

/** With something that no shape allows: whoever may is told so, and nothing is done; the rest is refused before anybody looks at it. */
const ask = ({ method, url }: Served, cookie: string | undefined, more: Record<string, string> = {}) =>
  hq.app.inject({ method, url: method === 'GET' ? `${url}?no-such-thing=1` : url, headers: { ...(cookie ? { cookie } : {}), ...more }, ...(method === 'GET' ? {} : { payload: { 'no such thing': 1 } }) });
const codeOf = (answer: { readonly headers: Record<string, unknown>; readonly body: string }) => (String(answer.headers['content-type']).includes('json') ? (JSON.parse(answer.body) as { code?: string }).code : undefined);

/** What every table holds, but for what being asked leaves behind. */
async function contents(): Promise<ReadonlyMap<string, string>> {
  const tables = await database.sql<{ name: string }[]>`select table_name as name from information_schema.tables where table_schema = 'public' and table_type = 'BASE TABLE'`;
  const kept = tables.map(({ name }) => name).filter((name) => !['hq_audit', 'hq_audit_head'].includes(name));
  return new Map(await Promise.all(kept.map(async (name) => {
    const [row] = await database.sql.unsafe<{ all: string }[]>(`select coalesce(md5(string_agg(t::text, '|' order by t::text)), '') as all from ${name} t`);
    return [name, row?.all ?? ''] as const;
  })));
}

describe('every route of the console', () => {
  test('is there for exactly the roles that its permission names', async () => {
    const wrong: string[] = [];
    expect(routes.length).toBeGreaterThan(40);
    for (const route of routes) {
      for (const role of accountRoles) {
        const answer = await ask(route, cookies.get(role));
        const isRefused = answer.statusCode === 401 || answer.statusCode === 403;
        const mayPass = route.permission === 'anyone' || isAllowed(role, route.permission);
        if (isRefused === mayPass || answer.statusCode >= 500) wrong.push(`${route.method} ${route.url} as ${role}: ${answer.statusCode} ${answer.body}`);
      }
    }
    expect(wrong).toEqual([]);
  }, 60_000);

  test('that takes figures away in a file, or tells what staff did at a kiosk, is there for those whom the book of roles names', async () => {
    const period = 'from=2026-11-01&to=2026-11-02';
    const files = [...['sales', 'payments', 'availability', 'feedback'].map((kind) => `/api/reports/${kind}.csv?${period}`), '/api/orders.csv'];
    const rolesOf = async (url: string) => {
      const may: AccountRole[] = [];
      for (const [role, cookie] of cookies) if ((await hq.app.inject({ url, headers: { cookie } })).statusCode === 200) may.push(role);
      return may;
    };
    for (const url of files) expect(await rolesOf(url), url).toEqual(['operator', 'accountant', 'administrator']);
    expect(await rolesOf('/api/fleet/kiosk-001/logs')).toEqual(['operator', 'administrator']);
    expect(await rolesOf('/api/fleet/kiosk-001/staff-acts')).toEqual(['operator', 'accountant', 'administrator']);
    expect(await rolesOf(`/api/reports/sales?${period}`)).toEqual([...accountRoles]);
  });

  test('is closed to who is not signed in, and to a cookie that is none', async () => {
    for (const route of routes.filter(({ permission }) => permission !== 'anyone')) {
      for (const cookie of [undefined, `counter24=${'A'.repeat(43)}`, "counter24=' or 1=1 --"]) {
        const answer = await ask(route, cookie);
        expect([answer.statusCode, codeOf(answer)], `${route.method} ${route.url}`).toEqual([401, 'HQ_NOT_SIGNED_IN']);
      }
    }
  }, 60_000);

  test('is closed to who has still to set up a second factor, but for what sets it up', async () => {
    for (const route of routes.filter(({ permission }) => permission !== 'anyone')) {
      const answer = await ask(route, setupCookie);
      if (route.isWithoutFactor) expect(answer.statusCode, `${route.method} ${route.url}`).not.toBe(403);
      else expect([answer.statusCode, codeOf(answer)], `${route.method} ${route.url}`).toEqual([403, 'HQ_NOT_ALLOWED']);
    }
    expect(routes.filter(({ isWithoutFactor }) => isWithoutFactor).map(({ method, url }) => `${method} ${url}`).sort()).toEqual([
      'DELETE /api/session', 'GET /api/account', 'POST /api/account/passkeys', 'POST /api/account/passkeys/challenge', 'POST /api/account/totp', 'POST /api/account/totp/confirm',
    ]);
  }, 60_000);

  test('that changes something is closed to calls from another site, also with an administrator’s cookie', async () => {
    const changing = routes.filter(({ method }) => method !== 'GET');
    for (const route of changing) {
      for (const headers of [{ 'sec-fetch-site': 'cross-site' }, { 'sec-fetch-site': 'same-site' }, { origin: 'https://evil.example' }, { origin: 'null' }]) {
        const answer = await ask(route, cookies.get('administrator'), headers as Record<string, string>);
        expect([answer.statusCode, codeOf(answer)], `${route.method} ${route.url} ${JSON.stringify(headers)}`).toEqual([403, 'HQ_NOT_ALLOWED']);
      }
      const own = await ask(route, cookies.get('administrator'), { 'sec-fetch-site': 'same-origin', origin: 'http://localhost:80' });
      expect(own.statusCode, `${route.method} ${route.url}`).not.toBe(403);
    }
  }, 60_000);

  test('changes nothing where it refuses, and the refusal of a change stands in the audit with who tried', async () => {
    const before = await contents();
    const [{ last } = { last: 0 }] = await database.sql<{ last: number }[]>`select number as last from hq_audit_head`;
    const tried: string[] = [];
    for (const route of routes) {
      for (const role of accountRoles) {
        if (route.permission === 'anyone' || isAllowed(role, route.permission)) continue;
        expect((await ask(route, cookies.get(role))).statusCode).toBe(403);
        // What leaves HQ in bulk is written down like a change.
        if (route.method !== 'GET' || route.url.endsWith('.csv')) tried.push(`of-${role} ${route.method} refused`);
      }
    }
    expect(tried.length).toBeGreaterThan(20);
    expect([...(await contents())]).toEqual([...before]);
    const entries = await database.sql<{ line: string }[]>`select account || ' ' || split_part(route, ' ', 1) || ' ' || outcome as line from hq_audit where number > ${last} order by number`;
    expect(entries.map(({ line }) => line)).toEqual(tried);
  }, 60_000);
});
