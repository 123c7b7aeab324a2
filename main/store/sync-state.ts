import type { Database } from 'better-sqlite3';

/** What sync remembers over restarts, by name. */
export type SyncStateName = 'session' | 'skew_ms' | 'history' | 'replay_waiting';

export interface SyncState {
  get(name: SyncStateName): string | undefined;
  /** @param value undefined forgets it */
  set(name: SyncStateName, value: string | undefined): void;
}

export function createSyncState(database: Database): SyncState {
  const select = database.prepare<[string], { value: string }>('SELECT value FROM sync_state WHERE name = ?');
  const upsert = database.prepare('INSERT INTO sync_state (name, value) VALUES (?, ?) ON CONFLICT (name) DO UPDATE SET value = excluded.value');
  const remove = database.prepare('DELETE FROM sync_state WHERE name = ?');
  return {
    get: (name) => select.get(name)?.value,
    set: (name, value) => void (value === undefined ? remove.run(name) : upsert.run(name, value)),
  };
}
