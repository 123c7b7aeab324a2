import { generateKeyPairSync, sign } from 'node:crypto';
import fs from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import fc from 'fast-check';
import { afterAll, beforeAll, expect, test } from 'vitest';
import type { KioskId } from '../../../domain/ids.ts';
import { uuidV7From } from '../../../domain/ids.ts';
import { orderSchema } from '../../../domain/order/order.ts';
import { createClosings } from '../../../main/store/closing.ts';
import { createEmitter } from '../../../main/store/emitter.ts';
import { openStore } from '../../../main/store/open.ts';
import { createOutbox } from '../../../main/store/outbox.ts';
import { createStoreReader } from '../../../main/store/reader.ts';
import { createStoreWriter } from '../../../main/store/writer.ts';
import type { Sql } from '../database.ts';
import { receive } from '../ingest/receive.ts';
import type { TestPostgres } from '../testing/database.ts';
import { startTestPostgres } from '../testing/database.ts';
import { checkNotGreen } from './run.ts';

/** A kiosk's own store, outbox and books against HQ: whatever became of epochs between them, each day is green at last. */
let postgres: TestPostgres;
let sql: Sql;
const { privateKey, publicKey } = generateKeyPairSync('ed25519');
const words = { zh: '伞', en: 'Umbrella' };

beforeAll(async () => {
  postgres = await startTestPostgres();
  ({ sql } = await postgres.createDatabase());
}, 60_000);
afterAll(() => postgres?.stop());

let kiosks = 0;

function startKiosk() {
  const folder = fs.mkdtempSync(path.join(os.tmpdir(), 'hq-books-'));
  const opened = openStore({ folder, keyHex: 'ab'.repeat(32), keyProvider: 'test' });
  if (!opened.ok) throw new Error(opened.error.code);
  const { database } = opened.value;
  const kioskId = `kiosk-${++kiosks}` as KioskId;
  let ids = kiosks * 1_000_000;
  let time = 1_790_000_000_000;
  const newId = () => uuidV7From(++ids, new Uint8Array(10));
  const now = () => ++time;
  const emitter = createEmitter({ database, now, newId });
  const writer = createStoreWriter({ database, reader: createStoreReader(database), now, newId, emitter });
  const outbox = createOutbox(database);
  const closings = createClosings({ database, emitter, kioskId, now, sign: (text) => sign(null, Buffer.from(text), privateKey).toString('base64') });
  const clock = () => ({ at: time, boot: '00000000-0000-0000-0000-000000000000', monotonicMs: 0 });
  writer.saveCatalogue({
    revision: 1, currency: 'CNY', categories: [],
    offers: [{ id: 'umbrella', name: words, fulfilment: { kind: 'goods', initialStock: 500 } }],
  } as never);

  return {
    kioskId, outbox, closings,
    sell(pay: boolean) {
      const order = orderSchema.parse({
        id: newId(), cartId: newId(), number: 'A001', placedAt: 1, language: 'zh', catalogueRevision: 1,
        lines: [{ offerId: 'umbrella', name: words, fulfilment: { kind: 'goods', initialStock: 500 }, choices: [], quantity: 1, unitPrice: 1200, total: 1200, tax: { basisPoints: 600, included: true, amount: 68 }, form: {}, fields: [] }],
        total: { amount: 1200, currency: 'CNY' }, taxes: [], receiptToken: 'abcdefghijklmnopqrstuv',
      });
      writer.placeOrder(order, { name: words, address: words, phone: '1', timeZone: 'UTC' }, 'https://hq.example/r/x');
      const attempt = writer.startAttempt(order.id, order.total);
      if (pay) {
        writer.recordAuthorised(attempt.id, { maskedPan: '************4242' });
        writer.settleAttempt(attempt.id, { state: 'approved', card: { maskedPan: '************4242' } });
      } else {
        writer.settleAttempt(attempt.id, { state: 'declined', resultCode: '6c' });
        writer.endOrder(order.id, 'cancel');
      }
    },
    async send(lane: 'orders' | 'stock', limit: number, isAnswerLost: boolean) {
      const { epoch, acknowledged } = outbox.position(lane);
      const events = outbox.events(lane, acknowledged, limit);
      if (events.length === 0) return;
      const received = await receive(sql, { kioskId, lane, epoch, clock: clock(), events: [...events] }, time);
      expect(received.kind).toBe('taken');
      if (!isAnswerLost) outbox.setAcknowledged(lane, epoch, received.mark.acknowledged);
    },
    stop() {
      opened.value.close();
      fs.rmSync(folder, { recursive: true });
    },
  };
}

