import { readdir, readFile } from 'node:fs/promises';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { connectDatabase } from '../database.ts';
import { readMigrations } from '../migrate.ts';
import type { TestPostgres } from '../testing/database.ts';
import { startTestPostgres } from '../testing/database.ts';
import { distribute } from './distribute.ts';
import type { SqlRule } from './rules.ts';
import { violationsOf } from './rules.ts';
import { sqlTextsOf } from './sql-texts.ts';
import { factTables, referenceTables } from './tables.ts';

const tables = { reference: referenceTables as readonly string[], facts: factTables as readonly string[] };
const server = new URL('../', import.meta.url);

/** Statements that a rule is not for, each with its reason. */
const exceptions: readonly { readonly file: RegExp; readonly rule: SqlRule; readonly text: RegExp; readonly why: string }[] = [
  { file: /^proof\/repair\.ts$/, rule: 'change across kiosks', text: /where \$( returning order_id)?$/, why: 'the place, with its kiosk, is a fragment that stands in a variable' },
];

const plain = (text: string) => text.replace(/--[^\n]*/g, ' ').toLowerCase().replace(/\s+/g, ' ').trim();

async function serverFiles(): Promise<readonly string[]> {
  const names = await readdir(server, { recursive: true });
  return names.map((name) => name.replaceAll('\\', '/')).filter((name) => name.endsWith('.ts') && !name.endsWith('.test.ts') && !name.startsWith('testing/') && !name.startsWith('distributed/'));
}

describe('the SQL of HQ keeps to the rules that let it run on Citus', () => {
  test('in every migration', async () => {
    const found: string[] = [];
    for (const { name, sql } of await readMigrations()) {
      for (const statement of plain(sql).split(';')) {
        // A migration may change every row once; no request waits for it.
        for (const { rule, detail } of violationsOf(statement.trim(), tables)) if (rule !== 'change across kiosks') found.push(`${name}: ${rule}: ${detail}`);
      }
    }
    expect(found).toEqual([]);
  });

  test('in every text of the server', async () => {
    const found: string[] = [];
    let count = 0;
    for (const file of await serverFiles()) {
      for (const { line, text } of sqlTextsOf(await readFile(new URL(file, server), 'utf8'))) {
        count++;
        for (const { rule, detail } of violationsOf(text, tables)) {
          if (!exceptions.some((exception) => exception.file.test(file) && exception.rule === rule && exception.text.test(text))) found.push(`${file}:${line}: ${rule}: ${detail}`);
        }
      }
    }
    expect(found).toEqual([]);
    // The walker found them at all.
    expect(count).toBeGreaterThan(80);
  });

  const bad: readonly (readonly [SqlRule, string])[] = [
    ['key without kiosk_id', 'create table events (event_id uuid primary key, kiosk_id text not null)'],
    ['key without kiosk_id', 'create table orders (kiosk_id text, order_id uuid, primary key (order_id))'],
    ['key without kiosk_id', 'create table orders (kiosk_id text, order_id uuid)'],
    ['unique across kiosks', 'create unique index x on orders (order_id)'],
    ['unique across kiosks', 'create unique index x on events (event_id) where not repeated'],
    ['unique across kiosks', 'create table orders (kiosk_id text, number text unique, primary key (kiosk_id, number))'],
    ['unique across kiosks', 'create table orders (kiosk_id text, number text, primary key (kiosk_id, number), unique (number))'],
    ['numbers of its own', 'create table kiosks (id bigserial, primary key (id))'],
    ['numbers of its own', 'alter table events add column n bigint generated always as identity'],
    ['trigger or function', 'create trigger t after insert on events execute function f()'],
    ['trigger or function', 'create or replace function f() returns int as $$ select 1 $$ language sql'],
    ['foreign key', 'create table order_lines (kiosk_id text, order_id uuid references orders, primary key (kiosk_id, order_id))'],
    ['volatile function', 'on conflict (kiosk_id) do update set at = now()'],
    ['volatile function', 'insert into stock (kiosk_id) values ($) on conflict (kiosk_id) do update set x = random()'],
    ['volatile function', 'update cursors set x = current_timestamp where kiosk_id = $'],
    ['recursive over facts', 'with recursive t as (select * from events where kiosk_id = $ union all select 1) select * from t'],
    ['uncounted upsert', 'insert into stock (kiosk_id) select kiosk_id from stock_moves where kiosk_id = $ on conflict (kiosk_id) do nothing'],
    ['join without kiosk_id', 'select 1 from orders o join order_lines l on l.order_id = o.order_id'],
    ['join without kiosk_id', 'select 1 from orders where kiosk_id = $ and exists (select 1 from payments p join attention a on a.attempt_id = p.attempt_id)'],
    ['change across kiosks', 'update commands set state = $ where expires_at < $'],
    ['change across kiosks', 'delete from log_lines where at < $'],
    ['lock across kiosks', "select 1 from webhook_deliveries where state = 'due' for update skip locked"],
    ['cursor by max', 'select max(sequence) + 1 from commands where kiosk_id = $'],
    ['rows out of json', 'insert into events select * from jsonb_to_recordset($) as x (kiosk_id text)'],
    ['table of no kind', 'create table something (kiosk_id text primary key)'],
  ];
  test.each(bad)('and the check catches: %s in "%s"', (rule, text) => {
    expect(violationsOf(text, tables).map((violation) => violation.rule)).toContain(rule);
  });

  test.each([
    'create table orders (kiosk_id text not null, order_id uuid not null, primary key (kiosk_id, order_id), unique (kiosk_id, order_id))',
    'insert into stock (kiosk_id) select kiosk_id from stock_moves where kiosk_id = $ on conflict (kiosk_id) do nothing returning kiosk_id',
    'select 1 from orders o join order_lines l on l.kiosk_id = o.kiosk_id and l.order_id = o.order_id where o.kiosk_id = $',
    'update webhooks set disabled_at = $ where webhook_id = $',
    'select count(*) from webhook_deliveries',
  ])('and lets pass: %s', (text) => expect(violationsOf(text, tables)).toEqual([]));

  test('and the walker finds SQL in templates, in fragments inside them, and in strings, but not in comments or regular expressions', () => {
    const source = [
      "// select 1 from comments", '/* `select 1 from comments` */', 'const a = /select `from/.test(x);',
      "const b = sql`select 1 from orders ${isAll ? sql`` : sql`where kiosk_id = ${kioskId}`} limit ${n}`;",
      "const c = 'insert into events (kiosk_id)';", 'const d = `no sql ${sql`delete from stock where kiosk_id = ${a}`}`;',
    ].join('\n');
    expect(sqlTextsOf(source)).toEqual([
      { line: 4, text: 'select 1 from orders $ where kiosk_id = $ limit $' },
      { line: 5, text: 'insert into events (kiosk_id)' },
      { line: 6, text: 'delete from stock where kiosk_id = $' },
    ]);
  });
});

