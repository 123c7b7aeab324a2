import { createHash } from 'node:crypto';
import type { Migration } from './migration.ts';

/**
 * Lanes with a chain each, who the kiosk is, what comes down from HQ, keys of what customers said of themselves, and the books of days. What
 * HQ has not acknowledged yet begins a new epoch, with the same event ids, since its events had no hash.
 */
export const chainsIdentityDown: Migration = {
  version: 3,
  sql: `
    CREATE TABLE lanes (
      lane TEXT PRIMARY KEY CHECK (lane IN ('orders', 'stock', 'logs')),
      epoch INTEGER NOT NULL CHECK (epoch >= 1),
      last INTEGER NOT NULL CHECK (last >= 0),
      acknowledged INTEGER NOT NULL CHECK (acknowledged BETWEEN 0 AND last),
      -- Hash of the event at \`last\`.
      head TEXT NOT NULL,
      -- What HQ had of the epoch before this one; null in the first.
      base_epoch INTEGER,
      base_acknowledged INTEGER
    ) STRICT, WITHOUT ROWID;

    CREATE TABLE new_outbox (
      -- In the order in which they were written, over all lanes and epochs.
      position INTEGER PRIMARY KEY,
      lane TEXT NOT NULL REFERENCES lanes (lane),
      epoch INTEGER NOT NULL,
      sequence INTEGER NOT NULL CHECK (sequence >= 1),
      id TEXT NOT NULL UNIQUE,
      kind TEXT NOT NULL,
      version INTEGER NOT NULL,
      at INTEGER NOT NULL,
      boot TEXT NOT NULL,
      monotonic_ms INTEGER NOT NULL,
      payload TEXT NOT NULL,
      -- Empty for what was acknowledged before there were chains.
      hash TEXT NOT NULL,
      UNIQUE (lane, epoch, sequence)
    ) STRICT;

    ALTER TABLE jobs ADD COLUMN event_id TEXT;
    UPDATE jobs SET event_id = (SELECT id FROM outbox WHERE outbox.sequence = jobs.sequence) WHERE sequence IS NOT NULL;
    DROP INDEX jobs_requested;
    ALTER TABLE jobs DROP COLUMN sequence;
    -- What each acknowledgement of HQ looks through.
    CREATE INDEX jobs_requested ON jobs (event_id) WHERE kind = 'request_service' AND state = 'queued';

    -- Who this kiosk is to HQ. The private key rests in the store, under the store's key.
    CREATE TABLE identity (
      only_row INTEGER PRIMARY KEY CHECK (only_row = 1),
      kiosk_id TEXT NOT NULL,
      private_key TEXT NOT NULL,
      public_key TEXT NOT NULL,
      -- Pinned once HQ has approved.
      hq_public_key TEXT,
      state TEXT NOT NULL CHECK (state IN ('made', 'waiting', 'approved'))
    ) STRICT;

    -- Small things that sync remembers over restarts: the last session, the clock's difference.
    CREATE TABLE sync_state (
      name TEXT PRIMARY KEY,
      value TEXT NOT NULL
    ) STRICT, WITHOUT ROWID;

    -- What HQ has given, as the exact text: in force (\`applied\`), or waiting until no customer is there.
    CREATE TABLE documents (
      kind TEXT NOT NULL,
      place TEXT NOT NULL CHECK (place IN ('waiting', 'applied')),
      revision INTEGER NOT NULL,
      scope TEXT NOT NULL,
      sha256 TEXT NOT NULL,
      signature TEXT NOT NULL,
      text TEXT NOT NULL,
      taken_at INTEGER NOT NULL,
      PRIMARY KEY (kind, place)
    ) STRICT, WITHOUT ROWID;

    -- Each command once, whatever comes how often. \`doing\` after a start: it was begun, and nobody knows how far.
    CREATE TABLE commands (
      id TEXT PRIMARY KEY,
      sequence INTEGER NOT NULL UNIQUE,
      kind TEXT NOT NULL,
      params TEXT NOT NULL,
      state TEXT NOT NULL CHECK (state IN ('waiting', 'doing', 'done', 'failed', 'expired', 'refused')),
      boot TEXT NOT NULL,
      begin_before_ms INTEGER NOT NULL,
      detail TEXT
    ) STRICT, WITHOUT ROWID;
    CREATE INDEX commands_open ON commands (sequence) WHERE state IN ('waiting', 'doing');

    -- Opens what a customer said of themselves in an order. Deleted after its time, and with it the words themselves, wherever they lie.
    CREATE TABLE personal_keys (
      order_id TEXT PRIMARY KEY,
      key BLOB NOT NULL,
      made_at INTEGER NOT NULL
    ) STRICT, WITHOUT ROWID;
    CREATE INDEX personal_keys_by_age ON personal_keys (made_at);

    -- Closed days: how far each lane's epoch was counted.
    CREATE TABLE closings (
      number INTEGER PRIMARY KEY,
      day TEXT NOT NULL,
      closed_at INTEGER NOT NULL,
      event_id TEXT NOT NULL,
      position INTEGER NOT NULL
    ) STRICT;
  `,
  finish(database) {
    // The chain as it was when this migration was written: later code may know more of an event.
    interface Old { sequence: number; id: string; kind: string; version: number; at: number; payload: string }
    const before = database.prepare<[], { epoch: number; last: number; acknowledged: number }>('SELECT epoch, last, acknowledged FROM outbox_position').get();
    if (!before) throw new Error('the store has no outbox position');
    const isNew = before.last === 0;
    const epoch = isNew ? before.epoch : before.epoch + 1;
    const genesis = '0'.repeat(64);
    const heads = { orders: genesis, stock: genesis, logs: genesis };
    const lasts = { orders: 0, stock: 0, logs: 0 };
    const nowhere = '00000000-0000-0000-0000-000000000000';
    const insertLane = database.prepare('INSERT INTO lanes (lane, epoch, last, acknowledged, head, base_epoch, base_acknowledged) VALUES (?, ?, 0, 0, ?, ?, ?)');
    insertLane.run('orders', epoch, genesis, isNew ? null : before.epoch, isNew ? null : before.acknowledged);
    insertLane.run('stock', 1, genesis, null, null);
    insertLane.run('logs', 1, genesis, null, null);
    const insert = database.prepare(
      'INSERT INTO new_outbox (lane, epoch, sequence, id, kind, version, at, boot, monotonic_ms, payload, hash) VALUES (?, ?, ?, ?, ?, ?, ?, ?, 0, ?, ?)');
    for (const row of database.prepare<[], Old>('SELECT * FROM outbox ORDER BY sequence').all()) {
      if (row.sequence <= before.acknowledged) {
        insert.run('orders', before.epoch, row.sequence, row.id, row.kind, row.version, row.at, nowhere, row.payload, '');
        continue;
      }
      const lane = row.kind === 'stock.moved' ? 'stock' : 'orders';
      const laneEpoch = lane === 'orders' ? epoch : 1;
      const sequence = (lasts[lane] += 1);
      const text = [heads[lane], lane, laneEpoch, sequence, row.id, row.kind, row.version, row.at, nowhere, 0, row.payload].join('\n');
      heads[lane] = createHash('sha256').update(text, 'utf8').digest('hex');
      insert.run(lane, laneEpoch, sequence, row.id, row.kind, row.version, row.at, nowhere, row.payload, heads[lane]);
    }
    const setLane = database.prepare('UPDATE lanes SET last = ?, head = ? WHERE lane = ?');
    for (const lane of ['orders', 'stock'] as const) setLane.run(lasts[lane], heads[lane], lane);
    database.exec('DROP TABLE outbox; ALTER TABLE new_outbox RENAME TO outbox; DROP TABLE outbox_position;');
    // Whether HQ has an order: its words are not forgotten before. Written as the query has it (personal.ts), or it is not used.
    database.exec("CREATE INDEX outbox_placed ON outbox (CASE WHEN json_valid(payload) THEN json_extract(payload, '$.order.id') END) WHERE kind = 'order.placed'");
  },
};
