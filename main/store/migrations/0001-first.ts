import type { Migration } from './migration.ts';

/** Orders, stock, the payments journal, jobs and the outbox. Money is integer minor units, times are epoch milliseconds UTC. */
export const first: Migration = {
  version: 1,
  sql: `
    CREATE TABLE counters (
      name TEXT PRIMARY KEY,
      next INTEGER NOT NULL CHECK (next >= 0)
    ) STRICT, WITHOUT ROWID;

    -- The last good catalogue, so that a broken file never ends selling.
    CREATE TABLE last_catalogue (
      only_row INTEGER PRIMARY KEY CHECK (only_row = 1),
      revision INTEGER NOT NULL,
      document TEXT NOT NULL,
      saved_at INTEGER NOT NULL
    ) STRICT;

    -- What was ordered never changes: \`document\` is the order as it was priced. What changes has columns of its own.
    CREATE TABLE orders (
      id TEXT PRIMARY KEY,
      cart_id TEXT NOT NULL UNIQUE,
      number TEXT NOT NULL,
      state TEXT NOT NULL CHECK (state IN ('placed', 'awaiting_payment', 'paid', 'fulfilled', 'cancelled', 'expired', 'payment_unknown', 'refunded')),
      total INTEGER NOT NULL CHECK (total >= 0),
      currency TEXT NOT NULL,
      placed_at INTEGER NOT NULL,
      document TEXT NOT NULL,
      shop TEXT NOT NULL,
      receipt_url TEXT NOT NULL
    ) STRICT, WITHOUT ROWID;
    CREATE INDEX orders_open ON orders (placed_at) WHERE state IN ('placed', 'awaiting_payment');

    -- Pieces that can still be sold: on the shelf and not reserved by an open order.
    CREATE TABLE stock (
      offer_id TEXT PRIMARY KEY,
      available INTEGER NOT NULL CHECK (available >= 0)
    ) STRICT, WITHOUT ROWID;

    CREATE TABLE stock_moves (
      id INTEGER PRIMARY KEY,
      offer_id TEXT NOT NULL REFERENCES stock (offer_id),
      change INTEGER NOT NULL,
      available_after INTEGER NOT NULL,
      reason TEXT NOT NULL CHECK (reason IN ('initial', 'reserved', 'released')),
      order_id TEXT REFERENCES orders (id),
      at INTEGER NOT NULL
    ) STRICT;
    CREATE INDEX stock_moves_by_order ON stock_moves (order_id);

    -- The journal: a row is committed before the card terminal hears of the purchase.
    -- In the order of their rowid: a clock that jumps does not change which was last.
    CREATE TABLE payment_attempts (
      id TEXT PRIMARY KEY,
      order_id TEXT NOT NULL REFERENCES orders (id),
      amount INTEGER NOT NULL CHECK (amount > 0),
      currency TEXT NOT NULL,
      started_at INTEGER NOT NULL,
      state TEXT NOT NULL CHECK (state IN ('started', 'authorised', 'approved', 'declined', 'cancelled', 'not_sent', 'unknown', 'not_paid', 'unclear')),
      card TEXT,
      refused INTEGER NOT NULL DEFAULT 0 CHECK (refused IN (0, 1)),
      result_code TEXT
    ) STRICT;
    CREATE INDEX payment_attempts_by_order ON payment_attempts (order_id);
    -- What the card terminal did that is no purchase of ours, so that none of it is ever taken for one.
    CREATE TABLE foreign_transactions (
      id INTEGER PRIMARY KEY,
      card TEXT NOT NULL,
      reason TEXT NOT NULL CHECK (reason IN ('baseline', 'refused')),
      seen_at INTEGER NOT NULL
    ) STRICT;
    -- No second purchase while one is unsettled: the database itself refuses it.
    CREATE UNIQUE INDEX one_unsettled_attempt ON payment_attempts ((1)) WHERE state IN ('started', 'authorised', 'unknown', 'unclear');
    -- And no order is paid twice.
    CREATE UNIQUE INDEX one_approved_attempt ON payment_attempts (order_id) WHERE state IN ('authorised', 'approved');

    CREATE TABLE jobs (
      id TEXT PRIMARY KEY,
      order_id TEXT NOT NULL REFERENCES orders (id),
      kind TEXT NOT NULL CHECK (kind IN ('print_receipt', 'request_service')),
      state TEXT NOT NULL CHECK (state IN ('queued', 'doing', 'done', 'failed', 'uncertain', 'lapsed')),
      created_at INTEGER NOT NULL,
      -- For request_service: the outbox event that carries it. HQ's acknowledgement of that event ends the job.
      sequence INTEGER
    ) STRICT, WITHOUT ROWID;
    CREATE INDEX jobs_by_order ON jobs (order_id);
    CREATE INDEX jobs_unfinished ON jobs (kind, created_at) WHERE state IN ('queued', 'doing');
    -- What each acknowledgement of HQ looks through.
    CREATE INDEX jobs_requested ON jobs (sequence) WHERE kind = 'request_service' AND state = 'queued';

    -- What HQ has to hear, in order. \`payload\` travels and rests as exactly this text.
    CREATE TABLE outbox (
      sequence INTEGER PRIMARY KEY,
      id TEXT NOT NULL UNIQUE,
      kind TEXT NOT NULL,
      version INTEGER NOT NULL,
      at INTEGER NOT NULL,
      payload TEXT NOT NULL
    ) STRICT;

    CREATE TABLE outbox_position (
      only_row INTEGER PRIMARY KEY CHECK (only_row = 1),
      epoch INTEGER NOT NULL,
      last INTEGER NOT NULL,
      acknowledged INTEGER NOT NULL CHECK (acknowledged <= last)
    ) STRICT;
    INSERT INTO outbox_position (only_row, epoch, last, acknowledged) VALUES (1, 1, 0, 0);
  `,
};
