import { renderToStaticMarkup } from 'react-dom/server';
import { expect, it } from 'vitest';
import { languages } from '../../domain/language.ts';
import { tagOf, wordsOf } from '../i18n/language.ts';
import { Closed } from './closed.tsx';

it('a pause is said in both languages, each in its own, with the notice of the shop', () => {
  const notice = { zh: '补货中，十点回来', en: 'Restocking, back at ten' };
  const html = renderToStaticMarkup(<Closed kind="paused" notice={notice} />);
  for (const language of languages) {
    const section = html.split('<section').find((part) => part.includes(`lang="${tagOf[language]}"`));
    expect(section).toContain(wordsOf[language].paused.title);
    expect(section).toContain(wordsOf[language].paused.text);
    expect(section).toContain(notice[language]);
    expect(section).toContain('role="status"');
  }
  expect(html.match(/<h1/g)).toHaveLength(1);
});

it('a pause without a notice says what to do all the same', () => {
  const html = renderToStaticMarkup(<Closed kind="paused" />);
  expect(html).toContain(wordsOf.zh.paused.text);
  expect(html).not.toContain('closed__notice');
});
