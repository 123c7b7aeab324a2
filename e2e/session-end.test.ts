import fs from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import type { Page } from '@playwright/test';
import postgres from 'postgres';
import { openStore } from '../main/store/open.ts';
import { wordsOf } from '../renderer/i18n/language.ts';
import { createCustomer } from './stage/customer.ts';
import { createListener } from './stage/listener.ts';
import type { Stage } from './stage/stage.ts';
import { expect, test } from './stage/stage.ts';

test.use({ changes: { times: { idleWarningMs: 6000, idleEndMs: 20_000, resultMs: 20_000, unpaidOrderMs: 600_000, receiptMs: 180_000 } } });

/** What customers typed; each is looked for everywhere. A phone number also as it is shown. */
const planted = {
  recipient: 'Wilhelmina Quarnstrom', street: '77 Zephyrhollow Lane', postcode: '100043', deliveryPhone: '13987651111', applicant: 'Ottoline Vexford', identity: '11010519491231002X', applicationPhone: '13987652222', topUpPhone: '13987653333', feedback: 'plughxyzzy wumpus',
  searchLeft: 'grubblenook', searchIdle: 'snarfwidget', searchDone: 'quibbletron',
} as const;
const traces = Object.values(planted).flatMap((text) => (/^139\d{8}$/.test(text) ? [text, text.replace(/^(\d{3})(\d{4})(\d{4})$/, '$1 $2 $3')] : [text]));
// A postcode of six digits stands by chance in many a file.
const rare = traces.filter((text) => text !== planted.postcode);

test('however a visit ends, nothing that its customer said or chose is left: not on the page, not in its storage, not for the next, in no log, no file, and at HQ sealed alone', async ({ stage }) => {
  const { page } = stage.kiosk;
  const words = wordsOf.en;
  const customer = createCustomer(page, 'en');
  const attract = page.getByRole('button', { name: /Touch to start/ });
  await expect(attract).toBeVisible();
  const ear = await createListener(page);

  // Done: delivered goods and an application, paid, with words of feedback.
  await customer.begin();
  await setEverything(page);
  await search(page, planted.searchDone);
  await customer.add({ offerId: 'panda-plush', phone: planted.deliveryPhone, district: ['Beijing', 'Chaoyang District'], form: { 'contact-name': planted.recipient, street: planted.street, postcode: planted.postcode } });
  await customer.add({ offerId: 'sim-application', phone: planted.applicationPhone, form: { name: planted.applicant, 'id-number': planted.identity } });
  await customer.checkOut();
  await expect(page.getByText(planted.street).first()).toBeVisible();
  await expect(page.getByText(planted.recipient).first()).toBeVisible();
  await customer.pay();
  await customer.askedForCard();
  stage.bench.terminal.sim.tapCard();
  await customer.pickupNumber();
  await page.getByRole('button', { name: words.finish.feedback.more }).click();
  const sheet = page.getByRole('dialog');
  await sheet.getByRole('radio', { name: /^2/ }).click();
  await sheet.getByRole('button', { name: words.finish.feedback.writeWords }).click();
  await sheet.getByRole('textbox').fill(planted.feedback);
  await sheet.getByRole('button', { name: words.finish.feedback.wordsDone }).click();
  await expect(sheet.getByText(planted.feedback)).toBeVisible();
  await sheet.getByRole('button', { name: words.finish.feedback.send }).click();
  await customer.done();
  await expectNothingOnPage(page);
  await expectFresh(page, ear);

  // Cancelled in the middle of a form.
  await customer.begin();
  await setEverything(page);
  await search(page, planted.searchLeft);
  await customer.open('top-up-50');
  await sheet.getByRole('button', { name: words.details.next }).click();
  await sheet.getByRole('textbox').fill(planted.topUpPhone);
  for (let times = 0; times < 2; times += 1) await sheet.getByRole('button', { name: words.details.back }).or(sheet.getByRole('button', { name: words.common.back })).first().click();
  await expect(sheet).toBeHidden();
  await customer.add({ offerId: 'cola' });
  await page.getByRole('button', { name: words.common.back }).click();
  await page.getByRole('button', { name: words.home.leave }).click();
  await page.getByRole('button', { name: words.leave.go }).click();
  await expect(attract).toBeVisible();
  await expectNothingOnPage(page);
  await expectFresh(page, ear);

  // Walked away, with a sheet open and a number half typed.
  await customer.begin();
  await setEverything(page);
  await search(page, planted.searchIdle);
  await customer.add({ offerId: 'cola' });
  await customer.open('top-up-50');
  await sheet.getByRole('button', { name: words.details.next }).click();
  await sheet.getByRole('textbox').fill(planted.topUpPhone);
  // Not while something is still being said.
  await expect(page.getByRole('dialog', { name: words.idle.title })).toBeVisible();
  await expect(attract).toBeVisible();
  await expectNothingOnPage(page);
  await expectFresh(page, ear);

  // HQ has the order, and the log of the last minutes as a technician asks for it.
  await expect.poll(async () => (await stage.hq.orders()).length).toBe(1);
  await stage.hq.tell('command', 'kiosk-001', 'send_logs', JSON.stringify({ minutes: 15 }));
  await expect.poll(() => stage.hq.tell('commands', 'kiosk-001')).toMatch(/send_logs .*done/);
  // Whom to serve, HQ knows by the key alone, and its console shows them hidden.
  const opened = JSON.stringify(await stage.hq.orders());
  for (const shown of ['"contact-name":"W**"', '"contact-phone":"139****1111"', '"name":"O**"', '"phone":"139****2222"']) expect(opened).toContain(shown);
  for (const text of traces) expect(opened.includes(text), `HQ's console shows ${text}`).toBe(false);
  await expect.poll(async () => (await rowsOfHq(stage)).filter(({ table, rows }) => table.includes('log') && rows.length > 0).length, { message: 'the log comes' }).toBeGreaterThan(0);
  await stage.kiosk.close();
  const held = await rowsOfHq(stage);
  expect(held.some(({ rows }) => rows.some((row) => holds(row, 'panda-plush'))), 'the order is looked through').toBe(true);
  for (const { table, rows } of held) for (const text of traces) expect(rows.filter((row) => holds(row, text)), `${table} at HQ holds ${text}`).toEqual([]);

  expect(rare.filter((text) => stage.kiosk.output().includes(text)), 'what the application has written').toEqual([]);
  await stage.hq.stop();
  const scratch = fs.readdirSync(os.tmpdir()).filter((name) => /chromium|electron|scoped_dir/i.test(name)).map((name) => path.join(os.tmpdir(), name));
  const folders = [stage.folder, ...scratch.filter((name) => fs.statSync(name, { throwIfNoEntry: false })?.isDirectory())];
  expect(folders.flatMap((folder) => filesWith(folder, rare))).toEqual([]);
  const store = rowsOfStore(stage);
  expect(store.some(({ rows }) => rows.some((row) => holds(row, 'panda-plush')))).toBe(true);
  for (const { table, rows } of store) for (const text of traces) expect(rows.filter((row) => holds(row, text)), `${table} of the kiosk holds ${text}`).toEqual([]);
});

