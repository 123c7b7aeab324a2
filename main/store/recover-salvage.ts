import fs from 'node:fs';
import type { Database } from 'better-sqlite3';
import type { HqEvent, Lane } from '../../domain/contract/hq.ts';
import type { ConnectionOptions } from './connection.ts';
import { openKeyed } from './connection.ts';
import type { JournalRecord } from './emitter.ts';
import { isDamage } from './integrity.ts';

/**
 * Where a page of an index is broken, every row is still there: indexes are derived. All rows are read past the indexes into a new file, which gets
 * its indexes anew.
 * @param from a store that nobody else has open; it is not changed
 * @param to does not exist yet
 * @returns false where rows cannot be read, too; `to` may then be there by halves
 */
export function salvage(from: ConnectionOptions, to: ConnectionOptions): boolean {
  let source: Database | undefined;
  let target: Database | undefined;
  try {
    source = openKeyed(from);
    source.pragma('query_only = ON');
    target = openKeyed(to);
    fs.chmodSync(to.file, 0o600);
    // A draft: killed in between it is thrown away.
    target.pragma('journal_mode = OFF');
    target.pragma('synchronous = OFF');
    copyRows(source, target);
    return (target.pragma('foreign_key_check') as unknown[]).length === 0;
  } catch (cause) {
    if (isDamage(cause)) return false;
    throw cause;
  } finally {
    source?.close();
    target?.close();
  }
}

interface Part { readonly type: string; readonly name: string; readonly sql: string }

function copyRows(source: Database, target: Database): void {
  const parts = source.prepare<[], Part>("SELECT type, name, sql FROM sqlite_schema NOT INDEXED WHERE sql IS NOT NULL AND name NOT LIKE 'sqlite_%'").all();
  target.transaction(() => {
    for (const { type, sql } of parts) if (type === 'table') target.exec(sql);
    for (const { type, name } of parts) if (type === 'table') copyTable(source, target, name);
    for (const { type, sql } of parts) if (type !== 'table') target.exec(sql);
    target.pragma(`user_version = ${Number(source.pragma('user_version', { simple: true }))}`);
  })();
}

/** With each row's number, where it has one: the journal's order is in it. */
function copyTable(source: Database, target: Database, table: string): void {
  const columns = source.pragma(`table_info("${table}")`) as readonly { readonly name: string; readonly type: string; readonly pk: number }[];
  const [shape] = source.pragma(`table_list("${table}")`) as readonly { readonly wr: number }[];
  const hasOwnNumber = columns.some(({ pk, type }) => pk === 1 && type === 'INTEGER') && columns.filter(({ pk }) => pk > 0).length === 1;
  const names = [...(shape?.wr === 0 && !hasOwnNumber ? ['rowid'] : []), ...columns.map(({ name }) => `"${name}"`)];
  const insert = target.prepare(`INSERT INTO "${table}" (${names.join(', ')}) VALUES (${names.map(() => '?').join(', ')})`);
  const rows = source.prepare<[], unknown[]>(`SELECT ${names.join(', ')} FROM "${table}" NOT INDEXED`).raw().safeIntegers();
  for (const row of rows.iterate()) insert.run(...row);
}

/**
 * The events that can still be read in a store whose pages are broken, from both ends up to the damage, and the keys of what is sealed in them: what a
 * journal that is damaged or short may lack.
 * @param from a store that nobody else has open; it is not changed
 */
export function salvageEvents(from: ConnectionOptions): readonly JournalRecord[] {
  let source: Database | undefined;
  try {
    source = openKeyed(from);
    source.pragma('query_only = ON');
    const columns = 'position, lane, epoch, sequence, id, kind, version, at, boot, monotonic_ms AS monotonicMs, payload, hash';
    const events = new Map<number, JournalRecord>();
    for (const order of ['ASC', 'DESC']) {
      readWhole(() => source!.prepare<[], HqEvent & { position: number; lane: Lane; epoch: number }>(`SELECT ${columns} FROM outbox NOT INDEXED ORDER BY position ${order}`).iterate(),
        ({ position, lane, epoch, ...event }) => events.set(position, { kind: 'event', lane, epoch, event }));
    }
    const keys: JournalRecord[] = [];
    readWhole(() => source!.prepare<[], { order_id: string; key: Buffer; made_at: number }>('SELECT order_id, key, made_at FROM personal_keys NOT INDEXED').iterate(),
      ({ order_id, key, made_at }) => keys.push({ kind: 'local', what: 'personal_key', row: { order_id, key: key.toString('base64'), made_at } }));
    return [...keys, ...[...events].sort(([left], [right]) => left - right).map(([, record]) => record)];
  } catch (cause) {
    if (isDamage(cause)) return [];
    throw cause;
  } finally {
    source?.close();
  }
}

/** As many rows as come before the damage. */
function readWhole<T>(rows: () => Iterable<T>, take: (row: T) => void): void {
  try {
    for (const row of rows()) take(row);
  } catch (cause) {
    if (!isDamage(cause)) throw cause;
  }
}
