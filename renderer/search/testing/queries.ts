import { pinyin } from 'pinyin-pro';
import type { SearchOffer } from '../search-index.ts';
import { createRandom, mistype } from './offers.ts';

/** What customers type who look for one offer, by kind; `whole`: it says all of the name, so that the offer has to be among the first. */
export interface QueryKind {
  readonly name: string;
  readonly whole: boolean;
  query(offer: SearchOffer, random: () => number): string;
}

const syllables = (text: string) => pinyin(text, { type: 'array', toneType: 'none', v: true });
const from = (length: number, random: () => number) => Math.floor(random() * length);

export const queryKinds: readonly QueryKind[] = [
  { name: 'name', whole: true, query: ({ zh }) => zh },
  {
    name: 'part of the name', whole: false,
    query({ zh }, random) {
      const at = from(zh.length - 2, random);
      return zh.slice(at, at + 2 + from(3, random));
    },
  },
  { name: 'pinyin', whole: true, query: ({ zh }) => syllables(zh).join('') },
  { name: 'pinyin with spaces', whole: true, query: ({ zh }) => syllables(zh).join(' ') },
  {
    name: 'part of the pinyin', whole: false,
    query({ zh }, random) {
      const at = from(zh.length - 2, random);
      return syllables(zh).slice(at, at + 3).join('');
    },
  },
  { name: 'initials', whole: true, query: ({ zh }) => syllables(zh).map((syllable) => syllable.charAt(0)).join('') },
  { name: 'pinyin, mistyped', whole: true, query: ({ zh }, random) => mistype(syllables(zh).join(''), random) },
  { name: 'first half of the pinyin, mistyped', whole: false, query: ({ zh }, random) => mistype(syllables(zh).slice(0, 4).join(''), random) },
  { name: 'English', whole: true, query: ({ en }) => en.toLowerCase() },
  { name: 'two English words', whole: false, query: ({ en }, random) => en.split(' ').slice(from(en.split(' ').length - 1, random)).slice(0, 2).join(' ') },
  { name: 'English, mistyped', whole: true, query: ({ en }, random) => mistype(en.toLowerCase(), random) },
];

/** So many queries of a kind, each with the offer that is looked for. */
export function queriesOf(kind: QueryKind, offers: readonly SearchOffer[], count: number, seed = 24): readonly { readonly query: string; readonly id: string }[] {
  const random = createRandom(seed);
  return Array.from({ length: count }, () => {
    const offer = offers[from(offers.length, random)]!;
    return { query: kind.query(offer, random), id: offer.id };
  });
}
