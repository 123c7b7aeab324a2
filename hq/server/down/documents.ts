import type { DocumentKind, DocumentRevision, DownRequest } from '../../../domain/contract/hq-down.ts';
import { documentKinds, documentSignatureText } from '../../../domain/contract/hq-down.ts';
import type { KioskId } from '../../../domain/ids.ts';
import { makeTextDelta } from '../../../domain/sync/text-delta.ts';
import type { Sql } from '../database.ts';
import { plainText } from './at-rest.ts';
import type { Scope, Signer } from './publish.ts';
import { publishAboveHeld, publishAboveLost } from './publish.ts';

interface InForce {
  readonly kind: DocumentKind;
  readonly revision: number;
  readonly scope: Scope;
  readonly sha256: string;
  readonly signature: string;
}

type Content = DocumentRevision['content'];
type Has = DownRequest['documents'][DocumentKind];

export interface DocumentSource {
  /** What this kiosk lacks, each kind's newest. What does not fit into one answer comes with the next. */
  readonly documentsFor: (kioskId: KioskId, has: DownRequest['documents'], now: number) => Promise<readonly DocumentRevision[]>;
}

/** An answer ends after the document that passes this. */
const maxAnswerCharacters = 20_000_000;
const maxCachedCharacters = 64_000_000;
/** What a kiosk refused is not sent again each minute; but once in a while, because the kiosk may have been updated. */
const refusedPauseMs = 3_600_000;
/** HQ restored from a copy is behind its kiosks by no more publications than this. */
const maxLostRevisions = 10_000;

/**
 * Where kiosks' documents come from. A delta of two revisions is the same for every kiosk and is reckoned once: revisions never change, so what is kept
 * here is no state.
 */
export function createDocumentSource(sql: Sql, signer: Signer): DocumentSource {
  const cache = createContentCache();

  const documentsFor: DocumentSource['documentsFor'] = async (kioskId, has, now) => {
    const [applies, refused] = await Promise.all([readInForce(sql, kioskId), readRefused(sql, kioskId, now)]);
    const inForce = (await giveAnew(applies, has, now)) ? await readInForce(sql, kioskId) : applies;
    const answer: DocumentRevision[] = [];
    let characters = 0;
    for (const document of inForce) {
      const held = has[document.kind];
      if (held && held.revision > document.revision) {
        await noteLost(sql, document.kind, held.revision);
        await publishAboveLost(sql, { kind: document.kind, kioskId, held: held.revision, scope: document.scope, signer, now });
      }
      if (!isNews(document, held) || refused.has(`${document.kind} ${document.revision} ${document.sha256}`)) continue;
      if (characters > maxAnswerCharacters) break;
      const { content, size } = await cache.get(`${document.kind} ${document.revision} ${document.sha256} ${held?.revision} ${held?.sha256}`, () => makeContent(sql, signer, document, held));
      if (!content) continue;
      characters += size;
      answer.push({ ...asOwn(document, kioskId), content });
    }
    return answer;
  };

  /** A kiosk came into a group or out of one, and holds a higher number than what applies to it now. */
  async function giveAnew(inForce: readonly InForce[], has: DownRequest['documents'], now: number): Promise<boolean> {
    let isNew = false;
    for (const { kind, revision, scope } of inForce) {
      const held = has[kind];
      if (held && held.revision > revision) isNew = (await publishAboveHeld(sql, { kind, held, scope, signer, now })) || isNew;
    }
    return isNew;
  }

  /**
   * A group's document goes out as the kiosk's own, with a signature for that: kiosks know nothing of groups, nor need to, and one of before takes it as well. What
   * is signed for a group alone is taken by none. Ed25519 makes the same signature each time, so nothing of it has to be kept.
   */
  function asOwn(document: InForce, kioskId: KioskId): Omit<DocumentRevision, 'content'> {
    const { kind, revision, scope, sha256 } = document;
    if (!scope.startsWith('group:')) return { ...document, scope: scope as 'all' | `kiosk:${string}` };
    const own = `kiosk:${kioskId}` as const;
    return { kind, revision, scope: own, sha256, signature: signer.sign(documentSignatureText(kind, revision, own, sha256)).toString('base64') };
  }
  return { documentsFor };
}

/** The same number with another text: damaged at the kiosk, or given twice by an HQ that was restored. HQ's is in force. */
function isNews(document: InForce, held: Has): boolean {
  return !held || held.revision < document.revision || (held.revision === document.revision && held.sha256 !== document.sha256);
}

