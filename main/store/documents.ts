import type { Database } from 'better-sqlite3';
import type { DocumentKind } from '../../domain/contract/hq-down.ts';
import { documentKinds } from '../../domain/contract/hq-down.ts';
import type { Emitter } from './emitter.ts';

/** One revision of a document, as the exact text that HQ's signature binds by its hash. */
export interface StoredDocument {
  readonly kind: DocumentKind;
  readonly revision: number;
  readonly scope: string;
  readonly sha256: string;
  readonly signature: string;
  readonly text: string;
}

/** Which revision, without its text. */
export type Revision = Pick<StoredDocument, 'revision' | 'sha256'>;

export interface Refusal extends Revision {
  readonly kind: DocumentKind;
  readonly detail: string;
}

/** Where sync puts what came, on its own connection. It writes no event: what is told to HQ is told by core, the one writer of events. */
export interface DocumentInbox {
  /** The newest that is here of each kind: what waits, or else what is in force. */
  held(): Partial<Record<DocumentKind, Revision>>;
  /** Waiting or in force; undefined where this revision is not here (any more). */
  textOf(kind: DocumentKind, revision: number): string | undefined;
  /** Durable when it returns. What waited of this kind before is given up; what is in force already does not wait. */
  putWaiting(document: StoredDocument, takenAt: number): void;
  /** For core to tell HQ, once for each revision. */
  noteRefused(refusal: Refusal): void;
}

/** What core does with the documents; all of it within one transaction with its events. */
export interface DocumentStore {
  applied(kind: DocumentKind): StoredDocument | undefined;
  /** Of all kinds, in their order. */
  waiting(): readonly StoredDocument[];
  /** Something waits, or a refusal is not told yet: cheap to ask every few seconds. */
  hasWork(): boolean;
  /** What waits of this kind is in force from now on, and HQ hears of it. Only within a transaction. */
  apply(document: StoredDocument): void;
  /** What waits of this kind is given up, and HQ hears why. Only within a transaction. */
  refuse(document: StoredDocument, detail: string): void;
  /** Tells HQ what sync has refused. Answers how many there were. */
  tellRefusals(): number;
}

interface Row { kind: DocumentKind; revision: number; scope: string; sha256: string; signature: string; text: string }
interface NotedRefusal extends Revision { readonly detail: string; readonly told: boolean }

const columns = 'kind, revision, scope, sha256, signature, text';
const refusalName = (kind: DocumentKind) => `refused_document.${kind}`;

export function createDocumentInbox(database: Database): DocumentInbox {
  const revisions = database.prepare<[], { kind: DocumentKind; revision: number; sha256: string }>("SELECT kind, revision, sha256 FROM documents ORDER BY place = 'waiting'");
  const text = database.prepare<[string, number], { text: string }>("SELECT text FROM documents WHERE kind = ? AND revision = ? ORDER BY place = 'applied' LIMIT 1");
  const inForce = database.prepare<[string, number, string], { kind: string }>("SELECT kind FROM documents WHERE kind = ? AND place = 'applied' AND revision = ? AND sha256 = ?");
  const insert = database.prepare("INSERT OR REPLACE INTO documents (kind, place, revision, scope, sha256, signature, text, taken_at) VALUES (?, 'waiting', ?, ?, ?, ?, ?, ?)");
  const remove = database.prepare("DELETE FROM documents WHERE kind = ? AND place = 'waiting'");
  const refusals = createRefusals(database);

  return {
    held: () => Object.fromEntries(revisions.all().map(({ kind, revision, sha256 }) => [kind, { revision, sha256 }])),
    textOf: (kind, revision) => text.get(kind, revision)?.text,
    putWaiting: database.transaction((document: StoredDocument, takenAt: number) => {
      const { kind, revision, scope, sha256, signature } = document;
      if (inForce.get(kind, revision, sha256)) remove.run(kind);
      else insert.run(kind, revision, scope, sha256, signature, document.text, takenAt);
    }).immediate,
    noteRefused: database.transaction(({ kind, revision, sha256, detail }: Refusal) => {
      const before = refusals.get(kind);
      if (before?.revision === revision && before.sha256 === sha256) return;
      refusals.set(kind, { revision, sha256, detail, told: false });
    }).immediate,
  };
}

export function createDocumentStore(database: Database, { emit, transaction }: Emitter): DocumentStore {
  const applied = database.prepare<[string], Row>(`SELECT ${columns} FROM documents WHERE kind = ? AND place = 'applied'`);
  const waiting = database.prepare<[], Row>(`SELECT ${columns} FROM documents WHERE place = 'waiting'`);
  const count = database.prepare<[], { count: number }>("SELECT count(*) AS count FROM documents WHERE place = 'waiting'");
  const makeRoom = database.prepare("DELETE FROM documents WHERE kind = ? AND place = 'applied'");
  const move = database.prepare("UPDATE documents SET place = 'applied' WHERE kind = ? AND place = 'waiting' AND revision = ? AND sha256 = ?");
  const remove = database.prepare("DELETE FROM documents WHERE kind = ? AND place = 'waiting' AND revision = ? AND sha256 = ?");
  const refusals = createRefusals(database);

  function tellRefused({ kind, revision, sha256, detail }: Refusal): void {
    emit('document.applied', { document: kind, revision, sha256, outcome: 'refused', detail: detail.slice(0, 2000) });
    refusals.set(kind, { revision, sha256, detail, told: true });
  }

  return {
    applied: (kind) => applied.get(kind),
    waiting: () => waiting.all().toSorted((one, other) => documentKinds.indexOf(one.kind) - documentKinds.indexOf(other.kind)),
    hasWork: () => count.get()!.count > 0 || documentKinds.some((kind) => refusals.get(kind)?.told === false),
    apply({ kind, revision, sha256 }) {
      makeRoom.run(kind);
      if (move.run(kind, revision, sha256).changes !== 1) throw new Error(`revision ${revision} of ${kind} does not wait`);
      emit('document.applied', { document: kind, revision, sha256, outcome: 'applied' });
    },
    refuse({ kind, revision, sha256 }, detail) {
      if (remove.run(kind, revision, sha256).changes !== 1) throw new Error(`revision ${revision} of ${kind} does not wait`);
      tellRefused({ kind, revision, sha256, detail });
    },
    tellRefusals: transaction(() => {
      const untold = documentKinds.flatMap((kind) => {
        const refusal = refusals.get(kind);
        return refusal && !refusal.told ? [{ ...refusal, kind }] : [];
      });
      for (const refusal of untold) tellRefused(refusal);
      return untold.length;
    }),
  };
}

/** The newest refusal of each kind. */
function createRefusals(database: Database): { get(kind: DocumentKind): NotedRefusal | undefined; set(kind: DocumentKind, refusal: NotedRefusal): void } {
  const get = database.prepare<[string], { value: string }>('SELECT value FROM sync_state WHERE name = ?');
  const set = database.prepare('INSERT OR REPLACE INTO sync_state (name, value) VALUES (?, ?)');
  return {
    get(kind) {
      const row = get.get(refusalName(kind));
      // Written by this function alone.
      return row && (JSON.parse(row.value) as NotedRefusal);
    },
    set: (kind, refusal) => void set.run(refusalName(kind), JSON.stringify(refusal)),
  };
}
