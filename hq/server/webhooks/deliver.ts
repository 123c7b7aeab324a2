import type { Sql, Transaction } from '../database.ts';
import { createPolling } from '../jobs/polling.ts';
import type { AddressRules } from './address.ts';
import type { Sent, WebhookRequest } from './send.ts';
import { sendWebhook } from './send.ts';
import { webhookHeaders } from './sign.ts';

export interface DeliveriesDeps {
  readonly sql: Sql;
  readonly now: () => number;
  readonly rules: AddressRules;
  readonly onProblem: (error: unknown) => void;
  /** One ended without having been taken. */
  readonly onDead?: (dead: { readonly webhookId: string; readonly kioskId: string; readonly kind: string; readonly error: string }) => void;
  readonly onAttempt?: (outcome: 'sent' | 'failed') => void;
  readonly pollMs?: number;
  readonly timeoutMs?: number;
  readonly random?: () => number;
  readonly send?: (request: WebhookRequest, rules: AddressRules) => Promise<Sent>;
}

export interface Deliveries {
  /** Tries what is due now, until nothing is. For tests, and called by the timer. */
  readonly run: () => Promise<void>;
  readonly stop: () => Promise<void>;
}

/** Waits after each attempt that failed, as the Standard Webhooks specification proposes; after the last one it is dead. */
const waitsMs = [5_000, 300_000, 1_800_000, 7_200_000, 18_000_000, 36_000_000, 50_400_000, 72_000_000, 86_400_000];
export const maxAttempts = waitsMs.length + 1;
/** An endpoint that does not answer is tried with one delivery at a time, and so often; the others wait without losing an attempt. */
const maxPauseMs = 300_000;
/** What waited so long behind a dead endpoint is given up. */
const maxAgeMs = 7 * 86_400_000;
const atOnce = 16;

interface Webhook {
  readonly webhook_id: string;
  readonly url: string;
  readonly secret: string;
}

interface Claimed {
  readonly kiosk_id: string;
  readonly event_id: string;
  readonly kind: string;
  readonly attempts: number;
  readonly payload: string;
  readonly created_at: number;
}

/**
 * Tells endpoints what happened, in any number of HQ processes at once: each claims a few rows with SKIP LOCKED, one kiosk a transaction, and moves their
 * next time past the time-out, so that what a killed process had claimed is due again by itself. Endpoints do not wait for each other.
 */
