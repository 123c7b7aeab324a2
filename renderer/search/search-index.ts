import type { Postings } from './postings.ts';
import { createPostings, pairsOf } from './postings.ts';
import type { Reading } from './readings.ts';
import { hasHan, plain, readingsOf, typedLetters, wordsReading } from './readings.ts';
import { createTypoScan, longestScan } from './typo.ts';

/** What of an offer is searched, and what equally good ones are ordered by. */
export interface SearchOffer {
  readonly id: string;
  readonly zh: string;
  readonly en: string;
  /** Further words, and its category's name. */
  readonly keywords: readonly string[];
  readonly rank: number | undefined;
  /** Minor units. */
  readonly price: number;
}

export interface Found {
  /** The best first, at most as many as asked for. */
  readonly ids: readonly string[];
  /** How many hold what was typed; they come first. */
  readonly exact: number;
  /** How many are close to it alone. Looked for only where no name holds it. */
  readonly similar: number;
}

export interface SearchIndex {
  /** A query without a letter finds nothing. Takes a few milliseconds for 10,000 offers, and keeps no memory. */
  search(query: string, limit: number): Found;
}

/** How well an offer answers, best first; of one tier, the most bought comes first, then the cheapest. Similar ones follow by their mistakes. */
const tiers = { exact: 0, beginning: 1, part: 2, keyword: 3, initials: 4, partOfInitials: 5, scattered: 6, similar: 7, none: 255 } as const;

/** Of those that share most letters with the query, so many are looked at closely for typing mistakes. */
const mostLookedAt = 1000;
const longestQuery = 60;

interface Phrase {
  readonly isName: boolean;
  /** Chinese text as it is written, without spaces; empty for words of other languages. */
  readonly written: string;
  readonly readings: readonly Reading[];
}

/**
 * Finds offers by name, part of name, pinyin, initials and English, with typing mistakes, over single characters and pairs of letters: what shares too few with
 * the query is never looked at, and what shares enough is compared letter by letter.
 */
