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
