import type { Catalogue } from '../catalogue/catalogue.ts';
import type { Offer } from '../catalogue/offer.ts';
import type { Promotion } from '../catalogue/promotion.ts';
import { isRunning } from '../catalogue/promotion.ts';
import type { Bilingual } from '../language.ts';
import type { Money } from '../money.ts';
import { money, multiply, share, subtract, sum } from '../money.ts';
import type { Moment } from '../time.ts';

/** A line of one offer before any discount. */
export interface ListedLine {
  readonly lineId: string;
  readonly offer: Offer;
  readonly quantity: number;
  readonly unitPrice: Money;
}

export interface BestPromotion {
  readonly name: Bilingual;
  /** By line. */
  readonly discounts: ReadonlyMap<string, Money>;
}

/** Of all that run, the one promotion that takes most off the lines of one offer; of equals the first of the catalogue. */
export function bestPromotion(catalogue: Catalogue, lines: readonly ListedLine[], moment: Moment): BestPromotion | undefined {
  const offerId = lines[0]?.offer.id;
  let best: { readonly promotion: BestPromotion; readonly amount: number } | undefined;
  for (const promotion of catalogue.promotions) {
    if (offerId === undefined || !promotion.offerIds.includes(offerId) || !isRunning(promotion, moment)) continue;
    const discounts = discountsOf(promotion, lines);
    const { amount } = sum([...discounts.values()], catalogue.currency);
    if (amount > (best?.amount ?? 0)) best = { promotion: { name: promotion.name, discounts }, amount };
  }
  return best?.promotion;
}

function discountsOf(promotion: Promotion, lines: readonly ListedLine[]): ReadonlyMap<string, Money> {
  switch (promotion.kind) {
    case 'percent_off':
      return new Map(lines.map((line) => [line.lineId, share(multiply(line.unitPrice, line.quantity), promotion.basisPoints, 10_000)]));
    case 'special_price':
      return new Map(lines.map((line) => [line.lineId, multiply(aboveSpecial(line, promotion.price), line.quantity)]));
    case 'buy_get':
      return freePieces(lines, promotion.buy, promotion.free);
  }
}

/** What one piece of the list's own price is above the special one; nothing where the list is lower already. Options stay as they are. */
function aboveSpecial({ offer, unitPrice }: ListedLine, price: number): Money {
  const special = money(price, unitPrice.currency);
  const own = money(Math.min(offer.price, unitPrice.amount), unitPrice.currency);
  const above = subtract(own, special);
  return above.amount > 0 ? above : money(0, unitPrice.currency);
}

/** The cheapest pieces are free; which line of equal prices has them makes no difference to the total. */
function freePieces(lines: readonly ListedLine[], buy: number, free: number): ReadonlyMap<string, Money> {
  const pieces = lines.reduce((count, { quantity }) => count + quantity, 0);
  let left = Math.floor(pieces / (buy + free)) * free;
  const cheapestFirst = [...lines].sort((a, b) => a.unitPrice.amount - b.unitPrice.amount);
  return new Map(cheapestFirst.map((line) => {
    const given = Math.min(left, line.quantity);
    left -= given;
    return [line.lineId, multiply(line.unitPrice, given)];
  }));
}
