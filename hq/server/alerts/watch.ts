import type { DeviceState } from '../../../domain/device/state.ts';
import type { KioskId } from '../../../domain/ids.ts';
import type { AlertKind } from '../../contract/api/alerts.ts';
import { watchedKinds } from '../../contract/api/alerts.ts';
import { readPlaces } from '../catalogue/places.ts';
import type { Queries, Sql } from '../database.ts';
import { eachKiosk } from '../each-kiosk.ts';
import { raiseAlarm, settleAlarms } from '../ingest/alarms.ts';
import type { Shelves } from '../stock/shelves.ts';
import { groupBy, readShelves } from '../stock/shelves.ts';
import { readShopDay } from '../stock/shop-day.ts';
import type { Finding, WatchedKiosk } from './findings.ts';
import { findingsOf } from './findings.ts';
import { readRules } from './rules.ts';

/** The longest that a measure looks back. */
const paymentsMs = 7 * 86_400_000;
/** Without a planogram, an offer that has not moved for so long is sold no more, and missed by nobody. */
const soldLatelyMs = 14 * 86_400_000;

/**
 * A job of each half minute: holds every kiosk against the rules, raises what is new, and ends what is over. It reads the whole fleet in a handful of queries, and
 * writes for those kiosks alone where something has changed. Idempotent: another process a moment later finds the same. Answers how many alarms it raised or ended.
 */
export async function watchKiosks(sql: Sql, now: number): Promise<number> {
  const [kiosks, rules, open] = await Promise.all([readWatched(sql, now), readRules(sql), openAlarms(sql)]);
  const changes = kiosks.flatMap(({ kioskId, ...facts }) => {
    const found = findingsOf({ kioskId, ...facts }, rules, now);
    const stands = open.get(kioskId) ?? [];
    const news = found.filter((finding) => !stands.some((alarm) => alarm.kind === finding.kind && alarm.detail === finding.detail));
    const over = stands.filter(({ kind }) => !found.some((finding) => finding.kind === kind)).map(({ kind }) => kind);
    return news.length + over.length > 0 ? [{ kioskId, news, over }] : [];
  });
  return eachKiosk(changes.map(({ kioskId }) => kioskId), (kioskId) => sql.begin(async (transaction) => {
    const { news, over } = changes.find((change) => change.kioskId === kioskId)!;
    for (const { kind, detail } of news) await stand(transaction, kioskId, { kind, detail }, open.get(kioskId) ?? [], now);
    for (const kind of over) await settleAlarms(transaction, kioskId, kind, now);
    return news.length + over.length;
  }));
}

/** One that stands has another detail (fewer receipts, one more offer): it is told anew, and not counted as a second one. */
async function stand(sql: Queries, kioskId: string, { kind, detail }: Finding, stands: readonly OpenAlarm[], at: number): Promise<void> {
  if (!stands.some((alarm) => alarm.kind === kind)) return raiseAlarm(sql, { kioskId, kind, subject: '', detail, at });
  await sql`update alarms set detail = ${detail.slice(0, 1000)}, last_at = ${at} where kiosk_id = ${kioskId} and kind = ${kind} and settled_at is null`;
}

interface OpenAlarm { readonly kind: AlertKind; readonly detail: string }

async function openAlarms(sql: Queries): Promise<ReadonlyMap<KioskId, readonly OpenAlarm[]>> {
  const rows = await sql<(OpenAlarm & { kiosk_id: KioskId })[]>`select kiosk_id, kind, detail from alarms where settled_at is null and kind in ${sql(watchedKinds)}`;
  return groupBy(rows, (row) => row.kiosk_id);
}

interface StateRow {
  kiosk_id: KioskId; last_seen_at: number | null; service: NonNullable<WatchedKiosk['state']>['service'] | null; reasons: string[] | null; devices: DeviceState[] | null;
  receipts_left: number | null; since: number | null;
}

/** Kiosks that have a key which counts. */
async function readWatched(sql: Sql, now: number): Promise<readonly (WatchedKiosk & { readonly kioskId: KioskId })[]> {
  const places = await readPlaces(sql);
  const [states, payments, shelves] = await Promise.all([
    sql<StateRow[]>`
      select k.kiosk_id, c.last_seen_at, s.service, s.reasons, s.devices, (s.paper ->> 'receiptsLeft')::bigint as receipts_left,
        case when s.service in ('paused', 'out_of_service') then (
          select min(l.occurred_at) from kiosk_state_log l where l.kiosk_id = k.kiosk_id and l.service = s.service and l.occurred_at > coalesce((
            select max(b.occurred_at) from kiosk_state_log b where b.kiosk_id = k.kiosk_id and b.service <> s.service), 0)
        ) else s.occurred_at end as since
      from kiosk_keys k left join kiosk_contacts c on c.kiosk_id = k.kiosk_id left join kiosk_states s on s.kiosk_id = k.kiosk_id where k.state = 'approved'`,
    sql<{ kiosk_id: KioskId; state: 'approved' | 'declined' | 'reversed'; state_at: number }[]>`
      select kiosk_id, state, state_at from payments where state in ('approved', 'declined', 'reversed') and state_at > ${now - paymentsMs}
        and kiosk_id in (select kiosk_id from payments where state in ('declined', 'reversed') and state_at > ${now - paymentsMs})`,
    readShelves(sql, places, await readShopDay(sql, now)),
  ]);
  const paymentsOf = groupBy(payments, (row) => row.kiosk_id);
  const shelvesOf = new Map(shelves.map((of) => [of.kioskId, of]));
  return states.map((row) => ({
    kioskId: row.kiosk_id,
    groups: new Set(places.groups.filter(({ kiosks }) => kiosks.includes(row.kiosk_id)).map(({ groupId }) => groupId)),
    lastSeenAt: row.last_seen_at,
    state: row.service === null ? undefined : { service: row.service, reasons: row.reasons ?? [], devices: row.devices ?? [], since: row.since ?? now, receiptsLeft: row.receipts_left ?? undefined },
    stock: stockOf(shelvesOf.get(row.kiosk_id), now),
    payments: (paymentsOf.get(row.kiosk_id) ?? []).map(({ state, state_at }) => ({ state, at: state_at })),
  }));
}

function stockOf(shelves: Shelves | undefined, now: number): WatchedKiosk['stock'] {
  if (!shelves) return [];
  const planned = shelves.slots.filter(({ slot, par }) => slot !== null && par > 0);
  const left = shelves.planogram
    ? [...groupBy(planned, ({ offerId }) => offerId)].map(([offerId, slots]) => ({ offerId, left: slots.reduce((sum, { sellable }) => sum + Math.max(0, sellable), 0) }))
    : [...shelves.offers].flatMap(([offerId, { remaining, movedAt }]) => (movedAt > now - soldLatelyMs ? [{ offerId, left: Math.max(0, remaining) }] : []));
  return left.sort((one, other) => one.left - other.left || (one.offerId < other.offerId ? -1 : 1));
}
