import { afterAll, beforeAll, expect, test } from 'vitest';
import type { TestDatabase, TestPostgres } from '../testing/database.ts';
import { startTestPostgres } from '../testing/database.ts';
import type { TestHq } from '../testing/hq.ts';
import { startTestHq, testKiosk, testNow } from '../testing/hq.ts';
import { sample } from './samples.fixture.ts';

let postgres: TestPostgres;
let database: TestDatabase;
let hq: TestHq;
beforeAll(async () => {
  postgres = await startTestPostgres();
  database = await postgres.createDatabase();
  hq = await startTestHq(database);
}, 60_000);
afterAll(async () => {
  await hq?.close();
  await postgres?.stop();
});

test('a kiosk in its session gets a picture by its hash, as the very bytes of that hash; nobody else does', async () => {
  const kept = await hq.inject({ method: 'POST', url: '/api/pictures', payload: { data: sample('webp').toString('base64') } });
  const sha256 = kept.json<{ file: string }>().file.slice(0, 64);
  const ask = (body: object) => hq.kiosk.ask('POST', '/api/kiosk/picture', body);
  expect(await ask({ kioskId: testKiosk, sha256 })).toMatchObject({ status: 200, body: { hqTime: testNow, mediaType: 'image/webp', data: sample('webp').toString('base64') } });
  expect(await ask({ kioskId: testKiosk, sha256: 'f'.repeat(64) })).toMatchObject({ status: 404, body: { code: 'HQ_NOT_FOUND' } });
  expect(await ask({ kioskId: 'kiosk-002', sha256 })).toMatchObject({ status: 401 });
  expect(await ask({ kioskId: testKiosk, sha256: '../x' })).toMatchObject({ status: 400 });
  expect((await hq.app.inject({ method: 'POST', url: '/api/kiosk/picture', payload: { kioskId: testKiosk, sha256 } })).statusCode).toBe(401);
});
