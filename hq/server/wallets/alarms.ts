import type { WalletFacts } from '../../contract/wallet-words.ts';
import { raiseWithFacts } from '../alerts/raise.ts';
import type { Transaction } from '../database.ts';
import { settleAlarms } from '../ingest/alarms.ts';

/** A wallet's payment or refund that waits for a person. The subject is its attempt, or its refund. */
const kind = 'wallet_open';
/** Whatever a gateway says: an alarm's detail has an end. */
const mostReason = 500;

export async function raiseWalletAlarm(transaction: Transaction, { kioskId, subject, facts, at }: { readonly kioskId: string; readonly subject: string; readonly facts: WalletFacts; readonly at: number }): Promise<void> {
  const short = 'reason' in facts && facts.reason !== null ? { ...facts, reason: facts.reason.slice(0, mostReason) } : facts;
  await raiseWithFacts(transaction, { kioskId, kind, subject, facts: short, at });
}

export async function endWalletAlarm(transaction: Transaction, kioskId: string, subject: string, at: number): Promise<void> {
  await settleAlarms(transaction, kioskId, kind, at, subject);
}
