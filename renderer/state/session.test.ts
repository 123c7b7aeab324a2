import { describe, expect, it } from 'vitest';
import { ok } from '../../domain/result.ts';
import type { Action } from './action.ts';
import { cartChanges } from './changes.ts';
import { idleRule } from './idle.ts';
import type { Model } from './model.ts';
import { screenOf } from './model.ts';
import { step } from './step.ts';
import { createFresh, createTake, noon, openPage, orderId, orderView, shopfrontOf } from './testing/shop-rig.ts';

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
    const paid = take(left, order({ state: 'paid', payment: { kind: 'paid' } }));
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
    const paid = take(armed(), order({ state: 'paid', payment: { kind: 'paid' } })).model;
    const given: Action = { kind: 'feedback_given', stars: 5, chips: ['quick'], words: '  ' };
    const { effects, model } = take(paid, { kind: 'feedback_opened' }, given, given);
    expect(effects).toEqual([{ kind: 'feedback', orderId, stars: 5, chips: ['quick'], words: undefined }]);
    expect(model.visit).toMatchObject({ stage: { feedback: 'given' }, sheet: undefined });
  });
});
