import type { Money } from '../../../domain/money.ts';
import type { Transaction } from '../database.ts';
import { announce } from '../live/announce.ts';
import { raiseWalletAlarm } from './alarms.ts';
import { tellWallet } from './news.ts';
import type { PaymentRow } from './rows.ts';

const minuteMs = 60_000;
/** How long after the end of what was not paid its gateway is asked once more: a phone may have been quicker than our question, or slower than its own answer. */
const looksMs = [minuteMs, 10 * minuteMs, 60 * minuteMs, 6 * 60 * minuteMs, 24 * 60 * minuteMs];

/** When it is looked at next, epoch milliseconds UTC; null where its last look was. By the time since its end alone: a look that a notification asked for takes none of these away. */
export function nextLook({ ended_at: endedAt }: Pick<PaymentRow, 'ended_at'>, at: number): number | null {
  const afterMs = looksMs.find((ms) => (endedAt ?? at) + ms > at);
  return afterMs === undefined ? null : (endedAt ?? at) + afterMs;
}

/**
 * All that was paid too late, and has not gone back before, goes back: once, under the attempt's own id, as the kiosk's own word for the whole of it would. Its customer has been told that it was
 * not paid, so this is no alarm; that it cannot be given back is.
 */
export async function giveBackLate(transaction: Transaction, row: PaymentRow, amount: Money, at: number): Promise<void> {
  const [before] = await transaction<{ back: number; is_whole: boolean }[]>`
    select coalesce(sum(amount) filter (where state <> 'refused'), 0)::bigint as back, coalesce(bool_or(refund_id = attempt_id), false) as is_whole from wallet_refunds
    where kiosk_id = ${row.kiosk_id} and attempt_id = ${row.attempt_id}`;
  const left = amount.amount - (before?.back ?? 0);
  if (before?.is_whole || (amount.amount > 0 && left <= 0)) return;
  if (amount.amount <= 0) return raiseWalletAlarm(transaction, { kioskId: row.kiosk_id, subject: row.attempt_id, facts: { what: 'paid_nothing', attemptId: row.attempt_id, wallet: row.wallet, taken: amount }, at });
  await transaction`
    insert into wallet_refunds (kiosk_id, refund_id, attempt_id, wallet, amount, currency, paid_amount, reason, origin, state, asked_at, next_at)
    values (${row.kiosk_id}, ${row.attempt_id}, ${row.attempt_id}, ${row.wallet}, ${left}, ${amount.currency}, ${amount.amount}, ${`paid after it was ${row.state}`}, 'hq', 'asked', ${at}, ${at})
    on conflict (kiosk_id, refund_id) do nothing`;
  await tellWallet(transaction, row.attempt_id);
  if (row.order_id !== null) await announce(transaction, row.kiosk_id, [row.order_id]);
}
