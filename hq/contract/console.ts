import type { AttentionKind, Decision } from '../../domain/attention/attention.ts';
import type { HqEvent, JobKind, JobState } from '../../domain/contract/hq.ts';
import type { Bilingual, Language } from '../../domain/language.ts';
import type { Money } from '../../domain/money.ts';
import type { Order, OrderState } from '../../domain/order/order.ts';
import type { AttemptState } from '../../domain/payment/attempt.ts';
import type { CardDetails } from '../../domain/payment/card.ts';
import type { Receipt } from '../../domain/receipt/receipt.ts';
import type { Shop } from '../../domain/receipt/shop.ts';

/** What HQ's server tells its console. Read only. Phone numbers are masked: the console has no login yet. */

/** One order in the table. */
export interface OrderRow {
  readonly kioskId: string;
  readonly kioskName: string;
  readonly orderId: string;
  readonly number: string;
  readonly state: OrderState;
  readonly placedAt: number;
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
  readonly card: CardDetails | null;
  readonly resultCode: string | null;
  readonly startedAt: number;
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
  readonly service: string;
  readonly quantity: number;
  readonly amount: Money;
  readonly phone: string;
  readonly requestedAt: number;
}

export interface StockMove {
  readonly offerId: string;
  readonly change: number;
  readonly left: number;
  readonly reason: string;
  readonly at: number;
}

export interface OrderEvent extends Omit<HqEvent, 'id'> {
  readonly id: string;
  readonly lane: string;
  readonly epoch: number;
  readonly receivedAt: number;
  readonly repeated: boolean;
  /** Why it was set aside, or null. */
  readonly setAside: string | null;
}

/** One order in full. */
export interface OrderInFull {
  readonly row: OrderRow;
  readonly shop: Shop;
  readonly lines: Order['lines'];
  readonly taxes: Order['taxes'];
  readonly catalogueRevision: number;
  readonly receiptUrl: string;
  readonly attempts: readonly PaymentAttempt[];
  readonly jobs: readonly Job[];
  /** Open ones first, each part the oldest first. */
  readonly attention: readonly OrderAttention[];
  readonly services: readonly ServiceRequest[];
  readonly stockMoves: readonly StockMove[];
  readonly events: readonly OrderEvent[];
  /** The lines that the printer got; null while the order is not paid. */
  readonly receipt: Receipt | null;
}

export interface KioskRow {
  readonly kioskId: string;
  readonly name: string;
  readonly createdAt: number;
  readonly lastSeenAt: number | null;
  /** Of its newest epoch. */
  readonly epoch: number | null;
  readonly acknowledged: number;
  /** From the kiosk's clock at the newest event to HQ's when it came; null before the first. */
  readonly lagMs: number | null;
  readonly lastEventAt: number | null;
  readonly orders: number;
  readonly setAside: number;
  /** How many things stand on its staff's list, undecided. */
  readonly needsPerson: number;
}

export interface KioskList {
  readonly now: number;
  readonly kiosks: readonly KioskRow[];
}
