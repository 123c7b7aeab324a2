import { createContext, use, useEffect, useState } from 'react';
import type { ReactNode } from 'react';
import { I18nProvider } from 'react-aria-components';
import type { Language } from '../../../domain/language.ts';
import type { Texts } from './en.ts';
import { en } from './en.ts';
import { zh } from './zh.ts';

interface Spoken {
  readonly language: Language;
  readonly setLanguage: (language: Language) => void;
}

const LanguageContext = createContext<Spoken>({ language: 'en', setLanguage: () => {} });
const storageKey = 'counter24-hq-language';
const textsOf: Readonly<Record<Language, Texts>> = { en, zh };

export function LanguageProvider({ children }: { readonly children: ReactNode }) {
  const [language, setLanguage] = useState<Language>(firstLanguage);
  useEffect(() => {
    document.documentElement.lang = language === 'zh' ? 'zh-CN' : 'en';
    localStorage.setItem(storageKey, language);
  }, [language]);
  return (
    <LanguageContext value={{ language, setLanguage }}>
      <I18nProvider locale={language === 'zh' ? 'zh-CN' : 'en-GB'}>{children}</I18nProvider>
    </LanguageContext>
  );
}

export function useTexts(): Texts {
  return textsOf[use(LanguageContext).language];
}

/** One area's words: `useAreaTexts(fleetTexts)`, with the `{zh, en}` of its file in areas/. */
export function useAreaTexts<T>(area: Readonly<Record<Language, T>>): T {
  return area[use(LanguageContext).language];
}

export function useLanguage(): Spoken {
  return use(LanguageContext);
}

function firstLanguage(): Language {
  const kept = localStorage.getItem(storageKey);
  if (kept === 'zh' || kept === 'en') return kept;
  return navigator.language.startsWith('zh') ? 'zh' : 'en';
}
