/** What a form edits, as HQ has it. */
export interface Held<T> {
  /** What the next save goes over. Counts up; 0 where there is nothing of its own. */
  readonly version: number;
  /** Who made it so, and when (epoch milliseconds); null where that is not known. */
  readonly by: string | null;
  readonly at: number | null;
  readonly value: T;
}

/** What a person has typed, and over what they began. */
export interface Begun<T> {
  readonly typed: T;
  readonly over: Held<T>;
}

export interface Met<T> {
  readonly value: T;
  readonly over: Held<T>;
  /** What somebody else has made of it meanwhile, and of which nothing is decided yet. */
  readonly newer: Held<T> | undefined;
}

/**
 * What a form shows where it is read again under a person's hands: what they have typed, whatever came meanwhile. What says the same as what they began over, or as
 * what they have typed, takes nothing from anybody: the next save goes over it.
 * @param said what of a value is saved, where a form keeps more than that
 */
export function meet<T>(newest: Held<T>, begun: Begun<T> | undefined, said: (value: T) => unknown = (value) => value): Met<T> {
  if (!begun) return { value: newest.value, over: newest, newer: undefined };
  const { typed, over } = begun;
  if (isSame(said(newest.value), said(over.value)) || isSame(said(newest.value), said(typed))) return { value: typed, over: newest, newer: undefined };
  // An older one stands there again where a newer one was taken back: who made that one did not do it.
  return { value: typed, over, newer: newest.version > over.version ? newest : { ...newest, by: null, at: null } };
}

/** In order, too: what was moved is another thing, though each part of it is the same. */
function isSame(one: unknown, other: unknown): boolean {
  if (typeof one !== 'object' || typeof other !== 'object' || one === null || other === null) return Object.is(one, other);
  const [a, b] = [one as Record<string, unknown>, other as Record<string, unknown>];
  if (Array.isArray(one) !== Array.isArray(other) || (Array.isArray(one) && one.length !== (other as unknown[]).length)) return false;
  return [...new Set([...Object.keys(a), ...Object.keys(b)])].every((name) => isSame(a[name], b[name]));
}

/** One line for each thing that a form has, as a person reads it. */
export type Lines = Readonly<Record<string, string>>;

/** Where two differ, line by line, in their order; empty where one has nothing. */
export function linesThatDiffer(theirs: Lines, mine: Lines): readonly { readonly name: string; readonly theirs: string; readonly mine: string }[] {
  const names = [...new Set([...Object.keys(mine), ...Object.keys(theirs)])];
  return names.map((name) => ({ name, theirs: theirs[name] ?? '', mine: mine[name] ?? '' })).filter((line) => line.theirs !== line.mine);
}
