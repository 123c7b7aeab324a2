import type { HqAuditEntry as ShownEntry } from '../../contract/api/audit.ts';
import type { AlertFacts } from '../../contract/alert-words.ts';
import { englishDetail } from '../../contract/alert-words.ts';
import { hqItself } from '../../contract/api/alerts.ts';
import { raiseWithFacts } from '../alerts/raise.ts';
import type { Queries, Sql } from '../database.ts';
import type { HqAuditEntry } from './audit.ts';
import { hashOfEntry } from './audit.ts';

export interface AuditFilter {
  readonly before?: number | undefined;
  readonly account?: string | undefined;
  readonly outcome?: ShownEntry['outcome'] | undefined;
  readonly words?: string | undefined;
  readonly from?: number | undefined;
  readonly to?: number | undefined;
  readonly limit: number;
}

/** Newest first, each act once: what was begun stands for itself only while no end of it is known. `next` is the `before` of the page that follows. */
export async function readAudit(sql: Queries, { before, account, outcome, words, from, to, limit }: AuditFilter): Promise<{ readonly entries: ShownEntry[]; readonly next: number | null }> {
  const like = words === undefined || words === '' ? undefined : `%${words.replace(/[\\%_]/g, '\\$&')}%`;
  const rows = await sql<ShownEntry[]>`
    select number, at, account, role, route, summary, subject, outcome, detail, address, begun, hash from hq_audit a
    where number < ${before ?? Number.MAX_SAFE_INTEGER} and not (outcome = 'begun' and exists (select 1 from hq_audit e where e.begun = a.number))
      ${account === undefined || account === '' ? sql`` : sql`and account = ${account.toLowerCase()}`} ${outcome === undefined ? sql`` : sql`and outcome = ${outcome}`}
      ${from === undefined ? sql`` : sql`and at >= ${from}`} ${to === undefined ? sql`` : sql`and at < ${to}`}
      ${like === undefined ? sql`` : sql`and (summary ilike ${like} or subject ilike ${like} or detail ilike ${like})`}
    order by number desc limit ${limit + 1}`;
  const entries = rows.slice(0, limit).map((row) => ({ ...row }));
  return { entries, next: rows.length > limit ? (entries.at(-1)?.number ?? null) : null };
}

export interface AuditState {
  readonly entries: number;
  readonly checkedAt: number | null;
  readonly checkedTo: number | null;
  readonly trouble: string;
}

export async function auditState(sql: Queries): Promise<AuditState> {
  const [row] = await sql<{ number: number; checked_at: number | null; checked_to: number | null; trouble: string }[]>`select number, checked_at, checked_to, trouble from hq_audit_head where only_row`;
  return row ? { entries: row.number, checkedAt: row.checked_at, checkedTo: row.checked_to, trouble: row.trouble } : { entries: 0, checkedAt: null, checkedTo: null, trouble: 'the row of the last entry is gone' };
}

const pageRows = 1000;

/**
 * Does the sum over the whole chain again and keeps what it finds. It finds what was changed, taken out, put in or cut off at the end. Whoever may write to the
 * database and makes the whole chain anew is not found by the chain itself: the hash that HQ's log names at each check is for that.
 */
export async function checkAudit(sql: Sql, now: number): Promise<AuditState & { readonly hash: string }> {
  const [head] = await sql<{ number: number; hash: string }[]>`select number, hash from hq_audit_head where only_row`;
  const found: Trouble | undefined = head ? await troubleOf(sql, head) : { what: 'head_gone', from: 0, to: 0 };
  const trouble = found ? englishDetail('hq_audit_broken', found) : '';
  await sql.begin(async (transaction) => {
    await transaction`update hq_audit_head set checked_at = ${now}, checked_to = ${head?.number ?? 0}, trouble = ${trouble} where only_row`;
    // Whole again, it was made so by somebody: a person ends the alarm.
    if (found) await raiseWithFacts(transaction, { kioskId: hqItself, kind: 'hq_audit_broken', subject: '', facts: found, at: now });
  });
  return { entries: head?.number ?? 0, checkedAt: now, checkedTo: head?.number ?? 0, trouble, hash: head?.hash ?? '' };
}

type Trouble = AlertFacts<'hq_audit_broken'>;

async function troubleOf(sql: Sql, head: { readonly number: number; readonly hash: string }): Promise<Trouble | undefined> {
  const only = (what: Trouble['what'], number: number): Trouble => ({ what, from: number, to: number });
  let [at, previous] = [0, '0'.repeat(64)];
  while (at < head.number) {
    const rows = await sql<(Omit<HqAuditEntry, 'accountId'> & { account_id: string | null })[]>`
      select number, at, account_id, account, role, route, summary, subject, outcome, detail, address, begun, previous, hash from hq_audit where number > ${at} and number <= ${head.number} order by number limit ${pageRows}`;
    if (rows.length === 0) return { what: 'missing', from: at + 1, to: head.number };
    for (const { account_id: accountId, ...row } of rows) {
      if (row.number !== at + 1) return { what: 'missing', from: at + 1, to: row.number - 1 };
      if (row.previous !== previous) return only('not_following', row.number);
      if (hashOfEntry({ ...row, accountId }) !== row.hash) return only('changed', row.number);
      [at, previous] = [row.number, row.hash];
    }
  }
  if (previous !== head.hash) return only('not_last', head.number);
  const [stray] = await sql<{ number: number }[]>`select a.number from hq_audit a join hq_audit_head h on h.only_row where a.number < 1 or a.number > h.number order by a.number limit 1`;
  return stray && only('put_in', stray.number);
}
