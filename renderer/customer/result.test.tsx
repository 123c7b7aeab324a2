import { renderToStaticMarkup } from 'react-dom/server';
import { describe, expect, it } from 'vitest';
import type { Catalogue } from '../../domain/catalogue/catalogue.ts';
import { languages } from '../../domain/language.ts';
import type { KioskStatus } from '../../domain/contract/kiosk.ts';
import type { Language } from '../../domain/language.ts';
import type { OrderView, ServiceView } from '../../domain/order/view.ts';
import { receiptViewSchema } from '../../domain/order/view.ts';
import { wordsOf } from '../i18n/language.ts';
import type { ResultStage } from '../state/model.ts';
import { catalogue, createTake, openPage, orderView, shopfrontOf } from '../state/testing/shop-rig.ts';
import { KioskProvider } from './kiosk-context.tsx';
import { Result } from './result.tsx';

const topUp = catalogue.offers.find(({ fulfilment }) => fulfilment.kind === 'telecom')!;
const application = { ...topUp, id: 'apply', name: { zh: '宽带报装', en: 'Fibre' }, fulfilment: { kind: 'telecom', service: 'application' } } as const;
const shop: Catalogue = { ...catalogue, offers: [...catalogue.offers, application] };
const service = (part: Partial<ServiceView>): ServiceView => ({ offerId: topUp.id, name: topUp.name, state: 'asked', ...part });

function shown(language: Language, part: Partial<OrderView>, rest: Partial<ResultStage> = {}, paper: KioskStatus['paper'] = 'ready'): string {
  const take = createTake();
  const { model } = take(openPage(take, shopfrontOf({ catalogue: shop })), { kind: 'touched' }, { kind: 'language_chosen', language });
  const stage: ResultStage = { kind: 'result', order: orderView({ state: 'paid', payment: { kind: 'paid', tender: 'card' }, number: 'A042', ...part }), pickup: ['goods'], tender: 'card', feedback: 'open', ...rest };
  const current = { ...model, status: { ...model.status!, paper }, visit: { ...model.visit!, stage } };
  const store = { getModel: () => current, dispatch: () => {}, subscribe: () => () => {} };
  return renderToStaticMarkup(<KioskProvider store={store}><Result stage={stage} /></KioskProvider>);
}

