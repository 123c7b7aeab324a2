import type { DeviceState } from '../../../domain/device/state.ts';
import type { KioskId } from '../../../domain/ids.ts';
import { factsOfProof } from '../../contract/proof-words.ts';
import type { Queries } from '../database.ts';
import type { KeyState } from '../identity/kiosk-keys.ts';
import { readBooks } from './books.ts';
import { readFleetRows } from './list.ts';
import type { Version } from './versions.ts';

/** One kiosk in full; undefined where HQ knows none of this id. */
export async function readKioskInFull(sql: Queries, kioskId: KioskId, now: number) {
  // Before what it counts, since the two are read one after the other: what was written in between is refused later, and never overwritten.
  const [written] = await sql<(Version & { latitude: number | null; longitude: number | null; time_zone: string; created_at: number })[]>`
    select latitude, longitude, time_zone, created_at, version, changed_at as "changedAt", changed_by as "changedBy" from kiosks where kiosk_id = ${kioskId}`;
  const [row] = await readFleetRows(sql, [kioskId], now);
  if (!row || !written) return undefined;
  const [books, states, keys, codes, documents, screenshots] = await Promise.all([
    readBooks(sql, kioskId),
    sql<{ devices: DeviceState[] }[]>`select devices from kiosk_states where kiosk_id = ${kioskId}`,
    sql<{ fingerprint: string; state: KeyState; app: string; enrolled_at: number; approved_at: number | null; revoked_at: number | null }[]>`
      select fingerprint, state, app, enrolled_at, approved_at, revoked_at from kiosk_keys where kiosk_id = ${kioskId} order by enrolled_at desc limit 20`,
    sql<{ expires_at: number }[]>`select expires_at from enrolment_codes where kiosk_id = ${kioskId} and fingerprint is null and expires_at > ${now}`,
    sql<{ document: string; revision: number; outcome: string; detail: string | null; occurred_at: number }[]>`
      select document, revision, outcome, detail, occurred_at from kiosk_documents where kiosk_id = ${kioskId} order by document`,
    sql<{ command_id: string; taken_at: number }[]>`select command_id, taken_at from kiosk_screenshots where kiosk_id = ${kioskId} order by taken_at desc limit 12`,
  ]);
  const { version, changedAt, changedBy } = written;
  return {
    now, row,
    latitude: written.latitude, longitude: written.longitude, timeZone: written.time_zone, createdAt: written.created_at, written: { version, changedAt, changedBy },
    devices: (states[0]?.devices ?? []) as DeviceState[],
    keys: keys.map((key) => ({ fingerprint: key.fingerprint, state: key.state, app: key.app, enrolledAt: key.enrolled_at, approvedAt: key.approved_at, revokedAt: key.revoked_at })),
    codeExpiresAt: codes[0]?.expires_at ?? null,
    alarms: books.alarms,
    documents: documents.map(({ occurred_at: occurredAt, ...rest }) => ({ ...rest, occurredAt })),
    lanes: books.lanes,
    proofs: books.proofs.map(({ eventId, number, day, state, closedAt, checkedAt, result }) => ({
      eventId, number, day, state, closedAt, checkedAt,
      found: state === 'green' || !result ? null : factsOfProof(result),
    })),
    needsPerson: books.needsPerson, setAside: books.setAside, orders: books.orders,
    screenshots: screenshots.map(({ command_id: commandId, taken_at: takenAt }) => ({ commandId, takenAt })),
  };
}
