import type { Language } from '../../domain/language.ts';

export type StopKind = 'heading' | 'text' | 'picture' | 'button' | 'link' | 'toggle' | 'checkbox' | 'radio' | 'tab' | 'option' | 'field' | 'stepper';

/** One place where the reading can stand: everything that has to be known to name it before it acts. */
export interface Stop {
  readonly kind: StopKind;
  /** What carries the ring and, but for fields, the focus. */
  readonly element: Element;
  /** What is pressed. */
  readonly target: Element;
  /** Enough by itself. */
  readonly name: string;
  /** Says more than the name: a reason, a hint. */
  readonly description: string;
  /** Of fields and steppers. */
  readonly value: string | undefined;
  /** What stands in it is not to be heard by others: only how many signs there are. */
  readonly isSecret: boolean;
  /** Chosen, pressed or ticked; undefined where it cannot be. */
  readonly chosen: boolean | undefined;
  readonly expanded: boolean | undefined;
  /** The one of its kind that is shown now. */
  readonly current: boolean;
  readonly disabled: boolean;
  readonly busy: boolean;
  readonly invalid: boolean;
  readonly position: { readonly at: number; readonly of: number } | undefined;
  /** What it stands in, from the outside to the inside: named groups alone. */
  readonly groups: readonly { readonly element: Element; readonly name: string }[];
  /** Rises with every heading and at every border of a group: left and right go by it. */
  readonly section: number;
  /** The keypad or keyboard that it is a key of: all four arrows go from key to key, as they lie. */
  readonly pad: Element | undefined;
  /** By `lang`; undefined where the page says nothing. */
  readonly language: Language | undefined;
  /** Of a stepper. */
  readonly less: Element | undefined;
  readonly more: Element | undefined;
}

export function isActive({ kind }: Stop): boolean {
  return kind !== 'heading' && kind !== 'text' && kind !== 'picture';
}
