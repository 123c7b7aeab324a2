import type { DeviceState } from '../../../domain/device/state.ts';
import type { KioskId } from '../../../domain/ids.ts';
import type { AlertKind, AlertRule } from '../../contract/api/alerts.ts';
import { watchedKinds } from '../../contract/api/alerts.ts';
import { readPlaces } from '../catalogue/places.ts';
import type { Queries, Sql } from '../database.ts';
import { eachKiosk } from '../jobs/each-kiosk.ts';
import { settleAlarms } from '../ingest/alarms.ts';
import type { Shelves } from '../stock/shelves.ts';
import { readShelves } from '../stock/shelves.ts';
import { readShopDay } from '../stock/shop-day.ts';
import type { Finding, PaymentCounts, WatchedKiosk } from './findings.ts';
import { findingsOf, hoursLookedBack } from './findings.ts';
import { raiseWithFacts } from './raise.ts';
import { readRules } from './rules.ts';

const hourMs = 3_600_000;
/** What was over for less than this and is so again is the same alarm going on: a line that comes and goes is one alarm, and one mail. */
const flappingMs = 15 * 60_000;
/** Watching is done each half minute: not for so long, and HQ or its database was away. */
const awayMs = 5 * 60_000;
/** Without a planogram, an offer that has not moved for so long is sold no more, and missed by nobody. */
const soldLatelyMs = 14 * 86_400_000;

/**
 * Watching as one process does it, again and again. After a time in which HQ heard nobody (it was off, or its database away) no kiosk is called silent before it
 * had the time to be heard again: else every start of HQ would be an alarm of every kiosk.
 */
export function createWatch(sql: Sql): (now: number) => Promise<number> {
  let last = Number.NEGATIVE_INFINITY;
  let listeningSince = 0;
  return async (now) => {
    if (now - last > awayMs) listeningSince = now;
    const changed = await watchKiosks(sql, now, listeningSince);
    last = now;
    return changed;
  };
}

/**
 * A job of each half minute: holds every kiosk against the rules, raises what is new, and ends what is over. It reads the whole fleet in a handful of queries, and
 * writes for those kiosks alone where something has changed. Idempotent: another process a moment later finds the same. Answers how many alarms it raised or ended.
 */
export async function watchKiosks(sql: Sql, now: number, listeningSince = 0): Promise<number> {
  const rules = await readRules(sql);
  const [kiosks, open] = await Promise.all([readWatched(sql, rules, now), openAlarms(sql)]);
  const changes = kiosks.flatMap(({ kioskId, ...facts }) => {
    const found = findingsOf({ kioskId, ...facts }, rules, now, listeningSince);
    const stands = open.get(kioskId) ?? [];
    const news = found.filter((finding) => {
      const standing = stands.find((alarm) => isOf(alarm, finding));
      return standing ? standing.detail !== finding.detail : !finding.isUnheard;
    });
    const over = stands.filter((alarm) => !found.some((finding) => isOf(alarm, finding)));
    return news.length + over.length > 0 ? [{ kioskId, news, over }] : [];
  });
  // Of a kiosk that was taken out of service for good nobody comes to end them.
  const isWatched = new Set(kiosks.map(({ kioskId }) => kioskId));
  for (const [kioskId, stands] of open) if (!isWatched.has(kioskId)) changes.push({ kioskId, news: [], over: [...stands] });
  const changeOf = new Map(changes.map((change) => [change.kioskId, change]));
  return eachKiosk([...changeOf.keys()], (kioskId) => sql.begin(async (transaction) => {
    const { news, over } = changeOf.get(kioskId)!;
    for (const finding of news) await stand(transaction, kioskId, finding, open.get(kioskId) ?? [], now);
    for (const { kind, subject } of over) await settleAlarms(transaction, kioskId, kind, now, subject);
    return news.length + over.length;
  }));
}

/** One that stands has another detail (fewer receipts, one more offer): it is told anew, and not counted as a second one. */
async function stand(sql: Queries, kioskId: string, finding: Finding, stands: readonly OpenAlarm[], at: number): Promise<void> {
  const { kind, subject, detail, facts } = finding;
  if (!stands.some((alarm) => isOf(alarm, finding))) {
    const goesOn = await sql`
      update alarms set settled_at = null, detail = ${detail.slice(0, 1000)}, facts = ${sql.json(facts as never)}, last_at = ${at}, times = times + 1
      where kiosk_id = ${kioskId} and alarm_id = (
        select alarm_id from alarms where kiosk_id = ${kioskId} and kind = ${kind} and subject = ${subject} order by settled_at desc nulls first limit 1)
        and settled_at > ${at - flappingMs} and settled_by is null returning 1 as one`;
    return goesOn.length > 0 ? undefined : raiseWithFacts(sql, { kioskId, kind, subject, facts: facts as never, at });
  }
  await sql`update alarms set detail = ${detail.slice(0, 1000)}, facts = ${sql.json(facts as never)}, last_at = ${at} where kiosk_id = ${kioskId} and kind = ${kind} and subject = ${subject} and settled_at is null`;
}

interface OpenAlarm { readonly kind: AlertKind; readonly subject: string; readonly detail: string }

function isOf(alarm: OpenAlarm, { kind, subject }: Finding): boolean {
  return alarm.kind === kind && alarm.subject === subject;
}

