import { describe, expect, it } from 'vitest';
import { codedError } from '../../domain/contract/errors.ts';
import { err, ok } from '../../domain/result.ts';
import type { Action } from './action.ts';
import { cartChanges } from './changes.ts';
import { idleRule } from './idle.ts';
import type { Model } from './model.ts';
import { screenOf } from './model.ts';
import { step } from './step.ts';
import { catalogue, createFresh, createTake, noon, openPage, orderId, orderView, shopfrontOf } from './testing/shop-rig.ts';

const take = createTake();
const idle = openPage(take);
const browsing = take(idle, { kind: 'touched' }, { kind: 'language_chosen', language: 'en' }).model;
const order = (part: Parameters<typeof orderView>[0]): Action => ({ kind: 'told', event: { name: 'order', payload: orderView(part) } });
const running = { state: 'awaiting_payment', payment: { kind: 'running', message: 'present_card', sinceMs: 0, cancelRequested: false } } as const;

/** A customer whose order waits for a card at the terminal. */
function armed(): Model {
  const sent = take(browsing, { kind: 'offer_bought', offerId: 'cola' }, { kind: 'order_sent' }).model;
  return take(sent, { kind: 'placed', cartId: sent.visit!.cart.id, result: ok({ kind: 'placed', order: orderView() }) }, order(running)).model;
}

describe('the most bought single item', () => {
  it('is four taps from attract to payment: touch, language, item, pay', () => {
    const { model, effects } = take(idle, { kind: 'touched' }, { kind: 'language_chosen', language: 'zh' }, { kind: 'offer_bought', offerId: 'cola' }, { kind: 'order_sent' });
    expect(screenOf(model)).toMatchObject({ kind: 'checkout', placing: true });
    expect(effects).toMatchObject([{ kind: 'place', cart: { lines: [{ offerId: 'cola', quantity: 1 }] } }]);
  });

  it('with something to choose opens its sheet instead', () => {
    expect(take(browsing, { kind: 'offer_bought', offerId: 'noodle-combo' }).model.visit).toMatchObject({ stage: { kind: 'home' }, sheet: { kind: 'offer' } });
  });
});

describe('what a customer has set for themselves', () => {
  it('holds on every screen and is gone with them', () => {
    const set = take(
      browsing, { kind: 'access_changed', change: { textSize: 'largest' } }, { kind: 'access_changed', change: { reach: true, contrast: 'high' } },
      { kind: 'speech_switched', on: true }, { kind: 'speech_tuned', change: { volume: 99 } }, { kind: 'search_opened' }, { kind: 'search_typed', query: 'kele' },
    ).model;
    expect(set.visit).toMatchObject({ access: { textSize: 'largest', reach: true, contrast: 'high', calm: false }, speech: { on: true, volume: 10 }, query: 'kele' });
    const nextVisit = take(set, { kind: 'idle_ended' }, { kind: 'touched' }).model.visit;
    expect(nextVisit).toMatchObject({ access: { textSize: 'normal', reach: false, contrast: 'normal' }, speech: { on: false }, query: '' });
  });

  it('begins a visit where headphones are put in', () => {
    expect(take(idle, { kind: 'speech_switched', on: true }).model.visit).toMatchObject({ stage: { kind: 'language' }, speech: { on: true } });
    expect(take(idle, { kind: 'speech_switched', on: false }).model.visit).toBeUndefined();
  });
});

describe('nobody at an armed terminal', () => {
  it('is asked, and then the terminal is told to stop before the order is given up', () => {
    const model = armed();
    expect(idleRule(model).kind).toBe('warn');
    const left = take(model, { kind: 'idle_ended' });
    expect(left.effects).toEqual([{ kind: 'cancel_payment', orderId }]);
    const stopped = take(left.model, order({ state: 'awaiting_payment', payment: { kind: 'due', last: 'cancelled' } }));
    expect(stopped.effects).toEqual([{ kind: 'cancel_order', orderId }]);
    expect(take(stopped.model, { kind: 'order_cancelled', orderId, result: ok(orderView({ state: 'cancelled' })) }).model.visit).toBeUndefined();
  });

  it('whose card was quicker has paid: the order is never dropped', () => {
    const left = take(armed(), { kind: 'idle_ended' }).model;
    const paid = take(left, order({ state: 'paid', payment: { kind: 'paid', tender: 'card' } }));
    expect(paid.model.visit?.stage).toMatchObject({ kind: 'result' });
    expect(paid.effects).toEqual([]);
  });

  it('is not disturbed once a card is there', () => {
    const model = take(armed(), order({ ...running, payment: { ...running.payment, message: 'contacting_bank' } })).model;
    expect(idleRule(model)).toEqual({ kind: 'wait' });
  });
});

