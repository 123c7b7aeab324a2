import { renderToStaticMarkup } from 'react-dom/server';
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import type { KioskStatus } from '../../domain/contract/kiosk.ts';
import type { NumberView } from '../../domain/contract/number.ts';
import { cartIdSchema } from '../../domain/ids.ts';
import type { Language } from '../../domain/language.ts';
import { languages } from '../../domain/language.ts';
import type { PaymentView } from '../../domain/order/view.ts';
import { walletRefusals } from '../../domain/payment/tender.ts';
import { listOf } from '../i18n/areas/wallet.ts';
import { wordsOf } from '../i18n/language.ts';
import type { Model, PayStage } from '../state/model.ts';
import { noModel } from '../state/model.ts';
import { catalogue, orderView, shopfrontOf, status } from '../state/testing/shop-rig.ts';
import { monotonicNow } from '../state/monotonic.ts';
import { newVisit } from '../state/visit.ts';
import { payFact } from './checkout.tsx';
import { KioskProvider } from './kiosk-context.tsx';
import { NumberCard } from './number-card.tsx';
import { Pay } from './pay.tsx';
import { TermsPart } from './terms-part.tsx';
import { minutesOf } from './wallet-countdown.tsx';

const cartId = cartIdSchema.parse('019a0000-0000-7000-8000-000000000002');
const code = 'weixin://wxpay/bizpayurl?pr=abc';
const base: Extract<PaymentView, { kind: 'wallet' }> = { kind: 'wallet', wallet: 'wechat', mode: 'shown', step: 'show', code, leftMs: 113_000, sinceMs: 0, cancelRequested: false };
const wallets: KioskStatus['wallets'] = [{ wallet: 'wechat', state: 'ready' }, { wallet: 'alipay', state: 'away' }];

beforeEach(() => void vi.useFakeTimers());
afterEach(() => void vi.useRealTimers());

function stageOf(payment: PaymentView, rest: Partial<PayStage> = {}): PayStage {
  return { kind: 'pay', order: orderView({ payment }), pickup: ['goods'], tender: 'wechat', toldAt: monotonicNow(), starting: false, ending: 'no', trouble: false, declines: 0, ...rest };
}

function inVisit(language: Language, part: React.ReactNode, rest: Partial<Model> = {}, isHeard = false): string {
  const visit = newVisit(cartId, language, { kind: 'home' });
  const model: Model = { ...noModel, shopfront: shopfrontOf(), status: { ...status, wallets }, visit: { ...visit, speech: { ...visit.speech, on: isHeard } }, ...rest };
  const store = { getModel: () => model, dispatch: () => {}, subscribe: () => () => {} };
  return renderToStaticMarkup(<KioskProvider store={store}>{part}</KioskProvider>);
}

const shown = (language: Language, payment: PaymentView, rest: Partial<PayStage> = {}, isHeard = false) => inVisit(language, <Pay stage={stageOf(payment, rest)} />, {}, isHeard);