/** Everything that one can set for oneself. The search is left again by its own way. */
async function setEverything(page: Page): Promise<void> {
  const { access, tools } = wordsOf.en.frame;
  await page.getByRole('button', { name: tools.accessName }).click();
  const sheet = page.getByRole('dialog');
  await sheet.getByRole('radio', { name: access.sizes.large, exact: true }).click();
  for (const name of [access.contrast, access.calm, access.reach, access.speech]) await sheet.getByRole('button', { name: new RegExp(`^${name}`) }).or(sheet.getByRole('switch', { name: new RegExp(`^${name}`) })).first().click();
  await sheet.getByRole('button', { name: access.louder }).click();
  await sheet.getByRole('button', { name: access.faster }).click();
  await expect(page.locator(':root[data-text=large][data-contrast=high][data-reach]')).toBeAttached();
  await sheet.getByRole('button', { name: access.done }).click();
  await expect(sheet).toBeHidden();
}

async function search(page: Page, text: string): Promise<void> {
  const words = wordsOf.en;
  await page.getByRole('button', { name: words.frame.home.searchName }).click();
  const field = page.getByRole('searchbox').or(page.getByRole('textbox')).first();
  await field.fill(text);
  await expect(field).toHaveValue(text);
  await page.getByRole('button', { name: words.common.back, exact: true }).click();
  await expect(page.getByRole('heading', { name: words.home.title })).toBeVisible();
}

/** The page after a visit: what it shows and what it hides, what assistive technology is told, and every place where a page can keep something. */
async function expectNothingOnPage(page: Page): Promise<void> {
  const kept = await page.evaluate(async () => ({
    root: [...document.documentElement.attributes].map(({ name, value }) => `${name}=${value}`).join(' '),
    html: document.documentElement.outerHTML,
    values: [...document.querySelectorAll('input, textarea, select')].map((field) => (field as HTMLInputElement).value).join('\n'),
    window: Object.keys(window).map((name) => `${name}: ${String((window as unknown as Record<string, unknown>)[name])}`).join('\n'),
    local: Object.keys(localStorage).length + Object.keys(sessionStorage).length,
    cookie: document.cookie,
    databases: (await indexedDB.databases()).length,
    caches: await caches.keys().then((keys) => keys.length, () => 0),
    history: history.length,
    place: location.href,
  }));
  expect(kept).toMatchObject({ local: 0, cookie: '', databases: 0, caches: 0, history: 1 });
  expect(kept.root).toContain('lang=zh');
  for (const setting of ['data-text=large', 'data-contrast=high', 'data-reach', 'data-calm']) expect(kept.root).not.toContain(setting);
  const debug = await page.context().newCDPSession(page);
  const tree = JSON.stringify(await debug.send('Accessibility.getFullAXTree'));
  await debug.detach();
  for (const text of traces) for (const [place, found] of Object.entries({ ...kept, tree })) expect(String(found).includes(text), `${text} in ${place}`).toBe(false);
}

