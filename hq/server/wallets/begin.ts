import type { WalletRequest } from '../../../domain/contract/hq-online.ts';
import { readPaymentCode } from '../../../domain/scan/payment-code.ts';
import type { Sql, Transaction } from '../database.ts';
import { raiseWalletAlarm } from './alarms.ts';
import type { Asker } from './ask.ts';
import { tellWallet } from './news.ts';
import type { PaymentPlace, PaymentRow } from './rows.ts';

export type BeginRequest = Extract<WalletRequest, { readonly act: 'begin' }>;

/**
 * Writes a payment down, before its gateway hears of it. What is given back is claimed for its first turn; undefined where it is there already, is not wanted any
 * more, or cannot be begun: then its row says so.
 */
export async function beginPayment(sql: Sql, asker: Asker, request: BeginRequest, at: number, claimMs: number): Promise<PaymentRow | undefined> {
  const { kioskId, attemptId, wallet, orderId, orderNumber, amount, mode, title, validMs } = request;
  const why = whyNot(asker, request);
  return sql.begin(async (transaction) => {
    const [inserted] = await transaction<PaymentRow[]>`
      insert into wallet_payments (kiosk_id, attempt_id, wallet, order_id, order_number, mode, amount, currency, title, state, refusal, detail, begun_at, expires_at, ended_at, turns, next_at, claimed_until)
      values (${kioskId}, ${attemptId}, ${wallet}, ${orderId}, ${orderNumber}, ${mode}, ${amount.amount}, ${amount.currency}, ${title}, ${why ? 'declined' : 'starting'}, ${why?.refusal ?? null}, ${why?.detail ?? null},
        ${at}, ${at + validMs}, ${why ? at : null}, 1, ${why ? null : at + claimMs}, ${why ? null : at + claimMs})
      on conflict (kiosk_id, attempt_id) do nothing returning *`;
    if (inserted) return why ? undefined : inserted;
    // It was said first that it is not wanted: now it is known what it was.
    await transaction`
      update wallet_payments set order_id = ${orderId}, order_number = ${orderNumber}, mode = ${mode}, amount = ${amount.amount}, currency = ${amount.currency}, title = ${title}
      where kiosk_id = ${kioskId} and attempt_id = ${attemptId} and order_id is null`;
    return undefined;
  });
}

function whyNot(asker: Asker, { wallet, mode, code, amount }: BeginRequest): { readonly refusal: 'code_unusable' | 'refused'; readonly detail: string } | undefined {
  const gateway = asker.of(wallet);
  if (!gateway) return { refusal: 'refused', detail: `HQ has no gateway of ${wallet}` };
  if (!gateway.modes.includes(mode)) return { refusal: 'refused', detail: `${wallet} cannot be paid by a code that is ${mode}` };
  if (amount.amount <= 0) return { refusal: 'refused', detail: 'there is nothing to pay' };
  if (mode === 'read' && readPaymentCode(code ?? '')?.wallet !== wallet) return { refusal: 'code_unusable', detail: `it is no payment code of ${wallet}` };
  return undefined;
}

/**
 * A gateway knows a payment by the attempt's id alone: one that another kiosk has is never asked for by this one, or it would have goods for somebody else's money,
 * or give it back. Looked for after the row was committed and before the first question, so that of two at one moment at least one finds the other.
 * @returns false where there is one; then this kiosk's is declined
 */
export async function admitPayment(sql: Sql, { kiosk_id: kioskId, attempt_id: attemptId, wallet }: PaymentRow, at: number): Promise<boolean> {
  const [other] = await sql<{ kiosk_id: string }[]>`select kiosk_id from wallet_payments where attempt_id = ${attemptId} and kiosk_id <> ${kioskId} limit 1`;
  if (!other) {
    await sql`update wallet_payments set is_asked = true where kiosk_id = ${kioskId} and attempt_id = ${attemptId}`;
    return true;
  }
  await sql.begin(async (transaction) => {
    await transaction`
      update wallet_payments set state = 'declined', refusal = 'refused', detail = ${`the attempt is ${other.kiosk_id}'s`}, ended_at = ${at}, next_at = ${null}, claimed_until = ${null}, turns = turns + 1
      where kiosk_id = ${kioskId} and attempt_id = ${attemptId} and not is_asked`;
    await tellWallet(transaction, attemptId);
    await raiseWalletAlarm(transaction, { kioskId, subject: attemptId, facts: { what: 'not_its_own', attemptId, wallet, owner: other.kiosk_id }, at });
  });
  return false;
}

/**
 * A kiosk does not want a payment any more: it is ended as soon as nobody is at it. One that is not here is written down as that, and its gateway is asked, since HQ
 * may have been restored from an older copy. What has its end keeps it.
 */
export async function unwantPayment(sql: Sql, { kioskId, attemptId, wallet }: PaymentPlace & { readonly wallet: PaymentRow['wallet'] }, at: number): Promise<void> {
  await sql.begin(async (transaction) => {
    const [inserted] = await transaction`
      insert into wallet_payments (kiosk_id, attempt_id, wallet, state, detail, begun_at, unwanted_at, next_at)
      values (${kioskId}, ${attemptId}, ${wallet}, 'closing', 'HQ did not know it when its kiosk had it closed', ${at}, ${at}, ${at})
      on conflict (kiosk_id, attempt_id) do nothing returning attempt_id`;
    if (inserted) await fillFromJournal(transaction, { kioskId, attemptId });
    else {
      const [row] = await transaction`
        update wallet_payments set unwanted_at = coalesce(unwanted_at, ${at}), state = case when state = 'held' then state else 'closing' end, next_at = case when state = 'held' then next_at else ${at} end
        where kiosk_id = ${kioskId} and attempt_id = ${attemptId} and ended_at is null returning attempt_id`;
      if (row) await tellWallet(transaction, attemptId);
    }
  });
}

/** What the kiosk's own journal has said of it by events, of one whose beginning HQ has not heard. */
export async function fillFromJournal(transaction: Transaction, { kioskId, attemptId }: PaymentPlace): Promise<void> {
  const [told] = await transaction<Pick<PaymentRow, 'order_id' | 'mode' | 'amount' | 'currency'>[]>`
    select order_id, mode, amount, currency from payments where kiosk_id = ${kioskId} and attempt_id = ${attemptId}`;
  if (!told) return;
  await transaction`
    update wallet_payments set order_id = ${told.order_id}, mode = ${told.mode}, amount = ${told.amount}, currency = ${told.currency} where kiosk_id = ${kioskId} and attempt_id = ${attemptId}`;
}
