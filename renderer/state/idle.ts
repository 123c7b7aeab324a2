import type { Shopfront } from '../../domain/contract/kiosk.ts';
import type { PaymentView } from '../../domain/order/view.ts';
import type { Model } from './model.ts';
import { screenOf } from './model.ts';
import type { Store } from './store.ts';

/** What happens when nobody touches the screen for a while. */
export type IdleRule =
  | { readonly kind: 'wait' }
  | { readonly kind: 'end'; readonly afterMs: number }
  | { readonly kind: 'warn'; readonly afterMs: number; readonly thenMs: number };

/** A payment under way is left alone: it ends by itself, and its customer looks at the terminal, not at the screen. A terminal that still waits for a card is not: nobody else shall use it. */
export function idleRule(model: Model): IdleRule {
  const { shopfront, visit } = model;
  if (!shopfront || !visit) return { kind: 'wait' };
  const { times } = shopfront;
  const screen = screenOf(model);
  switch (screen.kind) {
    case 'language':
    case 'connecting':
      return { kind: 'end', afterMs: times.idleWarningMs };
    case 'result':
      // Whoever waits for a person, or is writing, is asked before they are forgotten, and their call with them. Who hears the screen does not see it count down.
      return model.help.kind === 'calling' || model.help.kind === 'answered' || visit.sheet?.kind === 'feedback' || visit.speech.on ? warn(times) : { kind: 'end', afterMs: times.resultMs };
    case 'checkout':
      return screen.placing ? { kind: 'wait' } : warn(times);
    case 'pay':
      if (screen.starting || screen.ending !== 'no') return { kind: 'wait' };
      // The code on the screen has its own time limit, and a question over it would keep the customer's phone from reading it.
      if (screen.order.payment.kind === 'wallet') return { kind: 'wait' };
      return screen.order.payment.kind === 'running' && !isArmed(screen.order.payment) ? { kind: 'wait' } : warn(times);
    case 'out_of_service':
    case 'paused':
    case 'attract':
      // With a visit none of them is seen for long; what is left of it goes in any case.
      return { kind: 'end', afterMs: times.idleWarningMs };
    default:
      return warn(times);
  }
}

/** The terminal waits for a card, and nobody has shown one. */
function isArmed({ message, cancelRequested }: Extract<PaymentView, { kind: 'running' }>): boolean {
  return message === 'present_card' && !cancelRequested;
}

function warn(times: Shopfront['times']): IdleRule {
  return { kind: 'warn', afterMs: times.idleWarningMs, thenMs: times.idleEndMs };
}

export interface IdleWatch {
  /** Somebody touched the screen or a key. */
  touch(): void;
}

/** Starts the clock anew with each touch and each new screen; asks first, then ends the visit. */
export function createIdleWatch({ store, monotonicNow }: { readonly store: Store; readonly monotonicNow: () => number }): IdleWatch {
  let timer: ReturnType<typeof setTimeout> | undefined;
  let armedFor = '';

  function arm(): void {
    clearTimeout(timer);
    const model = store.getModel();
    const rule = idleRule(model);
    const endsAt = model.visit?.endsAt;
    armedFor = situation(model);
    if (rule.kind === 'wait') return;
    if (endsAt !== undefined) timer = setTimeout(() => store.dispatch({ kind: 'idle_ended' }), Math.max(0, endsAt - monotonicNow()));
    else if (rule.kind === 'end') timer = setTimeout(() => store.dispatch({ kind: 'idle_ended' }), rule.afterMs);
    else timer = setTimeout(() => store.dispatch({ kind: 'idle_warned', endsAt: monotonicNow() + rule.thenMs }), rule.afterMs);
  }

  store.subscribe(() => {
    if (situation(store.getModel()) !== armedFor) arm();
  });
  arm();
  return { touch: arm };
}

/** Two models with the same situation share one clock: a message of the terminal is no touch, a code that was scanned is one. */
function situation(model: Model): string {
  const screen = screenOf(model);
  // News of a service is what its customer stands there for.
  const services = screen.kind === 'result' ? screen.order.services.map(({ state }) => state) : undefined;
  return JSON.stringify([idleRule(model), screen.kind, services, model.visit?.endsAt, model.visit?.scans]);
}
