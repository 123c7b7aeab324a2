import { useState } from 'react';
import { uiTexts } from '../i18n/areas/ui.ts';
import { useAreaTexts } from '../i18n/use-texts.tsx';
import { Button } from './button.tsx';
import { Icon } from './icon.tsx';

export type Theme = 'light' | 'dark';
const storageKey = 'counter24-hq-theme';

/** Before the first picture: what was chosen here; without a choice the device's own. */
export function applyKeptTheme(): void {
  const kept = localStorage.getItem(storageKey);
  if (kept === 'light' || kept === 'dark') document.documentElement.dataset['theme'] = kept;
}

export function themeShown(): Theme {
  const { theme } = document.documentElement.dataset;
  if (theme === 'light' || theme === 'dark') return theme;
  return matchMedia('(prefers-color-scheme: dark)').matches ? 'dark' : 'light';
}

export const themeEvent = 'counter24-theme';

export function ThemeSwitch() {
  const texts = useAreaTexts(uiTexts);
  const [theme, setTheme] = useState<Theme>(themeShown);
  const turn = () => {
    const next = theme === 'dark' ? 'light' : 'dark';
    document.documentElement.dataset['theme'] = next;
    localStorage.setItem(storageKey, next);
    setTheme(next);
    dispatchEvent(new Event(themeEvent));
  };
  return <Button look="quiet" onPress={turn} label={texts.dark} isPressed={theme === 'dark'}><Icon name={theme === 'dark' ? 'moon' : 'sun'} /></Button>;
}