describe.each(languages)('a payment by phone (%s)', (language) => {
  const { wallet, pay } = wordsOf[language];
  const name = wallet.name.wechat;
  const qr = `aria-label="${wallet.code(name)}"`;

  it('shows the code with what it costs, how long it may be paid, and the other way to use the phone', () => {
    const html = shown(language, base);
    for (const text of [wallet.show(name).title, qr, wallet.orHold, '1:53', wallet.left]) expect(html).toContain(text);
    expect(html).toContain(pay.cancel);
  });

  it('says what is left as minutes and seconds, never as a time of the day', () => {
    const said = { zh: ['1 分 53 秒', '1 分 1 秒', '59 秒'], en: ['1 minute 53 seconds', '1 minute 1 second', '59 seconds'] }[language];
    for (const [at, leftMs] of [113_000, 61_000, 59_000].entries()) {
      const html = shown(language, { ...base, leftMs });
      expect(html).toContain(`<span aria-hidden="true">${minutesOf(leftMs / 1000)}</span><span class="unseen">${said[at]}</span>`);
    }
  });

  it('does not read each second aloud', () => {
    const timer = /<div class="wallet-countdown[^>]*>/.exec(shown(language, base))?.[0];
    expect(timer).toContain('role="timer"');
    expect(timer).toContain('aria-live="off"');
    expect(shown(language, { ...base, leftMs: 31_000 })).not.toContain(wallet.leftSoon(30));
    expect(shown(language, { ...base, leftMs: 29_000 })).toContain(wallet.leftSoon(30));
    expect(shown(language, { ...base, leftMs: 9_000 })).toContain(wallet.leftSoon(10));
  });

  it('tells whoever hears the screen what does not need eyes: to hold the phone’s own code there', () => {
    const html = shown(language, base, {}, true);
    expect(html).toContain(wallet.showHeard(name).title);
    expect(html).not.toContain(wallet.show(name).title);
  });

  it('takes the code away when its time is over, whether core has said so or not', () => {
    for (const payment of [{ ...base, leftMs: 0 }, { ...base, step: 'checking' as const, code: undefined }]) {
      const html = shown(language, payment as PaymentView);
      expect(html).not.toContain(qr);
      expect(html).toContain(wallet.checking(name).title);
    }
    expect(shown(language, base, { toldAt: monotonicNow() - 113_001 })).not.toContain(qr);
  });

  it('counts by what core says is left: a wall clock that is set forward or back moves nothing', () => {
    const toldAt = monotonicNow();
    vi.advanceTimersByTime(13_000);
    for (const byMs of [3_600_000, -7_200_000]) {
      vi.setSystemTime(Date.now() + byMs);
      const html = shown(language, base, { toldAt });
      expect(html).toContain('>1:40<');
      expect(html).toContain(qr);
    }
    vi.advanceTimersByTime(100_000);
    expect(shown(language, base, { toldAt })).not.toContain(qr);
  });

  it.each(['starting', 'confirm', 'checking'] as const)('never invites another payment while it is at: %s', (step) => {
    const html = shown(language, { ...base, step, mode: 'read' });
    const say = step === 'starting' ? wallet.starting.read(name) : wallet[step](name);
    expect(html).toContain(say.title);
    expect(html).not.toContain(qr);
    expect(html).not.toContain(wallet.orHold);
  });

  it('that is being cancelled asks for nothing any more', () => {
    const html = shown(language, { ...base, cancelRequested: true });
    expect(html).toContain(wallet.cancelling(name).title);
    expect(html).not.toContain(qr);
    expect(html).toMatch(new RegExp(`disabled=""[^>]*>(?:<svg.*?</svg>)?${pay.cancelling}<`));
  });

  it.each(walletRefusals)('that was refused says why, that nothing was charged, and offers every way again: %s', (refusal) => {
    const html = shown(language, { kind: 'due', last: 'declined', tender: 'wechat', refusal });
    const { title, text } = wallet.refused[refusal](name);
    for (const part of [title, text, wallet.payWith(name, '￥3.50'), wallet.payWith(wallet.name.card, '￥3.50')]) expect(html).toContain(part);
  });

  it('shows a way that is away in its place, not to be pressed, and says so in words', () => {
    const html = shown(language, { kind: 'due', last: 'too_late', tender: 'wechat' });
    const away = /<button[^>]*pay-way--alipay[^>]*>.*?<\/button>/.exec(html)?.[0];
    expect(away).toContain('disabled=""');
    expect(away).toContain(wallet.away);
    expect(html).toContain(wallet.due.too_late(name).title);
  });

  it('nobody knows the end of names whom we are asking', () => {
    expect(shown(language, { kind: 'unknown', tender: 'wechat' })).toContain(wallet.unknown(name));
    expect(shown(language, { kind: 'unknown', tender: 'card' })).toContain(pay.unknown.text);
  });
});

describe.each(languages)('how it can be paid, on the review (%s)', (language) => {
  const words = wordsOf[language];
  const fact = (part: Partial<KioskStatus>, free = false) => payFact(words, { ...status, ...part }, free);
  const ready: KioskStatus['wallets'] = [{ wallet: 'wechat', state: 'ready' }, { wallet: 'alipay', state: 'ready' }];
  const away: KioskStatus['wallets'] = ready.map(({ wallet }) => ({ wallet, state: 'away' }));
  const names = listOf(words.wallet, [words.wallet.name.wechat, words.wallet.name.alipay]);

  it('is the card alone where there are no wallets', () => {
    expect(fact({})).toEqual({ ...words.checkout.byCard, warns: false });
    expect(fact({ card: 'held' })).toEqual({ ...words.checkout.cardHeld, warns: true });
  });

  it('names what works, and what does not', () => {
    expect(fact({ wallets: ready })).toEqual({ ...words.wallet.any(names), warns: false });
    expect(fact({ wallets: away })).toEqual({ ...words.wallet.walletsAway(names), warns: true });
    expect(fact({ wallets: ready, card: 'unavailable' })).toEqual({ ...words.wallet.cardAway(names), warns: true });
    expect(fact({ wallets: away, card: 'unavailable' })).toEqual({ ...words.wallet.nothing, warns: true });
    expect(fact({ wallets: away, card: 'unavailable' }, true)).toEqual({ ...words.checkout.nothingToPay, warns: false });
  });
});

