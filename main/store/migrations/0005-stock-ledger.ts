import type { Migration } from './migration.ts';

/**
 * Stock by lots: what lies in one slot and was made to last until one day. What there was becomes one lot an offer, without slot and date, named as its
 * offer; its moves keep their rows. SQLite cannot change a CHECK, so the moves are made anew, in the same order.
 */
export const stockLedger: Migration = {
  version: 5,
  sql: `
    -- What a lot has is the sum of its moves; what an offer has (\`stock\`) the sum of its lots.
    CREATE TABLE stock_lots (
      lot_id TEXT PRIMARY KEY,
      offer_id TEXT NOT NULL REFERENCES stock (offer_id),
      -- Null: nobody has said yet where it lies.
      slot TEXT,
      -- The last day on which it is sold, YYYY-MM-DD by the shop's calendar; null where it keeps.
      best_before TEXT,
      -- Not reserved by an open order.
      available INTEGER NOT NULL CHECK (available >= 0)
    ) STRICT, WITHOUT ROWID;
    INSERT INTO stock_lots (lot_id, offer_id, available) SELECT offer_id, offer_id, available FROM stock;
    -- Each delivery leaves an empty lot behind, so that what is given back finds it: what is asked for while selling are those that hold something.
    CREATE INDEX stock_lots_of_offer ON stock_lots (offer_id) WHERE available > 0;
    CREATE INDEX stock_lots_dated ON stock_lots (best_before) WHERE available > 0 AND best_before IS NOT NULL;

    CREATE TABLE new_moves (
      id INTEGER PRIMARY KEY,
      offer_id TEXT NOT NULL,
      lot_id TEXT NOT NULL REFERENCES stock_lots (lot_id),
      change INTEGER NOT NULL,
      -- Of the offer, over all its lots.
      available_after INTEGER NOT NULL,
      lot_after INTEGER NOT NULL,
      reason TEXT NOT NULL CHECK (reason IN ('initial', 'reserved', 'released', 'refilled', 'counted', 'wasted')),
      order_id TEXT REFERENCES orders (id),
      at INTEGER NOT NULL,
      -- Where the lot lay then.
      slot TEXT,
      -- The page's own id of what staff did: a call that is repeated counts once.
      move_id TEXT,
      visit_id TEXT,
      staff TEXT,
      why TEXT,
      note TEXT
    ) STRICT;
    INSERT INTO new_moves (id, offer_id, lot_id, change, available_after, lot_after, reason, order_id, at)
      SELECT id, offer_id, offer_id, change, available_after, available_after, reason, order_id, at FROM stock_moves ORDER BY id;
    DROP TABLE stock_moves;
    ALTER TABLE new_moves RENAME TO stock_moves;
    CREATE INDEX stock_moves_by_order ON stock_moves (order_id) WHERE order_id IS NOT NULL;
    -- What is thrown away may be of several lots; each of them once.
    CREATE UNIQUE INDEX stock_moves_by_move ON stock_moves (move_id, lot_id) WHERE move_id IS NOT NULL;
    CREATE INDEX stock_moves_by_visit ON stock_moves (visit_id) WHERE visit_id IS NOT NULL;
    CREATE INDEX stock_moves_initial ON stock_moves (offer_id) WHERE reason = 'initial';

    -- One row each time that somebody came to restock. What was done in it, its moves tell.
    CREATE TABLE restock_visits (
      visit_id TEXT PRIMARY KEY,
      staff TEXT NOT NULL,
      started_at INTEGER NOT NULL,
      ended_at INTEGER
    ) STRICT, WITHOUT ROWID;
    CREATE INDEX restock_visits_open ON restock_visits (started_at) WHERE ended_at IS NULL;
  `,
};
