import { randomUUID } from 'node:crypto';
import type { KioskId } from '../../../domain/ids.ts';
import type { Queries, Sql, Transaction } from '../database.ts';
import { insertRows } from '../database.ts';
import { ring } from '../down/ring.ts';

export interface KioskGroup {
  readonly groupId: string;
  readonly name: string;
  readonly kiosks: KioskId[];
}

export async function listKioskGroups(sql: Queries): Promise<KioskGroup[]> {
  const rows = await sql<{ group_id: string; name: string; kiosks: KioskId[] | null }[]>`
    select g.group_id, g.name, (select jsonb_agg(m.kiosk_id order by m.kiosk_id) from kiosk_group_members m where m.group_id = g.group_id) as kiosks from kiosk_groups g order by g.name, g.group_id`;
  return rows.map((row) => ({ groupId: row.group_id, name: row.name, kiosks: row.kiosks ?? [] }));
}

export async function createGroup(sql: Sql, name: string): Promise<{ readonly groupId: string; readonly name: string }> {
  const groupId = randomUUID();
  await sql`insert into kiosk_groups (group_id, name) values (${groupId}, ${name})`;
  return { groupId, name };
}

/** @returns false where there is no such group, or one of the kiosks is not known */
export async function changeGroup(sql: Sql, groupId: string, { name, kiosks }: { readonly name: string; readonly kiosks: readonly KioskId[] }): Promise<boolean> {
  const wanted = [...new Set(kiosks)];
  return sql.begin(async (transaction) => {
    const [group] = await transaction`update kiosk_groups set name = ${name} where group_id = ${groupId} returning group_id`;
    const known = wanted.length === 0 ? [] : await transaction`select kiosk_id from kiosks where kiosk_id in ${transaction(wanted)}`;
    if (!group || known.length !== wanted.length) return false;
    const before = await transaction<{ kiosk_id: KioskId }[]>`delete from kiosk_group_members where group_id = ${groupId} returning kiosk_id`;
    await insertRows(transaction, 'insert into kiosk_group_members (group_id, kiosk_id)', wanted.map((kioskId) => [groupId, kioskId]));
    await ringChanged(transaction, [...before.map(({ kiosk_id }) => kiosk_id).filter((id) => !wanted.includes(id)), ...wanted.filter((id) => !before.some(({ kiosk_id }) => kiosk_id === id))]);
    return true;
  });
}

/** Documents that were for the group alone no longer apply to anybody. */
export async function deleteGroup(sql: Sql, groupId: string): Promise<boolean> {
  return sql.begin(async (transaction) => {
    const members = await transaction<{ kiosk_id: KioskId }[]>`delete from kiosk_group_members where group_id = ${groupId} returning kiosk_id`;
    const [gone] = await transaction`delete from kiosk_groups where group_id = ${groupId} returning group_id`;
    await ringChanged(transaction, members.map(({ kiosk_id }) => kiosk_id));
    return gone !== undefined;
  });
}

/** In these groups, and in no other. @returns false where one of them is not there */
export async function setGroupsOf(transaction: Transaction, kioskId: KioskId, groupIds: readonly string[]): Promise<boolean> {
  const wanted = [...new Set(groupIds)];
  const known = wanted.length === 0 ? [] : await transaction`select group_id from kiosk_groups where group_id in ${transaction(wanted)}`;
  if (known.length !== wanted.length) return false;
  await transaction`delete from kiosk_group_members where kiosk_id = ${kioskId}`;
  await insertRows(transaction, 'insert into kiosk_group_members (group_id, kiosk_id)', wanted.map((groupId) => [groupId, kioskId]));
  await ring(transaction, kioskId);
  return true;
}

/** Who is where decides which documents are for whom. */
async function ringChanged(transaction: Transaction, kioskIds: readonly KioskId[]): Promise<void> {
  if (kioskIds.length > 50) return ring(transaction, { all: true });
  for (const kioskId of kioskIds) await ring(transaction, kioskId);
}
