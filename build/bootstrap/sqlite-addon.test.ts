import { readFileSync } from 'node:fs';
import { expect, test } from 'vitest';
import { parseDefines } from './sqlite-addon.mjs';

test('every definition of better-sqlite3 is read, and no comment', () => {
  const gypi = readFileSync(new URL('../../node_modules/better-sqlite3/deps/defines.gypi', import.meta.url), 'utf8');
  const defines = parseDefines(gypi);
  expect(defines).toContain('SQLITE_DQS=0');
  expect(defines).toContain('SQLITE_ENABLE_COLUMN_METADATA');
  expect(defines.every((define) => /^[A-Z][A-Z0-9_]*(=-?\d+)?$/.test(define))).toBe(true);
  expect(defines).toHaveLength(gypi.split('\n').filter((line) => /^ +'[A-Z0-9_]+(=-?\d+)?',$/.test(line)).length);
});

test('a definition that is commented out is left out', () => {
  expect(parseDefines("{ 'defines': [\n  'A=1',\n  # 'B=2',\n ] }")).toEqual(['A=1']);
});

test('a file without definitions gives none', () => {
  expect(parseDefines('{ }')).toEqual([]);
});