export function createSearchIndex(offers: readonly SearchOffer[]): SearchIndex {
  // A document's number is its place among equals, so that ordering the answers compares numbers alone.
  const sorted = [...offers.keys()].sort((left, right) => order(offers[left]!, offers[right]!) || left - right).map((at) => offers[at]!);
  // A category's name is the same phrase for all that it holds.
  const shared = new Map<string, Phrase>();
  const keyword = (text: string): Phrase => {
    const phrase = shared.get(text) ?? phraseOf(text, false);
    shared.set(text, phrase);
    return phrase;
  };
  const documents = sorted.map(({ zh, en, keywords }) => [phraseOf(zh, true), phraseOf(en, true), ...keywords.map(keyword)]);
  const characters = createPostings();
  const pairs = createPostings();
  const initials = createPostings();
  for (const [at, phrases] of documents.entries()) {
    characters.add(at, phrases.flatMap(({ written }) => [...written]));
    const readings = phrases.flatMap((phrase) => phrase.readings);
    pairs.add(at, readings.flatMap(({ letters, starts }) => [...pairsOf(letters), ...beginnings(letters, starts)]));
    initials.add(at, readings.flatMap((reading) => pairsOf(reading.initials)));
  }
  const postings = { characters: characters.build(), pairs: pairs.build(), initials: initials.build() };
  const counts = new Uint8Array(sorted.length);
  const touched = new Int32Array(sorted.length);
  const best = new Uint8Array(sorted.length).fill(tiers.none);

  /** Visits each document that holds so many of the keys, those that hold most of them first; forgets the counts. */
  function withMany(from: Postings, keys: readonly string[], atLeast: number, most: number, visit: (at: number) => void): void {
    const many = from.count(keys, counts, touched);
    let left = most;
    for (let wanted = keys.length; wanted >= atLeast && left > 0; wanted -= 1) {
      for (let index = 0; index < many && left > 0; index += 1) {
        const at = touched[index]!;
        if (counts[at] !== wanted) continue;
        left -= 1;
        visit(at);
      }
    }
    for (let index = 0; index < many; index += 1) counts[touched[index]!] = 0;
  }

  const better = (at: number, tier: number) => {
    if (tier < best[at]!) best[at] = tier;
  };

  function searchWritten(written: string): void {
    const keys = [...new Set(written)];
    withMany(postings.characters, keys, keys.length, sorted.length, (at) => better(at, tierOfWritten(documents[at]!, written)));
  }

  function searchLetters(letters: string, tokens: readonly string[]): void {
    const keys = keysOf(letters, tokens);
    withMany(postings.pairs, keys, keys.length, sorted.length, (at) => better(at, tierOfLetters(documents[at]!, letters, tokens)));
    const ofInitials = pairsOf(letters);
    if (ofInitials.length > 0) withMany(postings.initials, ofInitials, ofInitials.length, sorted.length, (at) => better(at, tierOfInitials(documents[at]!, letters)));
  }

  /** Each name in its likeliest reading alone: to take another one is a mistake or two as well. */
  function searchSimilar(letters: string, keys: readonly string[], mistakes: number): void {
    const scan = createTypoScan(letters);
    // Two letters in the wrong order take three pairs away, every other mistake fewer.
    withMany(postings.pairs, keys, Math.max(1, keys.length - 3 * Math.max(1, mistakes)), mostLookedAt, (at) => {
      if (best[at]! < tiers.similar) return;
      for (const { readings: [reading] } of documents[at]!) {
        const anywhere = reading ? scan.anywhere(reading.letters) : Number.POSITIVE_INFINITY;
        if (!reading || anywhere > mistakes) continue;
        const { whole, beginning } = scan.fromStart(reading.letters);
        if (whole <= mistakes) better(at, similar(whole, 0));
        else if (beginning <= mistakes) better(at, similar(beginning, 1));
        else if (letters.length <= longestScan) better(at, similar(anywhere, 2));
      }
    });
  }

  /** Words that stand apart or in another order, each with its own mistakes. */
  function searchSimilarWords(tokens: readonly string[], keys: readonly string[]): void {
    const scans = tokens.map((token) => ({ scan: createTypoScan(token), mistakes: mistakesIn(token) }));
    withMany(postings.pairs, keys, Math.max(1, keys.length - 3 * tokens.length), mostLookedAt, (at) => {
      let sum = 0;
      for (const { scan, mistakes } of scans) {
        let least = mistakes + 1;
        for (const { readings: [reading] } of documents[at]!) if (reading) least = Math.min(least, scan.anywhere(reading.letters));
        if (least > mistakes) return;
        sum += least;
      }
      better(at, similar(Math.min(sum, 4), 2));
    });
  }

  /** All but one of the characters: one is wrong, or one too many. */
  function searchNearlyWritten(written: string): void {
    const keys = [...new Set(written)];
    if (keys.length >= 3) withMany(postings.characters, keys, keys.length - 1, mostLookedAt, (at) => better(at, similar(2, 2)));
  }

  function howMany(below: number): number {
    let many = 0;
    for (const tier of best) if (tier < below) many += 1;
    return many;
  }

  function take(limit: number): Found {
    const scores: number[] = [];
    let exact = 0;
    for (let at = 0; at < best.length; at += 1) {
      const tier = best[at]!;
      if (tier === tiers.none) continue;
      if (tier < tiers.similar) exact += 1;
      scores.push(tier * best.length + at);
    }
    const ids = Float64Array.from(scores).sort().subarray(0, limit);
    return { ids: Array.from(ids, (score) => sorted[score % best.length]!.id), exact, similar: scores.length - exact };
  }

  return {
    search(query, limit) {
      const words = plain(query.slice(0, longestQuery));
      const written = words.replaceAll(' ', '');
      if (written === '') return { ids: [], exact: 0, similar: 0 };
      best.fill(tiers.none);
      const isHan = hasHan(written);
      const tokens = isHan ? [] : words.split(' ').map(typedLetters).filter((token) => token !== '');
      const letters = isHan ? (readingsOf(written)[0]?.letters ?? '') : tokens.join('');
      if (isHan) searchWritten(written);
      else if (letters !== '') searchLetters(letters, tokens);
      // Who typed a name right wants no others beside it; letters that are somebody's initials by chance may well be a mistyped name.
      if (howMany(tiers.initials) === 0) {
        const keys = keysOf(letters, isHan ? [letters] : tokens);
        // Two characters whose letters differ by one are another word (咖啡, 话费); what sounds the same was chosen wrongly.
        if (letters.length > 2) searchSimilar(letters, keys, isHan && written.length < 3 ? 0 : mistakesIn(letters));
        if (isHan) searchNearlyWritten(written);
        else if (tokens.length > 1 && howMany(tiers.none) === 0) searchSimilarWords(tokens, keys);
      }
      return take(limit);
    },
  };
}

