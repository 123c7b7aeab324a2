import { alarmKinds, settleAlarms } from '../ingest/alarms.ts';
import type { AlarmKind } from '../ingest/alarms.ts';
import { StartFailure } from '../start-failure.ts';
import { kioskIdOf, readWords, shownTime } from './arguments.ts';
import type { HqCommand } from './command.ts';
import { ensureKnown } from './publish.ts';

/** So many lines of each; the newest are what a person wants. */
const shownAtMost = 200;

/** What a person should hear of, and has looked at. */
export const alarmCommands: readonly HqCommand[] = [
  {
    name: 'alarms', usage: '[kiosk]', about: 'lists the open alarms, and the events that HQ could not understand and has set aside',
    run: async ({ args, sql, print }) => {
      const [id] = readWords(args, 1);
      const kioskId = id === undefined ? undefined : kioskIdOf(id);
      if (kioskId) await ensureKnown(sql, kioskId);
      const ofKiosk = kioskId === undefined ? sql`` : sql`and kiosk_id = ${kioskId}`;
      const alarms = await sql<{ kiosk_id: string; kind: string; detail: string; at: number; last_at: number; times: number }[]>`
        select kiosk_id, kind, detail, at, last_at, times from alarms where settled_at is null ${ofKiosk} order by last_at desc, kiosk_id, alarm_id limit ${shownAtMost + 1}`;
      for (const { kiosk_id, kind, detail, at, last_at, times } of alarms.slice(0, shownAtMost)) {
        print([kiosk_id, kind, `since ${shownTime(at)}`, ...(times > 1 ? [`${times} times, last ${shownTime(last_at)}`] : []), detail].join('  '));
      }
      const setAside = await sql<{ kiosk_id: string; lane: string; epoch: number; sequence: number; kind: string; version: number; reason: string; detail: string; quarantined_at: number }[]>`
        select kiosk_id, lane, epoch, sequence, kind, version, reason, detail, quarantined_at from quarantined_events
        where settled_at is null ${ofKiosk} order by quarantined_at desc, kiosk_id, lane, epoch, sequence limit ${shownAtMost + 1}`;
      for (const row of setAside.slice(0, shownAtMost)) {
        print([row.kiosk_id, 'set aside', `${row.lane} ${row.epoch}/${row.sequence}`, `${row.kind} version ${row.version}`, row.reason, shownTime(row.quarantined_at), row.detail].join('  '));
      }
      const counted = (list: readonly unknown[]) => (list.length > shownAtMost ? `more than ${shownAtMost}` : String(list.length));
      print(alarms.length + setAside.length === 0 ? 'no alarm is open, and nothing is set aside' : `${counted(alarms)} open alarms, ${counted(setAside)} events set aside`);
    },
  },
  {
    name: 'settle', usage: '<kiosk> <kind>', about: `ends a kiosk's alarms of a kind that a person has looked at (${alarmKinds.join(', ')})`,
    run: async ({ args, sql, now, print }) => {
      const [id, kind] = readWords(args, 2);
      const kioskId = kioskIdOf(id);
      if (!alarmKinds.includes(kind as AlarmKind)) throw new StartFailure(`There is no kind of alarm "${kind ?? ''}": ${alarmKinds.join(', ')}.`);
      await ensureKnown(sql, kioskId);
      const ended = await settleAlarms(sql, kioskId, kind as AlarmKind, now());
      print(ended === 1 ? '1 alarm ended' : `${ended} alarms ended`);
    },
  },
];
