import { createCipheriv, createDecipheriv, randomBytes } from 'node:crypto';
import type { Database } from 'better-sqlite3';
import type { OrderId } from '../../domain/ids.ts';
import type { Order } from '../../domain/order/order.ts';
import { isSealed, sealedBytes, sealedText, shredded } from '../../domain/personal/sealed.ts';

/** What customers said of themselves, apart from what they bought: each order's words under a key of its own (domain/personal). */
export interface PersonalData {
  /** The order as it rests and travels, out of its customer's own hands: whatever they wrote is sealed, also what looks sealed. Makes and keeps its key, where there is anything to seal; only within a transaction. */
  seal(order: Order, at: number): Order;
  /** The same of an order that rested or travelled already: only what an older version left open is sealed. */
  sealAgain(order: Order, at: number): Order;
  /** Further words of an order's customer, under the same key. Only within a transaction. */
  sealWords(orderId: OrderId, words: string, at: number): string;
  /** The order as its customer gave it; where the key is gone, `shredded` stands for each word. */
  open(order: Order): Order;
  keyOf(orderId: OrderId): Buffer | undefined;
  keepKey(orderId: OrderId, key: Buffer, at: number): void;
  /**
   * Forgets the words of every order whose key was made before, and which HQ has: not while its `order.placed` or `feedback.given` is unacknowledged or a
   * service of it is still to be requested, or a paid top-up would go to nobody. A key from the future (`now`, a clock that was ahead once) begins its time now. Answers how many
   * were forgotten.
   */
  shred(madeBefore: number, limit: number, now?: number): number;
}

/** A clock that says less has lost its battery: by it nothing is from the future. */
const earliestPlausible = Date.UTC(2025, 0, 1);
/** Clocks are put right by less than this every day. */
const aheadMs = 24 * 3_600_000;
const nonceBytes = 12;
const tagBytes = 16;

/** @param onKeyMade hears of each new key, within its transaction: the journal keeps it, since no event does */
export function createPersonalData(database: Database, onKeyMade: (row: { order_id: string; key: string; made_at: number }) => void = () => undefined): PersonalData {
  const insertKey = database.prepare('INSERT INTO personal_keys (order_id, key, made_at) VALUES (?, ?, ?) ON CONFLICT (order_id) DO NOTHING');
  const selectKey = database.prepare<[string], { key: Buffer }>('SELECT key FROM personal_keys WHERE order_id = ?');
  // What HQ has to have first; `+` since the index is of no type. A reading statement finds them, so that a sale does not wait while many are passed over; asked again at the deletion.
  const isWanted = `
    EXISTS (SELECT 1 FROM jobs WHERE jobs.order_id = personal_keys.order_id AND jobs.kind = 'request_service' AND jobs.state IN ('queued', 'doing'))
    OR EXISTS (SELECT 1 FROM outbox JOIN lanes ON lanes.lane = outbox.lane
      WHERE outbox.kind = 'order.placed' AND CASE WHEN json_valid(outbox.payload) THEN json_extract(outbox.payload, '$.order.id') END = +personal_keys.order_id AND (outbox.epoch, outbox.sequence) > (lanes.epoch, lanes.acknowledged))
    OR EXISTS (SELECT 1 FROM outbox JOIN lanes ON lanes.lane = outbox.lane
      WHERE outbox.kind = 'feedback.given' AND CASE WHEN json_valid(outbox.payload) THEN json_extract(outbox.payload, '$.orderId') END = +personal_keys.order_id AND (outbox.epoch, outbox.sequence) > (lanes.epoch, lanes.acknowledged))`;
  const selectOld = database.prepare<[number, number], string>(`SELECT order_id FROM personal_keys WHERE made_at < ? AND NOT (${isWanted}) ORDER BY made_at LIMIT ?`).pluck();
  const deleteOne = database.prepare(`DELETE FROM personal_keys WHERE order_id = ? AND NOT (${isWanted})`);
  const beginNow = database.prepare('UPDATE personal_keys SET made_at = ? WHERE order_id IN (SELECT order_id FROM personal_keys WHERE made_at > ? LIMIT ?)');
  const deleteThese = database.transaction((orderIds: readonly string[]) => orderIds.reduce((sum, orderId) => sum + deleteOne.run(orderId).changes, 0)).immediate;
  const keyOf = (orderId: OrderId) => selectKey.get(orderId)?.key;

  function keyFor(orderId: OrderId, at: number): Buffer {
    const made = randomBytes(32);
    if (insertKey.run(orderId, made, at).changes > 0) onKeyMade({ order_id: orderId, key: made.toString('base64'), made_at: at });
    return keyOf(orderId)!;
  }

  function sealWhere(order: Order, at: number, isOpen: (value: string) => boolean): Order {
    if (!order.lines.some(({ form }) => Object.values(form).some(isOpen))) return order;
    const key = keyFor(order.id, at);
    return mapForms(order, (value) => (isOpen(value) ? sealValue(key, order.id, value) : value));
  }

  return {
    seal: (order, at) => sealWhere(order, at, (value) => value !== ''),
    sealAgain: (order, at) => sealWhere(order, at, (value) => value !== '' && !isSealed(value)),
    sealWords: (orderId, words, at) => sealValue(keyFor(orderId, at), orderId, words),
    open(order) {
      if (!order.lines.some(({ form }) => Object.values(form).some(isSealed))) return order;
      const key = keyOf(order.id);
      return mapForms(order, (value) => (isSealed(value) ? openValue(key, order.id, value) : value));
    },
    keyOf,
    keepKey: (orderId, key, at) => void insertKey.run(orderId, key, at),
    shred(madeBefore, limit, now) {
      if (now !== undefined && now >= earliestPlausible) beginNow.run(now, now + aheadMs, limit);
      const old = selectOld.all(madeBefore, limit);
      return old.length > 0 ? deleteThese(old) : 0;
    },
  };
}

/** @param orderId bound to the words, so that they cannot be moved to another order */
export function sealValue(key: Buffer, orderId: string, value: string): string {
  const nonce = randomBytes(nonceBytes);
  const cipher = createCipheriv('aes-256-gcm', key, nonce).setAAD(Buffer.from(orderId));
  const ciphertext = Buffer.concat([cipher.update(value, 'utf8'), cipher.final()]);
  return sealedText(Buffer.concat([nonce, ciphertext, cipher.getAuthTag()]).toString('base64url'));
}

/** The order as long as it will be when it is sealed, or a little longer: to be measured before a key is made. */
export function asLongAsSealed(order: Order): Order {
  return mapForms(order, (value) => (value === '' ? value : sealedText('x'.repeat(Math.ceil((Buffer.byteLength(value) * 4) / 3) + 60))));
}

function openValue(key: Buffer | undefined, orderId: string, sealed: string): string {
  if (!key) return shredded;
  try {
    const bytes = Buffer.from(sealedBytes(sealed), 'base64url');
    const cipher = createDecipheriv('aes-256-gcm', key, bytes.subarray(0, nonceBytes)).setAAD(Buffer.from(orderId));
    cipher.setAuthTag(bytes.subarray(-tagBytes));
    return Buffer.concat([cipher.update(bytes.subarray(nonceBytes, -tagBytes)), cipher.final()]).toString('utf8');
  } catch {
    return shredded;
  }
}

function mapForms(order: Order, map: (value: string) => string): Order {
  return { ...order, lines: order.lines.map((line) => ({ ...line, form: Object.fromEntries(Object.entries(line.form).map(([name, value]) => [name, map(value)])) })) };
}
