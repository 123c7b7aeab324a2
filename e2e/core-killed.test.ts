import { wordsOf } from '../renderer/i18n/language.ts';
import { createCustomer } from './stage/customer.ts';
import type { Stage } from './stage/stage.ts';
import { expect, test } from './stage/stage.ts';

const words = wordsOf.en;

/** Core alone, with the page and its customer still there. */
async function killCore(stage: Stage): Promise<void> {
  const pid = await stage.kiosk.app.evaluate(({ app }) => app.getAppMetrics().find((process) => process.serviceName === 'node.mojom.NodeService')?.pid);
  if (pid === undefined) throw new Error('core has no process');
  process.kill(pid, 'SIGKILL');
}

test('core dies while a card is asked for: started again it asks the terminal, and the customer can pay', async ({ stage }) => {
  const { page } = stage.kiosk;
  const customer = createCustomer(page, 'en');
  await customer.buy({ offerId: 'cola' });
  await killCore(stage);
  await expect(page.getByRole('heading', { name: words.pay.due.not_paid.title })).toBeVisible();
  await customer.payAgain();
  await customer.askedForCard();
  stage.bench.terminal.sim.tapCard();
  await customer.pickupNumber();
  expect(await stage.audit(1)).toMatchObject({ agree: true, strays: [], orders: [{ amount: 350, printed: { slips: 1 } }] });
  expect(stage.bench.terminal.sim.book()).toHaveLength(1);
});

test('core dies on the result screen: the customer keeps number and code', async ({ stage }) => {
  const { page } = stage.kiosk;
  stage.bench.printer.sim.setPaper('out');
  const customer = createCustomer(page, 'en');
  const number = await customer.takeForFree({ offerId: 'plaster' });
  await killCore(stage);
  stage.bench.printer.sim.setPaper('ok');
  await expect(page.getByText(words.result.receipt.printed)).toBeVisible();
  expect(await customer.pickupNumber()).toBe(number);
  expect(await stage.audit(1)).toMatchObject({ agree: true, strays: [] });
});

test('the page crashes on the result screen: the new one shows number and code again', async ({ stage }) => {
  stage.bench.printer.sim.setPaper('out');
  const { app, page } = stage.kiosk;
  const number = await createCustomer(page, 'en').takeForFree({ offerId: 'plaster' });
  await app.evaluate(({ BrowserWindow }) => new Promise<void>((resolve) => {
    const { webContents } = BrowserWindow.getAllWindows()[0]!;
    webContents.once('did-finish-load', () => resolve());
    webContents.forcefullyCrashRenderer();
  }));
  await expect.poll(() => app.evaluate(({ BrowserWindow }) => BrowserWindow.getAllWindows()[0]!.webContents.executeJavaScript('document.body.innerText') as Promise<string>))
    .toContain(number);
});
