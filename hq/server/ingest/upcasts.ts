import type { EventKind } from '../../../domain/contract/hq.ts';
import { versionOf } from '../../../domain/contract/hq.ts';

/** Makes the JSON of a version that of the next one. What it is given is of any shape: the newest schema judges afterwards. */
type Upcast = (json: unknown) => unknown;

/**
 * By kind, then by the version that it starts from. Version 1 of these two had the customer's own words in plain text, in the same fields: HQ seals
 * them with a key of its own making before anything of them is stored beside the raw text (personal.ts).
 */
const upcasts: Partial<Record<EventKind, Readonly<Record<number, Upcast>>>> = {
  'order.placed': { 1: (json) => json },
  'service.requested': { 1: (json) => json },
};

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
