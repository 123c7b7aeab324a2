import { describe, expect, test } from 'vitest';
import { codecs } from './codecs.ts';
import { createNoise } from './noise.ts';
import { fuzzCodec } from './run.ts';

describe('half-right bytes, a few of those that `npm run fuzz` sends', () => {
  test.each(codecs.map(({ name }) => name))('%s: it does not throw, hang or grow', async (name) => {
    expect(await fuzzCodec({ name, frames: 20_000, seed: 24 })).toMatchObject({ kind: 'passed', frames: 20_000 });
  }, 60_000);
});

test('the same seed makes the same noise, another seed another', () => {
  const samples = codecs[0]!.samples();
  const first = (seed: number) => {
    const noise = createNoise(seed, samples);
    return JSON.stringify(Array.from({ length: 50 }, () => noise.next()));
  };
  expect(first(1)).toBe(first(1));
  expect(first(1)).not.toBe(first(2));
});
