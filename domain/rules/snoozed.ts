import { inWords } from './opening-hours.ts';
import type { OfferRule } from './rule.ts';
import { inText } from './rule.ts';

/** HQ lets an offer rest until a time. */
export const checkSnoozed: OfferRule = ({ snoozed, moment }, offer) => {
  const until = snoozed.get(offer.id);
  if (until === undefined || until <= moment.at) return undefined;
  const { zh, en } = inText(offer.name);
  const when = inWords(moment, Math.ceil((until - moment.at) / 60_000));
  return { code: 'snoozed', text: { zh: `${zh}暂时不卖，${when.zh}再来`, en: `${en} is taking a break. It is back ${when.en}` } };
};
