import type { OrderLine } from '../../../domain/order/order.ts';
import { isSealed } from '../../../domain/personal/sealed.ts';
import type { Queries } from '../database.ts';
import { ensureKeys, sealWords } from '../personal.ts';
import type { Understood } from './understand.ts';
import { orderOf } from './understand.ts';

/**
 * Seals what came in plain words (version 1, or a kiosk that forgot to), so that nothing beside the raw text ever holds them. Nothing is asked of the
 * database where everything is sealed already.
 */
export async function sealPlainWords<U extends Understood>(sql: Queries, kioskId: string, events: readonly U[], now: number): Promise<readonly U[]> {
  const plain = events.filter(hasPlainWords);
  if (plain.length === 0) return events;
  const keys = await ensureKeys(sql, kioskId, plain.flatMap((event) => orderOf(event) ?? []), now);
  const sealed = new Map(plain.map((event) => [event, sealOne(event, keys.get(orderOf(event) ?? ''))]));
  return events.map((event) => sealed.get(event) ?? event);
}

function hasPlainWords({ kind, body }: Understood): boolean {
  if (kind === 'service.requested') return isPlain(body.phone);
  return kind === 'order.placed' && body.order.lines.some(({ form }) => Object.values(form).some(isPlain));
}

function isPlain(words: string): boolean {
  return words !== '' && !isSealed(words);
}

function sealOne<U extends Understood>(event: U, key: Buffer | undefined): U {
  if (event.kind === 'service.requested') return { ...event, body: { ...event.body, phone: sealWords(key, event.body.orderId, event.body.phone) } };
  if (event.kind !== 'order.placed') return event;
  const { order } = event.body;
  return { ...event, body: { ...event.body, order: { ...order, lines: order.lines.map((line) => mapForm(line, (words) => sealWords(key, order.id, words))) } } };
}

/** A line with each of its customer's words put through `map`. */
export function mapForm(line: OrderLine, map: (words: string) => string): OrderLine {
  return { ...line, form: Object.fromEntries(Object.entries(line.form).map(([name, words]) => [name, map(words)])) };
}
