import { createHash } from 'node:crypto';
import type { DocumentKind } from '../../../domain/contract/hq-down.ts';
import { documentSchemas, documentSignatureText } from '../../../domain/contract/hq-down.ts';
import type { KioskId } from '../../../domain/ids.ts';
import type { Result } from '../../../domain/result.ts';
import { err, ok } from '../../../domain/result.ts';
import { textAtRest } from './at-rest.ts';
import type { Queries, Sql, Transaction } from '../database.ts';
import type { SigningKey } from '../identity/signing-key.ts';
import { parseJson } from '../json.ts';
import { ring } from './ring.ts';

/** HQ's signing key: Ed25519 over the UTF-8 of a text. */
export type Signer = Pick<SigningKey, 'sign'>;
/** Whom a document is for. A kiosk's own goes before its groups', theirs before what is for all; of two groups' the newer one counts (documents.ts). */
export type Scope = 'all' | `group:${string}` | `kiosk:${KioskId}`;

export interface Publication {
  readonly kind: DocumentKind;
  readonly scope: Scope;
  /** As it will rest and be signed: not one byte is rewritten. A function, where the text holds its own revision. */
  readonly text: string | ((revision: number) => string);
  readonly signer: Signer;
  /** Who publishes, for the record. */
  readonly by: string;
  readonly now: number;
}

export interface Published {
  readonly revision: number;
  readonly sha256: string;
}

export type PublishError = { readonly kind: 'malformed'; readonly detail: string } | { readonly kind: 'unchanged'; readonly revision: number };

/** Of each kind and scope, the texts of so many revisions stay as bases of deltas; a kiosk that is further behind gets the whole. */
const keptTexts = 20;
const maxTextCharacters = 16_000_000;
const maxDepth = 40;

/**
 * A new revision of a document, signed, and every kiosk that it concerns is rung. The text is checked by the schema that the kiosk will check it by,
 * so that a slip of a person is heard of here. Errors: `malformed`; `unchanged`, where this very text is already in force.
 */
export async function publish(sql: Sql, publication: Publication): Promise<Result<Published, PublishError>> {
  return sql.begin((transaction) => publishIn(transaction, publication));
}

/** The same within a transaction that does more than this. */
export async function publishIn(transaction: Transaction, { kind, scope, text: given, signer, by, now }: Publication): Promise<Result<Published, PublishError>> {
  if (typeof given === 'string') {
    const fault = faultOf(kind, given);
    if (fault) return err({ kind: 'malformed', detail: fault });
  }
  const revision = (await lockRevision(transaction, kind)) + 1;
  const text = typeof given === 'string' ? given : given(revision);
  if (typeof given !== 'string') {
    const fault = faultOf(kind, text);
    if (fault) return err({ kind: 'malformed', detail: fault });
  }
  const sha256 = createHash('sha256').update(text, 'utf8').digest('hex');
  const inForce = await readNewest(transaction, kind, scope);
  // Signed by a key that HQ has no more, the same text is news: no kiosk would take it.
  if (inForce?.sha256 === sha256 && inForce.signature === signatureOf({ kind, revision: inForce.revision, scope, sha256 }, signer)) return err({ kind: 'unchanged', revision: inForce.revision });
  await insertRevision(transaction, { kind, scope, text, sha256, revision, signer, by, now });
  await ringScope(transaction, scope);
  return ok({ revision, sha256 });
}

/** What is in force for a scope itself, whatever goes before it somewhere. */
export async function readNewest(sql: Queries, kind: DocumentKind, scope: Scope): Promise<{ readonly revision: number; readonly text: string | null; readonly sha256: string; readonly signature: string } | undefined> {
  const [row] = await sql<{ revision: number; text: string | null; sha256: string; signature: string }[]>`
    select revision, text, sha256, signature from documents where kind = ${kind} and scope = ${scope} and withdrawn_at is null order by revision desc limit 1`;
  return row;
}

/** More members than this are rung as all: a bell too many is a question too many, and no more. */
const mostRung = 50;

