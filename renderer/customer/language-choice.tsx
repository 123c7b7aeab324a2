import type { ReactNode } from 'react';
import type { Language } from '../../domain/language.ts';
import { languages } from '../../domain/language.ts';
import { reachShare } from '../brand.ts';
import { tagOf, wordsOf } from '../i18n/language.ts';
import { LowerIcon, NextIcon, SpeakIcon, TextIcon } from '../ui/icons.tsx';
import { Tile } from '../ui/tile.tsx';
import { ToggleTile } from '../ui/toggle.tsx';
import { ActionBar } from './action-bar.tsx';
import { useShop } from './kiosk-context.tsx';
import './language-choice.css';
import { MoreBelow } from './more-below.tsx';
import { Page, Title } from './page.tsx';

const names: Readonly<Record<Language, { readonly name: string; readonly sign: string }>> = {
  zh: { name: '中文', sign: '文' },
  en: { name: 'English', sign: 'A' },
};

/** Asked in both languages at once: whoever reads only one of them must understand it. And how to see, reach and hear the rest. */
export function LanguageChoice() {
  const { visit, status, shopfront, dispatch } = useShop();
  const { access, speech } = visit;
  return (
    <Page name="language" actions={<ActionBar asksLanguage back={{ label: <BackInBoth />, onPress: () => dispatch({ kind: 'back' }) }} />}>
      <div className="language-choice scrolls">
        <Title>
          <span lang={tagOf.zh}>{wordsOf.zh.language.title}</span>
          <span className="unseen"> </span>
          <span lang={tagOf.en} className="language-choice__second">
            {wordsOf.en.language.title}
          </span>
        </Title>
        {languages.map((language) => (
          <Tile key={language} lang={tagOf[language]} className="language-choice__button" onPress={() => dispatch({ kind: 'language_chosen', language })}>
            <span className={`language-choice__sign language-choice__sign--${language}`} aria-hidden="true">
              {names[language].sign}
            </span>
            {names[language].name}
            <NextIcon />
          </Tile>
        ))}
        <div className="language-choice__wishes" role="group" aria-label={`${wordsOf.zh.frame.firstWishes.label} ${wordsOf.en.frame.firstWishes.label}`}>
          <Wish icon={<TextIcon />} word="larger" on={access.textSize !== 'normal'} onChange={(on) => dispatch({ kind: 'access_changed', change: { textSize: on ? 'large' : 'normal' } })} />
          {reachShare(shopfront.screen) < 1 ? (
            <Wish icon={<LowerIcon />} word="lower" className="language-choice__lower" on={access.reach} onChange={(reach) => dispatch({ kind: 'access_changed', change: { reach } })} />
          ) : null}
          {status.speech === 'ready' ? <Wish icon={<SpeakIcon />} word="voice" on={speech.on} onChange={(on) => dispatch({ kind: 'speech_switched', on })} /> : null}
        </div>
      </div>
      <MoreBelow />
    </Page>
  );
}

function BackInBoth() {
  return (
    <span>
      <span lang={tagOf.zh}>{wordsOf.zh.common.back}</span> <span lang={tagOf.en}>{wordsOf.en.common.back}</span>
    </span>
  );
}

interface WishProps {
  readonly icon: ReactNode;
  readonly word: 'larger' | 'lower' | 'voice';
  readonly on: boolean;
  readonly onChange: (on: boolean) => void;
  readonly className?: string;
}

function Wish({ icon, word, on, onChange, className }: WishProps) {
  return (
    <ToggleTile on={on} onChange={onChange} className={className}>
      {icon}
      <span lang={tagOf.zh}>{wordsOf.zh.frame.firstWishes[word]}</span>
      <span lang={tagOf.en} className="language-choice__wish-en">
        {wordsOf.en.frame.firstWishes[word]}
      </span>
    </ToggleTile>
  );
}