describe('distributing', () => {
  let postgres: TestPostgres;
  beforeAll(async () => {
    postgres = await startTestPostgres();
  }, 60_000);
  afterAll(() => postgres?.stop());

  test('knows every table of the schema, each in one way', async () => {
    const { sql } = await postgres.createDatabase();
    const rows = await sql<{ name: string; has: boolean }[]>`
      select tablename as name, exists (select 1 from information_schema.columns c where c.table_name = tablename and c.column_name = 'kiosk_id') as has from pg_tables where schemaname = 'public'`;
    expect(rows.map(({ name }) => name).toSorted()).toEqual([...referenceTables, ...factTables].toSorted());
    expect(rows.filter(({ has }) => !has).map(({ name }) => name).filter((name) => (factTables as readonly string[]).includes(name))).toEqual([]);
  });

  test('is refused in one sentence by a PostgreSQL without Citus, and changes nothing', async () => {
    const { sql } = await postgres.createDatabase();
    await expect(distribute(sql)).rejects.toThrow(/^This PostgreSQL has no Citus: .*create extension citus/);
  });

  /** Stands in for Citus's own functions, by their documentation; it keeps books and moves nothing. Citus itself is tried elsewhere. */
  const standIn = `
    create schema stand_in;
    create table stand_in.made (n int generated always as identity, name text, type text, key text, colocated text);
    create view stand_in.citus_tables as select name::regclass as table_name, type as citus_table_type from stand_in.made;
    create function stand_in.create_reference_table(t regclass) returns void language sql as $$ insert into stand_in.made (name, type) values (t::text, 'reference') $$;
    create function stand_in.create_distributed_table(t regclass, k text, colocate_with text) returns void language sql as $$ insert into stand_in.made (name, type, key, colocated) values (t::text, 'distributed', k, colocate_with) $$;`;

  test('makes reference tables, and lays every kiosk’s rows together; done again it changes nothing', async () => {
    const database = await postgres.createDatabase();
    await database.sql.unsafe(standIn);
    const [row] = await database.sql<{ name: string }[]>`select current_database() as name`;
    await database.sql.unsafe(`alter database ${row?.name} set search_path = public, stand_in`);
    // What is set for a database counts for connections from then on.
    const sql = connectDatabase(database.url, { maxConnections: 2 });
    try {
      const done = await distribute(sql);
      expect(done).toEqual({ reference: [...referenceTables], distributed: [...factTables] });
      expect(await sql`select distinct key, colocated from stand_in.made where type = 'distributed' order by colocated`).toEqual([{ key: 'kiosk_id', colocated: 'events' }, { key: 'kiosk_id', colocated: 'none' }]);
      expect(await distribute(sql)).toEqual({ reference: [], distributed: [] });
      // Cut off in the middle, or a table came by a migration.
      await sql`delete from stand_in.made where name in ('commands', 'documents')`;
      expect(await distribute(sql)).toEqual({ reference: ['documents'], distributed: ['commands'] });
      await sql`create table strange (kiosk_id text)`;
      await expect(distribute(sql)).rejects.toThrow('HQ does not know how to distribute strange: nothing was changed.');
    } finally {
      await sql.end();
    }
  });
});
