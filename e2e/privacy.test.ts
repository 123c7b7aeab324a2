import fs from 'node:fs';
import path from 'node:path';
import { createCustomer } from './stage/customer.ts';
import { expect, test } from './stage/stage.ts';

const phone = '13987654321';

test('the page closes in mid-order, and no trace of the customer is left for the next', async ({ stage }) => {
  const { page, app } = stage.kiosk;
  const customer = createCustomer(page, 'en');
  await customer.begin();
  await customer.add({ offerId: 'top-up-50', phone });
  await customer.checkOut();
  await expect(page.getByText('139 8765 4321').first()).toBeVisible();

  // Playwright's page dies with its process; the new one is asked through the application.
  await app.evaluate(({ BrowserWindow }) => new Promise<void>((resolve) => {
    const { webContents } = BrowserWindow.getAllWindows()[0]!;
    webContents.once('did-finish-load', () => resolve());
    webContents.forcefullyCrashRenderer();
  }));
  await expect.poll(() => app.evaluate(({ BrowserWindow }) => BrowserWindow.getAllWindows()[0]!.webContents.executeJavaScript('document.body.innerText') as Promise<string>))
    .toContain('Touch to start');
  const next = await app.evaluate(async ({ BrowserWindow }) => {
    const { webContents } = BrowserWindow.getAllWindows()[0]!;
    return {
      text: (await webContents.executeJavaScript('document.documentElement.innerHTML')) as string,
      stored: (await webContents.executeJavaScript(
        'JSON.stringify([Object.keys(localStorage), Object.keys(sessionStorage), document.cookie])')) as string,
      databases: (await webContents.executeJavaScript('indexedDB.databases().then((list) => list.length)')) as number,
    };
  });
  expect(next.text).toContain('Touch to start');
  expect(next.text).not.toContain(phone);
  expect(next.text).not.toContain('139 8765 4321');
  expect(next.stored).toBe('[[],[],""]');
  expect(next.databases).toBe(0);

  await stage.kiosk.close();
  expect(filesContaining(stage.folder, phone)).toEqual([]);
});

test('after an order the next customer finds an empty cart, and the phone number is in no file in plain text', async ({ stage }) => {
  const { page } = stage.kiosk;
  const customer = createCustomer(page, 'en');
  await customer.takeForFree({ offerId: 'data-trial', phone });
  await customer.done();
  await customer.begin();
  await expect(page.getByRole('button', { name: 'Nothing chosen yet' })).toBeVisible();
  expect(await page.content()).not.toContain(phone);

  await stage.kiosk.close();
  expect(filesContaining(stage.dataFolder, phone)).toEqual([]);
});

/** HQ's own files apart: HQ must know whom to serve. */
function filesContaining(folder: string, text: string): string[] {
  return fs.readdirSync(folder, { recursive: true, withFileTypes: true })
    .filter((entry) => entry.isFile() && !path.join(entry.parentPath, entry.name).startsWith(path.join(folder, 'hq')))
    .map((entry) => path.join(entry.parentPath, entry.name))
    .filter((file) => fs.readFileSync(file).includes(text));
}
