import type { OnEffective } from '../ingest/receive.ts';
import type { Effective } from '../ingest/understand.ts';
import type { Queries } from '../database.ts';
import { insertRows } from '../database.ts';

export const webhookKinds = ['order.paid', 'order.refunded', 'attention.raised', 'help.called', 'alarm'] as const;
export type WebhookKind = (typeof webhookKinds)[number];

/** What somebody may want to be told of. */
export interface WebhookNews {
  readonly kind: WebhookKind;
  /** Of the event or the alarm: the receiver knows by it what came twice. */
  readonly eventId: string;
  /** By HQ's clock. */
  readonly at: number;
  /** No customer's data. The order itself is added when it is told. */
  readonly data: Readonly<Record<string, unknown>>;
}

/** What of a batch's events is told. Alarms are told by whoever raises them. */
export function newsOf(events: readonly Effective[]): readonly WebhookNews[] {
  return events.flatMap(({ kind, body, event, occurredAt }): WebhookNews[] => {
    if (kind === 'order.state' && body.to === 'paid') return [{ kind: 'order.paid', eventId: event.id, at: occurredAt, data: { orderId: body.orderId } }];
    if (kind === 'order.state' && body.to === 'refunded') return [{ kind: 'order.refunded', eventId: event.id, at: occurredAt, data: { orderId: body.orderId } }];
    if (kind === 'help.called') return [{ kind, eventId: event.id, at: occurredAt, data: { ...body } }];
    if (kind !== 'attention.raised') return [];
    const { id, kind: attention, orderId, orderNumber, amount, detail } = body;
    return [{ kind, eventId: event.id, at: occurredAt, data: { orderId, attentionId: id, attention, ...(orderNumber && { orderNumber }), ...(amount && { amount }), detail } }];
  });
}

/**
 * Puts down what is to be told, in the transaction that took it. Not by a cursor over the events: what has no effect (repeated, set aside) must not be
 * told, and what gets one later (after HQ's update) must be, and both are known here. It costs a batch one small read where nobody wants to be told.
 */
export async function noteWebhooks(sql: Queries, kioskId: string, news: readonly WebhookNews[], now: number): Promise<void> {
  if (news.length === 0) return;
  const webhooks = await sql<{ webhook_id: string; kinds: string[] }[]>`select webhook_id, kinds from webhooks where disabled_at is null`;
  const rows = webhooks.flatMap(({ webhook_id, kinds }) =>
    news.filter(({ kind }) => kinds.includes(kind)).map(({ kind, eventId, at, data }) => [kioskId, webhook_id, eventId, kind, at, data, 'due', 0, now, now]),
  );
  await insertRows(
    sql,
    'insert into webhook_deliveries (kiosk_id, webhook_id, event_id, kind, at, data, state, attempts, next_at, created_at)',
    rows,
    'on conflict (kiosk_id, webhook_id, event_id) do nothing',
  );
}

/** For the transactions that take events or apply them later (`OnEffective`). */
export function webhookNoter(now: () => number): OnEffective {
  return (transaction, kioskId, events) => noteWebhooks(transaction, kioskId, newsOf(events), now());
}
