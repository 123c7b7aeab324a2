import { wordsOf } from '../renderer/i18n/language.ts';
import { catalogue, createCustomer } from './stage/customer.ts';
import { expect, test } from './stage/stage.ts';

test.use({ changes: { help: { phone: '021-5555 0024', onDuty: [] } } });

test('whoever is stuck finds an answer, calls a person whom HQ sends, and is told honestly when nobody can be reached; what they thought of it reaches HQ', async ({ stage }) => {
  const { page } = stage.kiosk;
  const { hq } = stage;
  const words = wordsOf.en;
  const { help, feedback } = words.finish;
  const sheet = page.getByRole('dialog', { name: help.title });
  const person = sheet.getByRole('region', { name: help.person });
  const customer = createCustomer(page, 'en');
  const cash = catalogue.questions.find(({ id }) => id === 'cash')!;
  await customer.begin();
  await customer.add({ offerId: 'cola' });
  await page.getByRole('button', { name: words.frame.tools.helpName }).click();
  await expect(sheet.getByRole('region', { name: help.here }).getByRole('listitem').first()).toHaveText(help.steps.offers[0]!);
  await sheet.getByRole('button', { name: help.search }).click();
  await customer.type('cash');
  await sheet.getByRole('button', { name: cash.question.en }).click();
  await expect(sheet.getByText(cash.answer.en)).toBeVisible();

  await sheet.getByRole('button', { name: help.call }).click();
  await expect(person).toContainText(help.state.calling.title);
  await expect.poll(() => hq.tell('calls')).toMatch(/kiosk-001 .*screen offers .*not answered/);
  const [callId] = /^[0-9a-f-]{36}/.exec(await hq.tell('calls'))!;
  await hq.tell('answer', callId, '--zh', '小李两分钟后到', '--en', 'Li comes in two minutes');
  await expect(person).toContainText('Li comes in two minutes');
  await sheet.getByRole('button', { name: help.stop }).click();
  await expect(person).toContainText(help.state.none.title);
  await expect.poll(() => hq.tell('calls')).toContain('nobody asks for help');
  for (let presses = 0; (await sheet.isVisible()) && presses < 4; presses += 1) await sheet.getByRole('button', { name: help.close }).click();
  await expect(sheet).toBeHidden();

  await customer.checkOut();
  await customer.pay();
  await customer.askedForCard();
  stage.bench.terminal.sim.tapCard();
  const number = await customer.pickupNumber();
  // Two taps are enough.
  await page.getByRole('radio', { name: feedback.star(4, feedback.stars[3]) }).click();
  await page.getByRole('button', { name: feedback.send }).click();
  await expect(page.getByText(feedback.thanks.title, { exact: true })).toBeVisible();
  await customer.done();

  const reader = createCustomer(page, 'zh');
  const zh = wordsOf.zh.finish.feedback;
  await reader.takeForFree({ offerId: 'city-map' });
  await page.getByRole('radio', { name: zh.star(2, zh.stars[1]) }).click();
  await page.getByRole('button', { name: zh.more }).click();
  await page.getByRole('button', { name: zh.chips.too_slow }).click();
  await page.getByRole('button', { name: zh.writeWords }).click();
  await reader.type('deng');
  await page.getByRole('button', { name: /^候选 1：/ }).click();
  const written = await page.getByRole('textbox', { name: zh.words }).inputValue();
  expect(written).toMatch(/^\p{Script=Han}+$/u);
  await page.getByRole('button', { name: zh.wordsDone }).click();
  await page.getByRole('dialog').getByRole('button', { name: zh.send }).click();
  await expect(page.getByText(zh.thanks.title, { exact: true })).toBeVisible();
  await expect.poll(() => hq.tell('feedback')).toMatch(new RegExp(`2 of 5  too_slow  ${written}[^]*${number}  4 of 5`));
  await reader.done();

  await hq.stop();
  await customer.begin();
  await page.getByRole('button', { name: words.frame.tools.helpName }).click();
  await expect(async () => {
    await sheet.getByRole('button', { name: help.call }).click({ timeout: 1000 });
    await expect(person).toContainText(help.nobody.unreachable.title, { timeout: 1000 });
  }).toPass();
  await expect(person).toContainText(help.phone('021-5555 0024'));
  await hq.start();
  expect(await stage.audit(2)).toMatchObject({ agree: true, strays: [], orders: [{ amount: 350 }, { amount: 0 }] });
});
