/** What the engine knows of the script; made once from data (pinyin-dictionary.ts). */
export interface PinyinDictionary {
  /** By syllable without tones, ü as v: its characters, the most used first. */
  readonly characters: ReadonlyMap<string, readonly string[]>;
  /** Words of several characters, the most used first. Any reading of each character is taken. */
  readonly words: readonly string[];
  /** Family names by frequency, of one or two characters. */
  readonly surnames: readonly string[];
  /** Characters of given names by frequency. */
  readonly nameCharacters: readonly string[];
}

export interface Candidate {
  readonly text: string;
  /** So many of the typed letters it takes, from the front. */
  readonly used: number;
}

export interface Wish {
  /** A person's name: family names first at its beginning, the characters of given names after. */
  readonly names?: boolean;
  /** What stands before already; a name begins where it is empty. */
  readonly before?: string;
}

export interface PinyinInput {
  /** The best first; a whole reading of all letters before words before single characters. */
  readonly candidates: (letters: string, wish?: Wish) => readonly Candidate[];
  /** The letters parted into syllables, for the eye: "wang xiao m". */
  readonly syllables: (letters: string) => readonly string[];
}

interface Segment {
  /** What was typed of it. */
  readonly letters: string;
  readonly isWhole: boolean;
  /** Where it ends in the letters, behind an apostrophe that parts it from the next. */
  readonly end: number;
}

const maxReadings = 6;
const maxWordLength = 8;
/** Longer texts are not guessed as a whole: nobody chooses among such guesses, and each key has to be answered within a frame. */
const mostSegments = 10;
const maxCandidates = 200;

