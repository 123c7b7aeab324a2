import type { Money } from '../../../domain/money.ts';
import type { WalletDetails, WalletRefusal } from '../../../domain/payment/tender.ts';
import type { Asker } from './ask.ts';
import type { EndAnswer, GatewayPayment, GatewayUnknown, PaymentQuery } from './gateway.ts';
import type { PaymentRow } from './rows.ts';
import { isEnded, tradeNoOf } from './rows.ts';

/** What a turn at a payment has come to. */
export type Found =
  | { readonly kind: 'shown'; readonly code: string }
  | { readonly kind: 'waiting' | 'confirming' }
  | { readonly kind: 'paid'; readonly amount: Money; readonly details: WalletDetails; readonly refunded?: Money | undefined }
  /** It was refused, and cannot be paid any more. */
  | { readonly kind: 'declined'; readonly refusal: WalletRefusal; readonly detail: string }
  /** It was not paid, or was taken back, and cannot be paid any more. */
  | { readonly kind: 'closed'; readonly refusal?: WalletRefusal | undefined; readonly detail?: string | undefined; readonly tookBack?: boolean }
  /** A look at one that has its end: nothing new. */
  | { readonly kind: 'nothing' }
  /** Being ended; to be gone on with after `afterMs`. */
  | { readonly kind: 'closing'; readonly afterMs: number; readonly detail: string; readonly tookBack?: true | undefined }
  | { readonly kind: 'unknown'; readonly detail: string };

/** The gateway lets go by itself at the limit; a little later HQ puts an end to what is still open. */
export const graceMs = 3000;
const takenBack = { detail: 'it was paid and taken back', tookBack: true } as const;
/** A charge that was not answered may still be on its way for so long. */
const onItsWayMs = 15_000;
/** The end was said, and the gateway has not done it yet. */
const endAgainMs = 2000;

/**
 * One turn at a payment, at most four questions: what was written before says which they are. Nothing is written here.
 * @param begin its very first turn, which alone charges: `code` is what the phone showed
 */
export async function takeTurn(asker: Asker, row: PaymentRow, at: number, begin?: { readonly code?: string | undefined }): Promise<Found> {
  if (row.state === 'paid' || row.state === 'closed' || row.state === 'declined') return look(asker, row);
  if (begin) return row.mode === 'read' ? charge(asker, row, begin.code ?? '') : show(asker, row);
  if (isToEnd(row, at)) return end(asker, row);
  const found = await query(asker, row);
  if (found.kind === 'paid' || found.kind === 'unknown' || found.kind === 'closed') return readQuery(found);
  if (found.kind === 'confirming') return { kind: 'confirming' };
  if (row.mode === 'read') {
    if (found.kind === 'waiting') return { kind: 'confirming' };
    // Charged once and never again: what has not come within a while is ended, so that it cannot come later.
    return at - row.begun_at < onItsWayMs ? { kind: 'unknown', detail: 'the gateway does not have it yet' } : end(asker, row);
  }
  // Its code was never heard: the same number shown again is the same payment.
  return row.code === null ? show(asker, row) : { kind: 'waiting' };
}

/** Nobody wants it any more, or its time is over. */
export function isToEnd({ state, unwanted_at: unwantedAt, expires_at: expiresAt }: Pick<PaymentRow, 'state' | 'unwanted_at' | 'expires_at'>, at: number): boolean {
  return !isEnded(state) && (state === 'closing' || state === 'held' || unwantedAt !== null || (expiresAt !== null && at >= expiresAt + graceMs));
}

function query(asker: Asker, row: PaymentRow): Promise<PaymentQuery> {
  return asker.ask(row.wallet, (gateway, signal) => gateway.query(tradeNoOf(row.attempt_id), signal), row.attempt_id);
}

function readQuery(found: Exclude<PaymentQuery, { readonly kind: 'waiting' | 'confirming' | 'not_found' }>): Found {
  if (found.kind === 'unknown') return unknown(found);
  if (found.kind === 'closed') return { kind: 'closed', refusal: found.refusal };
  // All of it is back: it ended, however its answer was lost.
  if (found.refunded && found.refunded.amount >= found.amount.amount) return { kind: 'closed', ...takenBack };
  return { kind: 'paid', amount: found.amount, details: found.details, refunded: found.refunded };
}

