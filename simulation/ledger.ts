import type { AttemptId, OrderId } from '../domain/ids.ts';

/** What a customer was told, or paid: it must be at the kiosk and at HQ in the end. */
export type Fact =
  | { readonly kind: 'placed' | 'paid'; readonly orderId: OrderId }
  | { readonly kind: 'charged'; readonly orderId: OrderId; readonly attemptId: AttemptId };

/** The simulation's own books, kept beside kiosks and HQ. */
export interface Ledger {
  note(kioskId: string, fact: Fact): void;
  of(kioskId: string): readonly Fact[];
  /** Answers how many facts are gone from the world. */
  keepOnly(kioskId: string, survives: (fact: Fact) => boolean): number;
}

export function createLedger(): Ledger {
  const facts = new Map<string, Fact[]>();
  return {
    note: (kioskId, fact) => void facts.set(kioskId, [...(facts.get(kioskId) ?? []), fact]),
    of: (kioskId) => facts.get(kioskId) ?? [],
    keepOnly(kioskId, survives) {
      const before = facts.get(kioskId) ?? [];
      const kept = before.filter(survives);
      facts.set(kioskId, kept);
      return before.length - kept.length;
    },
  };
}

/** The card terminals' own book, by attempt: who asks after a restart gets the same answer. */
export interface Terminals {
  authorise(attemptId: AttemptId, isApproved: boolean): void;
  /** Of one that was never asked: it did not happen, and never will. */
  outcomeOf(attemptId: AttemptId): 'approved' | 'declined';
}

export function createTerminals(): Terminals {
  const book = new Map<AttemptId, 'approved' | 'declined'>();
  return {
    authorise(attemptId, isApproved) {
      if (!book.has(attemptId)) book.set(attemptId, isApproved ? 'approved' : 'declined');
    },
    outcomeOf(attemptId) {
      const known = book.get(attemptId) ?? 'declined';
      book.set(attemptId, known);
      return known;
    },
  };
}
