import type { OrderId } from '../../../../domain/ids.ts';
import type { OrderView } from '../../../../domain/order/view.ts';
import type { Life } from './life.ts';
import type { Stage } from './stage.ts';

/** What a customer does at the kiosk, up to the moment at which it is killed. */
export interface Scenario {
  readonly says: string;
  /** Whether the customer taps a card as soon as one is asked for. */
  readonly taps: boolean;
  readonly before?: (stage: Stage) => void;
  /** The customer does not come back after the first death, and core begins again only when the order is too old to be theirs. */
  readonly isTooLate?: true;
  /** From `pay` on; the whole sale where nothing kills it. */
  readonly act: (stage: Stage, life: Life, orderId: OrderId) => Promise<unknown>;
}

const actLimitMs = 15_000;

/** Pays, and waits until the order's view fits or the process is dead. */
export async function payUntil(stage: Stage, life: Life, orderId: OrderId, fits: (view: OrderView) => boolean): Promise<boolean> {
  const paying = await life.request('pay', { orderId });
  if (paying && !paying.ok) return false;
  return life.until(() => fits(lastTold(stage, orderId)!), actLimitMs);
}

export function lastTold(stage: Stage, orderId: OrderId): OrderView | undefined {
  return stage.told().findLast(({ view }) => view.id === orderId)?.view;
}

/** Paid, and what paper there will be has come out. */
export const isDone = ({ payment, receipt }: OrderView): boolean => payment.kind === 'paid' && (receipt.kind === 'printed' || receipt.kind === 'on_screen_only');

export const scenarios = {
  sale: { says: 'a sale, approved', taps: true, act: (stage, life, orderId) => payUntil(stage, life, orderId, isDone) },
  waiting: {
    says: 'nobody taps a card', taps: false,
    act: (stage, life, orderId) => payUntil(stage, life, orderId, ({ payment }) => payment.kind === 'running' && payment.message === 'present_card'),
  },
  declined: {
    says: 'the bank declines', taps: true, before: (stage) => stage.terminal().decline(0x05),
    act: (stage, life, orderId) => payUntil(stage, life, orderId, ({ payment }) => payment.kind === 'due' && payment.last === 'declined'),
  },
  cancelled: {
    says: 'the customer cancels', taps: false,
    async act(stage, life, orderId) {
      await payUntil(stage, life, orderId, ({ payment }) => payment.kind === 'running' && payment.message === 'present_card');
      await life.request('cancelPayment', { orderId });
      await life.until(() => lastTold(stage, orderId)?.payment.kind === 'due', actLimitMs);
    },
  },
  too_late: { says: 'paid and unheard, found too late, sent back', taps: true, isTooLate: true, act: (stage, life, orderId) => payUntil(stage, life, orderId, isDone) },
} as const satisfies Record<string, Scenario>;

/** After this an order is nobody's any more, where the scenario says so. */
export const tooOldMs = 1_000;

export type ScenarioName = keyof typeof scenarios;
