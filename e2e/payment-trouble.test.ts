import { wordsOf } from '../renderer/i18n/language.ts';
import { createCustomer } from './stage/customer.ts';
import type { Stage } from './stage/stage.ts';
import { expect, test } from './stage/stage.ts';

const words = wordsOf.en;

async function chooseCola(stage: Stage) {
  const customer = createCustomer(stage.kiosk.page, 'en');
  await customer.begin();
  await customer.add({ offerId: 'cola' });
  await customer.checkOut();
  return customer;
}

test('a declined card takes nothing, and the next card pays', async ({ stage }) => {
  const customer = await chooseCola(stage);
  await customer.pay();
  await customer.askedForCard();
  stage.bench.terminal.sim.decline();
  await expect(stage.kiosk.page.getByRole('heading', { name: words.pay.due.declined.title })).toBeVisible();
  await customer.payAgain();
  await customer.askedForCard();
  stage.bench.terminal.sim.tapCard();
  await customer.pickupNumber();

  expect(await stage.audit(1)).toMatchObject({ agree: true, strays: [] });
  expect(stage.bench.terminal.sim.book().map((entry) => entry.state)).toEqual(['declined', 'approved']);
});

test('a card terminal unplugged before paying takes nothing, and works again when it is plugged in', async ({ stage }) => {
  const { page } = stage.kiosk;
  const customer = await chooseCola(stage);
  await stage.bench.terminal.unplug();
  await expect(page.getByText(words.checkout.cardUnavailable.title)).toBeVisible();
  await expect(page.getByRole('button', { name: words.checkout.paused })).toBeDisabled();
  await stage.bench.terminal.plug();
  await expect(page.getByText(words.checkout.cardUnavailable.title)).toBeHidden();
  await customer.pay();
  await customer.askedForCard();
  stage.bench.terminal.sim.tapCard();
  await customer.pickupNumber();

  expect(await stage.audit(1)).toMatchObject({ agree: true, strays: [] });
  expect(stage.bench.terminal.sim.book()).toHaveLength(1);
});

test('two quick taps on Pay make one order and one charge', async ({ stage }) => {
  const customer = await chooseCola(stage);
  await stage.kiosk.page.getByRole('button', { name: /^Pay/ }).dblclick({ delay: 5 });
  await customer.askedForCard();
  stage.bench.terminal.sim.tapCard();
  await customer.pickupNumber();

  expect(await stage.audit(1)).toMatchObject({ agree: true, strays: [], orders: [{ amount: 350 }] });
  expect(stage.bench.terminal.sim.book()).toHaveLength(1);
});

test('a terminal that falls silent after approving: the kiosk asks, and never charges twice', async ({ stage }) => {
  const { page } = stage.kiosk;
  const customer = await chooseCola(stage);
  await customer.pay();
  await customer.askedForCard();
  stage.bench.terminal.sim.script.approveAndFallSilent = 'after_acknowledgement';
  stage.bench.terminal.sim.tapCard();
  // Acknowledged: the money is taken, whatever else is heard. The cable out ends the waiting for the completion.
  await expect.poll(() => stage.bench.terminal.sim.book().at(-1)?.state).toBe('approved');
  await stage.bench.terminal.unplug();
  stage.bench.terminal.sim.setSilent(false);
  await stage.bench.terminal.plug();
  await expect(page.getByRole('region', { name: words.result.number })).toBeVisible();

  expect(await stage.audit(1)).toMatchObject({ agree: true, strays: [] });
  expect(stage.bench.terminal.sim.book()).toHaveLength(1);
});

test('a customer who cancels at the card screen is charged nothing and can give the order up', async ({ stage }) => {
  const { page } = stage.kiosk;
  const customer = await chooseCola(stage);
  await customer.pay();
  await customer.askedForCard();
  await page.getByRole('button', { name: words.pay.cancel }).click();
  await expect(page.getByRole('heading', { name: words.pay.due.cancelled.title })).toBeVisible();
  await page.getByRole('button', { name: words.pay.giveUp }).click();
  await expect(page.getByRole('button', { name: /Touch to start/ })).toBeVisible();

  expect(await stage.audit(1)).toMatchObject({ agree: true, strays: [], orders: [{ kiosk: { state: 'cancelled', receipt: 'none' }, printed: { slips: 0 } }] });
  expect(stage.bench.terminal.sim.book()).toHaveLength(0);
});

test('the cable comes out in the moment of the approval, and goes in again: paid once, by a fault script', async ({ stage }) => {
  const { page } = stage.kiosk;
  const customer = createCustomer(page, 'en');
  const { sim } = stage.bench.terminal;
  expect(sim.script([{ at: 'approved', do: 'unplug' }, { at: 'approved', do: 'plug', afterMs: 3000 }])).toEqual({ ok: true, value: undefined });
  await customer.buy({ offerId: 'cola' });
  sim.tapCard();
  await customer.pickupNumber();
  expect(await stage.audit(1)).toMatchObject({ agree: true, strays: [], orders: [{ amount: 350, terminal: { state: 'approved' }, printed: { slips: 1 } }] });
});
