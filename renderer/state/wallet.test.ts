import { describe, expect, it } from 'vitest';
import { codedError } from '../../domain/contract/errors.ts';
import type { KioskStatus } from '../../domain/contract/kiosk.ts';
import type { NumberView } from '../../domain/contract/number.ts';
import type { OrderView, PaymentView } from '../../domain/order/view.ts';
import { err, ok } from '../../domain/result.ts';
import type { Action } from './action.ts';
import { idleRule } from './idle.ts';
import type { Model } from './model.ts';
import { numberKey } from './numbers.ts';
import { wantsScanner } from './scanned.ts';
import { catalogue, createTake, monotonicMs, openPage, orderId, orderView, status } from './testing/shop-rig.ts';
import { canPayNow, stateOf, waysOf } from './ways.ts';

const take = createTake();
const both: KioskStatus['wallets'] = [{ wallet: 'wechat', state: 'ready' }, { wallet: 'alipay', state: 'away' }];
const told = (part: Partial<KioskStatus>): Action => ({ kind: 'told', event: { name: 'status', payload: { ...status, wallets: both, ...part } } });
const order = (payment: PaymentView, part: Partial<OrderView> = {}): Action => ({ kind: 'told', event: { name: 'order', payload: orderView({ state: 'awaiting_payment', payment, ...part }) } });
const shown: Extract<PaymentView, { kind: 'wallet' }> = { kind: 'wallet', wallet: 'wechat', mode: 'shown', step: 'show', code: 'weixin://pay', leftMs: 60_000, sinceMs: 0, cancelRequested: false };
const review = take(openPage(take), told({}), { kind: 'touched' }, { kind: 'language_chosen', language: 'en' }, { kind: 'offer_added', offerId: 'cola' }, { kind: 'checkout_opened' }).model;
const placed = (model: Model): Action => ({ kind: 'placed', cartId: model.visit!.cart.id, result: ok({ kind: 'placed', order: orderView() }) });
const paying = (tender: 'wechat' | 'alipay' | 'card' = 'wechat') => {
  const sent = take(review, { kind: 'order_sent', tender });
  return take(sent.model, placed(sent.model));
};

describe('the ways to pay', () => {
  it('stand with the card last, each with what it can do now', () => {
    expect(waysOf({ ...status, wallets: both, card: 'unavailable' })).toEqual([{ tender: 'wechat', state: 'ready' }, { tender: 'alipay', state: 'away' }, { tender: 'card', state: 'away' }]);
    expect(stateOf({ ...status, wallets: [] }, 'wechat')).toBe('none');
  });

  it('are enough where one of them works', () => {
    expect(canPayNow({ wallets: both, card: 'held' })).toBe(true);
    expect(canPayNow({ wallets: [{ wallet: 'wechat', state: 'away' }], card: 'unavailable' })).toBe(false);
  });
});

describe('an order that is sent with a wallet', () => {
  it('is placed and paid by it, with one tap', () => {
    const { model, effects } = paying();
    expect(effects).toEqual([{ kind: 'pay', orderId, tender: 'wechat' }]);
    expect(model.visit?.stage).toMatchObject({ kind: 'pay', tender: 'wechat', starting: true });
  });

  it('is not sent while that wallet is away, nor with one that is not offered', () => {
    expect(take(review, { kind: 'order_sent', tender: 'alipay' }).effects).toEqual([]);
    const alone = take(review, told({ wallets: [] })).model;
    expect(take(alone, { kind: 'order_sent', tender: 'wechat' }).effects).toEqual([]);
  });

  it('goes where the card is away, and the card where the wallets are', () => {
    const noCard = take(review, told({ card: 'unavailable' })).model;
    expect(take(noCard, { kind: 'order_sent', tender: 'wechat' }).effects).toMatchObject([{ kind: 'place' }]);
    expect(take(noCard, { kind: 'order_sent', tender: 'card' }).effects).toEqual([]);
  });

  it('that was refused for its total is sent again the same way', () => {
    const sent = take(review, { kind: 'order_sent', tender: 'wechat' }).model;
    const refusal = { code: 'total_changed', text: { zh: '价', en: 'Price' }, suggestion: { kind: 'accept_total', total: orderView().total } } as const;
    const refused = take(sent, { kind: 'placed', cartId: sent.visit!.cart.id, result: ok({ kind: 'refused', refusals: [refusal], available: {} }) }).model;
    const again = take(refused, { kind: 'refusal_mended', refusal: refused.visit!.sheet!.kind === 'refusals' ? refused.visit!.sheet!.refusals[0]! : refusal }).model;
    expect(again.visit?.stage).toMatchObject({ kind: 'checkout', placing: true, tender: 'wechat' });
  });
});

