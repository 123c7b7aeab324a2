import fs from 'node:fs';
import path from 'node:path';
import type { Browser, Page } from '@playwright/test';
import { expect } from '@playwright/test';
import { fill } from '../build/seed/fill.ts';
import { root } from '../build/start/child.ts';
import { openDisplay } from '../build/start/display.ts';
import { buildIfStale } from '../build/start/fresh.ts';
import type { Language } from '../domain/language.ts';
import { reachDatabase } from '../hq/server/cli/reach-database.ts';
import { connectDatabase } from '../hq/server/database.ts';
import { ensureSigningKey, registerSigningKey } from '../hq/server/identity/signing-key.ts';
import { migrate, readMigrations } from '../hq/server/migrate.ts';
import { phoneKeyOf } from '../hq/server/orders/phones.ts';
import { startPostgres } from '../hq/server/embedded/postgres.ts';
import { createCustomer } from './stage/customer.ts';
import { startKiosk } from './stage/kiosk.ts';
import { openBrowser, openOperator } from './stage/operator.ts';
import type { Stage } from './stage/stage.ts';
import { openStage } from './stage/stage.ts';
import type { StageMoney } from './stage/wallets.ts';
import { openMoney, phoneReads, walletsKnown } from './stage/wallets.ts';

/**
 * `node build/bootstrap.mjs e2e/hq-pictures.ts`: an HQ with a season of a seeded fleet and one real kiosk beside it, and leaves the pictures of docs/hq.md in
 * docs/pictures/hq. What the seeded kiosks say of themselves is made of now here: nobody hears them any more.
 */
const folder = path.join(root, 'docs/pictures/hq');
const dayMs = 86_400_000;

async function pictures(): Promise<void> {
  await buildIfStale();
  delete process.env['DISPLAY'];
  delete process.env['WAYLAND_DISPLAY'];
  const display = await openDisplay('720x1280');
  Object.assign(process.env, display.env);
  const stageFolder = path.join(root, 'out/hq-pictures-stage');
  fs.rmSync(stageFolder, { recursive: true, force: true });
  fs.mkdirSync(stageFolder, { recursive: true });
  await seed(path.join(stageFolder, 'hq'));
  const browser = await openBrowser();
  const money = await openMoney({ folder: stageFolder, servicesLimitMs: 600_000 });
  const stage = await openStage(stageFolder, startKiosk, {}, { ...money.environment, HQ_DEV_CATALOGUE: path.join(root, 'config/catalogue.json') });
  try {
    fs.rmSync(folder, { recursive: true, force: true });
    fs.mkdirSync(folder, { recursive: true });
    await walletsKnown(stage);
    const byPhone = await phones(stage, money);
    await live(stage);
    await photograph(stage, browser, byPhone);
  } finally {
    await browser.close();
    await stage.close();
    await money.close();
    await display.close();
    fs.rmSync(stageFolder, { recursive: true, force: true });
  }
}

/** Eleven kiosks, a season of orders until the last midnight of Shanghai. */
async function seed(dataFolder: string): Promise<void> {
  fs.mkdirSync(dataFolder, { recursive: true });
  const postgres = await startPostgres({ dataFolder });
  const sql = connectDatabase(postgres.url, { maxConnections: 1 });
  try {
    const signingKey = await ensureSigningKey(path.join(dataFolder, 'hq-signing-key.pem'));
    await migrate(sql, await readMigrations(), Date.now);
    await registerSigningKey(sql, signingKey, Date.now());
    const now = Date.now();
    const until = Math.floor((now + 8 * 3_600_000) / dayMs) * dayMs - 8 * 3_600_000;
    await fill({ url: postgres.url, kiosks: 11, orders: 60_000, days: 90, seed: 24, until, phoneKey: phoneKeyOf(signingKey), say: () => {} });
    const known = await sql<{ kiosk_id: string }[]>`select kiosk_id from kiosks order by kiosk_id`;
    for (const [index, { kiosk_id: kioskId }] of known.entries()) {
      // Two have fallen silent in the night.
      if (index % 6 === 4) continue;
      const isLimited = index === 2;
      const devices = isLimited ? [{ name: 'receipt_printer', kind: 'receipt_printer', severity: 'fault', code: 'PRINTER_PAPER_OUT', since: now - 1_900_000, text: { zh: '没纸了', en: 'Out of paper' }, advice: { zh: '请换一卷纸', en: 'Put in a new roll' } }] : [];
      await sql`update kiosk_contacts set last_seen_at = ${now + 120_000} where kiosk_id = ${kioskId}`;
      await sql`
        insert into kiosk_states (kiosk_id, epoch, sequence, service, reasons, devices, paper, free_bytes, app, occurred_at)
        values (${kioskId}, 1, 1, ${isLimited ? 'limited' : 'selling'}, ${sql.json(isLimited ? ['PRINTER_PAPER_OUT'] : [])}, ${sql.json(devices)}, ${sql.json({ usedMm: 20_000, receiptsLeft: isLimited ? 0 : 90 + index * 37 })}, 41000000000, ${index === 7 ? '0.5.2' : '0.6.0'}, ${now})
        on conflict (kiosk_id) do update set service = excluded.service, reasons = excluded.reasons, devices = excluded.devices, paper = excluded.paper, free_bytes = excluded.free_bytes, app = excluded.app, occurred_at = excluded.occurred_at`;
    }
    const positions = [[31.23, 121.47], [30.27, 120.15], [32.06, 118.79], [39.9, 116.4], [23.13, 113.26]] as const;
    for (const [index, [latitude, longitude]] of positions.entries()) await sql`update kiosks set latitude = ${latitude}, longitude = ${longitude} where kiosk_id = ${known[index]!.kiosk_id}`;
  } finally {
    await sql.end({ timeout: 5 });
    await postgres.stop();
  }
}

