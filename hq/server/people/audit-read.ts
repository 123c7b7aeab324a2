import type { HqAuditEntry as ShownEntry } from '../../contract/api/audit.ts';
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

/** Newest first. `next` is the `before` of the page that follows. */
export async function readAudit(sql: Queries, { before, account, outcome, words, from, to, limit }: AuditFilter): Promise<{ readonly entries: ShownEntry[]; readonly next: number | null }> {
  const like = words === undefined || words === '' ? undefined : `%${words.replace(/[\\%_]/g, '\\$&')}%`;
  const rows = await sql<ShownEntry[]>`
    select number, at, account, role, route, summary, subject, outcome, detail, address, hash from hq_audit
    where number < ${before ?? Number.MAX_SAFE_INTEGER}
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
  const trouble = head ? await troubleOf(sql, head) : 'the row of the last entry is gone';
  await sql`update hq_audit_head set checked_at = ${now}, checked_to = ${head?.number ?? 0}, trouble = ${trouble} where only_row`;
  return { entries: head?.number ?? 0, checkedAt: now, checkedTo: head?.number ?? 0, trouble, hash: head?.hash ?? '' };
}

async function troubleOf(sql: Sql, head: { readonly number: number; readonly hash: string }): Promise<string> {
  let [at, previous] = [0, '0'.repeat(64)];
  while (at < head.number) {
    const rows = await sql<(Omit<HqAuditEntry, 'accountId'> & { account_id: string | null })[]>`
      select number, at, account_id, account, role, route, summary, subject, outcome, detail, address, previous, hash from hq_audit where number > ${at} and number <= ${head.number} order by number limit ${pageRows}`;
    if (rows.length === 0) return at + 1 === head.number ? `entry ${head.number} is missing` : `entries ${at + 1} to ${head.number} are missing`;
    for (const { account_id: accountId, ...row } of rows) {
      if (row.number !== at + 1) return row.number === at + 2 ? `entry ${at + 1} is missing` : `entries ${at + 1} to ${row.number - 1} are missing`;
      if (row.previous !== previous) return `entry ${row.number} does not follow on the one before`;
      if (hashOfEntry({ ...row, accountId }) !== row.hash) return `entry ${row.number} was changed`;
      [at, previous] = [row.number, row.hash];
    }
  }
  if (previous !== head.hash) return `entry ${head.number} is not the one that was written last`;
  const [stray] = await sql<{ number: number }[]>`select a.number from hq_audit a join hq_audit_head h on h.only_row where a.number < 1 or a.number > h.number order by a.number limit 1`;
  return stray ? `entry ${stray.number} was put in` : '';
}
