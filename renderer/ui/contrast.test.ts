import { readFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import { contrastOf } from './contrast.ts';

const css = readFileSync(new URL('./tokens.css', import.meta.url), 'utf8');

/** The colours of one rule of tokens.css by name. */
function coloursOf(selector: string): Record<string, string> {
  const start = css.indexOf(`${selector} {`);
  const rule = css.slice(start, css.indexOf('\n}', start));
  return Object.fromEntries([...rule.matchAll(/--([\w-]+): (#[0-9a-f]{6});/g)].map(([, name, value]) => [name!, value!]));
}

const light = coloursOf(':root');
const dark = { ...light, ...coloursOf(":root[data-ground='dark']") };
const high = coloursOf(":root[data-contrast='high']");
const highAtNight = coloursOf(":root[data-contrast='high'][data-ground='dark']");
/** Every look that the page can have, with the least contrast of its text: high contrast keeps to level AAA. */
const looks: readonly (readonly [string, Readonly<Record<string, string>>, number])[] = [
  ['light', light, 4.5],
  ['dark', dark, 4.5],
  ['high contrast', { ...light, ...high }, 7],
  ['dark high contrast', { ...dark, ...high, ...highAtNight }, 7],
];

const tints = ['sand', 'mint', 'sky', 'rose', 'lemon', 'lilac'];

/** Every pair that stands on the screen: text, and the ground under it. */
const pairs: readonly (readonly [string, string])[] = [
  ...['ground', 'surface', 'sunken'].flatMap((ground) => [['ink', ground], ['muted', ground]] as const),
  ['ground', 'ink'],
  ['on-brand', 'brand'],
  ['on-brand', 'brand-pressed'],
  ['on-accent', 'accent'],
  ['accent', 'accent-soft'],
  ['accent', 'surface'],
  ['good', 'surface'],
  ['good', 'ground'],
  ['bad', 'ground'],
  ['bad', 'surface'],
  ['warn', 'ground'],
  ['accent', 'ground'],
  ['warn', 'surface'],
  ...['good', 'warn', 'bad'].map((state) => [state, `${state}-soft`] as const),
];

/** The telecom cards and the tiles. */
const picturePairs: readonly (readonly [string, string])[] = tints.flatMap((tint) => [
  ['on-card', `card-${tint}`] as const,
  ['on-card', `card-${tint}-end`] as const,
  ['on-tint', tint] as const,
  ['on-tint', `${tint}-deep`] as const,
  [`${tint}-ink`, tint] as const,
  [`${tint}-ink`, `${tint}-deep`] as const,
]);

describe.each(looks)('the colours of the %s ground', (_, colours, least) => {
  it.each([...pairs, ...picturePairs])('%s on %s is read without effort', (text, ground) => {
    expect(contrastOf(colours[text]!, colours[ground]!)).toBeGreaterThanOrEqual(least);
  });

  it.each([
    ['edge', 'ground'], ['edge', 'surface'], ['edge', 'sunken'],
    // What is chosen, where the focus is, and the one thing to press.
    ['accent', 'ground'], ['accent', 'surface'], ['accent', 'sunken'], ['brand', 'ground'], ['brand', 'surface'], ['brand-pressed', 'ground'],
    ['wechat', 'surface'], ['alipay', 'surface'],
  ])('a control of %s is seen on %s', (mark, ground) => {
    expect(contrastOf(colours[mark]!, colours[ground]!)).toBeGreaterThanOrEqual(3);
  });
});

it('each look of the file is one that is held to this', () => {
  expect([...css.matchAll(/:root(\[data-(?:ground|contrast)[^{]*\]) \{/g)].map(([, selector]) => selector)).toEqual(["[data-ground='dark']", "[data-contrast='high']", "[data-contrast='high'][data-ground='dark']"]);
});
