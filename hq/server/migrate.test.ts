import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import type { Migration } from './migrate.ts';
import { migrate, readMigrations } from './migrate.ts';
import type { TestPostgres } from './testing/database.ts';
import { startTestPostgres } from './testing/database.ts';

let postgres: TestPostgres;
beforeAll(async () => {
  postgres = await startTestPostgres();
}, 60_000);
afterAll(() => postgres?.stop());

const first: Migration = { version: 1, name: '0001-first', sql: 'create table a (x int); insert into a values (1)' };
const second: Migration = { version: 2, name: '0002-second', sql: 'alter table a add column y int; update a set y = 2' };

describe('migrations', () => {
  test('are applied once, in order, and recorded', async () => {
    const { sql } = await postgres.createDatabase({ isMigrated: false });
    expect(await migrate(sql, [first], () => 1)).toBe(1);
    expect(await migrate(sql, [first, second], () => 2)).toBe(1);
    expect(await migrate(sql, [first, second], () => 3)).toBe(0);
    expect(await sql`select * from a`).toEqual([{ x: 1, y: 2 }]);
    expect(await sql`select version, name, applied_at from schema_migrations order by version`).toEqual([
      { version: 1, name: '0001-first', applied_at: 1 },
      { version: 2, name: '0002-second', applied_at: 2 },
    ]);
  });

  test('by several HQ processes at once are applied once', async () => {
    const { sql } = await postgres.createDatabase({ isMigrated: false });
    const counts = await Promise.all([1, 2, 3, 4, 5].map(() => migrate(sql, [first, second], () => 1)));
    expect(counts.reduce((sum, count) => sum + count, 0)).toBe(2);
    expect(await sql`select * from a`).toEqual([{ x: 1, y: 2 }]);
  });

  test('that fail leave nothing behind', async () => {
    const { sql } = await postgres.createDatabase({ isMigrated: false });
    const broken = { ...second, sql: 'alter table a add column y int; select nonsense' };
    await expect(migrate(sql, [first, broken], () => 1)).rejects.toThrow(/nonsense/);
    expect(await migrate(sql, [first, second], () => 2)).toBe(1);
  });

  test('refuse a database of a newer HQ by name', async () => {
    const { sql } = await postgres.createDatabase({ isMigrated: false });
    await migrate(sql, [first, second], () => 1);
    await expect(migrate(sql, [first], () => 2)).rejects.toThrow(/newer HQ \(0002-second\).*up to 0001-first/);
  });

  test('refuse an applied file that was edited', async () => {
    const { sql } = await postgres.createDatabase({ isMigrated: false });
    await migrate(sql, [first], () => 1);
    await expect(migrate(sql, [{ ...first, sql: 'select 1' }], () => 2)).rejects.toThrow(/0001-first.*never edited/);
  });

  test('put on the staff’s list what was unclear before there was one', async () => {
    const { sql } = await postgres.createDatabase({ isMigrated: false });
    const migrations = await readMigrations();
    await migrate(sql, migrations.slice(0, 1), () => 1);
    const order = '01936a00-0000-7000-8000-000000000001';
    const ids = { unclear: '01936a00-0000-7000-8000-000000000002', approved: '01936a00-0000-7000-8000-000000000003' };
    for (const [state, id] of Object.entries(ids)) {
      await sql`insert into payments (kiosk_id, attempt_id, order_id, amount, currency, state, started_at, state_at) values ('kiosk-001', ${id}, ${order}, 2800, 'CNY', ${state}, 10, 20)`;
    }
    await migrate(sql, migrations, () => 2);
    expect(await sql`select kiosk_id, attention_id, kind, order_id, attempt_id, amount, currency, raised_at, decision from attention`).toEqual([
      { kiosk_id: 'kiosk-001', attention_id: ids.unclear, kind: 'payment_unclear', order_id: order, attempt_id: ids.unclear, amount: 2800, currency: 'CNY', raised_at: 20, decision: null },
    ]);
  });
});
