import type { NumberView } from '../../../domain/contract/number.ts';
import type { Money } from '../../../domain/money.ts';

/** What is asked of whoever credits it. */
export interface ServiceOrder {
  /** The job's id, and the idempotency key: submitted twice under one key, a service is credited once. */
  readonly key: string;
  readonly service: 'top_up' | 'data_pack' | 'plan_change' | 'application';
  /** Names the pack or the plan. */
  readonly offerId: string;
  readonly quantity: number;
  /** Of an application, the number that its customer has on paper and asks for it by. */
  readonly number?: string | undefined;
  /** What the customer has paid for it. */
  readonly amount: Money;
  /** What the customer filled in, in plain words: for this call alone, and for no log. */
  readonly form: Readonly<Record<string, string>>;
}

/** `reference`: what the provider finds it by, and the customer's receipt says. `detail`: for people who look after HQ, without a customer's data. */
export type ServiceAnswer =
  /** It has the order. What becomes of it, a query tells. */
  | { readonly kind: 'accepted' }
  /** It works on it. */
  | { readonly kind: 'pending' }
  | { readonly kind: 'done'; readonly reference: string }
  /** It will not be done, and nothing was credited. */
  | { readonly kind: 'refused'; readonly detail: string }
  | Unknown;

/** No answer, or none that can be believed: it may have been credited or not, and nobody may guess. */
export interface Unknown {
  readonly kind: 'unknown';
  readonly detail: string;
  /** It was not our question's fault: whoever credits it is unwell, cannot be reached, or is asked too often. */
  readonly isAway?: boolean;
  /** The question surely never left HQ. */
  readonly isUnsent?: boolean;
}

/** `not_found`: it never had an order with this key. Only whoever is sure of it says so: the order is submitted then. */
export type QueryAnswer = ServiceAnswer | { readonly kind: 'not_found' };

/**
 * What became of a wish to take it back. `reversed`: nothing is credited and nothing will be, however late an order with this key comes; also where there never
 * was one. `done`: it is credited, and stays so. `refused`: there is nothing to take back. `pending`: it is being taken back; ask again. `cannot`: it goes on, and
 * only its end will tell.
 */
export type ReverseAnswer =
  | { readonly kind: 'reversed' | 'pending' }
  | { readonly kind: 'done'; readonly reference: string }
  | { readonly kind: 'refused' | 'cannot'; readonly detail: string }
  | Unknown;

/** What is wanted for a number, as far as it matters to whose it is. */
export interface NumberQuestion {
  readonly number: string;
  readonly service: ServiceOrder['service'];
  readonly offerId: string;
}

/**
 * Whoever credits services: a carrier's gateway, or the loopback carrier. Expected faults are answers; one that throws counts as `unknown`. After `signal`
 * is aborted nobody waits for the answer any more, but the order may be on its way all the same.
 */
export interface ServiceProvider {
  /** For logs and records. */
  readonly name: string;
  /** The same key again is answered as the first time, and credits nothing more. */
  readonly submit: (order: ServiceOrder, signal: AbortSignal) => Promise<ServiceAnswer>;
  readonly query: (key: string, signal: AbortSignal) => Promise<QueryAnswer>;
  /** Said again, it is answered as the first time. */
  readonly reverse: (key: string, signal: AbortSignal) => Promise<ReverseAnswer>;
  /** Whose number it is, for the customer's eyes; nobody keeps it. */
  readonly lookUp: (question: NumberQuestion, signal: AbortSignal) => Promise<Exclude<NumberView, { kind: 'away' }> | Unknown>;
}
