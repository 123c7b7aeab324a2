import type { Sql } from '../database.ts';

const dayMs = 24 * 3_600_000;

/** Takes away what nobody needs any more: sessions and invitations long over, tries long forgotten. What was done stands in the audit. Answers how many rows went. */
export async function tidyPeople(sql: Sql, now: number): Promise<number> {
  const before = now - 30 * dayMs;
  const removed = [
    await sql`delete from account_sessions where coalesce(ended_at, expires_at) < ${before}`,
    await sql`delete from account_invitations where coalesce(ended_at, expires_at) < ${before}`,
    await sql`delete from sign_in_tries where last_at < ${now - dayMs} and blocked_until < ${now}`,
    await sql`delete from passkey_challenges where expires_at < ${now}`,
  ];
  return removed.reduce((sum, { count }) => sum + count, 0);
}
