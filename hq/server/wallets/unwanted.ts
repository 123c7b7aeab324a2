import { money } from '../../../domain/money.ts';
import type { Sql } from '../database.ts';
import { giveBackLate } from './late.ts';
import type { PaymentRow } from './rows.ts';

/** What a kiosk says next may be another word on it: a store that was brought back tells two stories. */
const patienceMs = 10 * 60_000;
/** What was looked at in vain for so long has been looked at often enough. */
const lookedAtMs = 40 * 86_400_000;
const atOnce = 100;

/**
 * Gives back what HQ has as paid and its kiosk as not: a person at the kiosk decided so about a payment that was held then, or a restored store knows another payment of
 * the order. The kiosk relies on it. Once each. Answers how many were found.
 */
export async function giveBackUnwanted(sql: Sql, at: number): Promise<number> {
  const found = await sql<{ kiosk_id: string; attempt_id: string }[]>`
    select p.kiosk_id, p.attempt_id from payments p join wallet_payments w on w.kiosk_id = p.kiosk_id and w.attempt_id = p.attempt_id
    where p.tender <> 'card' and p.state in ('declined', 'cancelled', 'not_sent', 'not_paid') and p.state_at >= ${at - lookedAtMs}
      and w.state = 'paid' and w.late_at is null and w.ended_at < ${at - patienceMs} and p.state_at < ${at - patienceMs} limit ${atOnce}`;
  for (const { kiosk_id: kioskId, attempt_id: attemptId } of found) {
    await sql.begin(async (transaction) => {
      const [row] = await transaction<PaymentRow[]>`
        update wallet_payments set late_at = ${at} where kiosk_id = ${kioskId} and attempt_id = ${attemptId} and state = 'paid' and late_at is null returning *`;
      if (row?.amount && row.currency) await giveBackLate(transaction, row, money(row.amount, row.currency), at);
    });
  }
  return found.length;
}