describe('the minute', () => {
  const afternoon = noon + 2 * 3600_000;

  it('brings a promotion into the cart, and the review tells both totals', () => {
    const sheet = take(browsing, { kind: 'offer_opened', offerId: 'oolong' }, { kind: 'part_done' }, { kind: 'checkout_opened' }).model;
    const later = createFresh(afternoon);
    const ticked = step(sheet, { kind: 'clock_ticked' }, later()).model;
    const changes = cartChanges(ticked);
    expect(changes?.repriced.map(({ offer }) => offer.id)).toEqual(['oolong']);
    expect(changes!.now.amount).toBeLessThan(changes!.before.amount);
    expect(step(ticked, { kind: 'clock_ticked' }, later()).model).toBe(ticked);
  });
});

describe('an offer that cannot be had now', () => {
  const add: Action = { kind: 'offer_added', offerId: 'cola' };
  it.each([
    ['rests', openPage(take, shopfrontOf({ snoozed: { cola: noon + 60_000 } }))],
    ['is sold out', openPage(take, shopfrontOf({ available: { cola: 0 } }))],
  ])('does not go into the cart where it %s', (_why, page) => {
    expect(take(page, { kind: 'touched' }, { kind: 'language_chosen', language: 'zh' }, add).model.visit?.cart.lines).toEqual([]);
  });

  it('waits for HQ where HQ is needed, while goods go on', () => {
    const away = take(browsing, { kind: 'told', event: { name: 'status', payload: { ...browsing.status!, hq: 'away' } } }).model;
    const topUp: Action[] = [{ kind: 'offer_opened', offerId: 'top-up-50' }, { kind: 'part_done' }, { kind: 'field_typed', fieldId: 'phone', value: '13912345678' }, { kind: 'part_done' }, { kind: 'part_done' }];
    expect(take(away, ...topUp).model.visit?.cart.lines).toEqual([]);
    expect(take(away, add).model.visit?.cart.lines).toHaveLength(1);
  });
});

describe('where food is eaten', () => {
  it('is asked only with food in the cart, and said to core', () => {
    const goods = take(browsing, { kind: 'offer_bought', offerId: 'cola' });
    expect(goods.model.visit?.cart.dining).toBeUndefined();
    const food = take(browsing, { kind: 'offer_bought', offerId: 'croissant' }, { kind: 'dining_chosen', dining: 'take_away' }, { kind: 'order_sent' });
    expect(food.effects).toMatchObject([{ kind: 'place', cart: { dining: 'take_away' } }]);
  });
});

describe('feedback', () => {
  it('is given once, of the order on the screen, with or without words', () => {
    const paid = take(armed(), order({ state: 'paid', payment: { kind: 'paid', tender: 'card' } })).model;
    const given: Action = { kind: 'feedback_given', stars: 5, chips: ['quick'], words: '  ' };
    const { effects, model } = take(paid, { kind: 'feedback_opened' }, given, given);
    expect(effects).toEqual([{ kind: 'feedback', orderId, stars: 5, chips: ['quick'], words: undefined }]);
    expect(model.visit).toMatchObject({ stage: { feedback: 'given' }, sheet: undefined });
  });
});

describe('an answer that never came', () => {
  const lost = (model: Model) => take(model, { kind: 'placed', cartId: model.visit!.cart.id, result: err(codedError('INTERNAL')) }).model;

  it('is asked for again with the same cart, and with another one under another id', () => {
    const sent = take(browsing, { kind: 'offer_bought', offerId: 'cola' }, { kind: 'order_sent' }).model;
    const again = take(lost(sent), { kind: 'order_sent' });
    expect(again.effects).toMatchObject([{ kind: 'place', cart: sent.visit!.cart }]);
    const more = take(lost(sent), { kind: 'back' }, { kind: 'offer_added', offerId: 'tissues' }, { kind: 'checkout_opened' }, { kind: 'order_sent' });
    expect(more.model.visit?.cart.id).not.toBe(sent.visit!.cart.id);
  });

  it('whose order was given up meanwhile leads back to the cart', () => {
    const sent = take(browsing, { kind: 'offer_bought', offerId: 'cola' }, { kind: 'order_sent' }).model;
    const answered = take(sent, { kind: 'placed', cartId: sent.visit!.cart.id, result: ok({ kind: 'placed', order: orderView({ state: 'cancelled' }) }) });
    expect([answered.model.visit?.stage.kind, answered.effects]).toEqual(['cart', [{ kind: 'leave' }]]);
    expect(answered.model.visit?.cart.id).not.toBe(sent.visit!.cart.id);
  });
});

