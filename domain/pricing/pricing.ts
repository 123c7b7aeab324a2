import type { Catalogue, Choice, Offer } from '../catalogue/catalogue.ts';
import { findOffer } from '../catalogue/catalogue.ts';
import type { Cart, CartLine } from '../cart/cart.ts';
import type { Money } from '../money.ts';
import { add, includedTax, money, multiply, sum, zero } from '../money.ts';

export interface PricedLine {
  readonly lineId: string;
  readonly offer: Offer;
  readonly quantity: number;
  readonly choices: readonly Choice[];
  /** One piece, options included. */
  readonly unitPrice: Money;
  readonly total: Money;
  readonly form: CartLine['form'];
}

export interface PricedCart {
  readonly lines: readonly PricedLine[];
  readonly total: Money;
  /** The tax inside `total`, by rate in thousandths, highest rate first. Reckoned once per rate, so that rounding does not add up by line. */
  readonly taxes: readonly { readonly ratePerMille: number; readonly gross: Money; readonly tax: Money }[];
}

/**
 * The one place where a cart becomes an amount: the page shows it, core reckons it again and compares. Lines whose
 * offer or choices the catalogue does not know are left out here; `domain/rules` names and refuses them.
 */
export function priceCart(catalogue: Catalogue, cart: Cart): PricedCart {
  const { currency } = catalogue;
  const lines = cart.lines.flatMap((line) => {
    const offer = findOffer(catalogue, line.offerId);
    return offer ? [priceLine(catalogue, offer, line)] : [];
  });
  const grossByRate = new Map<number, Money>();
  for (const line of lines) {
    const rate = line.offer.taxPerMille;
    grossByRate.set(rate, add(grossByRate.get(rate) ?? zero(currency), line.total));
  }
  const taxes = [...grossByRate]
    .sort(([left], [right]) => right - left)
    .map(([ratePerMille, gross]) => ({ ratePerMille, gross, tax: includedTax(gross, ratePerMille) }));
  return { lines, total: sum(lines.map((line) => line.total), currency), taxes };
}

/** One line alone: also what the options sheet shows on its button. */
export function priceLine(catalogue: Catalogue, offer: Offer, line: CartLine): PricedLine {
  const choices = offer.options.flatMap((group) => group.choices.filter((choice) => line.choices[group.id]?.includes(choice.id)));
  const unitPrice = money(choices.reduce((price, choice) => price + choice.price, offer.price), catalogue.currency);
  return { lineId: line.id, offer, quantity: line.quantity, choices, unitPrice, total: multiply(unitPrice, line.quantity), form: line.form };
}
