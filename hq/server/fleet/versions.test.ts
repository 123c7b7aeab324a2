// oxlint-disable typescript/no-explicit-any -- answers are looked into as the JSON that they are
import { generateKeyPairSync } from 'node:crypto';
import Fastify from 'fastify';
import type { FastifyInstance } from 'fastify';
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, test } from 'vitest';
import { kioskIdSchema } from '../../../domain/ids.ts';
import { createApi } from '../api/serve.ts';
import type { Sql } from '../database.ts';
import { signingKeyOf } from '../identity/signing-key.ts';
import { ensureKiosk } from '../identity/kiosks.ts';
import type { TestPostgres } from '../testing/database.ts';
import { startTestPostgres } from '../testing/database.ts';
import { fleetRoutes } from './routes.ts';

const signingKey = signingKeyOf(generateKeyPairSync('ed25519').privateKey);
const lobby = kioskIdSchema.parse('kiosk-001');
const metro = kioskIdSchema.parse('kiosk-002');
const named = 1_000;
let clock: number;
let postgres: TestPostgres;
let sql: Sql;
let app: FastifyInstance;
beforeAll(async () => {
  postgres = await startTestPostgres();
}, 60_000);
afterAll(() => postgres?.stop());
beforeEach(async () => {
  ({ sql } = await postgres.createDatabase());
  clock = 2_000;
  await ensureKiosk(sql, lobby, 'Lobby', named);
  await ensureKiosk(sql, metro, 'Metro', named);
  app = Fastify();
  const api = createApi(app, { readSession: async (name: string | undefined) => ({ accountId: name, sessionId: 's', name, role: 'administrator' }) as never, writeAudit: async () => 1, now: () => clock });
  fleetRoutes(api, { sql, now: () => clock, signingKey });
});
afterEach(async () => {
  await app.close();
  await sql.end({ timeout: 1 });
});

/** Each call is a second after the one before. */
function as(person: string) {
  return async (method: 'GET' | 'POST' | 'PUT' | 'PATCH' | 'DELETE', url: string, payload: object = {}): Promise<{ status: number; body: any }> => {
    clock += 1_000;
    const { statusCode, body } = await app.inject({ method, url, headers: { cookie: `__Host-counter24=${person}; counter24=${person}` }, ...(method === 'GET' ? {} : { payload }) });
    return { status: statusCode, body: JSON.parse(body) };
  };
}
const ana = as('ana');
const ben = as('ben');
const kioskNow = async (id: string = lobby) => (await ana('GET', `/api/fleet/${id}`)).body;
const groupsNow = async () => (await ana('GET', '/api/fleet-groups')).body.groups as any[];
const groupNow = async (id: string) => (await groupsNow()).find(({ groupId }) => groupId === id);
const addGroup = async (name: string, kiosks: string[] = []) => (await ana('POST', '/api/fleet-groups', { name, kiosks })).body.groupId as string;

