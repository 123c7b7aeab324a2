import { randomUUID } from 'node:crypto';
import type { Result } from '../../../domain/result.ts';
import { err, ok } from '../../../domain/result.ts';
import type { Sql } from '../database.ts';
import type { AddressRules } from './address.ts';
import { faultOfWebhookUrl } from './address.ts';
import type { WebhookKind } from './note.ts';
import { newWebhookSecret } from './sign.ts';

/** Tells this endpoint from now on; nothing of before. Error: what is wrong with the address. @returns the secret, which the receiver checks by */
export async function addWebhook(sql: Sql, url: string, kinds: readonly WebhookKind[], rules: AddressRules, now: number): Promise<Result<{ readonly id: string; readonly secret: string }, string>> {
  const fault = faultOfWebhookUrl(url, rules);
  if (fault) return err(fault);
  const [id, secret] = [randomUUID(), newWebhookSecret()];
  await sql`insert into webhooks (webhook_id, url, secret, kinds, created_at) values (${id}, ${url}, ${secret}, ${kinds as string[]}, ${now})`;
  return ok({ id, secret });
}

export interface WebhookRow {
  readonly id: string;
  readonly url: string;
  readonly kinds: readonly string[];
  readonly disabledAt: number | null;
  readonly due: number;
  readonly dead: number;
}

export async function listWebhooks(sql: Sql): Promise<readonly WebhookRow[]> {
  const webhooks = await sql<Omit<WebhookRow, 'due' | 'dead'>[]>`select webhook_id as id, url, kinds, disabled_at as "disabledAt" from webhooks order by created_at, webhook_id`;
  const counts = await sql<{ webhook_id: string; due: number; dead: number }[]>`
    select webhook_id, count(*) filter (where state = 'due') as due, count(*) filter (where state = 'dead') as dead from webhook_deliveries where state <> 'sent' group by webhook_id`;
  return webhooks.map((webhook) => {
    const { due = 0, dead = 0 } = counts.find((row) => row.webhook_id === webhook.id) ?? {};
    return { ...webhook, due, dead };
  });
}

/** With everything that it was not told. One kiosk a transaction. */
export async function removeWebhook(sql: Sql, id: string): Promise<boolean> {
  const removed = await sql`delete from webhooks where webhook_id = ${id} returning webhook_id`;
  const kiosks = await sql<{ kiosk_id: string }[]>`select distinct kiosk_id from webhook_deliveries where webhook_id = ${id}`;
  for (const { kiosk_id: kioskId } of kiosks) await sql`delete from webhook_deliveries where kiosk_id = ${kioskId} and webhook_id = ${id}`;
  return removed.length > 0;
}
