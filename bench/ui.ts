import fs from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import { parseArgs } from 'node:util';
import type { ElectronApplication, Locator } from '@playwright/test';
import { _electron as electron } from '@playwright/test';
import react from '@vitejs/plugin-react';
import { build } from 'vite';
import { electronRuntime } from '../build/runtime.mjs';
import { openDisplay } from '../build/start/display.ts';
import { electronFlags } from '../build/start/electron.ts';
import { buildIfStale } from '../build/start/fresh.ts';
import { catalogue, createCustomer } from '../e2e/stage/customer.ts';
import { definedOnly, startKiosk } from '../e2e/stage/kiosk.ts';
import { openStage } from '../e2e/stage/stage.ts';
import { queriesOf, queryKinds } from '../renderer/search/testing/queries.ts';
import { machine, milliseconds, printTable, quantile } from './figures.ts';
import { grownCatalogue } from './ui-catalogue.ts';
import { heapOf, scrollFrames, searchTimes, tap, throttle } from './ui-page.ts';

/**
 * How fast the customer's page is: in the real application with 10,000 offers and the processor throttled through the debugging protocol, each figure
 * beside the same measure of a page with one React button in the same run. `--only=taps,search,scroll,start,memory` leaves the others out.
 */
const { values } = parseArgs({
  options: {
    offers: { type: 'string', default: '10000' }, taps: { type: 'string', default: '120' }, throttle: { type: 'string', default: '4' }, seconds: { type: 'string', default: '5' },
    customers: { type: 'string', default: '1000' }, starts: { type: 'string', default: '5' }, only: { type: 'string', default: 'taps,search,scroll,start,memory' },
  },
});
const [offers, taps, times, seconds, customers, starts] = [values.offers, values.taps, values.throttle, values.seconds, values.customers, values.starts].map(Number) as [number, number, number, number, number, number];
const parts = new Set(values.only.split(','));
/** A screen shows sixty pictures a second; whoever misses one, shows the one before twice. */
const frameMs = 1000 / 60;

const folder = fs.mkdtempSync(path.join(os.tmpdir(), 'counter24-bench-'));
await buildIfStale();
await build({ configFile: false, logLevel: 'warn', root: path.join(import.meta.dirname, 'empty-page'), base: './', plugins: [react()], build: { outDir: path.join(folder, 'empty'), emptyOutDir: true, modulePreload: { polyfill: false } } });
const display = await openDisplay('1080x1920');
Object.assign(process.env, display.env);
const catalogueFile = path.join(folder, 'catalogue.json');
const grown = grownCatalogue(catalogue, offers);
fs.writeFileSync(catalogueFile, JSON.stringify(grown));
const stage = await openStage(folder, startKiosk, { catalogueFile });
try {
  // A machine that is busy with other things and throttled four times is no reason to give up.
  stage.kiosk.page.setDefaultTimeout(60_000);
  console.log(`user interface, ${offers} offers, the page's processor throttled ${times} times; ${machine()}`);
  const empty = await measureEmpty();
  if (parts.has('taps')) await measureTaps(empty.taps);
  if (parts.has('search')) await measureSearch();
  if (parts.has('scroll')) await measureScroll(empty.frames);
  if (parts.has('start')) await measureStarts();
  if (parts.has('memory')) await measureMemory();
  console.log(`  afterwards: ${machine()}`);
} finally {
  await stage.close();
  await display.close();
  fs.rmSync(folder, { recursive: true, force: true });
}

async function openEmpty(): Promise<ElectronApplication> {
  const runtime = electronRuntime();
  return electron.launch({
    executablePath: runtime.executablePath, args: [...electronFlags(), path.join(import.meta.dirname, 'empty-page/shell.cjs'), path.join(folder, 'empty/index.html')], env: definedOnly(process.env),
  });
}

async function measureEmpty(): Promise<{ taps: number[]; frames: number[] }> {
  const app = await openEmpty();
  const page = await app.firstWindow();
  const button = page.getByRole('button');
  await button.waitFor();
  const { session } = await throttle(page, times);
  const figures: number[] = [];
  if (parts.has('taps')) for (let time = 0; time < taps; time += 1) figures.push(await tap(page, session, button));
  const frames = parts.has('scroll') ? await scrollFrames(page, session, page.getByRole('list'), seconds) : [];
  await app.close();
  return { taps: figures, frames };
}