const lane = fc.constantFrom('orders' as const, 'stock' as const);
const happening = fc.oneof(
  { weight: 4, arbitrary: fc.record({ kind: fc.constant('sell' as const), pay: fc.boolean() }) },
  { weight: 2, arbitrary: fc.record({ kind: fc.constant('close' as const) }) },
  { weight: 4, arbitrary: fc.record({ kind: fc.constant('send' as const), lane, limit: fc.integer({ min: 1, max: 30 }), isAnswerLost: fc.boolean() }) },
  { weight: 2, arbitrary: fc.record({ kind: fc.constant('epoch' as const), lane }) },
  // HQ is restored from a copy in which this kiosk does not stand.
  { weight: 1, arbitrary: fc.record({ kind: fc.constant('hq_lost' as const) }) },
);
const tables = ['cursors', 'events', 'quarantined_events', 'orders', 'order_lines', 'payments', 'jobs', 'stock_moves', 'stock', 'proofs', 'alarms'];

test('each day that a kiosk closes is green when everything has come, however batches were cut, answers lost and epochs left in between', async () => {
  await fc.assert(
    fc.asyncProperty(fc.array(happening, { maxLength: 30 }), async (happenings) => {
      const kiosk = startKiosk();
      const spki = publicKey.export({ format: 'der', type: 'spki' });
      await sql`insert into kiosk_keys (kiosk_id, fingerprint, public_key, state, app, enrolled_at, approved_at) values (${kiosk.kioskId}, 'x', ${spki}, 'approved', '0', 1, 1)`;
      try {
        for (const what of happenings) {
          if (what.kind === 'sell') kiosk.sell(what.pay);
          else if (what.kind === 'close') kiosk.closings.close('2026-11-22');
          else if (what.kind === 'send') await kiosk.send(what.lane, what.limit, what.isAnswerLost);
          else if (what.kind === 'hq_lost') {
            for (const table of tables) await sql`delete from ${sql(table)} where kiosk_id = ${kiosk.kioskId}`;
            for (const each of ['orders', 'stock'] as const) kiosk.outbox.openEpoch(each, kiosk.outbox.position(each).epoch, kiosk.outbox.position(each).epoch + 1, 'kept');
          } else kiosk.outbox.openEpoch(what.lane, kiosk.outbox.position(what.lane).epoch, kiosk.outbox.position(what.lane).epoch + 1, 'unacknowledged');
        }
        kiosk.closings.close('2026-11-23');
        for (const each of ['orders', 'stock'] as const) while (kiosk.outbox.position(each).acknowledged < kiosk.outbox.position(each).last) await kiosk.send(each, 500, false);
        await checkNotGreen(sql, kiosk.kioskId, Date.now());
        const proofs = await sql<{ state: string; result: unknown }[]>`select state, result from proofs where kiosk_id = ${kiosk.kioskId} and state <> 'green'`;
        expect(proofs.map(({ result }) => result)).toEqual([]);
        expect(await sql`select count(*) as days from proofs where kiosk_id = ${kiosk.kioskId}`).toEqual([{ days: happenings.filter(({ kind }) => kind === 'close').length + 1 }]);
      } finally {
        kiosk.stop();
      }
    }),
    { numRuns: 40 },
  );
}, 120_000);
