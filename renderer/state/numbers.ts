import type { CartLine } from '../../domain/cart/cart.ts';
import type { Offer, Terms } from '../../domain/catalogue/offer.ts';
import { askedFields } from '../../domain/catalogue/form.ts';
import { fieldsOf } from '../../domain/catalogue/offer.ts';
import type { NumberView } from '../../domain/contract/number.ts';
import { checkField } from '../../domain/rules/form.ts';
import type { Action, Step } from './action.ts';
import { isDistrictCode } from './draft.ts';
import type { Model, Visit } from './model.ts';
import { withVisit } from './visit.ts';

/** What the carrier says may differ by offer: a plan that cannot be had for one number can for another. */
export function numberKey(offerId: string, number: string): string {
  return `${offerId} ${number}`;
}

/** What the carrier says of the number in this line, or that it is being asked; undefined where it is not, or nobody could be. */
export function numberOf({ numbers }: Pick<Visit, 'numbers'>, offer: Offer, form: CartLine['form']): NumberView | 'asking' | undefined {
  const number = numberIn(offer, form);
  const known = number === undefined ? undefined : numbers[numberKey(offer.id, number)];
  return known === undefined || known === 'asking' || known.kind !== 'away' ? known : undefined;
}

/** What the plan of a number becomes; undefined of what leaves it as it is, such as data that is added to it. */
export function newPlanOf({ fulfilment, terms }: Offer): Terms | undefined {
  return fulfilment.kind === 'telecom' && fulfilment.service === 'plan_change' ? terms : undefined;
}

/** The whole number that a service is for. */
function numberIn(offer: Offer, form: CartLine['form']): string | undefined {
  if (offer.fulfilment.kind !== 'telecom') return undefined;
  const field = askedFields(fieldsOf(offer), form).find(({ kind }) => kind === 'phone');
  const value = field ? (form[field.id] ?? '') : '';
  return field && value !== '' && checkField(field, value, form, isDistrictCode) === undefined ? value : undefined;
}

/** After something was typed, or what was typed before is there again: a number that is whole now is asked about, once. Nobody waits for the answer. */
export function askNumber(step: Step, offer: Offer): Step {
  const { model } = step;
  const sheet = model.visit?.sheet;
  const number = sheet?.kind === 'offer' ? numberIn(offer, sheet.draft.line.form) : undefined;
  if (!model.visit || number === undefined || model.status?.hq !== 'ready') return step;
  const { numbers } = model.visit;
  const key = numberKey(offer.id, number);
  const known = numbers[key];
  if (known === 'asking' || (known && known.kind !== 'away')) return step;
  return { model: withVisit(model, { numbers: { ...numbers, [key]: 'asking' } }), effects: [...step.effects, { kind: 'look_up_number', offerId: offer.id, number }] };
}

/** An answer to a customer who has left in between is let go: the next one's visit asked nothing. */
export function numberAnswered(model: Model, { offerId, number, result }: Extract<Action, { kind: 'number_answered' }>): Model {
  const key = numberKey(offerId, number);
  if (model.visit?.numbers[key] !== 'asking') return model;
  return withVisit(model, { numbers: { ...model.visit.numbers, [key]: result.ok ? result.value : { kind: 'away' } } });
}
