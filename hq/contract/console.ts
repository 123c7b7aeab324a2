import type { AttentionKind, Decision } from '../../domain/attention/attention.ts';
import type { Dining } from '../../domain/cart/cart.ts';
import type { HqEvent, JobKind, JobState } from '../../domain/contract/hq.ts';
import type { FeedbackChip } from '../../domain/feedback/feedback.ts';
import type { Bilingual, Language } from '../../domain/language.ts';
import type { Money } from '../../domain/money.ts';
import type { Order, OrderLine, OrderState } from '../../domain/order/order.ts';
import type { AttemptState } from '../../domain/payment/attempt.ts';
import type { CardDetails } from '../../domain/payment/card.ts';
import type { RefundState, RefundWay } from '../../domain/payment/refund.ts';
import type { Tender, WalletDetails, WalletMode } from '../../domain/payment/tender.ts';
import type { Receipt } from '../../domain/receipt/receipt.ts';
import type { Shop } from '../../domain/receipt/shop.ts';

/** What HQ's server tells its console of orders, closed days, calls for help and feedback; what it can do besides stands in api/. What customers filled in is masked. */

/** One order in the table. */
export interface OrderRow {
  readonly kioskId: string;
  readonly kioskName: string;
  readonly orderId: string;
  readonly number: string;
  readonly state: OrderState;
  /** By the kiosk's clock, as it stands on the receipt. */
  readonly placedAt: number;
  /** When that really was, as HQ reckons it. The list goes by it. */
  readonly occurredAt: number;
  readonly receivedAt: number;
  readonly language: Language;
  readonly total: Money;
  readonly items: readonly { readonly name: Bilingual; readonly quantity: number }[];
  /** Of the newest payment attempt. */
  readonly payment: AttemptState | null;
  /** Of the newest receipt that was to be printed, be it a copy. */
  readonly print: JobState | null;
  /** Something about it stands on the staff's list, undecided. */
  readonly needsPerson: boolean;
}

export interface OrderPage {
  readonly orders: readonly OrderRow[];
  /** Give as `before` for the next page; null on the last. */
  readonly next: string | null;
}

export interface PaymentAttempt {
  readonly attemptId: string;
  readonly amount: Money;
  readonly state: AttemptState;
  readonly tender: Tender;
  /** Of a wallet: who showed the code. */
  readonly mode: WalletMode | null;
  /** Of a wallet, once it was paid. */
  readonly wallet: WalletDetails | null;
  readonly card: CardDetails | null;
  readonly resultCode: string | null;
  readonly startedAt: number;
  readonly stateAt: number;
}

/** A part of the money that went back, as the kiosk told of it. */
export interface PartRefund {
  readonly refundId: string;
  readonly attemptId: string;
  readonly amount: Money;
  readonly way: RefundWay;
  readonly state: RefundState;
  readonly reason: string;
  /** A staff number, or who at HQ; null where the kiosk did it by itself. */
  readonly by: string | null;
  readonly detail: string | null;
  readonly askedAt: number;
  readonly stateAt: number;
}

export interface Job {
  readonly jobId: string;
  readonly kind: JobKind;
  readonly state: JobState;
  readonly queuedAt: number;
  readonly stateAt: number;
}

/** One thing that the kiosk must not guess. What HQ was not told is null: the decision may be all that came of it. */
export interface OrderAttention {
  readonly attentionId: string;
  readonly kind: AttentionKind;
  readonly attemptId: string | null;
  readonly jobId: string | null;
  /** What was asked for, or is to be given back. */
  readonly amount: Money | null;
  /** When the purchase was sent. */
  readonly startedAt: number | null;
  readonly card: CardDetails | null;
  /** What the terminal named as its last transaction when it was asked: perhaps somebody else's, perhaps a reversal. */
  readonly lastCard: CardDetails | null;
  readonly detail: string | null;
  readonly raisedAt: number | null;
  /** Null while a person has to decide. */
  readonly settled: { readonly decision: Decision; readonly at: number } | null;
}

export interface ServiceRequest {
  readonly jobId: string;
  readonly offerId: string;
  readonly service: 'top_up' | 'data_pack' | 'plan_change' | 'application';
  readonly quantity: number;
  readonly amount: Money;
  /** By the field's id, masked; the order's line says what they are called. */
  readonly form: Readonly<Record<string, string>>;
  readonly requestedAt: number;
  /** `asked`: nobody works on it yet. `unknown`: whoever credits it does not answer. `held`: not submitted, and a person has to decide. */
  readonly state: 'asked' | 'pending' | 'unknown' | 'done' | 'refused' | 'held';
  /** Of whoever has credited it. */
  readonly reference: string | null;
  /** Of an application, the number that its customer asks for it by. */
  readonly number: string | null;
  /** What the kiosk has taken in of it. */
  readonly settled: { readonly outcome: 'pending' | 'done' | 'refused'; readonly at: number } | null;
}

