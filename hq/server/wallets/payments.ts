import type { Currency, Money } from '../../../domain/money.ts';
import { equals, formatMoney, money } from '../../../domain/money.ts';
import type { Wallet } from '../../../domain/scan/payment-code.ts';
import type { Sql, Transaction } from '../database.ts';
import { announce } from '../live/announce.ts';
import { endWalletAlarm, raiseWalletAlarm } from './alarms.ts';
import { fillFromJournal } from './begin.ts';
import { giveBackLate, nextLook } from './late.ts';
import { tellWallet } from './news.ts';
import type { PaymentPlace, PaymentRow } from './rows.ts';
import { isEnded } from './rows.ts';
import type { Found } from './turn.ts';
import { graceMs, isToEnd } from './turn.ts';

/** A customer stands there: the first turns follow one another closely, and a notification is quicker still. */
const waitsMs = [1000, 1500, 2000, 2000, 2500, 3000];
/** Nobody answers, and it is asked again: by how long that has been so. */
const unclearWaits: readonly (readonly [number, number])[] = [[20_000, 2000], [120_000, 5000], [3_600_000, 60_000]];
const unclearLaterMs = 600_000;
/** Then a person is told, and HQ goes on asking. */
export const alarmAfterMs = 600_000;
/** Then it is held for a person; what its gateway says later counts all the same. */
export const heldAfterMs = 2 * 3_600_000;
/** Whether it was paid after its end could not be asked for so long. */
const unlookedAlarmMs = 2 * 86_400_000;

/**
 * Takes a payment for one turn, in a short transaction: what comes out is written down as begun before a gateway is asked. Undefined where there is nothing to do,
 * or another process is at it.
 */
export async function claimPayment(sql: Sql, { kioskId, attemptId }: PaymentPlace, at: number, claimMs: number): Promise<PaymentRow | undefined> {
  return sql.begin(async (transaction) => {
    const [locked] = await transaction<{ order_id: string | null }[]>`
      select order_id from wallet_payments where kiosk_id = ${kioskId} and attempt_id = ${attemptId} and next_at <= ${at} and coalesce(claimed_until, 0) <= ${at} for update skip locked`;
    if (!locked) return undefined;
    // Its kiosk's events may have come since.
    if (locked.order_id === null) await fillFromJournal(transaction, { kioskId, attemptId });
    const [row] = await transaction<PaymentRow[]>`
      update wallet_payments set turns = turns + 1, claimed_until = ${at + claimMs}, next_at = ${at + claimMs} where kiosk_id = ${kioskId} and attempt_id = ${attemptId} returning *`;
    return row;
  });
}

/**
 * Writes what a turn has found. A word of before counts for nothing once another process has asked since.
 * @param turn the row as it was claimed
 */
export async function recordTurn(sql: Sql, turn: PaymentRow, found: Found, at: number): Promise<void> {
  const { kiosk_id: kioskId, attempt_id: attemptId } = turn;
  await sql.begin(async (transaction) => {
    const [row] = await transaction<PaymentRow[]>`select * from wallet_payments where kiosk_id = ${kioskId} and attempt_id = ${attemptId} for update`;
    if (!row || row.turns !== turn.turns) return;
    const write = writerOf(transaction, row, at, turn.next_at);
    if (isEnded(row.state)) return recordLook(transaction, row, found, at, write);
    if (found.kind === 'paid') return recordPaid(transaction, row, found, at, write);
    if (found.kind === 'declined' || found.kind === 'closed') {
      const isDeclined = found.kind === 'declined' || (found.refusal !== undefined && row.unwanted_at === null);
      const isTooLate = !isDeclined && row.unwanted_at === null && row.expires_at !== null && at >= row.expires_at;
      return write({ state: isDeclined ? 'declined' : 'closed', refusal: found.refusal ?? (isTooLate ? 'too_late' : null), detail: found.detail ?? null, tookBack: found.kind === 'closed' && found.tookBack === true, nextAt: nextLook({ ended_at: at }, at) });
    }
    if (found.kind === 'unknown' || found.kind === 'closing' || found.kind === 'nothing') {
      const detail = found.kind === 'nothing' ? 'nothing is known' : found.detail;
      return recordUnclear(transaction, row, { detail, isClosing: found.kind === 'closing' || isToEnd(row, at), waitMs: found.kind === 'closing' ? found.afterMs : undefined, tookBack: found.kind === 'closing' && found.tookBack === true }, at, write);
    }
    const isUnwanted = row.unwanted_at !== null || row.state === 'closing' || row.state === 'held';
    const waitMs = waitsMs[row.turns - 1] ?? waitsMs.at(-1)!;
    const limit = row.expires_at === null ? at + waitMs : Math.max(at, row.expires_at + graceMs);
    await write({
      state: isUnwanted ? row.state : found.kind === 'shown' ? 'waiting' : found.kind, code: found.kind === 'shown' ? found.code : row.code,
      detail: null, nextAt: isUnwanted ? at : Math.min(at + waitMs, limit), isClear: true,
    });
  });
}

