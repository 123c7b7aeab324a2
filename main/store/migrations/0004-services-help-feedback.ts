import type { Migration } from './migration.ts';

/**
 * What became of each service that was asked for, calls for a person, and which orders have been spoken of by their customers. The staff's list takes
 * refused services; SQLite cannot change a CHECK, so it is made anew with the same rows.
 */
export const servicesHelpFeedback: Migration = {
  version: 4,
  sql: `
    CREATE TABLE new_attention (
      id TEXT PRIMARY KEY,
      kind TEXT NOT NULL CHECK (kind IN ('payment_unclear', 'reversal_refused', 'print_uncertain', 'service_refused')),
      order_id TEXT NOT NULL REFERENCES orders (id),
      attempt_id TEXT,
      job_id TEXT,
      document TEXT NOT NULL,
      raised_at INTEGER NOT NULL,
      decision TEXT
    ) STRICT, WITHOUT ROWID;
    INSERT INTO new_attention (id, kind, order_id, attempt_id, job_id, document, raised_at, decision)
      SELECT id, kind, order_id, attempt_id, job_id, document, raised_at, decision FROM attention;
    DROP TABLE attention;
    ALTER TABLE new_attention RENAME TO attention;
    CREATE UNIQUE INDEX attention_open ON attention (kind, coalesce(attempt_id, job_id)) WHERE decision IS NULL;
    CREATE INDEX attention_by_order ON attention (order_id);

    -- One row for each job that asks HQ for a service: what HQ said of it. The job ends when HQ has the request; this ends when the carrier has answered.
    CREATE TABLE services (
      job_id TEXT PRIMARY KEY,
      order_id TEXT NOT NULL REFERENCES orders (id),
      -- Which of its order's telecom lines, from 0.
      nth INTEGER NOT NULL CHECK (nth >= 0),
      state TEXT NOT NULL CHECK (state IN ('asked', 'pending', 'done', 'refused')),
      reference TEXT,
      settled_at INTEGER,
      -- Of one that was refused: whether its money is still to be thought about (open), or goes back as soon as the terminal can (owed).
      money TEXT CHECK (money IS NULL OR (money IN ('open', 'owed') AND state = 'refused'))
    ) STRICT, WITHOUT ROWID;
    CREATE INDEX services_by_order ON services (order_id, nth);
    CREATE INDEX services_money ON services (money, order_id) WHERE money IS NOT NULL;
    INSERT INTO services (job_id, order_id, nth, state)
      -- In the order in which they were asked for, which is that of the lines: ids of one millisecond are in no order.
      SELECT jobs.id, jobs.order_id, row_number() OVER (PARTITION BY jobs.order_id ORDER BY outbox.position, jobs.created_at, jobs.id) - 1, 'asked'
      FROM jobs LEFT JOIN outbox ON outbox.id = jobs.event_id WHERE jobs.kind = 'request_service';

    -- Calls that are not over. What was called and when it ended, the events tell.
    CREATE TABLE help_calls (
      id TEXT PRIMARY KEY,
      called_at INTEGER NOT NULL,
      answered_at INTEGER,
      -- HQ's, for the customer: JSON by language.
      words TEXT
    ) STRICT, WITHOUT ROWID;

    -- Each order's customer is heard once.
    CREATE TABLE feedback (
      order_id TEXT PRIMARY KEY,
      given_at INTEGER NOT NULL
    ) STRICT, WITHOUT ROWID;
    -- Whether HQ has what a customer said, before their key is forgotten.
    CREATE INDEX outbox_feedback ON outbox (CASE WHEN json_valid(payload) THEN json_extract(payload, '$.orderId') END) WHERE kind = 'feedback.given';
  `,
};
