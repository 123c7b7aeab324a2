import { renderToStaticMarkup } from 'react-dom/server';
import { describe, expect, it } from 'vitest';
import { cartIdSchema } from '../../domain/ids.ts';
import { languages } from '../../domain/language.ts';
import type { Language } from '../../domain/language.ts';
import type { ScreenPlace } from '../../domain/contract/config.ts';
import type { PaymentView } from '../../domain/order/view.ts';
import { terminalMessageSchema } from '../../domain/payment/card.ts';
import { wordsOf } from '../i18n/language.ts';
import { noModel } from '../state/model.ts';
import type { PayStage } from '../state/model.ts';
import { orderView, shopfrontOf } from '../state/testing/shop-rig.ts';
import { newVisit } from '../state/visit.ts';
import { KioskProvider } from './kiosk-context.tsx';
import { patienceOf } from './pay-patience.tsx';
import { Pay } from './pay.tsx';

function stageOf(payment: PaymentView, rest: Partial<PayStage> = {}): PayStage {
  return { kind: 'pay', order: orderView({ payment }), pickup: ['goods'], tender: 'card', toldAt: 0, starting: false, ending: 'no', trouble: false, declines: 0, ...rest };
}

function shown(language: Language, stage: PayStage, terminal?: ScreenPlace['terminal']): string {
  const shopfront = terminal && shopfrontOf({ screen: { heightMm: 700, bottomMm: 700, terminal } });
  const model = { ...noModel, shopfront, visit: newVisit(cartIdSchema.parse('019a0000-0000-7000-8000-000000000002'), language, stage) };
  const store = { getModel: () => model, dispatch: () => {}, subscribe: () => () => {} };
  return renderToStaticMarkup(<KioskProvider store={store}><Pay stage={stage} /></KioskProvider>);
}

describe.each(languages)('a payment that is being cancelled (%s)', (language) => {
  const { pay } = wordsOf[language];

  it.each(terminalMessageSchema.options)('never asks for the card, whatever the terminal says: %s', (message) => {
    const html = shown(language, stageOf({ kind: 'running', message, sinceMs: 0, cancelRequested: true }));
    expect(html).toContain(`>${pay.beingCancelled.title}</h1>`);
    for (const inviting of [pay.title.present_card, pay.text.present_card, pay.title.enter_pin, pay.text.starting]) expect(html).not.toContain(inviting);
    expect(html).not.toContain(`${pay.cancel}<`);
    expect(html.includes(pay.place.below)).toBe(message === 'remove_card');
  });
});

describe.each(languages)('a payment under way (%s)', (language) => {
  it('is told in our own words, never in the terminal’s', () => {
    const html = shown(language, stageOf({ kind: 'running', message: 'please_wait', text: 'BITTE WARTEN', sinceMs: 0, cancelRequested: false }));
    expect(html).not.toContain('BITTE WARTEN');
    expect(html).toContain(wordsOf[language].pay.text.please_wait);
  });
});

describe.each(languages)('a card that is declined (%s)', (language) => {
  const { pay } = wordsOf[language];
  const declined = (declines: number) => shown(language, stageOf({ kind: 'due', last: 'declined' }, { declines }));

  it('may be tried again', () => {
    for (const declines of [1, 2]) {
      expect(declined(declines)).toContain(pay.due.declined.title);
      expect(declined(declines)).toContain(pay.again('￥3.50'));
    }
  });

  it('for the third time is answered by other ways', () => {
    expect(declined(3)).toContain(pay.declinedOften.text);
    expect(declined(3)).toContain(pay.otherCard('￥3.50'));
    expect(declined(3)).not.toContain(pay.again('￥3.50'));
  });
});

describe.each(languages)('the place of the terminal (%s)', (language) => {
  const { place } = wordsOf[language].pay;
  const running = stageOf({ kind: 'running', message: 'present_card', sinceMs: 0, cancelRequested: false });

  it.each(['below', 'right', 'left'] as const)('is told as it is configured, and no other: %s', (terminal) => {
    const html = shown(language, running, terminal);
    for (const other of ['below', 'right', 'left'] as const) expect(html.includes(place[other])).toBe(other === terminal);
  });

  it('is guessed from how the screen stands where nobody has configured it', () => {
    const html = shown(language, running);
    expect(html).toContain(place.below);
    expect(html).toContain(place.right);
    expect(html).not.toContain(place.left);
  });
});

describe.each(languages)('a payment that takes long (%s)', (language) => {
  const { pay, finish } = wordsOf[language];
  it('begins without words about waiting', () => {
    const html = shown(language, stageOf({ kind: 'running', message: 'contacting_bank', sinceMs: 0, cancelRequested: false }));
    for (const words of [pay.patience, pay.longPatience, pay.onlyPatience, finish.help.call]) expect(html).not.toContain(words);
  });

  it('says after 10 s how long it takes, and after 30 s what else can be done', () => {
    expect(patienceOf(9999, true)).toBe('none');
    expect(patienceOf(10_000, true)).toBe('usual');
    expect(patienceOf(30_000, true)).toBe('way_out');
    expect(patienceOf(30_000, false)).toBe('only_wait');
  });
});
