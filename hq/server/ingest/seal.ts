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
  if (kind === 'service.requested') return Object.values(body.form).some(isPlain);
  if (kind === 'feedback.given') return body.words !== undefined && isPlain(body.words);
  return kind === 'order.placed' && body.order.lines.some(({ form }) => Object.values(form).some(isPlain));
}

function isPlain(words: string): boolean {
  return words !== '' && !isSealed(words);
}

function sealOne<U extends Understood>(event: U, key: Buffer | undefined): U {
  if (event.kind === 'service.requested') return { ...event, body: mapForm(event.body, (words) => sealWords(key, event.body.orderId, words)) };
  if (event.kind === 'feedback.given') return { ...event, body: { ...event.body, words: sealWords(key, event.body.orderId, event.body.words ?? '') } };
  if (event.kind !== 'order.placed') return event;
  const { order } = event.body;
  return { ...event, body: { ...event.body, order: { ...order, lines: order.lines.map((line) => mapForm(line, (words) => sealWords(key, order.id, words))) } } };
}

/** An order's line, or what was asked of a carrier, with each of its customer's words put through `map`. */
export function mapForm<F extends { readonly form: Readonly<Record<string, string>> }>(filled: F, map: (words: string, id: string) => string): F {
  return { ...filled, form: Object.fromEntries(Object.entries(filled.form).map(([id, words]) => [id, map(words, id)])) };
}
