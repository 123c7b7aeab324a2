import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { maxCartLines } from '../../domain/cart/cart.ts';
import type { KioskStatus, Scanned, Shopfront } from '../../domain/contract/kiosk.ts';
import { money } from '../../domain/money.ts';
import type { OrderView } from '../../domain/order/view.ts';
import { ok } from '../../domain/result.ts';
import type { Action } from './action.ts';
import { cartChanges as changes } from './changes.ts';
import type { Model } from './model.ts';
import { noModel, screenOf } from './model.ts';
import { catalogue, createTake, openPage, orderId, orderView as view, shopfrontOf, status } from './testing/shop-rig.ts';

const take = createTake();
const shopfront = shopfrontOf({ available: { cola: 3, umbrella: 0 } });
const idle = openPage(take, shopfront);
const browsing = take(idle, { kind: 'touched' }, { kind: 'language_chosen', language: 'en' }).model;

/** A customer with one cola who has sent the order. */
function sent(): Model {
  return take(browsing, { kind: 'offer_added', offerId: 'cola' }, { kind: 'checkout_opened' }, { kind: 'order_sent' }).model;
}

function placed(order: OrderView) {
  const model = sent();
  return take(model, { kind: 'placed', cartId: model.visit!.cart.id, result: ok({ kind: 'placed', order }) });
}

describe('the page', () => {
  it('opens core as soon as it has a port, and shows the attract screen', () => {
    expect(take(noModel, { kind: 'connected' }).effects).toEqual([{ kind: 'open' }]);
    expect(screenOf(idle).kind).toBe('attract');
  });

  it('is out of service without a shopfront, and says so', () => {
    const out: KioskStatus = { ...status, service: { kind: 'out_of_service', reason: { code: 'STORE_FAILED', detail: '' } } };
    expect(screenOf(take(noModel, { kind: 'connected' }, { kind: 'opened', result: ok({ status: out }) }).model).kind).toBe('out_of_service');
  });

  it('opens core again when service begins and there is still no shopfront', () => {
    const out: KioskStatus = { ...status, service: { kind: 'starting' } };
    const { model } = take(noModel, { kind: 'connected' }, { kind: 'opened', result: ok({ status: out }) });
    expect(take(model, { kind: 'told', event: { name: 'status', payload: status } }).effects).toEqual([{ kind: 'open' }]);
  });
});

describe('a pause', () => {
  const notice = { zh: '补货中，十点回来', en: 'Restocking, back at ten' };
  const paused: KioskStatus = { ...status, service: { kind: 'paused', notice } };
  const pause: Action = { kind: 'told', event: { name: 'status', payload: paused } };

  it('is shown with its notice, and lets nobody begin: not by touch, not by a scan', () => {
    const { model } = take(idle, pause);
    expect(screenOf(model)).toEqual({ kind: 'paused', notice });
    expect(take(model, { kind: 'touched' }).model.visit).toBeUndefined();
    expect(take(model, { kind: 'told', event: { name: 'scanned', payload: { kind: 'offer', offerId: 'cola' } } }).model.visit).toBeUndefined();
    expect(screenOf(take(model, { kind: 'told', event: { name: 'status', payload: status } }).model).kind).toBe('attract');
  });

  it('lets whoever has begun finish, and is shown to the next', () => {
    const { model } = take(browsing, { kind: 'offer_added', offerId: 'cola' }, pause);
    expect(screenOf(model).kind).toBe('home');
    expect(take(model, { kind: 'checkout_opened' }, { kind: 'order_sent' }).effects).toMatchObject([{ kind: 'place' }]);
    expect(screenOf(take(model, { kind: 'idle_ended' }).model)).toEqual({ kind: 'paused', notice });
  });

  it('holds for a page that comes while it lasts; one that has no shopfront asks for it', () => {
    expect(screenOf(take(noModel, { kind: 'connected' }, { kind: 'opened', result: ok({ status: paused, shopfront }) }).model).kind).toBe('paused');
    expect(take(noModel, pause).effects).toEqual([{ kind: 'open' }]);
  });

  it('leaves a visit alone when core is started anew meanwhile', () => {
    const { model } = take(browsing, { kind: 'offer_added', offerId: 'cola' }, { kind: 'connected' }, { kind: 'opened', result: ok({ status: paused, shopfront }) });
    expect(model.visit?.cart.lines).toHaveLength(1);
    expect(screenOf(model).kind).toBe('home');
  });
});

