import type { HelpView } from '../../domain/contract/kiosk.ts';
import type { OrderId } from '../../domain/ids.ts';
import type { HelpStore } from '../store/help.ts';

export interface HelpDeps {
  readonly store: HelpStore;
  /** HQ answers: a call reaches somebody's screen. */
  readonly isHqThere: () => boolean;
  /** Somebody is there who would come or call, by the shop's hours. */
  readonly isOnDuty: () => boolean;
  readonly monotonicNow: () => number;
  /** What the customer is to know has changed. */
  readonly onView: (view: HelpView) => void;
}

/** Calls for a person: one at a time, for as long as its customer is there. */
export interface Help {
  /** Raises a call, or answers the one that is open. `screen` is where the customer stood. */
  call(screen: string, orderId: OrderId | undefined): HelpView;
  end(by: 'customer' | 'idle'): HelpView;
  /** A page has come that knows of nothing: what is open is told again. */
  pageCame(): void;
  /** Tells the page where something has changed, and ends what nobody waits for any more. */
  look(isVisited: boolean): void;
}

/** A page that comes back after core or itself was restarted says by then that its customer is still there. */
const unvisitedMs = 10_000;

/**
 * A call rests in the store until it is over, so that HQ hears of its end whatever ends in between. Whom it reaches is said by what holds now: a call that was
 * raised while HQ was away reaches it when HQ is back, and its customer reads so.
 */
export function createHelp({ store, isHqThere, isOnDuty, monotonicNow, onView }: HelpDeps): Help {
  let told: string | undefined;
  let unvisitedSinceMs: number | undefined;

  function view(): HelpView {
    const [call] = store.open();
    if (!call) return { kind: 'none' };
    if (call.isAnswered) return { kind: 'answered', ...(call.words ? { words: call.words } : {}) };
    if (!isOnDuty()) return { kind: 'nobody', reason: 'off_duty' };
    return isHqThere() ? { kind: 'calling' } : { kind: 'nobody', reason: 'unreachable' };
  }

  /** What is answered to a request need not be told again. */
  function answered(): HelpView {
    const current = view();
    told = JSON.stringify(current);
    return current;
  }

  function tell(): void {
    const current = view();
    const text = JSON.stringify(current);
    if (text === (told ?? JSON.stringify({ kind: 'none' }))) return;
    told = text;
    onView(current);
  }

  function endAll(by: 'customer' | 'idle'): void {
    for (const { id } of store.open()) store.end(id, by);
  }

  return {
    call(screen, orderId) {
      unvisitedSinceMs = undefined;
      if (store.open().length === 0) store.call(screen, orderId);
      return answered();
    },
    end(by) {
      endAll(by);
      return answered();
    },
    pageCame() {
      told = undefined;
    },
    look(isVisited) {
      unvisitedSinceMs = isVisited ? undefined : (unvisitedSinceMs ?? monotonicNow());
      if (unvisitedSinceMs !== undefined && monotonicNow() - unvisitedSinceMs >= unvisitedMs) endAll('idle');
      tell();
    },
  };
}
