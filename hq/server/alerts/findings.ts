import type { DeviceState } from '../../../domain/device/state.ts';
import type { AlertRule, WatchedKind } from '../../contract/api/alerts.ts';
import { ruleFor } from './rules.ts';

/** What HQ knows of one kiosk at this moment, as far as it is watched. */
export interface WatchedKiosk {
  readonly kioskId: string;
  readonly groups: ReadonlySet<string>;
  /** Epoch milliseconds by HQ's clock; null where nothing was ever heard of it: then it is not watched yet. */
  readonly lastSeenAt: number | null;
  readonly state: {
    readonly service: 'selling' | 'limited' | 'paused' | 'out_of_service';
    readonly reasons: readonly string[];
    /** Since when the service is this one. */
    readonly since: number;
    readonly devices: readonly DeviceState[];
    readonly receiptsLeft: number | undefined;
  } | undefined;
  /** Counted offers with what is left, the fewest first. */
  readonly stock: readonly { readonly offerId: string; readonly left: number }[];
  /** Payment attempts by what they came to, of the last so many hours: of each span that a rule looks back over. None where nothing went back or was declined. */
  readonly payments: ReadonlyMap<number, PaymentCounts>;
}

export type PaymentCounts = Readonly<Record<'approved' | 'declined' | 'reversed', number>>;

/** Over how many hours the rules look back at payments. */
export function hoursLookedBack(rules: readonly AlertRule[]): readonly number[] {
  return [...new Set(rules.filter(({ kind, isOn }) => isOn && (kind === 'refunds' || kind === 'declines')).map(({ measures }) => measures['hours']!))].toSorted((one, other) => one - other);
}

/** One thing that is so now. At most one of a kind and kiosk: its detail says of what. */
export interface Finding {
  readonly kind: WatchedKind;
  readonly detail: string;
}

const minuteMs = 60_000;

/**
 * What the rules find in a kiosk at this moment.
 * @param listeningSince HQ itself was away, or its database: before then it would have heard of nobody, and a kiosk's silence counts from then on
 */
export function findingsOf(kiosk: WatchedKiosk, rules: readonly AlertRule[], now: number, listeningSince = 0): readonly Finding[] {
  const { state, lastSeenAt } = kiosk;
  const found: Finding[] = [];
  const watch = (kind: WatchedKind, find: (measure: (name: string) => number) => string | undefined) => {
    const rule = ruleFor(rules, kind, kiosk.groups);
    if (!rule?.isOn) return;
    const detail = find((name) => rule.measures[name]!);
    if (detail !== undefined) found.push({ kind, detail });
  };

  watch('offline', (measure) => {
    if (lastSeenAt === null || now - Math.max(lastSeenAt, listeningSince) < measure('minutes') * minuteMs) return undefined;
    return `nothing was heard of it since ${new Date(lastSeenAt).toISOString()}`;
  });
  if (state) {
    // Of a kiosk that is away nothing newer is known: what stood, stands.
    const faultsOf = (kinds: readonly string[], minutes: number) =>
      state.devices.filter(({ kind, severity, since }) => kinds.includes(kind) && severity === 'fault' && now - since >= minutes * minuteMs).map(({ name, code, text }) => `${name}: ${code} (${text.en})`).join('; ');
    watch('paper', (measure) => {
      const out = state.devices.find(({ code }) => code === 'PRINTER_PAPER_OUT');
      if (out) return `${out.name}: out of paper`;
      return state.receiptsLeft !== undefined && state.receiptsLeft <= measure('receiptsLeft') ? `paper for about ${state.receiptsLeft} more receipts` : undefined;
    });
    watch('terminal', (measure) => faultsOf(['card_terminal'], measure('minutes')) || undefined);
    watch('device', (measure) => faultsOf(['receipt_printer', 'scanner'], measure('minutes')) || undefined);
    watch('closed', (measure) => {
      const isClosed = (state.service === 'paused' || state.service === 'out_of_service') && now - state.since >= measure('minutes') * minuteMs;
      return isClosed ? `${state.service === 'paused' ? 'paused' : 'out of service'} since ${new Date(state.since).toISOString()}${state.reasons.length > 0 ? `: ${state.reasons.join(', ')}` : ''}` : undefined;
    });
  }
  watch('stock', (measure) => {
    const few = kiosk.stock.filter(({ left }) => left <= measure('pieces'));
    if (few.length < measure('offers')) return undefined;
    return `${few.length} offers: ${few.slice(0, 10).map(({ offerId, left }) => `${offerId} ${left}`).join(', ')}${few.length > 10 ? ', …' : ''}`;
  });
  const share = (kind: 'refunds' | 'declines', state_: 'reversed' | 'declined') => watch(kind, (measure) => {
    const lately = kiosk.payments.get(measure('hours'));
    const count = lately?.[state_] ?? 0;
    // Refunds are held against what was paid, declines against all that was tried.
    const of = (lately?.approved ?? 0) + count;
    return count >= measure('count') && count * 100 >= of * measure('percent') ? `${count} of ${of} card payments ${state_} within ${measure('hours')} hours` : undefined;
  });
  share('refunds', 'reversed');
  share('declines', 'declined');
  return found;
}
