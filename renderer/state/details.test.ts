import { describe, expect, it } from 'vitest';
import { catalogueSchema, findOffer } from '../../domain/catalogue/catalogue.ts';
import type { OptionGroup } from '../../domain/catalogue/offer.ts';
import { optionGroupSchema } from '../../domain/catalogue/offer.ts';
import type { Action } from './action.ts';
import type { Model } from './model.ts';
import { partsOf } from './parts.ts';
import { catalogue, createTake, openPage, shopfrontOf, status } from './testing/shop-rig.ts';

const take = createTake();
const browsing = take(openPage(take), { kind: 'touched' }, { kind: 'language_chosen', language: 'zh' }).model;
const type = (fieldId: string, value: string): Action => ({ kind: 'field_typed', fieldId, value });
const next: Action = { kind: 'part_done' };
const open = (offerId: string): Action => ({ kind: 'offer_opened', offerId });

/** The shop where the toppings of its tea are others. */
function withToppings(change: Partial<OptionGroup>) {
  const draft = structuredClone(catalogue) as { offers: { id: string; options: OptionGroup[] }[] };
  const tea = draft.offers.find(({ id }) => id === 'bubble-tea')!;
  tea.options = tea.options.map((group) => (group.id === 'toppings' ? optionGroupSchema.parse({ ...group, ...change }) : group));
  return shopfrontOf({ catalogue: catalogueSchema.parse(draft) });
}

/** Its agreement, as the customer gives it. */
function filledConsent(offerId: string): readonly Action[] {
  return findOffer(catalogue, offerId)!.form.flatMap((field) => (field.kind === 'consent' ? [type(field.id, field.version)] : []));
}

/** The kind of the page that is shown, or "closed". */
function partOf({ visit }: Model): string {
  if (visit?.sheet?.kind !== 'offer') return 'closed';
  const { line, part } = visit.sheet.draft;
  return partsOf(findOffer(catalogue, line.offerId)!, line)[part]?.kind ?? 'none';
}

function draftOf({ visit }: Model) {
  if (visit?.sheet?.kind !== 'offer') throw new Error('no offer is open');
  return visit.sheet.draft;
}

describe('a top-up', () => {
  it('asks for the number, shows it again, and only then lies in the cart', () => {
    const asked = take(browsing, open('top-up-50'), next).model;
    expect(partOf(asked)).toBe('phone');
    const short = take(asked, type('phone', '139 1234'), next).model;
    expect([partOf(short), draftOf(short).tried]).toEqual(['phone', true]);
    const check = take(short, type('phone', '139 1234 5678'), next).model;
    expect(partOf(check)).toBe('phone_check');
    expect(check.visit?.cart.lines).toEqual([]);
    const kept = take(check, next).model;
    expect(partOf(kept)).toBe('closed');
    expect(kept.visit?.cart.lines).toMatchObject([{ offerId: 'top-up-50', form: { phone: '13912345678' } }]);
  });

  it('goes back to the number with all that was typed', () => {
    const check = take(browsing, open('top-up-50'), next, type('phone', '13912345678'), next).model;
    const back = take(check, { kind: 'part_back' }).model;
    expect([partOf(back), draftOf(back).line.form['phone']]).toEqual(['phone', '13912345678']);
  });

  it('of the same amount for two numbers makes two lines, for the same number one', () => {
    const one = (phone: string) => [open('top-up-50'), next, type('phone', phone), next, next];
    const model = take(browsing, ...one('13912345678'), ...one('13812345678'), ...one('13912345678')).model;
    expect(model.visit?.cart.lines).toMatchObject([{ quantity: 2, form: { phone: '13912345678' } }, { quantity: 1, form: { phone: '13812345678' } }]);
  });
});

