import type { KioskId } from '../../../domain/ids.ts';
import type { Currency } from '../../../domain/money.ts';
import { money } from '../../../domain/money.ts';
import type { Result } from '../../../domain/result.ts';
import { err, ok } from '../../../domain/result.ts';
import type { OpenWallet } from '../../contract/api/wallets.ts';
import { isGivenUp } from '../../contract/wallet-words.ts';
import type { Queries, Sql } from '../database.ts';
import { announce } from '../live/announce.ts';
import { endWalletAlarm } from './alarms.ts';
import { fillFromJournal } from './begin.ts';
import { tellWallet } from './news.ts';
import { refundAlarmSubject } from './refunds.ts';
import type { PaymentRow, RefundRow } from './rows.ts';

interface OpenRow {
  kind: OpenWallet['kind']; kiosk_id: string; kiosk_name: string | null; attempt_id: string; refund_id: string | null; order_id: string | null; order_number: string | null; wallet: OpenWallet['wallet'];
  state: OpenWallet['state']; amount: number | null; currency: Currency | null; at: number; detail: string | null; facts: Readonly<Record<string, unknown>> | null;
}

const mostOpen = 500;

/** What has no end yet: those that need a person first, then the oldest. */
export async function listOpenWork(sql: Queries, { kiosk, who }: { readonly kiosk?: KioskId | undefined; readonly who: 'all' | 'person' }): Promise<readonly OpenWallet[]> {
  const ofKiosk = (of: 'w' | 'r') => (kiosk === undefined ? sql`` : of === 'w' ? sql`and w.kiosk_id = ${kiosk}` : sql`and r.kiosk_id = ${kiosk}`);
  const rows = await sql<OpenRow[]>`
    select o.*, k.name as kiosk_name, a.facts from (
      select 'payment' as kind, w.kiosk_id, w.attempt_id, null::uuid as refund_id, w.order_id, w.order_number, w.wallet, w.state, w.amount, w.currency, w.begun_at as at, w.detail
      from wallet_payments w where (w.ended_at is null or w.state = 'held') ${ofKiosk('w')}
      union all
      select 'refund', r.kiosk_id, r.attempt_id, r.refund_id, w.order_id, w.order_number, r.wallet, r.state, r.amount, r.currency, r.asked_at, coalesce(r.detail, r.reason)
      from wallet_refunds r left join wallet_payments w on w.kiosk_id = r.kiosk_id and w.attempt_id = r.attempt_id
      where (r.state = 'asked' or (r.state = 'refused' and r.settled_by is null)) ${ofKiosk('r')}
    ) o left join kiosks k on k.kiosk_id = o.kiosk_id
    left join alarms a on a.kiosk_id = o.kiosk_id and a.kind = 'wallet_open' and a.settled_at is null and a.subject = case when o.kind = 'refund' then ${refundAlarmSubject('')} || o.refund_id::text else o.attempt_id::text end
    where true ${who === 'person' ? sql`and o.state in ('held', 'refused')` : sql``}
    order by o.state in ('held', 'refused') desc, o.at, o.attempt_id limit ${mostOpen}`;
  return rows.map((row) => ({
    kind: row.kind, kioskId: row.kiosk_id, kioskName: row.kiosk_name, attemptId: row.attempt_id, refundId: row.refund_id, orderId: row.order_id, orderNumber: row.order_number, wallet: row.wallet,
    state: row.state, needsPerson: row.state === 'held' || row.state === 'refused', amount: row.amount === null || row.currency === null ? null : money(row.amount, row.currency), at: row.at, detail: row.detail, facts: row.facts,
  }));
}

interface Settlement {
  readonly kioskId: KioskId;
  readonly by: string;
  readonly note: string;
  readonly now: number;
}

/**
 * A person knows what became of a payment that is held. Its kiosk hears it when it asks. What was found paid after its end stays ended. When it was paid nobody here knows: it counts to
 * the day on which it was begun, and that day's book is asked for it. Error: one sentence.
 */
