import fs from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import { parseArgs } from 'node:util';
import react from '@vitejs/plugin-react';
import type { CDPSession, ElectronApplication, Locator, Page } from '@playwright/test';
import { _electron as electron } from '@playwright/test';
import { build } from 'vite';
import { electronRuntime } from '../build/runtime.mjs';
import { openDisplay } from '../build/start/display.ts';
import { electronFlags } from '../build/start/electron.ts';
import { buildIfStale } from '../build/start/fresh.ts';
import { catalogue, createCustomer } from '../e2e/stage/customer.ts';
import { definedOnly, startKiosk } from '../e2e/stage/kiosk.ts';
import { openStage } from '../e2e/stage/stage.ts';
import { machine, milliseconds, printTable, quantile } from './figures.ts';
import { grownCatalogue } from './ui-catalogue.ts';

/**
 * How fast the customer's page is: in the real application with 10,000 offers and the processor throttled through the debugging protocol, each figure
 * beside the same measure of a page with one React button in the same run. `--offers=N --taps=N --throttle=N --customers=N`.
 */
const { values } = parseArgs({
  options: { offers: { type: 'string', default: '10000' }, taps: { type: 'string', default: '40' }, throttle: { type: 'string', default: '4' }, customers: { type: 'string', default: '1000' }, starts: { type: 'string', default: '5' } },
});
const [offers, taps, throttle, customers, starts] = [values.offers, values.taps, values.throttle, values.customers, values.starts].map(Number) as [number, number, number, number, number];

const folder = fs.mkdtempSync(path.join(os.tmpdir(), 'counter24-bench-'));
await buildIfStale();
await build({ configFile: false, logLevel: 'warn', root: path.join(import.meta.dirname, 'empty-page'), base: './', plugins: [react()], build: { outDir: path.join(folder, 'empty'), emptyOutDir: true, modulePreload: { polyfill: false } } });
const display = await openDisplay('1080x1920');
Object.assign(process.env, display.env);
const catalogueFile = path.join(folder, 'catalogue.json');
fs.writeFileSync(catalogueFile, JSON.stringify(grownCatalogue(catalogue, offers)));
const stage = await openStage(folder, startKiosk, { catalogueFile });
try {
  const { page } = stage.kiosk;
  const rows: string[][] = [['tap to next frame', 'p50 ms', 'p99 ms', 'of the empty page (p50)']];
  const empty = await measureEmpty();
  rows.push(['one React button', milliseconds(quantile(empty, 0.5)), milliseconds(quantile(empty, 0.99)), '1.00']);
  const add = (name: string, figures: readonly number[]) => rows.push([name, milliseconds(quantile(figures, 0.5)), milliseconds(quantile(figures, 0.99)), (quantile(figures, 0.5) / quantile(empty, 0.5)).toFixed(2)]);

  const customer = createCustomer(page, 'en');
  await customer.begin();
  await customer.open('apple');
  await customer.close();
  const session = await throttled(page);
  const rail = page.getByRole('navigation', { name: 'Categories' }).getByRole('button');
  add('add to cart', await taken(page, session, taps, (time) => page.getByRole('button', { name: /^Add one/ }).nth(time % 4)));
  add('open offer', await taken(page, session, taps, (time) => page.locator('.offer-card__open').nth(time % 4), async () => customer.close()));
  add('switch category', await taken(page, session, taps, (time) => rail.nth(time % 3)));
  await page.getByRole('button', { name: /^Search/ }).first().click();
  await page.getByRole('status').first().waitFor();
  add('type a search letter', await taken(page, session, taps, (time) => page.getByRole('group', { name: 'Keyboard' }).getByRole('button', { name: 'coladetx'[time % 8]!, exact: true }), async (time) => {
    if (time % 8 === 7) for (let letter = 0; letter < 8; letter += 1) await page.getByRole('button', { name: 'Delete' }).first().click();
  }));
  await page.getByRole('button', { name: 'Back' }).click();
  await page.getByRole('region', { name: 'Everyday goods' }).getByRole('button', { name: 'Drinks' }).click();
  const scrolled = await scroll(page, session);
  await unthrottled(session);
  console.log(`user interface, ${offers} offers, processor throttled ${throttle} times; ${machine()}`);
  printTable(rows);
  console.log(`  scrolling the list for ${scrolled.seconds} s: ${scrolled.frames} frames, ${scrolled.dropped} longer than two of the empty page's (${milliseconds(scrolled.limitMs)} ms)`);
  await customer.close().catch(() => undefined);
  await memory(page, customer);
  await stage.close();
  await coldStarts();
} finally {
  await stage.close();
  await display.close();
  fs.rmSync(folder, { recursive: true, force: true });
}

async function throttled(page: Page): Promise<CDPSession> {
  const session = await page.context().newCDPSession(page);
  await session.send('Emulation.setCPUThrottlingRate', { rate: throttle });
  return session;
}

async function unthrottled(session: CDPSession): Promise<void> {
  await session.send('Emulation.setCPUThrottlingRate', { rate: 1 });
  await session.detach();
}

