import type { Cart, CartLine } from '../cart/cart.ts';
import type { Suggestion } from './refusal.ts';
import type { LineRule } from './rule.ts';
import { inText, pieces, refusalOf, removeLine } from './rule.ts';

/** The most of an offer in one order, over all its lines. */
export const checkQuantity: LineRule = (_facts, cart, line, offer) => {
  const suggestion = leaveRoom(cart, line, offer.maxPerOrder);
  if (!suggestion) return undefined;
  const { zh, en } = inText(offer.name);
  return refusalOf({ code: 'too_many', text: { zh: `${zh}每单最多 ${pieces(offer, offer.maxPerOrder)}`, en: `${en}: ${offer.maxPerOrder} at most in one order` } }, line, suggestion);
};

/**
 * What a line has to give up so that all lines of its offer keep within a limit: the lines before it come first, so that a cart whose every line
 * has done what it was told holds exactly the limit. Undefined where the line fits.
 * @param also a second limit, that what is suggested keeps to as well
 */
export function leaveRoom(cart: Cart, line: CartLine, limit: number, also = limit): Suggestion | undefined {
  const before = cart.lines.slice(0, cart.lines.findIndex(({ id }) => id === line.id)).reduce((count, { offerId, quantity }) => (offerId === line.offerId ? count + quantity : count), 0);
  if (before + line.quantity <= limit) return undefined;
  const room = Math.min(limit, also) - before;
  return room > 0 ? { kind: 'set_quantity', lineId: line.id, quantity: Math.min(room, line.quantity) } : removeLine(line);
}
