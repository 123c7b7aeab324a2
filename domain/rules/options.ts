import type { CartLine } from '../cart/cart.ts';
import type { Choice, Offer, OptionGroup } from '../catalogue/offer.ts';
import type { RuleFacts } from './facts.ts';
import type { Refusal, Suggestion } from './refusal.ts';
import type { Trouble } from './rule.ts';
import { inText, refusalOf, removeLine } from './rule.ts';

/** Whether every group has as many choices as it asks for, of those that it offers. Whether they are left is `checkChoicesLeft`'s. */
export function checkOptions(offer: Offer, line: CartLine): readonly Refusal[] {
  const known = new Set(offer.options.map((group) => group.id));
  if (Object.entries(line.choices).some(([groupId, chosen]) => !known.has(groupId) && chosen.length > 0)) {
    const { zh, en } = inText(offer.name);
    return [refusalOf({ code: 'option_unknown', text: { zh: `${zh}的选项变了，请重新选一次`, en: `The options of ${en} have changed. Please add it again` } }, line, removeLine(line))];
  }
  return offer.options.flatMap((group) => {
    const trouble = groupTrouble(group, line.choices[group.id] ?? []);
    return trouble ? [refusalOf(of(offer, trouble), line, choose(line, group))] : [];
  });
}

/** A choice that hands out an offer which is gone, is gone as well. */
export function checkChoicesLeft(facts: RuleFacts, offer: Offer, line: CartLine): readonly Refusal[] {
  return offer.options.flatMap((group) => {
    const gone = group.choices.find((choice) => line.choices[group.id]?.includes(choice.id) && isChoiceGone(facts, choice));
    if (!gone) return [];
    const { zh, en } = inText(gone.name);
    return [refusalOf(of(offer, { code: 'option_sold_out', text: { zh: `${zh}没有了，请换一样`, en: `${en} is gone. Please choose another` } }), line, choose(line, group))];
  });
}

/** Sold out or resting. Its pieces are not reserved by an order, so how many are left does not count. */
export function isChoiceGone({ available, snoozed, moment }: RuleFacts, { offerId }: Choice): boolean {
  if (offerId === undefined) return false;
  const [left, until] = [available.get(offerId), snoozed.get(offerId)];
  return (left !== undefined && left <= 0) || (until !== undefined && until > moment.at);
}

function groupTrouble(group: OptionGroup, chosen: readonly string[]): Trouble | undefined {
  const { min, max, repeats, choices } = group;
  const { zh, en } = inText(group.name);
  if (chosen.some((id) => !choices.some((choice) => choice.id === id))) {
    return { code: 'option_unknown', text: { zh: `“${zh}”的选项变了，请重新选`, en: `The choices of “${en}” have changed. Please choose again` } };
  }
  if (chosen.length > max) return { code: 'option_unknown', text: { zh: `“${zh}”最多选 ${max} 样`, en: `“${en}”: choose ${max} at most` } };
  if (!repeats && new Set(chosen).size !== chosen.length) return { code: 'option_unknown', text: { zh: `“${zh}”里同一样只能选一次`, en: `“${en}”: each only once` } };
  if (chosen.length >= min) return undefined;
  if (chosen.length === 0 && min === 1) return { code: 'option_missing', text: { zh: `请选择“${zh}”`, en: `Please choose “${en}”` } };
  return { code: 'option_missing', text: { zh: `“${zh}”要选 ${min} 样，还差 ${min - chosen.length} 样`, en: `“${en}”: choose ${min}, ${min - chosen.length} more to go` } };
}

function of(offer: Offer, { code, text }: Trouble): Trouble {
  const { zh, en } = inText(offer.name);
  return { code, text: { zh: `${zh}：${text.zh}`, en: `${en}: ${text.en}` } };
}

function choose(line: CartLine, group: OptionGroup): Suggestion {
  return { kind: 'choose_options', lineId: line.id, groupId: group.id };
}
