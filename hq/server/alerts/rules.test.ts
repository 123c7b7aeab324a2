import { afterAll, beforeAll, beforeEach, expect, test } from 'vitest';
import type { AlertRule } from '../../contract/api/alerts.ts';
import type { Sql } from '../database.ts';
import type { TestPostgres } from '../testing/database.ts';
import { startTestPostgres } from '../testing/database.ts';
import { readRules, removeRule, writeRule } from './rules.ts';

let postgres: TestPostgres;
let sql: Sql;
beforeAll(async () => {
  postgres = await startTestPostgres();
}, 60_000);
afterAll(() => postgres?.stop());
beforeEach(async () => {
  ({ sql } = await postgres.createDatabase());
  return () => sql.end({ timeout: 1 });
});

const paper = (receiptsLeft: number): Omit<AlertRule, 'changedAt' | 'changedBy'> => ({ kind: 'paper', groupId: '', isOn: true, severity: 'warning', measures: { receiptsLeft }, mailTo: [] });
const held = async () => (await readRules(sql)).find(({ kind }) => kind === 'paper');

test('a rule is set over the one that its author saw; who saw an older one, or none, is told who was quicker, and nothing is written over', async () => {
  expect(await writeRule(sql, paper(10), 'ana', 1000, null)).toMatchObject({ written: true, rule: { changedAt: 1000, changedBy: 'ana' } });
  expect(await writeRule(sql, paper(99), 'bo', 2000, null)).toMatchObject({ written: false, rule: { changedBy: 'ana', changedAt: 1000 } });
  expect(await held()).toMatchObject({ measures: { receiptsLeft: 10 } });
  // In the same millisecond: what was seen before it is older all the same.
  expect(await writeRule(sql, paper(20), 'bo', 1000, 1000)).toMatchObject({ written: true, rule: { changedAt: 1001, changedBy: 'bo' } });
  expect(await writeRule(sql, paper(30), 'ana', 3000, 1000)).toMatchObject({ written: false, rule: { changedBy: 'bo' } });
  expect(await held()).toMatchObject({ measures: { receiptsLeft: 20 } });
  expect(await writeRule(sql, paper(40), 'cli', 4000)).toMatchObject({ written: true });
});

test('of two who set a rule at once where there was none, one does, and the other is told', async () => {
  const outcomes = await Promise.all([writeRule(sql, paper(1), 'ana', 1000, null), writeRule(sql, paper(2), 'bo', 1000, null)]);
  expect(outcomes.map(({ written }) => written).sort()).toEqual([false, true]);
});

test('one that somebody has removed is not set as if it stood', async () => {
  const east = { ...paper(5), groupId: 'east' };
  await writeRule(sql, east, 'ana', 1000, null);
  expect(await removeRule(sql, 'paper', 'east')).toBe(true);
  expect(await writeRule(sql, east, 'bo', 2000, 1000)).toEqual({ written: false, rule: undefined });
  expect(await writeRule(sql, east, 'bo', 2000, null)).toMatchObject({ written: true });
});
