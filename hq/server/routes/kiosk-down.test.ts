import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { downAnswerSchema } from '../../../domain/contract/hq-down.ts';
import { kioskIdSchema } from '../../../domain/ids.ts';
import { give, listCommands } from '../down/commands.ts';
import { publish } from '../down/publish.ts';
import type { TestDatabase, TestPostgres } from '../testing/database.ts';
import { startTestPostgres } from '../testing/database.ts';
import type { TestHq } from '../testing/hq.ts';
import { startTestHq, testKiosk, testNow } from '../testing/hq.ts';
import { createStory } from '../testing/story.ts';

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

describe('POST /api/kiosk/down', () => {
  test('answers, signed and by the contract, what the kiosk lacks and is to do', async () => {
    const { sql } = database;
    expect(downAnswerSchema.parse((await hq.kiosk.down()).body)).toEqual({ hqTime: testNow, documents: [], commands: [], resend: [] });
    const text = '{"offerIds":["oat-latte"]}';
    const published = await publish(sql, { kind: 'sold_out', scope: 'all', text, signer: hq.signingKey, by: 'Ana', now: testNow });
    const given = await give(sql, { kioskId: testKiosk, kind: 'pause', params: {}, validMs: 5000, by: 'Ana', now: testNow });
    if (!published.ok || !given.ok) throw new Error('not given');
    const { status, isSigned, body } = await hq.kiosk.down();
    expect([status, isSigned]).toEqual([200, true]);
    expect(downAnswerSchema.parse(body)).toMatchObject({
      documents: [{ kind: 'sold_out', revision: 1, scope: 'all', sha256: published.value.sha256, content: { kind: 'whole', text } }],
      commands: [{ id: given.value.commandId, sequence: 1, kind: 'pause', params: {}, expiresInMs: 5000 }],
    });
    const after = await hq.kiosk.down({ documents: { sold_out: published.value }, commands: 1 });
    expect(downAnswerSchema.parse(after.body)).toMatchObject({ documents: [], commands: [] });
  });

  test('and the kiosk’s event answers the command', async () => {
    const given = await give(database.sql, { kioskId: testKiosk, kind: 'back_up', params: {}, validMs: 5000, by: 'Ana', now: testNow });
    if (!given.ok) throw new Error(given.error);
    const story = createStory(testKiosk);
    story.add('command.answered', { commandId: given.value.commandId, command: 'back_up', outcome: 'done', detail: 'a copy of 12 MB' }, testNow);
    expect((await hq.send(story.lane('orders'))).status).toBe(200);
    expect((await listCommands(database.sql, testKiosk, testNow))[0]).toMatchObject({ commandId: given.value.commandId, state: 'answered', outcome: 'done', detail: 'a copy of 12 MB' });
  });

  test('refuses what another kiosk has signed, and what does not have the shape of the contract', async () => {
    const other = kioskIdSchema.parse('kiosk-002');
    expect(await hq.kiosk.down({ kioskId: other })).toMatchObject({ status: 401, body: { code: 'HQ_UNKNOWN_KIOSK' }, isSigned: true });
    expect(await hq.kiosk.ask('POST', '/api/kiosk/down', { kioskId: testKiosk, documents: { prices: {} }, commands: -1 })).toMatchObject({ status: 400, body: { code: 'HQ_BATCH_MALFORMED' } });
  });
});
