import type { DocumentOf } from '../../../domain/contract/hq-down.ts';
import type { KioskId } from '../../../domain/ids.ts';
import type { Sql } from '../database.ts';
import type { Scope, Signer } from '../down/publish.ts';
import { lockRevision, publishIn } from '../down/publish.ts';
import type { Job } from '../jobs/jobs.ts';
import type { MemberRow } from './members.ts';
import { readMembers } from './members.ts';
import type { Seal } from './seal.ts';

type Members = DocumentOf<'staff'>['members'];

/**
 * Brings what kiosks know of the staff up to what stands here: the members that are everywhere go to all, and a kiosk at which more may come in gets a whole list
 * of its own, which then goes before that. Only what is another than before is published, so it may be done at any time and by any process. What a kiosk told of
 * (a recovery code that was used up) and who came into a group is taken in by the job below. @returns how many documents were published
 */
export async function publishStaff(sql: Sql, seal: Seal, signer: Signer, now: number, by: string): Promise<number> {
  return sql.begin(async (transaction) => {
    await lockRevision(transaction, 'staff');
    const members = (await readMembers(transaction)).filter(({ endedAt, pinHash }) => endedAt === null && pinHash !== null);
    const groups = await transaction<{ group_id: string; kiosk_id: KioskId }[]>`select group_id::text as group_id, kiosk_id from kiosk_group_members`;
    const inForce = await transaction<{ scope: Scope }[]>`
      select distinct on (scope) scope from documents where kind = 'staff' and withdrawn_at is null order by scope, revision desc`;
    const general = members.filter(({ places }) => places.includes('all'));
    const special = new Set<KioskId>([
      ...members.filter(({ places }) => !places.includes('all')).flatMap(({ places }) => places.flatMap((place) => kiosksOf(place, groups))),
      // Once a kiosk has its own, that goes on before what is for all.
      ...inForce.flatMap(({ scope }) => (scope.startsWith('kiosk:') ? [scope.slice('kiosk:'.length) as KioskId] : [])),
    ]);
    const wanted: (readonly [Scope, readonly MemberRow[]])[] = [['all', general], ...[...special].toSorted().map((kioskId) => [`kiosk:${kioskId}`, membersAt(members, kioskId, groups)] as const)];
    let count = 0;
    for (const [scope, list] of wanted) {
      const held = inForce.find((document) => document.scope === scope);
      const text = staffText(list, seal);
      // A list of nobody is said where there was somebody: HQ without staff says nothing.
      if (!held && list.length === 0 && scope === 'all') continue;
      const published = await publishIn(transaction, { kind: 'staff', scope, text, signer, by, now });
      if (!published.ok && published.error.kind === 'malformed') throw new Error(`staff: ${published.error.detail}`);
      if (published.ok) count++;
    }
    return count;
  });
}

function kiosksOf(place: string, groups: readonly { readonly group_id: string; readonly kiosk_id: KioskId }[]): readonly KioskId[] {
  if (place.startsWith('kiosk:')) return [place.slice('kiosk:'.length) as KioskId];
  return groups.filter((group) => place === `group:${group.group_id}`).map((group) => group.kiosk_id);
}

function membersAt(members: readonly MemberRow[], kioskId: KioskId, groups: readonly { readonly group_id: string; readonly kiosk_id: KioskId }[]): readonly MemberRow[] {
  return members.filter(({ places }) => places.includes('all') || places.some((place) => kiosksOf(place, groups).includes(kioskId)));
}

/** The same members make the same text: nothing is published anew that is as it was. */
function staffText(members: readonly MemberRow[], seal: Seal): string {
  const list: Members = members.map(({ number, name, role, pinHash, totpSealed, recoveryHashes, cardHash }) => ({
    number, name, role, pinHash: pinHash ?? '',
    ...totpOf(totpSealed, number, seal),
    ...(recoveryHashes.length > 0 ? { recoveryHashes: [...recoveryHashes] } : {}),
    ...(cardHash === null ? {} : { cardHash }),
  }));
  return JSON.stringify({ members: list } satisfies DocumentOf<'staff'>, null, 1);
}

/** Sealed by a key that HQ has lost, it is none: the member comes in nowhere until they have set up another by a new link. The others' list goes out all the same. */
function totpOf(totpSealed: string | null, number: string, seal: Seal): { readonly totpSecret?: string } {
  if (totpSealed === null) return {};
  try {
    return { totpSecret: seal.open(totpSealed, number) };
  } catch {
    return {};
  }
}

export function staffJob(sql: Sql, seal: Seal, signer: Signer, now: () => number): Job {
  return { name: 'publish staff', everyMs: 15_000, run: () => publishStaff(sql, seal, signer, now(), 'HQ') };
}
