import type { z } from 'zod';
import type { DayClosing, EventKind, HqEvent, Lane } from '../../../domain/contract/hq.ts';
import { dayClosingSchema, eventPayloads } from '../../../domain/contract/hq.ts';
import { upcast } from './upcasts.ts';

/** What an event says once it was understood, told apart by `kind`, in its newest version. */
export type Understood = { [K in EventKind]: { readonly kind: K; readonly event: HqEvent; readonly body: z.infer<(typeof eventPayloads)[K]> } }[EventKind];

/** An event that has an effect: understood, and where and when HQ has it. `occurredAt`, `receivedAt` by HQ's clock. */
export type Effective = Understood & { readonly lane: Lane; readonly epoch: number; readonly occurredAt: number; readonly receivedAt: number };

export type SetAsideReason = 'unknown_kind' | 'unknown_version' | 'not_json' | 'breaks_schema' | 'not_storable' | 'order_unknown' | 'order_repeated' | 'id_reused';

/** Set aside for a person: kept raw, acknowledged, without effect. */
export interface SetAside {
  readonly event: HqEvent;
  readonly reason: SetAsideReason;
  /** For engineers; holds names of fields, never their values. */
  readonly detail: string;
}

/** What may turn out well after an update of HQ. */
export const retriedReasons = ['unknown_kind', 'unknown_version', 'breaks_schema', 'order_unknown'] as const satisfies readonly SetAsideReason[];

export type Reading = { readonly ok: true; readonly value: Understood } | { readonly ok: false; readonly error: SetAside };

/** Reads one event's payload by its kind. Never throws: content never stops a kiosk's queue. */
export function understand(event: HqEvent): Reading {
  const aside = (reason: SetAsideReason, detail: string): Reading => ({ ok: false, error: { event, reason, detail: storable(detail).slice(0, 500) } });
  if (!isKnownKind(event.kind)) return aside('unknown_kind', event.kind);
  let raw: unknown;
  try {
    raw = JSON.parse(event.payload);
  } catch {
    return aside('not_json', 'the payload is no JSON text');
  }
  const current = upcast(event.kind, event.version, raw);
  if (!current) return aside('unknown_version', `${event.kind} version ${event.version}`);
  const parsed = eventPayloads[event.kind].safeParse(current.json);
  if (!parsed.success) return aside('breaks_schema', describe(parsed.error));
  // The schema bounds the depth, so walking it is safe from here.
  if (!isStorable(parsed.data)) return aside('not_storable', 'a text holds a NUL or half a surrogate pair, which PostgreSQL cannot keep');
  const value = { kind: event.kind, event, body: parsed.data } as Understood;
  if (value.kind === 'day.closed') {
    const closing = closingOf(value.body.body);
    if (!closing.ok) return aside('breaks_schema', closing.detail);
  }
  return { ok: true, value };
}

/** A closing out of the text that was signed. */
export function closingOf(body: string): { readonly ok: true; readonly value: DayClosing } | { readonly ok: false; readonly detail: string } {
  try {
    const parsed = dayClosingSchema.safeParse(JSON.parse(body));
    return parsed.success ? { ok: true, value: parsed.data } : { ok: false, detail: `body: ${describe(parsed.error)}` };
  } catch {
    return { ok: false, detail: 'body: no JSON text' };
  }
}

/** The order that an event belongs to, for the order's list of events. */
export function orderOf({ kind, body }: Understood): string | undefined {
  if (kind === 'order.placed') return body.order.id;
  return 'orderId' in body ? body.orderId : undefined;
}

function describe(error: z.ZodError): string {
  return error.issues.map((issue) => `${issue.path.join('.')}: ${issue.message}`).join('; ');
}

/** A message may name a key that the kiosk sent. */
function storable(text: string): string {
  return text.toWellFormed().replaceAll('\0', '');
}

function isKnownKind(kind: string): kind is EventKind {
  return Object.hasOwn(eventPayloads, kind);
}

function isStorable(value: unknown): boolean {
  if (typeof value === 'string') return !value.includes('\0') && value.isWellFormed();
  if (typeof value !== 'object' || value === null) return true;
  return Object.entries(value).every(([key, inner]) => isStorable(key) && isStorable(inner));
}
