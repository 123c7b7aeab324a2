import { createHash, createHmac, timingSafeEqual } from 'node:crypto';
import { createServer } from 'node:http';
import type { IncomingHttpHeaders } from 'node:http';
import type { AddressInfo } from 'node:net';
import path from 'node:path';
import type { Browser, Page } from '@playwright/test';
import { expect, test as base } from '@playwright/test';
import { root } from '../build/start/child.ts';
import { formatMoney, money } from '../domain/money.ts';
import { appendAudit } from '../hq/server/people/audit.ts';
import { sample } from '../hq/server/pictures/samples.fixture.ts';
import { alertTexts } from '../hq/web/i18n/areas/alerts.ts';
import { catalogueTexts } from '../hq/web/i18n/areas/catalogue.ts';
import { fleetTexts } from '../hq/web/i18n/areas/fleet.ts';
import { peopleTexts } from '../hq/web/i18n/areas/people.ts';
import { stockTexts } from '../hq/web/i18n/areas/stock.ts';
import { uiTexts } from '../hq/web/i18n/areas/ui.ts';
import { catalogue } from './stage/customer.ts';
import type { Operator } from './stage/operator.ts';
import { openBrowser, openOperator } from './stage/operator.ts';
import type { RemoteStage } from './stage/remote.ts';
import { lookAtConsole, openRemoteStage } from './stage/remote.ts';

/** HQ alone with kiosks that only speak. */
const test = base.extend<{ hqEnv: Readonly<Record<string, string>>; stage: RemoteStage }>({
  hqEnv: [{}, { option: true }],
  stage: async ({ hqEnv }, use) => {
    const stage = await openRemoteStage(hqEnv);
    await use(stage);
    await stage.close();
  },
});

let browser: Browser;
test.beforeAll(async () => {
  browser = await openBrowser();
});
test.afterAll(() => browser?.close());

/** By Tab alone to what is called so, as who cannot see the page or hold a mouse comes to it. */
async function tabTo(page: Page, name: string | RegExp): Promise<void> {
  for (let presses = 0; presses < 80; presses += 1) {
    const focused = await page.evaluate(() => {
      const element = document.activeElement as (HTMLElement & { readonly labels?: NodeListOf<HTMLElement> }) | null;
      return (element?.getAttribute('aria-label') ?? ([...(element?.labels ?? [])].map((label) => label.textContent).join(' ') || element?.textContent) ?? '').replace(/ \*$/, '').trim();
    });
    if (typeof name === 'string' ? focused === name : name.test(focused)) return;
    await page.keyboard.press('Tab');
  }
  throw new Error(`by Tab alone nobody comes to "${String(name)}"`);
}

interface Heard {
  readonly headers: IncomingHttpHeaders;
  readonly body: string;
}

