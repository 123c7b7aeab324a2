import type { HqEvent } from '../contract/hq.ts';

/** What the first event of a lane's epoch follows on. */
export const genesisHash = '0'.repeat(64);

/**
 * The text whose SHA-256 is an event's hash. Everything that HQ keeps of an event is in it, behind the hash of the event before,
 * so that nothing can be changed, left out or put in between without the head changing. The payload stands last, because it alone may hold a
 * line break.
 * @param previous hash of the event before, or `genesisHash`
 */
export function chainText(previous: string, lane: string, epoch: number, event: Omit<HqEvent, 'hash'>): string {
  const { sequence, id, kind, version, at, boot, monotonicMs, payload } = event;
  return [previous, lane, epoch, sequence, id, kind, version, at, boot, monotonicMs, payload].join('\n');
}
