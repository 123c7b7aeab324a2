import type { Language } from '../../domain/language.ts';
import type { SpokenWords } from '../i18n/areas/spoken.ts';
import type { Stop } from './stop.ts';
import { isActive } from './stop.ts';

export interface Voice {
  readonly language: Language;
  readonly words: SpokenWords;
}

/**
 * A stop as it is named, before it acts: the groups that were entered on the way to it, its name, what it is, its value, its state, its place, what
 * more there is to know. Plain text, as on the screen: `domain/speech` makes words of the numbers.
 */
export function sayStop(stop: Stop, { language, words }: Voice, from?: Stop): string {
  const entered = stop.groups.filter(({ element }) => element !== stop.element && !from?.groups.some((before) => before.element === element)).map(({ name }) => name);
  const isKey = stop.pad !== undefined;
  const hint = isKey && from?.pad !== stop.pad ? words.keysOfPad : '';
  return joined([...entered.filter((name) => !stop.name.startsWith(name)), hint, stop.name, ...(isKey ? [] : kindParts(stop, words)), ...valueParts(stop, words), ...stateParts(stop, words), positionPart(stop, words), stop.description], language);
}

/** What has changed at a stop; empty where nothing has that is heard. */
export function sayChange(before: Stop, after: Stop, { language, words }: Voice): string {
  const value = before.value === after.value ? [] : changedValue(after, words);
  // "Placing your order…" says already why it cannot be pressed.
  const states = stateParts(after, words).filter((part) => !stateParts(before, words).includes(part) && !(part === words.unavailable && before.name !== after.name));
  const name = before.name === after.name ? '' : after.name;
  const description = before.description === after.description ? '' : after.description;
  return joined([name, ...value, ...states, description], language);
}

/** Says what was typed, and not all that stands there already. */
export function sayTyped(before: string, after: string, { words }: Voice): string {
  if (after.startsWith(before)) return after.slice(before.length).trim();
  if (before.startsWith(after)) return words.erased(after);
  return after;
}

export function joined(parts: readonly string[], language: Language): string {
  const comma = language === 'zh' ? '，' : ', ';
  return parts.filter((part) => part !== '').reduce((text, part) => (text === '' ? part : /[，。！？：；,.!?:;]$/u.test(text) ? `${text}${language === 'zh' ? '' : ' '}${part}` : text + comma + part), '');
}

/** Sentences one after the other, each with its end. */
export function sentences(parts: readonly string[], language: Language): string {
  const stop = language === 'zh' ? '。' : '.';
  return parts
    .filter((part) => part !== '')
    .map((part) => (/[。！？.!?…]$/u.test(part) ? part : part.replace(/[，：；,:;]$/u, '') + stop))
    .join(language === 'zh' ? '' : ' ');
}

function kindParts({ kind }: Stop, words: SpokenWords): readonly string[] {
  return kind === 'text' ? [] : [words.kinds[kind]];
}

function valueParts({ kind, value, isSecret }: Stop, words: SpokenWords): readonly string[] {
  if (value === undefined) return [];
  if (isSecret) return [words.secret(value)];
  if (kind === 'stepper') return [value, words.changeBySides];
  return [value === '' ? words.empty : value];
}

function changedValue(after: Stop, words: SpokenWords): readonly string[] {
  if (after.value === undefined) return [];
  if (after.isSecret) return [words.secret(after.value)];
  return [after.value === '' ? words.empty : after.value];
}

function stateParts(stop: Stop, words: SpokenWords): readonly string[] {
  if (!isActive(stop)) return [];
  const parts: string[] = [];
  if (stop.kind === 'toggle' && stop.chosen !== undefined) parts.push(stop.chosen ? words.on : words.off);
  else if (stop.chosen !== undefined) parts.push(stop.chosen ? words.chosen : words.notChosen);
  if (stop.expanded !== undefined) parts.push(stop.expanded ? words.expanded : words.collapsed);
  if (stop.current) parts.push(words.current);
  if (stop.invalid) parts.push(words.invalid);
  if (stop.busy) parts.push(words.busy);
  else if (stop.disabled) parts.push(words.unavailable);
  return parts;
}

function positionPart({ position }: Stop, words: SpokenWords): string {
  return position ? words.position(position.at, position.of) : '';
}
