import { money } from '../../../domain/money.ts';
import type { Sql } from '../database.ts';
import { endWalletAlarm } from './alarms.ts';
import { giveBackLate } from './late.ts';
import { refundAlarmSubject } from './refunds.ts';
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

/**
 * What a gateway refused of a kiosk's refund stands on that kiosk's list, too. Once somebody has decided there it waits for nobody at HQ any more: whoever sees it here
 * would give it a second time. Answers how many.
 */
export async function endDecidedAtKiosk(sql: Sql, at: number): Promise<number> {
  // The whole has its attempt's own id, a refused service's part its service's.
  const decided = await sql<{ kiosk_id: string; refund_id: string }[]>`
    select r.kiosk_id, r.refund_id from wallet_refunds r where r.state = 'refused' and r.settled_by is null and r.origin = 'kiosk' and exists (
      select 1 from attention a where a.kiosk_id = r.kiosk_id and a.decision is not null and a.kind in ('reversal_refused', 'refund_refused', 'service_refused')
        and (a.refund_id = r.refund_id or a.job_id = r.refund_id or (a.attempt_id = r.attempt_id and r.refund_id = r.attempt_id))) limit ${atOnce}`;
  for (const { kiosk_id: kioskId, refund_id: refundId } of decided) {
    await sql.begin(async (transaction) => {
      const [row] = await transaction`
        update wallet_refunds set settled_by = 'kiosk' where kiosk_id = ${kioskId} and refund_id = ${refundId} and state = 'refused' and settled_by is null returning refund_id`;
      if (row) await endWalletAlarm(transaction, kioskId, refundAlarmSubject(refundId), at);
    });
  }
  return decided.length;
}
