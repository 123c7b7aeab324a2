import Database from 'better-sqlite3';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { createStoreReader } from '../reader.ts';
import { migrations } from './all.ts';

/** Names, columns, checks and indexes, whatever the way to them was: a table made anew says its name in quotes. */
function schema(database: Database.Database): readonly string[] {
  const rows = database.prepare<[], { sql: string }>("SELECT sql FROM sqlite_schema WHERE sql IS NOT NULL AND name NOT LIKE 'sqlite_%' ORDER BY name").all();
  return rows.map(({ sql }) => sql.replaceAll('"', '').replace(/\s+/g, ' '));
}

function migrate(database: Database.Database, from: number, to: number): void {
  for (const { version, sql } of migrations) if (version > from && version <= to) database.transaction(() => database.exec(sql))();
}

const id = (n: number) => `00000000-0000-7000-8000-${String(n).padStart(12, '0')}`;

describe('from version 1, with rows in it', () => {
  let database: Database.Database;
  beforeEach(() => {
    database = new Database(':memory:');
    database.pragma('foreign_keys = ON');
    migrate(database, 0, 1);
    const order = database.prepare("INSERT INTO orders (id, cart_id, number, state, total, currency, placed_at, document, shop, receipt_url) VALUES (?, ?, 'A001', 'payment_unknown', 300, 'CNY', 5, '{}', '{}', 'https://hq.example/r')");
    for (const n of [1, 2]) order.run(id(n), id(n + 10));
    const attempt = database.prepare("INSERT INTO payment_attempts (id, order_id, amount, currency, started_at, state, card, refused, result_code) VALUES (?, ?, 300, 'CNY', ?, ?, ?, ?, ?)");
    // Ids that sort the other way round: the order of the rows is what counts.
    attempt.run(id(23), id(1), 9, 'declined', '{"receiptNumber":"0001"}', 0, '05');
    attempt.run(id(22), id(1), 7, 'cancelled', '{"receiptNumber":"0002"}', 1, '6c');
    attempt.run(id(21), id(2), 8, 'unclear', null, 0, null);
    database.prepare("INSERT INTO foreign_transactions (card, reason, seen_at) VALUES ('{\"receiptNumber\":\"0009\"}', 'baseline', 1)").run();
    database.prepare("INSERT INTO jobs (id, order_id, kind, state, created_at, sequence) VALUES (?, ?, 'print_receipt', 'queued', 3, NULL), (?, ?, 'request_service', 'queued', 4, 17)").run(id(31), id(1), id(32), id(1));
    migrate(database, 1, 2);
  });
  afterEach(() => void database.close());

  test('the schema is that of a new store', () => {
    const fresh = new Database(':memory:');
    migrate(fresh, 0, 2);
    expect(schema(database)).toEqual(schema(fresh));
    fresh.close();
  });

  test('every attempt, job and foreign transaction is there as it was, in the same order', () => {
    const reader = createStoreReader(database);
    expect(reader.attempts(id(1) as never)).toMatchObject([
      { id: id(23), startedAt: 9, state: 'declined', card: { receiptNumber: '0001' }, resultCode: '05' }, { id: id(22), state: 'cancelled', refused: true },
    ]);
    expect(reader.settledCards().map((card) => card.receiptNumber)).toEqual(['0002', '0001', '0009']);
    expect(reader.unfinishedPrintJobs()).toEqual([
      { id: id(31), orderId: id(1), kind: 'print_receipt', state: 'queued', createdAt: 3, slip: undefined, document: undefined },
    ]);
    expect(database.prepare('SELECT sequence FROM jobs WHERE id = ?').get(id(32))).toEqual({ sequence: 17 });
    expect(database.pragma('foreign_key_check')).toEqual([]);
  });

  test('what was unclear stands on the list', () => {
    expect(createStoreReader(database).attention()).toEqual([{
      id: id(21), kind: 'payment_unclear', orderId: id(2), attemptId: id(21), amount: { amount: 300, currency: 'CNY' },
      detail: 'unclear since before there was a list', raisedAt: 8,
    }]);
  });

  test('the hot queries use their indexes', () => {
    const plan = (sql: string) => database.prepare<[], { detail: string }>(`EXPLAIN QUERY PLAN ${sql}`).all().map(({ detail }) => detail).join('; ');
    expect(plan("SELECT id FROM jobs WHERE state IN ('queued', 'doing') AND kind <> 'request_service' ORDER BY created_at, id")).toContain('jobs_unfinished');
    expect(plan("SELECT * FROM payment_attempts WHERE state IN ('started', 'authorised', 'unknown', 'unclear', 'reversing')")).toContain('one_unsettled_attempt');
    expect(plan('SELECT paper_mm FROM jobs WHERE paper_mm IS NOT NULL AND slip IS NOT NULL ORDER BY slip DESC LIMIT 50')).toContain('jobs_by_slip');
  });
});