/** Real taps through the debugging protocol; the page says how long each took from the finger's lifting to the end of the frame after it. */
async function taken(page: Page, session: CDPSession, count: number, target: (time: number) => Locator, after: (time: number) => Promise<void> = async () => {}): Promise<number[]> {
  const figures: number[] = [];
  for (let time = 0; time < count; time += 1) {
    const box = await target(time).boundingBox();
    if (!box) throw new Error(`nothing to tap at ${time}`);
    const [x, y] = [box.x + box.width / 2, box.y + box.height / 2];
    const took = page.evaluate(() => new Promise<number>((resolve) => {
      window.addEventListener('pointerup', (event) => {
        const channel = new MessageChannel();
        channel.port1.onmessage = () => resolve(performance.now() - event.timeStamp);
        requestAnimationFrame(() => channel.port2.postMessage(undefined));
      }, { once: true, capture: true });
    }));
    await session.send('Input.dispatchMouseEvent', { type: 'mousePressed', x, y, button: 'left', clickCount: 1 });
    await session.send('Input.dispatchMouseEvent', { type: 'mouseReleased', x, y, button: 'left', clickCount: 1 });
    figures.push(await took);
    await after(time);
  }
  return figures;
}

async function openEmpty(): Promise<ElectronApplication> {
  const runtime = electronRuntime();
  return electron.launch({ executablePath: runtime.executablePath, args: [...electronFlags(), path.join(import.meta.dirname, 'empty-page/shell.cjs'), path.join(folder, 'empty/index.html')], env: definedOnly(process.env) });
}

async function measureEmpty(): Promise<number[]> {
  const app = await openEmpty();
  const page = await app.firstWindow();
  await page.getByRole('button').waitFor();
  const session = await throttled(page);
  const figures = await taken(page, session, taps, () => page.getByRole('button'));
  await app.close();
  return figures;
}

async function scroll(page: Page, session: CDPSession): Promise<{ seconds: number; frames: number; dropped: number; limitMs: number }> {
  const seconds = 5;
  const list = await page.locator('.offers__list').boundingBox();
  if (!list) throw new Error('there is no list to scroll');
  const frames = page.evaluate((ms) => new Promise<number[]>((resolve) => {
    const times: number[] = [];
    const begun = performance.now();
    const look = (at: number) => {
      times.push(at);
      if (at - begun < ms) requestAnimationFrame(look);
      else resolve(times);
    };
    requestAnimationFrame(look);
  }), seconds * 1000);
  const ends = performance.now() + seconds * 1000;
  while (performance.now() < ends) await session.send('Input.dispatchMouseEvent', { type: 'mouseWheel', x: list.x + 50, y: list.y + 200, deltaX: 0, deltaY: 120 });
  const times = await frames;
  const gaps = times.slice(1).map((at, index) => at - times[index]!);
  const limitMs = 2 * quantile(gaps, 0.5);
  return { seconds, frames: gaps.length, dropped: gaps.filter((gap) => gap > limitMs).length, limitMs };
}

/** Visits that end without an order, one after another: what each leaves behind would add up. */
async function memory(page: Page, customer: ReturnType<typeof createCustomer>): Promise<void> {
  const session = await page.context().newCDPSession(page);
  const used = async () => {
    await session.send('HeapProfiler.collectGarbage');
    const { usedSize } = await session.send('Runtime.getHeapUsage');
    const { nodes } = await session.send('Memory.getDOMCounters');
    return { megabytes: usedSize / 1e6, nodes };
  };
  const visit = async () => {
    await customer.begin();
    await page.getByRole('region', { name: 'Everyday goods' }).getByRole('button', { name: 'Drinks' }).click();
    await page.getByRole('button', { name: /^Add one/ }).first().click();
    await page.getByRole('button', { name: 'Back' }).click();
    await page.getByRole('button', { name: 'Leave' }).click();
    await page.getByRole('dialog').getByRole('button', { name: 'Clear and leave' }).click();
  };
  await page.reload();
  for (let time = 0; time < 20; time += 1) await visit();
  const before = await used();
  for (let time = 0; time < customers; time += 1) await visit();
  const after = await used();
  console.log(`  memory over ${customers} customers: heap ${before.megabytes.toFixed(1)} -> ${after.megabytes.toFixed(1)} MB, DOM nodes ${before.nodes} -> ${after.nodes}`);
}

/** From the start of the process to a first touchable screen, beside an empty window's: the best of some, in turn. */
async function coldStarts(): Promise<void> {
  const runtime = electronRuntime();
  const kiosk: number[] = [];
  const window: number[] = [];
  for (let time = 0; time < starts; time += 1) {
    let begun = performance.now();
    const app = await openEmpty();
    await (await app.firstWindow()).getByRole('button').waitFor();
    window.push(performance.now() - begun);
    await app.close();
    begun = performance.now();
    const started = await startKiosk({ configFile: stage.configFile, dataFolder: stage.dataFolder });
    await started.page.getByRole('button', { name: /Touch to start/ }).waitFor();
    kiosk.push(performance.now() - begun);
    await started.close();
  }
  const [ours, theirs] = [Math.min(...kiosk), Math.min(...window)];
  console.log(`  cold start to the first touchable screen: ${milliseconds(ours)} ms, an empty window ${milliseconds(theirs)} ms, ${(ours / theirs).toFixed(2)} times (best of ${starts}; ${path.basename(runtime.executablePath)})`);
}
