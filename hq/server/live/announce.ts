import { z } from 'zod';
import type { Queries } from '../database.ts';

export const liveChannel = 'counter24_live';

const newsSchema = z.object({ kiosk: z.string(), orders: z.array(z.string()), help: z.literal(true).optional(), fleet: z.literal(true).optional() });
/** What changed: the ids alone, since a notification holds 8,000 bytes at most. */
export type News = z.infer<typeof newsSchema>;

const ordersPerNotification = 100;

/**
 * Tells every HQ process of the database, if and when the transaction commits; nobody where no order changed, because a notification makes commits wait
 * for each other in the whole database.
 */
export async function announce(sql: Queries, kiosk: string, orderIds: readonly string[]): Promise<void> {
  const orders = [...new Set(orderIds)];
  for (let from = 0; from < orders.length; from += ordersPerNotification) {
    await sql`select pg_notify(${liveChannel}, ${JSON.stringify({ kiosk, orders: orders.slice(from, from + ordersPerNotification) })})`;
  }
}

/** The same of calls for help: who shows them reads them again. */
export async function announceHelp(sql: Queries, kiosk: string): Promise<void> {
  await sql`select pg_notify(${liveChannel}, ${JSON.stringify({ kiosk, orders: [], help: true })})`;
}

/** The same of a kiosk itself: its state, a command's result, a picture, its attributes. */
export async function announceFleet(sql: Queries, kiosk: string): Promise<void> {
  await sql`select pg_notify(${liveChannel}, ${JSON.stringify({ kiosk, orders: [], fleet: true })})`;
}

export function readNews(payload: string): News | undefined {
  try {
    return newsSchema.safeParse(JSON.parse(payload)).data;
  } catch {
    return undefined;
  }
}