async function ringScope(transaction: Transaction, scope: Scope): Promise<void> {
  if (scope.startsWith('kiosk:')) return ring(transaction, scope.slice('kiosk:'.length));
  if (scope === 'all') return ring(transaction, { all: true });
  const members = await transaction<{ kiosk_id: string }[]>`select kiosk_id from kiosk_group_members where group_id = ${scope.slice('group:'.length)} limit ${mostRung + 1}`;
  if (members.length > mostRung) return ring(transaction, { all: true });
  for (const { kiosk_id: kioskId } of members) await ring(transaction, kioskId);
}

/**
 * A kiosk's or a group's own document no longer goes before what is more general. That one is published again under a new number, because a kiosk never goes
 * back to a lower one. Where nothing is more general, a kiosk keeps what it has. What else applies to single kiosks now is given anew when they ask (documents.ts).
 * @param over the revision that whoever withdraws has seen; without it whatever is in force there
 * @returns the new revision; `none` where there was none of its own, `changed` where another one stands there now
 */
export async function withdraw(
  sql: Sql, { kind, scope, over, signer, by, now }: { kind: DocumentKind; scope: Exclude<Scope, 'all'>; over?: number; signer: Signer; by: string; now: number },
): Promise<{ readonly revision: number | undefined } | 'none' | 'changed'> {
  return sql.begin(async (transaction) => {
    const revision = (await lockRevision(transaction, kind)) + 1;
    const [own] = await transaction<{ revision: number }[]>`select revision from documents where kind = ${kind} and scope = ${scope} and withdrawn_at is null order by revision desc limit 1`;
    if (!own) return 'none';
    if (over !== undefined && own.revision !== over) return 'changed';
    await transaction`update documents set withdrawn_at = ${now} where kind = ${kind} and scope = ${scope} and withdrawn_at is null`;
    const general = scope.startsWith('kiosk:') ? await readGeneral(transaction, kind, scope.slice('kiosk:'.length)) : await readScope(transaction, kind, 'all');
    if (!general || general.text === null) return { revision: undefined };
    await insertRevision(transaction, { kind, scope: general.scope, text: general.text, sha256: general.sha256, revision, signer, by, now });
    await ringScope(transaction, general.scope);
    return { revision };
  });
}

type General = { readonly scope: Scope; readonly text: string | null; readonly sha256: string };

async function readScope(sql: Queries, kind: DocumentKind, scope: Scope): Promise<General | undefined> {
  const newest = await readNewest(sql, kind, scope);
  return newest && { scope, ...newest };
}

/** What applies to a kiosk that has none of its own. */
async function readGeneral(sql: Queries, kind: DocumentKind, kioskId: string): Promise<General | undefined> {
  const [ofGroup] = await sql<General[]>`
    select scope, text, sha256 from documents where kind = ${kind} and withdrawn_at is null and scope in (
      select 'group:' || group_id from kiosk_group_members where kiosk_id = ${kioskId}) order by revision desc limit 1`;
  return ofGroup ?? readScope(sql, kind, 'all');
}

/** The lock on this row makes publications of one kind follow each other: who commits later has the higher number. */
export async function lockRevision(transaction: Transaction, kind: DocumentKind): Promise<number> {
  await transaction`insert into document_counters (kind, revision) values (${kind}, 0) on conflict (kind) do nothing`;
  const [row] = await transaction<{ revision: number }[]>`select revision from document_counters where kind = ${kind} for update`;
  if (!row) throw new Error(`document_counters: no row of ${kind}`);
  return row.revision;
}

async function insertRevision(
  transaction: Transaction,
  { kind, scope, text, sha256, revision, signer, by, now }: { kind: DocumentKind; scope: Scope; text: string; sha256: string; revision: number; signer: Signer; by: string; now: number },
): Promise<void> {
  const signature = signatureOf({ kind, revision, scope, sha256 }, signer);
  await transaction`
    insert into documents (kind, revision, scope, text, sha256, signature, published_at, published_by)
    values (${kind}, ${revision}, ${scope}, ${textAtRest(kind, text, signer)}, ${sha256}, ${signature}, ${now}, ${by})`;
  await transaction`update document_counters set revision = ${revision} where kind = ${kind}`;
  const [oldest] = await transaction<{ revision: number }[]>`
    select revision from documents where kind = ${kind} and scope = ${scope} and text is not null order by revision desc offset ${keptTexts} limit 1`;
  if (oldest) await transaction`update documents set text = null where kind = ${kind} and scope = ${scope} and revision <= ${oldest.revision} and text is not null`;
}

