import { createHmac, timingSafeEqual } from 'node:crypto';
import { createServer } from 'node:http';
import type { IncomingHttpHeaders } from 'node:http';
import type { AddressInfo } from 'node:net';
import type { Browser, Page } from '@playwright/test';
import { expect, test as base } from '@playwright/test';
import { alertTexts } from '../hq/web/i18n/areas/alerts.ts';
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

test.describe.configure({ timeout: 180_000 });

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
      await expect.poll(() => receivers.flaky.heard.length).toBe(1);
      // It failed, and waits for its next turn, in sight.
      const cells = (which: { readonly url: string }) => rowOf(which).getByRole('cell').allInnerTexts().then((all) => all.slice(1, 4).map((text) => text.trim()));
      await expect(async () => {
        await page.reload();
        await expect(rowOf(receivers.flaky)).toBeVisible();
        expect(await cells(receivers.dead)).toEqual([texts.active, '1', '0']);
        expect(await cells(receivers.gone)).toEqual([texts.disabled, '0', '1']);
      }).toPass();
      await expect.poll(() => receivers.flaky.heard.length, { timeout: 30_000, message: 'what failed is told again' }).toBe(2);
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
      }).toPass({ timeout: 40_000 });
      await lookAtConsole(page, 'webhooks');
      await rowOf(receivers.flaky).getByRole('button', { name: `${texts.remove}: ${receivers.flaky.url}` }).click();
      await operator.told(texts.removed);
      await expect(rowOf(receivers.flaky)).toBeHidden();
      const before = receivers.dead.heard.length;
      await kiosk.tell({ offers: [['umbrella', 1]], ending: 'fulfilled', at: Date.now() - 25_000 });
      await expect.poll(() => receivers.dead.heard.length, { timeout: 30_000 }).toBeGreaterThan(before);
      expect([receivers.flaky.heard.length, receivers.gone.heard.length]).toEqual([2, 1]);
    } finally {
      await Promise.all(Object.values(receivers).map((receiver) => receiver.close()));
    }
  });
});
