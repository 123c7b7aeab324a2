import fs from 'node:fs';
import path from 'node:path';
import { AxeBuilder } from '@axe-core/playwright';
import type { CDPSession, Page } from '@playwright/test';
import { expect } from '@playwright/test';
import { root } from '../../build/start/child.ts';
import type { KioskConfig } from '../../domain/contract/config.ts';
import { measureScreen } from './measure.ts';
import type { Stage } from './stage.ts';

/** How a screen is looked at. */
export interface Mode {
  readonly width: number;
  readonly height: number;
  /** Attributes of the root, as main.tsx sets them; without them, as the customer has it. */
  readonly root?: Readonly<Record<string, string>>;
  /** Takes as long as all the rest together, and finds the same in any size. */
  readonly axe: boolean;
  readonly focus: boolean;
  readonly reach?: boolean;
}

export const portrait = { width: 1080, height: 1920 };
export const tablet = { width: 768, height: 1024 };
/** A desk's screen, and a tablet on its side: the least high that there are. */
export const wide = { width: 1366, height: 768 };
export const tabletOnSide = { width: 1024, height: 768 };
/** EN 301 549, 8.3.2: nothing to touch is higher than 1220 mm above the floor. As a share of the screen's height, from its upper edge. */
const { heightMm, bottomMm } = (JSON.parse(fs.readFileSync(path.join(root, 'config/kiosk.json'), 'utf8')) as KioskConfig).screen;
const highestShare = 1 - (1220 - bottomMm) / heightMm;
/** The design's least text, and a pixel of the design is never less than 0.8 (tokens.css). */
const leastTextOf = (mode: Mode) => 24 * Math.max(0.8, Math.min(mode.width, mode.height) / 1080);

/** Says of a screen all that is wrong with it, in all modes. */
export type Look = (screen: string) => Promise<void>;

/** Eyes for every screen: sizes, order, names, colours and axe, in each mode in turn; the screen is left as it was. */
export async function openEyes({ kiosk }: Stage, modes: readonly Mode[]): Promise<Look> {
  const { page } = kiosk;
  const session = await page.context().newCDPSession(page);
  await resize(session, page, modes[0]!);
  return async (screen) => {
    for (const mode of modes) {
      await resize(session, page, mode);
      const before = await page.evaluate((root) => {
        const { dataset } = document.documentElement;
        const kept = Object.fromEntries(Object.keys(root).map((name) => [name, dataset[name]]));
        Object.assign(dataset, root);
        return kept;
      }, mode.root ?? {});
      await painted(page);
      // As if by key: then the focus is seen. Shift alone does nothing.
      if (mode.focus) await page.keyboard.press('Shift');
      const measured = await page.evaluate(measureScreen, {
        leastMain: 60, leastOther: 48, leastText: leastTextOf(mode),
        highest: mode.reach && screen !== 'attract' && screen !== 'language' ? highestShare : 0, focus: mode.focus,
      });
      const { violations } = mode.axe ? await examine(page) : { violations: [] };
      const name = `${screen}, ${mode.width}×${mode.height}${Object.entries(mode.root ?? {}).map(([key, value]) => ` ${key} ${value}`).join('')}`;
      const broken = violations.flatMap(({ id, nodes }) => nodes.map((node) => `axe ${id}: ${node.html.slice(0, 160)} ${node.any[0]?.message ?? ''}`));
      // The rest is looked at all the same.
      expect.soft([...measured, ...broken], name).toEqual([]);
      await page.evaluate((kept) => {
        const { dataset } = document.documentElement;
        for (const [key, value] of Object.entries(kept)) {
          if (value === undefined) delete dataset[key];
          else dataset[key] = value;
        }
      }, before);
    }
    await resize(session, page, modes[0]!);
    await painted(page);
  };
}

function examine(page: Page) {
  // Not the mode that opens a page of its own: the kiosk has one window. react-aria's announcer names a busy button for seconds after it has gone.
  return new AxeBuilder({ page }).setLegacyMode(true).exclude('[data-live-announcer]').options({ resultTypes: ['violations'], preload: false })
    .withTags(['wcag2a', 'wcag2aa', 'wcag21a', 'wcag21aa', 'wcag22aa', 'best-practice']).analyze();
}

export async function resize(session: CDPSession, page: Page, { width, height }: Pick<Mode, 'width' | 'height'>): Promise<void> {
  const now = await page.evaluate(() => [innerWidth, innerHeight]);
  if (now[0] === width && now[1] === height) return;
  await session.send('Emulation.setDeviceMetricsOverride', { width, height, deviceScaleFactor: 1, mobile: false });
  await expect.poll(() => page.evaluate(() => `${innerWidth}×${innerHeight}`)).toBe(`${width}×${height}`);
}

/** What changed is on the screen. */
export async function painted(page: Page): Promise<void> {
  await page.evaluate(async () => {
    await document.fonts.ready;
    await new Promise((resolve) => requestAnimationFrame(() => requestAnimationFrame(() => requestAnimationFrame(resolve))));
  });
}
