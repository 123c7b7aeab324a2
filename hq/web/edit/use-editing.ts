import { useState } from 'react';
import type { Begun, Held, Met } from './meet.ts';
import { meet } from './meet.ts';

export interface Editing<T> extends Met<T> {
  readonly isTouched: boolean;
  readonly set: (typed: T) => void;
  /** What is typed goes over theirs, by the next save. */
  readonly keepMine: () => void;
  readonly takeTheirs: () => void;
  /** It is saved: what HQ has is what is shown again. */
  readonly saved: () => void;
}

/** What a person types, kept while HQ is read again under it. Its component has the key of what is edited: of another thing nothing is typed. */
export function useEditing<T>(newest: Held<T>, said?: (value: T) => unknown): Editing<T> {
  const [begun, setBegun] = useState<Begun<T>>();
  const met = meet(newest, begun, said);
  const forget = () => setBegun(undefined);
  return { ...met, isTouched: begun !== undefined, set: (typed) => setBegun({ typed, over: met.over }), keepMine: () => setBegun({ typed: met.value, over: newest }), takeTheirs: forget, saved: forget };
}
