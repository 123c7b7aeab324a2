import { createHash, randomUUID } from 'node:crypto';
import fs from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import { MessageChannel } from 'node:worker_threads';
import type { Database } from 'better-sqlite3';
import { afterEach, beforeEach, expect, it, vi } from 'vitest';
import type { Answer, EventName, KioskStatus, Method, Params, Shopfront } from '../../domain/contract/kiosk.ts';
import type { CommandKind, DocumentKind } from '../../domain/contract/hq-down.ts';
import type { CartId } from '../../domain/ids.ts';
import { uuidV7From } from '../../domain/ids.ts';
import { money } from '../../domain/money.ts';
import { openKeyed } from '../store/connection.ts';
import { createCommandInbox } from '../store/commands.ts';
import { createDocumentInbox } from '../store/documents.ts';
import type { Kiosk } from './kiosk.ts';
import { createKiosk } from './kiosk.ts';
import { createLog } from './log.ts';
import type { Port } from './port.ts';
import { rigCatalogue } from './testing/catalogue-rig.ts';

/** A whole kiosk with nothing on its lines, a page, and sync's hand in its store: what HQ sends, as it comes to a customer. */
const keyHex = 'ab'.repeat(32);
let folder: string;
let kiosk: Kiosk;
let sync: Database;
let restarts: number;
/** How often selling has begun. */
let sales: number;
/** What the store answers to an order. */
let fault: (Error & { code: string }) | undefined;

function start(): Kiosk {
  return createKiosk({
    start: { kind: 'start', configFile: path.join(folder, 'kiosk.json'), dataFolder: path.join(folder, 'data'), key: { ok: true, value: { hex: keyHex, provider: 'test' } } },
    log: createLog(() => {}, Date.now), tellShell: () => {}, onRestartWanted: () => (restarts += 1),
    probes: {
      isAlone: true,
      writer(writer) {
        sales += 1;
        return { ...writer, placeOrder(...order) {
          if (fault) throw fault;
          writer.placeOrder(...order);
        } };
      },
    },
  });
}

beforeEach(async () => {
  folder = fs.mkdtempSync(path.join(os.tmpdir(), 'counter24-down-'));
  const config = JSON.parse(fs.readFileSync(path.join(import.meta.dirname, '../../config/kiosk.json'), 'utf8')) as { hq: { url: string } };
  fs.writeFileSync(path.join(folder, 'kiosk.json'), JSON.stringify({ ...config, catalogueFile: 'catalogue.json', hq: { ...config.hq, url: 'http://127.0.0.1:9' } }));
  fs.writeFileSync(path.join(folder, 'catalogue.json'), JSON.stringify(rigCatalogue));
  restarts = 0;
  sales = 0;
  fault = undefined;
  kiosk = start();
  sync = openKeyed({ file: path.join(folder, 'data/store/store.db'), keyHex });
  sync.pragma('busy_timeout = 5000');
});
afterEach(async () => {
  await kiosk.stop();
  sync.close();
  fs.rmSync(folder, { recursive: true });
});

function page() {
  const { port1, port2 } = new MessageChannel();
  const waiting = new Map<number, (value: unknown) => void>();
  const heard: { status?: KioskStatus; shopfront?: Shopfront } = {};
  const port: Port = { post: (message) => port2.postMessage(message), onMessage: (listener) => void port2.on('message', listener), onClose: (listener) => void port2.on('close', listener), close: () => port2.close() };
  port1.on('message', (message: { kind: string; id: number; result: { ok: boolean; value: unknown }; name: EventName; payload: never }) => {
    if (message.kind === 'event') heard[message.name as 'status'] = message.payload;
    else waiting.get(message.id)?.(message.result.ok ? message.result.value : message.result);
  });
  kiosk.connect(port);
  let next = 0;
  const ask = <M extends Method>(method: M, params: Params<M>) => new Promise<Answer<M>>((resolve) => {
    waiting.set(next, resolve as never);
    port1.postMessage({ kind: 'request', id: next++, method, params });
  });
  return { ask, heard };
}

let sequence = 0;
function published(kind: DocumentKind, revision: number, content: unknown): void {
  const text = JSON.stringify(content);
  createDocumentInbox(sync).putWaiting({ kind, revision, scope: 'all', signature: 'c2ln', text, sha256: createHash('sha256').update(text).digest('hex') }, Date.now());
}

/** Of this run of the kiosk, which stands in the events that it has written. */
function given(kind: CommandKind, params: unknown): void {
  const boot = sync.prepare<[], { boot: string }>('SELECT boot FROM outbox ORDER BY position DESC LIMIT 1').get()!.boot;
  createCommandInbox(sync, boot).take([{ id: randomUUID(), sequence: ++sequence, kind, params, expiresInMs: 1e12 }], sequence - 1, 0, true);
}

