import { createCipheriv, createDecipheriv, randomBytes } from 'node:crypto';
import type { Batch } from '../../domain/contract/hq.ts';
import { isSealed, sealedBytes, sealedText, shredded } from '../../domain/personal/sealed.ts';
import type { Queries, Sql } from './database.ts';
import { insertRows } from './database.ts';
import { eachKiosk } from './jobs/each-kiosk.ts';

/**
 * What customers said of themselves rests sealed, each order's words under a key of its own (domain/personal). HQ keeps the keys apart, and forgets
 * them after its own time, whatever the kiosk does with its copy.
 */
export type PersonalKeys = ReadonlyMap<string, Buffer>;

const nonceBytes = 12;
const tagBytes = 16;
const keyBytes = 32;

/** Keeps the keys that came beside a batch. One that was shredded here stays shredded. */
export async function keepKeys(sql: Queries, kioskId: string, keys: NonNullable<Batch['keys']>, now: number): Promise<void> {
  const first = new Map<string, Buffer>();
  for (const { orderId, key } of keys) {
    const bytes = Buffer.from(key, 'base64');
    if (bytes.length === keyBytes) first.set(orderId, bytes);
  }
  await insertRows(
    sql, 'insert into personal_keys (kiosk_id, order_id, key, kept_at)', [...first].map(([orderId, key]) => [kioskId, orderId, key, now]),
    'on conflict (kiosk_id, order_id) do nothing',
  );
}

/** The keys of these orders, as far as there are any. */
export async function readKeys(sql: Queries, kioskId: string, orderIds: readonly string[]): Promise<PersonalKeys> {
  if (orderIds.length === 0) return new Map();
  const rows = await sql<{ order_id: string; key: Buffer }[]>`
    select order_id, key from personal_keys where kiosk_id = ${kioskId} and key is not null and order_id in ${sql([...new Set(orderIds)])}`;
  return new Map(rows.map((row) => [row.order_id, row.key]));
}

/** A key for each of these orders: the one that is here, or a new one of HQ's own making. None for an order whose key was shredded. */
export async function ensureKeys(sql: Queries, kioskId: string, orderIds: readonly string[], now: number): Promise<PersonalKeys> {
  const wanted = [...new Set(orderIds)];
  await insertRows(
    sql, 'insert into personal_keys (kiosk_id, order_id, key, kept_at)', wanted.map((orderId) => [kioskId, orderId, randomBytes(keyBytes), now]),
    'on conflict (kiosk_id, order_id) do nothing',
  );
  return readKeys(sql, kioskId, wanted);
}

/** @param orderId bound to the words, so that they cannot be moved to another order */
export function sealWords(key: Buffer | undefined, orderId: string, words: string): string {
  if (words === '' || isSealed(words)) return words;
  if (!key) return shredded;
  const nonce = randomBytes(nonceBytes);
  const cipher = createCipheriv('aes-256-gcm', key, nonce).setAAD(Buffer.from(orderId));
  const ciphertext = Buffer.concat([cipher.update(words, 'utf8'), cipher.final()]);
  return sealedText(Buffer.concat([nonce, ciphertext, cipher.getAuthTag()]).toString('base64url'));
}

/** The words as the customer gave them, or `shredded` where the key is gone or does not fit. What was never sealed is given back as it is. */
export function openWords(key: Buffer | undefined, orderId: string, words: string): string {
  if (!isSealed(words)) return words;
  if (!key) return shredded;
  try {
    const bytes = Buffer.from(sealedBytes(words), 'base64url');
    const cipher = createDecipheriv('aes-256-gcm', key, bytes.subarray(0, nonceBytes)).setAAD(Buffer.from(orderId));
    cipher.setAuthTag(bytes.subarray(-tagBytes));
    return Buffer.concat([cipher.update(bytes.subarray(nonceBytes, -tagBytes)), cipher.final()]).toString('utf8');
  } catch {
    return shredded;
  }
}

/**
 * Forgets the keys that HQ has kept since before then: a job of each day. Answers how many. The raw text of events of version 1 holds plain words, which no
 * key opens or shuts, and stays: a changed byte would break its chain.
 */
export async function shredKeys(sql: Sql, keptBefore: number, now: number): Promise<number> {
  const kiosks = await sql<{ kiosk_id: string }[]>`select distinct kiosk_id from personal_keys where key is not null and kept_at < ${keptBefore}`;
  return eachKiosk(kiosks.map(({ kiosk_id }) => kiosk_id), async (kioskId) => {
    return sql.begin(async (transaction) => {
      const rows = await transaction<{ order_id: string }[]>`
        update personal_keys set key = null, shredded_at = ${now} where kiosk_id = ${kioskId} and key is not null and kept_at < ${keptBefore} returning order_id`;
      // By which the order was found, too.
      for (let from = 0; from < rows.length; from += 5000) {
        await transaction`delete from order_phones where kiosk_id = ${kioskId} and order_id in ${transaction(rows.slice(from, from + 5000).map((row) => row.order_id))}`;
      }
      return rows.length;
    });
  });
}
