import type { Migration } from './migration.ts';

/**
 * Payments with a wallet beside those of the card, and parts of a payment that go back. What was paid before was paid by card. The staff's list takes refunds that
 * were refused; SQLite cannot change a CHECK, so it is made anew with the same rows.
 */
export const wallets: Migration = {
  version: 8,
  sql: `
    ALTER TABLE payment_attempts ADD COLUMN tender TEXT NOT NULL DEFAULT 'card' CHECK (tender IN ('card', 'wechat', 'alipay'));
    -- Of a wallet: whether the kiosk shows the code, or the customer's phone does.
    ALTER TABLE payment_attempts ADD COLUMN mode TEXT CHECK ((mode IS NULL) = (tender = 'card') AND (mode IS NULL OR mode IN ('shown', 'read')));
    -- JSON: what the gateway told of it once it was paid.
    ALTER TABLE payment_attempts ADD COLUMN wallet TEXT CHECK (wallet IS NULL OR tender <> 'card');
    DROP INDEX one_unsettled_attempt;
    -- No second purchase is sent to the card terminal while one is unsettled: the database itself refuses it.
    CREATE UNIQUE INDEX one_unsettled_card ON payment_attempts ((1)) WHERE tender = 'card' AND state IN ('started', 'authorised', 'unknown', 'unclear', 'reversing');
    -- And none of any kind for the same order. A wallet's holds up no other: HQ keeps many apart by their ids.
    CREATE UNIQUE INDEX one_unsettled_of_order ON payment_attempts (order_id) WHERE state IN ('started', 'authorised', 'unknown', 'unclear', 'reversing');

    -- Parts of what was paid that go back. The whole of a payment is an attempt that is reversed.
    CREATE TABLE refunds (
      id TEXT PRIMARY KEY,
      attempt_id TEXT NOT NULL REFERENCES payment_attempts (id),
      order_id TEXT NOT NULL REFERENCES orders (id),
      amount INTEGER NOT NULL CHECK (amount > 0),
      currency TEXT NOT NULL,
      way TEXT NOT NULL CHECK (way IN ('tender', 'by_hand')),
      state TEXT NOT NULL CHECK (state IN ('asked', 'done', 'refused')),
      reason TEXT NOT NULL,
      by_whom TEXT,
      -- The service whose money it is.
      job_id TEXT,
      detail TEXT,
      asked_at INTEGER NOT NULL,
      -- The report of a day that has counted it.
      day INTEGER
    ) STRICT;
    CREATE INDEX refunds_by_order ON refunds (order_id);
    CREATE INDEX refunds_open ON refunds (asked_at) WHERE state = 'asked';
    CREATE INDEX refunds_of_parts_unreported ON refunds (order_id) WHERE state = 'done' AND day IS NULL;
    CREATE UNIQUE INDEX refunds_of_service ON refunds (job_id) WHERE job_id IS NOT NULL AND state <> 'refused';
    -- Never more goes back than was paid: the database itself refuses it.
    CREATE TRIGGER refunds_within_paid BEFORE INSERT ON refunds
      WHEN NEW.state <> 'refused' AND NEW.amount + (SELECT coalesce(sum(amount), 0) FROM refunds WHERE order_id = NEW.order_id AND attempt_id = NEW.attempt_id AND state <> 'refused')
        > (SELECT amount FROM payment_attempts WHERE id = NEW.attempt_id)
      BEGIN SELECT RAISE(ABORT, 'more than was paid cannot go back'); END;
    CREATE TRIGGER refunds_stay_within_paid BEFORE UPDATE ON refunds
      WHEN NEW.state <> 'refused' AND NEW.amount + (SELECT coalesce(sum(amount), 0) FROM refunds WHERE order_id = NEW.order_id AND attempt_id = NEW.attempt_id AND state <> 'refused' AND id <> NEW.id)
        > (SELECT amount FROM payment_attempts WHERE id = NEW.attempt_id)
      BEGIN SELECT RAISE(ABORT, 'more than was paid cannot go back'); END;

    CREATE TABLE new_attention (
      id TEXT PRIMARY KEY,
      kind TEXT NOT NULL CHECK (kind IN ('payment_unclear', 'reversal_refused', 'print_uncertain', 'service_refused', 'refund_refused')),
      order_id TEXT NOT NULL REFERENCES orders (id),
      attempt_id TEXT,
      job_id TEXT,
      refund_id TEXT,
      document TEXT NOT NULL,
      raised_at INTEGER NOT NULL,
      decision TEXT
    ) STRICT, WITHOUT ROWID;
    INSERT INTO new_attention (id, kind, order_id, attempt_id, job_id, document, raised_at, decision)
      SELECT id, kind, order_id, attempt_id, job_id, document, raised_at, decision FROM attention;
    DROP TABLE attention;
    ALTER TABLE new_attention RENAME TO attention;
    CREATE UNIQUE INDEX attention_open ON attention (kind, coalesce(refund_id, attempt_id, job_id)) WHERE decision IS NULL;
    CREATE INDEX attention_by_order ON attention (order_id);
  `,
};
