import type { EventKind } from '../../../domain/contract/hq.ts';
import { versionOf } from '../../../domain/contract/hq.ts';
import { orderFromOlder } from '../../../domain/order/older.ts';

/** Makes the JSON of a version that of the next one. What it is given is of any shape: the newest schema judges afterwards. */
type Upcast = (json: unknown) => unknown;

/**
 * By kind, then by the version that it starts from. Version 1 of these two had the customer's own words in plain text, in the same fields: HQ seals
 * them with a key of its own making before anything of them is stored beside the raw text (personal.ts). Version 2 had taxes in thousandths, told by rate
 * and not by line, and a phone number as all that a service could ask for.
 * What a move of stock says of lot and staff since version 2 may be left out, so version 1 is one already.
 */
const upcasts: Partial<Record<EventKind, Readonly<Record<number, Upcast>>>> = {
  'order.placed': { 1: (json) => json, 2: (json) => (isObject(json) ? { ...json, order: orderFromOlder(json['order']) } : json) },
  'service.requested': { 1: (json) => json, 2: formFromPhone },
  'stock.moved': { 1: (json) => json },
  // Before there were wallets, everything was paid by card.
  'payment.attempt': { 1: (json) => (isObject(json) ? { tender: 'card', ...json } : json) },
};

function formFromPhone(json: unknown): unknown {
  if (!isObject(json) || typeof json['phone'] !== 'string') return json;
  const { phone, ...rest } = json;
  return { ...rest, form: phone === '' ? {} : { phone } };
}

function isObject(json: unknown): json is Readonly<Record<string, unknown>> {
  return typeof json === 'object' && json !== null && !Array.isArray(json);
}

/** The payload in the newest version; undefined where there is no way there: it is newer than this HQ, or was never one. */
export function upcast(kind: EventKind, version: number, json: unknown): { readonly json: unknown } | undefined {
  let current = json;
  for (let at = version; at !== versionOf(kind); at++) {
    const step = at < versionOf(kind) ? upcasts[kind]?.[at] : undefined;
    if (!step) return undefined;
    current = step(current);
  }
  return { json: current };
}
