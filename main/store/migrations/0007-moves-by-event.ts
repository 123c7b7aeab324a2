import type { Migration } from './migration.ts';

/**
 * Each move of stock says which event has told of it, so that what is heard again is known again, and two events that look alike are two. Null in rows from
 * before: there the order, the lot, the reason and the change tell.
 */
export const movesByEvent: Migration = {
  version: 7,
  sql: `
    ALTER TABLE stock_moves ADD COLUMN event_id TEXT;
    CREATE UNIQUE INDEX stock_moves_by_event ON stock_moves (event_id) WHERE event_id IS NOT NULL;
  `,
};
