import type { Offer } from '../../domain/catalogue/offer.ts';
import { checkAge } from '../../domain/rules/age.ts';
import type { RuleFacts } from '../../domain/rules/facts.ts';
import { offerTrouble } from '../../domain/rules/offer.ts';
import type { Trouble } from '../../domain/rules/rule.ts';
import { isDistrictCode } from './draft.ts';
import type { Model } from './model.ts';
import { canPayNow } from './ways.ts';
import { oncePer } from './once-per.ts';

/** Of ten thousand offers, at every touch. */
const byOffer = oncePer((record: Readonly<Record<string, number>>): ReadonlyMap<string, number> => new Map(Object.entries(record)));

/** What the page knows of what core will judge by. Core judges again. */
export function factsOf({ shopfront, status, moment }: Pick<Model, 'shopfront' | 'status' | 'moment'>): RuleFacts | undefined {
  if (!shopfront || !status || !moment) return undefined;
  return {
    catalogue: shopfront.catalogue,
    moment,
    available: byOffer(shopfront.available),
    snoozed: byOffer(shopfront.snoozed),
    maxTotal: shopfront.maxOrderTotal,
    isHqThere: status.hq === 'ready',
    canPay: canPayNow(status),
    // Whoever has begun finishes.
    isPaused: false,
    isAgeChecked: false,
    dining: shopfront.dining.offered,
    isDistrict: isDistrictCode,
  };
}

/** Why an offer cannot be had here, as its sheet says it. What only the counter sells is no matter of a card terminal that is away for the moment. */
export function sheetTrouble(facts: RuleFacts, offer: Offer): Trouble | undefined {
  const trouble = offerTrouble(facts, offer);
  return trouble === undefined || trouble.code === 'payment_unavailable' ? (checkAge(facts, offer) ?? trouble) : trouble;
}

/** Whether it may go into the cart. A card terminal that is away for the moment is no reason against it: paying is not offered until it is back. */
export function canTake(model: Model, offer: Offer): boolean {
  const facts = factsOf(model);
  const trouble = facts && offerTrouble(facts, offer);
  return facts !== undefined && (trouble === undefined || trouble.code === 'payment_unavailable');
}
