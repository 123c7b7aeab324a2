import { needsHq } from '../catalogue/offer.ts';
import type { OfferRule } from './rule.ts';
import { inText } from './rule.ts';

/** What the carrier has to be asked for cannot be had while it cannot be reached. */
export const checkOnlineOnly: OfferRule = ({ isHqThere }, offer) => {
  if (isHqThere || !needsHq(offer)) return undefined;
  const { zh, en } = inText(offer.name);
  return { code: 'online_only', text: { zh: `现在联系不上运营商，${zh}暂时办不了`, en: `We cannot reach the carrier right now, so ${en} has to wait` } };
};
