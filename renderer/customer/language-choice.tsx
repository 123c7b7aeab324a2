import type { Language } from '../../domain/language.ts';
import { languages } from '../../domain/language.ts';
import { tagOf, wordsOf } from '../i18n/language.ts';
import { NextIcon } from '../ui/icons.tsx';
import { ActionBar } from './action-bar.tsx';
import { useVisit } from './kiosk-context.tsx';
import './language-choice.css';
import { Page, Title } from './page.tsx';

const names: Readonly<Record<Language, { readonly name: string; readonly sign: string }>> = {
  zh: { name: '中文', sign: '文' },
  en: { name: 'English', sign: 'A' },
};

/** Asked in both languages at once: whoever reads only one of them must understand it. */
export function LanguageChoice() {
  const { words, dispatch } = useVisit();
  return (
    <Page name="language" actions={<ActionBar asksLanguage back={{ label: words.common.back, onPress: () => dispatch({ kind: 'back' }) }} />}>
      <div className="language-choice">
        <Title>
          <span lang={tagOf.zh}>{wordsOf.zh.language.title}</span>
          <span className="unseen"> </span>
          <span lang={tagOf.en} className="language-choice__second">
            {wordsOf.en.language.title}
          </span>
        </Title>
        {languages.map((language) => (
          <button key={language} type="button" lang={tagOf[language]} className="language-choice__button" onClick={() => dispatch({ kind: 'language_chosen', language })}>
            <span className={`language-choice__sign language-choice__sign--${language}`} aria-hidden="true">
              {names[language].sign}
            </span>
            {names[language].name}
            <NextIcon />
          </button>
        ))}
      </div>
    </Page>
  );
}
