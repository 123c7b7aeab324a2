import type { Migration } from './migration.ts';

/**
 * Reversals in the journal, the staff's list, print jobs of every kind, and paper by the millimetre. SQLite cannot change a
 * CHECK, so the tables that know new words are made anew with the same rows, in the same order.
 */
export const reversalsAttentionPaper: Migration = {
  version: 2,
  sql: `
    CREATE TABLE new_attempts (
      id TEXT PRIMARY KEY,
      order_id TEXT NOT NULL REFERENCES orders (id),
      amount INTEGER NOT NULL CHECK (amount > 0),
      currency TEXT NOT NULL,
      started_at INTEGER NOT NULL,
      state TEXT NOT NULL CHECK (state IN ('started', 'authorised', 'approved', 'declined', 'cancelled', 'not_sent', 'unknown', 'not_paid', 'unclear', 'reversing', 'reversed')),
      card TEXT,
      refused INTEGER NOT NULL DEFAULT 0 CHECK (refused IN (0, 1)),
      result_code TEXT
    ) STRICT;
    INSERT INTO new_attempts (rowid, id, order_id, amount, currency, started_at, state, card, refused, result_code)
      SELECT rowid, id, order_id, amount, currency, started_at, state, card, refused, result_code FROM payment_attempts ORDER BY rowid;
    DROP TABLE payment_attempts;
    ALTER TABLE new_attempts RENAME TO payment_attempts;
    CREATE INDEX payment_attempts_by_order ON payment_attempts (order_id);
    CREATE UNIQUE INDEX one_unsettled_attempt ON payment_attempts ((1)) WHERE state IN ('started', 'authorised', 'unknown', 'unclear', 'reversing');
    CREATE UNIQUE INDEX one_approved_attempt ON payment_attempts (order_id) WHERE state IN ('authorised', 'approved', 'reversing');

    CREATE TABLE new_foreign (
      id INTEGER PRIMARY KEY,
      card TEXT NOT NULL,
      reason TEXT NOT NULL CHECK (reason IN ('baseline', 'refused', 'reversal')),
      seen_at INTEGER NOT NULL
    ) STRICT;
    INSERT INTO new_foreign (id, card, reason, seen_at) SELECT id, card, reason, seen_at FROM foreign_transactions;
    DROP TABLE foreign_transactions;
    ALTER TABLE new_foreign RENAME TO foreign_transactions;

    CREATE TABLE new_jobs (
      id TEXT PRIMARY KEY,
      order_id TEXT REFERENCES orders (id),
      kind TEXT NOT NULL CHECK (kind IN ('print_receipt', 'print_copy', 'print_kitchen', 'print_staff_slip', 'print_document', 'print_terminal_slip', 'request_service')),
      state TEXT NOT NULL CHECK (state IN ('queued', 'doing', 'done', 'failed', 'uncertain', 'lapsed')),
      created_at INTEGER NOT NULL,
      -- For request_service: the outbox event that carries it. HQ's acknowledgement of that event ends the job.
      sequence INTEGER,
      -- For print_document and print_terminal_slip: the lines as they are to be printed. All else is composed from its order.
      document TEXT,
      -- Counts the slips of this kiosk: taken before the first byte, so that a missing number is a slip to look for.
      slip INTEGER,
      paper_mm INTEGER,
      CHECK ((kind IN ('print_document', 'print_terminal_slip')) = (document IS NOT NULL)),
      CHECK (document IS NOT NULL OR order_id IS NOT NULL)
    ) STRICT, WITHOUT ROWID;
    INSERT INTO new_jobs (id, order_id, kind, state, created_at, sequence) SELECT id, order_id, kind, state, created_at, sequence FROM jobs;
    DROP TABLE jobs;
    ALTER TABLE new_jobs RENAME TO jobs;
    CREATE INDEX jobs_by_order ON jobs (order_id);
    CREATE INDEX jobs_unfinished ON jobs (created_at, id) WHERE state IN ('queued', 'doing') AND kind <> 'request_service';
    CREATE INDEX jobs_requested ON jobs (sequence) WHERE kind = 'request_service' AND state = 'queued';
    CREATE INDEX jobs_by_slip ON jobs (slip) WHERE slip IS NOT NULL;

    -- What a person must decide. It stays for good: what was decided is part of the books.
    CREATE TABLE attention (
      id TEXT PRIMARY KEY,
      kind TEXT NOT NULL CHECK (kind IN ('payment_unclear', 'reversal_refused', 'print_uncertain')),
      order_id TEXT NOT NULL REFERENCES orders (id),
      attempt_id TEXT,
      job_id TEXT,
      document TEXT NOT NULL,
      raised_at INTEGER NOT NULL,
      decision TEXT
    ) STRICT, WITHOUT ROWID;
    CREATE UNIQUE INDEX attention_open ON attention (kind, coalesce(attempt_id, job_id)) WHERE decision IS NULL;
    CREATE INDEX attention_by_order ON attention (order_id);
    -- What was unclear before there was a list. It takes the attempt's own id: one more is not to be had in SQL.
    INSERT INTO attention (id, kind, order_id, attempt_id, document, raised_at)
      SELECT id, 'payment_unclear', order_id, id,
        json_object('id', id, 'kind', 'payment_unclear', 'orderId', order_id, 'attemptId', id,
          'amount', json_object('amount', amount, 'currency', currency), 'detail', 'unclear since before there was a list', 'raisedAt', started_at),
        started_at
      FROM payment_attempts WHERE state = 'unclear';

    CREATE INDEX orders_by_number ON orders (number, placed_at);

    -- One row a roll: what it has given so far.
    CREATE TABLE paper_rolls (
      id INTEGER PRIMARY KEY,
      started_at INTEGER NOT NULL,
      used_mm INTEGER NOT NULL DEFAULT 0 CHECK (used_mm >= 0)
    ) STRICT;
    INSERT INTO paper_rolls (started_at) VALUES (0);
  `,
};
