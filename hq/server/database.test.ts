import { randomUUID } from 'node:crypto';
import fc from 'fast-check';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { insertRows } from './database.ts';
import type { TestPostgres } from './testing/database.ts';
import { startTestPostgres } from './testing/database.ts';

let postgres: TestPostgres;
beforeAll(async () => { postgres = await startTestPostgres(); }, 60_000);
afterAll(async () => { await postgres?.stop(); });

test('more rows than one statement takes are all inserted, those that are there already left as they are, and answered in their order', async () => {
  const { sql } = await postgres.createDatabase({ isMigrated: false });
  await sql`create table many (id int primary key, a text, b text, c text, d text, e text)`;
  await sql`insert into many (id, a) values (7, 'there already')`;
  // 72,000 values; a statement takes 65,535.
  const rows = Array.from({ length: 12_000 }, (_, id) => [id, 'a', 'b', 'c', 'd', null]);
  const answered = await insertRows<{ id: number }>(sql, 'insert into many (id, a, b, c, d, e)', rows, 'on conflict (id) do nothing returning id');
  expect(answered.map(({ id }) => id)).toEqual(rows.map(([id]) => id).filter((id) => id !== 7));
  expect(await sql`select count(*) as count, min(a) filter (where id = 7) as seventh from many`).toEqual([{ count: 12_000, seventh: 'there already' }]);
  expect(await insertRows(sql, 'insert into many (id, a, b, c, d, e)', [])).toEqual([]);
});

test('arrays of texts and of ids come and go as they are, whatever the texts hold', async () => {
  const { sql } = await postgres.createDatabase({ isMigrated: false });
  const texts = fc.array(fc.oneof(fc.string({ unit: 'grapheme' }), fc.constantFrom('', 'null', 'NULL', '{}', '","', '\\"', 'a,b', ' a ', '}{', "'", '\n'))).map((all) => all.map((text) => text.replaceAll('\0', '')));
  await fc.assert(fc.asyncProperty(texts, async (all) => {
    const [row] = await sql<{ back: string[]; count: number; first: string | null }[]>`select ${all}::text[] as back, cardinality(${all}::text[]) as count, (${all}::text[])[1] as first`;
    expect(row).toEqual({ back: all, count: all.length, first: all[0] ?? null });
  }));
  const ids = [randomUUID(), randomUUID()];
  expect(await sql`select ${ids}::uuid[] as back where ${ids[1]!}::uuid = any(${ids}::uuid[])`).toEqual([{ back: ids }]);
});