interface StockMove {
  readonly offerId: string;
  readonly change: number;
  readonly left: number;
  readonly reason: string;
  readonly at: number;
}

export interface OrderEvent extends Omit<HqEvent, 'id' | 'boot' | 'monotonicMs' | 'hash'> {
  readonly id: string;
  readonly lane: string;
  readonly epoch: number;
  /** When it really was, as HQ reckons it. */
  readonly occurredAt: number;
  readonly receivedAt: number;
  readonly repeated: boolean;
  /** Why it was set aside, or null. */
  readonly setAside: string | null;
}

/** One order in full. */
export interface OrderInFull {
  readonly row: OrderRow;
  readonly shop: Shop;
  readonly lines: readonly OrderLine[];
  readonly taxes: Order['taxes'];
  /** Of food, where it is eaten. */
  readonly dining: Dining | null;
  readonly catalogueRevision: number;
  readonly receiptUrl: string;
  readonly attempts: readonly PaymentAttempt[];
  readonly refunds: readonly PartRefund[];
  readonly jobs: readonly Job[];
  /** Open ones first, each part the oldest first. */
  readonly attention: readonly OrderAttention[];
  readonly services: readonly ServiceRequest[];
  readonly stockMoves: readonly StockMove[];
  readonly events: readonly OrderEvent[];
  /** The lines that the printer got; null while the order is not paid. */
  readonly receipt: Receipt | null;
}

/** Where an event stands among a kiosk's. */
export interface EventPlaces {
  readonly lane: string;
  readonly epoch: number;
  readonly sequences: readonly number[];
}

/** What HQ found when it held its own rows against a day that a kiosk has closed and signed. All empty but what waits for an update, and the signature valid: green. */
export interface ProofResult {
  readonly signature: 'valid' | 'wrong' | 'no_key';
  /** Events that the kiosk counts and HQ has not. */
  readonly missing: readonly EventPlaces[];
  /** Events whose row at HQ does not fit its hash, or the chain. */
  readonly differing: readonly EventPlaces[];
  /** Events that HQ has as they came, and what they came to is not what stands in the table that is named. Sequence 0: a row that no event tells of. */
  readonly projections: readonly { readonly lane: string; readonly epoch: number; readonly sequence: number; readonly table: string; readonly id: string }[];
  /** Sums that differ, as "orders CNY". */
  readonly sums: readonly string[];
  /** Events that HQ has and that had no effect. Of a kind or version that it does not know yet: they wait for its update, and a day may be green with them. */
  readonly setAside: readonly { readonly lane: string; readonly epoch: number; readonly sequence: number; readonly reason: string; readonly waitsForUpdate: boolean }[];
  /** Numbers of closings before this one that HQ has not. */
  readonly missingClosings: readonly number[];
  /** Events before these ranges that no closing at HQ counts: what they were is in none of its days. */
  readonly uncounted: readonly { readonly lane: string; readonly epoch: number; readonly from: number; readonly to: number }[];
  /** How many places are not listed above, since there are too many. */
  readonly more: number;
}

export interface ProofRow {
  readonly kioskId: string;
  readonly eventId: string;
  readonly number: number;
  /** The shop's day, YYYY-MM-DD. */
  readonly day: string;
  readonly closedAt: number;
  /** When that really was, by HQ's clock. */
  readonly occurredAt: number;
  /** `waiting`: not everything that it counts has come yet. */
  readonly state: 'waiting' | 'green' | 'red';
  readonly checkedAt: number | null;
  readonly events: number;
  readonly orders: Readonly<Record<string, { readonly count: number; readonly sum: number }>>;
  readonly result: ProofResult | null;
}

/** A customer who asks for a person. */
export interface HelpCall {
  readonly kioskId: string;
  readonly kioskName: string;
  readonly callId: string;
  /** Where the customer stood, by the page's own name for it. */
  readonly screen: string;
  readonly orderId: string | null;
  readonly orderNumber: string | null;
  readonly calledAt: number;
  readonly answeredAt: number | null;
  readonly answeredBy: string | null;
}

/** What a customer said of a visit. */
export interface FeedbackRow {
  readonly kioskId: string;
  readonly kioskName: string;
  readonly orderId: string;
  /** Null where HQ does not have the order. */
  readonly orderNumber: string | null;
  /** 1 to 5. */
  readonly stars: number;
  readonly chips: readonly FeedbackChip[];
  /** The customer's own; `•••` where HQ may not read them any more. */
  readonly words: string | null;
  readonly givenAt: number;
}

export interface FeedbackPage {
  readonly feedback: readonly FeedbackRow[];
  /** Give as `before` for the next page; null on the last. */
  readonly next: string | null;
}
