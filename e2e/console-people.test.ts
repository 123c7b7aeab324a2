import { spawn } from 'node:child_process';
import { once } from 'node:events';
import fs from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import type { Browser } from '@playwright/test';
import { expect, test } from '@playwright/test';
import { Secret, TOTP } from 'otpauth';
import { endChild, root } from '../build/start/child.ts';
import { peopleTexts } from '../hq/web/i18n/areas/people.ts';
import { uiTexts } from '../hq/web/i18n/areas/ui.ts';
import { openBrowser, openOperator } from './stage/operator.ts';

const { signIn, setUp, factor, account, people, audit, invitation, roles } = peopleTexts.en;
const ui = uiTexts.en;
const boss = { name: 'li.wei', password: 'a cup of tea at ten' };
const viewer = { name: 'wang.fang', password: 'rain on the tin roof' };

/** An HQ that nobody has an account at, by a name that passkeys can be made for. */
async function startNewHq(folder: string): Promise<{ readonly url: string; readonly setUpCode: string; close(): Promise<void> }> {
  const child = spawn(process.execPath, ['hq/server/main.ts'], { cwd: root, env: { ...process.env, PORT: '0', HOST: '127.0.0.1', DATA_FOLDER: folder }, stdio: ['ignore', 'pipe', 'ignore', 'ipc'] });
  let said = '';
  child.stdout?.on('data', (chunk: Buffer) => (said += chunk.toString()));
  const [ready] = (await Promise.race([once(child, 'message'), once(child, 'close').then(() => Promise.reject(new Error('HQ ended before it was ready')))])) as [{ url: string }];
  await expect.poll(() => said).toMatch(/with this code: /);
  return { url: ready.url.replace('127.0.0.1', 'localhost'), setUpCode: /with this code: (\S+)/.exec(said)![1]!, close: () => endChild(child) };
}

let browser: Browser;
let folder: string;
test.beforeAll(async () => {
  browser = await openBrowser();
  folder = fs.mkdtempSync(path.join(os.tmpdir(), 'counter24-e2e-'));
});
test.afterAll(async () => {
  await browser?.close();
  fs.rmSync(folder, { recursive: true, force: true });
});

