import type { Dining } from '../cart/cart.ts';
import type { Catalogue } from '../catalogue/catalogue.ts';
import type { Moment } from '../time.ts';

/** What the rules judge by: core's own truth at the moment of placing; the page's copy of it before. */
export interface RuleFacts {
  readonly catalogue: Catalogue;
  readonly moment: Moment;
  /** Pieces that can still be sold, by offer id; an offer that is not counted is missing here, unless it is not to be sold at all (`withSoldOut`). */
  readonly available: ReadonlyMap<string, number>;
  /** Epoch milliseconds until which an offer rests, by offer id. */
  readonly snoozed: ReadonlyMap<string, number>;
  /** The most that one order may cost, in minor units. */
  readonly maxTotal: number;
  /** Whether HQ answers: what needs it cannot be had otherwise. */
  readonly isHqThere: boolean;
  /** Whether anything that costs can be paid now. */
  readonly canPay: boolean;
  /** HQ has paused the kiosk for whoever comes now; a customer who has begun finishes, so the page and core say false for them. */
  readonly isPaused: boolean;
  /** A person of the staff has seen this customer's age. */
  readonly isAgeChecked: boolean;
  /** Where food may be eaten; both where it is missing. */
  readonly dining?: readonly Dining[];
  /** Whether a six-digit code of GB/T 2260 names a county or district. */
  readonly isDistrict: (code: string) => boolean;
}

/** What can still be sold where some offers are not to be sold, whatever the stock says and whether they are counted or not. */
export function withSoldOut(available: ReadonlyMap<string, number>, soldOut: ReadonlySet<string>): ReadonlyMap<string, number> {
  return soldOut.size === 0 ? available : new Map([...available, ...[...soldOut].map((offerId) => [offerId, 0] as const)]);
}
