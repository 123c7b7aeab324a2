import type { Queries } from '../database.ts';

/** One channel for all bells: thousands of channels would be thousands of LISTENs to restore after each gap. The payload is "all" or a kiosk's id. */
export const bellChannel = 'counter24_bell';

/** Something waits for this kiosk, or for every one. Heard by all HQ processes if and when the transaction commits. */
export async function ring(sql: Queries, kiosk: string | { readonly all: true }): Promise<void> {
  await sql`select pg_notify(${bellChannel}, ${typeof kiosk === 'string' ? `kiosk:${kiosk}` : 'all'})`;
}

/** @returns "all", a kiosk's id, or undefined for what HQ has not said */
export function readRing(payload: string): { readonly all: true } | string | undefined {
  return payload === 'all' ? { all: true } : /^kiosk:(\S+)$/.exec(payload)?.[1];
}
