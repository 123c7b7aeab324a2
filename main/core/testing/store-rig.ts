import { createHash, randomUUID } from 'node:crypto';
import path from 'node:path';
import Database from 'better-sqlite3';
import type { CommandKind, DocumentKind, DocumentOf } from '../../../domain/contract/hq-down.ts';
import type { AttemptId, OrderId } from '../../../domain/ids.ts';
import { createCommandInbox } from '../../store/commands.ts';
import { createDocumentInbox } from '../../store/documents.ts';
import { applyKey } from '../../store/connection.ts';
import type { Outbox } from '../../store/outbox.ts';
import { createOutbox } from '../../store/outbox.ts';
import type { StoreReader } from '../../store/reader.ts';
import { createStoreReader } from '../../store/reader.ts';

/** A second connection to the store of a kiosk that runs: reads what is committed, and makes chosen writes fail. */
export interface StoreRig {
  readonly reader: StoreReader;
  readonly outbox: Outbox;
  orderIds(): readonly OrderId[];
  attemptStates(orderId: OrderId): readonly string[];
  /** By kind. */
  jobStates(orderId: OrderId): Readonly<Record<string, string>>;
  eventIds(): readonly string[];
  /** Without what the kiosk tells of itself at any time: its state, and its log. */
  eventIdsOfWork(): readonly string[];
  attemptIds(): readonly AttemptId[];
  /** As if the disk were full for it: `write` as in "UPDATE ON jobs", `when` over NEW. Answers how to lift it. */
  refuse(write: string, when?: string): () => void;
  /** As somebody would who has the key and a tool. */
  tamper(sql: string): void;
  /** Every row of every table. */
  everything(): unknown;
  /** As if all payments had begun so much earlier. */
  agePayments(ms: number): void;
  /** A command of HQ's, as sync puts it into the store of the run that wrote last. */
  give(kind: CommandKind, params: unknown): string;
  /** A document of HQ's, as sync puts it into the store. */
  publish<K extends DocumentKind>(kind: K, document: DocumentOf<K>): void;
  close(): void;
}

export function openStoreRig(dataFolder: string, keyHex: string): StoreRig {
  const database = new Database(path.join(dataFolder, 'store/store.db'), { fileMustExist: true });
  applyKey(database, keyHex);
  database.pragma('busy_timeout = 5000');
  const reader = createStoreReader(database);
  const column = <T>(sql: string) => database.prepare<[], T>(sql).pluck().all() as T[];
  let refusals = 0;
  let given = 0;
  let revision = 0;

  return {
    reader,
    outbox: createOutbox(database),
    orderIds: () => column<OrderId>('SELECT id FROM orders ORDER BY placed_at, id'),
    attemptStates: (orderId) => reader.attempts(orderId).map((attempt) => attempt.state),
    jobStates: (orderId) => Object.fromEntries(reader.jobs(orderId).map((job) => [job.kind, job.state])),
    eventIds: () => column<string>('SELECT id FROM outbox ORDER BY position'),
    eventIdsOfWork: () => column<string>("SELECT id FROM outbox WHERE kind NOT IN ('kiosk.state', 'log.lines') ORDER BY position"),
    attemptIds: () => column<AttemptId>('SELECT id FROM payment_attempts'),
    refuse(write, when = '1') {
      const name = `refusal_${refusals++}`;
      database.exec(`CREATE TRIGGER ${name} BEFORE ${write} WHEN ${when} BEGIN SELECT RAISE(ABORT, 'the disk is full'); END`);
      return () => database.exec(`DROP TRIGGER ${name}`);
    },
    tamper: (sql) => void database.exec(sql),
    everything: () =>
      column<string>("SELECT name FROM sqlite_schema WHERE type = 'table' AND name NOT LIKE 'sqlite_%'").map((name) => [name, database.prepare(`SELECT * FROM ${name}`).all()]),
    agePayments: (ms) => void database.prepare('UPDATE payment_attempts SET started_at = started_at - ?').run(ms),
    give(kind, params) {
      const [boot = ''] = column<string>('SELECT boot FROM outbox ORDER BY position DESC LIMIT 1');
      const id = randomUUID();
      given += 1;
      createCommandInbox(database, boot).take([{ id, sequence: given, kind, params, expiresInMs: 1e12 }], given - 1, 0, true);
      return id;
    },
    publish(kind, document) {
      revision += 1;
      const text = JSON.stringify(document);
      createDocumentInbox(database).putWaiting({ kind, revision, scope: 'all', sha256: createHash('sha256').update(text).digest('hex'), signature: '', text }, 0);
    },
    close: () => database.close(),
  };
}
