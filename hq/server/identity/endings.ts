import type { Queries } from '../database.ts';

/** Tells every HQ process, when the transaction commits, that this kiosk's session is over: streams that it holds open end. The payload is the kiosk id. */
export const endingsChannel = 'counter24_endings';

export async function announceEnd(sql: Queries, kioskId: string): Promise<void> {
  await sql`select pg_notify(${endingsChannel}, ${kioskId})`;
}