async function openAlarms(sql: Queries): Promise<ReadonlyMap<KioskId, readonly OpenAlarm[]>> {
  const rows = await sql<(OpenAlarm & { kiosk_id: KioskId })[]>`select kiosk_id, kind, subject, detail from alarms where settled_at is null and kind in ${sql(watchedKinds)}`;
  return Map.groupBy(rows, (row) => row.kiosk_id);
}

interface StateRow {
  kiosk_id: KioskId; last_seen_at: number | null; service: NonNullable<WatchedKiosk['state']>['service'] | null; reasons: string[] | null; devices: DeviceState[] | null;
  receipts_left: number | null; since: number | null;
}

/** Kiosks that have a key which counts. */
async function readWatched(sql: Sql, rules: readonly AlertRule[], now: number): Promise<readonly (WatchedKiosk & { readonly kioskId: KioskId })[]> {
  const places = await readPlaces(sql);
  const [states, payments, shelves] = await Promise.all([
    sql<StateRow[]>`
      select k.kiosk_id, c.last_seen_at, s.service, s.reasons, s.devices, (s.paper ->> 'receiptsLeft')::bigint as receipts_left,
        case when s.service in ('paused', 'out_of_service') then (
          select min(l.occurred_at) from kiosk_state_log l where l.kiosk_id = k.kiosk_id and l.service = s.service and l.occurred_at > coalesce((
            select max(b.occurred_at) from kiosk_state_log b where b.kiosk_id = k.kiosk_id and b.service <> s.service), 0)
        ) else s.occurred_at end as since
      from kiosk_keys k left join kiosk_contacts c on c.kiosk_id = k.kiosk_id left join kiosk_states s on s.kiosk_id = k.kiosk_id where k.state = 'approved'`,
    readPayments(sql, hoursLookedBack(rules), now),
    readShelves(sql, places, await readShopDay(sql, now)),
  ]);
  const shelvesOf = new Map(shelves.map((of) => [of.kioskId, of]));
  return states.map((row) => ({
    kioskId: row.kiosk_id,
    groups: new Set(places.groups.filter(({ kiosks }) => kiosks.includes(row.kiosk_id)).map(({ groupId }) => groupId)),
    lastSeenAt: row.last_seen_at,
    state: row.service === null ? undefined : { service: row.service, reasons: row.reasons ?? [], devices: row.devices ?? [], since: row.since ?? now, receiptsLeft: row.receipts_left ?? undefined },
    stock: stockOf(shelvesOf.get(row.kiosk_id), now),
    payments: new Map([...payments].flatMap(([hours, ofKiosks]) => {
      const counts = ofKiosks.get(row.kiosk_id);
      return counts ? [[hours, counts] as const] : [];
    })),
  }));
}

/**
 * Counted by the database: a week of a large fleet is millions of payments, and this is asked each half minute. A payment of which something went back within
 * the hours counts as one that went back, once, however many parts there were and whenever it was made: wallets that are paid back in parts stay `approved`.
 */
async function readPayments(sql: Sql, spans: readonly number[], now: number): Promise<ReadonlyMap<number, ReadonlyMap<KioskId, PaymentCounts>>> {
  return new Map(await Promise.all(spans.map(async (hours) => {
    const since = now - hours * hourMs;
    const rows = await sql<({ kiosk_id: KioskId } & PaymentCounts)[]>`
      with counted as (
        select kiosk_id, count(*) filter (where state = 'approved') as approved, count(*) filter (where state = 'declined') as declined, count(*) filter (where state = 'reversed') as reversed
        from payments where state in ('approved', 'declined', 'reversed') and state_at >= ${since} group by kiosk_id
        union all
        select b.kiosk_id, -count(*) filter (where p.state = 'approved' and p.state_at >= ${since}), 0, count(*) filter (where (p.state = 'reversed' and p.state_at >= ${since}) is not true)
        from (select distinct kiosk_id, attempt_id from refund_parts where state_at >= ${since}) b left join payments p on p.kiosk_id = b.kiosk_id and p.attempt_id = b.attempt_id group by b.kiosk_id
      )
      select kiosk_id, sum(approved)::bigint as approved, sum(declined)::bigint as declined, sum(reversed)::bigint as reversed from counted group by kiosk_id having sum(declined) + sum(reversed) > 0`;
    return [hours, new Map(rows.map(({ kiosk_id, ...counts }) => [kiosk_id, counts]))] as const;
  })));
}

function stockOf(shelves: Shelves | undefined, now: number): WatchedKiosk['stock'] {
  if (!shelves) return [];
  const planned = shelves.slots.filter(({ slot, par }) => slot !== null && par > 0);
  const left = shelves.planogram
    ? [...Map.groupBy(planned, ({ offerId }) => offerId)].map(([offerId, slots]) => ({ offerId, left: slots.reduce((sum, { sellable }) => sum + Math.max(0, sellable), 0) }))
    : [...shelves.offers].flatMap(([offerId, { remaining, movedAt }]) => (movedAt > now - soldLatelyMs ? [{ offerId, left: Math.max(0, remaining) }] : []));
  return left.sort((one, other) => one.left - other.left || (one.offerId < other.offerId ? -1 : 1));
}
