import type { OptionGroup } from '../catalogue/offer.ts';
import type { RuleFacts } from './facts.ts';
import { isChoiceGone } from './options.ts';
import type { OfferRule } from './rule.ts';
import { inText } from './rule.ts';

/** Nothing of it is left, or of what it has to be made of. */
export const checkSoldOut: OfferRule = (facts, offer) => {
  const left = facts.available.get(offer.id);
  const isGone = (left !== undefined && left <= 0) || offer.options.some((group) => !canBeChosen(facts, group));
  if (!isGone) return undefined;
  const { zh, en } = inText(offer.name);
  return { code: 'sold_out', text: { zh: `${zh}卖完了`, en: `${en} is sold out` } };
};

/** Whether enough of a group is left to choose what has to be chosen. */
function canBeChosen(facts: RuleFacts, { min, repeats, choices }: OptionGroup): boolean {
  const left = choices.filter((choice) => !isChoiceGone(facts, choice)).length;
  return repeats ? min === 0 || left > 0 : left >= min;
}
