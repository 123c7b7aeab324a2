import type { KioskId } from '../../../domain/ids.ts';
import { ApiRefusal } from '../api/serve.ts';
import type { Sql } from '../database.ts';
import { announceFleet } from '../live/announce.ts';
import { setGroupsOf } from './groups.ts';
import type { Author, Version } from './versions.ts';
import { changedMeanwhile } from './versions.ts';

/** What people write of a kiosk. What is left out stays as it is; a latitude and a longitude belong together. */
export interface KioskWords {
  readonly name?: string | undefined;
  readonly place?: string | undefined;
  /** An IANA name, or nothing. */
  readonly timeZone?: string | undefined;
  readonly latitude?: number | null | undefined;
  readonly longitude?: number | null | undefined;
  readonly groups?: readonly string[] | undefined;
}

/** @returns the new version. Refused where it was changed since `version`: by its own page, by a group that it has come into or left, or by the command line. */
export async function writeOfKiosk(sql: Sql, kioskId: KioskId, version: number, { name, place, timeZone, latitude, longitude, groups }: KioskWords, author: Author): Promise<number> {
  if ((latitude === null) !== (longitude === null) || (latitude === undefined) !== (longitude === undefined)) throw new ApiRefusal('HQ_INVALID', 'a latitude and a longitude belong together', { field: 'latitude' });
  if (timeZone !== undefined && timeZone !== '' && !isTimeZone(timeZone)) throw new ApiRefusal('HQ_INVALID', 'there is no such time zone', { field: 'timeZone' });
  const columns = { name, place, time_zone: timeZone, latitude, longitude };
  const written = Object.fromEntries(Object.entries(columns).filter(([, value]) => value !== undefined));
  await sql.begin(async (transaction) => {
    // First of all: it locks the row, and of two who save at once the second sees another version.
    const changed = await transaction`
      update kiosks set ${transaction({ ...written, changed_at: author.at, changed_by: author.by })}, version = version + 1 where kiosk_id = ${kioskId} and version = ${version} returning 1 as one`;
    if (changed.length === 0) {
      const [known] = await transaction<Version[]>`select version, changed_at as "changedAt", changed_by as "changedBy" from kiosks where kiosk_id = ${kioskId}`;
      throw known ? changedMeanwhile(known) : new ApiRefusal('HQ_NOT_FOUND', 'there is no such kiosk');
    }
    if (groups !== undefined) await setGroupsOf(transaction, kioskId, groups, author);
    await announceFleet(transaction, kioskId);
  });
  return version + 1;
}

function isTimeZone(name: string): boolean {
  try {
    return new Intl.DateTimeFormat('en', { timeZone: name }).resolvedOptions().timeZone !== '';
  } catch {
    return false;
  }
}
