import type { ReactNode } from 'react';
import { reachShare } from '../brand.ts';
import { otherLanguage, tagOf, wordsOf } from '../i18n/language.ts';
import type { Model } from '../state/model.ts';
import { Button } from '../ui/button.tsx';
import { BackIcon, FullIcon, GlobeIcon, HelpIcon, LowerIcon, TextIcon } from '../ui/icons.tsx';
import './action-bar.css';
import { useDispatch, useSelect, useWords } from './kiosk-context.tsx';

export interface ActionBarProps {
  readonly back?: { readonly label: ReactNode; readonly onPress: () => void; readonly disabled?: boolean };
  /** The screen itself asks for the language, and for how it shall be seen and heard. */
  readonly asksLanguage?: boolean;
  /** The main action takes a row of its own above the way back, where words are large: then it comes before it. */
  readonly mainFirst?: boolean;
  /** The main action. */
  readonly children?: ReactNode;
}

/**
 * The way back at the bottom left, the main action at the bottom right; below them (between them in landscape) what can be asked for anywhere:
 * the language, how the screen is seen and heard, everything within reach, and help. On every screen the same, in the same place.
 */
export function ActionBar({ back, asksLanguage = false, mainFirst = false, children }: ActionBarProps) {
  const main = <div className="action-bar__main">{children}</div>;
  return (
    <div className="action-bar">
      {mainFirst ? main : null}
      {back ? (
        <Button onPress={back.onPress} disabled={back.disabled ?? false} className="action-bar__back">
          <BackIcon />
          {back.label}
        </Button>
      ) : null}
      {mainFirst ? null : main}
      <Tools asksLanguage={asksLanguage} />
    </div>
  );
}

function toolsOf({ visit, shopfront }: Model) {
  return { isLow: visit?.access.reach ?? false, canLower: shopfront !== undefined && reachShare(shopfront.screen) < 1, isHelped: visit?.sheet?.kind === 'help' && visit.endsAt === undefined };
}

function Tools({ asksLanguage }: { readonly asksLanguage: boolean }) {
  const { language, words } = useWords();
  const { isLow, canLower, isHelped } = useSelect(toolsOf);
  const dispatch = useDispatch();
  const other = otherLanguage(language);
  const { tools } = words.frame;
  const help = asksLanguage ? `${wordsOf.zh.frame.tools.help} ${wordsOf.en.frame.tools.help}` : tools.help;
  return (
    <div className="action-bar__tools" role="group" aria-label={tools.label}>
      {asksLanguage ? null : (
        <>
          <Button look="quiet" className="tool" lang={tagOf[other]} onPress={() => dispatch({ kind: 'language_chosen', language: other })}>
            <GlobeIcon />
            <span>{words.language.switchTo}</span>
          </Button>
          <Button look="quiet" className="tool" label={tools.accessName} onPress={() => dispatch({ kind: 'access_opened' })}>
            <TextIcon />
            <span>{tools.access}</span>
          </Button>
          {canLower ? (
            <Button look="quiet" className="tool tool--reach" label={isLow ? tools.wholeName : tools.lowerName} onPress={() => dispatch({ kind: 'access_changed', change: { reach: !isLow } })}>
              {isLow ? <FullIcon /> : <LowerIcon />}
              <span>{isLow ? tools.whole : tools.lower}</span>
            </Button>
          ) : null}
        </>
      )}
      {isHelped ? null : (
        <Button look="quiet" className="tool" label={asksLanguage ? help : tools.helpName} onPress={() => dispatch({ kind: 'help_opened' })}>
          <HelpIcon />
          <span>{help}</span>
        </Button>
      )}
    </div>
  );
}
