import { describe, expect, it } from 'vitest';
import { maxCartLines } from '../../domain/cart/cart.ts';
import type { Scanned } from '../../domain/contract/kiosk.ts';
import { err, ok } from '../../domain/result.ts';
import type { Action } from './action.ts';
import type { Model, ScanNoticeKind } from './model.ts';
import { noModel, screenOf } from './model.ts';
import { wantsScanner } from './scanned.ts';
import { catalogue, createTake, openPage, orderView, shopfrontOf, status } from './testing/shop-rig.ts';

const shopfront = shopfrontOf({ available: { cola: 2, soap: 0 } });
const steps = createTake();
const take = (model: Model, ...actions: readonly Action[]): Model => steps(model, ...actions).model;
const order = orderView();
const withOptions = catalogue.offers.find(({ options }) => options.length > 0)!;
const scanned = (payload: Scanned): Action => ({ kind: 'told', event: { name: 'scanned', payload } });
const offer = (offerId: string) => scanned({ kind: 'offer', offerId });
const idle = openPage(steps, shopfront);
const asking = take(idle, { kind: 'touched' });
const home = take(asking, { kind: 'language_chosen', language: 'en' });
const offers = take(home, { kind: 'category_opened', categoryId: 'drinks' });
const cart = take(home, { kind: 'offer_added', offerId: 'cola' }, { kind: 'cart_opened' });
const checkout = take(cart, { kind: 'checkout_opened' });
const placing = take(checkout, { kind: 'order_sent' });
const starting = take(placing, { kind: 'placed', cartId: placing.visit!.cart.id, result: ok({ kind: 'placed', order }) });
const running = take(starting, { kind: 'pay_answered', orderId: order.id, result: ok({ ...order, payment: { kind: 'running', message: 'present_card', sinceMs: 0, cancelRequested: false } }) });
const due = take(starting, { kind: 'pay_answered', orderId: order.id, result: ok({ ...order, payment: { kind: 'due', last: 'declined' } }) });
const unknown = take(running, { kind: 'told', event: { name: 'order', payload: { ...order, state: 'payment_unknown', payment: { kind: 'unknown', tender: 'card' } } } });
const result = take(starting, { kind: 'told', event: { name: 'order', payload: { ...order, state: 'paid', payment: { kind: 'paid', tender: 'card', maskedPan: '************1234' } } } });
const lines = (model: Model) => model.visit?.cart.lines.map(({ offerId, quantity }) => [offerId, quantity]);

describe('an offer that is scanned', () => {
  it('before the first touch begins the visit, lies in the cart, and is said to who does not see it', () => {
    const model = take(idle, offer('cola'));
    expect(screenOf(model).kind).toBe('cart');
    expect(model.visit).toMatchObject({ language: 'zh', said: { offerId: 'cola', times: 1 }, sheet: undefined });
    expect(lines(model)).toEqual([['cola', 1]]);
  });

  it('while the language is asked for goes into the cart, too', () => {
    const model = take(asking, offer('cola'));
    expect([screenOf(model).kind, lines(model)]).toEqual(['cart', [['cola', 1]]]);
  });

  it.each([['home', home], ['offers', offers], ['cart', cart]] as const)('while the customer looks around (%s) is added where they are', (kind, model) => {
    const next = take(model, offer('tissues'));
    expect(screenOf(next).kind).toBe(kind);
    expect(lines(next)).toContainEqual(['tissues', 1]);
  });

  it('while the order is being reviewed leads back to the cart', () => {
    const next = take(checkout, offer('tissues'));
    expect([screenOf(next).kind, lines(next)]).toEqual(['cart', [['cola', 1], ['tissues', 1]]]);
  });

  it('twice counts twice', () => {
    expect(lines(take(idle, offer('tissues'), offer('tissues')))).toEqual([['tissues', 2]]);
  });

  it('with something to choose opens its sheet, also before the first touch', () => {
    for (const from of [idle, asking, home, cart]) {
      const model = take(from, offer(withOptions.id));
      expect(model.visit?.sheet).toMatchObject({ kind: 'offer', draft: { line: { offerId: withOptions.id }, changing: false } });
      expect(['home', 'cart']).toContain(screenOf(model).kind);
      const kept = take(model, { kind: 'part_done' });
      expect(kept.visit?.cart.lines.some(({ offerId }) => offerId === withOptions.id) || kept.visit?.sheet?.kind === 'offer').toBe(true);
    }
  });

  it.each(['placing', 'starting', 'running', 'due', 'result'] as const)('after the order was sent (%s) changes nothing of it', (name) => {
    const model = { placing, starting, running, due, result }[name];
    const next = take(model, offer('tissues'));
    expect([next.visit?.cart, next.visit?.stage, next.notice]).toEqual([model.visit?.cart, model.visit?.stage, undefined]);
  });

  it('behind a sheet that asks something changes nothing', () => {
    const leaving = take(cart, { kind: 'back' }, { kind: 'back' });
    const choosing = take(home, { kind: 'offer_opened', offerId: withOptions.id });
    for (const model of [leaving, choosing].filter(({ visit }) => visit?.sheet)) {
      const next = take(model, offer('tissues'));
      expect([next.visit?.cart, next.visit?.sheet, next.notice]).toEqual([model.visit?.cart, model.visit?.sheet, undefined]);
    }
  });

  it('answers "are you still there?" and counts as well', () => {
    const warned = take(cart, { kind: 'idle_warned', endsAt: 1 });
    const next = take(warned, offer('tissues'));
    expect(next.visit?.endsAt).toBeUndefined();
    expect(lines(next)).toContainEqual(['tissues', 1]);
  });
});

