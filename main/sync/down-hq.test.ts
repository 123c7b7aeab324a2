import { generateKeyPairSync } from 'node:crypto';
import Database from 'better-sqlite3';
import fastify from 'fastify';
import type { FastifyInstance } from 'fastify';
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { catalogueSchema } from '../../domain/catalogue/catalogue.ts';
import { kioskIdSchema, uuidV7From } from '../../domain/ids.ts';
import { err, ok } from '../../domain/result.ts';
import type { Sql } from '../../hq/server/database.ts';
import { give, recordAnswer } from '../../hq/server/down/commands.ts';
import { publish } from '../../hq/server/down/publish.ts';
import { signingKeyOf } from '../../hq/server/identity/signing-key.ts';
import { kioskDownRoutes } from '../../hq/server/routes/kiosk-down.ts';
import type { TestPostgres } from '../../hq/server/testing/database.ts';
import { startTestPostgres } from '../../hq/server/testing/database.ts';
import { createDocumentKeeper } from '../core/document-keeper.ts';
import { rigCatalogue } from '../core/testing/catalogue-rig.ts';
import { createCommandInbox, createCommandStore } from '../store/commands.ts';
import { createDocumentInbox, createDocumentStore } from '../store/documents.ts';
import { createEmitter } from '../store/emitter.ts';
import { migrations } from '../store/migrations/all.ts';
import { createOutbox } from '../store/outbox.ts';
import { createStoreReader } from '../store/reader.ts';
import { createStoreWriter } from '../store/writer.ts';
import { createDown } from './down.ts';

/** HQ's real side and the kiosk's real side of the way down, with a line between them that loses answers. */
const kioskId = kioskIdSchema.parse('kiosk-001');
const keys = generateKeyPairSync('ed25519');
const signer = signingKeyOf(keys.privateKey);
const now = 1_790_000_000_000;

let postgres: TestPostgres;
let sql: Sql;
let hq: FastifyInstance;
let database: Database.Database;
let answerSizes: number[];
/** Of the next answers, which get lost on their way. */
let lose: boolean[];

beforeAll(async () => void (postgres = await startTestPostgres()), 120_000);
afterAll(() => postgres.stop());

beforeEach(async () => {
  ({ sql } = await postgres.createDatabase());
  await sql`insert into kiosks (kiosk_id, name, created_at) values (${kioskId}, 'Kiosk', ${now})`;
  hq = fastify({ bodyLimit: 10_000_000 });
  hq.addHook('onRequest', async (request) => void (request.kiosk = { kioskId, session: 'session' }));
  kioskDownRoutes(hq, { sql, now: () => now, signingKey: signer, resend: async () => [] });
  database = new Database(':memory:');
  for (const { sql: text, finish } of migrations) {
    database.exec(text);
    finish?.(database);
  }
  [answerSizes, lose] = [[], []];
});
afterEach(async () => {
  await hq.close();
  database.close();
});

function startKiosk(boot: string) {
  let ids = 0;
  const newId = () => uuidV7From(now + ++ids, new Uint8Array(10));
  const emitter = createEmitter({ database, now: () => now, newId });
  const reader = createStoreReader(database);
  const writer = createStoreWriter({ database, reader, now: () => now, newId, emitter });
  const log = { info: () => {}, warn: () => {}, error: () => {} };
  const down = createDown({
    kioskId, hqKey: () => keys.publicKey, documents: createDocumentInbox(database), commands: createCommandInbox(database, boot), outbox: createOutbox(database),
    now: () => now, monotonicMs: () => 0, onNews: () => {}, onRefused: () => {},
    async post(url, body) {
      const answer = await hq.inject({ method: 'POST', url, payload: body as object });
      expect([answer.statusCode, answer.payload.slice(0, 300)]).toEqual([200, expect.anything()]);
      answerSizes.push(answer.payload.length);
      return lose.shift() ? err({ kind: 'away', detail: 'lost' }) : ok(answer.json());
    },
  });
  return { down, keeper: createDocumentKeeper({ documents: createDocumentStore(database, emitter), transaction: emitter.transaction, writer, log }), commands: createCommandStore(database, emitter, boot) };
}

function catalogueText(offers: number, priceOfFirst: number): string {
  const [one] = rigCatalogue.offers;
  return JSON.stringify(catalogueSchema.parse({
    ...rigCatalogue, revision: priceOfFirst, scenes: [{ offerId: 'offer-0', line: { zh: '一', en: 'One' } }],
    offers: Array.from({ length: offers }, (_, index) => ({ ...one, id: `offer-${index}`, price: index === 0 ? priceOfFirst : 350 })),
  }), undefined, 2);
}

