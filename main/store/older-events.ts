import type { EventKind } from '../../domain/contract/hq.ts';
import { orderFromOlder } from '../../domain/order/older.ts';

/**
 * The payload of an event that an earlier Counter24 wrote, as one of now; anything else comes back as it is, for the schema to judge. What was written
 * stays as it is: its hash is over its own bytes.
 */
export function currentPayload(kind: EventKind, version: number, json: unknown): unknown {
  if (version >= 3 || typeof json !== 'object' || json === null) return json;
  if (kind === 'order.placed' && 'order' in json) return { ...json, order: orderFromOlder(json.order) };
  if (kind === 'service.requested' && 'phone' in json) {
    const { phone, ...rest } = json;
    return { ...rest, form: phone === '' ? {} : { phone } };
  }
  // Before there were wallets, every payment was by card.
  if (kind === 'payment.attempt' && version < 2 && !('tender' in json)) return { ...json, tender: 'card' };
  return json;
}
