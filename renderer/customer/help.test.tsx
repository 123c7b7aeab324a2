import { renderToStaticMarkup } from 'react-dom/server';
import { describe, expect, it } from 'vitest';
import catalogueFile from '../../config/catalogue.json';
import type { Question } from '../../domain/catalogue/catalogue.ts';
import { catalogueSchema } from '../../domain/catalogue/catalogue.ts';
import type { HelpView } from '../../domain/contract/kiosk.ts';
import { languages } from '../../domain/language.ts';
import type { Language } from '../../domain/language.ts';
import type { Tender } from '../../domain/payment/tender.ts';
import { wordsOf } from '../i18n/language.ts';
import type { Model, Sheet, Stage } from '../state/model.ts';
import { catalogue, createTake, openPage, orderView, shopfrontOf, status } from '../state/testing/shop-rig.ts';
import { dutyHours } from './help-hours.ts';
import { helpPlace } from './help-place.ts';
import { findQuestions } from './help-search.ts';
import { HelpContent } from './help.tsx';
import { KioskProvider } from './kiosk-context.tsx';

const questions: readonly Question[] = [
  { id: 'credit', question: { zh: '话费多久到账？', en: 'How soon is my top-up credited?' }, answer: { zh: '一般一分钟。', en: 'Usually a minute.' }, words: ['充值'] },
  { id: 'receipt', question: { zh: '小票没打出来怎么办？', en: 'What if no receipt came out?' }, answer: { zh: '扫码保存，充值的也一样。', en: 'Scan the code.' } },
];
const help = { phone: '021-5555 0024', onDuty: [{ days: [1, 2, 3, 4, 5], from: '08:00', to: '22:00' }] };

function modelOf(language: Language, part: Partial<Model> = {}, stage?: Stage, under?: Sheet): Model {
  const take = createTake();
  const { model } = take(openPage(take, shopfrontOf({ catalogue: { ...catalogue, questions: [...questions] }, help })), { kind: 'touched' }, { kind: 'language_chosen', language });
  const visit = { ...model.visit!, ...(stage ? { stage } : {}), sheet: { kind: 'help', questionId: undefined, under } as const };
  return { ...model, visit, ...part };
}

function shown(model: Model, questionId?: string): string {
  const store = { getModel: () => model, dispatch: () => {}, subscribe: () => () => {} };
  return renderToStaticMarkup(<KioskProvider store={store}><HelpContent questionId={questionId} /></KioskProvider>);
}

const pay = (part: Parameters<typeof orderView>[0], starting = false, tender: Tender = 'card'): Stage => ({ kind: 'pay', order: orderView(part), pickup: ['goods'], tender, toldAt: 0, starting, ending: 'no', trouble: false, declines: 0 });
const states: readonly HelpView[] = [{ kind: 'none' }, { kind: 'calling' }, { kind: 'answered' }, { kind: 'nobody', reason: 'off_duty' }, { kind: 'nobody', reason: 'unreachable' }];

describe.each(languages)('help (%s)', (language) => {
  const words = wordsOf[language].finish.help;

  it('says what to do here, what people ask, and how to reach a person by telephone', () => {
    const html = shown(modelOf(language));
    for (const step of words.steps.home) expect(html).toContain(step);
    for (const { question } of questions) expect(html).toContain(question[language]);
    expect(html).toContain(help.phone);
    expect(html).toContain('08:00–22:00');
  });

  it('opens a question with its answer, and keeps the person at hand', () => {
    const html = shown(modelOf(language), 'credit');
    expect(html).toContain(questions[0]!.answer[language]);
    expect(html).not.toContain(questions[1]!.question[language]);
    expect(html).toContain(words.call);
  });

  it.each(states)('says honestly where a call stands: $kind $reason', (state) => {
    const html = shown(modelOf(language, { help: state }));
    const { title } = state.kind === 'nobody' ? words.nobody[state.reason] : words.state[state.kind];
    expect(html).toMatch(new RegExp(`role="status"[^]*${title.replace('?', '\\?')}`));
    expect(html).toContain(help.phone);
    const isCalled = state.kind === 'calling' || state.kind === 'answered';
    expect(html.includes(`${words.call}</button>`)).toBe(!isCalled);
    expect(html.includes(words.stop)).toBe(isCalled);
  });

  it('gives what whoever comes has written, in the customer’s language', () => {
    const html = shown(modelOf(language, { help: { kind: 'answered', words: { zh: '小李三分钟到', en: 'Li comes in three minutes' } } }));
    expect(html).toContain({ zh: '小李三分钟到', en: 'Li comes in three minutes' }[language]);
  });

  it('has steps for each place that a customer can be at', () => {
    for (const steps of Object.values(words.steps)) expect(steps.length).toBeGreaterThan(0);
  });
});

