import type { Cart, CartLine } from '../cart/cart.ts';
import { findOffer } from '../catalogue/catalogue.ts';
import type { Offer } from '../catalogue/offer.ts';
import { checkAge } from './age.ts';
import { checkCartSize } from './cart-size.ts';
import { checkDining } from './dining.ts';
import type { RuleFacts } from './facts.ts';
import { checkFormOf } from './form.ts';
import { standingTrouble } from './offer.ts';
import { checkChoicesLeft, checkOptions } from './options.ts';
import { checkPaused } from './paused.ts';
import { checkPayment } from './payment.ts';
import { checkQuantity } from './quantity-limits.ts';
import type { Refusal } from './refusal.ts';
import { refusalOf, removeLine } from './rule.ts';
import { checkStock } from './stock.ts';
import { checkTotal } from './total.ts';

export { isPhoneNumber } from './phone.ts';

/**
 * Every rule, in the order in which a customer would mend them: what stops everything first, since nobody should fill in a form for what cannot be
 * had; then line by line; then the cart as a whole; the total last, since it changes with all of that. Empty means: this cart may become an order.
 */
export function checkCart(facts: RuleFacts, cart: Cart): readonly Refusal[] {
  const paused = checkPaused(facts);
  if (paused) return [{ ...paused, suggestion: { kind: 'keep_shopping' } }];
  if (cart.lines.length === 0) return [{ code: 'cart_empty', text: { zh: '购物车是空的', en: 'The cart is empty' }, suggestion: { kind: 'keep_shopping' } }];
  const unpayable = checkPayment(facts, cart);
  if (unpayable) return [unpayable];
  const refusals = [
    ...cart.lines.flatMap((line) => checkLine(facts, cart, line)),
    ...checkCartSize(cart),
    ...[checkDining(facts, cart)].filter((refusal) => refusal !== undefined),
  ];
  return refusals.length > 0 ? refusals : [checkTotal(facts, cart)].filter((refusal) => refusal !== undefined);
}

/** The options and fields of one line, as the offer's sheet asks before it lets the line into the cart. */
export function checkWish(offer: Offer, line: CartLine, isDistrict: RuleFacts['isDistrict']): readonly Refusal[] {
  return [...checkOptions(offer, line), ...checkFormOf(offer, line, isDistrict)];
}

/** One line: where it cannot be had as it is, what else is wrong with it does not matter yet. */
function checkLine(facts: RuleFacts, cart: Cart, line: CartLine): readonly Refusal[] {
  const offer = findOffer(facts.catalogue, line.offerId);
  if (!offer) return [refusalOf({ code: 'offer_gone', text: { zh: '有一样商品下架了', en: 'One item is no longer offered' } }, line, removeLine(line))];
  const trouble = standingTrouble(facts, offer) ?? checkAge(facts, offer);
  if (trouble) return [refusalOf(trouble, line, removeLine(line))];
  const tooMany = checkStock(facts, cart, line, offer) ?? checkQuantity(facts, cart, line, offer);
  if (tooMany) return [tooMany];
  const wish = checkWish(offer, line, facts.isDistrict);
  return wish.length > 0 ? wish : checkChoicesLeft(facts, offer, line);
}
