import type { Browser } from '@playwright/test';
import { SMTPServer } from 'smtp-server';
import { alertTexts } from '../hq/web/i18n/areas/alerts.ts';
import { fleetTexts } from '../hq/web/i18n/areas/fleet.ts';
import { openBrowser, openOperator } from './stage/operator.ts';
import { expect, test as base } from './stage/stage.ts';

interface Letter {
  readonly to: string;
  readonly text: string;
}

/** A mail server of our own, which the stage's HQ is told of. */
const test = base.extend<{ post: { readonly url: string; readonly letters: readonly Letter[] } }>({
  // oxlint-disable-next-line no-empty-pattern -- Playwright wants the pattern
  post: async ({}, use) => {
    const letters: Letter[] = [];
    const server = new SMTPServer({
      authOptional: true, disabledCommands: ['STARTTLS'],
      onData(stream, session, done) {
        let text = '';
        stream.setEncoding('utf8').on('data', (part: string) => (text += part)).on('end', () => {
          letters.push({ to: session.envelope.rcptTo.map(({ address }) => address).join(','), text });
          done();
        });
      },
    });
    await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
    await use({ url: `smtp://127.0.0.1:${(server.server.address() as { port: number }).port}`, letters });
    await new Promise<void>((resolve) => server.close(() => resolve()));
  },
  hqEnv: async ({ post }, use) => use({ MAIL_URL: post.url, MAIL_FROM: 'HQ <hq@counter24.example>', CONSOLE_URL: 'https://hq.counter24.example' }),
});

let browser: Browser;
test.beforeAll(async () => {
  browser = await openBrowser();
});
test.afterAll(() => browser?.close());

test('a kiosk out of paper is an alert that somebody is mailed, takes care of, and that ends by itself with the new roll', async ({ stage, post }) => {
  const { hq, bench } = stage;
  const texts = alertTexts.en;
  const operator = await openOperator(browser, hq.url);
  const { page, dialog } = operator;
  await operator.signIn(hq.account, '/alerts?view=rules');
  const rule = `${texts.edit}: ${texts.kinds.paper.name}`;
  await expect(page.getByRole('table', { name: texts.rules })).toBeVisible();
  await operator.button(rule).click();
  await dialog.getByLabel(texts.mailTo).fill('nobody');
  await expect(dialog.getByText(texts.mailWrong)).toBeVisible();
  await dialog.getByLabel(texts.mailTo).fill('night@counter24.example');
  await dialog.getByRole('button', { name: new RegExp(`^${texts.testMail}`) }).click();
  await operator.told(texts.testMailSent);
  await dialog.getByRole('button', { name: texts.save }).click();
  await operator.told(texts.saved);
  await expect.poll(() => post.letters.length).toBe(1);

  bench.printer.sim.setPaper('out');
  await operator.tab(texts.open);
  const row = page.getByRole('row', { name: new RegExp(texts.kinds.paper.name) });
  await expect(row).toBeVisible();
  await expect.poll(() => post.letters.filter(({ to, text }) => to === 'night@counter24.example' && /kiosk-001/.test(text)).length).toBe(1);
  expect(post.letters.at(-1)!.text).toContain('https://hq.counter24.example');
  await row.getByRole('link').first().click();
  await dialog.getByLabel(new RegExp(`^${texts.note}`)).fill('Li brings a roll');
  await dialog.getByRole('button', { name: texts.acknowledge }).click();
  await operator.told(texts.acknowledged);
  await expect(dialog.getByText(texts.seenBy(hq.account.name)).first()).toBeVisible();
  await dialog.getByRole('link', { name: 'kiosk-001' }).or(dialog.getByRole('button', { name: 'kiosk-001' })).first().click();
  await expect(page.getByRole('heading', { level: 1, name: 'kiosk-001' })).toBeVisible();
  await expect(page.getByText(fleetTexts.en.states.limited).first()).toBeVisible();

  bench.printer.sim.setPaper('ok');
  await page.goto('/alerts?view=ended');
  await expect(row.first()).toBeVisible();
  await expect(row.getByText(texts.endedItself)).toBeVisible();
});
