import { renderToStaticMarkup } from 'react-dom/server';
import { describe, expect, it } from 'vitest';
import { languages } from '../../domain/language.ts';
import { money } from '../../domain/money.ts';
import type { Refusal, Suggestion } from '../../domain/rules/refusal.ts';
import { wordsOf } from '../i18n/language.ts';
import { createTake, openPage } from '../state/testing/shop-rig.ts';
import { KioskProvider } from './kiosk-context.tsx';
import { RefusalList, suggestionWords } from './refusals-sheet.tsx';

const suggestions: readonly Suggestion[] = [
  { kind: 'set_quantity', lineId: 'a', quantity: 2 }, { kind: 'remove_line', lineId: 'b' }, { kind: 'choose_options', lineId: 'c', groupId: 'size' }, { kind: 'fill_in', lineId: 'd', field: 'phone' },
  { kind: 'choose_dining' }, { kind: 'keep_free' }, { kind: 'accept_total', total: money(1250, 'CNY') }, { kind: 'call_staff' }, { kind: 'keep_shopping' },
];

describe.each(languages)('the refusals of an order (%s)', (language) => {
  const words = wordsOf[language];
  const refusals: readonly Refusal[] = suggestions.map((suggestion, index) => ({ code: 'stock_short', text: { zh: `原因${index}`, en: `Reason ${index}` }, suggestion }));

  it('are each told in the customer’s language, with one tap whose name is enough by itself', () => {
    const take = createTake();
    const { model } = take(openPage(take), { kind: 'touched' }, { kind: 'language_chosen', language });
    const store = { getModel: () => model, dispatch: () => {}, subscribe: () => () => {} };
    const html = renderToStaticMarkup(<KioskProvider store={store}><RefusalList refusals={refusals} /></KioskProvider>);
    expect(html.match(/<li/g)).toHaveLength(suggestions.length);
    for (const { text, suggestion } of refusals) {
      expect(html).toContain(`<p>${text[language]}</p>`);
      expect(html).toContain(`aria-label="${suggestionWords(words, suggestion)}: ${text[language]}"`);
      expect(html).not.toContain(text[language === 'zh' ? 'en' : 'zh']);
    }
  });

  it('are mended by buttons that say different things', () => {
    const said = suggestions.map((suggestion) => suggestionWords(words, suggestion));
    expect(new Set(said).size).toBe(said.length);
    expect(said[0]).toContain('2');
    expect(said[6]).toContain('￥12.50');
  });
});
