import { addStaff, cardStaff, changeStaff, dropCard, endStaff, finishEnrolment, linkStaff, openEnrolment, readStaff } from '../../contract/api/staff.ts';
import type { SignedIn } from '../api/account.ts';
import type { Api } from '../api/serve.ts';
import { ApiRefusal } from '../api/serve.ts';
import { knownScope, nameOfScope, readPlaces } from '../catalogue/places.ts';
import type { Sql } from '../database.ts';
import { isUnavailable } from '../database.ts';
import type { Signer } from '../down/publish.ts';
import { finishLink, makeLink, openLink } from './enrolment.ts';
import { addMember, changeMember, endMember, readMembers, setCard } from './members.ts';
import { publishStaff } from './publish.ts';
import { createSeal } from './seal.ts';
import { makeCard } from './secrets.ts';

export interface StaffDeps {
  readonly sql: Sql;
  readonly now: () => number;
  readonly signingKey: Signer;
}

/** Whoever did an act waits for its publication so long; at very many kiosks the job goes on with it. */
const tellMs = 2000;

/** Members of staff at kiosks. Whatever changes one is at the kiosks as soon as they hear the bell. */
export function staffRoutes(api: Api, { sql, now, signingKey: signer }: StaffDeps): void {
  const seal = createSeal(signer);
  /** What is told is in staff_members already: where that cannot be published now, the act is done all the same, and the job publishes it. */
  const tell = async (by: string, note: (detail: string) => void, detail = ''): Promise<void> => {
    note(detail);
    await publishStaff(sql, seal, signer, now(), by, { forMs: tellMs }).catch((error: unknown) => {
      if (!isUnavailable(error)) throw error;
      note([detail, 'kiosks are told later'].filter(Boolean).join('; '));
    });
  };

  api.serve(readStaff, async () => {
    const [places, members, links] = await Promise.all([readPlaces(sql), readMembers(sql), sql<{ number: string; expires_at: number }[]>`select number, expires_at from staff_enrolments where expires_at > ${now()}`]);
    return {
      ...places,
      members: members.map((member) => ({
        number: member.number, name: member.name, role: member.role, places: member.places.map((scope) => ({ scope: scope as 'all', name: nameOfScope(places, scope) })),
        isEnrolled: member.pinHash !== null && member.totpSealed !== null, codesLeft: member.recoveryHashes.length, hasCard: member.cardHash !== null,
        linkUntil: links.find(({ number }) => number === member.number)?.expires_at ?? null,
        createdAt: member.createdAt, changedAt: member.changedAt, changedBy: member.changedBy, endedAt: member.endedAt,
      })),
    };
  });

  api.serve(addStaff, async ({ body, account, note }) => {
    const known = await readPlaces(sql);
    const places = [...new Set(body.places.map((place) => knownScope(known, place)))];
    await addMember(sql, { ...body, places, by: nameOf(account), now: now() });
    note(`${body.number} ${body.role}, ${places.join(', ')}`);
    return {};
  });

  api.serve(changeStaff, async ({ params, body, account, note }) => {
    const known = await readPlaces(sql);
    const places = [...new Set(body.places.map((place) => knownScope(known, place)))];
    const { changedAt, ...rest } = body;
    await changeMember(sql, { number: params.number, ...rest, places, by: nameOf(account), now: now() }, changedAt);
    await tell(nameOf(account), note, `${body.role}, ${places.join(', ')}`);
    return {};
  });

  api.serve(endStaff, async ({ params, account, note }) => {
    await endMember(sql, params.number, nameOf(account), now());
    await tell(nameOf(account), note);
    return {};
  });

  api.serve(linkStaff, async ({ params }) => {
    const { token, until } = await makeLink(sql, seal, params.number, now());
    return { path: `/staff-enrol#${token}`, until };
  });

  api.serve(cardStaff, async ({ params, account, note }) => {
    const { text, hash } = makeCard();
    await setCard(sql, params.number, hash, nameOf(account), now());
    await tell(nameOf(account), note);
    return { text };
  });

  api.serve(dropCard, async ({ params, account, note }) => {
    await setCard(sql, params.number, null, nameOf(account), now());
    await tell(nameOf(account), note);
    return {};
  });

  api.serve(openEnrolment, ({ body }) => openLink(sql, seal, body.token, now()));

  api.serve(finishEnrolment, async ({ body, note }) => {
    const { number, codes } = await finishLink(sql, seal, { ...body, now: now() });
    await tell(`staff ${number}`, note, `staff ${number}`);
    return { codes: [...codes] };
  });
}

function nameOf(account: SignedIn | undefined): string {
  if (!account) throw new ApiRefusal('HQ_NOT_SIGNED_IN', 'sign in first');
  return account.name;
}
