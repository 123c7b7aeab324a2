import { pinyin } from 'pinyin-pro';
import type { Language } from '../../domain/language.ts';

/** The voice `cmn` reads many characters by the names of their letters; this one reads pinyin with the tone's number behind it. */
export const voiceOf: Readonly<Record<Language, string>> = { zh: 'cmn-latn-pinyin', en: 'en' };

/** What one voice reads at a stretch. */
export interface Stretch {
  readonly voice: Language;
  readonly text: string;
}

const signs: Readonly<Record<string, string>> = { '，': ', ', '、': ', ', '：': ', ', '；': '; ', '。': '. ', '！': '! ', '？': '? ', '（': ', ', '）': ', ', '【': ', ', '】': ', ', '…': '. ', '—': ', ' };

/**
 * A sentence as espeak-ng can read it: each script by its own voice, so that a Chinese name in English, or WiFi in Chinese, is spoken and not spelt.
 * Not by SSML's `voice`: espeak-ng 1.51 goes on in the wrong language behind it for some words.
 */
export function stretchesOf(sentence: string, language: Language): readonly Stretch[] {
  const stretches: Stretch[] = [];
  // Signs and blanks belong to what stands before them.
  for (const part of sentence.match(/[\p{Script=Han}]+[^\p{Script=Han}\p{L}\p{N}]*|[^\p{Script=Han}]+/gu) ?? []) {
    const voice = /^\p{Script=Han}/u.test(part) ? 'zh' : /[\p{L}\p{N}]/u.test(part) ? 'en' : language;
    const text = (voice === 'zh' ? readable(part) : plain(part)).trim();
    if (/[\p{L}\p{N}]/u.test(text)) stretches.push({ voice, text });
  }
  return stretches;
}

/** Any other sign is read out by its name, and in English. */
function readable(part: string): string {
  return plain(part.replace(/\p{Script=Han}+/gu, syllables)).replace(/[^\p{L}\p{N}\s,.!?;]/gu, ' ').replace(/\s+(?=[,.!?;])/g, '');
}

/** espeak-ng takes the neutral tone by 5: without it, or with 0, it speaks the first. */
function syllables(text: string): string {
  const read = pinyin(text, { toneType: 'num', type: 'array', nonZh: 'removed' });
  return ` ${read.map((syllable) => syllable.replace(/0$/, '5').replace(/^n?g(?=\d)/, 'en')).join(' ')} `;
}

/** Double brackets would be read as espeak-ng's own phonemes. An A that stands before a number or at the end is the letter, and no article. */
function plain(text: string): string {
  return text
    .replace(/[“”《》]|\[+|\]+/gu, ' ')
    .replace(/[，、：；。！？（）【】…—]/gu, (sign) => signs[sign] ?? ' ')
    .replace(/(?<![\p{L}\p{N}'’])A(?=\s*(?:\d|,|\.|$)| [A-Z]\b)/gu, "[['eI]]");
}