describe('what cannot be done is said', () => {
  const notice = (model: Model): readonly [ScanNoticeKind | undefined, string | undefined] => [model.notice?.kind, model.notice?.offerId];

  it('sold out, and no visit begins for it', () => {
    const model = take(idle, offer('soap'));
    expect([screenOf(model).kind, notice(model)]).toEqual(['attract', ['sold_out', 'soap']]);
  });

  it('no more than the shelf has or one order may hold', () => {
    expect(notice(take(home, offer('cola'), offer('cola'), offer('cola')))).toEqual(['no_more', 'cola']);
    const most = catalogue.offers.find(({ id }) => id === 'tissues')!.maxPerOrder;
    const full = take(home, ...Array.from({ length: most + 1 }, () => offer('tissues')));
    expect([notice(full), lines(full)]).toEqual([['no_more', 'tissues'], [['tissues', most]]]);
  });

  it('a full cart takes nothing new', () => {
    const many = Array.from({ length: maxCartLines }, (_, index) => ({ id: `line-${index}`, offerId: 'top-up-50', quantity: 1, choices: {}, form: { phone: `139${String(index).padStart(8, '0')}` } }));
    const full: Model = { ...home, visit: { ...home.visit!, cart: { ...home.visit!.cart, lines: many } } };
    const next = take(full, offer('tissues'));
    expect([notice(next), next.visit?.cart]).toEqual([['cart_full', 'tissues'], full.visit?.cart]);
  });

  it.each(['unknown_product', 'pickup_code', 'staff_card', 'payment_code', 'unknown_code'] as const)('%s, before the first touch and while somebody shops, and it changes nothing else', (kind) => {
    for (const model of [idle, home, cart, checkout]) {
      const next = take(model, scanned(kind === 'payment_code' ? { kind, wallet: 'wechat' } : { kind }));
      expect(notice(next)).toEqual([kind, undefined]);
      expect([screenOf(next), next.visit?.cart, next.visit?.sheet]).toEqual([screenOf(model), model.visit?.cart, model.visit?.sheet]);
    }
  });

  it('an offer that the page does not know (yet) is an unknown product', () => {
    expect(notice(take(home, offer('not-here')))).toEqual(['unknown_product', undefined]);
  });

  it('a payment code while an order is due, while the terminal waits for a card, and when the payment is unknown or done', () => {
    for (const model of [due, running, unknown, result]) {
      const next = take(model, scanned({ kind: 'payment_code', wallet: 'wechat' }));
      expect([notice(next)[0], next.visit?.stage]).toEqual(['payment_code', model.visit?.stage]);
    }
    expect(notice(take(due, scanned({ kind: 'unknown_code' })))[0]).toBeUndefined();
  });

  it('goes away by its own time, not by that of the one before, by the next thing that fits, and with the customer', () => {
    const first = take(home, scanned({ kind: 'unknown_code' }));
    const second = take(first, scanned({ kind: 'unknown_code' }));
    expect(take(second, { kind: 'notice_over', times: first.notice!.times }).notice).toBeDefined();
    expect(take(second, { kind: 'notice_over', times: second.notice!.times }).notice).toBeUndefined();
    expect(take(second, offer('tissues')).notice).toBeUndefined();
    expect(take(second, { kind: 'idle_ended' })).toEqual(idle);
  });

  it('nothing is said while the kiosk is out of service or starting', () => {
    const out = take(idle, { kind: 'told', event: { name: 'status', payload: { ...status, service: { kind: 'out_of_service', reason: { code: 'STORE_FAILED', detail: '' } } } } });
    for (const model of [out, noModel]) expect(take(model, scanned({ kind: 'unknown_code' }), offer('cola'))).toEqual(model);
  });
});

it('the scanner is wanted where a code is of use, and nowhere else', () => {
  const trouble = take(placing, { kind: 'placed', cartId: placing.visit!.cart.id, result: err({ code: 'INTERNAL', detail: '' }) });
  for (const model of [idle, asking, home, offers, cart, checkout, trouble, due]) expect([screenOf(model).kind, wantsScanner(model)]).toEqual([screenOf(model).kind, true]);
  const choosing = take(home, { kind: 'offer_opened', offerId: withOptions.id });
  const leaving = take(due, { kind: 'order_given_up' });
  for (const model of [noModel, choosing, placing, starting, running, leaving, result]) expect([screenOf(model).kind, wantsScanner(model)]).toEqual([screenOf(model).kind, false]);
});