/** What the next customer finds, in the shop's language and with the normal voice; they leave again. */
async function expectFresh(page: Page, ear: Awaited<ReturnType<typeof createListener>>): Promise<void> {
  const words = wordsOf.zh;
  await ear.pressUntil('on', /^请选择语言/m);
  expect(await ear.press('louder')).toBe('音量 7');
  expect(await ear.press('faster')).toBe('语速 205');
  await ear.press('off');
  await page.getByRole('button', { name: '中文', exact: true }).last().click();
  await expect(page.getByRole('heading', { name: words.home.title })).toBeVisible();
  await expect(page.getByRole('button', { name: words.cart.empty })).toBeVisible();
  expect(await page.locator('.scrolls').evaluateAll((all) => Math.max(0, ...all.map(({ scrollTop }) => scrollTop)))).toBe(0);
  await page.getByRole('button', { name: words.frame.home.searchName }).click();
  await expect(page.getByRole('searchbox').or(page.getByRole('textbox')).first()).toHaveValue('');
  await page.getByRole('button', { name: words.common.back, exact: true }).click();
  await page.getByRole('button', { name: words.home.leave }).click();
  await expect(page.getByRole('button', { name: /Touch to start/ })).toBeVisible();
}

interface Table {
  readonly table: string;
  readonly rows: readonly string[];
}

/** Every row of every table at HQ as text, bytes as hexadecimal digits. */
async function rowsOfHq({ hq }: Stage): Promise<readonly Table[]> {
  const port = fs.readFileSync(path.join(hq.dataFolder, 'postgres/postmaster.pid'), 'utf8').split('\n')[3];
  const password = fs.readFileSync(path.join(hq.dataFolder, 'postgres.password'), 'utf8').trim();
  const sql = postgres({ host: '127.0.0.1', port: Number(port), username: 'counter24', password, database: 'counter24', max: 1 });
  try {
    const tables = await sql<{ name: string }[]>`select quote_ident(table_schema) || '.' || quote_ident(table_name) as name from information_schema.tables where table_type = 'BASE TABLE' and table_schema not in ('pg_catalog', 'information_schema')`;
    const all: Table[] = [];
    for (const { name } of tables) all.push({ table: name, rows: (await sql.unsafe<{ row: string }[]>(`select t::text as row from ${name} t`)).map(({ row }) => row) });
    return all;
  } finally {
    await sql.end();
  }
}

/** The same of the kiosk's own store, opened with its key. */
function rowsOfStore({ dataFolder, kiosk }: Stage): readonly Table[] {
  const { hex, provider } = kiosk.storeKey();
  const opened = openStore({ folder: path.join(dataFolder, 'store'), keyHex: hex, keyProvider: provider });
  if (!opened.ok) throw new Error(opened.error.detail);
  const { database } = opened.value;
  try {
    const tables = database.prepare<[], { name: string }>("SELECT name FROM sqlite_master WHERE type = 'table'").all();
    return tables.map(({ name }) => ({
      table: name,
      rows: database.prepare<[], Record<string, unknown>>(`SELECT * FROM "${name}"`).all().map((row) => Object.values(row).map((value) => (Buffer.isBuffer(value) ? value.toString('hex') : String(value))).join('\n')),
    }));
  } finally {
    opened.value.close();
  }
}

/** As it is, as JSON writes it, or as bytes. */
function holds(row: string, text: string): boolean {
  return row.includes(text) || row.includes(Buffer.from(text, 'utf8').toString('hex'));
}

/** Each file that holds one of them, with which. Each is read once. */
function filesWith(folder: string, texts: readonly string[]): readonly string[] {
  return fs.readdirSync(folder, { recursive: true, withFileTypes: true })
    .filter((entry) => entry.isFile())
    .flatMap((entry) => {
      const file = path.join(entry.parentPath, entry.name);
      const bytes = fs.readFileSync(file);
      return texts.filter((text) => bytes.includes(text) || bytes.includes(Buffer.from(text, 'utf16le'))).map((text) => `${file} holds ${text}`);
    });
}
