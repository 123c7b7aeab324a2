import type { Money } from '../../../domain/money.ts';
import { formatMoney, money } from '../../../domain/money.ts';
import type { Wallet } from '../../../domain/scan/payment-code.ts';
import type { Sql, Transaction } from '../database.ts';
import { markSales } from '../ingest/project-sales.ts';
import { announce } from '../live/announce.ts';
import { endWalletAlarm, raiseWalletAlarm } from './alarms.ts';
import type { Asker } from './ask.ts';
import type { RefundAnswer } from './gateway.ts';
import { tellWallet } from './news.ts';
import type { PaymentPlace, PaymentRow, RefundPlace, RefundRow } from './rows.ts';
import { tradeNoOf } from './rows.ts';

const waits: readonly (readonly [number, number])[] = [[30_000, 2000], [300_000, 15_000], [3_600_000, 60_000]];
const laterMs = 600_000;
/** A refund that has no end after so long is told to a person; HQ goes on asking. */
export const refundAlarmAfterMs = 3_600_000;

export interface AskedRefund extends PaymentPlace {
  readonly refundId: string;
  readonly amount: Money;
  readonly reason: string;
  readonly at: number;
  /** A person at HQ, of a kiosk that is gone; not told of what the kiosk itself asks for. */
  readonly by?: string | undefined;
}

/**
 * Writes down that so much of a payment goes back, once for each id: the sum of what was not refused is never more than was paid, whoever asks at the same time.
 * `not_paid`: nothing is known to be paid, so nothing was written.
 */
export async function askRefund(sql: Sql, asked: AskedRefund): Promise<'asked' | 'not_paid'> {
  return sql.begin((transaction) => askRefundWithin(transaction, asked));
}

/** The same within a transaction that does more. */
export async function askRefundWithin(transaction: Transaction, { kioskId, attemptId, refundId, amount, reason, at, by }: AskedRefund): Promise<'asked' | 'not_paid'> {
  const origin: RefundRow['origin'] = by === undefined ? 'kiosk' : 'hq';
  const [payment] = await transaction<PaymentRow[]>`select * from wallet_payments where kiosk_id = ${kioskId} and attempt_id = ${attemptId} for update`;
  const [before] = await transaction`select 1 from wallet_refunds where kiosk_id = ${kioskId} and refund_id = ${refundId}`;
  if (before) return 'asked';
  if (payment?.state === 'closed' && payment.took_back_at !== null && payment.late_at === null) {
    // All of it is back at the gateway: by its end, or by an HQ that has forgotten.
    await transaction`
      insert into wallet_refunds (kiosk_id, refund_id, attempt_id, wallet, amount, currency, paid_amount, reason, origin, state, detail, asked_at, ended_at)
      values (${kioskId}, ${refundId}, ${attemptId}, ${payment.wallet}, ${amount.amount}, ${amount.currency}, ${payment.amount ?? amount.amount}, ${reason}, 'kiosk', 'done', 'it was taken back before', ${at}, ${at})
      on conflict (kiosk_id, refund_id) do nothing`;
    return 'asked';
  }
  if (payment?.state !== 'paid' || payment.amount === null || payment.currency === null) return 'not_paid';
  const [back] = await transaction<{ sum: number }[]>`
    select coalesce(sum(amount), 0)::bigint as sum from wallet_refunds where kiosk_id = ${kioskId} and attempt_id = ${attemptId} and state <> 'refused'`;
  const left = payment.amount - (back?.sum ?? 0);
  const why = amount.currency !== payment.currency ? `it was paid in ${payment.currency}`
    : amount.amount <= 0 ? 'nothing is asked for'
    : amount.amount > left ? `${formatMoney(money(left, payment.currency))} of it is left`
    : undefined;
  await transaction`
    insert into wallet_refunds (kiosk_id, refund_id, attempt_id, wallet, amount, currency, paid_amount, reason, origin, by, state, detail, asked_at, ended_at, next_at)
    values (${kioskId}, ${refundId}, ${attemptId}, ${payment.wallet}, ${amount.amount}, ${amount.currency}, ${payment.amount}, ${reason}, ${origin}, ${by ?? null}, ${why === undefined ? 'asked' : 'refused'}, ${why ?? null}, ${at},
      ${why === undefined ? null : at}, ${why === undefined ? at : null})
    on conflict (kiosk_id, refund_id) do nothing`;
  await tellWallet(transaction, attemptId);
  return 'asked';
}

export interface ClaimedRefund {
  readonly row: RefundRow;
  /** The gateway has been asked before, or may have been: it is asked for first. */
  readonly isAgain: boolean;
}

/** Takes a refund for one turn: that the gateway is asked is written first. */
export async function claimRefund(sql: Sql, { kioskId, refundId }: RefundPlace, at: number, claimMs: number): Promise<ClaimedRefund | undefined> {
  return sql.begin(async (transaction) => {
    const [before] = await transaction<{ sent_at: number | null }[]>`
      select sent_at from wallet_refunds where kiosk_id = ${kioskId} and refund_id = ${refundId} and state = 'asked' and next_at <= ${at} and coalesce(claimed_until, 0) <= ${at} for update skip locked`;
    if (!before) return undefined;
    const [row] = await transaction<RefundRow[]>`
      update wallet_refunds set turns = turns + 1, sent_at = coalesce(sent_at, ${at}), claimed_until = ${at + claimMs}, next_at = ${at + claimMs} where kiosk_id = ${kioskId} and refund_id = ${refundId} returning *`;
    return row && { row, isAgain: before.sent_at !== null };
  });
}

