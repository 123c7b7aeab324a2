import { quantityOf } from '../../domain/cart/cart.ts';
import type { Offer } from '../../domain/catalogue/offer.ts';
import { isRunning } from '../../domain/catalogue/promotion.ts';
import type { Bilingual } from '../../domain/language.ts';
import type { Money } from '../../domain/money.ts';
import { money } from '../../domain/money.ts';
import type { RuleFacts } from '../../domain/rules/facts.ts';
import { leastPrice } from '../../domain/rules/least-price.ts';
import { offerTrouble } from '../../domain/rules/offer.ts';
import type { Trouble } from '../../domain/rules/rule.ts';
import { hasRoomFor, mostOf, newLine } from '../state/draft.ts';
import type { Model } from '../state/model.ts';

/** What a card says of its offer, whatever is in the cart. */
export interface CardView {
  /** One piece, with the cheapest of what has to be chosen. */
  readonly price: Money;
  /** What that costs without its promotion; undefined where that makes no difference. */
  readonly before: Money | undefined;
  /** What can be chosen may make it dearer. */
  readonly isFrom: boolean;
  /** What the promotion is called that it is part of now. */
  readonly promotion: Bilingual | undefined;
  readonly quantityPrice: { readonly from: number; readonly price: Money } | undefined;
  /** Told only where few are left. */
  readonly left: number | undefined;
  /** Why it cannot be had now. A card terminal that is away for a moment is told by the screen, and keeps nobody from choosing. */
  readonly trouble: Trouble | undefined;
}

const fewLeft = 5;

export function cardView(facts: RuleFacts, offer: Offer): CardView {
  const { catalogue, moment } = facts;
  const { currency } = catalogue;
  const now = leastPrice(facts, offer);
  const list = leastPrice({ catalogue: { ...catalogue, promotions: [] }, moment }, offer);
  const promotion = catalogue.promotions.find((candidate) => candidate.offerIds.includes(offer.id) && isRunning(candidate, moment));
  const cheaper = (offer.quantityPrices ?? []).filter(({ price }) => price < Math.min(now, offer.price)).toSorted((left, right) => left.from - right.from)[0];
  const left = facts.available.get(offer.id);
  const trouble = offerTrouble(facts, offer);
  return {
    price: money(now, currency),
    before: now < list ? money(list, currency) : undefined,
    isFrom: offer.options.some(({ choices, beyondFree, max, free }) => choices.some(({ price }) => price > 0) || (beyondFree > 0 && max > free)),
    promotion: promotion?.name,
    // Options add to it, so that it would be no price of anything.
    quantityPrice: cheaper && offer.options.length === 0 ? { from: cheaper.from, price: money(cheaper.price, currency) } : undefined,
    left: left !== undefined && left > 0 && left <= fewLeft ? left : undefined,
    trouble: trouble?.code === 'payment_unavailable' ? undefined : trouble,
  };
}

/** What the cart makes of a card: how many it holds, and whether one more goes in. */
export function cardInCart({ visit, shopfront }: Model, offer: Offer): { readonly chosen: number; readonly hasRoom: boolean } {
  if (!visit || !shopfront) return { chosen: 0, hasRoom: false };
  const { cart } = visit;
  return { chosen: quantityOf(cart, offer.id), hasRoom: mostOf(shopfront, cart, offer, '') > 0 && hasRoomFor(cart, newLine(offer, '', cart)) };
}
