import { randomBytes } from 'node:crypto';
import fs from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import type { TestContext } from 'vitest';
import { afterAll, beforeAll, expect, test, vi } from 'vitest';
import { writeKioskFiles } from '../../build/start/kiosk-files.ts';
import type { Answer } from '../../domain/contract/kiosk.ts';
import type { OrderId } from '../../domain/ids.ts';
import { priceCart } from '../../domain/pricing/pricing.ts';
import { momentOf } from '../../domain/time.ts';
import type { TestPostgres } from '../../hq/server/testing/database.ts';
import { startTestPostgres } from '../../hq/server/testing/database.ts';
import { startTestHq, testCode } from '../../hq/server/testing/hq.ts';
import { createWalletNews } from '../../hq/server/wallets/news.ts';
import type { Mishap, Operation } from '../../hq/server/wallets/testing/scripted-gateway.ts';
import { createScriptedGateway } from '../../hq/server/wallets/testing/scripted-gateway.ts';
import { createWalletWorker } from '../../hq/server/wallets/worker.ts';
import { rigCatalogue } from './testing/catalogue-rig.ts';
import { newCartId } from './testing/kiosk-stage-rig.ts';
import { startKioskProcess } from './testing/kiosk-process.ts';
import { openStoreRig } from './testing/store-rig.ts';

vi.setConfig({ testTimeout: 90_000, hookTimeout: 90_000 });

let postgres: TestPostgres;
beforeAll(async () => {
  postgres = await startTestPostgres();
});
afterAll(() => postgres.stop());

/** Core in a process of its own, the real HQ on a real database, and a gateway with its own books. The kiosk has no devices: a wallet needs none. */
async function openBoth(context: TestContext) {
  const closers: (() => unknown)[] = [];
  context.onTestFinished(async () => {
    for (const close of closers.reverse()) await close();
  });
  const database = await postgres.createDatabase();
  let mishap: (operation: Operation, count: number) => Mishap | undefined = () => undefined;
  const gateway = createScriptedGateway({ now: Date.now, mishap: (operation, count) => mishap(operation, count), onCode: () => 'asks' });
  const news = createWalletNews({ url: database.url, onProblem: () => {}, retryMs: 20 });
  const worker = createWalletWorker({ sql: database.sql, now: Date.now, gateways: [gateway], onProblem: () => {}, pollMs: 200 });
  const working = worker.run();
  const hq = await startTestHq(database, { isWithoutKiosk: true, now: Date.now, ...({ gateways: [gateway], walletNews: news } as object) });
  const hqUrl = await hq.app.listen({ host: '127.0.0.1', port: 0 });
  closers.push(() => news.close(), async () => {
    const cutting = setInterval(() => hq.app.server.closeAllConnections(), 20);
    await hq.close();
    clearInterval(cutting);
  }, async () => {
    await worker.stop();
    await working;
  });

  const folder = fs.mkdtempSync(path.join(os.tmpdir(), 'counter24-real-wallets-'));
  closers.push(() => fs.rmSync(folder, { recursive: true, force: true, maxRetries: 3 }));
  const catalogueFile = path.join(folder, 'catalogue.json');
  fs.writeFileSync(catalogueFile, JSON.stringify(rigCatalogue));
  const nowhere = path.join(folder, 'nothing-here');
  const configFile = writeKioskFiles({ folder: path.join(folder, 'kiosk'), printerPath: nowhere, terminalPath: nowhere, hqUrl, hqCode: testCode, changes: { catalogueFile } });
  const keyHex = randomBytes(32).toString('hex');
  const dataFolder = path.join(folder, 'data');
  const start = () => {
    const started = startKioskProcess({ configFile, dataFolder, key: { ok: true, value: { hex: keyHex, provider: 'test' } } });
    closers.push(started.stop);
    return started;
  };
  let kiosk = start();
  await kiosk.started;
  const store = openStoreRig(dataFolder, keyHex);
  closers.push(store.close);
  await kiosk.request('open', {});
  await kiosk.until('status', ({ wallets }) => wallets.some(({ state }) => state === 'ready'));

  return {
    gateway, store, hq,
    get kiosk() {
      return kiosk;
    },
    setMishap: (next: typeof mishap) => void (mishap = next),
    async restart(): Promise<void> {
      await kiosk.kill();
      kiosk = start();
      await kiosk.started;
    },
    async place(): Promise<OrderId> {
      const cart = { id: newCartId(), lines: [{ id: 'line-0', quantity: 1, choices: {}, form: {}, offerId: 'cola' }], dining: 'eat_in' as const };
      const placed = await kiosk.request('place', { cart, language: 'en', catalogueRevision: rigCatalogue.revision, shownTotal: priceCart(rigCatalogue, cart, momentOf(Date.now(), 'Asia/Shanghai')).total });
      if (!placed.ok || placed.value.kind !== 'placed') throw new Error(JSON.stringify(placed));
      return placed.value.order.id;
    },
    untilOrder: (orderId: OrderId, fits: (order: Answer<'pay'>) => boolean) => kiosk.until('order', (order) => order.id === orderId && fits(order)),
    /** As the gateway knows it. */
    tradeOf: (orderId: OrderId) => store.reader.attempts(orderId).at(-1)!.id.replaceAll('-', ''),
  };
}

