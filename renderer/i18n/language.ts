import type { Bilingual, Language } from '../../domain/language.ts';
import { en } from './en.ts';
import type { Words } from './words.ts';
import { zh } from './zh.ts';

export const wordsOf: Readonly<Record<Language, Words>> = { zh, en };

/** The BCP 47 tag of a language, for `lang`. */
export const tagOf: Readonly<Record<Language, string>> = { zh: 'zh-CN', en: 'en' };

export function otherLanguage(language: Language): Language {
  return language === 'zh' ? 'en' : 'zh';
}

export function textIn(language: Language, text: Bilingual): string {
  return text[language];
}
