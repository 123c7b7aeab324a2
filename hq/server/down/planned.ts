import { randomBytes } from 'node:crypto';
import type { DocumentKind } from '../../../domain/contract/hq-down.ts';
import { uuidV7From } from '../../../domain/ids.ts';
import type { AlertFacts } from '../../contract/alert-words.ts';
import { englishDetail } from '../../contract/alert-words.ts';
import { hqItself } from '../../contract/api/alerts.ts';
import { raiseWithFacts } from '../alerts/raise.ts';
import { readApplied } from '../catalogue/in-force.ts';
import type { Queries, Sql, Transaction } from '../database.ts';
import type { Job } from '../jobs/jobs.ts';
import type { Scope, Signer } from './publish.ts';
import { lockRevision, publishIn } from './publish.ts';

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
  /** Of one that failed: its alarm's facts (`publication_failed`), which say `detail` in the reader's language. Null once the alarm is forgotten. */
  readonly facts: Record<string, unknown> | null;
}

interface Plan {
  readonly kind: DocumentKind;
  readonly scope: Scope;
  readonly text: string;
  readonly at: number;
  readonly by: string;
  readonly now: number;
  /** What applies to the scope as it is planned, 0 where nothing does: what is published over that meanwhile, by a person, is not taken back. */
  readonly over: number;
}

/** @returns its id. The text has been checked; what has become wrong with it until then is told on the plan. */
export async function plan(sql: Queries, { kind, scope, text, at, by, now, over }: Plan): Promise<string> {
  const id = uuidV7From(now, randomBytes(10));
  await sql`
    insert into planned_publications (publication_id, kind, scope, text, at, state, planned_by, planned_at, over_revision)
    values (${id}, ${kind}, ${scope}, ${text}, ${at}, 'waiting', ${by}, ${now}, ${over})`;
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
    select p.publication_id as "publicationId", p.kind, p.scope, p.at, p.state, p.planned_by as "plannedBy", p.planned_at as "plannedAt", p.revision, p.detail,
      (select a.facts from alarms a where a.kiosk_id = ${hqItself} and a.kind = 'publication_failed' and a.subject = p.publication_id::text order by a.at desc limit 1) as facts
    from planned_publications p where p.kind = ${kind} order by p.state <> 'waiting', p.at desc, p.publication_id desc limit 100`;
}

/**
 * Publishes what is due, each in one transaction with its plan: of two HQ processes one has the row, and the other finds it done. What is refused then is a
 * plan that failed, with its reason and an alarm: nobody sits there who would hear of it. Answers how many had their turn.
 */
export async function publishDue(sql: Sql, signer: Signer, now: number, withRevision: (kind: DocumentKind, text: string) => string | ((revision: number) => string) = (_kind, text) => text): Promise<number> {
  let count = 0;
  for (;;) {
    const isDone = await sql.begin(async (transaction) => {
      const [due] = await transaction<Due[]>`
        select publication_id, kind, scope, text, planned_by, planned_at, at, over_revision from planned_publications
        where state = 'waiting' and at <= ${now} order by at, publication_id limit 1 for update skip locked`;
      if (!due) return false;
      const { publication_id: id, kind, scope, text, planned_by: by } = due;
      const told = { scope, plannedBy: by, plannedAt: due.planned_at, dueAt: due.at, meanwhile: null };
      const fail = async (facts: AlertFacts<'publication_failed'>) => {
        await raiseWithFacts(transaction, { kioskId: hqItself, kind: 'publication_failed', subject: id, facts, at: now });
        return ['failed', null, englishDetail('publication_failed', facts)] as const;
      };
      // Nobody else publishes meanwhile.
      await lockRevision(transaction, kind);
      const meanwhile = await publishedMeanwhile(transaction, due);
      const published = meanwhile === undefined ? await publishIn(transaction, { kind, scope, text: withRevision(kind, text), signer, by, now }) : undefined;
      const [state, revision, detail] = published === undefined ? await fail({ ...told, meanwhile: meanwhile ?? null })
        : published.ok ? (['published', published.value.revision, null] as const)
        : published.error.kind === 'unchanged' ? (['published', published.error.revision, null] as const) : await fail({ ...told, malformed: published.error.detail });
      await transaction`
        update planned_publications set state = ${state}, revision = ${revision}, detail = ${detail}, ended_at = ${now} where publication_id = ${id}`;
      return true;
    });
    if (!isDone) return count;
    count++;
  }
}

interface Due { publication_id: string; kind: DocumentKind; scope: Scope; text: string; planned_by: string; planned_at: number; at: number; over_revision: number | null }
type Meanwhile = AlertFacts<'publication_failed'>['meanwhile'];

/**
 * What somebody has published since this was planned, null where what applied then was withdrawn, undefined where it applies still: the same words under another
 * number, or what an earlier plan has put there, of which whoever planned this one could know.
 */
async function publishedMeanwhile(transaction: Transaction, { publication_id, kind, scope, planned_at, over_revision }: Due): Promise<Meanwhile | undefined> {
  if (over_revision === null) return undefined;
  const applied = await readApplied(transaction, kind, scope);
  if ((applied?.revision ?? 0) === over_revision) return undefined;
  if (!applied) return null;
  const [expected] = await transaction`
    select 1 as one from documents n where n.kind = ${kind} and n.revision = ${applied.revision} and (
      n.sha256 = (select o.sha256 from documents o where o.kind = ${kind} and o.revision = ${over_revision})
      or exists (select 1 from planned_publications p where p.kind = ${kind} and p.state = 'published' and p.revision = n.revision and p.planned_at <= ${planned_at} and p.publication_id <> ${publication_id}))`;
  return expected ? undefined : { revision: applied.revision, by: applied.publishedBy, at: applied.publishedAt };
}

/** How late a publication may be at most, beside the time that it takes. */
export function publicationJob(sql: Sql, signer: Signer, now: () => number, withRevision?: Parameters<typeof publishDue>[3]): Job {
  return { name: 'publish what was planned', everyMs: 10_000, run: () => publishDue(sql, signer, now(), withRevision) };
}
