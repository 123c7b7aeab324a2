import type { Browser, Locator, Page } from '@playwright/test';
import { chromium, expect } from '@playwright/test';
import { chromiumPath } from '../../build/runtime.mjs';
import type { Language } from '../../domain/language.ts';
import { peopleTexts } from '../../hq/web/i18n/areas/people.ts';

/** Chromium as bootstrap has installed it for the tests. */
export async function openBrowser(): Promise<Browser> {
  const executablePath = chromiumPath();
  if (!executablePath) throw new Error('there is no Chromium: bootstrap installs it for the tests');
  return chromium.launch({ executablePath, args: ['--no-sandbox', '--disable-gpu', '--no-first-run', '--disable-background-networking', '--disable-component-update', '--disable-sync'] });
}

export interface Account {
  readonly name: string;
  readonly password: string;
}

/** Somebody who sits at HQ's console: does what the page says, by roles and labels alone. */
export interface Operator {
  readonly page: Page;
  /** By name and password; then the console stands at this path. */
  signIn(account: Account, to?: string): Promise<void>;
  /** Opens a path and waits for its heading. */
  go(path: string, heading?: string | RegExp): Promise<void>;
  button(name: string | RegExp): Locator;
  tab(name: string): Promise<void>;
  /** The dialog or side sheet on top. */
  readonly dialog: Locator;
  /** Chooses in a list that opens under its field. */
  choose(label: string | RegExp, choice: string | RegExp): Promise<void>;
  /** What the console has just said of an act. */
  told(words: string | RegExp): Promise<void>;
}

export async function openOperator(browser: Browser, url: string, language: Language = 'en', { width = 1440, height = 900 } = {}): Promise<Operator> {
  const context = await browser.newContext({ baseURL: url, locale: language === 'zh' ? 'zh-CN' : 'en-GB', timezoneId: 'Asia/Shanghai', viewport: { width, height }, reducedMotion: 'reduce', acceptDownloads: true });
  const page = await context.newPage();
  page.setDefaultTimeout(90_000);
  const { signIn } = peopleTexts[language];
  const button = (name: string | RegExp) => page.getByRole('button', { name, exact: typeof name === 'string' });
  const operator: Operator = {
    page, button,
    async signIn({ name, password }, to = '/') {
      await page.goto(`/sign-in?to=${encodeURIComponent(to)}`);
      await page.getByLabel(new RegExp(`^${signIn.name}`)).fill(name);
      await page.getByLabel(new RegExp(`^${signIn.password}`)).fill(password);
      await button(signIn.go).click();
      await expect(page).not.toHaveURL(/\/sign-in/);
    },
    async go(path, heading) {
      await page.goto(path);
      if (heading !== undefined) await expect(page.getByRole('heading', { level: 1, name: heading })).toBeVisible();
    },
    async tab(name) {
      await page.getByRole('tab', { name, exact: true }).click();
      await expect(page.getByRole('tab', { name, exact: true })).toHaveAttribute('aria-selected', 'true');
    },
    dialog: page.getByRole('dialog').last(),
    async choose(label, choice) {
      await page.getByRole('button', { name: label }).last().click();
      await page.getByRole('option', { name: choice }).first().click();
    },
    told: (words) => expect(page.getByText(words).last()).toBeVisible(),
  };
  return operator;
}
