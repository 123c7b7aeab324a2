import type { WalletAnswer, WalletState } from '../../../domain/contract/hq-online.ts';
import type { KioskId } from '../../../domain/ids.ts';
import type { Currency } from '../../../domain/money.ts';
import type { RefundState } from '../../../domain/payment/refund.ts';
import type { WalletMode, WalletRefusal } from '../../../domain/payment/tender.ts';
import type { Wallet } from '../../../domain/scan/payment-code.ts';
import type { Queries } from '../database.ts';

/** Where a wallet payment, or a refund, stands among HQ's own work (migration 0014). */
export interface PaymentPlace {
  readonly kioskId: KioskId;
  readonly attemptId: string;
}
export interface RefundPlace {
  readonly kioskId: KioskId;
  readonly refundId: string;
}

export type StoredState = Exclude<WalletState, 'not_found'>;

export interface PaymentRow {
  kiosk_id: KioskId; attempt_id: string; wallet: Wallet; order_id: string | null; order_number: string | null; mode: WalletMode | null; amount: number | null; currency: Currency | null; title: string | null;
  state: StoredState; code: string | null; transaction_id: string | null; paid_at: number | null; refusal: WalletRefusal | null; detail: string | null;
  begun_at: number; expires_at: number | null; unwanted_at: number | null; took_back_at: number | null; ended_at: number | null; late_at: number | null; late_looks: number;
  is_asked: boolean; turns: number; next_at: number | null; claimed_until: number | null; unclear_since: number | null; alarmed_at: number | null;
}

export interface RefundRow {
  kiosk_id: KioskId; refund_id: string; attempt_id: string; wallet: Wallet; amount: number; currency: Currency; paid_amount: number; reason: string; origin: 'kiosk' | 'hq';
  state: RefundState; detail: string | null; asked_at: number; sent_at: number | null; ended_at: number | null; turns: number; next_at: number | null; claimed_until: number | null; alarmed_at: number | null;
  settled_by: string | null;
  /** Who at HQ had it given back, of a kiosk that is gone. */
  by: string | null;
}

/** Their end as the kiosk hears it; `held` may still come to one. */
export function isEnded(state: StoredState): boolean {
  return state === 'paid' || state === 'declined' || state === 'closed';
}

/** A gateway's `out_trade_no`, or number of a refund: the id without its hyphens, 32 characters. */
export function tradeNoOf(id: string): string {
  return id.replaceAll('-', '').toLowerCase();
}

/** The id that a gateway's number was made of; undefined where it is none of ours. */
export function idOfTradeNo(tradeNo: string): string | undefined {
  const parts = /^([0-9a-f]{8})([0-9a-f]{4})([0-9a-f]{4})([0-9a-f]{4})([0-9a-f]{12})$/i.exec(tradeNo);
  return parts ? parts.slice(1).join('-').toLowerCase() : undefined;
}

export async function readPayment(sql: Queries, { kioskId, attemptId }: PaymentPlace): Promise<PaymentRow | undefined> {
  const [row] = await sql<PaymentRow[]>`select * from wallet_payments where kiosk_id = ${kioskId} and attempt_id = ${attemptId}`;
  return row;
}

export async function readRefunds(sql: Queries, { kioskId, attemptId }: PaymentPlace): Promise<readonly RefundRow[]> {
  return sql<RefundRow[]>`select * from wallet_refunds where kiosk_id = ${kioskId} and attempt_id = ${attemptId} order by asked_at, refund_id limit 200`;
}

/** What the kiosk hears of it. The code only while it may be paid by it. */
export function answerOf(attemptId: string, row: PaymentRow | undefined, refunds: readonly RefundRow[], hqTime: number): WalletAnswer {
  const place = { hqTime, attemptId: attemptId as WalletAnswer['attemptId'] };
  if (!row) return { ...place, state: 'not_found', refunds: [] };
  const isPaid = row.state === 'paid' && row.transaction_id !== null;
  return {
    ...place,
    state: row.state,
    ...(row.state === 'waiting' && row.code !== null ? { code: row.code } : {}),
    ...(isPaid ? { details: { transactionId: row.transaction_id!, ...(row.paid_at === null ? {} : { paidAt: row.paid_at }) } } : {}),
    ...(row.refusal === null ? {} : { refusal: row.refusal }),
    ...(row.detail === null ? {} : { detail: row.detail.slice(0, 300) }),
    refunds: refunds.map(({ refund_id: refundId, amount, currency, state, detail }) => ({ refundId, amount: { amount, currency }, state, ...(detail === null ? {} : { detail: detail.slice(0, 300) }) })),
  };
}
