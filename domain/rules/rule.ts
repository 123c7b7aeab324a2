import type { Cart, CartLine } from '../cart/cart.ts';
import type { Offer } from '../catalogue/offer.ts';
import type { Bilingual } from '../language.ts';
import type { RuleFacts } from './facts.ts';
import type { Refusal, Suggestion } from './refusal.ts';

/** What is the matter, without what to do about it. */
export type Trouble = Pick<Refusal, 'code' | 'text'>;

/** Why an offer cannot be had now, whatever else is in the cart; undefined where it can. */
export type OfferRule = (facts: RuleFacts, offer: Offer) => Trouble | undefined;

/** Why this line cannot stay as it is; undefined where it can. */
export type LineRule = (facts: RuleFacts, cart: Cart, line: CartLine, offer: Offer) => Refusal | undefined;

/** Why this cart cannot become an order, by what no single line can mend. */
export type CartRule = (facts: RuleFacts, cart: Cart) => Refusal | undefined;

export function refusalOf({ code, text }: Trouble, line: CartLine, suggestion: Suggestion): Refusal {
  return { code, text, lineId: line.id, offerId: line.offerId, suggestion };
}

export function removeLine(line: CartLine): Suggestion {
  return { kind: 'remove_line', lineId: line.id };
}

/** A name as part of a sentence that has to fit a refusal's text: catalogues may hold names as long as that text. */
export function inText(name: Bilingual): Bilingual {
  return { zh: clip(name.zh), en: clip(name.en) };
}

const longestName = 60;

function clip(name: string): string {
  const characters = [...name];
  return characters.length > longestName ? `${characters.slice(0, longestName - 1).join('')}…` : name;
}

/** "件" of what is on a shelf or brought, "份" of what is cooked or credited. */
export function pieces(offer: Offer, count: number): string {
  const { kind } = offer.fulfilment;
  return `${count} ${kind === 'goods' || kind === 'delivery' ? '件' : '份'}`;
}
