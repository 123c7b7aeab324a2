import { leaveRoom } from './quantity-limits.ts';
import type { LineRule } from './rule.ts';
import { inText, pieces, refusalOf } from './rule.ts';

/** Over all lines of an offer: what is left goes to the first of them. That there is none at all is said by `checkSoldOut`. */
export const checkStock: LineRule = ({ available }, cart, line, offer) => {
  const left = available.get(offer.id);
  if (left === undefined) return undefined;
  const suggestion = leaveRoom(cart, line, left, offer.maxPerOrder);
  if (!suggestion) return undefined;
  const { zh, en } = inText(offer.name);
  return refusalOf({ code: 'stock_short', text: { zh: `${zh}只剩 ${pieces(offer, left)}了`, en: `Only ${left} of ${en} left` } }, line, suggestion);
};
