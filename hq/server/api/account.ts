import type { AccountRole } from '../../contract/api/permissions.ts';

/** Who is signed in, as every handler gets it. */
export interface SignedIn {
  readonly accountId: string;
  /** What the audit, commands and publications name them by: their address or name, unique. */
  readonly name: string;
  readonly role: AccountRole;
  readonly sessionId: string;
  /** The password alone was given, and the account has no second factor yet: it may set one up, and nothing else. */
  readonly needsFactor: boolean;
}

/** From the token of a request's cookie to who is signed in; undefined where nobody is, or no longer. `isWatching`: the page asks by itself, so nobody is less idle by it. */
export type ReadSession = (token: string | undefined, how?: { readonly isWatching?: true }) => Promise<SignedIn | undefined>;

export interface ActOfAccount {
  readonly account: SignedIn | undefined;
  /** "POST /api/fleet/:kiosk/commands" and its summary. */
  readonly route: string;
  readonly summary: string;
  /** Path parameters, as "kiosk=kiosk-001". */
  readonly subject: string;
  /** `begun`: before it is done; the entry of its end names this one. */
  readonly outcome: 'begun' | 'done' | 'refused' | 'failed';
  /** The error's code, or what the handler wants to be remembered. No password, no code, no customer's data. */
  readonly detail: string;
  readonly at: number;
  readonly address: string;
  /** Number of the entry that says that it was begun; undefined where there is none: it was turned away at the door, or changes nothing. */
  readonly begun?: number | undefined;
}

/** Appends to HQ's own audit, chained by hash, and answers the entry's number. What cannot be audited is not done: it throws. */
export type WriteAudit = (act: ActOfAccount) => Promise<number>;
