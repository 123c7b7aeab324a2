import { randomBytes } from 'node:crypto';
import { uuidV7From } from '../../../domain/ids.ts';
import { alertWords, isoTime } from '../../contract/alert-words.ts';
import type { AlertKind } from '../../contract/api/alerts.ts';
import { alertKinds } from '../../contract/api/alerts.ts';
import { noteMails, ruleOfAlarm } from '../alerts/notify.ts';
import type { Queries } from '../database.ts';
import { noteWebhooks } from '../webhooks/note.ts';

/** What a person at HQ should hear of: told by kiosks, or found by watching them (alerts/watch.ts). */
export const alarmKinds = alertKinds;
export type AlarmKind = AlertKind;

export interface NewAlarm {
  readonly kioskId: string;
  readonly kind: AlarmKind;
  /** What it is about, within the kind ("orders 2 17"): the same again is counted, not listed twice. */
  readonly subject: string;
  /** For people who look after HQ; holds no customer's data. */
  readonly detail: string;
  /** The same as facts, by its kind's schema (hq/contract/alert-words.ts), where it has one: alerts/raise.ts. */
  readonly facts?: Readonly<Record<string, unknown>>;
  readonly at: number;
}

/** Raises an alarm, or counts it once more while it stands. Its rule says how grave it is and who is told; where the rule is off there is none. */
export async function raiseAlarm(sql: Queries, { kioskId, kind, subject, detail, facts, at }: NewAlarm): Promise<void> {
  const id = uuidV7From(at, randomBytes(10));
  const [row] = await sql<{ alarm_id: string; times: number }[]>`
    insert into alarms (kiosk_id, alarm_id, kind, subject, detail, facts, at, last_at, times)
    values (${kioskId}, ${id}, ${kind}, ${subject}, ${detail.slice(0, 1000)}, ${facts === undefined ? null : sql.json(facts as never)}, ${at}, ${at}, 1)
    on conflict (kiosk_id, kind, subject) where settled_at is null
    do update set detail = excluded.detail, facts = excluded.facts, last_at = excluded.last_at, times = alarms.times + 1
    returning alarm_id, times`;
  if (row?.times !== 1) return;
  const { isOn, severity, mailTo } = await ruleOfAlarm(sql, kioskId, kind);
  if (!isOn) {
    await sql`delete from alarms where kiosk_id = ${kioskId} and alarm_id = ${row.alarm_id}`;
    return;
  }
  await sql`update alarms set severity = ${severity} where kiosk_id = ${kioskId} and alarm_id = ${row.alarm_id}`;
  await noteMails(sql, kioskId, row.alarm_id, mailTo, at);
  await noteWebhooks(sql, kioskId, [{ kind: 'alarm', eventId: row.alarm_id, at, data: { alarm: kind, severity, subject, detail: detail.slice(0, 1000), ...(facts === undefined ? {} : { facts, words: alertWords(kind, facts, isoTime) }) } }], at);
}

/** Ends the alarms of a kind: of one subject, or all of the kiosk. Answers how many stood. */
export async function settleAlarms(sql: Queries, kioskId: string, kind: AlarmKind, at: number, subject?: string): Promise<number> {
  const rows = await sql`
    update alarms set settled_at = ${at} where kiosk_id = ${kioskId} and kind = ${kind} and settled_at is null ${subject === undefined ? sql`` : sql`and subject = ${subject}`}
    returning alarm_id`;
  return rows.length;
}