/** One turn at a refund, two questions at most. The same number again is the same refund at the gateway. */
export async function takeRefundTurn(asker: Asker, { row, isAgain }: ClaimedRefund): Promise<RefundAnswer> {
  const refund = {
    tradeNo: tradeNoOf(row.attempt_id), refundNo: tradeNoOf(row.refund_id), amount: money(row.amount, row.currency), of: money(row.paid_amount, row.currency), reason: reasonForGateway(row),
  };
  if (isAgain) {
    const found = await asker.ask(row.wallet, (gateway, signal) => gateway.queryRefund(refund, signal), row.attempt_id);
    if (found.kind !== 'not_found') return found;
  }
  return asker.ask(row.wallet, (gateway, signal) => gateway.refund(refund, signal), row.attempt_id);
}

/** The gateway may show it to the customer: what a person at HQ gives back is told as what a kiosk gives back is. */
function reasonForGateway({ reason, by, refund_id: refundId, attempt_id: attemptId }: RefundRow): string {
  return by !== null && refundId === attemptId ? 'refund' : reason;
}

export async function recordRefund(sql: Sql, turn: RefundRow, answer: RefundAnswer, at: number): Promise<void> {
  const { kiosk_id: kioskId, refund_id: refundId, attempt_id: attemptId } = turn;
  await sql.begin(async (transaction) => {
    const [row] = await transaction<RefundRow[]>`select * from wallet_refunds where kiosk_id = ${kioskId} and refund_id = ${refundId} for update`;
    if (!row || row.state !== 'asked' || row.turns !== turn.turns) return;
    if (answer.kind === 'done' || answer.kind === 'refused') {
      const detail = answer.kind === 'refused' ? answer.detail.slice(0, 500) : null;
      await transaction`
        update wallet_refunds set state = ${answer.kind}, detail = ${detail}, ended_at = ${at}, next_at = ${null}, claimed_until = ${null} where kiosk_id = ${kioskId} and refund_id = ${refundId}`;
      if (answer.kind === 'done') await endWalletAlarm(transaction, kioskId, refundAlarmSubject(row.refund_id), at);
      else await raiseWalletAlarm(transaction, { kioskId, subject: refundAlarmSubject(row.refund_id), at, facts: { what: 'refund_refused', attemptId, wallet: row.wallet, amount: money(row.amount, row.currency), reason: answer.detail, origin: row.origin } });
      await tell(transaction, row);
      return;
    }
    const sinceMs = at - row.asked_at;
    const isLong = sinceMs >= refundAlarmAfterMs && row.alarmed_at === null;
    const waitMs = waits.find(([untilMs]) => sinceMs < untilMs)?.[1] ?? laterMs;
    // A notification that came meanwhile is asked after at once.
    const nextAt = row.next_at !== null && turn.next_at !== null && row.next_at < turn.next_at ? at : at + waitMs;
    await transaction`
      update wallet_refunds set detail = ${answer.kind === 'unknown' ? answer.detail.slice(0, 500) : 'pending'}, next_at = ${nextAt}, claimed_until = ${null}, alarmed_at = ${isLong ? at : row.alarmed_at}
      where kiosk_id = ${kioskId} and refund_id = ${refundId}`;
    if (isLong) {
      await raiseWalletAlarm(transaction, {
        kioskId, subject: refundAlarmSubject(row.refund_id), facts: { what: 'refund_open', attemptId, wallet: row.wallet, amount: money(row.amount, row.currency), reason: answer.kind === 'unknown' ? answer.detail : null }, at,
      });
    }
  });
}

/** Of the whole, the refund has its attempt's own id: its alarms are told apart from the payment's. */
export function refundAlarmSubject(refundId: string): string {
  return `refund ${refundId}`;
}

async function tell(transaction: Transaction, row: RefundRow): Promise<void> {
  await tellWallet(transaction, row.attempt_id);
  const [payment] = await transaction<{ order_id: string | null }[]>`select order_id from wallet_payments where kiosk_id = ${row.kiosk_id} and attempt_id = ${row.attempt_id}`;
  if (!payment?.order_id) return;
  await announce(transaction, row.kiosk_id, [payment.order_id]);
  // Of a kiosk that is gone no event marks its day.
  if (row.by !== null) await markSales(transaction, row.kiosk_id, [payment.order_id]);
}

/** Of any kiosk, so many of each wallet, the longest due first. */
export async function readDueRefunds(sql: Sql, at: number, ofEach: number): Promise<readonly (RefundPlace & { readonly wallet: Wallet })[]> {
  return sql<(RefundPlace & { readonly wallet: Wallet })[]>`
    select kiosk_id as "kioskId", refund_id as "refundId", wallet from (
      select kiosk_id, refund_id, wallet, row_number() over (partition by wallet order by next_at) as place from wallet_refunds where next_at <= ${at} and coalesce(claimed_until, 0) <= ${at}) due
    where place <= ${ofEach} order by place`;
}
