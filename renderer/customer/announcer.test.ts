import { describe, expect, it } from 'vitest';
import { wordsOf } from '../i18n/language.ts';
import { catalogue, createTake, openPage } from '../state/testing/shop-rig.ts';
import { createAdditions } from './announcer.tsx';

const offer = catalogue.offers.find(({ id }) => id === 'cola')!;
const { added } = wordsOf.zh.cart;

describe('what is said of the cart', () => {
  const take = createTake();
  const begun = take(openPage(take), { kind: 'touched' }, { kind: 'language_chosen', language: 'zh' });

  it('says each addition with the count that it made', () => {
    const say = createAdditions();
    expect(say(begun.model)).toBe('');
    const once = take(begun.model, { kind: 'offer_added', offerId: 'cola' });
    expect(say(once.model)).toBe(added(offer.name.zh, 1));
    expect(say(take(once.model, { kind: 'offer_added', offerId: 'cola' }).model)).toBe(added(offer.name.zh, 2));
  });

  it('does not say an addition again, with another count, when something is removed', () => {
    const say = createAdditions();
    const twice = take(begun.model, { kind: 'offer_added', offerId: 'cola' }, { kind: 'offer_added', offerId: 'cola' });
    expect(say(twice.model)).toBe(added(offer.name.zh, 2));
    const lineId = twice.model.visit!.cart.lines[0]!.id;
    expect(say(take(twice.model, { kind: 'line_quantity_set', lineId, quantity: 1 }).model)).toBe(added(offer.name.zh, 2));
    expect(say(take(twice.model, { kind: 'line_quantity_set', lineId, quantity: 0 }).model)).toBe(added(offer.name.zh, 2));
  });
});
