import { execFile } from 'node:child_process';
import fs from 'node:fs';
import path from 'node:path';
import { promisify } from 'node:util';
import { root } from '../build/start/child.ts';
import { wordsOf } from '../renderer/i18n/language.ts';
import { closeDay } from './stage/books.ts';
import { createCustomer } from './stage/customer.ts';
import type { Stage } from './stage/stage.ts';
import { expect, test } from './stage/stage.ts';

async function payByCard(stage: Stage, offerId: string): Promise<string> {
  const customer = createCustomer(stage.kiosk.page, 'en');
  await customer.buy({ offerId });
  stage.bench.terminal.sim.tapCard();
  const number = await customer.pickupNumber();
  await expect(stage.kiosk.page.getByText(wordsOf.en.result.receipt.printed)).toBeVisible();
  await customer.done();
  return number;
}

const isThere = (stage: Stage, orders: number, timeout = 30_000) => expect.poll(async () => (await stage.hq.orders()).length, { timeout }).toBe(orders);

/** By id: HQ counts what it is told again, and applies it once. */
async function expectOnce(stage: Stage): Promise<void> {
  for (const { events } of await stage.hq.orders()) {
    const ids = events.map(({ id }) => id);
    expect(new Set(ids).size).toBe(ids.length);
    expect(events.every((event) => event.setAside === null)).toBe(true);
  }
}

test('HQ is killed in the middle of a sale, and later put back from an old copy: everything arrives once, and its proof is green', async ({ stage }) => {
  test.setTimeout(200_000);
  const { hq } = stage;
  await payByCard(stage, 'cola');
  await isThere(stage, 1);
  await hq.stop();
  const copy = path.join(stage.folder, 'copy-of-hq');
  fs.cpSync(hq.dataFolder, copy, { recursive: true, preserveTimestamps: true });
  await hq.start();

  const customer = createCustomer(stage.kiosk.page, 'en');
  await customer.buy({ offerId: 'cola' });
  await isThere(stage, 2);
  await hq.kill();
  stage.bench.terminal.sim.tapCard();
  await customer.pickupNumber();
  await customer.done();
  await customer.takeForFree({ offerId: 'plaster' });
  await customer.done();
  await hq.start();
  await isThere(stage, 3);

  await hq.stop();
  fs.rmSync(hq.dataFolder, { recursive: true });
  fs.renameSync(copy, hq.dataFolder);
  await hq.start();
  // With nothing to tell, the kiosk hears of it only at its next sign of life.
  await isThere(stage, 3, 100_000);

  // The kiosk's day ends, with its signed sums.
  await stage.kiosk.close();
  closeDay({ dataFolder: stage.dataFolder, storeKey: stage.kiosk.storeKey(), kioskId: 'kiosk-001' });
  await stage.restartKiosk();
  await expect.poll(async () => (await hq.kiosk()).proofs.map(({ state }) => state)).toEqual(['green']);
  await expectOnce(stage);
  expect((await hq.kiosk()).alarms).toEqual([]);
  expect(await stage.audit(3)).toMatchObject({ agree: true, strays: [] });
});

test('the database of a kiosk is nothing but zeros when it starts: it comes back from its copy, its journal and HQ, and loses no order', async ({ stage }) => {
  test.setTimeout(120_000);
  const { hq, dataFolder } = stage;
  const numbers = [await payByCard(stage, 'cola')];
  await isThere(stage, 1);
  await hq.tell('command', 'kiosk-001', 'back_up');
  await expect.poll(() => hq.tell('commands', 'kiosk-001')).toMatch(/back_up .*done/);
  numbers.push(await payByCard(stage, 'cola'));
  await isThere(stage, 2);
  await hq.stop();
  // Neither the copy nor HQ has heard of this one.
  numbers.push(await payByCard(stage, 'cola'));
  await stage.kiosk.close();

  const file = path.join(dataFolder, 'store/store.db');
  fs.writeFileSync(file, Buffer.alloc(fs.statSync(file).size));
  await stage.restartKiosk();
  numbers.push(await payByCard(stage, 'cola'));
  expect(new Set(numbers).size).toBe(4);
  await hq.start();
  await isThere(stage, 4);
  await expectOnce(stage);
  await expect.poll(async () => (await hq.kiosk()).alarms.map(({ kind }) => kind)).toContain('store_recovered');
  expect(await stage.audit(4)).toMatchObject({ agree: true, strays: [], orders: numbers.map((number) => ({ number, kiosk: { state: 'fulfilled' } })) });
});

test("the store's key is changed while somebody orders: it waits for them, and no order is lost", async ({ stage }) => {
  const customer = createCustomer(stage.kiosk.page, 'en');
  await payByCard(stage, 'cola');
  const before = stage.kiosk.storeKey().hex;
  await customer.begin();
  await customer.add({ offerId: 'cola' });
  const { stdout } = await promisify(execFile)(process.execPath, [path.join(root, 'hardware/cli/device.ts'), 'rotate-key', `--data=${stage.dataFolder}`], { cwd: root });
  expect(stdout).toContain('another key');
  await customer.checkOut();
  await customer.pay();
  await customer.askedForCard();
  stage.bench.terminal.sim.tapCard();
  await customer.pickupNumber();
  await expect(stage.kiosk.page.getByText(wordsOf.en.result.receipt.printed)).toBeVisible();
  expect(stage.kiosk.storeKey().hex).toBe(before);
  await customer.done();

  await expect.poll(() => stage.kiosk.output()).toContain('the key of the store was changed');
  expect(stage.kiosk.storeKey().hex).not.toBe(before);
  await payByCard(stage, 'cola');
  expect(await stage.audit(3)).toMatchObject({ agree: true, strays: [] });
});
