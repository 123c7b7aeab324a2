import type { Offer } from '../catalogue/offer.ts';
import type { RuleFacts } from './facts.ts';
import { checkOnlineOnly } from './online-only.ts';
import { checkOpeningHours } from './opening-hours.ts';
import { checkPaused } from './paused.ts';
import { checkPayable } from './payment.ts';
import type { OfferRule, Trouble } from './rule.ts';
import { checkSnoozed } from './snoozed.ts';
import { checkSoldOut } from './sold-out.ts';

/** In the order in which they matter to a customer: what is gone for good today before what comes back by itself. */
const rules: readonly OfferRule[] = [checkSoldOut, checkSnoozed, checkOpeningHours, checkOnlineOnly];

/** Why an offer cannot be had now, whatever is in the cart: cards and buttons show it. Undefined where it can be. */
export function offerTrouble(facts: RuleFacts, offer: Offer): Trouble | undefined {
  return checkPaused(facts) ?? standingTrouble(facts, offer) ?? checkPayable(facts, offer);
}

/** The same of a line that is in the cart already: whether it can be paid is the whole cart's question. */
export function standingTrouble(facts: RuleFacts, offer: Offer): Trouble | undefined {
  for (const rule of rules) {
    const trouble = rule(facts, offer);
    if (trouble) return trouble;
  }
  return undefined;
}