describe('a cart', () => {
  it('never holds more than the shelf has, nor what is sold out', () => {
    const add: Action = { kind: 'offer_added', offerId: 'cola' };
    expect(take(browsing, add, add, add, add, add).model.visit?.cart.lines).toMatchObject([{ offerId: 'cola', quantity: 3 }]);
    expect(take(browsing, { kind: 'offer_added', offerId: 'umbrella' }).model.visit?.cart.lines).toEqual([]);
  });

  it('takes a telecom offer only with a whole phone number', () => {
    const opened = take(browsing, { kind: 'offer_opened', offerId: 'top-up-50' }, { kind: 'part_done' }, { kind: 'field_typed', fieldId: 'phone', value: '139 1234' }, { kind: 'part_done' }).model;
    expect(opened.visit?.sheet).toMatchObject({ kind: 'offer', draft: { tried: true } });
    const kept = take(opened, { kind: 'field_typed', fieldId: 'phone', value: '139 1234 5678' }, { kind: 'part_done' }, { kind: 'part_done' }).model;
    expect(kept.visit?.cart.lines).toMatchObject([{ offerId: 'top-up-50', form: { phone: '13912345678' } }]);
    expect(kept.visit?.sheet).toBeUndefined();
  });

  it('is not paid while it is empty', () => {
    expect(take(browsing, { kind: 'checkout_opened' }).model.visit?.stage.kind).toBe('home');
  });
});

describe('a full cart', () => {
  const many = Array.from({ length: maxCartLines }, (_, index) => ({ id: `line-${index}`, offerId: 'top-up-50', quantity: 1, choices: {}, form: { phone: `139${String(index).padStart(8, '0')}` } }));
  const full: Model = { ...browsing, visit: { ...browsing.visit!, cart: { ...browsing.visit!.cart, lines: [{ id: 'cola', offerId: 'cola', quantity: 1, choices: {}, form: {} }, ...many.slice(1)] } } };

  it('takes nothing new, whatever is tapped', () => {
    expect(take(full, { kind: 'offer_added', offerId: 'tissues' }).model.visit?.cart).toEqual(full.visit?.cart);
    const asked = take(full, { kind: 'offer_opened', offerId: 'call-forwarding' }, { kind: 'part_done' }, { kind: 'field_typed', fieldId: 'phone', value: '13912345678' }, { kind: 'part_done' }, { kind: 'part_done' }).model;
    expect(asked.visit?.cart).toEqual(full.visit?.cart);
    expect(asked.visit?.sheet?.kind).toBe('offer');
  });

  it('takes more of what it holds', () => {
    expect(take(full, { kind: 'offer_added', offerId: 'cola' }).model.visit?.cart.lines[0]).toMatchObject({ offerId: 'cola', quantity: 2 });
  });
});