interface Written {
  readonly state: PaymentRow['state'];
  readonly nextAt: number | null;
  readonly detail?: string | null;
  readonly refusal?: PaymentRow['refusal'];
  readonly code?: string | null;
  readonly paid?: { readonly transactionId: string; readonly paidAt: number | undefined; readonly amount: Money };
  readonly isClear?: boolean;
  readonly tookBack?: boolean;
  readonly isAlarmed?: boolean;
  readonly lateLooks?: number;
  readonly lateAt?: number;
}
type Write = (written: Written) => Promise<void>;

/** @param claimedNext the time that the claim has set: an earlier one was set since, by a notification or by a kiosk that wants it no more */
function writerOf(transaction: Transaction, row: PaymentRow, at: number, claimedNext: number | null): Write {
  const { kiosk_id: kioskId, attempt_id: attemptId } = row;
  const isHinted = row.next_at !== null && claimedNext !== null && row.next_at < claimedNext;
  return async ({ state, nextAt, detail = row.detail, refusal = row.refusal, code = row.code, paid, isClear = false, tookBack = false, isAlarmed = false, lateLooks = row.late_looks, lateAt }) => {
    const hasEnd = isEnded(state);
    const isNewEnd = hasEnd && !isEnded(row.state);
    const next = isHinted && state !== 'paid' && !isNewEnd ? Math.min(nextAt ?? at, at) : nextAt;
    await transaction`
      update wallet_payments set state = ${state}, next_at = ${next}, claimed_until = ${null}, detail = ${detail?.slice(0, 500) ?? null}, refusal = ${refusal}, code = ${hasEnd || state === 'held' ? null : code},
        transaction_id = ${paid?.transactionId ?? row.transaction_id}, paid_at = ${paid?.paidAt ?? row.paid_at}, amount = ${row.amount ?? paid?.amount.amount ?? null}, currency = ${row.currency ?? paid?.amount.currency ?? null},
        unclear_since = ${hasEnd || isClear ? null : (row.unclear_since ?? at)}, alarmed_at = ${isAlarmed ? (row.alarmed_at ?? at) : hasEnd ? null : row.alarmed_at},
        took_back_at = ${row.took_back_at ?? (tookBack ? at : null)}, ended_at = ${row.ended_at ?? (hasEnd ? at : null)}, late_looks = ${lateLooks}, late_at = ${row.late_at ?? lateAt ?? null}
      where kiosk_id = ${kioskId} and attempt_id = ${attemptId}`;
    if (isNewEnd) await endWalletAlarm(transaction, kioskId, attemptId, at);
    if (state !== row.state || code !== row.code) await tellWallet(transaction, attemptId);
    if (state !== row.state && row.order_id !== null && (hasEnd || state === 'held')) await announce(transaction, kioskId, [row.order_id]);
  };
}

async function recordPaid(transaction: Transaction, row: PaymentRow, found: Extract<Found, { kind: 'paid' }>, at: number, write: Write): Promise<void> {
  const paid = { transactionId: found.details.transactionId, paidAt: found.details.paidAt, amount: found.amount };
  const ours = await readOurs(transaction, row);
  if (ours === undefined) return recordUnclear(transaction, row, { detail: `${formatMoney(found.amount)} was paid, and how much its kiosk asked for is not known here`, isClosing: true, waitMs: undefined, tookBack: false }, at, write);
  if (!equals(ours, found.amount)) return holdOther(transaction, row, found.amount, ours, at, write);
  await write({ state: 'paid', nextAt: null, detail: null, refusal: null, paid });
}

/** An amount that is not ours is no payment of ours: a person looks. */
async function holdOther(transaction: Transaction, row: PaymentRow, found: Money, ours: Money, at: number, write: Write): Promise<void> {
  const detail = `${row.wallet} has taken ${formatMoney(found)} and ${formatMoney(ours)} was asked for`;
  await write({ state: 'held', nextAt: null, detail, isAlarmed: true });
  await raiseWalletAlarm(transaction, { kioskId: row.kiosk_id, subject: row.attempt_id, facts: { what: 'other_amount', attemptId: row.attempt_id, wallet: row.wallet, taken: found, asked: ours }, at });
}