describe('what was entered before the way back', () => {
  const back: Action = { kind: 'part_back' };
  const number = '13912345678';
  const left = take(browsing, open('top-up-50'), next, type('phone', number), back, back).model;

  it('is there when the offer is opened again, also after another one was looked at', () => {
    expect(partOf(left)).toBe('closed');
    const other = take(left, open('broadband'), type('name', '王小明'), back).model;
    const again = take(other, open('top-up-50')).model;
    expect(draftOf(again)).toMatchObject({ part: 0, tried: false, changing: false, line: { form: { phone: number } } });
    expect(draftOf(take(other, open('broadband')).model).line.form['name']).toBe('王小明');
    const kept = take(again, next, next, next).model;
    expect(kept.visit?.cart.lines).toMatchObject([{ offerId: 'top-up-50', quantity: 1, form: { phone: number } }]);
  });

  it('makes a line of its own, and is no part of the next one', () => {
    const again = take(left, open('top-up-50'), next, next, next, open('top-up-50'));
    expect(draftOf(again.model).line.form['phone']).toBeUndefined();
    expect(again.model.visit?.kept).toEqual({});
    expect(draftOf(again.model).line.id).not.toBe(again.model.visit?.cart.lines[0]?.id);
  });

  it('is not what a line of the cart was being changed to', () => {
    const inCart = take(left, open('top-up-50'), next, next, next).model;
    const lineId = inCart.visit!.cart.lines[0]!.id;
    const changed = take(inCart, { kind: 'line_opened', lineId }, next, type('phone', '13800000000'), back, back).model;
    expect(changed.visit?.kept).toEqual({});
    expect(changed.visit?.cart.lines).toMatchObject([{ form: { phone: number } }]);
  });

  it('is not more than there is by now', () => {
    const many = take(browsing, open('cola'), { kind: 'quantity_set', quantity: 5 }, back, { kind: 'told', event: { name: 'stock', payload: { available: { cola: 2 }, snoozed: {} } } }).model;
    expect(draftOf(take(many, open('cola')).model).line.quantity).toBe(2);
  });

  it('is none of the choices that are not offered any more, nor more of them than may be chosen by now', () => {
    const toppings = findOffer(catalogue, 'bubble-tea')!.options.find(({ id }) => id === 'toppings')!;
    const [gone, ...others] = toppings.choices;
    const before = take(browsing, open('bubble-tea'), ...toppings.choices.slice(0, 3).map(({ id }): Action => ({ kind: 'choice_switched', groupId: 'toppings', choiceId: id })), back).model;
    const opened = (change: Partial<OptionGroup>) => draftOf(take({ ...before, shopfront: withToppings(change) }, open('bubble-tea')).model).line.choices['toppings'];
    expect(opened({ choices: others })).toEqual(others.slice(0, 2).map(({ id }) => id));
    expect(opened({ max: 2 })).toEqual([gone!.id, others[0]!.id]);
  });

  it('is not the address that stood there by itself: changed meanwhile, the new one does', () => {
    const address = (street: string) => [type('contact-name', '王小明'), type('contact-phone', '13912345678'), type('district', '310101'), type('street', street), type('postcode', '200001')];
    const steps = Array.from({ length: 9 }, () => next);
    const first = take(browsing, open('tea-set'), ...address('南京东路 24 号'), ...steps).model;
    const lineId = first.visit!.cart.lines[0]!.id;
    const looked = take(first, open('router'), { kind: 'quantity_set', quantity: 2 }, back).model;
    const mended = take(looked, { kind: 'line_opened', lineId }, type('street', '南京东路 42 号'), ...steps).model;
    expect(mended.visit?.cart.lines).toMatchObject([{ form: { street: '南京东路 42 号' } }]);
    expect(draftOf(take(mended, open('router')).model).line).toMatchObject({ quantity: 2, form: { 'contact-name': '王小明', street: '南京东路 42 号' } });
    // Of a place of their own nothing is mixed with another one.
    const own = take(first, open('router'), type('street', '人民路 12 号'), back, { kind: 'line_opened', lineId }, type('district', '440305'), type('street', '深南大道 1 号'), type('postcode', ''), ...steps).model;
    expect(draftOf(take(own, open('router')).model).line.form).toMatchObject({ district: '310101', street: '人民路 12 号', postcode: '200001', 'contact-name': '王小明' });
    const without = take(first, open('router'), type('street', '人民路 12 号'), type('postcode', ''), back, open('router')).model;
    expect(draftOf(without).line.form).toMatchObject({ street: '人民路 12 号' });
    expect(draftOf(without).line.form['postcode'] ?? '').toBe('');
  });

  it('is no agreement, and no number of an identity card', () => {
    const applied = take(browsing, open('sim-application'), type('name', '王小明'), type('id-number', '11010519491231002X'), ...filledConsent('sim-application')).model;
    expect(draftOf(applied).line.form).toMatchObject({ 'id-number': '11010519491231002X', consent: expect.any(String) });
    const gone = take(applied, back).model;
    expect(JSON.stringify(gone.visit?.kept)).not.toContain('11010519491231002X');
    const { form } = draftOf(take(gone, open('sim-application')).model).line;
    expect(form).toEqual({ name: '王小明' });
  });

  it('is asked about again where nobody could be asked before', () => {
    const away: Model = { ...browsing, status: { ...status, hq: 'away' } };
    const before = take(away, open('top-up-50'), next, type('phone', number), back, back);
    expect(before.effects).toEqual([]);
    const again = take({ ...before.model, status }, open('top-up-50'));
    expect(again.effects).toEqual([{ kind: 'look_up_number', offerId: 'top-up-50', number }]);
    expect(take(again.model, back, open('top-up-50')).effects).toEqual([]);
    expect(take({ ...before.model, status }, { kind: 'told', event: { name: 'scanned', payload: { kind: 'offer', offerId: 'top-up-50' } } }).effects).toEqual(again.effects);
  });

  it('is forgotten with the visit, however that ends', () => {
    for (const end of ['idle_ended', 'done'] as const) {
      const ended = take(left, { kind: end }).model;
      expect(JSON.stringify(ended)).not.toContain(number);
      const opened = take(ended, { kind: 'touched' }, { kind: 'language_chosen', language: 'zh' }, open('top-up-50')).model;
      expect(draftOf(opened).line.form['phone']).toBeUndefined();
    }
  });
});

