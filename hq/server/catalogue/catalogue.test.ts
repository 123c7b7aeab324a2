// oxlint-disable typescript/no-explicit-any -- answers are looked into as the JSON that they are
import { generateKeyPairSync } from 'node:crypto';
import { readFile } from 'node:fs/promises';
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, test } from 'vitest';
import Fastify from 'fastify';
import type { FastifyInstance } from 'fastify';
import { kioskIdSchema } from '../../../domain/ids.ts';
import type { AccountRole } from '../../contract/api/permissions.ts';
import { createApi } from '../api/serve.ts';
import type { Sql } from '../database.ts';
import { createDocumentSource } from '../down/documents.ts';
import { publishDue } from '../down/planned.ts';
import { publish } from '../down/publish.ts';
import { signingKeyOf } from '../identity/signing-key.ts';
import { ensureKiosk } from '../identity/kiosks.ts';
import type { TestPostgres } from '../testing/database.ts';
import { startTestPostgres } from '../testing/database.ts';
import { withRevision } from './in-force.ts';
import { catalogueRoutes } from './routes.ts';

const signer = signingKeyOf(generateKeyPairSync('ed25519').privateKey);
const now = 1_800_000_000_000;
const kiosk = kioskIdSchema.parse('kiosk-001');
const other = kioskIdSchema.parse('kiosk-002');
let catalogue: { offers: { id: string; price: number; name: { zh: string; en: string } }[] } & Record<string, unknown>;

let postgres: TestPostgres;
let sql: Sql;
let app: FastifyInstance;
let who: { name: string; role: AccountRole };
let audited: string[];
beforeAll(async () => {
  postgres = await startTestPostgres();
  catalogue = JSON.parse(await readFile(new URL('../../../config/catalogue.json', import.meta.url), 'utf8'));
}, 60_000);
afterAll(() => postgres?.stop());
beforeEach(async () => {
  ({ sql } = await postgres.createDatabase());
  for (const id of [kiosk, other]) await ensureKiosk(sql, id, id, now);
  who = { name: 'ana', role: 'merchandiser' };
  audited = [];
  app = Fastify();
  const api = createApi(app, {
    readSession: async () => ({ accountId: who.name, sessionId: 's', ...who }) as never, now: () => now,
    writeAudit: async ({ summary, outcome, detail }) => audited.push(`${outcome}: ${summary}: ${detail}`),
  });
  catalogueRoutes(api, { sql, now: () => now, signingKey: signer });
});
afterEach(async () => {
  await app.close();
  await sql.end({ timeout: 1 });
});

async function ask(method: 'GET' | 'POST' | 'PUT' | 'PATCH', url: string, payload?: object): Promise<{ status: number; body: any }> {
  const { statusCode, body } = await app.inject({ method, url, ...(payload ? { payload } : {}) });
  return { status: statusCode, body: JSON.parse(body) };
}
const draft = async (scope = 'all') => (await ask('GET', `/api/catalogue/draft?scope=${scope}`)).body;
const change = (version: number, changes: object[], scope = 'all') => ask('PATCH', '/api/catalogue/draft', { scope, version, changes });
const price = (id: string, to: number) => ({ part: 'offers', id, value: { ...catalogue.offers.find((offer) => offer.id === id), price: to } });
const get = async (kioskId = kiosk) => {
  const documents = await createDocumentSource(sql, signer).documentsFor(kioskId, {}, now);
  return Object.fromEntries(documents.map(({ kind, revision, content }) => [kind, { revision, json: JSON.parse(content.kind === 'whole' ? content.text : '{}') as any }]));
};
/** The shop's own catalogue, published for all. */
async function begin(): Promise<void> {
  expect(await ask('PUT', '/api/catalogue/draft', { scope: 'all', version: 0, catalogue })).toMatchObject({ status: 200, body: { version: 1 } });
  expect(await ask('POST', '/api/catalogue/publications', { scope: 'all', version: 1, over: null })).toMatchObject({ status: 200, body: { revision: 1 } });
}

