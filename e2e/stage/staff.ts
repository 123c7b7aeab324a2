import { AxeBuilder } from '@axe-core/playwright';
import type { Locator, Page } from '@playwright/test';
import { expect } from '@playwright/test';
import { Secret, TOTP } from 'otpauth';
import { devStaff } from '../../hq/server/staff/dev-staff.ts';
import type { StaffRole } from '../../domain/staff/role.ts';
import type { Stage } from './stage.ts';

const stepMs = 30_000;

/** Somebody of the staff at the touchscreen, in English: by roles and labels alone. */
export interface Staff {
  /** Holds a finger on the corner of the brand until the sign-in is there. */
  pressLong(): Promise<void>;
  /** The card at the scanner instead. */
  showCard(): Promise<void>;
  /** Types and signs in; by the number unless the card was shown. A code that was used up is not used again: the next one is. */
  enter(by: { readonly card?: boolean; readonly recovery?: boolean }): Promise<void>;
  /** All of it by number. */
  signIn(): Promise<void>;
  leave(): Promise<void>;
  /** To another area of work. */
  tab(name: string): Promise<void>;
  press(name: string | RegExp): Promise<void>;
  button(name: string | RegExp): Locator;
  readonly said: Locator;
  readonly sheet: Locator;
}

export function createStaff(stage: Stage, role: StaffRole): Staff {
  const { page } = stage.kiosk;
  const member = devStaff.find((candidate) => candidate.role === role)!;
  const heading = page.getByRole('heading', { level: 1, name: 'Staff sign-in' });
  const button = (name: string | RegExp) => page.getByRole('button', { name, ...(typeof name === 'string' ? { exact: true } : {}) });
  let lastStep = 0;

  /** A step before or after the present one is taken too. */
  async function code(): Promise<string> {
    await expect.poll(() => Math.floor(Date.now() / stepMs) + 1 > lastStep, { timeout: 2 * stepMs, message: 'there is a code that was not used' }).toBe(true);
    lastStep = Math.max(Math.floor(Date.now() / stepMs), lastStep + 1);
    return new TOTP({ secret: Secret.fromBase32(member.totpSecret), period: stepMs / 1000, digits: 6 }).generate({ timestamp: lastStep * stepMs });
  }

  async function keys(field: string, digits: string): Promise<void> {
    const input = page.locator(`input[name="staff-${field}"]`);
    await input.click();
    for (const digit of digits) await button(digit).click();
    await expect(input).toHaveValue(digits);
  }

  async function enter({ card = false, recovery = false }: { readonly card?: boolean; readonly recovery?: boolean }): Promise<void> {
    if (!card) await keys('number', member.number);
    await keys('pin', member.pin);
    if (recovery) {
      await button('No phone: use a recovery code').click();
      await page.locator('input[name="staff-code"]').fill(member.recoveryCode);
    } else await keys('code', await code());
    await button('Sign in').click();
    await expect(page.getByRole('navigation', { name: 'Areas of work' })).toBeVisible();
  }

  async function pressLong(): Promise<void> {
    await page.mouse.move(60, 60);
    await page.mouse.down();
    await expect(heading.or(page.getByRole('heading', { level: 1, name: '员工登录' }))).toBeVisible();
    await page.mouse.up();
    await inEnglish();
  }

  async function inEnglish(): Promise<void> {
    if (await heading.isHidden()) await button('English').click();
    await expect(heading).toBeVisible();
  }

  return {
    pressLong, enter, button,
    async showCard() {
      const { sim } = stage.bench.scanner;
      await expect.poll(() => sim.isLit(), { message: 'the scanner is lit' }).toBe(true);
      expect(sim.show(`C24S:${member.card}`)).toBe(true);
      await expect(page.getByText(/员工卡已刷|Staff card scanned/)).toBeVisible();
      await inEnglish();
    },
    async signIn() {
      await pressLong();
      await enter({});
    },
    async leave() {
      await button('Leave, back to the customers’ screen').click();
      await expect(page.getByRole('button', { name: /Touch to start/ })).toBeVisible();
    },
    async tab(name) {
      await page.getByRole('navigation', { name: 'Areas of work' }).getByRole('button', { name, exact: true }).click();
    },
    press: (name) => button(name).click(),
    said: page.locator('.staff-said[role=status]'),
    sheet: page.getByRole('dialog'),
  };
}

