import type { Migration } from './migration.ts';

/** What staff did, their tries to come in, and the reports of days that they closed at the terminal. */
export const staff: Migration = {
  version: 6,
  sql: `
    -- Append-only, numbered without a gap, chained by hash (domain/staff/audit.ts).
    CREATE TABLE staff_audit (
      number INTEGER PRIMARY KEY CHECK (number >= 1),
      at INTEGER NOT NULL,
      staff TEXT,
      act TEXT NOT NULL,
      outcome TEXT NOT NULL CHECK (outcome IN ('begun', 'done', 'refused', 'failed')),
      subject TEXT NOT NULL,
      detail TEXT NOT NULL,
      previous TEXT NOT NULL,
      hash TEXT NOT NULL
    ) STRICT;
    CREATE TRIGGER staff_audit_stays BEFORE UPDATE ON staff_audit BEGIN SELECT RAISE(ABORT, 'what staff did is not changed'); END;
    CREATE TRIGGER staff_audit_is_kept BEFORE DELETE ON staff_audit BEGIN SELECT RAISE(ABORT, 'what staff did is not taken away'); END;
    -- Where the chain ends: without it nobody would miss entries at its end.
    CREATE TABLE staff_audit_head (only_row INTEGER PRIMARY KEY CHECK (only_row = 1), number INTEGER NOT NULL, hash TEXT NOT NULL) STRICT;
    INSERT INTO staff_audit_head (only_row, number, hash) VALUES (1, 0, '0000000000000000000000000000000000000000000000000000000000000000');
    -- Entries 'begun' whose end is not written yet: what a start finds here was cut off in the middle.
    CREATE TABLE staff_acts_open (number INTEGER PRIMARY KEY, staff TEXT, act TEXT NOT NULL, subject TEXT NOT NULL) STRICT;

    -- Of known numbers. 'wrong' since the last lock or the last time that they came in; 'locks' in a row.
    CREATE TABLE staff_tries (
      staff TEXT PRIMARY KEY, wrong INTEGER NOT NULL CHECK (wrong >= 0), locks INTEGER NOT NULL CHECK (locks >= 0),
      locked_at INTEGER, locked_ms INTEGER NOT NULL DEFAULT 0
    ) STRICT, WITHOUT ROWID;
    -- The newest step of a time-based code that was accepted: it and what was before it are not accepted again.
    CREATE TABLE staff_steps (staff TEXT PRIMARY KEY, step INTEGER NOT NULL) STRICT, WITHOUT ROWID;
    CREATE TABLE staff_codes_used (staff TEXT NOT NULL, code_hash TEXT NOT NULL, used_at INTEGER NOT NULL, PRIMARY KEY (staff, code_hash)) STRICT, WITHOUT ROWID;

    -- Z reports: what the page and HQ read, and what is printed of it; without 'facts' where the store was brought back and only the report was told.
    CREATE TABLE day_reports (number INTEGER PRIMARY KEY CHECK (number >= 1), from_at INTEGER NOT NULL, to_at INTEGER NOT NULL, report TEXT NOT NULL, facts TEXT) STRICT;
    -- An end of day that was asked of the terminal and is no report yet: what it answered is written down before anything else is done with it.
    CREATE TABLE day_open (
      only_row INTEGER PRIMARY KEY CHECK (only_row = 1),
      staff TEXT,
      begun_at INTEGER NOT NULL,
      state TEXT NOT NULL CHECK (state IN ('asked', 'answered')),
      -- JSON {count, amount}; missing where the terminal told none.
      totals TEXT
    ) STRICT;
    -- The report that has counted it: not by the clock, which may be set.
    ALTER TABLE orders ADD COLUMN day INTEGER;
    ALTER TABLE orders ADD COLUMN refund_day INTEGER;
    ALTER TABLE payment_attempts ADD COLUMN day INTEGER;
    -- What was sold before there were reports is of none of them (day 0): a year of it beside what the terminal has of one day would say nothing. What is of the last
    -- day may stand in the terminal's book still, and is in the first report.
    UPDATE orders SET day = 0 WHERE placed_at < (SELECT max(placed_at) FROM orders) - 86400000 AND state NOT IN ('placed', 'awaiting_payment', 'payment_unknown');
    UPDATE orders SET refund_day = 0 WHERE day = 0 AND state = 'refunded';
    UPDATE payment_attempts SET day = 0 WHERE started_at < (SELECT max(started_at) FROM payment_attempts) - 86400000
      AND state NOT IN ('started', 'authorised', 'unknown', 'unclear', 'reversing');
    CREATE INDEX orders_unreported ON orders (placed_at) WHERE day IS NULL;
    CREATE INDEX refunds_unreported ON orders (placed_at) WHERE state = 'refunded' AND refund_day IS NULL;
    CREATE INDEX attempts_unreported ON payment_attempts (started_at) WHERE day IS NULL;

    CREATE INDEX orders_by_time ON orders (placed_at DESC, id DESC);
  `,
};
