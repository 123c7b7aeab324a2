import type { Offer } from '../../domain/catalogue/offer.ts';
import type { RuleFacts } from '../../domain/rules/facts.ts';
import { offerTrouble } from '../../domain/rules/offer.ts';
import { isDistrictCode } from './draft.ts';
import type { Model } from './model.ts';

/** What the page knows of what core will judge by. Core judges again. */
export function factsOf({ shopfront, status, moment }: Pick<Model, 'shopfront' | 'status' | 'moment'>): RuleFacts | undefined {
  if (!shopfront || !status || !moment) return undefined;
  return {
    catalogue: shopfront.catalogue,
    moment,
    available: new Map(Object.entries(shopfront.available)),
    snoozed: new Map(Object.entries(shopfront.snoozed)),
    maxTotal: shopfront.maxOrderTotal,
    isHqThere: status.hq === 'ready',
    canPay: status.card === 'ready',
    // Whoever has begun finishes.
    isPaused: false,
    isAgeChecked: false,
    isDistrict: isDistrictCode,
  };
}

/** Whether it may go into the cart. A card terminal that is away for the moment is no reason against it: paying is not offered until it is back. */
export function canTake(model: Model, offer: Offer): boolean {
  const facts = factsOf(model);
  const trouble = facts && offerTrouble(facts, offer);
  return facts !== undefined && (trouble === undefined || trouble.code === 'payment_unavailable');
}