describe('a group of which several may be chosen', () => {
  const choose = (choiceId: string): Action => ({ kind: 'choice_switched', groupId: 'toppings', choiceId });
  const ids = findOffer(catalogue, 'bubble-tea')!.options.find(({ id }) => id === 'toppings')!.choices.map(({ id }) => id);
  const chosen = (model: Model) => draftOf(model).line.choices['toppings'];
  const full = take(browsing, open('bubble-tea'), ...ids.slice(0, 3).map(choose)).model;

  it('keeps every one that was chosen when one more is touched', () => {
    expect(ids.length).toBeGreaterThan(3);
    expect(chosen(take(full, choose(ids[3]!)).model)).toEqual(ids.slice(0, 3));
  });

  it('takes another one after one was given back', () => {
    expect(chosen(take(full, choose(ids[0]!), choose(ids[3]!)).model)).toEqual(ids.slice(1, 4));
  });

  it('lets one go for another also where so many have to be chosen', () => {
    const [a, b, c] = ids as [string, string, string];
    const exactly = { ...browsing, shopfront: withToppings({ min: 2, max: 2, preselected: [] }) };
    const two = take(exactly, open('bubble-tea'), choose(a), choose(b)).model;
    expect(chosen(take(two, choose(c)).model)).toEqual([a, b]);
    expect(chosen(take(two, choose(a), choose(c)).model)).toEqual([b, c]);
    // One of a single choice that has to be made stays until there is another.
    const one = take({ ...browsing, shopfront: withToppings({ min: 1, max: 1, preselected: [] }) }, open('bubble-tea'), choose(a)).model;
    expect([chosen(take(one, choose(a)).model), chosen(take(one, choose(b)).model)]).toEqual([[a], [b]]);
  });

  it('counts none that is not offered any more', () => {
    const left = findOffer(catalogue, 'bubble-tea')!.options.find(({ id }) => id === 'toppings')!.choices.slice(1);
    expect(chosen(take({ ...full, shopfront: withToppings({ choices: left }) }, choose(ids[3]!)).model)).toEqual(ids.slice(1, 4));
    const counted: Action = { kind: 'choice_counted', groupId: 'toppings', choiceId: ids[1]!, count: 2 };
    expect(chosen(take({ ...full, shopfront: withToppings({ choices: left, repeats: true }) }, counted).model)).toEqual([ids[2], ids[1], ids[1]]);
  });
});

describe('a change of plan', () => {
  it('asks for the number first, and then sets the plan that the carrier says it has beside the new one', () => {
    const kinds = partsOf(findOffer(catalogue, 'plan-smooth')!, draftOf(take(browsing, open('plan-smooth')).model).line).map(({ kind }) => kind);
    expect(kinds.slice(0, 4)).toEqual(['offer', 'phone', 'phone_check', 'terms']);
    expect(kinds.filter((kind) => kind === 'terms')).toHaveLength(1);
  });

  it('by a pack changes nothing: what it costs beside going without it is said before the number', () => {
    const kinds = partsOf(findOffer(catalogue, 'data-10gb-month')!, draftOf(take(browsing, open('data-10gb-month')).model).line).map(({ kind }) => kind);
    expect(kinds.slice(0, 3)).toEqual(['offer', 'terms', 'phone']);
  });
});

