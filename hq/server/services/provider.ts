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
  /** No answer, or none that can be read: it may have been credited or not, and nobody may guess. */
  | { readonly kind: 'unknown'; readonly detail: string };

/** `not_found`: it never had an order with this key. Only whoever is sure of it says so: the order is submitted then. */
export type QueryAnswer = ServiceAnswer | { readonly kind: 'not_found' };

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
}