/** Somebody's own server, to which HQ is to tell things. `answer`: what it says to each, counted from 0. */
async function startReceiver(answer: (count: number) => number): Promise<{ readonly url: string; readonly heard: readonly Heard[]; close(): Promise<void> }> {
  const heard: Heard[] = [];
  const server = createServer((request, response) => {
    let body = '';
    request.setEncoding('utf8').on('data', (part: string) => (body += part)).on('end', () => {
      response.writeHead(answer(heard.length)).end();
      heard.push({ headers: request.headers, body });
    });
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  return {
    url: `http://127.0.0.1:${(server.address() as AddressInfo).port}/hook`, heard,
    close: () => new Promise<void>((resolve) => {
      server.close(() => resolve());
      server.closeAllConnections();
    }),
  };
}

/** As a receiver checks it, by the Standard Webhooks specification (1.0.0, "Verifying signatures") alone. */
function isSigned({ headers, body }: Heard, secret: string): boolean {
  const [id, timestamp, signatures] = [headers['webhook-id'], headers['webhook-timestamp'], headers['webhook-signature']].map(String) as [string, string, string];
  const expected = createHmac('sha256', Buffer.from(secret.replace(/^whsec_/, ''), 'base64')).update(`${id}.${timestamp}.${body}`).digest();
  return Math.abs(Date.now() / 1000 - Number(timestamp)) < 300 && signatures.split(' ').some((signature) => {
    const [version, encoded] = signature.split(',');
    const given = Buffer.from(encoded ?? '', 'base64');
    return version === 'v1' && given.length === expected.length && timingSafeEqual(given, expected);
  });
}

test.describe('webhooks', () => {
  test.use({ hqEnv: { WEBHOOKS_PRIVATE: 'yes' } });

  test('an address is added by keys alone, told a paid order that its secret verifies, told again what it failed to take; one that never takes it is shown as given up, one that is gone as ended, and one that is removed hears nothing more', async ({ stage }) => {
    const texts = alertTexts.en;
    const receivers = { flaky: await startReceiver((count) => (count === 0 ? 500 : 204)), dead: await startReceiver(() => 503), gone: await startReceiver(() => 410) };
    try {
      const kiosk = await stage.addKiosk('kiosk-001', 'Lobby');
      const operator = await openOperator(browser, stage.hq.url);
      const { page, button, dialog } = operator;
      await operator.signIn(stage.hq.account, '/alerts?view=webhooks');
      await expect(page.getByText(texts.noWebhooks)).toBeVisible();

      // By keys alone.
      await tabTo(page, texts.addWebhook);
      await page.keyboard.press('Enter');
      await expect(dialog).toBeVisible();
      await tabTo(page, texts.address);
      await page.keyboard.type('http://10.0.0.1/hook');
      await tabTo(page, texts.webhookKinds['order.paid']);
      await page.keyboard.press('Space');
      await tabTo(page, texts.add);
      await page.keyboard.press('Enter');
      // Without TLS only to this machine.
      await expect(dialog.getByRole('alert')).toContainText('not https');
      await lookAtConsole(page, 'a webhook that is refused');
      await tabTo(page, texts.address);
      await page.keyboard.press('ControlOrMeta+a');
      await page.keyboard.type(receivers.flaky.url);
      await page.keyboard.press('Tab');
      await tabTo(page, texts.add);
      await page.keyboard.press('Enter');
      const told = page.getByRole('dialog', { name: texts.secretTitle });
      const secret = await told.getByLabel(texts.secret, { exact: true }).inputValue();
      expect(secret).toMatch(/^whsec_[A-Za-z0-9+/]{43}=$/);
      await lookAtConsole(page, 'a secret');
      await tabTo(page, texts.done);
      await page.keyboard.press('Enter');
      await expect(told).toBeHidden();
      const secrets: string[] = [];
      for (const { url } of [receivers.dead, receivers.gone]) {
        await button(texts.addWebhook).click();
        await dialog.getByLabel(new RegExp(`^${texts.address}`)).fill(url);
        await dialog.getByRole('checkbox', { name: texts.webhookKinds['order.paid'] }).click();
        await dialog.getByRole('button', { name: texts.add, exact: true }).click();
        secrets.push(await told.getByLabel(texts.secret, { exact: true }).inputValue());
        await told.getByRole('button', { name: texts.done }).click();
      }
      expect(new Set([secret, ...secrets]).size).toBe(3);
      const rowOf = ({ url }: { readonly url: string }) => page.getByRole('row', { name: new RegExp(url.replaceAll('.', '\\.')) });
      await expect(rowOf(receivers.flaky)).toContainText(`${texts.webhookKinds.alarm}, ${texts.webhookKinds['order.paid']}`);

      const order = await kiosk.tell({ offers: [['umbrella', 1]], ending: 'fulfilled', at: Date.now() - 30_000 });
      await expect.poll(() => receivers.flaky.heard.length).toBeGreaterThan(0);
      // It failed, and waits for its next turn, in sight.
      const cells = (which: { readonly url: string }) => rowOf(which).getByRole('cell').allInnerTexts().then((all) => all.slice(1, 4).map((text) => text.trim()));
      await expect(async () => {
        await page.reload();
        await expect(rowOf(receivers.flaky)).toBeVisible();
        expect(await cells(receivers.dead)).toEqual([texts.active, '1', '0']);
        expect(await cells(receivers.gone)).toEqual([texts.disabled, '0', '1']);
      }).toPass();
      await expect.poll(() => receivers.flaky.heard.length, { message: 'what failed is told again' }).toBe(2);
      const [first, second] = receivers.flaky.heard as [Heard, Heard];
      expect([isSigned(first, secret), isSigned(second, secret), isSigned(second, secrets[0]!), isSigned({ ...second, body: second.body.replace('order.paid', 'order.past') }, secret)]).toEqual([true, true, false, false]);
      expect(second.headers['webhook-id']).toBe(first.headers['webhook-id']);
      expect(second.body).toBe(first.body);
      expect(JSON.parse(second.body)).toMatchObject({ type: 'order.paid', data: { kioskId: 'kiosk-001', orderId: order.orderId, order: { number: order.number, totalAmount: 3900, currency: 'CNY' } } });

      // The last of its turns, days from now.
      await stage.sql`update webhook_deliveries set attempts = 9, next_at = 0 where kiosk_id = 'kiosk-001' and state = 'due'`;
      await expect(async () => {
        await page.reload();
        await expect(rowOf(receivers.dead)).toBeVisible();
        expect(await cells(receivers.dead)).toEqual([texts.active, '0', '1']);
      }).toPass();
      await lookAtConsole(page, 'webhooks');
      await rowOf(receivers.flaky).getByRole('button', { name: `${texts.remove}: ${receivers.flaky.url}` }).click();
      await operator.told(texts.removed);
      await expect(rowOf(receivers.flaky)).toBeHidden();
      const before = receivers.dead.heard.length;
      await kiosk.tell({ offers: [['umbrella', 1]], ending: 'fulfilled', at: Date.now() - 25_000 });
      await expect.poll(() => receivers.dead.heard.length).toBeGreaterThan(before);
      expect([receivers.flaky.heard.length, receivers.gone.heard.length]).toEqual([2, 1]);
    } finally {
      await Promise.all(Object.values(receivers).map((receiver) => receiver.close()));
    }
  });
});

interface Sold {
  readonly revision: number;
  readonly offers: readonly { readonly id: string; readonly price: number; readonly picture: { readonly kind: string; readonly file?: string } }[];
}
const cola = catalogue.offers.find(({ id }) => id === 'cola')!;
const texts = catalogueTexts.en;

/** The offer's sheet, on the draft of this scope. */
async function openCola({ page, dialog }: Operator, scope = 'all'): Promise<void> {
  await page.goto(`/catalogue?${new URLSearchParams({ ...(scope === 'all' ? {} : { scope }), entry: 'cola' })}`);
  // A catalogue of some hundred offers: where all tests run at once it takes its time.
  await expect(dialog.getByText('cola', { exact: true })).toBeVisible();
}

async function price(operator: Operator, typed: string): Promise<void> {
  await operator.dialog.getByLabel(/^Price \(/).fill(typed);
  await operator.dialog.getByRole('button', { name: texts.save }).click();
}

/** The page reads the draft again, as it does by itself, while somebody is in the middle of something: until it shows whose change is the last. */
async function readsAgain({ page }: Operator, by: string): Promise<void> {
  await expect.poll(async () => {
    await page.evaluate(() => window.dispatchEvent(new Event('visibilitychange')));
    return page.getByText(texts.draftBy(by)).isVisible();
  }, { intervals: [500] }).toBe(true);
}

async function publish(operator: Operator): Promise<void> {
  await operator.button(texts.review).click();
  await operator.dialog.getByRole('button', { name: texts.publish, exact: true }).click();
  await operator.told(/^Published as revision/);
  await expect(operator.dialog).toBeHidden();
}

test.describe('with what it sells known to HQ', () => {
  test.use({ hqEnv: { HQ_DEV_CATALOGUE: path.join(root, 'config/catalogue.json') } });

  test('a group is made with a kiosk in it and is published to alone; one kiosk is set and set back; one is revoked, heard no more, and taken back; the audit has it all, an act of which nobody knows the end, and is red once it was changed', async ({ stage }) => {
    const { hq, sql } = stage;
    const { en: fleet } = fleetTexts;
    const [lobby, metro] = [await stage.addKiosk('kiosk-001', 'Lobby'), await stage.addKiosk('kiosk-002', 'Metro')];
    for (const kiosk of [lobby, metro]) await kiosk.state('selling');
    const operator = await openOperator(browser, hq.url, 'en', { width: 1280, height: 800 });
    const { page, button, dialog } = operator;
    await operator.signIn(hq.account, '/fleet/-/groups');
    await expect(page.getByRole('heading', { name: fleet.noGroups })).toBeVisible();

    await button(fleet.addGroup).click();
    await dialog.getByLabel(new RegExp(`^${fleet.groupName}`)).fill('East');
    // By keys alone, as far as it is quick.
    await dialog.getByRole('checkbox', { name: 'Lobby' }).focus();
    await page.keyboard.press('Space');
    await expect(dialog.getByRole('checkbox', { name: 'Lobby' })).toBeChecked();
    await lookAtConsole(page, 'a group');
    await dialog.getByRole('button', { name: uiTexts.en.save }).click();
    await operator.told(fleet.saved);
    await page.getByRole('row', { name: /^East/ }).getByRole('link', { name: fleet.memberCount(1) }).click();
    await expect(page.getByRole('row', { name: /Lobby/ })).toBeVisible();
    await expect(page.getByRole('row', { name: /Metro/ })).toBeHidden();
    const group = new URL(page.url()).searchParams.get('group')!;

    const priceAt = async (kiosk: typeof lobby) => (await kiosk.document<Sold>('catalogue'))?.value.offers.find(({ id }) => id === 'cola')?.price;
    await openCola(operator, `group:${group}`);
    await price(operator, '4.80');
    await operator.told(texts.saved);
    expect([await priceAt(lobby), await priceAt(metro)]).toEqual([cola.price, cola.price]);
    await button(texts.review).click();
    await expect(dialog).toContainText(texts.publishTo(texts.group('East')));
    await expect(dialog).toContainText(formatMoney(money(480, 'CNY')));
    await lookAtConsole(page, 'publishing to a group');
    await dialog.getByRole('button', { name: uiTexts.en.close }).click();
    await publish(operator);
    expect([await priceAt(lobby), await priceAt(metro)]).toEqual([480, cola.price]);

    // One kiosk's own settings go down to it alone.
    await operator.go('/fleet/-/settings?scope=kiosk:kiosk-002', fleet.configTitle);
    await expect(page.getByText(fleet.configNone)).toBeVisible();
    await operator.choose(new RegExp(fleet.defaultLanguage), 'English');
    await page.getByRole('textbox', { name: fleet.maxOrder }).fill('88.50');
    await page.getByLabel(fleet.helpPhone).fill('021 6288 0000');
    await page.getByLabel(fleet.shopNameEn).fill('Metro shop');
    await expect(page.getByRole('alert')).toContainText(fleet.invalidShop);
    await expect(button(uiTexts.en.save)).toBeDisabled();
    await lookAtConsole(page, 'settings of a kiosk');
    await page.getByLabel(fleet.shopNameEn).fill('');
    await button(uiTexts.en.save).click();
    await operator.told(fleet.configSaved);
    expect((await metro.document('config'))?.value).toEqual({ defaultLanguage: 'en', maxOrderTotal: 8850, help: { onDuty: [], phone: '021 6288 0000' } });
    expect(await lobby.document('config')).toBeUndefined();
    await expect(page.getByText(fleet.configBy(hq.account.name, 1))).toBeVisible();
    await button(fleet.configRemove).click();
    await operator.told(fleet.removed);
    await expect(page.getByText(fleet.configNone)).toBeVisible();
    expect((await metro.document('config'))?.value ?? {}).toEqual({});

    // A machine that was stolen, say.
    await operator.go('/fleet/kiosk-002?tab=identity', 'Metro');
    await expect(page.getByRole('table', { name: fleet.keys })).toContainText(fleet.keyState.approved);
    await button(fleet.revoke).click();
    await expect(dialog).toContainText(fleet.revokeTitle('Metro'));
    await lookAtConsole(page, 'revoking a kiosk');
    await dialog.getByRole('button', { name: fleet.revoke, exact: true }).click();
    await operator.told(fleet.revoked);
    await expect(page.getByRole('table', { name: fleet.keys })).toContainText(fleet.keyState.revoked);
    expect((await metro.greet()).status).toBeGreaterThanOrEqual(401);
    expect(await metro.hello()).toMatchObject({ status: 403, body: { code: 'HQ_KIOSK_REVOKED' } });
    await expect(metro.tell({ offers: [['umbrella', 1]], ending: 'fulfilled', at: Date.now() - 30_000 })).rejects.toThrow(/HQ_/);
    expect(await lobby.hello()).toMatchObject({ status: 200 });
    await button(fleet.reinstate).click();
    await operator.told(fleet.reinstated);
    expect(await metro.hello()).toMatchObject({ status: 200 });
    expect((await metro.state('selling')).status).toBe(200);
    await expect.poll(async () => (await hq.orders()).map(({ row }) => row.kioskId), { message: 'what it kept is told now' }).toEqual(['kiosk-002']);

    // What was for the group alone goes with it.
    await operator.go('/fleet/-/groups', fleet.groups);
    await page.getByRole('row', { name: /^East/ }).getByRole('button', { name: fleet.edit }).click();
    await dialog.getByRole('button', { name: fleet.removeGroup }).click();
    await expect(dialog).toContainText(fleet.removeGroupText);
    await dialog.getByRole('button', { name: fleet.removeGroup }).click();
    await operator.told(fleet.removed);
    expect(await priceAt(lobby)).toBe(cola.price);

    const { audit, roles } = peopleTexts.en;
    // HQ died in the middle of it.
    await appendAudit(sql, { account: undefined, route: 'POST /api/fleet/:kiosk/commands', summary: 'Command a kiosk', subject: 'kiosk=kiosk-001', outcome: 'begun', detail: '', at: Date.now(), address: '127.0.0.1', begun: undefined });
    await operator.go('/audit', audit.title);
    await button(audit.check).click();
    await expect(page.getByText(/^Whole: \d+ entries$/)).toBeVisible();
    const table = page.getByRole('table', { name: audit.title });
    await expect(table.getByRole('row').filter({ hasText: audit.outcomes.begun })).toHaveCount(1);
    // Each act that has its end stands there once.
    const revocations = table.getByRole('row', { name: /evoke/ });
    await expect(revocations).toHaveCount(1);
    await expect(revocations).toContainText(audit.outcomes.done);
    await expect(revocations).toContainText(`${hq.account.name}`);
    await expect(revocations).toContainText(roles.administrator);
    await operator.choose(new RegExp(audit.outcome), audit.outcomes.begun);
    await expect(table.getByRole('row')).toHaveCount(2);
    await expect(table.getByRole('row').last()).toContainText('Command a kiosk');
    await lookAtConsole(page, 'the audit, what has no end');
    await sql`update hq_audit set detail = 'nothing' where number = (select min(number) from hq_audit where outcome = 'done')`;
    await button(audit.check).click();
    await expect(page.getByText(new RegExp(`^${audit.broken}`))).toBeVisible();
    const zh = await openOperator(browser, hq.url, 'zh', { width: 1280, height: 800 });
    await zh.signIn(hq.account, '/audit');
    await expect(zh.page.getByText(new RegExp(`^${peopleTexts.zh.audit.broken}`))).toBeVisible();
    await lookAtConsole(zh.page, 'the audit, broken', 'zh');
    await zh.page.goto('/alerts');
    await expect(zh.page.getByRole('row', { name: new RegExp(alertTexts.zh.kinds.hq_audit_broken.name) })).toBeVisible();
    for (const [place, heading] of [['/fleet/-/settings?scope=kiosk:kiosk-002', fleetTexts.zh.configTitle], ['/fleet/-/groups', fleetTexts.zh.groups], ['/fleet/kiosk-002?tab=identity', 'Metro']] as const) {
      await zh.go(place, heading);
      await lookAtConsole(zh.page, place, 'zh');
    }
  });

  test('who edits a planogram, the settings, a route, a kiosk or a group while somebody else saves theirs keeps every word, sees who was quicker and in what it differs, and chooses whose goes on', async ({ stage }) => {
    const { hq, sql } = stage;
    const kiosk = await stage.addKiosk('kiosk-001', 'Lobby');
    const operator = await openOperator(browser, hq.url, 'en', { width: 1280, height: 800 });
    const { page, button, dialog } = operator;
    const { newer } = uiTexts.en;
    const stock = stockTexts.en;
    const banner = page.getByRole('alert').filter({ hasText: newer.kept });
    await operator.signIn(hq.account, '/stock?view=planogram');
    const call = async (method: 'GET' | 'POST' | 'PUT' | 'PATCH' | 'DELETE', address: string, data?: object) => {
      const answer = await page.request.fetch(address, { method, ...(data ? { data } : {}), headers: { origin: new URL(hq.url).origin } });
      expect(answer.status(), await answer.text()).toBe(200);
      return answer.json() as Promise<Record<string, unknown>>;
    };
    /** Ana, from her own place. */
    const publishes = async (over: number | null, par: number, more: readonly object[] = []) => {
      const { revision } = await call('PUT', '/api/stock/planogram', { scope: 'all', over, slots: [{ slot: 'A1', offerId: 'cola', par, capacity: 40 }, { slot: 'A2', offerId: 'umbrella', par: 5, capacity: 10 }, ...more] });
      await sql`update documents set published_by = 'ana' where kind = 'planogram' and revision = ${revision as number}`;
      return revision as number;
    };
    const looksAgain = () => expect.poll(async () => {
      await page.evaluate(() => window.dispatchEvent(new Event('visibilitychange')));
      return banner.isVisible();
    }, { intervals: [500] }).toBe(true);
    const first = await publishes(null, 10);
    await page.reload();
    const par = page.getByRole('group', { name: `${stock.slot} A1` }).getByRole('textbox', { name: stock.par });
    await expect(par).toHaveValue('10');

    await par.fill('12');
    await page.keyboard.press('Tab');
    await publishes(first, 11, [{ slot: 'B1', offerId: 'charger', par: 3, capacity: 6 }]);
    await looksAgain();
    await expect(banner).toContainText(newer.by('ana'));
    await expect(par).toHaveValue('12');
    await expect(button(stock.publish)).toBeDisabled();
    await banner.getByText(newer.differences(2)).click();
    await expect(banner).toContainText(`${stock.par} 11`);
    await expect(banner).toContainText(`${stock.par} 12`);
    await expect(banner).toContainText(`${stock.slot} B1`);
    await lookAtConsole(page, 'a planogram that somebody else has published');
    await button(newer.keepMine).click();
    await button(stock.publish).click();
    await operator.told(stock.published);
    await expect(banner).toBeHidden();
    const mine = await kiosk.document<{ readonly slots: readonly { readonly slot: string; readonly par: number }[] }>('planogram');
    expect(mine?.value.slots.map(({ slot, par: should }) => [slot, should])).toEqual([['A1', 12], ['A2', 5]]);
    await par.fill('13');
    await page.keyboard.press('Tab');
    await publishes(mine!.revision, 14);
    await looksAgain();
    await button(newer.takeTheirs).click();
    await expect(par).toHaveValue('14');
    await expect(button(stock.publish)).toBeDisabled();

    // What was saved a moment ago, and not read here yet: the save is refused, and no word is gone.
    const { en: fleet } = fleetTexts;
    await operator.go('/fleet/-/settings', fleet.configTitle);
    await page.getByLabel(fleet.helpPhone).fill('021 6288 0000');
    await call('PUT', '/api/fleet-config?scope=all', { revision: 0, config: { maxOrderTotal: 5000 } });
    await sql`update documents set published_by = 'ana' where kind = 'config'`;
    await button(uiTexts.en.save).click({ timeout: 5000 }).catch(() => undefined);
    await expect(banner).toContainText(newer.by('ana'));
    await expect(page.getByLabel(fleet.helpPhone)).toHaveValue('021 6288 0000');
    await lookAtConsole(page, 'settings that somebody else has saved');
    await button(newer.keepMine).click();
    await button(uiTexts.en.save).click();
    await operator.told(fleet.configSaved);
    expect((await kiosk.document('config'))?.value).toEqual({ help: { onDuty: [], phone: '021 6288 0000' } });

    // One that is gone is made anew, where its author wants it.
    const { routeId } = await call('POST', '/api/stock/routes', { name: 'Monday', kiosks: ['kiosk-001'] });
    await page.goto('/stock?view=routes');
    await button(`${stock.editRoute}: Monday`).click();
    await dialog.getByLabel(new RegExp(`^${stock.routeName}`)).fill('Monday, centre');
    await call('DELETE', `/api/stock/routes/${routeId as string}`);
    await dialog.getByRole('button', { name: stock.save }).click({ timeout: 5000 }).catch(() => undefined);
    await expect(banner).toContainText(newer.removed);
    await expect(dialog.getByLabel(new RegExp(`^${stock.routeName}`))).toHaveValue('Monday, centre');
    await button(newer.keepMine).click();
    await dialog.getByRole('button', { name: stock.save }).click();
    await operator.told(stock.saved);
    await expect(page.getByRole('row', { name: /^Monday, centre/ })).toBeVisible();

    const { version } = (await call('GET', '/api/fleet/kiosk-001'))['written'] as { version: number };
    await operator.go('/fleet/kiosk-001', 'Lobby');
    await button(fleet.edit).click();
    await dialog.getByLabel(fleet.place).fill('Gate B');
    await call('PATCH', '/api/fleet/kiosk-001', { version, place: 'Gate A' });
    await sql`update kiosks set changed_by = 'ana'`;
    await dialog.getByRole('button', { name: uiTexts.en.save }).click({ timeout: 5000 }).catch(() => undefined);
    await expect(banner).toContainText(newer.by('ana'));
    await expect(dialog.getByLabel(fleet.place)).toHaveValue('Gate B');
    await button(newer.keepMine).click();
    await dialog.getByRole('button', { name: uiTexts.en.save }).click();
    await operator.told(fleet.saved);
    expect(await call('GET', '/api/fleet/kiosk-001')).toMatchObject({ row: { place: 'Gate B' } });
    const group = await call('POST', '/api/fleet-groups', { name: 'East' });
    await operator.go('/fleet/-/groups', fleet.groups);
    await page.getByRole('row', { name: /^East/ }).getByRole('button', { name: fleet.edit }).click();
    await dialog.getByLabel(new RegExp(`^${fleet.groupName}`)).fill('Far east');
    await call('PUT', `/api/fleet-groups/${group['groupId'] as string}`, { version: 1, name: 'East', kiosks: ['kiosk-001'] });
    await sql`update kiosk_groups set changed_by = 'ana'`;
    await dialog.getByRole('button', { name: uiTexts.en.save }).click({ timeout: 5000 }).catch(() => undefined);
    await expect(banner).toContainText(newer.by('ana'));
    await expect(dialog.getByLabel(new RegExp(`^${fleet.groupName}`))).toHaveValue('Far east');
    await button(newer.takeTheirs).click();
    await expect(banner).toBeHidden();
    await expect(dialog.getByLabel(new RegExp(`^${fleet.groupName}`))).toHaveValue('East');
  });

  test('two people edit one draft and neither loses a word; a photo is uploaded, and every kiosk can fetch it by what it holds; what was planned is not published over what somebody has published meanwhile, and says so', async ({ stage }) => {
    const { hq, sql } = stage;
    const kiosk = await stage.addKiosk('kiosk-001', 'Lobby');
    const [ana, bo] = [await openOperator(browser, hq.url, 'en', { width: 1280, height: 800 }), await openOperator(browser, hq.url, 'en', { width: 1280, height: 800 })];
    await ana.signIn(hq.account, '/catalogue');
    await bo.signIn(hq.account, '/catalogue');
    await openCola(ana);
    await openCola(bo);
    const typed = bo.dialog.getByLabel(/^Price \(/);
    await typed.fill('5.20');
    await price(ana, '4.80');
    await ana.told(texts.saved);
    // What one account changes in two windows is called its own: what is there is somebody else's.
    await sql`update catalogue_drafts set changed_by = 'ana', touched = replace(touched::text, ${hq.account.name}, 'ana')::jsonb`;
    await readsAgain(bo, 'ana');
    const newer = bo.dialog.getByRole('alert');
    await expect(newer).toContainText(uiTexts.en.newer.by('ana'));
    await expect(typed).toHaveValue('5.20');
    await expect(bo.dialog.getByRole('button', { name: texts.save })).toBeDisabled();
    await newer.getByText(uiTexts.en.newer.differences(1)).click();
    await expect(newer).toContainText(`${uiTexts.en.newer.theirs} ${formatMoney(money(480, 'CNY'))}`);
    await expect(newer).toContainText(`${uiTexts.en.newer.mine} ${formatMoney(money(520, 'CNY'))}`);
    await lookAtConsole(bo.page, 'somebody else was quicker');
    await newer.getByRole('button', { name: uiTexts.en.newer.takeTheirs }).click();
    await expect(typed).toHaveValue('4.80');
    await expect(newer).toBeHidden();
    // Not read again yet: the save itself is refused, and nothing typed is gone; then it goes over theirs.
    await typed.fill('5.30');
    await openCola(ana);
    await price(ana, '4.90');
    await ana.told(texts.saved);
    await sql`update catalogue_drafts set changed_by = 'ana', touched = replace(touched::text, ${hq.account.name}, 'ana')::jsonb`;
    await bo.dialog.getByRole('button', { name: texts.save }).click({ timeout: 5000 }).catch(() => undefined);
    await expect(newer).toContainText(uiTexts.en.newer.by('ana'));
    await expect(typed).toHaveValue('5.30');
    await newer.getByRole('button', { name: uiTexts.en.newer.keepMine }).click();
    await expect(newer).toBeHidden();
    await bo.dialog.getByRole('button', { name: texts.save }).click();
    await bo.told(texts.saved);
    await expect(bo.dialog).toBeHidden();
    await openCola(ana);
    await expect(ana.dialog.getByLabel(/^Price \(/)).toHaveValue('5.30');
    // Another part of it takes away nothing of what is being typed.
    await bo.page.goto('/catalogue?view=scenes');
    await bo.page.getByLabel(`${texts.line} (${texts.textEn})`).first().fill('Two for the rain');
    await openCola(ana);
    await price(ana, '4.70');
    await ana.told(texts.saved);
    await readsAgain(bo, hq.account.name);
    await expect(bo.page.getByLabel(`${texts.line} (${texts.textEn})`).first()).toHaveValue('Two for the rain');
    await bo.button(texts.save).click();
    await bo.told(texts.saved);
    await lookAtConsole(bo.page, 'scenes');
    await bo.button(texts.drop).click();
    await bo.dialog.getByRole('button', { name: texts.drop }).click();
    await bo.told(texts.dropped);
    await expect(bo.page.getByText(texts.noDraft)).toBeVisible();
    await openCola(ana);
    await expect(ana.dialog.getByLabel(/^Price \(/)).toHaveValue('3.50');

    // A photo: what is no picture is said; what is one is shown at once, as the customer sees it.
    await ana.choose(new RegExp(texts.pictureKind), texts.pictureKinds['photo']!);
    const chooser = ana.dialog.locator('input[type=file]');
    await chooser.setInputFiles({ name: 'cola.png', mimeType: 'image/png', buffer: Buffer.from('this is no picture') });
    await expect(ana.dialog.getByText(texts.pictureReasons['not_a_picture']!)).toBeVisible();
    await chooser.setInputFiles({ name: 'cola.jpg', mimeType: 'image/jpeg', buffer: sample('jpeg') });
    await ana.told(texts.uploaded);
    const name = ana.dialog.getByLabel(new RegExp(`^${texts.photoFile}`));
    await expect(name).toHaveValue(/^[0-9a-f]{64}\.(webp|png)$/);
    const file = await name.inputValue();
    const shown = ana.dialog.locator(`img[src="/api/pictures/${file}"]`);
    await expect(shown.first()).toBeVisible();
    await expect.poll(() => shown.first().evaluate((image: HTMLImageElement) => image.naturalWidth)).toBe(24);
    await expect(ana.dialog.getByRole('group', { name: texts.uploadedPhotos }).getByRole('button', { pressed: true })).toHaveCount(1);
    await lookAtConsole(ana.page, 'a photo');
    await ana.dialog.getByRole('button', { name: texts.save }).click();
    await ana.told(texts.saved);
    await publish(ana);
    const sold = async () => (await kiosk.document<Sold>('catalogue'))?.value.offers.find(({ id }) => id === 'cola');
    expect((await sold())?.picture).toMatchObject({ kind: 'photo', file });
    const sha256 = file.slice(0, 64);
    const fetched = await kiosk.ask('POST', '/api/kiosk/picture', { kioskId: 'kiosk-001', sha256 });
    expect([fetched.status, fetched.isSigned]).toEqual([200, true]);
    expect(createHash('sha256').update(Buffer.from((fetched.body as { data: string }).data, 'base64')).digest('hex')).toBe(sha256);
    expect(await kiosk.ask('POST', '/api/kiosk/picture', { kioskId: 'kiosk-001', sha256: 'f'.repeat(64) })).toMatchObject({ status: 404, body: { code: 'HQ_NOT_FOUND' } });

    // Planned for later; then somebody publishes another price now.
    const plan = async (typed: string) => {
      await openCola(ana);
      await price(ana, typed);
      await ana.told(texts.saved);
      await ana.button(texts.review).click();
      await ana.dialog.getByRole('checkbox', { name: texts.at }).click();
      await expect(ana.dialog.getByLabel(new RegExp(`^${texts.atTime}`))).not.toHaveValue('');
      if (typed === '4.90') await lookAtConsole(ana.page, 'planning');
      await ana.dialog.getByRole('button', { name: texts.plan, exact: true }).click();
      await ana.told(texts.planned);
      await expect(ana.dialog).toBeHidden();
    };
    await plan('4.90');
    // What nobody wants any more is taken back before its time.
    await ana.page.goto('/catalogue?view=history');
    const plans = (state: string) => ana.page.getByRole('table', { name: texts.plannedTitle }).getByRole('row').filter({ hasText: state });
    await plans(texts.planStates['waiting']!).getByRole('button', { name: texts.cancelPlan }).click();
    await ana.told(texts.cancelled);
    await expect(plans(texts.planStates['cancelled']!)).toHaveCount(1);
    await plan('5.00');
    await openCola(bo);
    await price(bo, '5.20');
    await bo.told(texts.saved);
    await publish(bo);
    expect((await sold())?.price).toBe(520);
    await sql`update planned_publications set at = ${Date.now()} where state = 'waiting'`;
    await ana.page.goto('/catalogue?view=history');
    await expect(async () => {
      await ana.page.reload();
      await expect(plans(texts.planStates['failed']!)).toHaveCount(1, { timeout: 2000 });
    }).toPass();
    expect((await sold())?.price).toBe(520);
    await lookAtConsole(ana.page, 'a plan that was not published');
    await ana.page.goto('/alerts');
    const alert = ana.page.getByRole('row', { name: new RegExp(alertTexts.en.kinds.publication_failed.name) });
    await expect(alert).toBeVisible();
    await alert.getByRole('link').first().click();
    await expect(ana.dialog).toContainText(hq.account.name);
    await lookAtConsole(ana.page, 'the alert of it');

    const zh = await openOperator(browser, hq.url, 'zh', { width: 1280, height: 800 });
    await zh.signIn(hq.account, '/catalogue?view=history');
    await expect(zh.page.getByText(catalogueTexts.zh.planStates['failed']!, { exact: true })).toBeVisible();
    // Why, in their language.
    await expect(zh.page.getByText(/不会被覆盖/)).toBeVisible();
    await lookAtConsole(zh.page, 'plans', 'zh');
    await zh.page.goto('/catalogue?entry=cola');
    await expect(zh.dialog.locator(`img[src="/api/pictures/${file}"]`).first()).toBeVisible();
    await lookAtConsole(zh.page, 'an offer with its photo', 'zh');
  });
});
