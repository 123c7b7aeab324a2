import type { KioskId } from '../../../domain/ids.ts';
import { kioskIdSchema } from '../../../domain/ids.ts';
import { StartFailure } from '../start-failure.ts';

/** Throws a StartFailure where it is none. */
export function kioskIdOf(text: string | undefined): KioskId {
  const kioskId = kioskIdSchema.safeParse(text);
  if (!kioskId.success) throw new StartFailure(`${text === undefined ? 'The kiosk id is missing' : `"${text}" is no kiosk id`}: small letters, digits and hyphens, such as kiosk-001.`);
  return kioskId.data;
}

/** The words of a command that takes so many at most, and no options. Throws a StartFailure where there are more: what is not understood is not done by halves. */
export function readWords(args: readonly string[], most: number): readonly string[] {
  return noMoreThan(readOptions(args, []).words, most);
}

/** Throws a StartFailure that names the first word too many. */
export function noMoreThan(words: readonly string[], most: number): readonly string[] {
  if (words.length > most) throw new StartFailure(`"${words[most]}" is one word too many.`);
  return words;
}

/**
 * Takes "--name value" out of the arguments. Throws a StartFailure for an option that is not in `names`, or that has no value.
 * @returns the words that are left, and the values by name
 */
export function readOptions(args: readonly string[], names: readonly string[]): { readonly words: readonly string[]; readonly options: ReadonlyMap<string, string> } {
  const words: string[] = [];
  const options = new Map<string, string>();
  for (let index = 0; index < args.length; index++) {
    const word = args[index] ?? '';
    if (!word.startsWith('--')) {
      words.push(word);
      continue;
    }
    const [name = '', inline] = word.slice(2).split(/=(.*)/s);
    if (!names.includes(name)) throw new StartFailure(`There is no option --${name} here${names.length > 0 ? `, only ${names.map((known) => `--${known}`).join(', ')}` : ''}.`);
    const value = inline ?? args[++index];
    if (value === undefined) throw new StartFailure(`The option --${name} needs a value.`);
    options.set(name, value);
  }
  return { words, options };
}

/** "2026-11-22 05:00 UTC" */
export function shownTime(at: number): string {
  return `${new Date(Math.min(at, 8_640_000_000_000_000)).toISOString().slice(0, 16).replace('T', ' ')} UTC`;
}

/** "3 min", "2 h": how long ago, or how long until. */
export function shownSpan(ms: number): string {
  const minutes = Math.round(Math.abs(ms) / 60_000);
  if (minutes < 1) return `${Math.round(Math.abs(ms) / 1000)} s`;
  return minutes < 120 ? `${minutes} min` : minutes < 2880 ? `${Math.round(minutes / 60)} h` : `${Math.round(minutes / 1440)} days`;
}
