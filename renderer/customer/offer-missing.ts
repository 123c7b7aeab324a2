import type { CartLine } from '../../domain/cart/cart.ts';
import type { FormField } from '../../domain/catalogue/form.ts';
import type { Offer } from '../../domain/catalogue/offer.ts';
import type { Bilingual } from '../../domain/language.ts';
import { checkField } from '../../domain/rules/form.ts';
import { checkOptions } from '../../domain/rules/options.ts';
import { isDistrictCode } from '../state/draft.ts';
import type { Part } from '../state/parts.ts';

/** What keeps this page of the sheet from being done, in the order of the page. */
export function missingIn(offer: Offer, line: CartLine, part: Part): readonly Bilingual[] {
  const options = (ids: readonly string[]) =>
    checkOptions(offer, line).flatMap(({ suggestion, text }) => (suggestion.kind === 'choose_options' && ids.includes(suggestion.groupId) ? [text] : []));
  const fields = (asked: readonly FormField[]) =>
    asked.flatMap((field): Bilingual[] => {
      const fault = checkField(field, (line.form[field.id] ?? '').trim(), line.form, isDistrictCode);
      return fault ? [{ zh: `${field.label.zh}：${fault.text.zh}`, en: `${field.label.en}: ${fault.text.en}` }] : [];
    });
  switch (part.kind) {
    case 'offer':
      return options(part.groups.map(({ id }) => id));
    case 'step':
      return options([part.group.id]);
    case 'terms':
    case 'phone_check':
      return [];
    case 'fields':
      return fields(part.fields);
    default:
      return fields([part.field]);
  }
}
