import type { Transaction } from '../database.ts';
import type { AlarmKind } from '../ingest/alarms.ts';
import { raiseAlarm, settleAlarms } from '../ingest/alarms.ts';

/** A wallet's payment or refund that waits for a person. The subject is its attempt, or its refund. */
const kind: AlarmKind = 'wallet_open';

export async function raiseWalletAlarm(transaction: Transaction, { kioskId, subject, detail, at }: { readonly kioskId: string; readonly subject: string; readonly detail: string; readonly at: number }): Promise<void> {
  await raiseAlarm(transaction, { kioskId, kind, subject, detail, at });
}

export async function endWalletAlarm(transaction: Transaction, kioskId: string, subject: string, at: number): Promise<void> {
  await settleAlarms(transaction, kioskId, kind, at, subject);
}