test('a code is shown, paid with the phone, heard of at once, and given back in part and whole', async (context) => {
  const { gateway, kiosk, store, place, untilOrder, tradeOf } = await openBoth(context);
  const orderId = await place();
  await kiosk.request('pay', { orderId, tender: 'wechat' });
  await untilOrder(orderId, ({ payment }) => payment.kind === 'wallet' && payment.step === 'show' && payment.code !== undefined);
  expect(gateway.pay(tradeOf(orderId))).toBe(true);
  await untilOrder(orderId, ({ payment }) => payment.kind === 'paid' && payment.tender === 'wechat' && payment.transactionId !== undefined);
  store.give('refund', { orderId, reason: 'a dent', amount: 100 });
  await kiosk.request('visit', { active: true });
  await expect.poll(() => gateway.netOf(tradeOf(orderId))).toBe(250);
  store.give('refund', { orderId, reason: 'broken' });
  await kiosk.request('visit', { active: true });
  await untilOrder(orderId, ({ state }) => state === 'refunded');
  expect(gateway.netOf(tradeOf(orderId))).toBe(0);
});

test('a code that the phone shows is charged once it is confirmed there; read again it is not charged again', async (context) => {
  const { gateway, kiosk, place, untilOrder, tradeOf } = await openBoth(context);
  const orderId = await place();
  await kiosk.request('scan', { text: '134567890123456789' });
  await untilOrder(orderId, ({ payment }) => payment.kind === 'wallet' && payment.step === 'confirm');
  await kiosk.request('scan', { text: '134567890123456790' });
  expect(gateway.pay(tradeOf(orderId))).toBe(true);
  await untilOrder(orderId, ({ payment }) => payment.kind === 'paid');
  expect([...gateway.trades.values()].map(({ charges }) => charges)).toEqual([1]);
});

test('cancelled: closed at the gateway, and paid no more', async (context) => {
  const { gateway, kiosk, place, untilOrder, tradeOf } = await openBoth(context);
  const orderId = await place();
  await kiosk.request('pay', { orderId, tender: 'wechat' });
  await untilOrder(orderId, ({ payment }) => payment.kind === 'wallet' && payment.step === 'show');
  await kiosk.request('cancelPayment', { orderId });
  await untilOrder(orderId, ({ payment }) => payment.kind === 'due' && payment.last === 'cancelled');
  expect(gateway.pay(tradeOf(orderId))).toBe(false);
});

test('core is killed with the code on the screen, and it is paid meanwhile: the next one finds it, once', async (context) => {
  const both = await openBoth(context);
  const { gateway, store, place, untilOrder, tradeOf } = both;
  const orderId = await place();
  await both.kiosk.request('pay', { orderId, tender: 'wechat' });
  await untilOrder(orderId, ({ payment }) => payment.kind === 'wallet' && payment.step === 'show');
  gateway.pay(tradeOf(orderId));
  await both.restart();
  await expect.poll(() => store.attemptStates(orderId)).toEqual(['approved']);
  expect(gateway.netOf(tradeOf(orderId))).toBe(350);
});

test('the gateway’s answers are lost: nothing is charged that is not sold, and nothing is sold that is not paid', async (context) => {
  const { gateway, kiosk, store, place, tradeOf, setMishap } = await openBoth(context);
  setMishap((operation, count) => (operation === 'show' && count === 0 ? 'lost' : operation === 'query' && count < 2 ? 'busy' : undefined));
  const orderId = await place();
  await kiosk.request('pay', { orderId, tender: 'wechat' });
  await kiosk.request('cancelPayment', { orderId });
  await expect.poll(() => store.attemptStates(orderId)).toEqual(['cancelled']);
  expect([gateway.pay(tradeOf(orderId)), gateway.trades.size === 0 || gateway.netOf(tradeOf(orderId)) === 0]).toEqual([false, true]);
});
