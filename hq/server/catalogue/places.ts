import type { KioskId } from '../../../domain/ids.ts';
import type { Places, ScopeText } from '../../contract/api/scope.ts';
import { ApiRefusal } from '../api/serve.ts';
import type { Queries } from '../database.ts';
import type { Scope } from '../down/publish.ts';

/** Groups with their members, and kiosks, by name. */
export async function readPlaces(sql: Queries): Promise<Places> {
  const [groups, members, kiosks] = await Promise.all([
    sql<{ group_id: string; name: string }[]>`select group_id::text as group_id, name from kiosk_groups order by name, group_id`,
    sql<{ group_id: string; kiosk_id: KioskId }[]>`select group_id::text as group_id, kiosk_id from kiosk_group_members order by kiosk_id`,
    sql<{ kiosk_id: KioskId; name: string }[]>`select kiosk_id, name from kiosks order by kiosk_id`,
  ]);
  return {
    groups: groups.map(({ group_id: groupId, name }) => ({ groupId, name, kiosks: members.filter((member) => member.group_id === groupId).map((member) => member.kiosk_id) })),
    kiosks: kiosks.map(({ kiosk_id: kioskId, name }) => ({ kioskId, name })),
  };
}

/** What people call it; for everybody an empty text, which the page says in its language. */
export function nameOfScope({ groups, kiosks }: Places, scope: string): string {
  if (scope === 'all') return '';
  const id = scope.slice(scope.indexOf(':') + 1);
  return (scope.startsWith('group:') ? groups.find(({ groupId }) => groupId === id)?.name : kiosks.find(({ kioskId }) => kioskId === id)?.name) ?? id;
}

/** Refuses a group or kiosk that HQ does not know. */
export function knownScope(places: Places, scope: ScopeText): Scope {
  const id = scope.slice(scope.indexOf(':') + 1);
  const isKnown = scope === 'all' || (scope.startsWith('group:') ? places.groups.some(({ groupId }) => groupId === id) : places.kiosks.some(({ kioskId }) => kioskId === id));
  if (!isKnown) throw new ApiRefusal('HQ_NOT_FOUND', `HQ knows no ${scope.replace(':', ' ')}`);
  return scope as Scope;
}
