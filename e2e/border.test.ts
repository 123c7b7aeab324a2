import fs from 'node:fs';
import type { Page } from '@playwright/test';
import { wordsOf } from '../renderer/i18n/language.ts';
import { createCustomer } from './stage/customer.ts';
import type { Stage } from './stage/stage.ts';
import { expect, test } from './stage/stage.ts';

async function sellsOn(stage: Stage): Promise<void> {
  const customer = createCustomer(stage.kiosk.page, 'en');
  await customer.takeForFree({ offerId: 'plaster' });
}

test('the page has no Node, goes nowhere, opens nothing and reaches nothing but its own files', async ({ stage }) => {
  const { page, app } = stage.kiosk;
  await expect(page.getByRole('button', { name: /Touch to start/ })).toBeVisible();
  const seen = await page.evaluate(async () => {
    const scope = window as unknown as Record<string, unknown>;
    const blocked = (promise: Promise<unknown>) => promise.then(() => 'reached', () => 'blocked');
    return {
      node: ['require', 'process', 'Buffer', 'module'].filter((name) => name in scope),
      bridge: Object.keys(scope['counter24'] as object),
      fetched: await blocked(fetch('https://example.org/')),
      file: await blocked(fetch('file:///etc/passwd')),
      opened: window.open('https://example.org/') === null,
      camera: await blocked(navigator.mediaDevices?.getUserMedia({ video: true }) ?? Promise.reject(new Error('none'))),
      evaluated: await blocked((async () => new Function('return 1')())()),
      outside: await blocked(fetch('/../../../package.json').then((response) => (response.ok ? response : Promise.reject(new Error('no'))))),
    };
  });
  expect(seen).toEqual({ node: [], bridge: ['connect'], fetched: 'blocked', file: 'blocked', opened: true, camera: 'blocked', evaluated: 'blocked', outside: 'blocked' });
  expect(await app.evaluate(({ BrowserWindow }) => BrowserWindow.getAllWindows().length)).toBe(1);
  const preferences = await app.evaluate(({ BrowserWindow }) => {
    const { contextIsolation, sandbox, nodeIntegration, webviewTag } = (BrowserWindow.getAllWindows()[0]!.webContents as unknown as { getLastWebPreferences(): Record<string, unknown> }).getLastWebPreferences();
    return { contextIsolation, sandbox, nodeIntegration, webviewTag };
  });
  expect(preferences).toEqual({ contextIsolation: true, sandbox: true, nodeIntegration: false, webviewTag: false });
  // Asked through the application, since Playwright waits for a navigation that never comes.
  const stays = await app.evaluate(async ({ BrowserWindow }) => {
    const { webContents } = BrowserWindow.getAllWindows()[0]!;
    await webContents.executeJavaScript("window.location.href = 'https://example.org/'; new Promise((resolve) => requestAnimationFrame(resolve)).then(() => true)");
    return { url: webContents.getURL(), text: (await webContents.executeJavaScript('document.body.innerText')) as string };
  });
  expect(stays.url).toBe('counter24://kiosk/index.html');
  expect(stays.text).toContain('Touch to start');
});

test('malformed calls over the border get one coded error each, and the kiosk sells on', async ({ stage }) => {
  const { page } = stage.kiosk;
  await expect(page.getByRole('button', { name: /Touch to start/ })).toBeVisible();
  expect(await callRaw(page, { kind: 'request', id: 900, method: 'constructor', params: {} })).toMatchObject({ ok: false, error: { code: 'CONTRACT_UNKNOWN_METHOD' } });
  expect(await callRaw(page, { kind: 'request', id: 901, method: 'place', params: { cart: 'none' } })).toMatchObject({ ok: false, error: { code: 'CONTRACT_MALFORMED' } });
  expect(await callRaw(page, { kind: 'request', id: 902, method: 'pay', params: { orderId: '01890000-0000-7000-8000-000000000000' } })).toMatchObject({ ok: false, error: { code: 'ORDER_UNKNOWN' } });
  await page.reload();
  await sellsOn(stage);
  expect(stage.kiosk.output()).toContain('CONTRACT_UNKNOWN_METHOD');
});

test('rubbish on both serial lines does no harm', async ({ stage }) => {
  const rubbish = Buffer.from(Array.from({ length: 4096 }, (_, index) => (index * 131 + 7) % 256));
  for (const device of [stage.bench.printerPath, stage.bench.terminalPath]) fs.appendFileSync(`${device}.device`, rubbish);
  await sellsOn(stage);
  expect(await stage.audit(1)).toMatchObject({ agree: true, strays: [] });
});

test('a broken configuration or catalogue is one coded error; the kiosk stays up and comes back by itself', async ({ stage }) => {
  const good = fs.readFileSync(stage.configFile, 'utf8');
  await stage.kiosk.close();
  fs.writeFileSync(stage.configFile, good.replace('"printer":', '"prnter": {}, "printer":'));
  const { page } = await stage.restartKiosk();
  await expect(page.getByText(wordsOf.en.outOfService.title)).toBeVisible();
  await expect(page.getByText('CONFIG_INVALID')).toBeHidden();
  await expect.poll(() => stage.kiosk.output()).toContain('CONFIG_INVALID');
  expect(stage.kiosk.output().split('CONFIG_INVALID: ').length).toBe(2);
  expect(stage.kiosk.output()).toContain('prnter');
  fs.writeFileSync(stage.configFile, good);
  await sellsOn(stage);
});

/** Speaks to core past the page's own client, by a port of its own. */
async function callRaw(page: Page, message: { id: number } & Record<string, unknown>): Promise<unknown> {
  return page.evaluate(async (sent) => {
    const port = await new Promise<MessagePort>((resolve) => {
      window.addEventListener('message', (event) => {
        if (event.data === 'counter24:port' && event.ports[0]) resolve(event.ports[0]);
      });
      (window as unknown as { counter24: { connect(): void } }).counter24.connect();
    });
    return new Promise((resolve) => {
      port.onmessage = ({ data }: MessageEvent<{ kind: string; id?: number; result?: unknown }>) => {
        if (data.kind === 'response' && data.id === sent.id) resolve(data.result);
      };
      port.postMessage('not even an object');
      port.postMessage(sent);
    });
  }, message);
}