/** HQ has sent the kiosk its staff. */
export async function staffKnown(stage: Stage): Promise<void> {
  await expect.poll(() => stage.kiosk.output(), { message: "HQ's documents are there" }).toContain("HQ's documents are in force");
}

/** One page of HQ's API, as its administrator for development. */
export async function askHq<T>({ hq }: Stage, path: string): Promise<T> {
  const signedIn = await fetch(new URL('/api/session', hq.url), { method: 'POST', headers: { 'content-type': 'application/json' }, body: JSON.stringify(hq.account) });
  if (!signedIn.ok) throw new Error(`HQ answered ${signedIn.status} to the sign-in`);
  const response = await fetch(new URL(path, hq.url), { headers: { cookie: signedIn.headers.get('set-cookie')?.split(';')[0] ?? '' } });
  if (!response.ok) throw new Error(`HQ answered ${response.status} to ${path}: ${await response.text()}`);
  return (await response.json()) as T;
}

/** Looks at a screen of the staff's by axe: in English, in English with the largest text, and in Chinese where no sheet covers the language's button. */
export async function look(page: Page, screen: string): Promise<void> {
  await examine(page, screen);
  const before = await page.evaluate(() => {
    const { dataset } = document.documentElement;
    const kept = dataset['text'];
    dataset['text'] = 'largest';
    return kept;
  });
  await examine(page, `${screen}, largest text`);
  await page.evaluate((kept) => {
    if (kept === undefined) delete document.documentElement.dataset['text'];
    else document.documentElement.dataset['text'] = kept;
  }, before);
  if (await page.getByRole('dialog').isVisible()) return;
  await page.getByRole('button', { name: '中文', exact: true }).click();
  await expect(page.getByRole('button', { name: 'English', exact: true })).toBeVisible();
  await examine(page, `${screen}, in Chinese`);
  await page.getByRole('button', { name: 'English', exact: true }).click();
  await expect(page.getByRole('button', { name: '中文', exact: true })).toBeVisible();
}

async function examine(page: Page, screen: string): Promise<void> {
  await page.evaluate(() => new Promise((resolve) => requestAnimationFrame(() => requestAnimationFrame(resolve))));
  // As in access.test.ts: the kiosk has one window, and react-aria's announcer is not for eyes.
  const { violations } = await new AxeBuilder({ page }).setLegacyMode(true).exclude('[data-live-announcer]').options({ resultTypes: ['violations'], preload: false })
    .withTags(['wcag2a', 'wcag2aa', 'wcag21a', 'wcag21aa', 'wcag22aa', 'best-practice']).analyze();
  const broken = violations.flatMap(({ id, nodes }) => nodes.map((node) => `axe ${id}: ${node.html.slice(0, 200)} ${node.any[0]?.message ?? node.all[0]?.message ?? ''}`));
  // Wider than the screen is cut off.
  const wide = await page.evaluate(() => document.documentElement.scrollWidth > innerWidth);
  expect.soft([...broken, ...(wide ? ['wider than the screen'] : [])], screen).toEqual([]);
}

/** Core alone, with the page and whoever is at it still there. */
export async function killCore({ kiosk: { app } }: Stage): Promise<void> {
  const pid = await app.evaluate((electron) => electron.app.getAppMetrics().find((process) => process.serviceName === 'node.mojom.NodeService')?.pid);
  if (pid === undefined) throw new Error('core has no process');
  process.kill(pid, 'SIGKILL');
}