describe('a catalogue that changes while the customer reviews the order', () => {
  const told = (payload: Shopfront): Action => ({ kind: 'told', event: { name: 'shopfront', payload } });
  const dearer: Shopfront = { ...shopfront, catalogue: { ...catalogue, offers: catalogue.offers.map((offer) => (offer.id === 'cola' ? { ...offer, price: 400 } : offer)) } };
  const without: Shopfront = { ...shopfront, catalogue: { ...catalogue, offers: catalogue.offers.filter(({ id }) => id !== 'cola') } };
  const reviewing = take(browsing, { kind: 'offer_added', offerId: 'cola' }, { kind: 'offer_added', offerId: 'tissues' }, { kind: 'checkout_opened' }).model;

  it('remembers what the review showed, until it is so again', () => {
    const model = take(reviewing, told(dearer)).model;
    expect(changes(model)).toMatchObject({ before: money(700, 'CNY'), now: money(750, 'CNY'), gone: [], repriced: [{ before: money(350, 'CNY'), now: money(400, 'CNY') }] });
    expect(changes(take(model, told(dearer)).model)).toMatchObject({ before: money(700, 'CNY') });
    expect(take(model, told(shopfront)).model.visit?.before).toBeUndefined();
  });

  it('says nothing where this order stays as it was', () => {
    const other: Shopfront = { ...shopfront, catalogue: { ...catalogue, offers: catalogue.offers.filter(({ id }) => id !== 'cookie') } };
    expect(take(reviewing, told(other)).model.visit?.before).toBeUndefined();
  });

  it('tells a lost offer by its name, and sends the order without it', () => {
    const model = take(reviewing, told(without)).model;
    expect(changes(model)).toMatchObject({ now: money(350, 'CNY'), gone: [{ id: 'cola' }], repriced: [] });
    const { effects } = take(model, { kind: 'order_sent' });
    expect(effects).toMatchObject([{ kind: 'place', shownTotal: money(350, 'CNY'), cart: { lines: [{ offerId: 'tissues' }] } }]);
    expect(changes(take(model, { kind: 'back' }, { kind: 'checkout_opened' }).model)).toMatchObject({ gone: [{ id: 'cola' }] });
  });

  it('sends nothing when nothing is left', () => {
    const bare: Shopfront = { ...shopfront, catalogue: { ...catalogue, offers: catalogue.offers.filter(({ id }) => id !== 'cola' && id !== 'tissues') } };
    expect(take(reviewing, told(bare), { kind: 'order_sent' }).effects).toEqual([]);
  });

  it('hears of it also from a core that was started anew', () => {
    expect(changes(take(reviewing, { kind: 'connected' }, { kind: 'opened', result: ok({ status, shopfront: dearer }) }).model)).toMatchObject({ before: money(700, 'CNY') });
  });
});

describe('the way back from the review', () => {
  const review = take(browsing, { kind: 'offer_added', offerId: 'cola' }, { kind: 'checkout_opened' }).model;

  it('leads to the cart, where what was chosen can be changed', () => {
    expect(take(review, { kind: 'back' }).model.visit?.stage).toEqual({ kind: 'cart' });
    const refusal = { code: 'total_too_high', text: { zh: '太多', en: 'Too much' }, suggestion: { kind: 'keep_shopping' } } as const;
    const refused = { ...review, visit: { ...review.visit!, sheet: { kind: 'refusals', refusals: [refusal] } } } as const;
    const mended = take(refused, { kind: 'refusal_mended', refusal }).model.visit;
    expect([mended?.stage, mended?.sheet]).toEqual([{ kind: 'cart' }, undefined]);
  });

  it('leads on from there to where it was chosen', () => {
    expect(take(review, { kind: 'back' }, { kind: 'back' }).model.visit?.stage).toEqual({ kind: 'home' });
  });
});

