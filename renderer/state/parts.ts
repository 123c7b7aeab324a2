import type { CartLine } from '../../domain/cart/cart.ts';
import type { FormField } from '../../domain/catalogue/form.ts';
import { askedFields } from '../../domain/catalogue/form.ts';
import type { Offer, OptionGroup, Terms } from '../../domain/catalogue/offer.ts';
import { fieldsOf } from '../../domain/catalogue/offer.ts';
import { newPlanOf } from './numbers.ts';

/** One page of what there is to decide about an offer: the sheet shows one at a time. */
export type Part =
  /** The offer itself with its number, and its plain options. */
  | { readonly kind: 'offer'; readonly groups: readonly OptionGroup[] }
  /** A step of a combo. */
  | { readonly kind: 'step'; readonly group: OptionGroup }
  /** Old and new, side by side; of a changed plan after its number, whose carrier alone knows the old one. */
  | { readonly kind: 'terms'; readonly terms: Terms }
  /** A number with its own pad; shown again large on the next page. */
  | { readonly kind: 'phone'; readonly field: FormField }
  | { readonly kind: 'phone_check'; readonly field: FormField }
  | { readonly kind: 'district'; readonly field: FormField }
  /** Few enough fields for one page. */
  | { readonly kind: 'fields'; readonly fields: readonly FormField[] }
  | { readonly kind: 'consent'; readonly field: FormField };

const fieldsOfAPage = 3;

/**
 * In the order in which they are shown. Depends on what has been filled in, for conditional fields; a number that is asked for a service is confirmed,
 * one that a courier may call is not.
 */
export function partsOf(offer: Offer, line: CartLine): readonly Part[] {
  const parts: Part[] = [{ kind: 'offer', groups: offer.options.filter(({ kind }) => kind === 'options') }];
  for (const group of offer.options) if (group.kind === 'step') parts.push({ kind: 'step', group });
  const fields = askedFields(fieldsOf(offer), line.form);
  const numberField = newPlanOf(offer) && fields.find(({ kind }) => kind === 'phone');
  const terms: readonly Part[] = offer.terms ? [{ kind: 'terms', terms: offer.terms }] : [];
  if (!numberField) parts.push(...terms);
  let page: FormField[] = [];
  const turn = () => {
    if (page.length > 0) parts.push({ kind: 'fields', fields: page });
    page = [];
  };
  for (const field of fields) {
    if (field.kind === 'phone' || field.kind === 'district' || field.kind === 'consent') {
      turn();
      parts.push({ kind: field.kind, field });
      if (field.kind === 'phone' && offer.fulfilment.kind === 'telecom') parts.push({ kind: 'phone_check', field });
      if (field === numberField) parts.push(...terms);
    } else {
      page.push(field);
      if (page.length === fieldsOfAPage) turn();
    }
  }
  turn();
  return parts;
}
