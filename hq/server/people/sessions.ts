import { randomUUID } from 'node:crypto';
import type { AccountRole } from '../../contract/api/permissions.ts';
import type { SignedIn } from '../api/account.ts';
import type { Queries, Sql } from '../database.ts';
import { hashToken, makeToken } from './tokens.ts';

export interface SessionRules {
  /** Nobody called for so long: over. */
  readonly idleMs: number;
  /** Over, whatever is done. */
  readonly absoluteMs: number;
}
export const defaultSessionRules: SessionRules = { idleMs: 30 * 60_000, absoluteMs: 12 * 3_600_000 };

/** A session that may set up a second factor and nothing else does not wait long for it. */
const setupMs = 30 * 60_000;
/** When it was last used is written so often at most: each call would be a write. */
const touchedEveryMs = 60_000;

export interface SignedInInFull extends SignedIn {
  readonly fullName: string;
  readonly endsAt: number;
  readonly isDevelopment: boolean;
}

export interface OpenSession {
  readonly sessionId: string;
  readonly createdAt: number;
  readonly lastSeenAt: number;
  readonly endsAt: number;
  readonly address: string;
  readonly agent: string;
}

export type SessionEnd = 'signed out' | 'ended by hand' | 'another password' | 'another role' | 'account ended' | 'replaced' | 'factors changed';

export interface BegunSession {
  readonly token: string;
  readonly sessionId: string;
  readonly endsAt: number;
}

export interface Sessions {
  readonly begin: (sql: Queries, of: { readonly accountId: string; readonly state: 'setup' | 'full'; readonly address: string; readonly agent: string }) => Promise<BegunSession>;
  /** Undefined where the token is none, or of a session that is over. */
  readonly read: (token: string | undefined, how?: { /** Nobody did anything: it goes on being idle. */ readonly isWatching?: true }) => Promise<SignedInInFull | undefined>;
  readonly list: (accountId: string) => Promise<readonly OpenSession[]>;
  /** @returns how many were ended */
  readonly end: (sql: Queries, of: { readonly accountId: string; readonly sessionId?: string | undefined; readonly except?: string | undefined; /** Only such ones. */ readonly state?: 'setup' | undefined; readonly why: SessionEnd }) => Promise<number>;
}

/** Sessions of people. They lie in the database: each HQ process knows them, and ending one is at once. `developmentName`: the account of HQ_DEV_ACCOUNT. */
export function createSessions({ sql, now, rules = defaultSessionRules, developmentName }: {
  readonly sql: Sql; readonly now: () => number; readonly rules?: SessionRules | undefined; readonly developmentName?: string | undefined;
}): Sessions {
  return {
    async begin(queries, { accountId, state, address, agent }) {
      const [token, sessionId, at] = [makeToken(), randomUUID(), now()];
      const endsAt = at + (state === 'setup' ? Math.min(setupMs, rules.absoluteMs) : rules.absoluteMs);
      await queries`
        insert into account_sessions (session_id, token_hash, account_id, state, created_at, last_seen_at, expires_at, address, agent)
        values (${sessionId}, ${hashToken(token)}, ${accountId}, ${state}, ${at}, ${at}, ${endsAt}, ${address.slice(0, 64)}, ${shownAgent(agent)})`;
      await queries`update accounts set last_signed_in_at = ${at} where account_id = ${accountId}`;
      return { token, sessionId, endsAt };
    },

    async read(token, { isWatching } = {}) {
      if (token === undefined || !/^[A-Za-z0-9_-]{43}$/.test(token)) return undefined;
      const at = now();
      // One that was let in by the password alone is over as soon as there is a second factor: it would set up another one, and be let in whole by it.
      const [row] = await sql<SessionRow[]>`
        select s.session_id, s.state, s.last_seen_at, s.expires_at, a.account_id, a.name, a.full_name, a.role, a.is_development
        from account_sessions s join accounts a on a.account_id = s.account_id
        where s.token_hash = ${hashToken(token)} and s.ended_at is null and s.expires_at > ${at} and s.last_seen_at > ${at - rules.idleMs} and a.state = 'active'
          and (s.state = 'full' or (a.totp_secret is null and not exists (select 1 from passkeys p where p.account_id = a.account_id)))`;
      if (!row || (row.is_development && row.name !== developmentName)) return undefined;
      if (!isWatching && at - row.last_seen_at >= Math.min(touchedEveryMs, rules.idleMs / 4)) {
        await sql`update account_sessions set last_seen_at = ${at} where session_id = ${row.session_id} and last_seen_at < ${at}`;
      }
      return {
        accountId: row.account_id, name: row.name, fullName: row.full_name, role: row.role, sessionId: row.session_id, needsFactor: row.state === 'setup',
        endsAt: row.expires_at, isDevelopment: row.is_development,
      };
    },

    async list(accountId) {
      const at = now();
      const rows = await sql<{ session_id: string; created_at: number; last_seen_at: number; expires_at: number; address: string; agent: string }[]>`
        select session_id, created_at, last_seen_at, expires_at, address, agent from account_sessions
        where account_id = ${accountId} and ended_at is null and expires_at > ${at} and last_seen_at > ${at - rules.idleMs} order by last_seen_at desc, session_id limit 100`;
      return rows.map((row) => ({ sessionId: row.session_id, createdAt: row.created_at, lastSeenAt: row.last_seen_at, endsAt: row.expires_at, address: row.address, agent: row.agent }));
    },

    async end(queries, { accountId, sessionId, except, state, why }) {
      const ended = await queries`
        update account_sessions set ended_at = ${now()}, ended_why = ${why}
        where account_id = ${accountId} and ended_at is null ${sessionId === undefined ? queries`` : queries`and session_id = ${sessionId}`} ${except === undefined ? queries`` : queries`and session_id <> ${except}`} ${state === undefined ? queries`` : queries`and state = ${state}`}`;
      return ended.count;
    },
  };
}

interface SessionRow {
  readonly session_id: string;
  readonly state: 'setup' | 'full';
  readonly last_seen_at: number;
  readonly expires_at: number;
  readonly account_id: string;
  readonly name: string;
  readonly full_name: string;
  readonly role: AccountRole;
  readonly is_development: boolean;
}

/** Whoever calls chose it: it is shown to people. */
function shownAgent(agent: string): string {
  // oxlint-disable-next-line no-control-regex -- control characters are what is taken out
  return agent.replace(/[\u0000-\u001f\u007f-\u009f\u202a-\u202e\u2066-\u2069]+/g, ' ').slice(0, 300);
}