describe('placing and paying', () => {
  it('counts how often the card was declined, each time once', () => {
    const running = view({ payment: { kind: 'running', message: 'present_card', sinceMs: 0, cancelRequested: false } });
    const declined = view({ payment: { kind: 'due', last: 'declined' } });
    const told = (payload: OrderView): Action => ({ kind: 'told', event: { name: 'order', payload } });
    const start = placed(view({})).model;
    const once = [told(running), told(declined), told(declined), { kind: 'pay_again' } as const];
    expect(take(start, ...once, ...once, ...once).model.visit?.stage).toMatchObject({ kind: 'pay', declines: 3 });
  });

  it('two taps on pay place one order and start one payment', () => {
    const ready = take(browsing, { kind: 'offer_added', offerId: 'cola' }, { kind: 'checkout_opened' }).model;
    const { model, effects } = take(ready, { kind: 'order_sent' }, { kind: 'order_sent' });
    expect(effects.map(({ kind }) => kind)).toEqual(['place']);
    const answer: Action = { kind: 'placed', cartId: model.visit!.cart.id, result: ok({ kind: 'placed', order: view({}) }) };
    expect(take(model, answer, answer, { kind: 'pay_again' }, { kind: 'pay_again' }).effects).toEqual([{ kind: 'pay', tender: 'card', orderId }]);
  });

  it('a free order goes to its result without a payment', () => {
    const { model, effects } = placed(view({ state: 'paid', total: money(0, 'CNY'), payment: { kind: 'free' } }));
    expect(model.visit?.stage).toMatchObject({ kind: 'result', pickup: ['goods'] });
    expect(effects).toEqual([]);
  });

  it('shows what core refuses, takes the stock over, and mends it by one tap', () => {
    const model = sent();
    const { id } = model.visit!.cart.lines[0]!;
    const refusal = { code: 'stock_short', text: { zh: '可乐不够了', en: 'Not enough cola' }, lineId: id, offerId: 'cola', suggestion: { kind: 'remove_line', lineId: id } } as const;
    const refused = take(model, { kind: 'placed', cartId: model.visit!.cart.id, result: ok({ kind: 'refused', refusals: [refusal], available: { cola: 0 } }) }).model;
    expect(refused.shopfront?.available).toEqual({ cola: 0 });
    expect(refused.visit?.sheet?.kind).toBe('refusals');
    const mended = take(refused, { kind: 'refusal_mended', refusal }).model;
    expect(mended.visit?.cart.lines).toEqual([]);
    expect(mended.visit?.stage.kind).toBe('home');
  });

  it('an order that is placed after its customer has left is given up', () => {
    const model = sent();
    const gone = take(model, { kind: 'idle_ended' }).model;
    expect(take(gone, { kind: 'placed', cartId: model.visit!.cart.id, result: ok({ kind: 'placed', order: view({}) }) }).effects).toEqual([
      { kind: 'cancel_order', orderId }, { kind: 'leave' },
    ]);
  });

  it('changing an order keeps what was picked, under a new cart id', () => {
    const declined = take(placed(view({})).model, { kind: 'pay_answered', orderId, result: ok(view({ state: 'awaiting_payment', payment: { kind: 'due', last: 'declined' } })) }).model;
    const { model, effects } = take(declined, { kind: 'order_changed' }, { kind: 'order_cancelled', orderId, result: ok(view({ state: 'cancelled' })) });
    expect(effects).toEqual([{ kind: 'cancel_order', orderId }, { kind: 'leave' }]);
    expect(model.visit?.stage.kind).toBe('cart');
    expect(model.visit?.cart.lines).toHaveLength(1);
    expect(model.visit?.cart.id).not.toBe(declined.visit?.cart.id);
  });

  it('a payment that core lost sight of is never called unpaid', () => {
    const running = take(placed(view({})).model, { kind: 'told', event: { name: 'order', payload: view({ state: 'awaiting_payment', payment: { kind: 'running', message: 'contacting_bank', sinceMs: 0, cancelRequested: false } }) } }).model;
    const after = take(running, { kind: 'connected' }, { kind: 'opened', result: ok({ status, shopfront }) }).model;
    expect(after.visit?.stage).toMatchObject({ kind: 'pay', order: { payment: { kind: 'unknown', tender: 'card' } } });
  });

  it('leaving while a card was declined gives the order up; leaving while nothing is known does not', () => {
    const declined = take(placed(view({})).model, { kind: 'pay_answered', orderId, result: ok(view({ payment: { kind: 'due', last: 'declined' } })) }).model;
    expect(take(declined, { kind: 'idle_ended' }).effects).toEqual([{ kind: 'cancel_order', orderId }, { kind: 'leave' }]);
    const unknown = take(declined, { kind: 'told', event: { name: 'order', payload: view({ state: 'payment_unknown', payment: { kind: 'unknown', tender: 'card' } }) } }).model;
    expect(take(unknown, { kind: 'done' }).effects).toEqual([{ kind: 'leave' }]);
  });

  it('without cards a paid order is not sent, a free one is', () => {
    const noCard = take(browsing, { kind: 'told', event: { name: 'status', payload: { ...status, card: 'unavailable' } } }).model;
    expect(take(noCard, { kind: 'offer_added', offerId: 'cola' }, { kind: 'checkout_opened' }, { kind: 'order_sent' }).effects).toEqual([]);
    expect(take(noCard, { kind: 'offer_added', offerId: 'city-map' }, { kind: 'checkout_opened' }, { kind: 'order_sent' }).effects).toMatchObject([{ kind: 'place' }]);
  });
});

