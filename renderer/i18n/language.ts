import type { Bilingual, Language } from '../../domain/language.ts';
import { detailsWords } from './areas/details.ts';
import { finishWords } from './areas/finish.ts';
import { frameWords } from './areas/frame.ts';
import { shopWords } from './areas/shop.ts';
import { spokenWords } from './areas/spoken.ts';
import { walletWords } from './areas/wallet.ts';
import { en } from './en.ts';
import type { BaseWords, Words } from './words.ts';
import { zh } from './zh.ts';

export const wordsOf: Readonly<Record<Language, Words>> = { zh: inFull('zh', zh), en: inFull('en', en) };

function inFull(language: Language, base: BaseWords): Words {
  return { ...base, frame: frameWords[language], shop: shopWords[language], details: detailsWords[language], finish: finishWords[language], spoken: spokenWords[language], wallet: walletWords[language] };
}

/** The BCP 47 tag of a language, for `lang`. */
export const tagOf: Readonly<Record<Language, string>> = { zh: 'zh-CN', en: 'en' };

export function otherLanguage(language: Language): Language {
  return language === 'zh' ? 'en' : 'zh';
}

export function textIn(language: Language, text: Bilingual): string {
  return text[language];
}
