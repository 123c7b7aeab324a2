import type { Cart, CartLine, Dining } from '../cart/cart.ts';
import { quantityOf } from '../cart/cart.ts';
import type { Catalogue } from '../catalogue/catalogue.ts';
import { findOffer } from '../catalogue/catalogue.ts';
import type { Choice, Offer, TaxRate } from '../catalogue/offer.ts';
import type { Bilingual } from '../language.ts';
import type { Money } from '../money.ts';
import { add, addedTax, includedTax, isZero, money, multiply, subtract, sum, zero } from '../money.ts';
import type { Moment } from '../time.ts';
import { bestPromotion } from './promotions.ts';

export interface PricedLine {
  readonly lineId: string;
  readonly offer: Offer;
  readonly quantity: number;
  /** In the offer's order; one that was taken several times stands there as often. */
  readonly choices: readonly Choice[];
  /** One piece by the list (with its quantity price), options included. */
  readonly unitPrice: Money;
  /** Taken off `quantity` × `unitPrice`; never below zero. */
  readonly discount: Money;
  /** What the discount is called. */
  readonly promotion: Bilingual | undefined;
  /** What the line costs after the discount, as the price is said: with its tax, or before it. */
  readonly total: Money;
  readonly tax: TaxRate & { readonly amount: Money };
  readonly form: CartLine['form'];
}

export interface PricedCart {
  readonly lines: readonly PricedLine[];
  /** The sum of the lines' totals. */
  readonly subtotal: Money;
  /** Of prices that do not include it. */
  readonly taxAdded: Money;
  /** What is paid: `subtotal` + `taxAdded`. */
  readonly total: Money;
  /** By rate, highest first, included before added: sums of the lines', each of which was rounded by itself. `gross` is with the tax. */
  readonly taxes: readonly (TaxRate & { readonly gross: Money; readonly tax: Money })[];
}

/**
 * The one place where a cart becomes an amount: the page shows it, core reckons it again and compares. Lines whose
 * offer or choices the catalogue does not know are left out here; `domain/rules` names and refuses them.
 */
export function priceCart(catalogue: Catalogue, cart: Cart, moment: Moment): PricedCart {
  const { currency } = catalogue;
  const listed = cart.lines.flatMap((line) => {
    const offer = findOffer(catalogue, line.offerId);
    return offer ? [listLine(catalogue, offer, line, quantityOf(cart, offer.id))] : [];
  });
  const priced = [...Map.groupBy(listed.keys(), (index) => listed[index]!.offer.id).values()].flatMap((ofOffer) =>
    discounted(catalogue, ofOffer.map((index) => listed[index]!), moment).map((line, at) => [ofOffer[at]!, withTax(line, cart.dining)] as const));
  const lines = priced.toSorted(([left], [right]) => left - right).map(([, line]) => line);
  const subtotal = sum(lines.map(({ total }) => total), currency);
  const taxAdded = sum(lines.filter(({ tax }) => !tax.included).map(({ tax }) => tax.amount), currency);
  return { lines, subtotal, taxAdded, total: add(subtotal, taxAdded), taxes: taxesOf(lines, currency) };
}

/** Whether nothing is to be paid for it. */
export function isFree({ total }: PricedCart): boolean {
  return isZero(total);
}

/** One line alone, as if the cart held nothing else: what the offer's sheet shows on its button. */
export function priceLine(catalogue: Catalogue, offer: Offer, line: CartLine, moment: Moment, dining?: Dining): PricedLine {
  return discounted(catalogue, [listLine(catalogue, offer, line, line.quantity)], moment).map((priced) => withTax(priced, dining))[0]!;
}

type Listed = Omit<PricedLine, 'total' | 'tax' | 'discount' | 'promotion'> & {
  /** Of `unitPrice`, what the offer itself costs: without options. */
  readonly ownPrice: Money;
};

/** @param pieces of this offer in the whole cart: quantity prices count them together */
function listLine(catalogue: Catalogue, offer: Offer, line: CartLine, pieces: number): Listed {
  const ownPrice = (offer.quantityPrices ?? []).filter(({ from }) => pieces >= from).reduce((lowest, { price }) => Math.min(lowest, price), offer.price);
  const groups = offer.options.map((group) => {
    const chosen = (line.choices[group.id] ?? []).flatMap((id) => group.choices.find((choice) => choice.id === id) ?? []);
    return { chosen: group.choices.flatMap((choice) => chosen.filter(({ id }) => id === choice.id)), beyond: Math.max(0, chosen.length - group.free) * group.beyondFree };
  });
  const choices = groups.flatMap(({ chosen }) => chosen);
  const extras = groups.reduce((total, { chosen, beyond }) => total + beyond + chosen.reduce((price, choice) => price + choice.price, 0), 0);
  const { currency } = catalogue;
  return { lineId: line.id, offer, quantity: line.quantity, choices, ownPrice: money(ownPrice, currency), unitPrice: money(ownPrice + extras, currency), form: line.form };
}

/** The lines of one offer with what the best promotion takes off each. */
function discounted(catalogue: Catalogue, lines: readonly Listed[], moment: Moment): Omit<PricedLine, 'tax'>[] {
  const best = bestPromotion(catalogue, lines, moment);
  return lines.map(({ ownPrice: _ownPrice, ...line }, index) => {
    const discount = best?.discounts[index] ?? zero(catalogue.currency);
    const promotion = discount.amount > 0 ? best?.name : undefined;
    return { ...line, discount, promotion, total: subtract(multiply(line.unitPrice, line.quantity), discount) };
  });
}

function withTax(line: Omit<PricedLine, 'tax'>, dining: Dining | undefined): PricedLine {
  const { offer, total } = line;
  const rate = dining === 'take_away' && offer.fulfilment.kind === 'food' && offer.takeAwayTax ? offer.takeAwayTax : offer.tax;
  return { ...line, tax: { ...rate, amount: rate.included ? includedTax(total, rate.basisPoints) : addedTax(total, rate.basisPoints) } };
}

function taxesOf(lines: readonly PricedLine[], currency: Money['currency']): PricedCart['taxes'] {
  return [...Map.groupBy(lines, ({ tax }) => `${tax.basisPoints} ${tax.included}`).values()]
    .map((ofRate) => {
      const { basisPoints, included } = ofRate[0]!.tax;
      const tax = sum(ofRate.map((line) => line.tax.amount), currency);
      const totals = sum(ofRate.map((line) => line.total), currency);
      return { basisPoints, included, gross: included ? totals : add(totals, tax), tax };
    })
    .sort((left, right) => right.basisPoints - left.basisPoints || Number(right.included) - Number(left.included));
}
