import { createHash } from 'node:crypto';
import type { ActOfAccount } from '../api/account.ts';
import type { Sql } from '../database.ts';

export interface HqAuditEntry {
  /** From 1, without a gap. */
  readonly number: number;
  readonly at: number;
  readonly accountId: string | null;
  /** Name and role as they were then; '' where nobody was signed in. */
  readonly account: string;
  readonly role: string;
  readonly route: string;
  readonly summary: string;
  readonly subject: string;
  readonly outcome: ActOfAccount['outcome'];
  readonly detail: string;
  readonly address: string;
  /** Of an act's end, the entry that says that it was begun. */
  readonly begun: number | null;
  /** Hash of the entry before, 64 zeros of the first. */
  readonly previous: string;
  readonly hash: string;
}

/** SHA-256 over all that an entry says. As JSON, so that no text can pretend to be two fields. One without `begun` is reckoned as before there was such a field. */
export function hashOfEntry(entry: Omit<HqAuditEntry, 'hash'>): string {
  const { number, at, accountId, account, role, route, summary, subject, outcome, detail, address, begun, previous } = entry;
  return createHash('sha256').update(JSON.stringify([previous, 'hq', number, at, accountId, account, role, route, summary, subject, outcome, detail, address, ...(begun === null ? [] : [begun])])).digest('hex');
}

/** Appends one act and answers its number. Entries of all HQ processes follow one another: the row of the last is locked meanwhile. */
export async function appendAudit(sql: Sql, act: ActOfAccount): Promise<number> {
  return sql.begin(async (transaction) => {
    const [head] = await transaction<{ number: number; hash: string }[]>`select number, hash from hq_audit_head where only_row for update`;
    if (!head) throw new Error('the row of the last audit entry is gone');
    const entry: Omit<HqAuditEntry, 'hash'> = {
      number: head.number + 1, at: act.at, accountId: act.account?.accountId ?? null, account: act.account?.name ?? '', role: act.account?.role ?? '', route: act.route, summary: act.summary,
      subject: storable(act.subject), outcome: act.outcome, detail: storable(act.detail), address: act.address, begun: act.begun ?? null, previous: head.hash,
    };
    const hash = hashOfEntry(entry);
    await transaction`
      insert into hq_audit (number, at, account_id, account, role, route, summary, subject, outcome, detail, address, begun, previous, hash)
      values (${entry.number}, ${entry.at}, ${entry.accountId}, ${entry.account}, ${entry.role}, ${entry.route}, ${entry.summary}, ${entry.subject}, ${entry.outcome}, ${entry.detail}, ${entry.address}, ${entry.begun}, ${entry.previous}, ${hash})`;
    await transaction`update hq_audit_head set number = ${entry.number}, hash = ${hash} where only_row`;
    return entry.number;
  });
}

/** What the database gives back as it was given: it takes no NUL, and half a surrogate pair comes back as another character. */
function storable(text: string): string {
  return text.replaceAll('\0', ' ').toWellFormed();
}
