import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { isNestedDeeper, parseJson } from './json.ts';

function depthOf(value: unknown): number {
  return typeof value === 'object' && value !== null ? 1 + Math.max(0, ...Object.values(value).map(depthOf)) : 0;
}

describe('the depth of JSON', () => {
  test('is reckoned from the text as it is from the value, whatever stands in strings', () => {
    fc.assert(fc.property(fc.jsonValue({ maxDepth: 6 }), fc.boolean(), (value, isSpread) => {
      const text = JSON.stringify(value, null, isSpread ? 2 : 0);
      const depth = depthOf(value);
      expect(isNestedDeeper(text, depth)).toBe(false);
      if (depth > 0) expect(isNestedDeeper(text, depth - 1)).toBe(true);
    }));
  });

  test('does not count brackets and quotes inside strings', () => {
    expect(isNestedDeeper(JSON.stringify(['[[[{{{', 'a"[[', '\\"[[', '\\']), 1)).toBe(false);
  });

  test('ends a nest of a million before it is parsed', () => {
    expect(parseJson('['.repeat(1_000_000), 32)).toEqual({ ok: false, error: 'the JSON nests deeper than 32' });
    expect(parseJson('[1]', 1)).toEqual({ ok: true, value: [1] });
    expect(parseJson('[1', 1)).toMatchObject({ ok: false });
  });
});