describe.each(languages)('what the carrier says of a number (%s)', (language) => {
  const { number } = wordsOf[language].wallet;
  const plan = catalogue.offers.find(({ fulfilment }) => fulfilment.kind === 'telecom' && fulfilment.service === 'plan_change')!;
  const { form, ...rest } = plan;
  const askless = { ...rest, form: form.filter(({ id }) => id !== 'effective') };
  const pack = catalogue.offers.find(({ fulfilment, terms }) => fulfilment.kind === 'telecom' && fulfilment.service === 'data_pack' && terms !== undefined)!;
  const card = (known: NumberView | 'asking' | undefined, offer = plan) => inVisit(language, <NumberCard offer={offer} known={known} />);
  const found: NumberView = {
    kind: 'found', owner: '张*', plan: { name: { zh: '旧套餐', en: 'Old plan' }, price: { amount: 7900, currency: 'CNY' } }, balance: { amount: 3265, currency: 'CNY' }, effectiveOn: '2026-12-01',
  };

  it('is shown with the masked owner, the plan it has and the one it gets, from when, and its balance', () => {
    const html = card(found, askless);
    for (const text of ['张*', '￥79.00', plan.terms!.after.name[language], number.day(2026, 12, 1), '￥32.65', number.ownerAsk]) expect(html).toContain(text);
    // Where the customer chooses when, nothing is said of it before they have.
    expect(card(found)).not.toContain(number.day(2026, 12, 1));
  });

  it('takes the place of no plan where data is only added to it', () => {
    const html = card(found, pack);
    expect(html).toContain('￥79.00');
    expect(html).not.toContain(number.newPlan);
    expect(html).not.toContain(number.day(2026, 12, 1));
  });

  describe('stands beside the new plan', () => {
    const { terms: say } = wordsOf[language].details;
    const sides = (known: NumberView | 'asking' | undefined) => inVisit(language, <TermsPart offer={plan} terms={plan.terms!} known={known} />);
    const withPlan = (part: Partial<NonNullable<Extract<NumberView, { kind: 'found' }>['plan']>>): NumberView => (found.kind === 'found' ? { ...found, plan: { ...found.plan!, ...part } } : found);

    it('with its price, and what the change costs or saves', () => {
      const html = sides(withPlan({ price: { amount: plan.terms!.after.price + 1000, currency: 'CNY' } }));
      for (const text of [{ zh: '旧套餐', en: 'Old plan' }[language], say.cheaper('￥10.00', say.perMonth), plan.terms!.after.name[language]]) expect(html).toContain(text);
      expect(sides(withPlan({ price: { amount: plan.terms!.after.price - 1000, currency: 'CNY' } }))).toContain(say.dearer('￥10.00', say.perMonth));
    });

    it('without a difference where the carrier does not tell its price, or tells it in other money', () => {
      for (const price of [undefined, { amount: 100, currency: 'EUR' as const }]) {
        const html = sides(withPlan({ price }));
        expect(html).toContain({ zh: '旧套餐', en: 'Old plan' }[language]);
        expect(html).toMatch(/terms__difference" role="status"><\/p>/);
      }
    });

    it('as the same one where it is', () => {
      expect(sides(withPlan({ planId: plan.id }))).toContain(number.same);
    });

    it('and is never made up: while it is asked, and where nobody could be asked, no old plan is named', () => {
      for (const [known, text] of [['asking', say.planAsked], [undefined, say.planUnknown], [{ kind: 'unknown_number' }, say.planUnknown], [{ ...found, plan: undefined }, say.planUnknown]] as const) {
        const html = sides(known as NumberView);
        expect(html).toContain(text);
        expect(html).toContain(plan.terms!.after.name[language]);
        expect(html).not.toContain(plan.terms!.before.name[language]);
        expect(html).not.toContain(`>${say.before}<`);
      }
    });
  });

  it('warns of a number that is not known, and of one that it cannot be had for', () => {
    expect(card({ kind: 'unknown_number' })).toContain(number.unknown.title);
    expect(card({ kind: 'not_for_it' })).toContain(number.notForIt.title);
  });

  it('is silent where nobody could be asked, and where it is the same plan says that', () => {
    expect(card({ kind: 'away' })).toBe(card(undefined));
    expect(card(undefined)).toBe('<div class="number-card" role="status"></div>');
    const same = card({ ...found, plan: { ...found.plan!, planId: plan.id } });
    expect(same).toContain(number.same);
    expect(same).not.toContain(number.newPlan);
  });
});

it('minutes and seconds are written as on a clock', () => {
  expect([0, 9, 60, 113].map(minutesOf)).toEqual(['0:00', '0:09', '1:00', '1:53']);
});