/**
 * Paid by phone: one whose carrier never says what became of it, one of which a part goes back; and the gateway's book of the day, with somebody else's payment in it.
 * Answers the id of the second.
 */
async function phones(stage: Stage, money: StageMoney): Promise<string> {
  const { kiosk: { page }, hq } = stage;
  const customer = createCustomer(page, 'zh');
  for (const [wallet, wish] of [['alipay', { offerId: 'top-up-50', phone: '13912345611' }], ['wechat', { offerId: 'umbrella' }]] as const) {
    await customer.begin();
    await customer.add(wish);
    await customer.checkOut();
    await customer.payWith(wallet);
    const trade = await phoneReads(stage, money, 'zh', wallet);
    await money.gateways.phone.pay(trade);
    await customer.pickupNumber();
    await customer.done();
  }
  const wallets = async () => (await hq.orders()).filter(({ row, attempts }) => row.kioskId === 'kiosk-001' && attempts.some(({ tender }) => tender !== 'card'));
  await expect.poll(async () => (await wallets()).filter(({ row }) => row.state === 'fulfilled').length).toBe(2);
  const umbrella = (await wallets()).find(({ row }) => row.total.amount === 3900)!;
  const { sql, end } = await reachDatabase({ kind: 'embedded', dataFolder: hq.dataFolder }, Date.now, { mayMigrate: false });
  try {
    // A day later, which nobody waits for here: HQ has given it up.
    await expect.poll(async () => (await sql`select 1 from service_work where ended_at is null`).length).toBe(1);
    await sql`update service_work set state = 'held', held_at = ${Date.now()}, turns = 41, detail = 'no end after a day: the carrier says "in progress"' where ended_at is null`;
  } finally {
    await end();
  }
  await money.strangerPays(1250);
  await money.takeBooks(hq);
  return umbrella.row.orderId;
}

/** What happens while somebody looks: a sale, a refund, a command with its picture, a customer who calls. */
async function live({ kiosk: { page }, bench, hq }: Stage): Promise<void> {
  const customer = createCustomer(page, 'zh');
  await customer.buy({ offerId: 'latte' });
  bench.terminal.sim.tapCard();
  await customer.pickupNumber();
  await customer.done();
  await customer.buy({ offerId: 'bubble-tea' }, { offerId: 'cola' });
  bench.terminal.sim.tapCard();
  await customer.pickupNumber();
  await customer.done();
  await hq.tell('command', 'kiosk-001', 'screenshot');
  await hq.tell('command', 'kiosk-001', 'test_print');
  await expect.poll(() => hq.tell('commands', 'kiosk-001')).toMatch(/test_print .*done/);
  bench.printer.sim.setPaper('out');
}

