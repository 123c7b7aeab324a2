import type { z } from 'zod';
import type { EventKind, HqEvent } from '../../../domain/contract/hq.ts';
import { eventPayloads } from '../../../domain/contract/hq.ts';

/** What an event says once it was understood, told apart by `kind`. */
export type Understood = { [K in EventKind]: { readonly kind: K; readonly event: HqEvent; readonly body: z.infer<(typeof eventPayloads)[K]> } }[EventKind];

/** Set aside for a person: kept raw, acknowledged, without effect. */
export interface SetAside {
  readonly event: HqEvent;
  readonly reason: 'unknown_kind' | 'unknown_version' | 'not_json' | 'breaks_schema' | 'not_storable' | 'order_unknown' | 'order_repeated' | 'id_reused';
  /** For engineers; holds names of fields, never their values. */
  readonly detail: string;
}

export type Reading = { readonly ok: true; readonly value: Understood } | { readonly ok: false; readonly error: SetAside };

const knownVersion = 1;

/** Reads one event's payload by its kind. Never throws: content never stops a kiosk's queue. */
export function understand(event: HqEvent): Reading {
  const aside = (reason: SetAside['reason'], detail: string): Reading => ({ ok: false, error: { event, reason, detail: storable(detail).slice(0, 500) } });
  if (!isKnownKind(event.kind)) return aside('unknown_kind', event.kind);
  if (event.version !== knownVersion) return aside('unknown_version', `${event.kind} version ${event.version}`);
  let json: unknown;
  try {
    json = JSON.parse(event.payload);
  } catch {
    return aside('not_json', 'the payload is no JSON text');
  }
  const parsed = eventPayloads[event.kind].safeParse(json);
  if (!parsed.success) return aside('breaks_schema', parsed.error.issues.map((issue) => `${issue.path.join('.')}: ${issue.message}`).join('; '));
  // The schema bounds the depth, so walking it is safe from here.
  if (!isStorable(parsed.data)) return aside('not_storable', 'a text holds a NUL or half a surrogate pair, which PostgreSQL cannot keep');
  return { ok: true, value: { kind: event.kind, event, body: parsed.data } as Understood };
}

/** The order that an event belongs to, for the order's list of events. */
export function orderOf(understood: Understood): string | undefined {
  return understood.kind === 'order.placed' ? understood.body.order.id : understood.body.orderId;
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