describe('a payment by phone', () => {
  const running = () => take(paying().model, order(shown)).model;

  it('is not disturbed by the question whether somebody is there: its code must stay in sight', () => {
    expect(idleRule(running())).toEqual({ kind: 'wait' });
  });

  it('lets its time run from when core told it', () => {
    expect(running().visit?.stage).toMatchObject({ kind: 'pay', toldAt: monotonicMs, order: { payment: { leftMs: 60_000 } } });
  });

  it('wants the scanner while its code is shown or it is to be paid, and at no other time', () => {
    expect(wantsScanner(running())).toBe(true);
    expect(wantsScanner(take(running(), order({ kind: 'due', last: 'too_late', tender: 'wechat' })).model)).toBe(true);
    for (const payment of [{ ...shown, step: 'confirm' }, { ...shown, step: 'checking' }, { ...shown, step: 'starting' }, { ...shown, cancelRequested: true }] as const) {
      expect(wantsScanner(take(running(), order(payment)).model)).toBe(false);
    }
  });

  it('is cancelled once, and whoever was not there any more has it stopped before the order is given up', () => {
    const cancel: Action = { kind: 'payment_cancelled' };
    expect(take(running(), cancel).effects).toEqual([{ kind: 'cancel_payment', orderId }]);
    expect(take(running(), order({ ...shown, cancelRequested: true }), cancel).effects).toEqual([]);
    const left = take(running(), { kind: 'idle_ended' });
    expect(left.effects).toEqual([{ kind: 'cancel_payment', orderId }]);
    expect(take(left.model, order({ kind: 'due', last: 'cancelled', tender: 'wechat' })).effects).toEqual([{ kind: 'cancel_order', orderId }]);
  });

  it('that a code at the scanner began is that wallet’s, whatever was tried before', () => {
    const due = take(paying('card').model, order({ kind: 'due', last: 'declined', tender: 'card' })).model;
    const read = take(due, order({ ...shown, wallet: 'alipay', mode: 'read', step: 'starting' })).model;
    expect(read.visit?.stage).toMatchObject({ kind: 'pay', tender: 'alipay' });
  });

  it('refused does not count as a card that was declined', () => {
    const due = order({ kind: 'due', last: 'declined', tender: 'wechat', refusal: 'not_enough' });
    expect(take(running(), due, order(shown), due, order(shown), due).model.visit?.stage).toMatchObject({ declines: 0 });
  });

  it('is tried again by the way that is chosen then', () => {
    const due = take(running(), order({ kind: 'due', last: 'too_late', tender: 'wechat' })).model;
    expect(take(due, { kind: 'pay_again', tender: 'card' }).effects).toEqual([{ kind: 'pay', orderId, tender: 'card' }]);
    expect(take(due, { kind: 'pay_again' }).effects).toEqual([{ kind: 'pay', orderId, tender: 'wechat' }]);
  });

  it('that core lost sight of is being looked into, by its name', () => {
    const after = take(running(), { kind: 'connected' }, { kind: 'opened', result: ok({ status: { ...status, wallets: both } }) }).model;
    expect(after.visit?.stage).toMatchObject({ order: { payment: { kind: 'unknown', tender: 'wechat' } } });
  });

  it('and its page that came back are one: the way it is paid is known from core', () => {
    const anew = take(openPage(take), { kind: 'connected' }, { kind: 'opened', result: ok({ status, order: orderView({ state: 'awaiting_payment', payment: shown }) }) }).model;
    expect(anew.visit?.stage).toMatchObject({ kind: 'pay', tender: 'wechat' });
  });

  it('keeps what it was paid with for the result, also while the money goes back', () => {
    const paid = take(running(), order({ kind: 'paid', tender: 'wechat', transactionId: '42' }, { state: 'paid' })).model;
    expect(paid.visit?.stage).toMatchObject({ kind: 'result', tender: 'wechat' });
    expect(take(paid, order({ kind: 'returned' }, { state: 'refunded' })).model.visit?.stage).toMatchObject({ kind: 'result', tender: 'wechat' });
  });
});

