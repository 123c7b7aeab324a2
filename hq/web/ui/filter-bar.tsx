import { useEffect, useState } from 'react';
import type { ReactNode } from 'react';
import { Button as AriaButton, Input, Label, SearchField as AriaSearchField } from 'react-aria-components';
import { uiTexts } from '../i18n/areas/ui.ts';
import { useAreaTexts } from '../i18n/use-texts.tsx';
import { Button } from './button.tsx';
import { Icon } from './icon.tsx';

/** Filters above a list; `onClear` where any is set. */
export function FilterBar({ children, onClear }: { readonly children: ReactNode; readonly onClear?: (() => void) | undefined }) {
  const texts = useAreaTexts(uiTexts);
  return (
    <div className="k-filters" role="group" aria-label={texts.filters}>
      {children}
      {onClear && <Button look="quiet" onPress={onClear}>{texts.clearFilters}</Button>}
    </div>
  );
}

const settleMs = 300;

/** Asks when the typing rests, not at each letter. */
export function SearchField({ label, value, onChange, placeholder }: { readonly label: string; readonly value: string; readonly onChange: (value: string) => void; readonly placeholder?: string }) {
  const [typed, setTyped] = useState(value);
  const [asked, setAsked] = useState(value);
  // Changed from outside: by the way back, or by clearing.
  if (asked !== value) {
    setAsked(value);
    if (typed.trim() !== value) setTyped(value);
  }
  useEffect(() => {
    if (typed.trim() === value) return;
    const timer = setTimeout(() => onChange(typed.trim()), settleMs);
    return () => clearTimeout(timer);
  }, [typed, value, onChange]);
  return (
    <AriaSearchField className="k-field k-search" value={typed} onChange={setTyped} onSubmit={(text) => onChange(text.trim())}>
      <Label className="k-label">{label}</Label>
      <div className="k-search-box"><Icon name="search" /><Input className="k-input" {...(placeholder === undefined ? {} : { placeholder })} /><AriaButton className="k-clear"><Icon name="cross" /></AriaButton></div>
    </AriaSearchField>
  );
}
