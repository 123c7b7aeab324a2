import type { StaffRole } from '../../../domain/staff/role.ts';
import { ApiRefusal } from '../api/serve.ts';
import type { Queries, Sql } from '../database.ts';

export interface MemberRow {
  readonly number: string;
  readonly name: string;
  readonly role: StaffRole;
  /** "all", "group:<id>", "kiosk:<id>". */
  readonly places: readonly string[];
  readonly pinHash: string | null;
  readonly totpSealed: string | null;
  readonly recoveryHashes: readonly string[];
  readonly cardHash: string | null;
  readonly createdAt: number;
  readonly changedAt: number;
  readonly changedBy: string;
  readonly endedAt: number | null;
}

/** Who is in first, then who has left; by number. Recovery codes that were used up at a kiosk are left out. */
export async function readMembers(sql: Queries): Promise<readonly MemberRow[]> {
  const [members, used] = await Promise.all([
    sql<MemberRow[]>`
      select number, name, role, places, pin_hash as "pinHash", totp_sealed as "totpSealed", recovery_hashes as "recoveryHashes", card_hash as "cardHash",
        created_at as "createdAt", changed_at as "changedAt", changed_by as "changedBy", ended_at as "endedAt"
      from staff_members order by ended_at is not null, number`,
    sql<{ number: string; code_hash: string }[]>`select number, code_hash from staff_codes_used`,
  ]);
  const gone = new Set(used.map((row) => `${row.number} ${row.code_hash}`));
  return members.map((member) => ({ ...member, recoveryHashes: member.recoveryHashes.filter((hash) => !gone.has(`${member.number} ${hash}`)) }));
}

export interface MemberChange {
  readonly number: string;
  readonly name: string;
  readonly role: StaffRole;
  readonly places: readonly string[];
  readonly by: string;
  readonly now: number;
}

/** Refuses a number that anybody has or had: what stands in the audit under a number is one person's. */
export async function addMember(sql: Sql, { number, name, role, places, by, now }: MemberChange): Promise<void> {
  const made = await sql`
    insert into staff_members (number, name, role, places, recovery_hashes, created_at, changed_at, changed_by)
    values (${number}, ${name}, ${role}, ${sql.json([...places])}, ${sql.json([])}, ${now}, ${now}, ${by}) on conflict (number) do nothing returning 1 as one`;
  if (made.length === 0) throw new ApiRefusal('HQ_INVALID', `the number ${number} is or was somebody's`, { field: 'number' });
}

/** @param seenAt refused where it was changed since */
export async function changeMember(sql: Sql, { number, name, role, places, by, now }: MemberChange, seenAt: number): Promise<void> {
  const changed = await sql`
    update staff_members set name = ${name}, role = ${role}, places = ${sql.json([...places])}, changed_at = ${now}, changed_by = ${by}
    where number = ${number} and changed_at = ${seenAt} and ended_at is null returning 1 as one`;
  if (changed.length > 0) return;
  const [known] = await sql<{ changed_at: number; changed_by: string }[]>`select changed_at, changed_by from staff_members where number = ${number} and ended_at is null`;
  if (!known) throw new ApiRefusal('HQ_NOT_FOUND', `nobody has the number ${number}`);
  throw new ApiRefusal('HQ_CHANGED_MEANWHILE', `${known.changed_by} has changed it meanwhile`, { by: known.changed_by, at: known.changed_at });
}

/** With PIN, secret, codes, card and any open link. */
export async function endMember(sql: Sql, number: string, by: string, now: number): Promise<void> {
  await sql.begin(async (transaction) => {
    const ended = await transaction`
      update staff_members set ended_at = ${now}, changed_at = ${now}, changed_by = ${by}, pin_hash = null, totp_sealed = null, card_hash = null, recovery_hashes = ${transaction.json([])}
      where number = ${number} and ended_at is null returning 1 as one`;
    if (ended.length === 0) throw new ApiRefusal('HQ_NOT_FOUND', `nobody has the number ${number}`);
    await transaction`delete from staff_enrolments where number = ${number}`;
  });
}

export async function setCard(sql: Sql, number: string, cardHash: string | null, by: string, now: number): Promise<void> {
  const changed = await sql`update staff_members set card_hash = ${cardHash}, changed_at = ${now}, changed_by = ${by} where number = ${number} and ended_at is null returning 1 as one`;
  if (changed.length === 0) throw new ApiRefusal('HQ_NOT_FOUND', `nobody has the number ${number}`);
}
