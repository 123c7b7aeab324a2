import type { Catalogue } from '../catalogue/catalogue.ts';
import type { Offer } from '../catalogue/offer.ts';
import type { Promotion } from '../catalogue/promotion.ts';
import { isRunning } from '../catalogue/promotion.ts';
import type { Bilingual } from '../language.ts';
import type { Money } from '../money.ts';
import { money, multiply, share, subtract, sum, zero } from '../money.ts';
import type { Moment } from '../time.ts';

/** A line of one offer before any discount. */
export interface ListedLine {
  readonly offer: Offer;
  readonly quantity: number;
  /** Without options. */
  readonly ownPrice: Money;
  readonly unitPrice: Money;
}

export interface BestPromotion {
  readonly name: Bilingual;
  /** As the lines stand. */
  readonly discounts: readonly Money[];
}

/** Of all that run, the one promotion that takes most off the lines of one offer; of equals the first of the catalogue. */
export function bestPromotion(catalogue: Catalogue, lines: readonly ListedLine[], moment: Moment): BestPromotion | undefined {
  const offerId = lines[0]?.offer.id;
  let best: { readonly promotion: BestPromotion; readonly amount: number } | undefined;
  for (const promotion of offerId === undefined ? [] : promotionsOf(catalogue, offerId)) {
    if (!isRunning(promotion, moment)) continue;
    const discounts = discountsOf(promotion, lines);
    const { amount } = sum(discounts, catalogue.currency);
    if (amount > (best?.amount ?? 0)) best = { promotion: { name: promotion.name, discounts }, amount };
  }
  return best?.promotion;
}

/** Reckoned once for each list of promotions, and gone with it: each may name thousands of offers. */
const promotionsByOffer = new WeakMap<readonly Promotion[], ReadonlyMap<string, readonly Promotion[]>>();

function promotionsOf({ promotions }: Catalogue, offerId: string): readonly Promotion[] {
  const known = promotionsByOffer.get(promotions);
  if (known) return known.get(offerId) ?? [];
  const byOffer = new Map<string, Promotion[]>();
  for (const promotion of promotions) {
    for (const id of new Set(promotion.offerIds)) {
      const others = byOffer.get(id);
      if (others) others.push(promotion);
      else byOffer.set(id, [promotion]);
    }
  }
  promotionsByOffer.set(promotions, byOffer);
  return byOffer.get(offerId) ?? [];
}

function discountsOf(promotion: Promotion, lines: readonly ListedLine[]): readonly Money[] {
  switch (promotion.kind) {
    case 'percent_off':
      // Rounded by piece: two lines of one piece cost what one line of two does.
      return lines.map(({ unitPrice, quantity }) => multiply(share(unitPrice, promotion.basisPoints, 10_000), quantity));
    case 'special_price':
      return lines.map((line) => multiply(aboveSpecial(line, promotion.price), line.quantity));
    case 'buy_get':
      return freePieces(lines, promotion.buy, promotion.free);
  }
}

/** What the offer's own price of now, with its quantity price, is above the special one; nothing where it is lower already. Options stay as they are. */
function aboveSpecial({ ownPrice }: ListedLine, price: number): Money {
  const above = subtract(ownPrice, money(price, ownPrice.currency));
  return above.amount > 0 ? above : zero(ownPrice.currency);
}

/** The cheapest pieces are free: of lines at one price the shortest first, so that the lines' taxes do not go by the order in which they were added. */
function freePieces(lines: readonly ListedLine[], buy: number, free: number): readonly Money[] {
  const pieces = lines.reduce((count, { quantity }) => count + quantity, 0);
  let left = Math.floor(pieces / (buy + free)) * free;
  const discounts = lines.map(({ unitPrice }) => zero(unitPrice.currency));
  const cheapestFirst = lines.map((line, index) => ({ line, index })).toSorted((a, b) => a.line.unitPrice.amount - b.line.unitPrice.amount || a.line.quantity - b.line.quantity);
  for (const { line, index } of cheapestFirst) {
    const given = Math.min(left, line.quantity);
    left -= given;
    discounts[index] = multiply(line.unitPrice, given);
  }
  return discounts;
}