async function published(kind: 'catalogue' | 'sold_out', text: string): Promise<number> {
  const done = await publish(sql, { kind, scope: 'all', text, signer, by: 'Ana', now });
  if (!done.ok) throw new Error(JSON.stringify(done.error));
  return done.value.revision;
}

describe('from HQ to the kiosk', () => {
  it('a catalogue of 2,000 offers comes whole once, and a price as a few hundred bytes, whatever answers were lost', async () => {
    const { down, keeper } = startKiosk('11111111-1111-4111-8111-111111111111');
    await published('catalogue', catalogueText(2000, 100));
    lose = [true, true];
    expect([(await down.poll()).ok, (await down.poll()).ok]).toEqual([false, false]);
    expect(await down.poll()).toMatchObject({ ok: true, value: { documents: ['catalogue'], refused: [] } });
    expect(keeper.applyWaiting()).toEqual(['catalogue']);
    expect(keeper.current('catalogue')?.offers).toHaveLength(2000);

    await published('catalogue', catalogueText(2000, 200));
    answerSizes = [];
    expect(await down.poll()).toMatchObject({ ok: true, value: { documents: ['catalogue'] } });
    expect(answerSizes[0]).toBeLessThan(1_500);
    expect([keeper.current('catalogue')?.offers[0]?.price, keeper.applyWaiting(), keeper.current('catalogue')?.offers[0]?.price]).toEqual([100, ['catalogue'], 200]);
    answerSizes = [];
    await down.poll();
    expect(answerSizes.every((size) => size < 200)).toBe(true);
  });

  it('a text that was damaged here is made good whole', async () => {
    const { down } = startKiosk('11111111-1111-4111-8111-111111111111');
    await published('sold_out', '{"offerIds":["cola"]}');
    await down.poll();
    database.exec("UPDATE documents SET text = 'damaged'");
    await published('sold_out', '{\n"offerIds":["cola","tea"],\n"offerIds":["cola","tea"]}');
    expect(await down.poll()).toMatchObject({ ok: true, value: { documents: ['sold_out'], refused: [] } });
    expect(startKiosk('22222222-2222-4222-8222-222222222222').keeper.applyWaiting()).toEqual(['sold_out']);
  });

  it('a command is taken once, over lost answers and a restart, and never again after its answer', async () => {
    const given = await give(sql, { kioskId, kind: 'pause', params: {}, validMs: 60_000, by: 'Ana', now });
    if (!given.ok) throw new Error(given.error);
    const first = startKiosk('11111111-1111-4111-8111-111111111111');
    lose = [true];
    await first.down.poll();
    expect(await first.down.poll()).toMatchObject({ ok: true, value: { commands: 1 } });
    expect(await first.down.poll()).toMatchObject({ ok: true, value: { commands: 0 } });
    // Before it could be begun the kiosk was started again.
    const second = startKiosk('22222222-2222-4222-8222-222222222222');
    expect(await second.down.poll()).toMatchObject({ ok: true, value: { commands: 1 } });
    const [open] = second.commands.open();
    expect(open).toMatchObject({ id: given.value.commandId, kind: 'pause', boot: '22222222-2222-4222-8222-222222222222', beginBeforeMs: 60_000 });
    second.commands.answer(open!, 'done', '');
    await sql.begin((transaction) => recordAnswer(transaction, kioskId, { commandId: open!.id, command: 'pause', outcome: 'done', detail: '' }, now));
    expect(await startKiosk('33333333-3333-4333-8333-333333333333').down.poll()).toMatchObject({ ok: true, value: { commands: 0 } });
  });

  it('an HQ that was restored and counts anew still reaches the kiosk, under the numbers that the kiosk has seen', async () => {
    const { down, commands } = startKiosk('11111111-1111-4111-8111-111111111111');
    for (let time = 0; time < 3; time++) await give(sql, { kioskId, kind: 'back_up', params: {}, validMs: 60_000, by: 'Ana', now });
    await down.poll();
    for (const open of commands.open()) commands.answer(open, 'done', '');
    await sql`delete from commands`;
    await sql`update command_counters set sequence = 0`;
    await give(sql, { kioskId, kind: 'resume', params: {}, validMs: 60_000, by: 'Ana', now });
    await down.poll();
    await down.poll();
    expect(commands.open().map(({ kind }) => kind)).toEqual(['resume']);
  });
});
