import type { Database } from 'better-sqlite3';

/** One step of the schema. Each runs once, in a transaction of its own, in the order of `version`; it is never edited after release. */
export interface Migration {
  readonly version: number;
  readonly sql: string;
  /** What SQL alone cannot do, in the same transaction, after `sql`. */
  readonly finish?: (database: Database) => void;
}
