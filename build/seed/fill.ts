import postgres from 'postgres';
import type { Sql } from '../../hq/server/database.ts';
import { connectDatabase } from '../../hq/server/database.ts';
import { migrate, readMigrations } from '../../hq/server/migrate.ts';
import type { PhoneKey } from '../../hq/server/orders/phones.ts';
import { sumAnew } from '../../hq/server/reports/roll-up.ts';
import type { TableCopy } from './copy.ts';
import { copyInto } from './copy.ts';
import type { SeedKiosk } from './kiosk.ts';
import { seedKiosk } from './kiosk.ts';
import { createRandom } from './random.ts';
import type { SeedTable } from './tables.ts';
import { seedTables } from './tables.ts';
import { places } from './year.ts';

const dayMs = 86_400_000;

export interface Fill {
  readonly url: string;
  readonly kiosks: number;
  readonly orders: number;
  readonly days: number;
  readonly seed: number;
  /** A midnight of Shanghai, epoch milliseconds UTC: the year ends there. */
  readonly until: number;
  readonly phoneKey: PhoneKey;
  readonly publicUrl?: string;
  readonly say: (line: string) => void;
}

/** Fills an empty database of HQ with a year. What is no key is left aside while rows come in, and made after: each index once, over everything. */
export async function fill({ url, kiosks: count, orders, days, seed, until, phoneKey, publicUrl = 'https://hq.example', say }: Fill): Promise<void> {
  const hq = connectDatabase(url, { maxConnections: 2 });
  const sql = postgres(url, { max: Object.keys(seedTables).length + 2, onnotice: () => {}, connection: { application_name: 'counter24-seed', statement_timeout: 0, synchronous_commit: 'off', maintenance_work_mem: '512MB' } });
  try {
    await migrate(hq, await readMigrations(), Date.now);
    const [held] = await sql`select 1 from orders limit 1`;
    if (held) throw new Error('this database has orders already: the seed fills an empty one');
    const kiosks = kiosksOf(seed, count, orders);
    const indexes = await dropIndexes(sql);
    const begun = performance.now();
    const copies = Object.fromEntries(await Promise.all(Object.entries(seedTables).map(async ([table, columns]) => [table, await copyInto(sql, table, columns)] as const))) as Record<SeedTable, TableCopy>;
    let said = performance.now();
    for (const [index, kiosk] of kiosks.entries()) {
      await seedKiosk({ seed, until, days, publicUrl, phoneKey }, kiosk, copies);
      if (performance.now() - said < 15_000 && index < kiosks.length - 1) continue;
      said = performance.now();
      say(`${index + 1} of ${kiosks.length} kiosks, ${copies.orders.rows()} orders, ${seconds(begun)} s`);
    }
    for (const copy of Object.values(copies)) await copy.end();
    say(`rows: ${Object.entries(copies).map(([table, copy]) => `${table} ${copy.rows()}`).join(', ')}; ${seconds(begun)} s`);
    await fillKiosks(sql, kiosks, { from: until - days * dayMs, until });
    const indexing = performance.now();
    for (const definition of indexes) await sql.unsafe(definition);
    say(`${indexes.length} indexes in ${seconds(indexing)} s`);
    const summing = performance.now();
    await sumEverything(hq, kiosks, Math.floor((until - days * dayMs) / dayMs), Math.floor(until / dayMs) + 1);
    say(`sums in ${seconds(summing)} s`);
    const analysing = performance.now();
    for (const table of [...Object.keys(seedTables), 'sales_hours', 'sales_days', 'sales_businesses', 'sales_offers', 'sales_payments', 'kiosks', 'kiosk_contacts', 'cursors']) await sql.unsafe(`vacuum (analyze) ${table}`);
    say(`vacuumed in ${seconds(analysing)} s; ${seconds(begun)} s in all`);
  } finally {
    await sql.end({ timeout: 5 });
    await hq.end({ timeout: 5 });
  }
}

const districts = ['静安', '黄浦', '徐汇', '长宁', '普陀', '虹口', '杨浦', '浦东', '闵行', '宝山', '嘉定', '松江'] as const;
const kindWords = { station: '地铁站', office: '写字楼', mall: '商场', campus: '校园' } as const;

/** Some kiosks sell ten times as much as others. */
function kiosksOf(seed: number, count: number, orders: number): readonly SeedKiosk[] {
  const random = createRandom(seed);
  const drawn = Array.from({ length: count }, (_, index) => ({
    kioskId: `kiosk-${String(index + 1).padStart(4, '0')}`, place: random.pick(places), district: random.pick(districts), weight: Math.exp(0.55 * random.normal()),
  }));
  const sum = drawn.reduce((total, { weight }) => total + weight, 0);
  let left = orders;
  return drawn.map(({ kioskId, place, district, weight }, index) => {
    const own = index === count - 1 ? left : Math.min(left, Math.round((orders * weight) / sum));
    left -= own;
    return { kioskId, place, name: `${district}${kindWords[place]} ${index + 1} 号`, orders: own };
  });
}

/** @returns what makes them again */
async function dropIndexes(sql: postgres.Sql): Promise<readonly string[]> {
  const indexes = await sql<{ name: string; definition: string }[]>`
    select i.indexrelid::regclass::text as name, pg_get_indexdef(i.indexrelid) as definition from pg_index i
    where i.indrelid = any(${Object.keys(seedTables)}::text[]::regclass[]) and not i.indisprimary order by 1`;
  for (const { name } of indexes) await sql.unsafe(`drop index ${name}`);
  return indexes.map(({ definition }) => definition);
}

async function fillKiosks(sql: postgres.Sql, kiosks: readonly SeedKiosk[], { from, until }: { readonly from: number; readonly until: number }): Promise<void> {
  for (const { kioskId, name, orders } of kiosks) {
    await sql`insert into kiosks (kiosk_id, name, created_at) values (${kioskId}, ${name}, ${from}) on conflict (kiosk_id) do nothing`;
    await sql`insert into kiosk_contacts (kiosk_id, last_seen_at) values (${kioskId}, ${until}) on conflict (kiosk_id) do nothing`;
    await sql`
      insert into cursors (kiosk_id, lane, epoch, acknowledged, last_event_at, last_received_at, last_occurred_at, orders)
      values (${kioskId}, 'orders', 1, ${orders * 7}, ${until}, ${until}, ${until}, ${orders}) on conflict (kiosk_id, lane, epoch) do nothing`;
  }
}

/** By HQ's own statements, a month of a kiosk at a time. */
async function sumEverything(hq: Sql, kiosks: readonly SeedKiosk[], firstDay: number, lastDay: number): Promise<void> {
  const lists = [kiosks.filter((_, index) => index % 2 === 0), kiosks.filter((_, index) => index % 2 === 1)];
  await Promise.all(lists.map(async (list) => {
    for (const { kioskId } of list) {
      for (let from = firstDay; from <= lastDay; from += 31) {
        await hq.begin(async (transaction) => {
          await transaction`set local statement_timeout = 0`;
          await sumAnew(transaction, kioskId, { from, to: Math.min(lastDay, from + 30) });
        });
      }
    }
  }));
}

const seconds = (since: number) => ((performance.now() - since) / 1000).toFixed(1);
