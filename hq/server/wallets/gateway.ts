import type { Money } from '../../../domain/money.ts';
import type { Wallet } from '../../../domain/scan/payment-code.ts';
import type { WalletDetails, WalletMode, WalletRefusal } from '../../../domain/payment/tender.ts';

/** One payment at a gateway. `tradeNo` is our attempt's id without its hyphens: the gateway's `out_trade_no`, 32 characters. */
export interface GatewayPayment {
  readonly tradeNo: string;
  readonly amount: Money;
  /** What the phone shows its customer. */
  readonly title: string;
  /** Epoch milliseconds UTC after which the gateway itself takes it no more. */
  readonly expiresAt: number;
  /** The kiosk's id, where the gateway wants to know the terminal. */
  readonly terminal: string;
}

/** No answer, or none that can be believed (wrong signature, another shape, 5xx, 429): nobody may guess. `detail` for people, without secrets. */
export interface GatewayUnknown {
  readonly kind: 'unknown';
  readonly detail: string;
  /** It was not our question's fault: the gateway is unwell, or says that it is asked too often. */
  readonly isAway?: boolean;
}

export interface GatewayRefused {
  readonly kind: 'refused';
  readonly refusal: WalletRefusal;
  readonly detail: string;
}

export type ShowAnswer = { readonly kind: 'shown'; readonly code: string } | { readonly kind: 'already_paid' } | GatewayRefused | GatewayUnknown;

/** `confirming`: the phone asks its customer (USERPAYING, 10003): asked again, never charged again. */
export type ChargeAnswer = { readonly kind: 'paid'; readonly amount: Money; readonly details: WalletDetails } | { readonly kind: 'confirming' } | GatewayRefused | GatewayUnknown;

export type PaymentQuery =
  /** `refunded`: how much of it has gone back, as far as the gateway tells here. */
  | { readonly kind: 'paid'; readonly amount: Money; readonly details: WalletDetails; readonly refunded?: Money }
  /** It may still be paid. */
  | { readonly kind: 'waiting' | 'confirming' }
  /** It was not paid and cannot be any more. */
  | { readonly kind: 'closed'; readonly refusal?: WalletRefusal }
  /** The gateway has never heard of it (Alipay: not before a phone has read the code). */
  | { readonly kind: 'not_found' }
  | GatewayUnknown;

/**
 * How an end is put to it: closed where it was not paid, taken back where it was, in the order that this gateway demands (WeChat: a shown one is closed, a read one
 * reversed, not before 15 s; Alipay: cancelled, or closed). `again`: the gateway wants it said again, after `afterMs`.
 */
export type EndAnswer = { readonly kind: 'ended'; readonly tookBack: boolean } | { readonly kind: 'again'; readonly afterMs: number; readonly detail: string } | { readonly kind: 'is_paid' } | GatewayUnknown;

export type RefundAnswer = { readonly kind: 'done' } | { readonly kind: 'pending' } | { readonly kind: 'refused'; readonly detail: string } | GatewayUnknown;
export type RefundQuery = RefundAnswer | { readonly kind: 'not_found' };

export interface GatewayRefund {
  readonly tradeNo: string;
  /** Ours, 32 characters; the same number again is the same refund. */
  readonly refundNo: string;
  readonly amount: Money;
  /** What was paid. */
  readonly of: Money;
  readonly reason: string;
}

/** One line of a gateway's own book of a day. */
export interface BillLine {
  readonly kind: 'payment' | 'refund';
  readonly tradeNo: string;
  readonly refundNo?: string | undefined;
  readonly transactionId: string;
  readonly amount: Money;
  /** What the gateway keeps of it. */
  readonly fee?: Money | undefined;
  /** Epoch milliseconds UTC. */
  readonly at: number;
}

/**
 * Some lines of a book, in its order; or why none of it can be believed: then it is the last piece, and those before it count for nothing. A book may have hundreds of
 * thousands of lines: it is read a piece at a time, and between them HQ serves its kiosks.
 */
export type BillPiece = readonly BillLine[] | GatewayUnknown;

/** A notification that was signed by the gateway, is not stale and could be read: a hint to ask, and nothing more. */
export interface Notified {
  readonly tradeNo: string;
  readonly refundNo?: string | undefined;
}

/**
 * A wallet's gateway, as HQ needs it. Expected faults are answers; one that throws counts as `unknown`. After `signal` is aborted nobody waits any more, but what
 * was asked may be on its way all the same. Amounts are what the gateway says; whether they are ours is for the caller.
 */
export interface WalletGateway {
  readonly wallet: Wallet;
  readonly modes: readonly WalletMode[];
  show(payment: GatewayPayment, signal: AbortSignal): Promise<ShowAnswer>;
  /** `code` is revealed for this call alone. */
  charge(payment: GatewayPayment, code: string, signal: AbortSignal): Promise<ChargeAnswer>;
  query(tradeNo: string, signal: AbortSignal): Promise<PaymentQuery>;
  /** `begunAt`: when it was first asked for. */
  end(payment: { readonly tradeNo: string; readonly mode: WalletMode; readonly begunAt: number }, signal: AbortSignal): Promise<EndAnswer>;
  refund(refund: GatewayRefund, signal: AbortSignal): Promise<RefundAnswer>;
  queryRefund(refund: Pick<GatewayRefund, 'tradeNo' | 'refundNo' | 'amount'>, signal: AbortSignal): Promise<RefundQuery>;
  /** A notification's headers and exact body. Undefined where it is not the gateway's, stale, or about something else; `why` for the log. */
  readNotification(headers: Readonly<Record<string, string | undefined>>, body: string): Promise<{ readonly ok: true; readonly value: Notified } | { readonly ok: false; readonly why: string }>;
  /** What the gateway wants to hear to a notification that was taken. */
  readonly notificationAnswer: { readonly status: number; readonly contentType: string; readonly body: string };
  /** Its book of a day, YYYY-MM-DD in China's time; there from the next day on. */
  bill(day: string, signal: AbortSignal): Promise<{ readonly kind: 'lines'; readonly pieces: AsyncIterable<BillPiece> | Iterable<BillPiece> } | { readonly kind: 'not_yet' } | GatewayUnknown>;
}