describe('a combo', () => {
  it('goes step by step, each as it must be before the next', () => {
    const first = take(browsing, open('noodle-combo'), next).model;
    expect(partOf(first)).toBe('step');
    expect(draftOf(take(first, next).model)).toMatchObject({ part: 1, tried: true });
    const second = take(first, { kind: 'choice_switched', groupId: 'main', choiceId: 'beef' }, next).model;
    const counted = take(second, { kind: 'choice_counted', groupId: 'snack', choiceId: 'egg', count: 9 }).model;
    expect(draftOf(counted).line.choices['snack']).toEqual(['egg', 'egg', 'egg']);
    const mixed = take(counted, { kind: 'choice_counted', groupId: 'snack', choiceId: 'egg', count: 1 }, { kind: 'choice_counted', groupId: 'snack', choiceId: 'dumplings', count: 1 }).model;
    const kept = take(mixed, next, { kind: 'choice_switched', groupId: 'drink', choiceId: 'oolong' }, next).model;
    expect(kept.visit?.cart.lines).toMatchObject([{ choices: { main: ['beef'], snack: ['egg', 'dumplings'], drink: ['oolong'] } }]);
  });
});

describe('an application', () => {
  it('asks for the old account only of those who have one, and takes it along only then', () => {
    const start = take(browsing, open('broadband')).model;
    const kinds = (model: Model) => partsOf(findOffer(catalogue, 'broadband')!, draftOf(model).line).flatMap((part) => (part.kind === 'fields' ? part.fields.map(({ id }) => id) : []));
    expect(kinds(start)).not.toContain('account');
    const yes = take(start, type('existing', 'yes')).model;
    expect(kinds(yes)).toContain('account');
  });

  it('is not kept without consent, and an answer that is no longer asked for is left behind', () => {
    const filled = take(
      browsing, open('broadband'), type('name', '王小明'), type('contact', '13912345678'), type('district', '310101'), type('street', '南京东路 24 号'),
      type('existing', 'yes'), type('account', '12345678'), type('existing', 'no'), ...Array.from({ length: 9 }, () => next),
    ).model;
    expect(partOf(filled)).toBe('consent');
    const { kind, ...consent } = { kind: 'consent', version: 'data-2026-10' };
    const kept = take(filled, type(kind, consent.version), next).model;
    expect(kept.visit?.cart.lines[0]?.form).toEqual({
      name: '王小明', contact: '13912345678', district: '310101', street: '南京东路 24 号', speed: '500m', existing: 'no', consent: 'data-2026-10',
    });
  });
});

describe('a delivery', () => {
  const address = [type('contact-name', '王小明'), type('contact-phone', '13912345678'), type('district', '310101'), type('street', '南京东路 24 号')];

  it('takes its address from the delivery before it', () => {
    const first = take(browsing, open('tea-set'), ...address, ...Array.from({ length: 9 }, () => next)).model;
    expect(first.visit?.cart.lines).toHaveLength(1);
    const second = take(first, open('router')).model;
    expect(draftOf(second).line.form).toMatchObject({ 'contact-name': '王小明', district: '310101' });
  });
});

describe('help', () => {
  it('lies over what was being entered, and gives it back', () => {
    const typing = take(browsing, open('top-up-50'), next, type('phone', '1391')).model;
    const helped = take(typing, { kind: 'help_opened' }, { kind: 'help_question_opened', questionId: 'wrong-number' }, { kind: 'access_opened' }, { kind: 'help_opened' }).model;
    expect(helped.visit?.sheet).toMatchObject({ kind: 'help' });
    expect(take(helped, { kind: 'sheet_closed' }).model.visit?.sheet).toEqual(typing.visit?.sheet);
  });

  it('calls once, is told honestly, and ends with the visit', () => {
    const called = take(browsing, { kind: 'help_opened' }, { kind: 'help_called' }, { kind: 'help_called' });
    expect(called.effects).toEqual([{ kind: 'call_help', screen: 'home' }]);
    const answered = take(called.model, { kind: 'told', event: { name: 'help', payload: { kind: 'nobody', reason: 'off_duty' } } }).model;
    expect(answered.help).toEqual({ kind: 'nobody', reason: 'off_duty' });
    const end = take(answered, { kind: 'idle_ended' });
    expect([end.effects, end.model.help]).toEqual([[{ kind: 'end_help' }], { kind: 'none' }]);
  });
});
