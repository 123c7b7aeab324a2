import type { OrderId } from '../../domain/ids.ts';

export interface OrderOnScreenDeps {
  readonly monotonicNow: () => number;
  /** What there is to tell a customer whose page was lost waits for the next page so long. */
  readonly keptMs: number;
}

/** Whose order the customer's screen shows, and what is kept of it where its page is lost: memory only, for nobody else. */
export interface OrderOnScreen {
  current(): OrderId | undefined;
  is(orderId: OrderId): boolean;
  /** It is on the screen, or was the last that this customer saw there. */
  wasSeen(orderId: OrderId): boolean;
  /** Whoever asks for it has an order on the screen, or has just had. */
  show(orderId: OrderId | undefined): void;
  /** No page is there, nor the one that comes next: what ends now is kept for it. */
  isPageLost(): boolean;
  pageLost(): void;
  /** Another page begins. Answers what is kept for it, once; what the customer before saw last is forgotten. */
  pageCame(): OrderId | undefined;
  /** Off the screen. Answers what was on it. */
  clear(): OrderId | undefined;
  /** What was on the screen is kept for the next page. */
  keep(orderId: OrderId): void;
  /** Something is kept that its customer has not been told yet. */
  isAwaited(): boolean;
  /** The customer has gone. */
  forgetSeen(): void;
}

export function createOrderOnScreen({ monotonicNow, keptMs }: OrderOnScreenDeps): OrderOnScreen {
  let current: OrderId | undefined;
  let kept: { readonly id: OrderId; readonly atMs: number } | undefined;
  let isPageLost = false;
  let lastSeen: OrderId | undefined;

  const keptNow = () => (kept && monotonicNow() - kept.atMs < keptMs ? kept.id : undefined);

  return {
    current: () => current,
    is: (orderId) => orderId === current,
    wasSeen: (orderId) => orderId === current || orderId === lastSeen,
    show(orderId) {
      current = orderId;
      lastSeen = orderId ?? lastSeen;
    },
    isPageLost: () => isPageLost,
    pageLost() {
      isPageLost = true;
    },
    pageCame() {
      const waiting = keptNow();
      isPageLost = false;
      kept = undefined;
      lastSeen = undefined;
      return waiting;
    },
    clear() {
      const left = current;
      current = undefined;
      return left;
    },
    keep(orderId) {
      kept = { id: orderId, atMs: monotonicNow() };
    },
    isAwaited: () => keptNow() !== undefined,
    forgetSeen() {
      lastSeen = undefined;
    },
  };
}