/** Every tap of a customer who browses; the first few of each kind warm it up and are told apart. */
async function measureTaps(empty: readonly number[]): Promise<void> {
  const { page } = stage.kiosk;
  const customer = createCustomer(page, 'en');
  const button = (name: string | RegExp) => page.getByRole('button', { name });
  const dialog = page.getByRole('dialog');
  const rows: string[][] = [['tap to the end of the next frame', 'first ms', 'p50 ms', 'p99 ms', 'of the empty page: p50', 'p99']];
  const warm = empty.slice(1);
  const add = (name: string, [first = Number.NaN, ...figures]: readonly number[]) => {
    const [p50, p99] = [quantile(figures, 0.5), quantile(figures, 0.99)];
    rows.push([name, milliseconds(first), milliseconds(p50), milliseconds(p99), (p50 / quantile(warm, 0.5)).toFixed(2), (p99 / quantile(warm, 0.99)).toFixed(2)]);
  };
  add('one React button', empty);
  try {
    await walkThrough();
  } finally {
    // A run that ends early has said what it knows.
    printTable(rows);
  }

  async function walkThrough(): Promise<void> {
    await customer.begin();
    await page.getByRole('region', { name: 'Everyday goods' }).getByRole('button', { name: 'Snacks' }).click();
    const { session, release } = await throttle(page, times);
    const each = async (count: number, target: (time: number) => Locator, after: (time: number) => Promise<void> = async () => {}) => {
      const figures: number[] = [];
      for (let time = 0; time < count; time += 1) {
        figures.push(await tap(page, session, target(time)));
        await after(time);
      }
      return figures;
    };
    /** A cart takes no more than some of each: now and then the next customer comes. */
    const next = async (time: number) => {
      if (time % 24 !== 23) return;
      await button('Back').click();
      await button('Exit').click();
      await dialog.getByRole('button', { name: 'Clear and leave' }).click();
      await customer.begin();
      await page.getByRole('region', { name: 'Everyday goods' }).getByRole('button', { name: 'Snacks' }).click();
    };
    add('add to cart', await each(taps, (time) => button(/^Add one/).nth(time % 4), next));
    const closing: number[] = [];
    add('open offer', await each(taps, (time) => page.locator('.offer-card__open').nth(time % 4), async () => {
      closing.push(await tap(page, session, dialog.getByRole('button', { name: 'Back' })));
      await dialog.waitFor({ state: 'hidden' });
    }));
    add('close offer', closing);
    const rail = page.getByRole('navigation', { name: 'Categories' }).getByRole('button');
    add('switch category', await each(taps, (time) => rail.nth((time + 1) % 3)));
    await button(/^Add one/).first().click();
    const walk = Math.max(8, Math.round(taps / 4));
    const [toCart, fromCart, toReview, fromReview, toHome, toCategory]: number[][] = [[], [], [], [], [], []] as never;
    for (let time = 0; time < walk; time += 1) {
      toCart!.push(await tap(page, session, page.locator('.cart-bar__open')));
      fromCart!.push(await tap(page, session, button('Keep looking')));
      toReview!.push(await tap(page, session, button('Check out')));
      fromReview!.push(await tap(page, session, button('Back')));
      toHome!.push(await tap(page, session, button('Back')));
      toCategory!.push(await tap(page, session, page.getByRole('region', { name: 'Everyday goods' }).getByRole('button', { name: 'Snacks' })));
    }
    add('open the cart', toCart!);
    add('back to the list', fromCart!);
    add('open the review', toReview!);
    add('back from it', fromReview!);
    add('back to the home screen', toHome!);
    add('open a category', toCategory!);
    add('switch language', await each(walk, (time) => button(time % 2 === 0 ? '中文' : 'English')));
    if (walk % 2 === 1) await button('English').click();
    await button(/^Search/).first().click();
    await page.getByRole('status').first().waitFor();
    add('type a search letter', await each(taps, (time) => page.locator('.keyboard .key', { hasText: new RegExp(`^${'coladetx'[time % 8]!}$`) }), async (time) => {
      if (time % 8 === 7) await page.locator('.search__clear').click();
    }));
    await button('Back').click();
    await release();
  }
}

async function measureSearch(): Promise<void> {
  const { page } = stage.kiosk;
  const customer = createCustomer(page, 'en');
  if (await page.getByRole('button', { name: /Touch to start/ }).isVisible()) await customer.begin();
  await page.getByRole('button', { name: /^Search/ }).first().click();
  const field = page.getByRole('textbox');
  await field.fill('warm');
  await page.getByRole('list').waitFor();
  const searched = grown.offers.map(({ id, name, keywords, rank, price }) => ({ id, zh: name.zh, en: name.en, keywords: keywords ?? [], rank, price }));
  const queries = queryKinds.flatMap((kind) => queriesOf(kind, searched, Math.ceil(taps / 10)).map(({ query }) => query)).filter((query, at, all) => query.trim() !== '' && query !== all[at - 1]);
  const rows: string[][] = [['search', 'in the worker p50 ms', 'p99', 'answered p50 ms', 'p99', 'on the screen p50 ms', 'p99']];
  for (const rate of [1, times]) {
    const { release } = await throttle(page, rate);
    const found = await searchTimes(page, field, queries);
    await release();
    const cells = [found.map(({ inWorker }) => inWorker), found.map(({ answered }) => answered), found.map(({ shown }) => shown)].flatMap((figures) => [milliseconds(quantile(figures, 0.5)), milliseconds(quantile(figures, 0.99))]);
    rows.push([`${found.length} queries, page ${rate === 1 ? 'not throttled' : `throttled ${rate} times`}`, ...cells]);
  }
  printTable(rows);
  await page.getByRole('button', { name: 'Back' }).click();
}

