import Database from 'better-sqlite3';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { uuidV7From } from '../../domain/ids.ts';
import { eventPayloads } from '../../domain/contract/hq.ts';
import type { DocumentInbox, DocumentStore, StoredDocument } from './documents.ts';
import { createDocumentInbox, createDocumentStore } from './documents.ts';
import type { Emitter } from './emitter.ts';
import { createEmitter } from './emitter.ts';
import { migrations } from './migrations/all.ts';

let database: Database.Database;
let emitter: Emitter;
let inbox: DocumentInbox;
let store: DocumentStore;

beforeEach(() => {
  database = new Database(':memory:');
  for (const { sql, finish } of migrations) {
    database.exec(sql);
    finish?.(database);
  }
  let ids = 0;
  emitter = createEmitter({ database, now: () => 5, newId: () => uuidV7From(++ids, new Uint8Array(10)) });
  inbox = createDocumentInbox(database);
  store = createDocumentStore(database, emitter);
});
afterEach(() => void database.close());

const document = (revision: number, kind: StoredDocument['kind'] = 'texts'): StoredDocument => (
  { kind, revision, scope: 'all', sha256: String(revision % 10).repeat(64), signature: 'c2ln', text: `{"text ${revision}":\n1}` });
const told = () => (database.prepare('SELECT kind, payload FROM outbox ORDER BY position').all() as { kind: 'document.applied'; payload: string }[])
  .map(({ kind, payload }) => eventPayloads[kind].parse(JSON.parse(payload))).map(({ document, revision, outcome, detail }) => [document, revision, outcome, ...(detail === undefined ? [] : [detail])]);
const apply = (waiting: StoredDocument) => emitter.transaction(() => store.apply(waiting))();

describe('documents of HQ', () => {
  it('wait as the exact text until they are applied, and HQ hears of it once', () => {
    inbox.putWaiting(document(1), 7);
    expect([store.applied('texts'), store.hasWork(), inbox.held()]).toEqual([undefined, true, { texts: { revision: 1, sha256: document(1).sha256 } }]);
    apply(store.waiting()[0]!);
    expect([store.applied('texts'), store.hasWork()]).toEqual([document(1), false]);
    expect(told()).toEqual([['texts', 1, 'applied']]);
    expect(() => apply(document(1))).toThrow('does not wait');
  });

  it('give way to a newer one while they wait; what is in force stays at hand as the base of a delta', () => {
    inbox.putWaiting(document(1), 7);
    apply(document(1));
    inbox.putWaiting(document(2), 7);
    inbox.putWaiting(document(3), 7);
    expect(store.waiting()).toEqual([document(3)]);
    expect(inbox.held()).toMatchObject({ texts: { revision: 3 } });
    expect([1, 2, 3].map((revision) => inbox.textOf('texts', revision))).toEqual([document(1).text, undefined, document(3).text]);
    inbox.putWaiting(document(1), 8);
    expect(store.waiting()).toEqual([]);
    expect(inbox.held()).toMatchObject({ texts: { revision: 1 } });
  });

  it('are applied all or none: a transaction that fails leaves everything as it was', () => {
    inbox.putWaiting(document(1), 7);
    inbox.putWaiting(document(2, 'sold_out'), 7);
    const both = emitter.transaction(() => {
      for (const waiting of store.waiting()) store.apply(waiting);
      throw new Error('the disk is full');
    });
    expect(both).toThrow('disk is full');
    expect([store.waiting().map(({ kind }) => kind), store.applied('texts'), told()]).toEqual([['sold_out', 'texts'], undefined, []]);
  });

  it('that were refused are told once for each revision, over restarts', () => {
    const refusal = { kind: 'texts', revision: 4, sha256: '4'.repeat(64), detail: 'it is no JSON' } as const;
    inbox.noteRefused(refusal);
    inbox.noteRefused(refusal);
    expect(store.hasWork()).toBe(true);
    expect([store.tellRefusals(), store.tellRefusals(), store.hasWork()]).toEqual([1, 0, false]);
    createDocumentInbox(database).noteRefused(refusal);
    expect(createDocumentStore(database, emitter).tellRefusals()).toBe(0);
    inbox.noteRefused({ ...refusal, revision: 5 });
    expect(store.tellRefusals()).toBe(1);
    expect(told()).toEqual([['texts', 4, 'refused', 'it is no JSON'], ['texts', 5, 'refused', 'it is no JSON']]);
  });

  it('that core refuses do not wait any more', () => {
    inbox.putWaiting(document(1), 7);
    emitter.transaction(() => store.refuse(document(1), 'too new'))();
    expect([store.waiting(), told()]).toEqual([[], [['texts', 1, 'refused', 'too new']]]);
  });
});
