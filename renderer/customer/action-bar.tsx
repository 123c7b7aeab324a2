import type { ReactNode } from 'react';
import { otherLanguage, tagOf } from '../i18n/language.ts';
import { Button } from '../ui/button.tsx';
import { BackIcon, GlobeIcon } from '../ui/icons.tsx';
import './action-bar.css';
import { useVisit } from './kiosk-context.tsx';

export interface ActionBarProps {
  readonly back?: { readonly label: string; readonly onPress: () => void; readonly disabled?: boolean };
  /** The screen itself asks for the language. */
  readonly asksLanguage?: boolean;
  readonly children?: ReactNode;
}

/** The way back at the bottom left, language and text size beside it, the main action at the bottom right. On every screen the same. */
export function ActionBar({ back, asksLanguage = false, children }: ActionBarProps) {
  const { visit, language, words, dispatch } = useVisit();
  const other = otherLanguage(language);
  const large = visit.textSize === 'large';
  return (
    <div className="action-bar">
      {back ? (
        <Button onPress={back.onPress} disabled={back.disabled ?? false} className="action-bar__back">
          <BackIcon />
          {back.label}
        </Button>
      ) : null}
      {asksLanguage ? null : (
        <Button look="quiet" className="action-bar__language" label={words.language.switchTo} lang={tagOf[other]} onPress={() => dispatch({ kind: 'language_chosen', language: other })}>
          <GlobeIcon />
          <span>{words.language.switchTo}</span>
        </Button>
      )}
      <Button look="quiet" className="action-bar__text-size" label={large ? words.language.smaller : words.language.larger} onPress={() => dispatch({ kind: 'text_size_switched' })}>
        <span>{large ? 'A' : 'A+'}</span>
        <span className="action-bar__size-word">{large ? words.language.smaller : words.language.larger}</span>
      </Button>
      <div className="action-bar__main">{children}</div>
    </div>
  );
}