async function recordUnclear(
  transaction: Transaction, row: PaymentRow, { detail, isClosing, waitMs, tookBack }: { readonly detail: string; readonly isClosing: boolean; readonly waitMs: number | undefined; readonly tookBack: boolean }, at: number, write: Write,
): Promise<void> {
  const sinceMs = at - (row.unclear_since ?? at);
  const isLong = sinceMs >= alarmAfterMs;
  // What may still be paid is not held: its time limit comes first.
  const state = row.state === 'held' || (sinceMs >= heldAfterMs && (row.state === 'closing' || isClosing)) ? 'held' : isClosing || row.unwanted_at !== null ? 'closing' : row.state;
  const backoff = unclearWaits.find(([untilMs]) => sinceMs < untilMs)?.[1] ?? unclearLaterMs;
  const usual = at + Math.max(sinceMs > 60_000 ? backoff : 0, waitMs ?? backoff);
  const limit = row.expires_at !== null && state !== 'closing' && state !== 'held' && row.expires_at + graceMs > at ? row.expires_at + graceMs : usual;
  await write({ state, nextAt: Math.min(usual, limit), detail, isAlarmed: isLong, tookBack });
  if (isLong && row.alarmed_at === null) {
    await raiseWalletAlarm(transaction, { kioskId: row.kiosk_id, subject: row.attempt_id, facts: { what: 'no_end', attemptId: row.attempt_id, wallet: row.wallet, minutes: Math.round(sinceMs / 60_000), reason: detail }, at });
  }
}

/** A look at one that has its end already. */
async function recordLook(transaction: Transaction, row: PaymentRow, found: Found, at: number, write: Write): Promise<void> {
  if (row.state === 'paid') return write({ state: 'paid', nextAt: null });
  if (found.kind === 'unknown') {
    const sinceMs = at - (row.ended_at ?? at);
    const isLong = sinceMs > unlookedAlarmMs;
    await write({ state: row.state, nextAt: Math.max(nextLook(row, at) ?? at, at + Math.min(21_600_000, Math.max(60_000, Math.round(sinceMs / 10)))), isAlarmed: isLong });
    if (isLong && row.alarmed_at === null) await raiseWalletAlarm(transaction, { kioskId: row.kiosk_id, subject: row.attempt_id, facts: { what: 'not_looked_at', attemptId: row.attempt_id, wallet: row.wallet, was: row.state, reason: found.detail }, at });
    return;
  }
  if (row.alarmed_at !== null) await endWalletAlarm(transaction, row.kiosk_id, row.attempt_id, at);
  const lateLooks = row.late_looks + 1;
  if (found.kind !== 'paid') return write({ state: row.state, nextAt: nextLook(row, at), lateLooks });
  const ours = await readOurs(transaction, row);
  if (ours !== undefined && !equals(ours, found.amount)) return holdOther(transaction, row, found.amount, ours, at, write);
  const paid = { transactionId: found.details.transactionId, paidAt: found.details.paidAt, amount: found.amount };
  if (row.late_at === null && row.took_back_at === null && (await isKept(transaction, row))) return write({ state: 'paid', nextAt: null, lateLooks, detail: null, refusal: null, paid });
  const detail = `paid after it was ${row.state}`;
  await write({ state: row.state, nextAt: null, lateLooks, lateAt: at, detail, paid });
  await giveBackLate(transaction, row, found.amount, at);
}

/** Its kiosk has it as paid all the same, or somebody there has given all of it back by hand, by a person's word while HQ told nothing: it is no payment that nobody relies on. */
async function isKept(transaction: Transaction, { kiosk_id: kioskId, attempt_id: attemptId }: PaymentRow): Promise<boolean> {
  const [kept] = await transaction`
    select 1 from payments p where p.kiosk_id = ${kioskId} and p.attempt_id = ${attemptId} and (p.state = 'approved' or (p.state = 'reversed' and exists (
      select 1 from attention a where a.kiosk_id = p.kiosk_id and a.attempt_id = p.attempt_id and a.kind = 'reversal_refused' and a.decision = 'given_back')))`;
  return kept !== undefined;
}

/** What the kiosk asked for: by its own word to HQ, else by its journal's, which comes by events. */
async function readOurs(transaction: Transaction, { kiosk_id: kioskId, attempt_id: attemptId, amount, currency }: PaymentRow): Promise<Money | undefined> {
  if (amount !== null && currency !== null) return money(amount, currency);
  const [told] = await transaction<{ amount: number; currency: Currency }[]>`select amount, currency from payments where kiosk_id = ${kioskId} and attempt_id = ${attemptId}`;
  return told && money(told.amount, told.currency);
}

/** Of any kiosk, so many of each wallet: what somebody waits for before what has its end, then the longest due. */
export async function readDuePayments(sql: Sql, at: number, ofEach: number): Promise<readonly (PaymentPlace & { readonly wallet: Wallet })[]> {
  return sql<(PaymentPlace & { readonly wallet: Wallet })[]>`
    select kiosk_id as "kioskId", attempt_id as "attemptId", wallet from (
      select kiosk_id, attempt_id, wallet, row_number() over (partition by wallet order by ended_at is not null, next_at) as place from wallet_payments
      where next_at <= ${at} and coalesce(claimed_until, 0) <= ${at}) due
    where place <= ${ofEach} order by place`;
}
