import { renderToStaticMarkup } from 'react-dom/server';
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { languages } from '../../domain/language.ts';
import { wordsOf } from '../i18n/language.ts';
import { createTake, noon, openPage } from '../state/testing/shop-rig.ts';
import { KioskProvider } from './kiosk-context.tsx';
import { IdleCountdown, saidSeconds } from './small-sheets.tsx';

describe('the countdown', () => {
  it('is said when it begins, and at 20, 10 and 5 seconds, and at no other', () => {
    const said = (first: number) => [...new Set(Array.from({ length: first + 1 }, (_, passed) => saidSeconds(first - passed, first)))];
    expect(said(45)).toEqual([45, 20, 10, 5]);
    expect(said(20)).toEqual([20, 10, 5]);
    expect(said(5)).toEqual([5]);
  });

  describe.each(languages)('in %s', (language) => {
    beforeEach(() => vi.useFakeTimers({ now: noon }));
    afterEach(() => vi.useRealTimers());

    it('is a timer that is seen, beside a region that is heard', () => {
      const take = createTake();
      const { model } = take(openPage(take), { kind: 'touched' }, { kind: 'language_chosen', language });
      const store = { getModel: () => model, dispatch: () => {}, subscribe: () => () => {} };
      const html = renderToStaticMarkup(<KioskProvider store={store}><IdleCountdown endsAt={performance.now() + 24_200} /></KioskProvider>);
      expect(html).toContain(wordsOf[language].idle.text(25));
      expect(html).toMatch(/role="timer"/);
      expect(html).toContain(`role="status">${wordsOf[language].finish.idle.left(25)}`);
    });
  });
});