describe('two people who write of one kiosk', () => {
  test('the later is refused with who was quicker and when, nothing of theirs is written, and it goes by what is newest', async () => {
    expect((await kioskNow()).written).toEqual({ version: 1, changedAt: null, changedBy: null });
    expect(await ana('PATCH', '/api/fleet/kiosk-001', { version: 1, place: 'Gate A' })).toEqual({ status: 200, body: { version: 2 } });
    const at = clock;
    expect(await ben('PATCH', '/api/fleet/kiosk-001', { version: 1, name: 'Hall', place: 'Gate B', groups: [] })).toMatchObject({ status: 409, body: { code: 'HQ_CHANGED_MEANWHILE', by: 'ana', at, version: 2 } });
    expect(await kioskNow()).toMatchObject({ row: { name: 'Lobby', place: 'Gate A' }, written: { version: 2, changedAt: at, changedBy: 'ana' } });
    expect(await ben('PATCH', '/api/fleet/kiosk-001', { version: 2, place: 'Gate B' })).toMatchObject({ status: 200, body: { version: 3 } });
    expect(await kioskNow()).toMatchObject({ row: { name: 'Lobby', place: 'Gate B' }, written: { version: 3, changedBy: 'ben' } });
  });

  test('of many who save at the same moment one is heard', async () => {
    const answers = await Promise.all(Array.from({ length: 6 }, (_, index) => ana('PATCH', '/api/fleet/kiosk-001', { version: 1, name: `Name ${index}` })));
    expect(answers.map(({ status }) => status).sort()).toEqual([200, 409, 409, 409, 409, 409]);
    expect(await kioskNow()).toMatchObject({ row: { name: `Name ${answers.findIndex(({ status }) => status === 200)}` }, written: { version: 2 } });
  });

  test('what is refused for another reason counts no version', async () => {
    for (const wrong of [{ latitude: 3 }, { timeZone: 'Mars/Olympus' }, { groups: ['nowhere'] }]) expect(await ana('PATCH', '/api/fleet/kiosk-001', { version: 1, name: 'Hall', ...wrong })).toMatchObject({ status: 422 });
    expect(await kioskNow()).toMatchObject({ row: { name: 'Lobby' }, written: { version: 1 } });
    expect(await ana('PATCH', '/api/fleet/kiosk-404', { version: 1, name: 'Hall' })).toMatchObject({ status: 404 });
    expect(await ana('PATCH', '/api/fleet/kiosk-001', { name: 'Hall' })).toMatchObject({ status: 400 });
  });

  test('a name given on the command line counts as well, and the same name again does not', async () => {
    await ensureKiosk(sql, lobby, 'Lobby', 1_500);
    expect((await kioskNow()).written.version).toBe(1);
    await ensureKiosk(sql, lobby, 'Hall', 1_500);
    expect(await ben('PATCH', '/api/fleet/kiosk-001', { version: 1, name: 'Gate' })).toMatchObject({ status: 409, body: { by: null, at: 1_500 } });
  });
});

describe('two people who write of one group', () => {
  test('the later is refused, whether they rename it, choose its kiosks, or remove it', async () => {
    const id = await addGroup('East', [lobby]);
    expect(await groupNow(id)).toMatchObject({ name: 'East', kiosks: [lobby], version: 1, changedBy: 'ana' });
    expect(await ana('PUT', `/api/fleet-groups/${id}`, { version: 1, name: 'East', kiosks: [lobby, metro] })).toEqual({ status: 200, body: { version: 2 } });
    const at = clock;
    expect(await ben('PUT', `/api/fleet-groups/${id}`, { version: 1, name: 'North', kiosks: [lobby] })).toMatchObject({ status: 409, body: { code: 'HQ_CHANGED_MEANWHILE', by: 'ana', at } });
    expect(await ben('DELETE', `/api/fleet-groups/${id}?version=1`)).toMatchObject({ status: 409, body: { by: 'ana' } });
    expect(await groupNow(id)).toMatchObject({ name: 'East', kiosks: [lobby, metro], version: 2 });
    expect(await ben('DELETE', `/api/fleet-groups/${id}?version=2`)).toMatchObject({ status: 200 });
    expect(await ana('PUT', `/api/fleet-groups/${id}`, { version: 2, name: 'East', kiosks: [] })).toMatchObject({ status: 404 });
    expect(await sql`select 1 from kiosk_group_members`).toHaveLength(0);
  });

  test('a group that cannot be made whole is not made', async () => {
    expect(await ana('POST', '/api/fleet-groups', { name: 'East', kiosks: [lobby, 'kiosk-404'] })).toMatchObject({ status: 404 });
    expect([await groupsNow(), (await kioskNow()).written.version]).toEqual([[], 1]);
  });
});