describe('the end of a visit', () => {
  const secretPhone = '13987654321';
  const offerIds = catalogue.offers.map(({ id }) => id);
  const someAction: fc.Arbitrary<Action> = fc.oneof(
    ...(['touched', 'access_opened', 'help_opened', 'help_called', 'help_ended', 'search_opened', 'feedback_opened', 'home_opened', 'part_done', 'part_back', 'sheet_closed', 'cart_opened', 'checkout_opened', 'back', 'order_sent', 'pay_again', 'payment_cancelled', 'order_changed', 'order_given_up', 'still_here'] as const).map((kind) => fc.constant({ kind })),
    fc.constantFrom(...offerIds).map((offerId): Action => ({ kind: 'offer_opened', offerId })),
    fc.constantFrom(...offerIds).map((offerId): Action => ({ kind: 'offer_added', offerId })),
    fc.constantFrom('zh', 'en').map((language): Action => ({ kind: 'language_chosen', language })),
    fc.constantFrom(...catalogue.categories).map(({ id }): Action => ({ kind: 'category_opened', categoryId: id })),
    fc.constant<Action>({ kind: 'field_typed', fieldId: 'phone', value: secretPhone }),
    fc.nat(12).map((quantity): Action => ({ kind: 'quantity_set', quantity })),
    fc.constantFrom(
      view({}), view({ state: 'awaiting_payment', payment: { kind: 'due', last: 'declined' } }), view({ state: 'payment_unknown', payment: { kind: 'unknown', tender: 'card' } }),
      view({ state: 'paid', payment: { kind: 'paid', tender: 'card', maskedPan: '************1234' } }), view({ state: 'cancelled' }),
    ).map((payload): Action => ({ kind: 'told', event: { name: 'order', payload } })),
    fc.constant<Action>({ kind: 'idle_warned', endsAt: 1 }),
    fc.oneof(
      fc.constantFrom(...offerIds).map((offerId): Scanned => ({ kind: 'offer', offerId })),
      fc.constantFrom('unknown_product', 'pickup_code', 'staff_card', 'unknown_code').map((kind): Scanned => ({ kind })), fc.constantFrom('wechat', 'alipay').map((wallet): Scanned => ({ kind: 'payment_code', wallet })),
    ).map((payload): Action => ({ kind: 'told', event: { name: 'scanned', payload } })),
  );

  it('leaves nothing of the customer, whatever they did before', () => {
    fc.assert(
      fc.property(fc.array(someAction, { maxLength: 40 }), fc.boolean(), (actions, answered) => {
        const { model } = take(idle, { kind: 'touched' }, { kind: 'language_chosen', language: 'en' }, ...actions);
        const busy = answered && model.visit ? take(model, { kind: 'placed', cartId: model.visit.cart.id, result: ok({ kind: 'placed', order: view({}) }) }).model : model;
        const end = take(busy, { kind: 'idle_ended' }).model;
        expect(end).toEqual(idle);
        expect(JSON.stringify(end)).not.toContain(secretPhone);
      }),
    );
  });

  it('never sends a second payment for an order whose first is under way', () => {
    fc.assert(
      fc.property(fc.array(someAction.filter((action) => action.kind !== 'told'), { maxLength: 30 }), (actions) => {
        const { effects } = take(placed(view({})).model, ...actions);
        expect(effects.filter(({ kind }) => kind === 'pay')).toEqual([]);
      }),
    );
  });
});
