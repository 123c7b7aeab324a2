import { createHash, createHmac } from 'node:crypto';
import { shredded } from '../../../domain/personal/sealed.ts';
import type { Sql, Transaction } from '../database.ts';
import { insertRows } from '../database.ts';
import { eachKiosk } from '../jobs/each-kiosk.ts';
import type { SigningKey } from '../identity/signing-key.ts';
import { openWords, readKeys } from '../personal.ts';

/** The key by which orders are found by their customer's phone number. Whoever has the database alone can find nobody by it. */
export type PhoneKey = Buffer;

const atOnce = 200;

/**
 * Out of HQ's signing key, so that there is no other secret to keep: Ed25519 gives the same signature of the same text each time (RFC 8032, 5.1.6), and this
 * text is signed for nobody. Another signing key finds no order of before.
 */
export function phoneKeyOf(signingKey: Pick<SigningKey, 'sign'>): PhoneKey {
  return createHash('sha256').update(signingKey.sign('counter24 search of orders by phone\n1')).digest();
}

/** What stands in the table for a number, or its last four digits: ten thousand of them could all be tried by who has the key, so it is not kept there. */
export function phoneDigest(key: PhoneKey, digits: string): Buffer {
  return createHmac('sha256', key).update(digits.length === 4 ? `last:${digits}` : `whole:${wholeNumber(digits)}`).digest().subarray(0, 16);
}

/** Without the country's code, by which some customers write theirs. */
function wholeNumber(digits: string): string {
  return digits.length === 13 && digits.startsWith('86') ? digits.slice(2) : digits;
}

/**
 * Notes for the search which phone numbers customers filled in: of orders whose personal key has come since, and of all of before once. A job of each few seconds;
 * nothing is noted of an order that is not here yet, and it is looked at again.
 * @param forMs begins nothing more after so long, as HQ's other jobs wait for this one
 * @returns how many orders were looked at
 */
export async function notePhones(sql: Sql, key: PhoneKey, now: number, { forMs = Number.POSITIVE_INFINITY }: { readonly forMs?: number } = {}): Promise<number> {
  const begun = performance.now();
  const kiosks = await sql<{ kiosk_id: string }[]>`select distinct kiosk_id from personal_keys where phones_at is null and key is not null`;
  return eachKiosk(kiosks.map((row) => row.kiosk_id), async (kioskId) => {
    let looked = 0;
    for (;;) {
      if (performance.now() - begun > forMs) return looked;
      const some = await sql.begin((transaction) => noteSome(transaction, kioskId, key, now));
      looked += some;
      if (some < atOnce) return looked;
    }
  });
}

async function noteSome(sql: Transaction, kioskId: string, key: PhoneKey, now: number): Promise<number> {
  const waiting = await sql<{ order_id: string }[]>`
    select k.order_id from personal_keys k where k.kiosk_id = ${kioskId} and k.phones_at is null and k.key is not null
      and exists (select 1 from orders o where o.kiosk_id = k.kiosk_id and o.order_id = k.order_id)
    order by k.kept_at limit ${atOnce} for update of k skip locked`;
  const orderIds = waiting.map((row) => row.order_id);
  if (orderIds.length === 0) return 0;
  const [keys, forms] = [
    await readKeys(sql, kioskId, orderIds),
    await sql<{ order_id: string; form: Readonly<Record<string, string>>; fields: readonly { readonly id: string; readonly kind: string }[] | null }[]>`
      select order_id, form, fields from order_lines where kiosk_id = ${kioskId} and order_id in ${sql(orderIds)}`,
  ];
  const digests = new Map<string, readonly [string, string, Buffer]>();
  for (const { order_id: orderId, form, fields } of forms) {
    for (const [id, words] of Object.entries(form)) {
      // Lines of before version 3 say nothing of their fields; a phone number was called so.
      const kind = fields?.find((field) => field.id === id)?.kind ?? (id === 'phone' ? 'phone' : undefined);
      if (kind !== 'phone') continue;
      const number = openWords(keys.get(orderId), orderId, words);
      const digits = number.replace(/\D/g, '');
      if (number === shredded || digits.length < 7) continue;
      for (const part of [digits.slice(-4), digits]) {
        const digest = phoneDigest(key, part);
        digests.set(`${orderId} ${digest.toString('hex')}`, [kioskId, orderId, digest]);
      }
    }
  }
  await insertRows(sql, 'insert into order_phones (kiosk_id, order_id, digest)', [...digests.values()], 'on conflict (kiosk_id, order_id, digest) do nothing');
  await sql`update personal_keys set phones_at = ${now} where kiosk_id = ${kioskId} and order_id in ${sql(orderIds)}`;
  return orderIds.length;
}
