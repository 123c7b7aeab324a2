import type { Look } from './accessible.ts';
import { roleOf, textOf } from './accessible.ts';
import { walkElements } from './reading.ts';

/** A region that says by itself what has changed in it, with its text. */
export interface LiveRegion {
  readonly element: Element;
  readonly text: string;
  /** Interrupts: something went wrong, or time runs out. */
  readonly isUrgent: boolean;
  /** By its role it says something whole; a bare `aria-live` and an `output` only change. */
  readonly isMessage: boolean;
}

/** Live regions of the whole page, also outside an open dialog where they are not hidden (WAI-ARIA 1.2, 6.7). */
export function liveRegionsOf(root: Element, look: Look): readonly LiveRegion[] {
  const regions: LiveRegion[] = [];
  walkElements(root, look, (element) => {
    const byRole = implied(roleOf(element));
    const politeness = element.getAttribute('aria-live') ?? byRole;
    const isMessage = byRole !== 'off' && element.localName !== 'output';
    if (politeness === 'polite' || politeness === 'assertive') regions.push({ element, text: textOf(element, look), isUrgent: politeness === 'assertive', isMessage });
  });
  return regions;
}

/** What is new: a changed text, and a message that has come with one; a number or a count that has come with what it counts is no news. */
export function liveNews(before: readonly LiveRegion[], after: readonly LiveRegion[]): readonly LiveRegion[] {
  const known = new Map(before.map(({ element, text }) => [element, text]));
  return after.filter(({ element, text, isMessage }) => text !== '' && known.get(element) !== text && (known.has(element) || isMessage));
}

function implied(role: string): string {
  return role === 'status' || role === 'log' ? 'polite' : role === 'alert' ? 'assertive' : 'off';
}