/** A pinyin input method without a screen: typed letters in, characters to choose from out. Pure; the keyboard holds what has been typed. */
export function createPinyinInput(dictionary: PinyinDictionary): PinyinInput {
  const { characters, words, surnames, nameCharacters } = dictionary;
  const syllables = [...characters.keys()].sort();
  const readings = new Map<string, string[]>();
  for (const [syllable, ofIt] of characters) for (const character of ofIt) listIn(readings, character).push(syllable);
  const rankOfSurname = new Map(surnames.map((name, rank) => [name, rank]));
  const rankInNames = new Map(nameCharacters.map((character, rank) => [character, rank]));
  const lexicon = indexed(words);
  const familyNames = indexed(surnames.filter((name) => [...name].length > 1));

  /** Words by the first letter of each reading of their first character: few enough to be read through. */
  function indexed(list: readonly string[]): ReadonlyMap<string, readonly (readonly string[])[]> {
    const byLetter = new Map<string, (readonly string[])[]>();
    for (const word of list) {
      const parts = [...word];
      for (const letter of new Set((readings.get(parts[0]!) ?? []).map((syllable) => syllable[0]!))) listIn(byLetter, letter).push(parts);
    }
    return byLetter;
  }

  const beginnings = new Set(syllables.flatMap((syllable) => Array.from(syllable, (_, place) => syllable.slice(0, place + 1))));
  const beginsSyllable = (letters: string) => beginnings.has(letters);
  /** What the letters of a beginning may become; asked for again at each key. */
  const mixtures = new Map<string, readonly string[]>();
  const isOf = (character: string, { letters, isWhole }: Segment) => (readings.get(character) ?? []).some((syllable) => (isWhole ? syllable === letters : syllable.startsWith(letters)));

  /** The ways to part the letters, the best first: fewest parts, then fewest broken ones, then the longest first part. */
  function part(letters: string): readonly (readonly Segment[])[] {
    const ways = new Map<number, Segment[][]>([[letters.length, [[]]]]);
    for (let from = letters.length - 1; from >= 0; from -= 1) {
      const found: Segment[][] = [];
      for (let to = from + 1; to <= Math.min(letters.length, from + 6); to += 1) {
        const piece = letters.slice(from, to);
        if (piece.includes("'")) break;
        const isWhole = characters.has(piece);
        if (!isWhole && !(beginsSyllable(piece) && (to === letters.length || isInitial(piece) || letters[to] === "'"))) continue;
        let end = to;
        while (letters[end] === "'") end += 1;
        for (const rest of ways.get(end) ?? []) found.push([{ letters: piece, isWhole, end }, ...rest]);
      }
      ways.set(from, found.sort(better).slice(0, maxReadings));
    }
    return ways.get(0) ?? [];
  }

  /** Of one part: whole syllables by use; of a beginning, the most used of each syllable that it may become. */
  function singles(segment: Segment): readonly string[] {
    if (segment.isWhole) return characters.get(segment.letters) ?? [];
    const known = mixtures.get(segment.letters);
    if (known) return known;
    const lists = syllables.filter((syllable) => syllable.startsWith(segment.letters)).map((syllable) => characters.get(syllable)!);
    const mixed: string[] = [];
    for (let place = 0; place < 5; place += 1) for (const list of lists) if (list[place] !== undefined) mixed.push(list[place]!);
    mixtures.set(segment.letters, mixed);
    return mixed;
  }

  function wordsOf(index: ReturnType<typeof indexed>, segments: readonly Segment[]): readonly Candidate[] {
    const first = segments[0];
    if (!first) return [];
    const found: Candidate[] = [];
    for (const parts of index.get(first.letters[0]!) ?? []) {
      if (parts.length > Math.min(segments.length, maxWordLength)) continue;
      if (parts.every((character, place) => isOf(character, segments[place]!))) found.push({ text: parts.join(''), used: segments[parts.length - 1]!.end });
    }
    return found.sort((left, right) => right.used - left.used);
  }

  const byNames = (list: readonly string[]) => [...list].sort((left, right) => (rankInNames.get(left) ?? 9999) - (rankInNames.get(right) ?? 9999));
  const bySurnames = (list: readonly string[]) => [...list].sort((left, right) => (rankOfSurname.get(left) ?? 9999) - (rankOfSurname.get(right) ?? 9999));

  function guessName(segments: readonly Segment[], wish: Wish): string {
    const double = isAtStart(wish) && segments.length > 2 ? wordsOf(familyNames, segments)[0]?.text : undefined;
    const begin = double ?? (isAtStart(wish) ? bySurnames(singles(segments[0]!))[0] : undefined) ?? '';
    return begin + segments.slice([...begin].length).map((segment) => byNames(singles(segment))[0] ?? '').join('');
  }

  /** All the letters as one text, by the longest words and the most used characters; of the ways to part them, the one with the fewest pieces. */
  function guessText(ways: readonly (readonly Segment[])[]): string {
    const guesses = ways.map((segments) => {
      const pieces: string[] = [];
      for (let place = 0; place < segments.length; place += [...pieces.at(-1)!].length) pieces.push(wordsOf(lexicon, segments.slice(place))[0]?.text ?? singles(segments[place]!)[0]!);
      return pieces;
    });
    return guesses.reduce((left, right) => (right.length < left.length ? right : left)).join('');
  }

  return {
    syllables: (letters) => (part(letters)[0] ?? [{ letters, isWhole: false, end: letters.length }]).map((segment) => segment.letters),
    candidates(letters, wish = {}) {
      const ways = part(letters);
      const best = ways[0];
      if (!best?.[0]) return [];
      const found: Candidate[] = [];
      const isName = wish.names === true;
      if (isName && isAtStart(wish)) found.push(...wordsOf(familyNames, best).filter(({ used }) => used === letters.length && best.length === 2));
      if (best.length > 1 && best.length <= (isName ? 4 : mostSegments)) found.push({ text: isName ? guessName(best, wish) : guessText(ways), used: letters.length });
      if (isName && isAtStart(wish)) found.push(...wordsOf(familyNames, best));
      if (!isName) for (const way of best.length > mostSegments ? [best] : ways) found.push(...wordsOf(lexicon, way));
      for (const way of ways) {
        const list = singles(way[0]!);
        const sorted = isName ? (isAtStart(wish) ? bySurnames(list) : byNames(list)) : list;
        found.push(...sorted.map((text) => ({ text, used: way[0]!.end })));
      }
      if (isName) found.push(...wordsOf(lexicon, best));
      return unique(found).slice(0, maxCandidates);
    },
  };
}

function listIn<T>(lists: Map<string, T[]>, key: string): T[] {
  const list = lists.get(key) ?? [];
  if (list.length === 0) lists.set(key, list);
  return list;
}

function isAtStart({ before = '' }: Wish): boolean {
  return before.trim() === '';
}

/** A consonant alone may stand for its syllable anywhere: "wxm" is 王 小 明. */
function isInitial(piece: string): boolean {
  return /^(zh|ch|sh|[bpmfdtnlgkhjqxrzcsyw])$/.test(piece);
}

function better(left: readonly Segment[], right: readonly Segment[]): number {
  const broken = (way: readonly Segment[]) => way.filter(({ isWhole }) => !isWhole).length;
  return broken(left) - broken(right) || left.length - right.length || (right[0]?.letters.length ?? 0) - (left[0]?.letters.length ?? 0);
}

function unique(list: readonly Candidate[]): Candidate[] {
  const seen = new Set<string>();
  return list.filter(({ text, used }) => {
    const key = `${text} ${used}`;
    if (text === '' || seen.has(key)) return false;
    seen.add(key);
    return true;
  });
}
