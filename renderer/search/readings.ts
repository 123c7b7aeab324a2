import { pinyin } from 'pinyin-pro';

/** A text as letters that can be typed: pinyin without tones where it is Chinese, itself where it is not. */
export interface Reading {
  /** a to z and 0 to 9 alone, without spaces; ü is v, as it is typed. */
  readonly letters: string;
  /** Bit n is set where a syllable or a word begins at letter n, for the first 31. */
  readonly starts: number;
  /** The first letter of each syllable; what is not Chinese stands there whole ("usbcdx"). */
  readonly initials: string;
}

/** Of one name at most: a name of many heteronyms has more, of which nobody types the rest. */
const mostReadings = 8;
const han = /\p{Script=Han}/u;

/** Width, case and spelling that make no difference; anything that is neither a letter nor a digit becomes one space. */
export function plain(text: string): string {
  return text.normalize('NFKC').toLowerCase().replace(/[^\p{L}\p{N}\p{M}]+/gu, ' ').trim();
}

export function hasHan(text: string): boolean {
  return han.test(text);
}

/** "crème brûlée" is typed "creme brulee", and "lǜ" is typed "lv". */
export function typedLetters(text: string): string {
  return text.normalize('NFC').replace(/[üǖǘǚǜ]/g, 'v').normalize('NFD').replace(/[^a-z0-9]/g, '');
}

/**
 * How a Chinese text is read, the likeliest reading first. Each character that has several is read in each of them once (重庆 is found by chongqing and
 * by zhongqing): who searches reads one wrong, not two.
 */
export function readingsOf(text: string): readonly Reading[] {
  const parts = partsOf(plain(text));
  const readings = [reading(parts.map(({ likely }) => likely), parts)];
  for (const [at, { others }] of parts.entries()) {
    for (const other of others) {
      if (readings.length === mostReadings) return readings;
      readings.push(reading(parts.map(({ likely }, index) => (index === at ? other : likely)), parts));
    }
  }
  return readings;
}

/** A text of words, as letters; its initials are those of the words. */
export function wordsReading(text: string): Reading {
  const words = plain(text).split(' ').map(typedLetters).filter((word) => word !== '');
  return { ...joined(words), initials: words.map((word) => word.charAt(0)).join('') };
}

interface Part {
  readonly likely: string;
  readonly others: readonly string[];
  readonly isHan: boolean;
}

/** Syllables, and the runs of letters and digits between them. */
function partsOf(text: string): readonly Part[] {
  const parts: Part[] = [];
  let run = '';
  const endRun = () => {
    const likely = typedLetters(run);
    if (likely !== '') parts.push({ likely, others: [], isHan: false });
    run = '';
  };
  for (const { origin, pinyin: syllable, polyphonic, isZh } of pinyin(text, { type: 'all', toneType: 'none' })) {
    if (!isZh) {
      if (origin === ' ') endRun();
      else run += origin;
      continue;
    }
    endRun();
    const likely = typedLetters(syllable);
    const others = [...new Set(polyphonic.map((other) => typedLetters(other)))].filter((other) => other !== likely && other !== '');
    parts.push({ likely, others, isHan: true });
  }
  endRun();
  return parts;
}

function reading(syllables: readonly string[], parts: readonly Part[]): Reading {
  return { ...joined(syllables), initials: syllables.map((syllable, index) => (parts[index]?.isHan ? syllable.charAt(0) : syllable)).join('') };
}

function joined(pieces: readonly string[]): Pick<Reading, 'letters' | 'starts'> {
  let [letters, starts] = ['', 0];
  for (const piece of pieces) {
    if (letters.length < 31) starts |= 1 << letters.length;
    letters += piece;
  }
  return { letters, starts };
}
