import type { OfferRule } from './rule.ts';
import { inText } from './rule.ts';

/** What is sold from an age on: the kiosk cannot see how old somebody is, and the counter can. */
export const checkAge: OfferRule = (facts, offer) => {
  if (offer.minAge === undefined || facts.isAgeChecked) return undefined;
  const { zh, en } = inText(offer.name);
  return {
    code: 'age_restricted',
    text: { zh: `${zh}只卖给年满 ${offer.minAge} 周岁的顾客，需要当面核对年龄，请到柜台购买`, en: `${en} is only for people aged ${offer.minAge} or over, and needs an age check. Please buy it at the counter` },
  };
};
