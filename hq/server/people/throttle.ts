import { isIP } from 'node:net';
import type { Sql } from '../database.ts';

export interface ThrottleRule {
  /** So many wrong tries cost nothing. */
  readonly free: number;
  /** The wait after the first that does; each more doubles it. */
  readonly firstWaitMs: number;
  readonly longestWaitMs: number;
  /** Forgotten after so long without a try. */
  readonly forgottenMs: number;
}

/** An account: so that nobody can guess. Not for ever: who only knows a name must not keep its owner out, and a passkey is not counted here at all. */
export const ofAccount: ThrottleRule = { free: 5, firstWaitMs: 30_000, longestWaitMs: 15 * 60_000, forgottenMs: 24 * 3_600_000 };
/** An address: many people may sit behind one. */
export const ofAddress: ThrottleRule = { free: 30, firstWaitMs: 30_000, longestWaitMs: 3_600_000, forgottenMs: 3_600_000 };

/** Whoever has one IPv6 address has the 2^64 of its network too. */
export function subjectOfAddress(address: string): string {
  const bare = address.replace(/^::ffff:(?=\d+\.)/, '');
  if (isIP(bare) !== 6) return `address:${bare}`;
  const [head = '', tail] = bare.split('::');
  const [front, back] = [head.split(':').filter((group) => group !== ''), (tail ?? '').split(':').filter((group) => group !== '')];
  const groups = tail === undefined ? front : [...front, ...Array<string>(8 - front.length - back.length).fill('0'), ...back];
  return `address:${groups.slice(0, 4).map((group) => Number.parseInt(group, 16).toString(16)).join(':')}::/64`;
}

export interface Try {
  /** It was no wrong one: as if it had not been. */
  readonly undo: () => Promise<void>;
}

/**
 * Counts a try before it is known whether it is wrong: any number at one moment are counted like as many one after another.
 * @returns milliseconds to wait where it is too early; then nothing was counted
 */
export async function takeTry(sql: Sql, subject: string, rule: ThrottleRule, now: number): Promise<Try | { readonly waitMs: number }> {
  const taken = await sql.begin(async (transaction) => {
    // One statement that makes the row or locks it: between two of them a right password may take it away.
    const [before] = await transaction<{ failures: number; last_at: number; blocked_until: number }[]>`
      insert into sign_in_tries (subject, failures, last_at, blocked_until) values (${subject}, 0, ${now}, 0)
      on conflict (subject) do update set subject = excluded.subject returning failures, last_at, blocked_until`;
    if (!before) throw new Error('no row came back');
    if (before.blocked_until > now) return { waitMs: before.blocked_until - now };
    const failures = before.last_at < now - rule.forgottenMs ? 1 : before.failures + 1;
    const blockedUntil = failures < rule.free ? 0 : now + Math.min(rule.longestWaitMs, rule.firstWaitMs * 2 ** Math.min(30, failures - rule.free));
    await transaction`update sign_in_tries set failures = ${failures}, last_at = ${now}, blocked_until = ${blockedUntil} where subject = ${subject}`;
    return { failures, wasBlockedUntil: before.blocked_until };
  });
  if (taken.waitMs !== undefined) return { waitMs: taken.waitMs };
  return {
    async undo() {
      // The block is lifted only where this very try set it: another's at the same moment stays.
      await sql`
        update sign_in_tries set failures = greatest(failures - 1, 0), blocked_until = case when failures = ${taken.failures} then ${taken.wasBlockedUntil}::bigint else blocked_until end
        where subject = ${subject}`;
    },
  };
}

export async function forgetTries(sql: Sql, subject: string): Promise<void> {
  await sql`delete from sign_in_tries where subject = ${subject}`;
}