describe('what one customer leaves', () => {
  const out: Action = { kind: 'told', event: { name: 'status', payload: { ...idle.status!, service: { kind: 'out_of_service', reason: codedError('STORE_FAILED') } } } };
  const back: Action = { kind: 'told', event: { name: 'status', payload: idle.status! } };

  it('goes when the kiosk goes out of service, a call for help too', () => {
    const called = take(browsing, { kind: 'offer_added', offerId: 'cola' }, { kind: 'help_called' }, out);
    expect(called.effects).toContainEqual({ kind: 'end_help' });
    expect(take(called.model, back)).toMatchObject({ model: { visit: undefined, help: { kind: 'none' } } });
  });

  it('goes with an order that is changed while nothing can be sold', () => {
    const due = take(armed(), order({ state: 'awaiting_payment', payment: { kind: 'due', last: 'declined' } }), out, { kind: 'order_changed' }).model;
    expect(take(due, { kind: 'order_cancelled', orderId, result: ok(orderView({ state: 'cancelled' })) }).model.visit).toBeUndefined();
  });

  it('stays over a moment in which core is made anew', () => {
    const starting: Action = { kind: 'told', event: { name: 'status', payload: { ...idle.status!, service: { kind: 'starting' } } } };
    expect(take(browsing, { kind: 'offer_added', offerId: 'cola' }, starting, back).model.visit?.cart.lines).toHaveLength(1);
  });

  it('an unknown payment that nobody waits for leaves the screen after its question', () => {
    const unknown = take(armed(), { kind: 'idle_ended' }, order({ state: 'payment_unknown', payment: { kind: 'unknown', tender: 'card' } })).model;
    expect(idleRule(unknown).kind).toBe('warn');
    expect(take(unknown, { kind: 'idle_ended' }).model.visit).toBeUndefined();
  });
});

describe('the question whether somebody is there', () => {
  it('is answered by whatever the customer does', () => {
    for (const action of [{ kind: 'help_opened' }, { kind: 'access_opened' }, { kind: 'language_chosen', language: 'zh' }] as const) {
      expect(take(browsing, { kind: 'idle_warned', endsAt: 1 }, action).model.visit?.endsAt).toBeUndefined();
    }
  });

  it('gives whoever writes about their order time to finish', () => {
    const paid = take(armed(), order({ state: 'paid', payment: { kind: 'paid', tender: 'card' } }), { kind: 'feedback_opened', stars: 4 }, { kind: 'feedback_changed', change: { words: '很好' } }).model;
    expect(idleRule(paid).kind).toBe('warn');
    const helped = take(paid, { kind: 'help_opened' }, { kind: 'sheet_closed' }).model;
    expect(helped.visit?.sheet).toEqual({ kind: 'feedback', draft: { stars: 4, chips: [], words: '很好' } });
  });
});

describe('what changes under a cart', () => {
  it('is told at the review also where it changed while the customer looked around', () => {
    const held = take(browsing, { kind: 'offer_added', offerId: 'cola' }).model;
    const dearer = shopfrontOf({ catalogue: { ...catalogue, offers: catalogue.offers.map((offer) => (offer.id === 'cola' ? { ...offer, price: 9900 } : offer)) } });
    const review = take(held, { kind: 'told', event: { name: 'shopfront', payload: dearer } }, { kind: 'checkout_opened' }).model;
    expect(cartChanges(review)?.repriced).toMatchObject([{ offer: { id: 'cola' }, before: { amount: 350 }, now: { amount: 9900 } }]);
  });

  it('never leaves more in an open sheet than there is', () => {
    const three = take(openPage(take, shopfrontOf({ available: { cola: 5 } })), { kind: 'touched' }, { kind: 'language_chosen', language: 'zh' }, { kind: 'offer_opened', offerId: 'cola' }, { kind: 'quantity_set', quantity: 3 }).model;
    const one = take(three, { kind: 'told', event: { name: 'stock', payload: { available: { cola: 1 }, snoozed: {} } } }).model;
    expect(one.visit?.sheet).toMatchObject({ draft: { line: { quantity: 1 } } });
    expect(one.shopfront?.catalogue).toBe(three.shopfront?.catalogue);
  });

  it('has nothing to review where all of it is gone', () => {
    const held = take(browsing, { kind: 'offer_bought', offerId: 'cola' }).model;
    const without = shopfrontOf({ catalogue: { ...catalogue, offers: catalogue.offers.filter(({ id }) => id !== 'cola') } });
    const gone = take(held, { kind: 'told', event: { name: 'shopfront', payload: without } }).model;
    expect(gone.visit?.stage.kind).toBe('cart');
    expect(take(gone, { kind: 'checkout_opened' }).model.visit?.stage.kind).toBe('cart');
  });

  it('at its most goes on to the review by "buy now"', () => {
    const one = openPage(take, shopfrontOf({ available: { cola: 1 } }));
    const model = take(one, { kind: 'touched' }, { kind: 'language_chosen', language: 'zh' }, { kind: 'offer_added', offerId: 'cola' }, { kind: 'offer_bought', offerId: 'cola' }).model;
    expect(model.visit).toMatchObject({ stage: { kind: 'checkout' }, cart: { lines: [{ quantity: 1 }] } });
  });
});