/** A kiosk's own goes before its groups', and theirs before what is for all, whichever is newer; of two groups' the newer one counts. */
async function readInForce(sql: Sql, kioskId: KioskId): Promise<readonly InForce[]> {
  const own = `kiosk:${kioskId}`;
  const groups = await sql<{ group_id: string }[]>`select group_id from kiosk_group_members where kiosk_id = ${kioskId}`;
  const scopes = [own, 'all', ...groups.map(({ group_id: groupId }) => `group:${groupId}`)];
  const rows = await sql<InForce[]>`
    select newest.* from unnest(${documentKinds as string[]}::text[]) as wanted (kind)
    cross join unnest(${scopes}::text[]) as scopes (scope)
    cross join lateral (
      select kind, revision, scope, sha256, signature from documents
      where documents.scope = scopes.scope and documents.kind = wanted.kind and withdrawn_at is null order by revision desc limit 1
    ) newest order by newest.revision desc`;
  return documentKinds.flatMap((kind) => {
    const ofKind = rows.filter((row) => row.kind === kind);
    return ofKind.find((row) => row.scope === own) ?? ofKind.find((row) => row.scope !== 'all') ?? ofKind[0] ?? [];
  });
}

async function readRefused(sql: Sql, kioskId: KioskId, now: number): Promise<ReadonlySet<string>> {
  const rows = await sql<{ document: string; revision: number; sha256: string }[]>`
    select document, revision, sha256 from kiosk_documents where kiosk_id = ${kioskId} and outcome = 'refused' and occurred_at > ${now - refusedPauseMs}`;
  return new Set(rows.map((row) => `${row.document} ${row.revision} ${row.sha256}`));
}

/**
 * A kiosk has a revision above HQ's: HQ was restored from a copy, and that publication is lost here. The next one must be above it, because a kiosk
 * never goes back to a lower number. Also the usual case of a kiosk whose own document was withdrawn; then the counter is above already.
 */
async function noteLost(sql: Sql, kind: DocumentKind, revision: number): Promise<void> {
  await sql`update document_counters set revision = ${revision} where kind = ${kind} and revision < ${revision} and revision > ${revision - maxLostRevisions}`;
}

async function makeContent(sql: Sql, signer: Signer, document: InForce, held: Has): Promise<Content | undefined> {
  const rows = await sql<{ revision: number; text: string | null; sha256: string }[]>`
    select revision, text, sha256 from documents where kind = ${document.kind} and revision in (${document.revision}, ${held?.revision ?? 0})`;
  const textOf = (row: (typeof rows)[number] | undefined) => row && plainText(row.text, signer);
  const text = textOf(rows.find((row) => row.revision === document.revision));
  // The text of what is in force is always there; between the two reads it may have been followed by twenty others.
  if (text === undefined || text === null) return undefined;
  const whole = { kind: 'whole', text } as const;
  const base = held && held.revision !== document.revision ? textOf(rows.find((row) => row.revision === held.revision && row.sha256 === held.sha256)) : undefined;
  if (!held || base === undefined || base === null) return whole;
  const delta = makeTextDelta(base, text);
  return delta && JSON.stringify(delta).length < text.length ? { kind: 'delta', base: held.revision, delta } : whole;
}

interface Cached {
  readonly content: Content | undefined;
  readonly size: number;
}

/** The least recently used go first. Who asks while one is being made waits for that one. */
function createContentCache(): { readonly get: (key: string, make: () => Promise<Content | undefined>) => Promise<Cached> } {
  const entries = new Map<string, { readonly made: Promise<Cached>; size: number }>();
  let total = 0;
  const drop = (key: string) => {
    total -= entries.get(key)?.size ?? 0;
    entries.delete(key);
  };
  return {
    get: (key, make) => {
      const known = entries.get(key);
      if (known) {
        entries.delete(key);
        entries.set(key, known);
        return known.made;
      }
      const made = make().then((content): Cached => ({ content, size: sizeOf(content) }));
      const entry = { made, size: 0 };
      entries.set(key, entry);
      made.then(
        ({ content, size }) => {
          if (entries.get(key) !== entry) return;
          if (!content) return drop(key);
          entry.size = size;
          total += size;
          for (const oldest of entries.keys()) {
            if (total <= maxCachedCharacters) break;
            drop(oldest);
          }
        },
        () => drop(key),
      );
      return made;
    },
  };
}

function sizeOf(content: Content | undefined): number {
  if (!content) return 0;
  return content.kind === 'whole' ? content.text.length : JSON.stringify(content.delta).length;
}