describe('a catalogue’s draft', () => {
  test('is begun by the first change, published with the document’s number as its own, and gone then', async () => {
    await begin();
    const [first] = catalogue.offers;
    expect(await draft()).toMatchObject({ version: 0, catalogue: { revision: 1 }, inForce: { revision: 1, publishedBy: 'ana' } });
    expect(await change(0, [price(first!.id, 4200)])).toMatchObject({ status: 200, body: { version: 2 } });
    expect((await get()).catalogue).toMatchObject({ revision: 1 });
    expect(await ask('POST', '/api/catalogue/publications', { scope: 'all', version: 2, over: 1 })).toMatchObject({ status: 200, body: { revision: 2 } });
    expect((await get()).catalogue).toMatchObject({ revision: 2, json: { revision: 2 } });
    expect((await get()).catalogue!.json.offers.find(({ id }: { id: string }) => id === first!.id).price).toBe(4200);
    expect(await draft()).toMatchObject({ version: 0, changedBy: null });
    const { body: history } = await ask('GET', '/api/catalogue/history');
    expect(history.revisions.map(({ revision, isInForce }: any) => [revision, isInForce])).toEqual([[2, true], [1, false]]);
    expect((await ask('GET', '/api/catalogue/difference?to=2')).body).toMatchObject({ from: 1, changes: [{ part: 'offers', id: first!.id, kind: 'changed', fields: [{ path: ['price'], before: first!.price, after: 4200 }] }] });
    expect(audited.at(-1)).toBe('done: Publish a draft, now or at a time: all: revision 2');
  });

  test('is everybody’s: who changes what somebody else has changed since is told who and when; other parts are taken', async () => {
    await begin();
    const [one, two] = catalogue.offers;
    await change(0, [price(one!.id, 100)]);
    who = { name: 'ben', role: 'merchandiser' };
    expect(await change(0, [price(two!.id, 200)])).toMatchObject({ status: 200, body: { version: 3 } });
    expect(await change(0, [price(one!.id, 300)])).toMatchObject({ status: 409, body: { code: 'HQ_CHANGED_MEANWHILE', by: 'ana', at: now, part: `offers ${one!.id}`, version: 3 } });
    expect(await ask('POST', '/api/catalogue/publications', { scope: 'all', version: 2, over: 1 })).toMatchObject({ status: 409 });
    expect(await ask('POST', '/api/catalogue/publications', { scope: 'all', version: 3, over: 1 })).toMatchObject({ status: 200 });
    // What was published meanwhile is no draft any more.
    expect(await change(3, [price(one!.id, 300)])).toMatchObject({ status: 409 });
  });

  test('that was begun after another one takes nothing from a page that still shows the one before', async () => {
    await begin();
    const [one, two] = catalogue.offers;
    const { version: seen } = (await change(0, [price(one!.id, 100)])).body;
    await ask('POST', '/api/catalogue/publications', { scope: 'all', version: seen, over: 1 });
    who = { name: 'ben', role: 'merchandiser' };
    expect((await change(0, [price(two!.id, 200)])).body.version).toBeGreaterThan(seen);
    who = { name: 'ana', role: 'merchandiser' };
    expect(await change(seen, [price(one!.id, 300)])).toMatchObject({ status: 409, body: { code: 'HQ_CHANGED_MEANWHILE' } });
    expect(await ask('PUT', '/api/catalogue/draft', { scope: 'all', version: seen, catalogue })).toMatchObject({ status: 409 });
    expect(await ask('POST', '/api/catalogue/draft/drop', { scope: 'all', version: seen })).toMatchObject({ status: 409 });
    expect((await draft()).catalogue.offers[0].price).toBe(100);
  });

  test('that was replaced as a whole is not written into by who has not seen that', async () => {
    await begin();
    const [one] = catalogue.offers;
    await change(0, [price(one!.id, 100)]);
    who = { name: 'ben', role: 'merchandiser' };
    await change(2, [price(catalogue.offers[1]!.id, 200)]);
    expect(await ask('PUT', '/api/catalogue/draft', { scope: 'all', version: 3, catalogue: { ...catalogue, offers: [one] } })).toMatchObject({ status: 200, body: { version: 4 } });
    who = { name: 'ana', role: 'merchandiser' };
    expect(await change(3, [price(one!.id, 300)])).toMatchObject({ status: 409, body: { code: 'HQ_CHANGED_MEANWHILE', by: 'ben', version: 4 } });
    expect(await change(4, [price(one!.id, 300)])).toMatchObject({ status: 200 });
  });

  test('and an older revision that are published at one moment over the same one: one is, and the other is told', async () => {
    await begin();
    await change(0, [price(catalogue.offers[0]!.id, 100)]);
    await ask('POST', '/api/catalogue/publications', { scope: 'all', version: 2, over: 1 });
    for (let over = 2; over < 6; over++) {
      const { version } = (await change(0, [price(catalogue.offers[0]!.id, 1000 + over)])).body;
      const answers = await Promise.all([
        ask('POST', '/api/catalogue/publications', { scope: 'all', version, over }), ask('POST', '/api/catalogue/rollback', { scope: 'all', revision: over - 1, over }), ask('POST', '/api/catalogue/rollback', { scope: 'all', revision: over - 1, over }),
      ]);
      expect(answers.map(({ status }) => status).toSorted(), `over ${over}`).toEqual([200, 409, 409]);
      const left = await draft();
      if (left.version > 0) await ask('POST', '/api/catalogue/draft/drop', { scope: 'all', version: left.version });
    }
  });

  test('that does not hold together is kept, and not published: each problem is told at its field', async () => {
    await begin();
    const [one] = catalogue.offers;
    expect(await change(0, [{ part: 'offers', id: one!.id, value: { ...one, price: -5, categoryId: 'nowhere' } }])).toMatchObject({ status: 200 });
    const refused = await ask('POST', '/api/catalogue/publications', { scope: 'all', version: 2, over: 1 });
    expect(refused).toMatchObject({ status: 422, body: { code: 'HQ_INVALID' } });
    expect(refused.body.problems).toContainEqual({ path: ['offers', 0, 'price'], message: expect.any(String) });
    expect((await draft()).catalogue.offers[0].categoryId).toBe('nowhere');
    expect((await get()).catalogue).toMatchObject({ revision: 1 });
  });

  test('is not published over what its author has not seen, nor where nothing is changed', async () => {
    await begin();
    await change(0, [price(catalogue.offers[0]!.id, 100)]);
    expect(await ask('POST', '/api/catalogue/publications', { scope: 'all', version: 2, over: null })).toMatchObject({ status: 409, body: { revision: 1, by: 'ana' } });
    await change(2, [price(catalogue.offers[0]!.id, catalogue.offers[0]!.price)]);
    expect(await ask('POST', '/api/catalogue/publications', { scope: 'all', version: 3, over: 1 })).toMatchObject({ status: 422, body: { kind: 'unchanged' } });
  });

  test('for one kiosk begins with what applies there, goes to it alone, and is withdrawn again', async () => {
    await begin();
    await change(0, [price(catalogue.offers[0]!.id, 100)], 'kiosk:kiosk-001');
    expect(await ask('POST', '/api/catalogue/publications', { scope: 'kiosk:kiosk-001', version: 1, over: 1 })).toMatchObject({ status: 200, body: { revision: 2 } });
    expect([(await get()).catalogue!.revision, (await get(other)).catalogue!.revision]).toEqual([2, 1]);
    expect(await ask('POST', '/api/catalogue/withdraw', { scope: 'kiosk:kiosk-001', over: 2 })).toMatchObject({ status: 200, body: { revision: 3 } });
    expect([(await get()).catalogue!.revision, (await get(other)).catalogue!.revision]).toEqual([3, 3]);
    expect(await change(0, [price(catalogue.offers[0]!.id, 100)], 'kiosk:nobody')).toMatchObject({ status: 404 });
  });

  test('is not withdrawn over what somebody has published meanwhile', async () => {
    await begin();
    const withdraw = (over: number) => ask('POST', '/api/catalogue/withdraw', { scope: 'kiosk:kiosk-001', over });
    await change(0, [price(catalogue.offers[0]!.id, 100)], 'kiosk:kiosk-001');
    expect(await ask('POST', '/api/catalogue/publications', { scope: 'kiosk:kiosk-001', version: 1, over: 1 })).toMatchObject({ body: { revision: 2 } });
    who = { name: 'ben', role: 'merchandiser' };
    const { body: { version } } = await change(0, [price(catalogue.offers[0]!.id, 200)], 'kiosk:kiosk-001');
    expect(await ask('POST', '/api/catalogue/publications', { scope: 'kiosk:kiosk-001', version, over: 2 })).toMatchObject({ body: { revision: 3 } });
    expect(await withdraw(2)).toMatchObject({ status: 409, body: { code: 'HQ_CHANGED_MEANWHILE', revision: 3, by: 'ben', at: now } });
    expect((await get()).catalogue!.revision).toBe(3);
    expect(await withdraw(3)).toMatchObject({ status: 200, body: { revision: 4 } });
    expect(await withdraw(4)).toMatchObject({ status: 404 });
  });

  test('is published when its time has come, unless that is cancelled', async () => {
    await begin();
    await change(0, [price(catalogue.offers[0]!.id, 100)]);
    const { body } = await ask('POST', '/api/catalogue/publications', { scope: 'all', version: 2, over: 1, at: now + 60_000 });
    expect(body).toMatchObject({ revision: null, publicationId: expect.any(String) });
    expect(await publishDue(sql, signer, now, withRevision)).toBe(0);
    expect(await publishDue(sql, signer, now + 60_000, withRevision)).toBe(1);
    expect((await get()).catalogue).toMatchObject({ revision: 2, json: { revision: 2 } });
    const later = await ask('POST', '/api/catalogue/publications', { scope: 'all', version: 2, over: 2, at: now + 90_000 });
    expect(later).toMatchObject({ status: 422 });
    await change(2, [price(catalogue.offers[0]!.id, 300)]);
    const { body: planned } = await ask('POST', '/api/catalogue/publications', { scope: 'all', version: 3, over: 2, at: now + 90_000 });
    expect(await ask('POST', `/api/catalogue/planned/${planned.publicationId}/cancel`)).toMatchObject({ status: 200 });
    expect(await publishDue(sql, signer, now + 90_000, withRevision)).toBe(0);
    expect((await ask('GET', '/api/catalogue/history')).body.planned.map(({ state }: any) => state)).toEqual(['cancelled', 'published']);
  });

  describe('that was planned', () => {
    const at = (inMs: number) => now + inMs;
    const planDraft = async (over: number, inMs: number) => ask('POST', '/api/catalogue/publications', { scope: 'all', version: (await draft()).version, over, at: at(inMs) });
    const plans = async () => (await ask('GET', '/api/catalogue/history')).body.planned as { state: string; revision: number | null; detail: string | null }[];
    const priceNow = async () => (await get()).catalogue!.json.offers[0].price;
    const alarms = () => sql`select kiosk_id, kind, severity, facts, detail from alarms where settled_at is null`;

    test('does not take back what a person published meanwhile: it fails, with an alarm that says by whom', async () => {
      await begin();
      await change(0, [price(catalogue.offers[0]!.id, 100)]);
      expect(await planDraft(1, 60_000)).toMatchObject({ status: 200 });
      who = { name: 'ben', role: 'merchandiser' };
      const { version } = (await change((await draft()).version, [price(catalogue.offers[0]!.id, 777)])).body;
      expect(await ask('POST', '/api/catalogue/publications', { scope: 'all', version, over: 1 })).toMatchObject({ status: 200 });
      expect(await publishDue(sql, signer, at(60_000), withRevision)).toBe(1);
      expect([await priceNow(), (await plans())[0]]).toEqual([777, expect.objectContaining({ state: 'failed', revision: null, detail: expect.stringContaining('ben published revision 2') })]);
      expect([...(await alarms())]).toEqual([{
        kiosk_id: '-hq', kind: 'publication_failed', severity: 'urgent', detail: expect.stringContaining('ana planned'),
        facts: { scope: 'all', plannedBy: 'ana', plannedAt: now, dueAt: at(60_000), meanwhile: { revision: 2, by: 'ben', at: now } },
      }]);
    });

    test('for a group does not take back what was published for all meanwhile, where the group has none of its own', async () => {
      await begin();
      await sql`insert into kiosk_groups ${sql({ group_id: 'metro', name: 'Metro' })}`;
      await change(0, [price(catalogue.offers[0]!.id, 100)], 'group:metro');
      await ask('POST', '/api/catalogue/publications', { scope: 'group:metro', version: 1, over: 1, at: at(60_000) });
      const { version } = (await change(0, [price(catalogue.offers[1]!.id, 5)])).body;
      await ask('POST', '/api/catalogue/publications', { scope: 'all', version, over: 1 });
      expect(await publishDue(sql, signer, at(60_000), withRevision)).toBe(1);
      expect(await plans()).toMatchObject([{ state: 'failed' }]);
    });

    test('goes on after another that was planned before it, and after the same words under another number', async () => {
      await begin();
      await change(0, [price(catalogue.offers[0]!.id, 100)]);
      await planDraft(1, 60_000);
      await change((await draft()).version, [price(catalogue.offers[0]!.id, 200)]);
      await planDraft(1, 120_000);
      expect([await publishDue(sql, signer, at(60_000), withRevision), await priceNow()]).toEqual([1, 100]);
      expect([await publishDue(sql, signer, at(120_000), withRevision), await priceNow()]).toEqual([1, 200]);
      await change((await draft()).version, [price(catalogue.offers[0]!.id, 300)]);
      await planDraft(3, 180_000);
      await sql`insert into documents (kind, revision, scope, text, sha256, signature, published_at, published_by) select kind, 4, scope, text, sha256, signature, published_at, 'HQ' from documents where kind = 'catalogue' and revision = 3`;
      await sql`update document_counters set revision = 4 where kind = 'catalogue'`;
      expect([await publishDue(sql, signer, at(180_000), withRevision), await priceNow()]).toEqual([1, 300]);
      expect(await alarms()).toHaveLength(0);
    });
  });

  test('of before is published again as a new revision', async () => {
    await begin();
    await change(0, [price(catalogue.offers[0]!.id, 100)]);
    await ask('POST', '/api/catalogue/publications', { scope: 'all', version: 2, over: 1 });
    expect(await ask('POST', '/api/catalogue/rollback', { scope: 'all', revision: 1, over: 2 })).toMatchObject({ status: 200, body: { revision: 3 } });
    expect((await ask('GET', '/api/catalogue/difference?to=3&from=1')).body.changes).toEqual([]);
    expect(await ask('POST', '/api/catalogue/rollback', { scope: 'all', revision: 1, over: 2 })).toMatchObject({ status: 409 });
  });

  test('is shown to all, and changed by those alone who may', async () => {
    await begin();
    for (const role of ['viewer', 'operator', 'accountant'] as const) {
      who = { name: 'eve', role };
      expect((await ask('GET', '/api/catalogue/draft?scope=all')).status).toBe(200);
      expect(await change(0, [price(catalogue.offers[0]!.id, 1)])).toMatchObject({ status: 403 });
      expect(await ask('POST', '/api/catalogue/sold-out', { offerId: 'x', scope: 'all', isSold: false })).toMatchObject({ status: 403 });
    }
  });
});

