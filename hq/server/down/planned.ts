import { randomBytes } from 'node:crypto';
import type { DocumentKind } from '../../../domain/contract/hq-down.ts';
import { uuidV7From } from '../../../domain/ids.ts';
import type { Queries, Sql } from '../database.ts';
import type { Job } from '../jobs.ts';
import type { Scope, Signer } from './publish.ts';
import { publishIn } from './publish.ts';

export interface PlannedPublication {
  readonly publicationId: string;
  readonly kind: DocumentKind;
  readonly scope: Scope;
  readonly at: number;
  readonly state: 'waiting' | 'published' | 'failed' | 'cancelled';
  readonly plannedBy: string;
  readonly plannedAt: number;
  readonly revision: number | null;
  readonly detail: string | null;
}

interface Plan {
  readonly kind: DocumentKind;
  readonly scope: Scope;
  readonly text: string;
  readonly at: number;
  readonly by: string;
  readonly now: number;
}

/** @returns its id. The text has been checked; what has become wrong with it until then is told on the plan. */
export async function plan(sql: Queries, { kind, scope, text, at, by, now }: Plan): Promise<string> {
  const id = uuidV7From(now, randomBytes(10));
  await sql`
    insert into planned_publications (publication_id, kind, scope, text, at, state, planned_by, planned_at)
    values (${id}, ${kind}, ${scope}, ${text}, ${at}, 'waiting', ${by}, ${now})`;
  return id;
}

/** @returns false where its time has come already, or there is none */
export async function cancelPlan(sql: Sql, publicationId: string, now: number): Promise<boolean> {
  const rows = await sql`
    update planned_publications set state = 'cancelled', ended_at = ${now} where publication_id = ${publicationId} and state = 'waiting' returning 1 as one`;
  return rows.length > 0;
}

/** The newest first; what waits comes before what has ended. */
export async function listPlans(sql: Sql, kind: DocumentKind): Promise<readonly PlannedPublication[]> {
  return sql<PlannedPublication[]>`
    select publication_id as "publicationId", kind, scope, at, state, planned_by as "plannedBy", planned_at as "plannedAt", revision, detail
    from planned_publications where kind = ${kind} order by state <> 'waiting', at desc, publication_id desc limit 100`;
}

/**
 * Publishes what is due, each in one transaction with its plan: of two HQ processes one has the row, and the other finds it done. What is refused then is a
 * plan that failed, with its reason. Answers how many were published.
 */
export async function publishDue(sql: Sql, signer: Signer, now: number, withRevision: (kind: DocumentKind, text: string) => string | ((revision: number) => string) = (_kind, text) => text): Promise<number> {
  let count = 0;
  for (;;) {
    const isDone = await sql.begin(async (transaction) => {
      const [due] = await transaction<{ publication_id: string; kind: DocumentKind; scope: Scope; text: string; planned_by: string }[]>`
        select publication_id, kind, scope, text, planned_by from planned_publications
        where state = 'waiting' and at <= ${now} order by at, publication_id limit 1 for update skip locked`;
      if (!due) return false;
      const { publication_id: id, kind, scope, text, planned_by: by } = due;
      const published = await publishIn(transaction, { kind, scope, text: withRevision(kind, text), signer, by, now });
      const [state, revision, detail] = published.ok
        ? ['published', published.value.revision, null]
        : published.error.kind === 'unchanged' ? ['published', published.error.revision, null] : ['failed', null, published.error.detail];
      await transaction`
        update planned_publications set state = ${state}, revision = ${revision}, detail = ${detail}, ended_at = ${now} where publication_id = ${id}`;
      return true;
    });
    if (!isDone) return count;
    count++;
  }
}

/** How late a publication may be at most, beside the time that it takes. */
export function publicationJob(sql: Sql, signer: Signer, now: () => number, withRevision?: Parameters<typeof publishDue>[3]): Job {
  return { name: 'publish what was planned', everyMs: 10_000, run: () => publishDue(sql, signer, now(), withRevision) };
}