/** Ed25519 signs the same text the same way each time. */
function signatureOf({ kind, revision, scope, sha256 }: { kind: DocumentKind; revision: number; scope: Scope; sha256: string }, signer: Signer): string {
  return signer.sign(documentSignatureText(kind, revision, scope, sha256)).toString('base64');
}

/**
 * HQ was restored from a copy, and published again before it could know which numbers were used: what was published since a kiosk took its higher
 * revision is published once more, above it. What the kiosk has and HQ has lost stays in force where nobody has published since.
 */
export async function publishAboveLost(sql: Sql, { kind, kioskId, held, scope, signer, now }: { kind: DocumentKind; kioskId: KioskId; held: number; scope: Scope; signer: Signer; now: number }): Promise<void> {
  await sql.begin(async (transaction) => {
    const revision = (await lockRevision(transaction, kind)) + 1;
    const [inForce] = await transaction<{ revision: number; text: string | null; sha256: string }[]>`
      select revision, text, sha256 from documents
      where kind = ${kind} and scope = ${scope} and withdrawn_at is null and published_at > (
        select occurred_at from kiosk_documents where kiosk_id = ${kioskId} and document = ${kind} and revision = ${held} and outcome = 'applied')
      order by revision desc limit 1`;
    if (!inForce || inForce.text === null || inForce.revision >= held || revision <= held) return;
    await insertRevision(transaction, { kind, scope, text: inForce.text, sha256: inForce.sha256, revision, signer, by: `HQ: revision ${inForce.revision} again, after a restore`, now });
    await ringScope(transaction, scope);
  });
}

/**
 * What applies to a kiosk has a lower number than what it holds, and HQ itself gave it that: it came into another group, out of one, or its own was withdrawn. What
 * applies now is published again above it, because a kiosk never goes back to a lower number. Nothing happens where that was done meanwhile, or HQ does not know what is held.
 * @returns whether it was published again
 */
export async function publishAboveHeld(sql: Sql, { kind, held, scope, signer, now }: { kind: DocumentKind; held: { readonly revision: number; readonly sha256: string }; scope: Scope; signer: Signer; now: number }): Promise<boolean> {
  return sql.begin(async (transaction) => {
    const revision = (await lockRevision(transaction, kind)) + 1;
    const [known] = await transaction`select 1 from documents where kind = ${kind} and revision = ${held.revision} and sha256 = ${held.sha256} and scope <> ${scope}`;
    const inForce = await readNewest(transaction, kind, scope);
    if (!known || !inForce || inForce.text === null || inForce.revision >= held.revision) return false;
    await insertRevision(transaction, { kind, scope, text: inForce.text, sha256: inForce.sha256, revision, signer, by: `HQ: revision ${inForce.revision} again, above ${held.revision}`, now });
    return true;
  });
}

function faultOf(kind: DocumentKind, text: string): string | undefined {
  if (text.length > maxTextCharacters) return `the text is longer than ${maxTextCharacters} characters`;
  if (text.includes('\0')) return 'the text holds a NUL character';
  if (!text.isWellFormed()) return 'the text is no well-formed Unicode';
  const parsed = parseJson(text, maxDepth);
  if (!parsed.ok) return parsed.error;
  const checked = documentSchemas[kind].safeParse(parsed.value);
  return checked.success ? undefined : checked.error.issues.slice(0, 5).map(({ path, message }) => `${path.join('.')}: ${message}`).join('; ');
}

export interface DocumentRow {
  readonly kind: DocumentKind;
  readonly revision: number;
  readonly scope: string;
  readonly sha256: string;
  readonly publishedAt: number;
  readonly publishedBy: string;
}

/** What is in force now, by kind and scope. */
export async function listDocuments(sql: Sql): Promise<readonly DocumentRow[]> {
  return sql<DocumentRow[]>`
    select distinct on (kind, scope) kind, revision, scope, sha256, published_at as "publishedAt", published_by as "publishedBy"
    from documents where withdrawn_at is null order by kind, scope, revision desc`;
}