describe('off sale', () => {
  const rest = (offerId: string, scope: string, isSold = false, until?: number) => ask('POST', '/api/catalogue/sold-out', { offerId, scope, isSold, ...(until === undefined ? {} : { until }) });
  const off = async (kioskId = kiosk) => (await get(kioskId)).sold_out?.json.offerIds ?? [];

  test('everywhere means also where a kiosk or a group has its own list, and back again', async () => {
    await sql`insert into kiosk_groups ${sql({ group_id: 'metro', name: 'Metro' })}`;
    await sql`insert into kiosk_group_members ${sql({ group_id: 'metro', kiosk_id: other })}`;
    expect(await rest('latte', 'kiosk:kiosk-001')).toMatchObject({ body: { published: 1 } });
    await rest('tea', 'group:metro');
    expect([await off(), await off(other)]).toEqual([['latte'], ['tea']]);
    expect(await rest('water', 'all')).toMatchObject({ body: { published: 3 } });
    expect([await off(), await off(other)]).toEqual([['latte', 'water'], ['tea', 'water']]);
    await rest('water', 'all', true);
    expect([await off(), await off(other)]).toEqual([['latte'], ['tea']]);
    // Twice is once.
    expect(await rest('latte', 'kiosk:kiosk-001')).toMatchObject({ body: { published: 0 } });
  });

  test('for one of a kiosk’s groups does not put back on sale what another has taken off', async () => {
    await sql`insert into kiosk_groups ${sql([{ group_id: 'metro', name: 'Metro' }, { group_id: 'north', name: 'North' }])}`;
    await sql`insert into kiosk_group_members ${sql([{ group_id: 'metro', kiosk_id: kiosk }, { group_id: 'north', kiosk_id: kiosk }, { group_id: 'north', kiosk_id: other }])}`;
    await rest('tea', 'group:metro');
    await rest('latte', 'group:north');
    expect([await off(), await off(other)]).toEqual([['latte', 'tea'], ['latte']]);
    await rest('water', 'group:metro');
    await rest('juice', 'all');
    expect([await off(), await off(other)]).toEqual([['juice', 'latte', 'tea', 'water'], ['juice', 'latte']]);
    await rest('tea', 'group:metro', true);
    expect(await off()).toEqual(['juice', 'latte', 'water']);
  });

  test('until a time is left out of the list when that is past, and found by name', async () => {
    await begin();
    const [one, two] = catalogue.offers;
    await rest(one!.id, 'all', false, now + 60_000);
    await rest(two!.id, 'all');
    expect((await get()).sold_out!.json).toEqual({ offerIds: [two!.id], snoozed: [{ offerId: one!.id, until: now + 60_000 }] });
    const { body } = await ask('GET', `/api/catalogue/sold-out?search=${encodeURIComponent(one!.name.zh)}`);
    expect(body.offers[0]).toEqual({ offerId: one!.id, name: one!.name, rests: [{ scope: 'all', name: '', until: now + 60_000 }] });
    expect(await rest(one!.id, 'all', false, now - 1)).toMatchObject({ status: 422 });
  });

  test('keeps what was published by hand', async () => {
    await publish(sql, { kind: 'sold_out', scope: 'all', text: '{"offerIds":["by-hand"]}', signer, by: 'cli', now });
    await rest('latte', 'all');
    expect(await off()).toEqual(['by-hand', 'latte']);
  });
});