async function measureScroll(empty: readonly number[]): Promise<void> {
  const { page } = stage.kiosk;
  const customer = createCustomer(page, 'en');
  if (await page.getByRole('button', { name: /Touch to start/ }).isVisible()) await customer.begin();
  await page.getByRole('region', { name: 'Everyday goods' }).getByRole('button', { name: 'Drinks' }).click();
  const { session, release } = await throttle(page, times);
  const own = await scrollFrames(page, session, page.locator('.offer-grid__scroller'), seconds);
  await release();
  const row = (name: string, gaps: readonly number[]) => {
    const dropped = gaps.reduce((sum, gap) => sum + Math.max(0, Math.round(gap / frameMs) - 1), 0);
    return [name, String(gaps.length), String(dropped), `${((dropped / (dropped + gaps.length)) * 100).toFixed(1)} %`, milliseconds(quantile(gaps, 0.5)), milliseconds(quantile(gaps, 0.99))];
  };
  printTable([[`scrolling for ${seconds} s`, 'frames', 'dropped', 'of all', 'p50 ms', 'p99 ms'], row('a plain list of the empty page', empty), row('the list of offers', own)]);
  await page.getByRole('button', { name: 'Back' }).click();
}

/** Visits that end without an order, one after another: what each leaves behind would add up. */
async function measureMemory(): Promise<void> {
  const { page } = stage.kiosk;
  const customer = createCustomer(page, 'en');
  const button = (name: string | RegExp) => page.getByRole('button', { name });
  const visit = async (time: number) => {
    await customer.begin();
    await page.getByRole('region', { name: 'Everyday goods' }).getByRole('button', { name: 'Drinks' }).click();
    await button(/^Add one/).first().click();
    await page.locator('.offer-card__open').nth(1).click();
    await page.getByRole('dialog').getByRole('button', { name: 'Back' }).click();
    if (time % 10 === 0) {
      await button(/^Search/).first().click();
      await page.getByRole('textbox').fill('tea');
      await page.getByRole('list').waitFor();
    }
    await button('Back').click();
    await button('Exit').click();
    await page.getByRole('dialog').getByRole('button', { name: 'Clear and leave' }).click();
  };
  await page.reload();
  const rows: string[][] = [['customers', 'heap MB', 'DOM nodes', 'listeners']];
  const note = async (count: number) => {
    const { megabytes, nodes, listeners } = await heapOf(page);
    rows.push([String(count), megabytes.toFixed(2), String(nodes), String(listeners)]);
  };
  // The first ones load what is loaded once.
  for (let time = 0; time < 20; time += 1) await visit(time);
  await note(20);
  for (let time = 1; time <= customers; time += 1) {
    await visit(time);
    if (time % Math.ceil(customers / 4) === 0) await note(20 + time);
  }
  printTable(rows);
}

/** From the start of the process to a first touchable screen, in turns with an empty window's: the best of some of each. */
async function measureStarts(): Promise<void> {
  const ours: number[] = [];
  const empty: number[] = [];
  for (let time = 0; time < starts; time += 1) {
    let begun = performance.now();
    const app = await openEmpty();
    await (await app.firstWindow()).getByRole('button').waitFor();
    empty.push(performance.now() - begun);
    await app.close();
    await stage.kiosk.close();
    begun = performance.now();
    const { page } = await stage.restartKiosk();
    page.setDefaultTimeout(60_000);
    await page.getByRole('button', { name: /Touch to start/ }).waitFor();
    ours.push(performance.now() - begun);
  }
  const row = (name: string, figures: readonly number[]) => [name, milliseconds(Math.min(...figures)), milliseconds(quantile(figures, 0.5)), (Math.min(...figures) / Math.min(...empty)).toFixed(2), (quantile(figures, 0.5) / quantile(empty, 0.5)).toFixed(2)];
  printTable([[`cold start to a touchable screen, ${starts} of each`, 'best ms', 'median ms', 'best to best', 'median to median'], row('an empty window', empty), row('the kiosk', ours)]);
}