function order(left: SearchOffer, right: SearchOffer): number {
  return (left.rank ?? Number.MAX_SAFE_INTEGER) - (right.rank ?? Number.MAX_SAFE_INTEGER) || left.price - right.price;
}

function phraseOf(text: string, isName: boolean): Phrase {
  const isHan = hasHan(text);
  return { isName, written: isHan ? plain(text).replaceAll(' ', '') : '', readings: isHan ? readingsOf(text) : [wordsReading(text)] };
}

/** The first letter of each syllable and word, for a query of one letter. */
function beginnings(letters: string, starts: number): readonly string[] {
  return [...letters.slice(0, 31)].filter((_, at) => (starts & (1 << at)) !== 0).map((letter) => `^${letter}`);
}

/** Pairs within each word: the words may stand apart, and in another order. */
function keysOf(letters: string, tokens: readonly string[]): readonly string[] {
  if (letters.length === 1) return [`^${letters}`];
  const keys = [...new Set(tokens.flatMap(pairsOf))];
  return keys.length > 0 ? keys : pairsOf(letters);
}

function tierOfWritten(phrases: readonly Phrase[], query: string): number {
  let least: number = tiers.scattered;
  for (const { isName, written } of phrases) {
    if (written === query && isName) return tiers.exact;
    if (written.startsWith(query) && isName) least = Math.min(least, tiers.beginning);
    else if (written.includes(query)) least = Math.min(least, isName ? tiers.part : tiers.keyword);
  }
  return least;
}

function tierOfLetters(phrases: readonly Phrase[], query: string, tokens: readonly string[]): number {
  let least: number = tiers.none;
  for (const { isName, written, readings } of phrases) {
    for (const { letters, starts } of readings) {
      if (letters.startsWith(query)) {
        if (!isName) least = Math.min(least, tiers.keyword);
        else if (letters.length === query.length) return tiers.exact;
        else least = Math.min(least, tiers.beginning);
      } else {
        const tier = isName ? tiers.part : tiers.keyword;
        if (least > tier && standsIn(letters, starts, query, isName && written === '')) least = tier;
      }
    }
  }
  if (least !== tiers.none || tokens.length < 2) return least;
  const isThere = (token: string) => phrases.some(({ written, readings }) => readings.some(({ letters, starts }) => standsIn(letters, starts, token, written === '')));
  return tokens.every(isThere) ? tiers.scattered : tiers.none;
}

/** From the beginning of a syllable or word; of words ("berry" of "strawberry") also from within, where enough of it was typed to mean that. */
function standsIn(letters: string, starts: number, query: string, isWords: boolean): boolean {
  for (let at = letters.indexOf(query); at >= 0; at = letters.indexOf(query, at + 1)) {
    if (at > 30 || (starts & (1 << at)) !== 0 || (isWords && query.length > 2)) return true;
  }
  return false;
}

function tierOfInitials(phrases: readonly Phrase[], query: string): number {
  let least: number = tiers.none;
  for (const { isName, readings } of phrases) {
    for (const { initials } of readings) {
      if (isName && initials.startsWith(query)) return tiers.initials;
      if (initials.includes(query)) least = tiers.partOfInitials;
    }
  }
  return least;
}

/** How many typing mistakes are forgiven: in a short word, one mistake makes another word. */
function mistakesIn({ length }: string): number {
  if (length < 4) return 0;
  if (length < 8) return 1;
  return length < 14 ? 2 : 3;
}

/** @param place 0 where the whole name is meant, 1 for its beginning, 2 for any part */
function similar(mistakes: number, place: 0 | 1 | 2): number {
  return tiers.similar + 3 * mistakes + place;
}
