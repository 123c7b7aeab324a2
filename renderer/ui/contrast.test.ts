import { readFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';

const css = readFileSync(new URL('./tokens.css', import.meta.url), 'utf8');

/** The colours of one rule of tokens.css by name. */
function coloursOf(selector: string): Record<string, string> {
  const start = css.indexOf(`${selector} {`);
  const rule = css.slice(start, css.indexOf('\n}', start));
  return Object.fromEntries([...rule.matchAll(/--([\w-]+): (#[0-9a-f]{6});/g)].map(([, name, value]) => [name!, value!]));
}

const light = coloursOf(':root');
const brands = { light, dark: { ...light, ...coloursOf(":root[data-brand='dark']") } };

/** Relative luminance by WCAG 2.2. */
function luminance(hex: string): number {
  const [red, green, blue] = [1, 3, 5].map((at) => {
    const channel = Number.parseInt(hex.slice(at, at + 2), 16) / 255;
    return channel <= 0.04045 ? channel / 12.92 : ((channel + 0.055) / 1.055) ** 2.4;
  });
  return 0.2126 * red! + 0.7152 * green! + 0.0722 * blue!;
}

function contrast(one: string, other: string): number {
  const [dark, bright] = [luminance(one), luminance(other)].sort((left, right) => left - right);
  return (bright! + 0.05) / (dark! + 0.05);
}

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
  ['warn', 'surface'],
  ...['good', 'warn', 'bad'].map((state) => [state, `${state}-soft`] as const),
];

/** White on the telecom cards and dark on the tiles are the same in every brand. */
const picturePairs: readonly (readonly [string, string])[] = tints.flatMap((tint) => [
  ['on-card', `card-${tint}`] as const,
  ['on-card', `card-${tint}-end`] as const,
  ['on-tint', tint] as const,
  ['on-tint', `${tint}-deep`] as const,
  [`${tint}-ink`, tint] as const,
  [`${tint}-ink`, `${tint}-deep`] as const,
]);

describe.each(Object.entries(brands))('the colours of the %s brand', (_, colours) => {
  it.each([...pairs, ...picturePairs])('%s on %s is read without effort', (text, ground) => {
    expect(contrast(colours[text]!, colours[ground]!)).toBeGreaterThanOrEqual(4.5);
  });

  it.each(['ground', 'surface'])('the edge of a field is seen on %s', (ground) => {
    expect(contrast(colours['edge']!, colours[ground]!)).toBeGreaterThanOrEqual(3);
  });
});
