import type { KioskId } from '../../../domain/ids.ts';
import type { Transaction } from '../database.ts';
import { giveWithin } from '../down/commands.ts';
import { announce } from '../live/announce.ts';
import { endAlarms } from './end.ts';

/** A kiosk that comes back within this hears what became of its service: its customer's money hangs on it. */
const validMs = 365 * 86_400_000;

export interface Told {
  readonly kioskId: KioskId;
  readonly jobId: string;
  readonly orderId: string;
  readonly outcome: 'pending' | 'done' | 'refused';
  readonly reference: string | null;
  readonly by: string;
  readonly now: number;
}

/**
 * Gives the kiosk the command `service_result`, and keeps that it was given, in one transaction with whatever led to it.
 * @returns false where it cannot be given now (too many wait): it is tried again
 */
export async function tellKiosk(transaction: Transaction, { kioskId, jobId, orderId, outcome, reference, by, now }: Told): Promise<boolean> {
  const given = await giveWithin(transaction, { kioskId, kind: 'service_result', params: { jobId, outcome, ...(reference ? { reference } : {}) }, validMs, by, now });
  if (!given.ok) return false;
  await transaction`update service_work set told = ${outcome}, ended_at = ${outcome === 'pending' ? null : now} where kiosk_id = ${kioskId} and job_id = ${jobId}`;
  if (outcome !== 'pending') await endAlarms(transaction, { kioskId, jobId, orderId, outcome, at: now });
  await announce(transaction, kioskId, [orderId]);
  return true;
}
