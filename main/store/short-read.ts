import type { Database } from 'better-sqlite3';
import type { CodedError } from '../../domain/contract/errors.ts';
import { codedError, messageOf } from '../../domain/contract/errors.ts';
import type { Result } from '../../domain/result.ts';
import { err, ok } from '../../domain/result.ts';

export type SqlValue = string | number | null;
export type SqlRow = Readonly<Record<string, SqlValue | Uint8Array>>;

export interface ReadLimits {
  readonly rows: number;
  readonly ms: number;
}

/** A report that wants more asks in pieces, each from where the last one ended. */
export const readLimits: ReadLimits = { rows: 10_000, ms: 5_000 };

/**
 * Reads, and gives its snapshot back in time, whatever comes: as long as one is held the WAL cannot begin anew and grows with each sale.
 * The clock is looked at from within the query (at each row, and at each step of `tick()` that its SQL may call where one row takes long).
 */
export function createShortReads(database: Database, monotonicMs: () => number, limits: ReadLimits = readLimits): (sql: string, parameters: readonly SqlValue[]) => Result<readonly SqlRow[], CodedError> {
  let endsAt = 0;
  const overdue = () => monotonicMs() > endsAt;
  database.function('tick', { deterministic: false }, () => {
    if (overdue()) throw new Error(`the query took more than ${limits.ms} ms`);
    return 1;
  });

  return (sql, parameters) => {
    endsAt = monotonicMs() + limits.ms;
    const rows: SqlRow[] = [];
    try {
      const statement = database.prepare<SqlValue[], SqlRow>(sql);
      if (!statement.reader || !statement.readonly) return err(codedError('INTERNAL', 'only a SELECT reads'));
      // Leaving the loop, however, ends the statement and with it the snapshot.
      for (const row of statement.iterate(...parameters)) {
        if (rows.length === limits.rows) return err(codedError('INTERNAL', `the query has more than ${limits.rows} rows`));
        if (overdue()) return err(codedError('INTERNAL', `the query took more than ${limits.ms} ms`));
        rows.push(row);
      }
      return ok(rows);
    } catch (cause) {
      return err(codedError('INTERNAL', messageOf(cause)));
    }
  };
}