async function look(asker: Asker, row: PaymentRow): Promise<Found> {
  const found = await query(asker, row);
  return found.kind === 'paid' || found.kind === 'unknown' ? readQuery(found) : { kind: 'nothing' };
}

async function show(asker: Asker, row: PaymentRow): Promise<Found> {
  const payment = paymentOf(row);
  if (!payment) return { kind: 'declined', refusal: 'refused', detail: 'it is not known what is to be paid' };
  const answer = await asker.ask(row.wallet, (gateway, signal) => gateway.show(payment, signal), row.attempt_id);
  if (answer.kind === 'shown') return { kind: 'shown', code: answer.code };
  if (answer.kind === 'refused') return { kind: 'declined', refusal: answer.refusal, detail: answer.detail };
  if (answer.kind === 'unknown') return unknown(answer);
  const found = await query(asker, row);
  return found.kind === 'paid' || found.kind === 'closed' ? readQuery(found) : { kind: 'unknown', detail: `the gateway says that it is paid already, and then ${found.kind}` };
}

async function charge(asker: Asker, row: PaymentRow, code: string): Promise<Found> {
  const payment = paymentOf(row);
  if (!payment) return { kind: 'declined', refusal: 'refused', detail: 'it is not known what is to be paid' };
  const answer = await asker.ask(row.wallet, (gateway, signal) => gateway.charge(payment, code, signal), row.attempt_id);
  if (answer.kind === 'refused') return { kind: 'declined', refusal: answer.refusal, detail: answer.detail };
  return answer.kind === 'unknown' ? unknown(answer) : answer;
}

/** Asked, ended as the gateway demands, and asked again: what it says then is the end. */
async function end(asker: Asker, row: PaymentRow): Promise<Found> {
  const before = await query(asker, row);
  if (before.kind === 'closed' && row.took_back_at !== null) return { kind: 'closed', ...takenBack };
  // What the gateway has said that it took back is no payment any more, however long it calls it one.
  if ((before.kind === 'paid' && row.took_back_at === null) || before.kind === 'unknown' || before.kind === 'closed') return readQuery(before);
  // Whose first word at HQ was that it is not wanted: which way it is ended is tried.
  const mode = row.mode ?? (row.turns % 2 === 1 ? 'shown' : 'read');
  const answer: EndAnswer = await asker.ask(row.wallet, (gateway, signal) => gateway.end({ tradeNo: tradeNoOf(row.attempt_id), mode, begunAt: row.begun_at }, signal), row.attempt_id);
  if (answer.kind === 'unknown') return unknown(answer);
  if (answer.kind === 'again') return { kind: 'closing', afterMs: Math.max(200, answer.afterMs), detail: answer.detail };
  const after = await query(asker, row);
  const tookBack = row.took_back_at !== null || (answer.kind === 'ended' && answer.tookBack);
  if (after.kind === 'paid' && tookBack && readQuery(after).kind === 'paid') return { kind: 'closing', afterMs: endAgainMs, detail: 'it was taken back, and the gateway still calls it paid', tookBack: true };
  if (after.kind === 'closed' && tookBack) return { kind: 'closed', ...takenBack };
  if (after.kind === 'paid' || after.kind === 'unknown' || after.kind === 'closed') return readQuery(after);
  if (answer.kind === 'ended' && after.kind === 'not_found') return { kind: 'closed', ...(tookBack ? takenBack : {}) };
  return { kind: 'closing', afterMs: endAgainMs, detail: `the gateway says ${answer.kind}, and then ${after.kind}`, ...(tookBack ? { tookBack } : {}) };
}

function paymentOf({ attempt_id: attemptId, amount, currency, title, expires_at: expiresAt, kiosk_id: terminal }: PaymentRow): GatewayPayment | undefined {
  if (amount === null || currency === null || title === null || expiresAt === null) return undefined;
  return { tradeNo: tradeNoOf(attemptId), amount: { amount, currency }, title, expiresAt, terminal };
}

function unknown({ detail }: GatewayUnknown): Found {
  return { kind: 'unknown', detail };
}
