import { checkHqAudit, readHqAudit } from '../../contract/api/audit.ts';
import { changePerson as changePersonRoute, endSessionsOf, inviteAgain, invitePerson, listPeople as listPeopleRoute, listSessions } from '../../contract/api/people.ts';
import type { Api } from '../api/serve.ts';
import { ApiRefusal } from '../api/serve.ts';
import type { AccountRow } from './accounts.ts';
import { accountById } from './accounts.ts';
import { auditState, checkAudit, readAudit } from './audit-read.ts';
import { invite, makeInvitation } from './invitations.ts';
import { changePerson, listPeople } from './people.ts';
import type { PeopleDeps } from './session-routes.ts';

export interface PeopleRoutesDeps extends Pick<PeopleDeps, 'sql' | 'now' | 'sessions'> {
  readonly idleMs: number;
}

/** What administrators do with everybody's accounts. Nobody sets another's password: a link lets each choose their own. */
export function peopleRoutes(api: Api, { sql, now, sessions, idleMs }: PeopleRoutesDeps): void {
  const known = async (accountId: string): Promise<AccountRow> => {
    const row = await accountById(sql, accountId);
    if (!row) throw new ApiRefusal('HQ_NOT_FOUND', 'no such account');
    return row;
  };

  api.serve(listPeopleRoute, async () => ({ people: [...(await listPeople(sql, now(), idleMs))] }));

  api.serve(invitePerson, async ({ body, account, note }) => {
    note(`${body.name}, ${body.role}`);
    const invitation = await invite(sql, body, account?.name ?? '', now());
    if (!invitation) throw new ApiRefusal('HQ_INVALID', 'the name is taken', { reason: 'name_taken' });
    return invitation;
  });

  api.serve(changePersonRoute, async ({ params, body, account, note }) => {
    const { version, ...change } = body;
    if (params.account === account?.accountId && (change.role !== undefined || change.isEnded !== undefined)) throw new ApiRefusal('HQ_INVALID', 'nobody changes their own role or ends their own account', { reason: 'oneself' });
    const outcome = await changePerson(sql, sessions, params.account, version, change, now());
    if (outcome.kind === 'not_found') throw new ApiRefusal('HQ_NOT_FOUND', 'no such account');
    if (outcome.kind === 'changed') throw new ApiRefusal('HQ_CHANGED_MEANWHILE', 'somebody else has changed this account');
    if (outcome.kind === 'development') throw new ApiRefusal('HQ_INVALID', 'it stands in HQ_DEV_ACCOUNT', { reason: 'development' });
    if (outcome.kind !== 'done') throw new ApiRefusal('HQ_INVALID', 'it is the last administrator', { reason: 'last_administrator' });
    note(outcome.words);
    const [person] = await listPeople(sql, now(), idleMs, params.account);
    if (!person) throw new ApiRefusal('HQ_NOT_FOUND', 'no such account');
    return person;
  });

  api.serve(inviteAgain, async ({ params, account, note }) => {
    const row = await known(params.account);
    note(row.name);
    if (row.is_development) throw new ApiRefusal('HQ_INVALID', 'it stands in HQ_DEV_ACCOUNT', { reason: 'development' });
    if (row.state === 'ended') throw new ApiRefusal('HQ_INVALID', 'the account has ended', { reason: 'ended' });
    return sql.begin((transaction) => makeInvitation(transaction, row.account_id, account?.name ?? '', now()));
  });

  api.serve(listSessions, async ({ params, account }) => {
    const row = await known(params.account);
    return { sessions: (await sessions.list(row.account_id)).map((session) => ({ ...session, isThis: session.sessionId === account?.sessionId })) };
  });

  api.serve(endSessionsOf, async ({ params, note }) => {
    const row = await known(params.account);
    note(row.name);
    return { ended: await sessions.end(sql, { accountId: row.account_id, why: 'ended by hand' }) };
  });
}

/** HQ's own audit, to read and to check. */
export function auditRoutes(api: Api, { sql, now }: Pick<PeopleDeps, 'sql' | 'now'>): void {
  api.serve(readHqAudit, async ({ query }) => ({ ...(await readAudit(sql, query)), state: await auditState(sql) }));
  api.serve(checkHqAudit, async ({ note }) => {
    const { hash: _hash, ...state } = await checkAudit(sql, now());
    note(state.trouble === '' ? `${state.entries} entries, whole` : state.trouble);
    return state;
  });
}