async function photograph(stage: Stage, browser: Browser, byPhone: string): Promise<void> {
  const { hq } = stage;
  const open = async (language: Language, size: { readonly width: number; readonly height: number }, theme: 'light' | 'dark' = 'light') => {
    const operator = await openOperator(browser, hq.url, language, size);
    await operator.page.emulateMedia({ colorScheme: theme, reducedMotion: 'reduce' });
    return operator;
  };
  const take = async (page: Page, name: string, address?: string) => {
    if (address !== undefined) await page.goto(address);
    await page.getByRole('heading', { level: 1 }).first().waitFor();
    // What is asked for has come, and charts have grown.
    await page.waitForLoadState('networkidle', { timeout: 3000 }).catch(() => undefined);
    await page.waitForTimeout(900);
    const file = path.join(folder, `${name}.png`);
    await page.screenshot({ path: file, animations: 'disabled' });
    console.log(`pictures: ${path.basename(file)}, ${Math.round(fs.statSync(file).size / 1000)} kB`);
  };
  const wide = { width: 1280, height: 860 };
  const en = await open('en', wide);
  await take(en.page, 'sign-in', '/sign-in');
  await en.signIn(hq.account);
  const call = async (method: 'POST' | 'PUT', address: string, data: object) => {
    const answer = await en.page.request.fetch(address, { method, data, headers: { origin: new URL(hq.url).origin } });
    if (!answer.ok()) throw new Error(`${address}: ${answer.status()} ${await answer.text()}`);
    return answer.json() as Promise<Record<string, string>>;
  };
  const [cola, latte, water] = ['cola', 'umbrella', 'charger'];
  await call('PUT', '/api/stock/planogram', { scope: 'kiosk:kiosk-001', over: null, slots: [{ slot: 'A1', offerId: cola, par: 60, capacity: 80, shelf: 'Upper' }, { slot: 'A2', offerId: latte, par: 90, capacity: 90, shelf: 'Upper' }, { slot: 'B1', offerId: water, par: 75, capacity: 90, shelf: 'Lower' }] });
  const route = await call('POST', '/api/stock/routes', { name: 'Monday, centre', kiosks: ['kiosk-001', 'kiosk-0001'] });
  // What HQ finds by watching it finds within half a minute.
  await expect.poll(async () => ((await (await en.page.request.get('/api/alerts')).json()) as { alerts: unknown[] }).alerts.length, { timeout: 100_000 }).toBeGreaterThan(0);
  const [order] = (await hq.orders()).filter(({ row }) => row.kioskId === 'kiosk-001');
  await take(en.page, 'overview', '/');
  await take(en.page, 'fleet', '/fleet');
  await take(en.page, 'kiosk', '/fleet/kiosk-001?tab=commands');
  await take(en.page, 'order', `/orders/${order!.row.kioskId}/${order!.row.orderId}`);
  await take(en.page, 'catalogue', '/catalogue?entry=bubble-tea');
  await take(en.page, 'stock-list', `/stock/routes/${route['routeId']}`);
  await take(en.page, 'report', '/reports/sales');
  await take(en.page, 'alerts', '/alerts');
  const refund = await call('POST', `/api/orders/kiosk-001/${byPhone}/refund`, { reason: 'One rib was bent', amount: 500 });
  if (refund['isNew'] === undefined) throw new Error('the refund was not taken');
  await expect.poll(async () => (await hq.orders()).find(({ row }) => row.orderId === byPhone)?.refunds.map(({ state }) => state)).toEqual(['done']);
  await take(en.page, 'order-wallet', `/orders/kiosk-001/${byPhone}`);
  await call('POST', '/api/money/reconciliation', {});
  await take(en.page, 'books', '/money?view=books');
  await en.page.goto('/money?view=differences');
  await en.page.getByRole('row').nth(1).getByRole('link').first().click();
  await en.page.getByRole('dialog').waitFor();
  await take(en.page, 'difference');
  await take(en.page, 'services', '/services');
  await en.page.context().close();

  const zh = await open('zh', wide);
  await zh.signIn(hq.account);
  await take(zh.page, 'orders-zh', '/orders');
  await take(zh.page, 'report-zh', '/reports/sales?by=kiosk');
  await take(zh.page, 'days-zh', '/money');
  await zh.page.context().close();
  const dark = await open('zh', wide, 'dark');
  await dark.signIn(hq.account);
  await take(dark.page, 'kiosk-zh-dark', '/fleet/kiosk-001');
  await dark.page.context().close();
  const narrow = await open('en', { width: 360, height: 740 });
  await narrow.signIn(hq.account);
  await take(narrow.page, 'fleet-360', '/fleet');
  await narrow.page.context().close();
}

pictures().then(
  () => process.exit(0),
  (cause: unknown) => {
    console.error(`pictures: ${cause instanceof Error ? cause.stack : String(cause)}`);
    process.exit(1);
  },
);
