import type { Sql, Transaction } from '../database.ts';
import { StartFailure } from '../start-failure.ts';
import { factTables, referenceTables } from './tables.ts';

export interface Distributed {
  readonly reference: readonly string[];
  readonly distributed: readonly string[];
}

/** One lock for all who distribute one database ("c24d"). */
const lock = 0x63_32_34_64;

/**
 * Makes a migrated database a distributed one (Citus): reference tables on every node, each kiosk's rows together on one. What is so already is left, so it
 * may be done again after each migration that adds a table, and after it was cut off. Throws a StartFailure where Citus is missing or a table is not known here.
 * @returns what was changed now
 */
export async function distribute(sql: Sql): Promise<Distributed> {
  const [citus] = await sql<{ there: boolean }[]>`select to_regproc('create_distributed_table') is not null and to_regclass('citus_tables') is not null as there`;
  if (!citus?.there) {
    throw new StartFailure(
      'This PostgreSQL has no Citus: the extension "citus" is not created in this database. Install Citus on every node, set shared_preload_libraries, run "create extension citus" and add the workers (citus_add_node), then do this again. One machine needs none of it.',
    );
  }
  await check(sql);
  const reference: string[] = [];
  const distributed: string[] = [];
  const [first] = factTables;
  // One table a transaction: what is done stays done when a later one fails.
  for (const name of referenceTables) {
    const isMade = await alone(sql, name, 'reference', (transaction) => transaction`select create_reference_table(${name})`);
    if (isMade) reference.push(name);
  }
  for (const name of factTables) {
    const isMade = await alone(sql, name, 'distributed', (transaction) => transaction`select create_distributed_table(${name}, 'kiosk_id', colocate_with => ${name === first ? 'none' : first})`);
    if (isMade) distributed.push(name);
  }
  return { reference, distributed };
}

/** Before anything is changed: is everything there, and nothing that is not known. */
async function check(sql: Sql): Promise<void> {
  const tables = await sql<{ name: string }[]>`select tablename as name from pg_tables where schemaname = current_schema()`;
  const known = new Set<string>([...referenceTables, ...factTables]);
  const unknown = tables.filter(({ name }) => !known.has(name));
  if (unknown.length > 0) throw new StartFailure(`HQ does not know how to distribute ${unknown.map(({ name }) => name).join(', ')}: nothing was changed.`);
  const missing = [...known].filter((name) => !tables.some((table) => table.name === name));
  if (missing.length > 0) throw new StartFailure(`The database is not migrated: ${missing.join(', ')} is missing. Nothing was changed.`);
  const types = new Map((await sql<{ name: string; type: string }[]>`select table_name::text as name, citus_table_type as type from citus_tables`).map(({ name, type }) => [name, type]));
  const wrong = [...referenceTables.filter((name) => types.get(name) === 'distributed'), ...factTables.filter((name) => types.get(name) === 'reference')];
  if (wrong.length > 0) throw new StartFailure(`${wrong.join(', ')} is distributed in another way than HQ needs. Nothing was changed.`);
}

/** @returns false where it is so already */
async function alone(sql: Sql, name: string, type: 'reference' | 'distributed', make: (transaction: Transaction) => Promise<unknown>): Promise<boolean> {
  return sql.begin(async (transaction) => {
    // Rows that are there are moved, however long that takes.
    await transaction`set local statement_timeout = 0`;
    await transaction`set local lock_timeout = 0`;
    await transaction`select pg_advisory_xact_lock(${lock})`;
    const [known] = await transaction`select 1 from citus_tables where table_name::text = ${name} and citus_table_type = ${type}`;
    if (known) return false;
    await make(transaction);
    return true;
  });
}