let made = 0;
const cart = (offerId: string) => ({
  cart: { id: uuidV7From(Date.now() + ++made, new Uint8Array(10)) as CartId, lines: [{ id: 'line-1', offerId, quantity: 1, choices: {}, form: {} }] },
  language: 'zh' as const, catalogueRevision: 1, shownTotal: money(0, 'CNY'),
});
const soon = (what: () => void) => vi.waitFor(what, { timeout: 60_000, interval: 50 });

/** HQ's commands that wait for nobody are done by now, with whatever else may be done. */
async function lookedAround(): Promise<void> {
  given('resume', {});
  const own = sequence;
  await soon(() => expect(sync.prepare('SELECT state FROM commands WHERE sequence = ?').pluck().get(own)).toBe('done'));
}

it('what HQ publishes comes into force when the customer has left, and not before', async () => {
  const { ask, heard } = page();
  expect((await ask('open', {})).shopfront?.catalogue.revision).toBe(1);
  await ask('visit', { active: true });
  published('catalogue', 5, { ...rigCatalogue, revision: 9 });
  published('sold_out', 2, { offerIds: ['city-map', 'beef-noodles'] });
  await lookedAround();
  expect(heard.shopfront?.catalogue.revision ?? 1).toBe(1);
  await ask('visit', { active: false });
  await soon(() => expect(heard.shopfront).toMatchObject({ catalogue: { revision: 9 }, available: { 'city-map': 0, 'beef-noodles': 0, cola: 40 } }));
  expect(await ask('place', cart('city-map'))).toMatchObject({ kind: 'refused', refusals: [{ code: 'sold_out' }], available: { 'city-map': 0 } });
  published('sold_out', 3, { offerIds: [] });
  await soon(() => expect(heard.shopfront?.available['city-map']).toBe(100));
  expect(await ask('place', cart('city-map'))).toMatchObject({ kind: 'placed' });
});

it("HQ's configuration makes everything anew, and the page goes on with it", async () => {
  const { ask, heard } = page();
  const { shopfront } = await ask('open', {});
  published('config', 1, { maxOrderTotal: 12_300, defaultLanguage: 'en' });
  await soon(() => expect(heard.shopfront).toMatchObject({ maxOrderTotal: 12_300, defaultLanguage: 'en', shopName: shopfront!.shopName }));
  await soon(() => expect(heard.status?.service.kind).toBe('in_service'));
});

it('a pause is shown with its notice, whoever is there finishes, and it ends when HQ says so', async () => {
  const { ask, heard } = page();
  await ask('open', {});
  await ask('visit', { active: true });
  const notice = { zh: '补货', en: 'Restocking' };
  given('pause', { notice });
  await soon(() => expect(heard.status?.service).toEqual({ kind: 'paused', notice }));
  expect(await ask('place', cart('city-map'))).toMatchObject({ kind: 'placed' });
  given('resume', {});
  await soon(() => expect(heard.status?.service).toEqual({ kind: 'in_service' }));
});

it('a restart waits for the customer to leave', async () => {
  const { ask } = page();
  await ask('open', {});
  await ask('visit', { active: true });
  given('restart', {});
  await lookedAround();
  expect(restarts).toBe(0);
  await ask('visit', { active: false });
  expect(restarts).toBe(1);
});

it("what HQ has set while the kiosk was off is what selling begins with: once", async () => {
  await kiosk.stop();
  published('config', 1, { maxOrderTotal: 12_300 });
  sales = 0;
  kiosk = start();
  const { ask } = page();
  expect((await ask('open', {})).shopfront?.maxOrderTotal).toBe(12_300);
  await lookedAround();
  expect(sales).toBe(1);
});

it.each([
  ['finds the disk full', 'SQLITE_FULL', 'DISK_FULL'],
  ['meets damage', 'SQLITE_CORRUPT', 'STORE_DAMAGED'],
])('an order that %s ends selling at once, and it goes on by itself when that is over', async (_what, code, reason) => {
  const { ask, heard } = page();
  await ask('open', {});
  await ask('visit', { active: true });
  fault = Object.assign(new Error('as SQLite says'), { code });
  expect(await ask('place', cart('city-map'))).toMatchObject({ ok: false });
  expect(heard.status?.service).toMatchObject({ kind: 'out_of_service', reason: { code: reason } });
  expect(await ask('place', cart('city-map'))).toMatchObject({ ok: false, error: { code: reason } });
  fault = undefined;
  await ask('visit', { active: false });
  await soon(() => expect(heard.status?.service).toEqual({ kind: 'in_service' }));
  expect(await ask('place', cart('city-map'))).toMatchObject({ kind: 'placed' });
});