describe('a payment code that is held before the scanner', () => {
  const codeOf = (wallet: 'wechat' | 'alipay'): Action => ({ kind: 'told', event: { name: 'scanned', payload: { kind: 'payment_code', wallet } } });
  const code = codeOf('wechat');
  it('is answered by what can be done with it here', () => {
    expect(take(review, code).model.notice?.kind).toBe('payment_code_early');
    expect(take(take(review, told({ wallets: [{ wallet: 'wechat', state: 'away' }] })).model, code).model.notice?.kind).toBe('payment_code_away');
    expect(take(take(review, told({ wallets: [] })).model, code).model.notice?.kind).toBe('payment_code');
    const due = take(paying().model, order({ kind: 'due', last: 'too_late', tender: 'wechat' })).model;
    expect(take(due, code).model.notice).toBeUndefined();
  });

  it('of a wallet that is away, or not taken here, is told so by name while the others go on', () => {
    const due = take(paying().model, order({ kind: 'due', last: 'too_late', tender: 'wechat' })).model;
    for (const model of [review, due, take(paying().model, order(shown)).model]) {
      expect(take(model, codeOf('alipay')).model.notice).toMatchObject({ kind: 'payment_code_of_away', wallet: 'alipay' });
      expect(take(take(model, told({ wallets: [{ wallet: 'wechat', state: 'ready' }] })).model, codeOf('alipay')).model.notice).toMatchObject({ kind: 'payment_code_of_none', wallet: 'alipay' });
    }
  });

  it('while the terminal waits for a card says how to pay by phone', () => {
    const running = take(paying('card').model, order({ kind: 'running', message: 'present_card', sinceMs: 0, cancelRequested: false })).model;
    expect(take(running, code).model.notice?.kind).toBe('payment_code_card');
  });

  it('is never called unused where it may be the one that is being charged, or has paid', () => {
    const read = take(paying().model, order({ ...shown, mode: 'read', step: 'confirm' })).model;
    const unknown = take(paying().model, order({ kind: 'unknown', tender: 'wechat' }, { state: 'payment_unknown' })).model;
    const paid = take(paying().model, order({ kind: 'paid', tender: 'wechat' }, { state: 'paid' })).model;
    for (const model of [read, unknown, paid]) {
      expect(take(model, code).model.notice).toBeUndefined();
      expect(take(take(model, told({ wallets: [{ wallet: 'wechat', state: 'away' }] })).model, code).model.notice).toBeUndefined();
    }
  });
});

describe('whose number it is', () => {
  const topUp = catalogue.offers.find(({ id }) => id === 'top-up-50')!;
  const number = '13912345678';
  const found: NumberView = { kind: 'found', owner: '张*' };
  const sheet = take(review, { kind: 'back' }, { kind: 'offer_opened', offerId: topUp.id }, { kind: 'part_done' }).model;
  const type = (value: string): Action => ({ kind: 'field_typed', fieldId: 'phone', value });
  const answer = (value: NumberView): Action => ({ kind: 'number_answered', offerId: topUp.id, number, result: ok(value) });
  const asked = { kind: 'look_up_number', offerId: topUp.id, number };

  it('is asked when the number is whole, once, and not while HQ is away', () => {
    expect(take(sheet, type('1391234567')).effects).toEqual([]);
    expect(take(sheet, type(number)).effects).toEqual([asked]);
    expect(take(sheet, type(number), type('1391234567'), type(number)).effects).toEqual([asked]);
    expect(take(sheet, told({ hq: 'away' }), type(number)).effects).toEqual([]);
  });

  it('is kept with the visit and goes with it', () => {
    const known = take(sheet, type(number), answer(found)).model;
    expect(known.visit?.numbers).toEqual({ [numberKey(topUp.id, number)]: found });
    expect(take(known, { kind: 'idle_ended' }, answer(found)).model.visit).toBeUndefined();
    const next = take(known, { kind: 'idle_ended' }, { kind: 'touched' }, answer(found)).model;
    expect(next.visit?.numbers).toEqual({});
  });

  it('that nobody could say is asked again when it is typed again', () => {
    const failed: Action = { kind: 'number_answered', offerId: topUp.id, number, result: err(codedError('INTERNAL')) };
    expect(take(sheet, type(number), failed, type('139'), type(number)).effects).toEqual([asked, asked]);
  });

  it('is asked of no number that a courier calls', () => {
    const delivery = catalogue.offers.find(({ fulfilment }) => fulfilment.kind === 'delivery')!;
    const open = take(review, { kind: 'back' }, { kind: 'offer_opened', offerId: delivery.id }, { kind: 'field_typed', fieldId: 'contact-phone', value: number });
    expect(open.effects).toEqual([]);
    expect(open.model.visit?.sheet).toMatchObject({ kind: 'offer', draft: { line: { form: { 'contact-phone': number } } } });
  });
});
