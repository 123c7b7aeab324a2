import { readdirSync, readFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';

const folders = ['./', '../customer/', '../staff/', '../staff/stock/', '../staff/orders/', '../staff/manage/', '../staff/logs/', '../staff/devices/'];
const sheets = folders.flatMap((folder) =>
  readdirSync(new URL(folder, import.meta.url))
    .filter((name) => name.endsWith('.css') && name !== 'tokens.css')
    .map((name) => [name, readFileSync(new URL(`${folder}${name}`, import.meta.url), 'utf8')] as const),
);
const tokens = readFileSync(new URL('./tokens.css', import.meta.url), 'utf8');

describe.each(sheets)('%s', (name, css) => {
  it('uses only tokens that exist, or that it sets itself', () => {
    const known = new Set([...`${tokens}${css}${name === 'picture.css' ? '' : '--tint: --tint-deep: --tint-ink:'}`.matchAll(/--[\w-]+(?=:)/g)].map(([token]) => token));
    for (const [, token] of css.matchAll(/var\((--[\w-]+)/g)) expect(known, token).toContain(token);
  });

  it('names no colour of its own but for drawn things', () => {
    if (name === 'terminal-picture.css' || name === 'screen-test.css') return;
    expect(css.match(/#[0-9a-f]{3,8}\b/gi) ?? []).toEqual([]);
  });

  // react-aria counts the running transitions of every element until their end, and hears of those of a removed element by one listener that is taken off at the first
  // property's cancellation: with two properties, a button that goes with its screen right after its press would be kept for good, and the whole screen with it.
  it('eases one property of an element, so that one that is removed meanwhile is let go', () => {
    const eased = [...css.matchAll(/transition(?:-property)?:\s*([^;]+);/g)].map(([, value = '']) => value.replaceAll(/\([^()]*\)/g, ''));
    for (const value of eased) expect(value).not.toMatch(/,|\ball\b/);
  });

  it('asks for no data: address, which the page may not load', () => {
    expect(css).not.toMatch(/url\(/);
  });
});
