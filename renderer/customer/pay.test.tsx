import { renderToStaticMarkup } from 'react-dom/server';
import { describe, expect, it } from 'vitest';
import { cartIdSchema, orderIdSchema } from '../../domain/ids.ts';
import { languages } from '../../domain/language.ts';
import type { Language } from '../../domain/language.ts';
import { money } from '../../domain/money.ts';
import type { PaymentView } from '../../domain/order/view.ts';
import { terminalMessageSchema } from '../../domain/payment/card.ts';
import { wordsOf } from '../i18n/language.ts';
import { noModel } from '../state/model.ts';
import type { PayStage } from '../state/model.ts';
import { newVisit } from '../state/visit.ts';
import { KioskProvider } from './kiosk-context.tsx';
import { Pay } from './pay.tsx';

function stageOf(payment: PaymentView, rest: Partial<PayStage> = {}): PayStage {
  const order = {
    id: orderIdSchema.parse('019a0000-0000-7000-8000-000000000001'), number: 'A001', state: 'placed', language: 'en', total: money(350, 'CNY'), payment, receipt: { kind: 'none' },
    receiptUrl: 'http://shop.example/r/1',
  } as const;
  return { kind: 'pay', order, pickup: ['goods'], starting: false, ending: 'no', trouble: false, declines: 0, ...rest };
}

function shown(language: Language, stage: PayStage): string {
  const model = { ...noModel, visit: newVisit(cartIdSchema.parse('019a0000-0000-7000-8000-000000000002'), language, stage) };
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
