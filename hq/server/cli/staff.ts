import { Secret, TOTP } from 'otpauth';
import { staffNumberSchema, staffRoles, staffRoleSchema } from '../../../domain/staff/role.ts';
import { ApiRefusal } from '../api/serve.ts';
import { knownScope, readPlaces } from '../catalogue/places.ts';
import { devStaff } from '../staff/dev-staff.ts';
import { makeLink } from '../staff/enrolment.ts';
import { addMember, endMember, readMembers } from '../staff/members.ts';
import { isUnavailable } from '../database.ts';
import { publishStaff } from '../staff/publish.ts';
import { createSeal } from '../staff/seal.ts';
import { StartFailure } from '../start-failure.ts';
import type { ScopeText } from '../../contract/api/scope.ts';
import { scopeTextSchema } from '../../contract/api/scope.ts';
import { noMoreThan, readOptions, readWords, shownTime } from './arguments.ts';
import type { HqCommand } from './command.ts';
import { whoIsHere } from './publish.ts';

/** What the console answers a person is what is said here. */
function inWords(run: HqCommand['run']): HqCommand['run'] {
  return (context) => run(context).catch((error: unknown) => {
    throw error instanceof ApiRefusal ? new StartFailure(error.message) : error;
  });
}

/** Members of staff at kiosks, where no console can be reached: the first one above all. */
export const staffCommands: readonly HqCommand[] = [
  {
    name: 'dev-staff', usage: '', about: 'prints number, PIN and the code of this moment of the members that HQ_DEV_STAFF makes (development only)',
    run: async ({ args, sql, now, print }) => {
      readWords(args, 0);
      const known = await sql<{ number: string }[]>`select number from staff_members where number in ${sql(devStaff.map(({ number }) => number))} and changed_by = 'HQ_DEV_STAFF'`;
      for (const { number, role, pin, totpSecret } of devStaff.filter((member) => known.some((row) => row.number === member.number))) {
        print(`${number}  PIN ${pin}  code ${new TOTP({ secret: Secret.fromBase32(totpSecret) }).generate({ timestamp: now() })}  ${role}`);
      }
      if (known.length === 0) print('there are none here');
    },
  },
  {
    name: 'staff-add', usage: '<number> <role> <name> [--at kiosk:id | group:id]', about: `adds a member of staff (${staffRoles.join(', ')}) and prints the link by which they set PIN and code`,
    run: inWords(async ({ args, sql, now, print, signingKey }) => {
      const { words, options } = readOptions(args, ['at']);
      const [numberWord, roleWord, name] = noMoreThan(words, 3);
      const number = staffNumberSchema.safeParse(numberWord);
      if (!number.success) throw new StartFailure('The number is 3 to 12 digits.');
      const role = staffRoleSchema.safeParse(roleWord);
      if (!role.success) throw new StartFailure(`The role is one of ${staffRoles.join(', ')}.`);
      if (!name) throw new StartFailure('The name is missing.');
      const place = scopeTextSchema.safeParse(options.get('at') ?? 'all');
      if (!place.success) throw new StartFailure('--at says kiosk:<id> or group:<id>.');
      const scope = knownScope(await readPlaces(sql), place.data as ScopeText);
      await addMember(sql, { number: number.data, name, role: role.data, places: [scope], by: whoIsHere(), now: now() });
      const { token, until } = await makeLink(sql, createSeal(await signingKey()), number.data, now());
      print(`${number.data} is added. Open this at HQ's address until ${shownTime(until)}, once: /staff-enrol#${token}`);
    }),
  },
  {
    name: 'staff-link', usage: '<number>', about: 'prints a new link by which a member sets PIN and code anew',
    run: inWords(async ({ args, sql, now, print, signingKey }) => {
      const [number = ''] = readWords(args, 1);
      const { token, until } = await makeLink(sql, createSeal(await signingKey()), number, now());
      print(`Open this at HQ's address until ${shownTime(until)}, once: /staff-enrol#${token}`);
    }),
  },
  {
    name: 'staff-end', usage: '<number>', about: 'ends a member of staff at all kiosks',
    run: inWords(async ({ args, sql, now, print, signingKey }) => {
      const [number = ''] = readWords(args, 1);
      const signer = await signingKey();
      await endMember(sql, number, whoIsHere(), now());
      print(`${number} is ended`);
      await publishStaff(sql, createSeal(signer), signer, now(), whoIsHere()).catch((error: unknown) => {
        if (!isUnavailable(error)) throw error;
        print('kiosks are told later');
      });
    }),
  },
  {
    name: 'staff', usage: '', about: 'lists the members of staff',
    run: async ({ args, sql, print }) => {
      readWords(args, 0);
      for (const { number, name, role, places, pinHash, totpSealed, endedAt } of await readMembers(sql)) {
        print([number, role, places.join(' '), endedAt !== null ? `ended ${shownTime(endedAt)}` : pinHash !== null && totpSealed !== null ? 'enrolled' : 'not enrolled yet', name].join('  '));
      }
    },
  },
];
