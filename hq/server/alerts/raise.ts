import type { AlertFacts, WordedKind } from '../../contract/alert-words.ts';
import { englishDetail } from '../../contract/alert-words.ts';
import type { Queries } from '../database.ts';
import { raiseAlarm } from '../ingest/alarms.ts';

interface Told<K extends WordedKind> {
  readonly kioskId: string;
  readonly kind: K;
  readonly subject: string;
  readonly facts: AlertFacts<K>;
  readonly at: number;
}

/** Raises an alarm, or tells one that stands anew, with its facts: the console and its mails word them in both languages. */
export async function raiseWithFacts<K extends WordedKind>(sql: Queries, { kioskId, kind, subject, facts, at }: Told<K>): Promise<void> {
  await raiseAlarm(sql, { kioskId, kind, subject, detail: englishDetail(kind, facts), facts: facts as Readonly<Record<string, unknown>>, at });
}
