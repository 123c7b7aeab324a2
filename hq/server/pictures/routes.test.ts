import { createHash } from 'node:crypto';
import { readFile } from 'node:fs/promises';
import { afterAll, beforeAll, beforeEach, expect, test } from 'vitest';
import type { TestDatabase, TestPostgres } from '../testing/database.ts';
import { startTestPostgres } from '../testing/database.ts';
import type { TestHq } from '../testing/hq.ts';
import { startTestHq, testNow } from '../testing/hq.ts';
import { addPerson } from '../testing/people.ts';
import { sample } from './samples.fixture.ts';

let postgres: TestPostgres;
let database: TestDatabase;
let hq: TestHq;
beforeAll(async () => {
  postgres = await startTestPostgres();
}, 60_000);
afterAll(() => postgres?.stop());
beforeEach(async () => {
  database = await postgres.createDatabase();
  hq = await startTestHq(database);
  return async () => {
    await hq.close();
    await database.sql.end({ timeout: 1 });
  };
});

const upload = async (bytes: Buffer) => {
  const answer = await hq.inject({ method: 'POST', url: '/api/pictures', payload: { data: bytes.toString('base64') } });
  return { status: answer.statusCode, body: answer.json<{ file: string; reason?: string }>() };
};

test('is put at HQ once, by its content, shown as what it is, and stands in the audit by its name', async () => {
  const { status, body } = await upload(sample('webp'));
  const file = `${createHash('sha256').update(sample('webp')).digest('hex')}.webp`;
  expect([status, body]).toEqual([200, { file, mediaType: 'image/webp', width: 24, height: 16, bytes: 106, uploadedAt: testNow, uploadedBy: 'dev' }]);
  expect((await upload(sample('webp'))).body.file).toBe(file);
  const shown = await hq.inject({ url: `/api/pictures/${file}` });
  expect([shown.statusCode, shown.headers['content-type'], shown.headers['x-content-type-options'], shown.rawPayload.equals(sample('webp'))]).toEqual([200, 'image/webp', 'nosniff', true]);
  expect((await hq.inject({ url: `/api/pictures/${file.replace('.webp', '.png')}` })).statusCode).toBe(404);
  expect((await hq.inject({ url: `/api/pictures/${'0'.repeat(64)}.webp` })).statusCode).toBe(404);
  expect((await hq.app.inject({ url: `/api/pictures/${file}` })).statusCode).toBe(401);
  const [entry] = await database.sql<{ detail: string }[]>`select detail from hq_audit where route = 'POST /api/pictures' and outcome = 'done' limit 1`;
  expect(entry?.detail).toBe(`${file}, 24 × 16`);
});

test('that is none is refused with why; who may not edit a catalogue may not put one here', async () => {
  expect(await upload(sample('animatedWebp'))).toMatchObject({ status: 422, body: { code: 'HQ_INVALID', reason: 'animated' } });
  expect(await upload(Buffer.from('<svg onload="alert(1)"/>'))).toMatchObject({ status: 422, body: { reason: 'not_a_picture' } });
  expect((await hq.inject({ method: 'POST', url: '/api/pictures', payload: { data: 'no base64!' } })).statusCode).toBe(400);
  const viewer = await addPerson(hq, 'viewer', testNow);
  const refused = await hq.app.inject({ method: 'POST', url: '/api/pictures', payload: { data: sample('png').toString('base64') }, headers: { cookie: viewer.cookie } });
  expect([refused.statusCode, await database.sql`select 1 from pictures`]).toEqual([403, []]);
});

test('are listed, the newest first, page by page', async () => {
  for (const name of ['png', 'jpeg', 'webp'] as const) await upload(sample(name));
  const seen: string[] = [];
  let before = '';
  for (;;) {
    const page = (await hq.inject({ url: `/api/pictures?limit=2${before}` })).json<{ pictures: { file: string }[]; next: string | null }>();
    seen.push(...page.pictures.map(({ file }) => file));
    if (page.next === null) break;
    before = `&before=${page.next}`;
  }
  expect([seen.length, new Set(seen).size]).toEqual([3, 3]);
});

test('a catalogue that names one which HQ has not is not published: its kiosks would look for it in vain', async () => {
  const catalogue = JSON.parse(await readFile(new URL('../../../config/catalogue.json', import.meta.url), 'utf8')) as { offers: { picture: unknown }[] };
  const publishWith = async (version: number, file: string) => {
    catalogue.offers[2]!.picture = { kind: 'photo', file, tint: 'sand' };
    await hq.inject({ method: 'PUT', url: '/api/catalogue/draft', payload: { scope: 'all', version, catalogue } });
    return (await hq.inject({ method: 'POST', url: '/api/catalogue/publications', payload: { scope: 'all', version: version + 1, over: null } })).json();
  };
  expect(await publishWith(0, `${'a'.repeat(64)}.webp`)).toMatchObject({ code: 'HQ_INVALID', problems: [{ path: ['offers', 2, 'picture', 'file'], message: 'HQ has no such picture' }] });
  const { body: { file } } = await upload(sample('webp'));
  expect(await publishWith(1, file)).toMatchObject({ revision: 1 });
});