describe('where a customer stands', () => {
  it.each<[string, Stage, Sheet | undefined, string]>([
    ['a screen', { kind: 'search' }, undefined, 'search'],
    ['a card at the terminal', pay({ payment: { kind: 'running', message: 'present_card', sinceMs: 0, cancelRequested: false } }), undefined, 'pay'],
    ['a payment that begins', pay({ payment: { kind: 'due', last: 'declined' } }, true), undefined, 'pay'],
    ['a declined card', pay({ payment: { kind: 'due', last: 'declined' } }), undefined, 'pay_due'],
    ['a payment by phone', pay({ payment: { kind: 'wallet', wallet: 'wechat', mode: 'shown', step: 'show', leftMs: 1, sinceMs: 0, cancelRequested: false } }, false, 'wechat'), undefined, 'pay_wallet'],
    ['a payment nobody knows of', pay({ payment: { kind: 'unknown', tender: 'card' } }), undefined, 'pay_unknown'],
    ['a sheet under help', { kind: 'checkout', placing: false, trouble: false }, { kind: 'refusals', refusals: [] }, 'refusals'],
    ['the words about an order', { kind: 'result', order: orderView(), pickup: [], tender: 'card', feedback: 'open' }, { kind: 'feedback', draft: { stars: undefined, chips: [], words: '' } }, 'feedback'],
  ])('is found: %s', (_, stage, under, place) => {
    expect(helpPlace(modelOf('en', {}, stage, under))).toBe(place);
  });

  it('knows of the wallets where there are some', () => {
    const wallets: Partial<Model> = { status: { ...status, wallets: [{ wallet: 'alipay', state: 'ready' }] } };
    expect(helpPlace(modelOf('en', wallets, { kind: 'checkout', placing: false, trouble: false }))).toBe('checkout_ways');
    expect(helpPlace(modelOf('en', wallets, pay({ payment: { kind: 'due', last: 'too_late', tender: 'alipay' } })))).toBe('pay_wallet_due');
    expect(helpPlace(modelOf('en', {}, { kind: 'checkout', placing: false, trouble: false }))).toBe('checkout');
  });

  it('is the part of an offer that help was asked at, also while something else of it is open', () => {
    const offer = catalogue.offers.find(({ form }) => form.some(({ kind }) => kind === 'phone'))!;
    const line = { id: 'a', offerId: offer.id, quantity: 1, choices: {}, form: {} };
    const at = (part: number) => helpPlace(modelOf('zh', {}, { kind: 'home' }, { kind: 'offer', draft: { line, changing: false, part, tried: false } }));
    expect(at(0)).toBe('offer');
    expect(at(1)).toBe('phone');
  });
});

describe('hours on duty', () => {
  const zh = wordsOf.zh.finish.help;
  const en = wordsOf.en.finish.help;

  it('name days in a row as a span, others one by one, and every day not at all', () => {
    expect(dutyHours([{ days: [1, 2, 3, 4, 5], from: '08:00', to: '22:00' }, { days: [6], from: '10:00', to: '16:00' }], zh)).toBe('周一至周五 08:00–22:00、周六 10:00–16:00');
    expect(dutyHours([{ days: [7, 1, 3], from: '09:00', to: '12:00' }], en)).toBe('Mon, Wed, Sun 09:00–12:00');
    expect(dutyHours([{ from: '06:00', to: '23:00' }], zh)).toBe('06:00–23:00');
  });

  it('say when they end on the next day, and that somebody is always there', () => {
    expect(dutyHours([{ from: '18:00', to: '02:00' }], en)).toBe('18:00–02:00 the next day');
    expect(dutyHours([], en)).toBe(en.always);
  });
});

describe('questions', () => {
  const found = (typed: string) => findQuestions(questions, typed).map(({ id }) => id);

  it('are found by words of either language, in any order, and by further words', () => {
    expect(found('到账 话费')).toEqual(['credit']);
    expect(found('多久到账')).toEqual(['credit']);
    expect(found('RECEIPT')).toEqual(['receipt']);
    expect(found('top up')).toEqual(['credit']);
  });

  describe('of the sample catalogue', () => {
    const sample = catalogueSchema.parse(catalogueFile).questions;
    const answerOf = (id: string) => sample.find((question) => question.id === id)!.answer;

    it.each(['微信', '支付宝', 'wechat', 'alipay', '刷卡'])('tell of every way to pay where %s is looked for', (typed) => {
      expect(findQuestions(sample, typed)[0]?.id).toBe('how-to-pay');
      for (const text of Object.values(answerOf('how-to-pay'))) expect(text).toMatch(/微信[^]*银行卡|WeChat[^]*Card/);
    });

    it.each(languages)('say the same of a delivery wherever they speak of it, and name what stands on the screen (%s)', (language) => {
      const days = { zh: /二至五天/, en: /two to five days/ }[language];
      expect([answerOf('pickup')[language], answerOf('delivery-time')[language]].filter((text) => days.test(text))).toHaveLength(2);
      expect(answerOf('bigger-text')[language]).toContain(wordsOf[language].frame.tools.access);
      for (const { answer } of sample) expect(answer[language]).not.toMatch(/这台机器上什么也不留|to your card|填写抬头/);
    });
  });

  it('come in the order of how much they have to do with it, and all where nothing is typed', () => {
    expect(found('充值')).toEqual(['credit', 'receipt']);
    expect(found(' ')).toEqual(['credit', 'receipt']);
    expect(found('飞机')).toEqual([]);
  });
});
