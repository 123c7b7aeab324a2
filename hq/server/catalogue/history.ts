import type { EntryChange } from '../../contract/catalogue/difference.ts';
import { catalogueDifference } from '../../contract/catalogue/difference.ts';
import { ApiRefusal } from '../api/serve.ts';
import type { Queries } from '../database.ts';
import type { Scope } from '../down/publish.ts';
import { looseOf } from './in-force.ts';

export interface RevisionRow {
  readonly revision: number;
  readonly scope: Scope;
  readonly publishedAt: number;
  readonly publishedBy: string;
  readonly withdrawnAt: number | null;
  readonly isInForce: boolean;
  readonly hasText: boolean;
}

/** The newest first. */
export async function readRevisions(sql: Queries, scope: Scope | undefined, before: number | undefined, limit: number): Promise<readonly RevisionRow[]> {
  return sql<RevisionRow[]>`
    select revision, scope, published_at as "publishedAt", published_by as "publishedBy", withdrawn_at as "withdrawnAt", text is not null as "hasText",
      withdrawn_at is null and not exists (
        select 1 from documents newer where newer.kind = 'catalogue' and newer.scope = documents.scope and newer.revision > documents.revision and newer.withdrawn_at is null) as "isInForce"
    from documents where kind = 'catalogue' ${scope === undefined ? sql`` : sql`and scope = ${scope}`} ${before === undefined ? sql`` : sql`and revision < ${before}`}
    order by revision desc limit ${limit}`;
}

/** A revision's text; refused where it is unknown, or too old for its text to be kept. */
export async function readRevisionText(sql: Queries, revision: number): Promise<{ readonly scope: Scope; readonly text: string }> {
  const [row] = await sql<{ scope: Scope; text: string | null }[]>`select scope, text from documents where kind = 'catalogue' and revision = ${revision}`;
  if (!row) throw new ApiRefusal('HQ_NOT_FOUND', `there is no revision ${revision}`);
  if (row.text === null) throw new ApiRefusal('HQ_NOT_FOUND', `the text of revision ${revision} is no longer kept`);
  return { scope: row.scope, text: row.text };
}

/** @param from without it, the one before it in its own scope, and for the first of a scope the newest for all before it */
export async function readChanges(sql: Queries, to: number, from: number | undefined): Promise<{ readonly from: number | null; readonly changes: readonly EntryChange[] }> {
  const after = await readRevisionText(sql, to);
  const base = from ?? (await readBefore(sql, to, after.scope)) ?? (await readBefore(sql, to, 'all'));
  const before = base === undefined ? '{}' : (await readRevisionText(sql, base)).text;
  return { from: base ?? null, changes: catalogueDifference(looseOf(before), looseOf(after.text)) };
}

async function readBefore(sql: Queries, revision: number, scope: Scope): Promise<number | undefined> {
  const [row] = await sql<{ revision: number }[]>`
    select revision from documents where kind = 'catalogue' and scope = ${scope} and revision < ${revision} and text is not null order by revision desc limit 1`;
  return row?.revision;
}
