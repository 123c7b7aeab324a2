import type { Look } from './accessible.ts';

/** A look at the real page. */
export function createLook(window: Window): Look {
  return {
    // What has no box of its own (`display: contents`) counts as not visible there, and yet all that stands in it is shown.
    isShown: (element) => element.checkVisibility({ visibilityProperty: true }) || window.getComputedStyle(element).display === 'contents',
    isInline(element) {
      const { display, position } = window.getComputedStyle(element);
      // What is taken out of the flow only for the eye (`.unseen`) stays in the sentence.
      return display.startsWith('inline') || display === 'contents' || position === 'absolute';
    },
  };
}

const mark = 'data-reading';

/** The visible focus ring follows the voice; nothing else of the page does. */
export function createRing(): { put(element: Element | undefined, takesFocus: boolean): void } {
  let marked: Element | undefined;
  let lentTabIndex: Element | undefined;

  return {
    put(element, takesFocus) {
      marked?.removeAttribute(mark);
      if (lentTabIndex !== element) lentTabIndex?.removeAttribute('tabindex');
      if (lentTabIndex !== element) lentTabIndex = undefined;
      marked = element;
      if (!element) return;
      element.setAttribute(mark, '');
      element.scrollIntoView({ block: 'nearest', inline: 'nearest' });
      if (!takesFocus) return;
      const target = element as HTMLElement;
      target.focus({ preventScroll: true });
      if (target.ownerDocument.activeElement === target || target.hasAttribute('tabindex')) return;
      // Text takes the focus while it is read, so that a screen reader or a magnifier beside us is where we are.
      target.setAttribute('tabindex', '-1');
      lentTabIndex = target;
      target.focus({ preventScroll: true });
    },
  };
}
