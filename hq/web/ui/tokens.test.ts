import { readFileSync } from 'node:fs';
import { describe, expect, test } from 'vitest';
import { contrastOf } from '../../../renderer/ui/contrast.ts';

const css = readFileSync(new URL('./base.css', import.meta.url), 'utf8');
const tokens = [...css.matchAll(/--([\w-]+): light-dark\((#[0-9a-f]{6}), (#[0-9a-f]{6})\);/g)];
const looks = [['light', Object.fromEntries(tokens.map(([, name, light]) => [name!, light!]))], ['dark', Object.fromEntries(tokens.map(([, name, , dark]) => [name!, dark!]))]] as const;

const grounds = ['ground', 'paper', 'raised', 'hover', 'line-soft'];
/** Every pair that stands on a page: what is read, and what is under it. */
const read: readonly (readonly [string, string])[] = [
  ...grounds.flatMap((ground) => [['ink', ground], ['soft', ground]] as const),
  ...['ground', 'paper', 'raised'].flatMap((ground) => ['accent', 'good', 'warn', 'bad', 'quiet'].map((text) => [text, ground] as const)),
  ...['good', 'warn', 'bad', 'quiet'].map((tone) => [tone, `${tone}-ground`] as const),
  ['on-ink', 'ink'], ['on-accent', 'accent'], ['ink', 'chosen'], ['ink', 'warn-ground'], ['ink', 'good-ground'], ['bad', 'bad-ground'], ['soft', 'chosen'],
];

describe.each(looks)('the %s colours', (_look, colours) => {
  test.each(read)('%s is read without effort on %s', (text, ground) => {
    expect(contrastOf(colours[text]!, colours[ground]!)).toBeGreaterThanOrEqual(4.5);
  });

  test.each(['ground', 'paper', 'raised'].flatMap((ground) => ['edge', 'accent', 'series-1', 'series-2', 'series-3', 'series-4', 'series-5', 'series-6'].map((mark) => [mark, ground] as const)))('%s is seen on %s', (mark, ground) => {
    expect(contrastOf(colours[mark]!, colours[ground]!)).toBeGreaterThanOrEqual(3);
  });
});