export function createDeliveries({ sql, now, rules, onProblem, onDead = () => {}, onAttempt = () => {}, pollMs = 1000, timeoutMs = 15_000, random = Math.random, send = sendWebhook }: DeliveriesDeps): Deliveries {
  const working = new Map<string, Promise<void>>();
  /** How each endpoint did lately, as this process saw it: only for politeness, nothing is lost with it. */
  const health = new Map<string, { failures: number; pausedUntil: number }>();
  let isStopped = false;

  const work = async (webhook: Webhook): Promise<void> => {
    const state = health.get(webhook.webhook_id) ?? { failures: 0, pausedUntil: 0 };
    health.set(webhook.webhook_id, state);
    while (!isStopped && now() >= state.pausedUntil) {
      const claimed = await claim(webhook, state.failures > 0 ? 1 : atOnce);
      if (claimed.length === 0) return;
      const outcomes = await settled(claimed.map((delivery) => attempt(webhook, delivery)));
      if (outcomes.includes('sent')) state.failures = 0;
      else if (outcomes.includes('failed')) {
        state.failures++;
        state.pausedUntil = now() + Math.min(maxPauseMs, 1000 * 2 ** Math.min(state.failures, 20)) * (0.5 + random() / 2);
      }
      if (outcomes.includes('gone')) return;
    }
  };

  const claim = async ({ webhook_id }: Webhook, limit: number): Promise<readonly Claimed[]> => {
    const at = now();
    const due = await sql<{ kiosk_id: string; event_id: string }[]>`
      select kiosk_id, event_id from webhook_deliveries where webhook_id = ${webhook_id} and state = 'due' and next_at <= ${at} order by next_at limit ${limit}`;
    const kiosks = Map.groupBy(due, ({ kiosk_id }) => kiosk_id);
    const claims = await settled([...kiosks].map(([kioskId, rows]) => sql.begin((transaction) => claimOfKiosk(transaction, webhook_id, kioskId, rows.map(({ event_id }) => event_id), at))));
    return claims.flat();
  };

  /** One kiosk's rows on a dead database worker, say, hold up nobody else's. */
  const settled = async <T>(work: readonly Promise<T>[]): Promise<readonly T[]> => {
    const results = await Promise.allSettled(work);
    return results.flatMap((result) => {
      if (result.status === 'fulfilled') return [result.value];
      onProblem(result.reason);
      return [];
    });
  };

  const claimOfKiosk = async (transaction: Transaction, webhookId: string, kioskId: string, eventIds: readonly string[], at: number): Promise<readonly Claimed[]> => {
    const rows = await transaction<(Omit<Claimed, 'payload'> & { payload: string | null; at: number; data: Record<string, unknown> })[]>`
      select kiosk_id, event_id, kind, at, data, attempts, payload, created_at from webhook_deliveries
      where kiosk_id = ${kioskId} and webhook_id = ${webhookId} and event_id in ${transaction(eventIds)} and state = 'due' and next_at <= ${at}
      for update skip locked`;
    const claimed: Claimed[] = [];
    for (const row of rows) {
      const payload = row.payload ?? (await payloadOf(transaction, row));
      await transaction`
        update webhook_deliveries set attempts = ${row.attempts + 1}, next_at = ${at + timeoutMs + 10_000}, payload = ${payload}
        where kiosk_id = ${kioskId} and webhook_id = ${webhookId} and event_id = ${row.event_id}`;
      claimed.push({ ...row, payload, attempts: row.attempts + 1 });
    }
    return claimed;
  };

  const attempt = async (webhook: Webhook, delivery: Claimed): Promise<'sent' | 'failed' | 'gone'> => {
    const sent = await send({ url: webhook.url, headers: webhookHeaders(webhook.secret, delivery.event_id, now(), delivery.payload), body: delivery.payload, timeoutMs }, rules);
    const at = now();
    const status = sent.kind === 'answered' ? sent.status : null;
    const isTaken = status !== null && status >= 200 && status < 300;
    onAttempt(isTaken ? 'sent' : 'failed');
    if (isTaken) {
      await end(webhook, delivery, { state: 'sent', status, error: null, at });
      return 'sent';
    }
    const error = sent.kind === 'failed' ? sent.detail : `answered ${sent.status}`;
    if (status === 410) await sql`update webhooks set disabled_at = ${at} where webhook_id = ${webhook.webhook_id} and disabled_at is null`;
    const waitMs = waitsMs[delivery.attempts - 1];
    if (status === 410 || waitMs === undefined || at - delivery.created_at > maxAgeMs) {
      await end(webhook, delivery, { state: 'dead', status, error, at });
      onDead({ webhookId: webhook.webhook_id, kioskId: delivery.kiosk_id, kind: delivery.kind, error });
    } else {
      const asked = sent.kind === 'answered' ? Math.min(sent.retryAfterMs ?? 0, maxPauseMs) : 0;
      await sql`
        update webhook_deliveries set next_at = ${Math.round(at + Math.max(waitMs * (0.8 + random() * 0.4), asked))}, status = ${status}, error = ${error}
        where kiosk_id = ${delivery.kiosk_id} and webhook_id = ${webhook.webhook_id} and event_id = ${delivery.event_id} and state = 'due' and attempts = ${delivery.attempts}`;
    }
    return status === 410 ? 'gone' : 'failed';
  };

  /** Only where no other process has claimed it meanwhile. */
  const end = async ({ webhook_id }: Webhook, { kiosk_id, event_id, attempts }: Claimed, { state, status, error, at }: { state: 'sent' | 'dead'; status: number | null; error: string | null; at: number }): Promise<void> => {
    await sql`
      update webhook_deliveries set state = ${state}, status = ${status}, error = ${error}, ended_at = ${at}
      where kiosk_id = ${kiosk_id} and webhook_id = ${webhook_id} and event_id = ${event_id} and state = 'due' and (attempts = ${attempts} or ${state} = 'sent')`;
  };

  const begin = async (): Promise<readonly Promise<void>[]> => {
    const webhooks = await sql<Webhook[]>`select webhook_id, url, secret from webhooks where disabled_at is null`;
    const known = new Set(webhooks.map(({ webhook_id }) => webhook_id));
    for (const id of health.keys()) if (!known.has(id)) health.delete(id);
    return webhooks.map((webhook) => {
      const running = working.get(webhook.webhook_id);
      if (running) return running;
      const started = work(webhook).catch(onProblem).finally(() => void working.delete(webhook.webhook_id));
      working.set(webhook.webhook_id, started);
      return started;
    });
  };

  const polling = createPolling({ look: begin, everyMs: pollMs, onProblem });

  return {
    run: async () => void (await Promise.all(await begin())),
    stop: async () => {
      isStopped = true;
      await polling.stop();
      await Promise.all(working.values());
    },
  };
}

/** The last that a Date can hold: a time that a kiosk made up may be later. */
const lastTime = 8_640_000_000_000_000;

/** The exact bytes of every attempt. The order as HQ has it now, without what its customer filled in. */
async function payloadOf(transaction: Transaction, { kiosk_id, event_id, kind, at, data }: { kiosk_id: string; event_id: string; kind: string; at: number; data: Record<string, unknown> }): Promise<string> {
  const [order] = data.orderId
    ? await transaction`
        select number, state, total_amount as "totalAmount", currency, placed_at as "placedAt" from orders where kiosk_id = ${kiosk_id} and order_id = ${String(data.orderId)}`
    : [];
  return JSON.stringify({ type: kind, timestamp: new Date(Math.min(at, lastTime)).toISOString(), data: { eventId: event_id, kioskId: kiosk_id, ...data, ...(order && { order: { ...order } }) } });
}