describe('which kiosks are in a group is written from both sides', () => {
  test('who saves the group over a kiosk that has come in by its own page is refused, and the kiosk stays in', async () => {
    const id = await addGroup('East');
    expect(await ana('PATCH', '/api/fleet/kiosk-001', { version: 1, groups: [id] })).toMatchObject({ status: 200 });
    expect(await ben('PUT', `/api/fleet-groups/${id}`, { version: 1, name: 'East', kiosks: [metro] })).toMatchObject({ status: 409, body: { by: 'ana' } });
    expect(await groupNow(id)).toMatchObject({ kiosks: [lobby], version: 2 });
  });

  test('who saves the kiosk over a group that has taken it in, or is gone, is refused', async () => {
    const id = await addGroup('East');
    const other = await addGroup('West');
    await ana('PUT', `/api/fleet-groups/${id}`, { version: 1, name: 'East', kiosks: [lobby] });
    expect(await ben('PATCH', '/api/fleet/kiosk-001', { version: 1, groups: [other] })).toMatchObject({ status: 409, body: { by: 'ana', version: 2 } });
    expect((await kioskNow()).row.groups).toEqual([{ groupId: id, name: 'East' }]);
    await ana('DELETE', `/api/fleet-groups/${id}?version=2`);
    expect(await ben('PATCH', '/api/fleet/kiosk-001', { version: 2, groups: [id] })).toMatchObject({ status: 409 });
    expect((await kioskNow()).row.groups).toEqual([]);
  });

  test('a kiosk that stays where it is counts nothing: neither for a group that is renamed, nor for the kiosks that are in it already', async () => {
    const id = await addGroup('East', [lobby]);
    await ana('PUT', `/api/fleet-groups/${id}`, { version: 1, name: 'Far east', kiosks: [lobby, metro] });
    expect([(await kioskNow(lobby)).written.version, (await kioskNow(metro)).written.version]).toEqual([2, 2]);
    await ana('PATCH', '/api/fleet/kiosk-001', { version: 2, groups: [id], place: 'Gate A' });
    expect((await groupNow(id)).version).toBe(2);
  });

  test('from both sides at the same moment nobody waits for ever, and every group has what the last that was heard said', async () => {
    const [east, west] = [await addGroup('East', [lobby]), await addGroup('West', [metro])];
    const kiosks = { [lobby]: (await kioskNow(lobby)).written.version, [metro]: (await kioskNow(metro)).written.version };
    for (let round = 0; round < 15; round++) {
      const before = Object.fromEntries((await groupsNow()).map((group) => [group.groupId, group]));
      const [one, two] = round % 2 === 0 ? [east, west] : [west, east];
      const answers = await Promise.all([
        ana('PUT', `/api/fleet-groups/${one}`, { version: before[one].version, name: before[one].name, kiosks: round % 3 === 0 ? [] : [metro, lobby] }),
        ben('PUT', `/api/fleet-groups/${two}`, { version: before[two].version, name: before[two].name, kiosks: round % 3 === 1 ? [] : [lobby, metro] }),
        ana('PATCH', '/api/fleet/kiosk-001', { version: kiosks[lobby], groups: round % 2 === 0 ? [west, east] : [] }),
        ben('PATCH', '/api/fleet/kiosk-002', { version: kiosks[metro], groups: round % 2 === 0 ? [east] : [east, west] }),
      ]);
      expect(answers.map(({ status }) => status).filter((status) => status !== 200 && status !== 409)).toEqual([]);
      expect(answers.some(({ status }) => status === 200)).toBe(true);
      for (const id of [lobby, metro]) kiosks[id] = (await kioskNow(id)).written.version;
      // Who was heard and whose version still stands was overwritten by nobody.
      for (const [index, id] of [one, two].entries()) {
        const { status, body } = answers[index]!;
        const now = await groupNow(id);
        if (status === 200 && now.version === body.version) expect(now.kiosks).toEqual(round % 3 === index ? [] : [lobby, metro]);
      }
    }
  });
});