describe.each(languages)('the result (%s)', (language) => {
  const words = wordsOf[language];
  const say = words.finish.result;

  it('shows the number and where to go with it, by business', () => {
    const html = shown(language, {}, { pickup: ['goods', 'food'] });
    expect(html).toMatch(/ticket__number[^>]*>A042</);
    for (const business of ['goods', 'food'] as const) expect(html).toContain(words.result.where[business]);
    expect(html).not.toContain(words.result.where.telecom);
    expect(html).toContain(words.result.paid);
  });

  it.each(receiptViewSchema.options.map(({ shape }) => shape.kind.value))('says where the receipt is, and has its code in any case: %s', (kind) => {
    const html = shown(language, { receipt: { kind } }, {}, 'unavailable');
    expect(html).toContain(words.result.receipt[kind]);
    expect(html).toContain(`aria-label="${words.result.qr}"`);
  });

  it('takes a receipt that waits its turn at a working printer for one that is printed', () => {
    expect(shown(language, { receipt: { kind: 'waiting' } })).toContain(words.result.receipt.printing);
  });

  it.each(['asked', 'pending', 'done', 'refused'] as const)('says where a service stands, to whoever looks or listens: %s', (state) => {
    const html = shown(language, { services: [service({ state })] }, { pickup: ['telecom'] });
    expect(html).toMatch(/aria-live="polite"/);
    expect(html).toContain(say.service[state].title);
    expect(html).toContain(say.service[state].text);
    // The progress says more than that there will be a message.
    expect(html).not.toContain(words.result.where.telecom);
  });

  it('says what it was paid with, a card by its last digits', () => {
    expect(shown(language, {})).toContain(words.wallet.paidBy(words.wallet.name.card));
    expect(shown(language, { payment: { kind: 'paid', tender: 'card', maskedPan: '************1234' } })).toContain(words.wallet.paidBy(words.wallet.cardEnding('1234')));
    expect(shown(language, { payment: { kind: 'paid', tender: 'alipay', transactionId: '42' } }, { tender: 'alipay' })).toContain(words.wallet.paidBy(words.wallet.name.alipay));
  });

  it('says where the money goes back to, by what it was paid with', () => {
    const back = (kind: 'returning' | 'returned', tender: ResultStage['tender']) => shown(language, { payment: { kind }, state: kind === 'returned' ? 'refunded' : 'paid' }, { tender });
    expect(back('returned', 'card')).toContain(say.refunded);
    expect(back('returned', 'wechat')).toContain(words.wallet.refunded(words.wallet.name.wechat));
    expect(back('returning', 'wechat')).toContain(words.wallet.refunding(words.wallet.name.wechat));
    expect(back('returned', undefined)).toContain(words.wallet.refunded(undefined));
  });

  it.each(['returning', 'returned', 'by_person'] as const)('says of a refused service where its money is: %s', (money) => {
    const html = shown(language, { services: [service({ state: 'refused', money })], payment: { kind: 'paid', tender: 'wechat' } }, { tender: 'wechat' });
    expect(html).toContain(words.wallet.serviceMoney[money](words.wallet.name.wechat));
    expect(html).not.toContain(say.service.refused.text);
  });

  it('does not thank alone where a service was refused, and has its progress above the number', () => {
    const html = shown(language, { services: [service({ state: 'refused' })] }, { pickup: ['goods', 'telecom'] });
    expect(html).toContain(say.paidNotDone);
    expect(html).not.toContain(words.result.paid);
    expect(html.indexOf(say.service.refused.title)).toBeLessThan(html.indexOf('ticket__number'));
    expect(shown(language, { payment: { kind: 'free' }, services: [service({ state: 'refused' })] }, { pickup: ['telecom'] })).toContain(`>${say.notDone}<`);
  });

  it('has no empty stub where the progress says all there is', () => {
    expect(shown(language, { services: [service({ state: 'asked' })] }, { pickup: ['telecom'] })).not.toContain('ticket__places');
  });

  it('promises no money back where none was paid', () => {
    const html = shown(language, { payment: { kind: 'free' }, services: [service({ state: 'refused' })] }, { pickup: ['telecom'] });
    expect(html).toContain(say.refusedFree);
    expect(html).not.toContain(say.service.refused.text);
  });

  it('gives the carrier’s number of what is done', () => {
    expect(shown(language, { services: [service({ state: 'done', reference: 'CM-778' })] })).toContain(say.serviceReference('CM-778'));
  });

  it('has an application’s reference in place of the number, once there is one', () => {
    const applied = (part: Partial<ServiceView>) => shown(language, { payment: { kind: 'free' }, services: [service({ offerId: 'apply', name: application.name, ...part })] }, { pickup: ['telecom'] });
    const done = applied({ state: 'done', reference: 'BB20261122-17' });
    expect(done).toContain(say.reference);
    expect(done).toMatch(/ticket__number[^>]*>BB20261122-17</);
    expect(done).toContain(say.applied.title);
    expect(applied({ state: 'asked' })).toMatch(/ticket__number[^>]*>A042</);
    // Whoever fetches something with it needs the order's own.
    const withFood = shown(language, { services: [service({ offerId: 'apply', name: application.name, state: 'done', reference: 'BB20261122-17' })] }, { pickup: ['telecom', 'food'] });
    expect(withFood).toMatch(/ticket__number[^>]*>A042</);
    expect(withFood).toContain(say.serviceReference('BB20261122-17'));
  });

  it('says that money goes back in place of where to fetch anything', () => {
    const html = shown(language, { state: 'refunded', payment: { kind: 'returning' } });
    expect(html).toContain(say.returningTitle);
    expect(html).not.toContain(words.result.refunded);
    expect(html).toContain(say.returning);
    expect(html).toContain(words.result.orderNumber);
    expect(html).not.toContain(words.result.number);
    expect(html).not.toContain(words.result.where.goods);
    const returned = shown(language, { state: 'refunded', payment: { kind: 'returned' } });
    expect(returned).toContain(say.refunded);
    expect(returned).toContain(words.result.refunded);
  });

  it('looks as open as it is: a clock while money goes back, done when it has, with another sign than what was bought', () => {
    const head = (part: Partial<OrderView>) => /<span class="(result__check[^"]*)"[^>]*>(.*?)<\/span>/.exec(shown(language, part))!.slice(1);
    const [returning, returned, paid] = [{ payment: { kind: 'returning' } } as const, { state: 'refunded', payment: { kind: 'returned' } } as const, {}].map(head);
    expect(returning![0]).toContain('result__check--open');
    expect([returned![0], paid![0]]).toEqual(['result__check', 'result__check']);
    expect(new Set([returning![1], returned![1], paid![1]]).size).toBe(3);
    const clock = head({ state: 'refunded', payment: { kind: 'returning' } });
    expect(clock).toEqual(returning);
  });

  it('says when it leaves by itself', () => {
    expect(shown(language, {})).toContain(say.leaving(30));
  });

  it('asks how it was by five radios with words, and thanks once it is told', () => {
    const { feedback } = words.finish;
    const open = shown(language, {});
    expect(open).toMatch(/role="radiogroup"/);
    for (const [index, word] of feedback.stars.entries()) expect(open).toContain(`aria-label="${feedback.star(index + 1, word)}"`);
    expect(open).not.toContain(feedback.thanks.title);
    const given = shown(language, {}, { feedback: 'given' });
    expect(given).toContain(feedback.thanks.title);
    expect(given).not.toContain('radiogroup');
  });
});
