import type { ReactNode } from 'react';
import type { Language } from '../../domain/language.ts';
import type { StaffWords } from '../i18n/areas/staff.ts';
import { otherLanguage, tagOf } from '../i18n/language.ts';
import type { TextSize } from '../state/model.ts';
import { textSizes } from '../state/model.ts';
import { Button } from './button.tsx';
import { GlobeIcon, TextIcon } from '../ui/icons.tsx';

/** How the staff's part is shown, and how that is changed. */
export interface View {
  readonly language: Language;
  readonly textSize: TextSize;
  readonly onLanguage: () => void;
  readonly onTextSize: (size: TextSize) => void;
}

/** The top of every screen of the staff: who is in, how it is shown, and the way out. */
export function StaffBar({ words, view, who, children }: { readonly words: StaffWords; readonly view: View; readonly who: ReactNode; readonly children: ReactNode }) {
  const { language, textSize, onLanguage, onTextSize } = view;
  const next = textSizes[(textSizes.indexOf(textSize) + 1) % textSizes.length] ?? 'normal';
  return (
    <header className="staff-bar">
      <div className="staff-bar__who">{who}</div>
      <div className="staff-bar__tools">
        <Button className="staff-bar__tool" label={words.textName(words.textSizes[textSize])} onPress={() => onTextSize(next)}>
          <TextIcon />
          <span>{words.textSizes[textSize]}</span>
        </Button>
        <Button className="staff-bar__tool" lang={tagOf[otherLanguage(language)]} onPress={onLanguage}>
          <GlobeIcon />
          <span>{words.toOther}</span>
        </Button>
        {children}
      </div>
    </header>
  );
}
