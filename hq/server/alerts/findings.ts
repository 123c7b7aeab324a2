import type { DeviceState } from '../../../domain/device/state.ts';
import type { AlertFacts } from '../../contract/alert-words.ts';
import { englishDetail } from '../../contract/alert-words.ts';
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
  /** What is worse than another of its kind is an alarm of its own, which is told anew: a roll that was low and is out now. Otherwise empty. */
  readonly subject: string;
  readonly facts: Readonly<Record<string, unknown>>;
  /** The facts in English. */
  readonly detail: string;
  /** HQ was away, and would not have heard otherwise: an alarm that stands goes on, and none is raised. */
  readonly isUnheard?: true;
}

const minuteMs = 60_000;

/**
 * What the rules find in a kiosk at this moment: once for what is raised and for what goes on.
 * @param listeningSince HQ itself was away, or its database: before then it would have heard of nobody, and a kiosk's silence counts from then on
 */
export function findingsOf(kiosk: WatchedKiosk, rules: readonly AlertRule[], now: number, listeningSince = 0): readonly Finding[] {
  const { state, lastSeenAt } = kiosk;
  const found: Finding[] = [];
  const watch = <K extends WatchedKind>(kind: K, find: (measure: (name: string) => number) => AlertFacts<K> | undefined, isUnheard = (_measure: (name: string) => number) => false) => {
    const rule = ruleFor(rules, kind, kiosk.groups);
    if (!rule?.isOn) return;
    const measure = (name: string) => rule.measures[name]!;
    const facts = find(measure);
    if (facts !== undefined) found.push({ kind, subject: kind === 'paper' && !('receiptsLeft' in facts) ? 'out' : '', facts, detail: englishDetail(kind, facts), ...(isUnheard(measure) ? { isUnheard: true } : {}) });
  };

  watch('offline', (measure) => {
    return lastSeenAt === null || now - lastSeenAt < measure('minutes') * minuteMs ? undefined : { since: lastSeenAt };
  }, (measure) => now - listeningSince < measure('minutes') * minuteMs);
  if (state) {
    // Of a kiosk that is away nothing newer is known: what stood, stands.
    const faultsOf = (kinds: readonly string[], minutes: number, told?: DeviceState) => {
      const faults = state.devices.filter((device) => device !== told).filter(({ kind, severity, since }) => kinds.includes(kind) && severity === 'fault' && now - since >= minutes * minuteMs).map(({ name, code, text: { zh, en } }) => ({ name, code, zh, en }));
      return faults.length > 0 ? { faults } : undefined;
    };
    const out = state.devices.find(({ code }) => code === 'PRINTER_PAPER_OUT');
    watch('paper', (measure) => {
      if (out) return { printer: out.name };
      return state.receiptsLeft !== undefined && state.receiptsLeft <= measure('receiptsLeft') ? { receiptsLeft: state.receiptsLeft } : undefined;
    });
    watch('terminal', (measure) => faultsOf(['card_terminal'], measure('minutes')));
    // One roll that is out is one alarm: that of the paper, where it is watched.
    const told = ruleFor(rules, 'paper', kiosk.groups)?.isOn ? out : undefined;
    watch('device', (measure) => faultsOf(['receipt_printer', 'scanner'], measure('minutes'), told));
    watch('closed', (measure) => {
      const isClosed = (state.service === 'paused' || state.service === 'out_of_service') && now - state.since >= measure('minutes') * minuteMs;
      return isClosed ? { isPaused: state.service === 'paused', since: state.since, reasons: [...state.reasons] } : undefined;
    });
  }
  watch('stock', (measure) => {
    const few = kiosk.stock.filter(({ left }) => left <= measure('pieces'));
    if (few.length < measure('offers')) return undefined;
    return { count: few.length, offers: few.slice(0, 10).map(({ offerId, left }) => ({ offerId, left })) };
  });
  const share = (kind: 'refunds' | 'declines', state_: 'reversed' | 'declined') => watch(kind, (measure) => {
    const lately = kiosk.payments.get(measure('hours'));
    const count = lately?.[state_] ?? 0;
    // Refunds are held against what was paid, declines against all that was tried.
    const of = (lately?.approved ?? 0) + count;
    return count >= measure('count') && count * 100 >= of * measure('percent') ? { count, of, hours: measure('hours') } : undefined;
  });
  share('refunds', 'reversed');
  share('declines', 'declined');
  return found;
}
