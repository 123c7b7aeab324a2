import type { Database } from 'better-sqlite3';
import type { CodedError } from '../../domain/contract/errors.ts';
import { codedError } from '../../domain/contract/errors.ts';
import type { Result } from '../../domain/result.ts';
import { err, ok } from '../../domain/result.ts';
import { migrations } from './migrations/all.ts';

export function versionOf(database: Database): number {
  return Number(database.pragma('user_version', { simple: true }));
}

export const newestVersion = migrations.at(-1)?.version ?? 0;

/**
 * Brings a store's schema up to date, each step a transaction: killed in between, the next start goes on.
 * @param beforeFirst called once, before anything of a store with contents is changed
 */
export function migrate(database: Database, beforeFirst?: (version: number) => Result<void, CodedError>): Result<void, CodedError> {
  const found = versionOf(database);
  if (found > newestVersion) return err(codedError('STORE_TOO_NEW', `store is version ${found}, this Counter24 knows ${newestVersion}`));
  if (found > 0 && found < newestVersion && beforeFirst) {
    const kept = beforeFirst(found);
    if (!kept.ok) return kept;
  }
  for (const { version, sql, finish } of migrations) {
    if (version <= found) continue;
    database.transaction(() => {
      database.exec(sql);
      finish?.(database);
      database.pragma(`user_version = ${version}`);
    }).immediate();
  }
  return ok();
}
