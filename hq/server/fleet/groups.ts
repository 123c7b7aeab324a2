import { randomUUID } from 'node:crypto';
import type { KioskId } from '../../../domain/ids.ts';
import { ApiRefusal } from '../api/serve.ts';
import type { Queries, Sql, Transaction } from '../database.ts';
import { insertRows } from '../database.ts';
import { ring } from '../down/ring.ts';
import type { Author, Version } from './versions.ts';
import { changedMeanwhile } from './versions.ts';

/*
 * Which kiosks are in a group is written from both sides, so it counts in both versions: the group's, and that of each kiosk that comes or goes. Whoever changes it locks
 * the kiosks first, by their ids, and then the groups, so that two who do it at once wait for each other and neither for both.
 */

export interface KioskGroup extends Version {
  readonly groupId: string;
  readonly name: string;
  readonly kiosks: KioskId[];
}

export interface GroupWords {
  readonly name: string;
  readonly kiosks: readonly KioskId[];
}

export async function listKioskGroups(sql: Queries): Promise<KioskGroup[]> {
  const rows = await sql<(Omit<KioskGroup, 'kiosks'> & { kiosks: KioskId[] | null })[]>`
    select g.group_id as "groupId", g.name, g.version, g.changed_at as "changedAt", g.changed_by as "changedBy",
      (select jsonb_agg(m.kiosk_id order by m.kiosk_id) from kiosk_group_members m where m.group_id = g.group_id) as kiosks from kiosk_groups g order by g.name, g.group_id`;
  return rows.map(({ kiosks, ...row }) => ({ ...row, kiosks: kiosks ?? [] }));
}

export async function createGroup(sql: Sql, { name, kiosks }: GroupWords, author: Author): Promise<{ readonly groupId: string; readonly name: string; readonly version: number }> {
  const groupId = randomUUID();
  await sql.begin(async (transaction) => {
    const wanted = [...new Set(kiosks)];
    await haveMoved(transaction, wanted, author);
    await transaction`insert into kiosk_groups (group_id, name, version, changed_at, changed_by) values (${groupId}, ${name}, 1, ${author.at}, ${author.by})`;
    await join(transaction, wanted.map((kioskId) => [groupId, kioskId]));
  });
  return { groupId, name, version: 1 };
}

/** @returns the new version. Refused where the group was changed since `version`, is gone, or one of the kiosks is not known. */
export async function changeGroup(sql: Sql, groupId: string, version: number, { name, kiosks }: GroupWords, author: Author): Promise<number> {
  const wanted = new Set(kiosks);
  await sql.begin(async (transaction) => {
    // Read before the group is locked: where somebody changes it in between, the version is another one.
    const before = new Set(await membersOf(transaction, groupId));
    const [left, joined] = [[...before].filter((id) => !wanted.has(id)), [...wanted].filter((id) => !before.has(id))];
    await haveMoved(transaction, [...left, ...joined], author);
    const changed = await transaction`
      update kiosk_groups set name = ${name}, version = version + 1, changed_at = ${author.at}, changed_by = ${author.by} where group_id = ${groupId} and version = ${version} returning 1 as one`;
    if (changed.length === 0) throw await whyNot(transaction, groupId);
    if (left.length > 0) await transaction`delete from kiosk_group_members where group_id = ${groupId} and kiosk_id in ${transaction(left)}`;
    await join(transaction, joined.map((kioskId) => [groupId, kioskId]));
  });
  return version + 1;
}

/** Documents that were for the group alone no longer apply to anybody. Refused where the group was changed since `version`, or is gone. */
export async function deleteGroup(sql: Sql, groupId: string, version: number, author: Author): Promise<void> {
  await sql.begin(async (transaction) => {
    await haveMoved(transaction, await membersOf(transaction, groupId), author);
    const gone = await transaction`delete from kiosk_groups where group_id = ${groupId} and version = ${version} returning 1 as one`;
    if (gone.length === 0) throw await whyNot(transaction, groupId);
    await transaction`delete from kiosk_group_members where group_id = ${groupId}`;
  });
}

/** In these groups, and in no other; its own version has been counted, and its row locked, by whoever calls. Refused where one of them is not there. */
export async function setGroupsOf(transaction: Transaction, kioskId: KioskId, groupIds: readonly string[], { by, at }: Author): Promise<void> {
  const wanted = new Set(groupIds);
  const before = new Set((await transaction<{ group_id: string }[]>`select group_id from kiosk_group_members where kiosk_id = ${kioskId}`).map(({ group_id }) => group_id));
  const [left, joined] = [[...before].filter((id) => !wanted.has(id)), [...wanted].filter((id) => !before.has(id))];
  const moved = [...left, ...joined];
  if (moved.length === 0) return;
  const locked = await transaction<{ group_id: string }[]>`select group_id from kiosk_groups where group_id in ${transaction(moved)} order by group_id for update`;
  const there = new Set(locked.map(({ group_id }) => group_id));
  // One that is gone can always be left.
  if (joined.some((id) => !there.has(id))) throw new ApiRefusal('HQ_INVALID', 'one of these groups is not there', { field: 'groups' });
  await transaction`update kiosk_groups set version = version + 1, changed_at = ${at}, changed_by = ${by} where group_id in ${transaction(moved)}`;
  if (left.length > 0) await transaction`delete from kiosk_group_members where kiosk_id = ${kioskId} and group_id in ${transaction(left)}`;
  await join(transaction, joined.map((groupId) => [groupId, kioskId]));
  await ring(transaction, kioskId);
}

async function membersOf(transaction: Transaction, groupId: string): Promise<readonly KioskId[]> {
  const rows = await transaction<{ kiosk_id: KioskId }[]>`select kiosk_id from kiosk_group_members where group_id = ${groupId}`;
  return rows.map(({ kiosk_id }) => kiosk_id);
}

async function join(transaction: Transaction, members: readonly (readonly [groupId: string, kioskId: KioskId])[]): Promise<void> {
  await insertRows(transaction, 'insert into kiosk_group_members (group_id, kiosk_id)', members);
}

/** These kiosks come into a group or leave it: locked, counted, and told that something may wait for them, since who is where decides which documents are for whom. */
async function haveMoved(transaction: Transaction, kioskIds: readonly KioskId[], { by, at }: Author): Promise<void> {
  if (kioskIds.length === 0) return;
  const locked = await transaction`select kiosk_id from kiosks where kiosk_id in ${transaction([...kioskIds])} order by kiosk_id for update`;
  if (locked.length !== kioskIds.length) throw new ApiRefusal('HQ_NOT_FOUND', 'one of these kiosks is not there');
  await transaction`update kiosks set version = version + 1, changed_at = ${at}, changed_by = ${by} where kiosk_id in ${transaction([...kioskIds])}`;
  if (kioskIds.length > 50) return ring(transaction, { all: true });
  for (const kioskId of kioskIds) await ring(transaction, kioskId);
}

async function whyNot(transaction: Transaction, groupId: string): Promise<ApiRefusal> {
  const [group] = await transaction<Version[]>`select version, changed_at as "changedAt", changed_by as "changedBy" from kiosk_groups where group_id = ${groupId}`;
  return group ? changedMeanwhile(group) : new ApiRefusal('HQ_NOT_FOUND', 'there is no such group');
}