export async function settlePayment(sql: Sql, { kioskId, attemptId, outcome, by, note, now }: Settlement & { readonly attemptId: string; readonly outcome: 'paid' | 'closed' }): Promise<Result<undefined, string>> {
  return sql.begin(async (transaction): Promise<Result<undefined, string>> => {
    const read = () => transaction<PaymentRow[]>`select * from wallet_payments where kiosk_id = ${kioskId} and attempt_id = ${attemptId} for update`;
    let [row] = await read();
    // Its events may have come since HQ first heard of it, without the amount.
    if (row?.state === 'held' && row.amount === null) {
      await fillFromJournal(transaction, { kioskId, attemptId });
      [row] = await read();
    }
    if (!row) return err(`${kioskId} has no such payment.`);
    if (row.state !== 'held') return err(row.ended_at === null ? 'HQ is still asking its gateway: only what is held is settled by hand.' : `This payment is ${row.state} already.`);
    if (outcome === 'paid' && row.ended_at !== null) return err('Its kiosk was told that it was not paid: it cannot be paid any more. Give the money back at the gateway, and close it.');
    if (outcome === 'paid' && row.amount === null) return err('How much its kiosk asked for is not known: it cannot be paid. Give the money back at the gateway, and close it.');
    // What is told as its end to a kiosk that has it as paid would, found paid later, go back: and the goods have gone.
    const [taken] = await transaction`select 1 from payments where kiosk_id = ${kioskId} and attempt_id = ${attemptId} and state in ('approved', 'reversing', 'reversed')`;
    if (outcome === 'closed' && row.ended_at === null && taken) return err('Its kiosk has it as paid: somebody there has said so. Say that it is paid, and give it back from its order where it is to go back.');
    const transactionId = row.transaction_id ?? (outcome === 'paid' ? `by hand ${attemptId.slice(0, 8)}` : null);
    await transaction`
      update wallet_payments set state = ${outcome}, transaction_id = ${transactionId}, paid_at = ${row.paid_at ?? (outcome === 'paid' ? row.begun_at : null)}, ended_at = coalesce(ended_at, ${now}), next_at = ${null}, claimed_until = ${null}, unclear_since = ${null},
        turns = turns + 1, detail = ${`settled by ${by}: ${note}`.slice(0, 500)} where kiosk_id = ${kioskId} and attempt_id = ${attemptId}`;
    await endWalletAlarm(transaction, kioskId, attemptId, now);
    await tellWallet(transaction, attemptId);
    if (row.order_id !== null) await announce(transaction, kioskId, [row.order_id]);
    return ok(undefined);
  });
}

/**
 * A person has seen to a refund that its gateway refused. `again`: of what HQ gives back by itself the gateway is asked once more, under the same number; what a kiosk
 * asked for is on that kiosk's list, where somebody may be giving it in another way. Error: one sentence.
 */
export async function settleRefund(sql: Sql, { kioskId, refundId, outcome, by, note, now }: Settlement & { readonly refundId: string; readonly outcome: 'seen_to' | 'again' }): Promise<Result<undefined, string>> {
  return sql.begin(async (transaction): Promise<Result<undefined, string>> => {
    // The payment first, as whoever asks for a refund of it does.
    await transaction`
      select 1 from wallet_payments where kiosk_id = ${kioskId} and attempt_id in (select attempt_id from wallet_refunds where kiosk_id = ${kioskId} and refund_id = ${refundId}) for update`;
    const [row] = await transaction<RefundRow[]>`select * from wallet_refunds where kiosk_id = ${kioskId} and refund_id = ${refundId} for update`;
    if (!row) return err(`${kioskId} has no such refund.`);
    if (row.state !== 'refused' || row.settled_by !== null) return err(row.state === 'refused' ? `${row.settled_by} has seen to it already.` : `This refund is ${row.state}.`);
    if (outcome === 'again' && row.origin !== 'hq') return err('Its kiosk has asked for it, and has it on its own list since: it is settled there.');
    if (outcome === 'again' && isGivenUp(row.detail)) return err('The gateway has given this refund up, and would say so again: give it in its merchant console, and end it here.');
    if (outcome === 'again') {
      const [back] = await transaction<{ sum: number }[]>`
        select coalesce(sum(amount), 0)::bigint as sum from wallet_refunds where kiosk_id = ${kioskId} and attempt_id = ${row.attempt_id} and state <> 'refused'`;
      // Given in another way meanwhile, under another number.
      if ((back?.sum ?? 0) + row.amount > row.paid_amount) return err('So much of this payment is not left any more: it went back in another way.');
      await transaction`
        update wallet_refunds set state = 'asked', ended_at = ${null}, next_at = ${now}, alarmed_at = ${null}, detail = ${`asked once more by ${by}: ${note}`.slice(0, 500)} where kiosk_id = ${kioskId} and refund_id = ${refundId}`;
    } else {
      await transaction`
        update wallet_refunds set settled_by = ${by}, detail = ${`${row.detail ?? ''}; seen to by ${by}: ${note}`.slice(0, 500)} where kiosk_id = ${kioskId} and refund_id = ${refundId}`;
    }
    await endWalletAlarm(transaction, kioskId, refundAlarmSubject(refundId), now);
    await tellWallet(transaction, row.attempt_id);
    return ok(undefined);
  });
}
