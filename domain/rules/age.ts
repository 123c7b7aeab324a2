import { findOffer } from '../catalogue/catalogue.ts';
import type { CartRule } from './rule.ts';
import { inText } from './rule.ts';

/** What is sold from an age on: one look of the staff at the customer is enough for the whole cart, so it is asked for once, for the highest. */
export const checkAge: CartRule = (facts, cart) => {
  if (facts.isAgeChecked) return undefined;
  const restricted = cart.lines.flatMap((line) => {
    const offer = findOffer(facts.catalogue, line.offerId);
    return offer?.minAge === undefined ? [] : [{ line, offer, minAge: offer.minAge }];
  });
  const [first, ...others] = restricted;
  if (!first) return undefined;
  const { line, offer, minAge } = others.reduce((highest, next) => (next.minAge > highest.minAge ? next : highest), first);
  const { zh, en } = inText(offer.name);
  return {
    code: 'age_restricted', lineId: line.id, offerId: offer.id, suggestion: { kind: 'call_staff' },
    text: { zh: `${zh}只卖给年满 ${minAge} 岁的顾客，需要工作人员当面确认`, en: `${en} is only for people aged ${minAge} or over. A member of staff has to confirm it in person` },
  };
};
