import { randomBytes } from 'node:crypto';
import { uuidV7From } from '../../../domain/ids.ts';
import type { Severity } from '../../contract/api/alerts.ts';
import type { Queries } from '../database.ts';
import { insertRows } from '../database.ts';
import { groupsOf, readRules, ruleFor } from './rules.ts';

/** What the rule of a kind says of a new alarm of this kiosk: how grave it is, and who is written to. `off`: nobody wants to hear of it. */
export interface RuleOfAlarm {
  readonly isOn: boolean;
  readonly severity: Severity;
  readonly mailTo: readonly string[];
}

export async function ruleOfAlarm(sql: Queries, kioskId: string, kind: string): Promise<RuleOfAlarm> {
  const rule = ruleFor(await readRules(sql), kind, await groupsOf(sql, kioskId));
  return rule ?? { isOn: true, severity: 'warning', mailTo: [] };
}

/** In the transaction that raised the alarm: nobody is written to of what was not kept, and whoever should be is, whatever dies afterwards. */
export async function noteMails(sql: Queries, kioskId: string, alarmId: string, addresses: readonly string[], now: number): Promise<void> {
  await insertRows(
    sql, 'insert into alert_mails (kiosk_id, mail_id, alarm_id, address, state, attempts, next_at, created_at)',
    [...new Set(addresses)].map((address) => [kioskId, uuidV7From(now, randomBytes(10)), alarmId, address, 'due', 0, now, now]),
    'on conflict (kiosk_id, alarm_id, address) do nothing',
  );
}
