import { accountRoleSchema, accountRoles } from '../../contract/api/permissions.ts';
import { accountNameSchema } from '../../contract/api/session.ts';
import { appendAudit } from '../people/audit.ts';
import { checkAudit } from '../people/audit-read.ts';
import type { AccountRow } from '../people/accounts.ts';
import { accountByName } from '../people/accounts.ts';
import { invite, makeInvitation } from '../people/invitations.ts';
import type { ChangeOutcome, PersonChange } from '../people/people.ts';
import { changePerson, listPeople } from '../people/people.ts';
import { createSessions, defaultSessionRules } from '../people/sessions.ts';
import { forgetTries } from '../people/throttle.ts';
import { StartFailure } from '../start-failure.ts';
import { noMoreThan, readOptions, readWords, shownTime } from './arguments.ts';
import type { CommandContext, HqCommand } from './command.ts';
import { whoIsHere } from './publish.ts';

type Context = Pick<CommandContext, 'sql' | 'now'>;

/** People at the console, for who sits at the machine: the way back in where every administrator has lost theirs. */
export const accountCommands: readonly HqCommand[] = [
  {
    name: 'accounts', usage: '', about: 'lists who may work at the console',
    run: async ({ args, sql, now, print }) => {
      readWords(args, 0);
      const people = await listPeople(sql, now(), defaultSessionRules.idleMs);
      if (people.length === 0) print('nobody has an account: open the console with the set-up code that HQ prints at its start, or use account-add');
      for (const { name, fullName, role, state, hasTotp, passkeys, sessions, lastSignedInAt, isDevelopment } of people) {
        const factors = [...(hasTotp ? ['code app'] : []), ...(passkeys > 0 ? [`${passkeys} passkeys`] : [])].join(', ') || 'no second factor';
        print([name, fullName, role, state, isDevelopment ? 'for development' : factors, lastSignedInAt === null ? 'never signed in' : `last in ${shownTime(lastSignedInAt)}`, ...(sessions > 0 ? [`${sessions} sessions`] : [])].join('  '));
      }
    },
  },
  {
    name: 'account-add', usage: '<name> <role> [full name] [--origin https://hq.example]', about: `makes an account (${accountRoles.join(', ')}) and prints the link with which its owner chooses a password`,
    run: async ({ args, sql, now, print }) => {
      const { words: [typed, role, ...fullName], options } = readOptions(args, ['origin']);
      const name = accountNameSchema.safeParse(typed ?? '');
      if (!name.success) throw new StartFailure(`The name is ${name.error.issues[0]?.message ?? 'wrong'}.`);
      const wanted = roleOf(role);
      const invitation = await invite(sql, { name: name.data, fullName: fullName.join(' ').trim().slice(0, 100) || name.data, role: wanted }, whoIsHere(), now());
      if (!invitation) throw new StartFailure(`There is an account "${name.data}" already.`);
      await audit({ sql, now }, 'account-add', name.data, wanted);
      printLink(print, invitation, options.get('origin'));
    },
  },
  {
    name: 'account-role', usage: '<name> <role>', about: 'gives an account another role, which ends its sessions',
    run: async ({ args, sql, now, print }) => {
      const [typed, role] = readWords(args, 2);
      const account = await accountOf({ sql }, typed);
      const words = await change({ sql, now }, account, { role: roleOf(role) });
      await audit({ sql, now }, 'account-role', account.name, words);
      print(words);
    },
  },
  {
    name: 'account-end', usage: '<name>', about: 'ends an account with its sessions; its name stays taken',
    run: async ({ args, sql, now, print }) => {
      const [typed] = readWords(args, 1);
      const account = await accountOf({ sql }, typed);
      const words = await change({ sql, now }, account, { isEnded: true });
      await audit({ sql, now }, 'account-end', account.name, words);
      print(words);
    },
  },
  {
    name: 'account-reset', usage: '<name> [--origin https://hq.example]', about: 'prints a new link for who has lost password, code app or passkey, and lets them try at once again',
    run: async ({ args, sql, now, print }) => {
      const { words, options } = readOptions(args, ['origin']);
      const account = await accountOf({ sql }, noMoreThan(words, 1)[0]);
      if (account.is_development) throw new StartFailure('That account stands in HQ_DEV_ACCOUNT.');
      if (account.state === 'ended') await change({ sql, now }, account, { isEnded: false });
      const invitation = await sql.begin((transaction) => makeInvitation(transaction, account.account_id, whoIsHere(), now()));
      await forgetTries(sql, `account:${account.name}`);
      await audit({ sql, now }, 'account-reset', account.name, '');
      printLink(print, invitation, options.get('origin'));
    },
  },
  {
    name: 'audit-check', usage: '', about: "does the sum over HQ's audit again: what was cut, changed or put in is found",
    run: async ({ args, sql, now, print }) => {
      readWords(args, 0);
      const { entries, trouble, hash } = await checkAudit(sql, now());
      if (trouble !== '') throw new StartFailure(`HQ's audit is not whole: ${trouble}.`);
      print(`whole: ${entries} entries, the last with the hash ${hash}`);
    },
  },
];

function roleOf(text: string | undefined) {
  const role = accountRoleSchema.safeParse(text);
  if (!role.success) throw new StartFailure(`${text === undefined ? 'The role is missing' : `"${text}" is no role`}: ${accountRoles.join(', ')}.`);
  return role.data;
}

async function accountOf({ sql }: Pick<Context, 'sql'>, typed: string | undefined): Promise<AccountRow> {
  if (typed === undefined) throw new StartFailure('The name of the account is missing.');
  const account = await accountByName(sql, typed.trim().toLowerCase());
  if (!account) throw new StartFailure(`There is no account "${typed}".`);
  return account;
}

async function change({ sql, now }: Context, account: AccountRow, wanted: PersonChange): Promise<string> {
  const outcome: ChangeOutcome = await changePerson(sql, createSessions({ sql, now }), account.account_id, undefined, wanted, now());
  if (outcome.kind === 'done') return outcome.words;
  if (outcome.kind === 'last_administrator') throw new StartFailure('It is the last administrator: make another one first.');
  if (outcome.kind === 'development') throw new StartFailure('That account stands in HQ_DEV_ACCOUNT.');
  throw new StartFailure('The account was changed meanwhile: try again.');
}

/** Who sits at the machine has no account there; the audit names them as the operating system does. */
async function audit({ sql, now }: Context, command: string, account: string, detail: string): Promise<void> {
  await appendAudit(sql, { account: undefined, route: `npm run hq -- ${command}`, summary: 'Command line', subject: `account=${account}`, outcome: 'done', detail: `${whoIsHere()}${detail === '' ? '' : `: ${detail}`}`, at: now(), address: '' });
}

function printLink(print: (line: string) => void, { token, expiresAt }: { readonly token: string; readonly expiresAt: number }, origin = ''): void {
  print(`${origin.replace(/\/$/, '')}/invitation#${token}`);
  print(`for its owner alone, once, until ${shownTime(expiresAt)}${origin === '' ? '; put the address of the console before it' : ''}`);
}