test('the first administrator is made by the printed code, locks the door twice, by code app and by passkey, invites a person who may only look, and ends their session; all of it stands in an audit that is whole', async () => {
  const hq = await startNewHq(folder);
  try {
    const operator = await openOperator(browser, hq.url);
    const { page, button } = operator;
    const field = (label: string) => page.getByLabel(new RegExp(`^${label}`));
    await page.goto('/fleet');
    await expect(page.getByRole('heading', { level: 1, name: setUp.title })).toBeVisible();
    await field(setUp.code).fill('AAAA-AAAA-AAAA-AAAA');
    await field(setUp.name).fill(boss.name);
    await field(setUp.fullName).fill('Li Wei');
    await field(`${setUp.password}( \\*)?$`).fill(boss.password);
    await field(setUp.again).fill('something else');
    await expect(page.getByText(setUp.different)).toBeVisible();
    await field(setUp.again).fill(boss.password);
    await button(setUp.go).click();
    await expect(page.getByText(setUp.wrongCode)).toBeVisible();
    await field(setUp.code).fill(hq.setUpCode);
    await button(setUp.go).click();

    // No way round the second factor.
    await expect(page.getByRole('heading', { level: 1, name: factor.title })).toBeVisible();
    await page.goto('/people');
    await expect(page.getByRole('heading', { level: 1, name: factor.title })).toBeVisible();
    await button(factor.begin).click();
    const secret = (await page.locator('code').innerText()).replaceAll(' ', '');
    const codeAt = (at: number) => new TOTP({ secret: Secret.fromBase32(secret) }).generate({ timestamp: at });
    await field(factor.code).fill('000000');
    await button(factor.confirm).click();
    await expect(page.getByText(peopleTexts.en.reasons['code_wrong']!)).toBeVisible();
    await field(factor.code).fill(codeAt(Date.now()));
    await button(factor.confirm).click();
    await expect(page.getByRole('heading', { level: 1, name: factor.recovery })).toBeVisible();
    const recovery = await page.getByRole('main').getByRole('listitem').allInnerTexts();
    expect(recovery.length).toBeGreaterThanOrEqual(8);
    await button(factor.kept).click();
    await expect(page.getByRole('navigation', { name: ui.navigation })).toBeVisible();

    // A passkey of this device, and in by it alone.
    const devtools = await page.context().newCDPSession(page);
    await devtools.send('WebAuthn.enable');
    await devtools.send('WebAuthn.addVirtualAuthenticator', { options: { protocol: 'ctap2', transport: 'internal', hasResidentKey: true, hasUserVerification: true, isUserVerified: true, automaticPresenceSimulation: true } });
    await page.goto('/account');
    await button(factor.addPasskey).click();
    await operator.dialog.getByLabel(account.confirmPassword).fill('not the password');
    await operator.dialog.getByRole('button', { name: account.goOn }).click();
    const passkeyName = operator.dialog.getByLabel(new RegExp(`^${factor.passkeyName}`));
    await passkeyName.fill('Office');
    await operator.dialog.getByRole('button', { name: factor.addPasskey }).click();
    await expect(page.getByText(peopleTexts.en.reasons['password_wrong']!)).toBeVisible();
    await page.keyboard.press('Escape');
    await button(factor.addPasskey).click();
    await operator.dialog.getByLabel(account.confirmPassword).fill(boss.password);
    await operator.dialog.getByRole('button', { name: account.goOn }).click();
    await passkeyName.fill('Office');
    await operator.dialog.getByRole('button', { name: factor.addPasskey }).click();
    await expect(page.getByRole('row', { name: /Office/ })).toBeVisible();
    await button(account.signOut).click();
    await expect(page.getByRole('heading', { level: 1, name: signIn.title })).toBeVisible();
    await button(signIn.byPasskey).click();
    await expect(page.getByRole('navigation', { name: ui.navigation })).toBeVisible();

    // Somebody who may only look.
    await operator.go('/people', people.title);
    await button(people.invite).click();
    await operator.dialog.getByLabel(new RegExp(`^${people.fullName}`)).fill('Wang Fang');
    await operator.dialog.getByLabel(new RegExp(`^${people.name}`)).fill(viewer.name);
    await button(people.send).click();
    const link = await operator.dialog.getByLabel(people.link, { exact: true }).inputValue();
    await operator.dialog.getByRole('button', { name: factor.kept }).click();

    const second = await openOperator(browser, hq.url);
    await second.page.goto(link);
    await second.page.getByLabel(new RegExp(`^${setUp.password}`)).first().fill('password1234');
    await second.page.getByLabel(new RegExp(`^${setUp.again}`)).fill('password1234');
    await second.button(invitation.go).click();
    await expect(second.page.getByText(peopleTexts.en.reasons['password_common']!)).toBeVisible();
    await second.page.getByLabel(new RegExp(`^${setUp.password}`)).first().fill(viewer.password);
    await second.page.getByLabel(new RegExp(`^${setUp.again}`)).fill(viewer.password);
    await second.button(invitation.go).click();
    await second.button(factor.begin).click();
    const secondSecret = (await second.page.locator('code').innerText()).replaceAll(' ', '');
    await second.page.getByLabel(new RegExp(`^${factor.code}`)).fill(new TOTP({ secret: Secret.fromBase32(secondSecret) }).generate());
    await second.button(factor.confirm).click();
    await second.button(factor.kept).click();
    const menu = second.page.getByRole('navigation', { name: ui.navigation });
    await expect(menu.getByRole('link', { name: ui.areas.orders })).toBeVisible();
    for (const hidden of [ui.areas.people, ui.areas.audit, ui.areas.staff]) await expect(menu.getByRole('link', { name: hidden })).toBeHidden();
    for (const forbidden of ['/people', '/audit', '/staff']) await second.go(forbidden, ui.notYours);
    expect((await second.page.request.get('/api/people')).status()).toBe(403);
    await page.goto(link);
    await expect(page.getByRole('heading', { level: 1, name: invitation.gone })).toBeVisible();

    // Out, while they look.
    await operator.go('/people', people.title);
    await page.getByRole('row', { name: /Wang Fang/ }).getByRole('link').click();
    await expect(operator.dialog.getByText(roles.viewer).first()).toBeVisible();
    await operator.dialog.getByRole('button', { name: `${account.end} (1)` }).click();
    await operator.told(account.ended(1));
    await second.page.goto('/orders');
    await expect(second.page.getByRole('heading', { level: 1, name: signIn.title })).toBeVisible();

    // By password, and a recovery code that is then used up.
    await second.page.context().close();
    const third = await openOperator(browser, hq.url);
    const enter = async (code: string) => {
      await third.page.goto('/sign-in?to=/audit');
      await third.page.getByLabel(new RegExp(`^${signIn.name}`)).fill(boss.name);
      await third.page.getByLabel(new RegExp(`^${signIn.password}`)).fill(boss.password);
      await third.button(signIn.go).click();
      await third.page.getByLabel(new RegExp(`^${signIn.code}`)).fill(code);
      await third.button(signIn.withCode).click();
    };
    await enter(recovery[0]!);
    await expect(third.page.getByRole('heading', { level: 1, name: audit.title })).toBeVisible();
    await third.page.context().clearCookies();
    await enter(recovery[0]!);
    await expect(third.page.getByText(signIn.wrongCode)).toBeVisible();

    await operator.go('/audit', audit.title);
    await button(audit.check).click();
    await expect(page.getByText(/^Whole: \d+ entries$/)).toBeVisible();
    for (const name of [boss.name, viewer.name]) await expect(page.getByRole('row', { name: new RegExp(name) }).first()).toBeVisible();
    await expect(page.getByRole('row', { name: new RegExp(`${boss.name}.*(${audit.outcomes.refused}|${audit.outcomes.failed})`) }).first()).toBeVisible();
  } finally {
    await hq.close();
  }
});
