import type { RefObject } from 'react';
import { useLayoutEffect, useRef, useState } from 'react';
import { classNames } from '../ui/class-names.ts';
import { DownIcon } from '../ui/icons.tsx';
import { useWords } from './kiosk-context.tsx';
import './more-below.css';
import type { Where } from './scroll-place.ts';
import { turnOf, whereIn } from './scroll-place.ts';

export interface MoreBelowProps {
  /** What scrolls; without it, what stands right before this. */
  readonly of?: RefObject<HTMLElement | null>;
  /** Its room is there from the beginning: what lies above it goes by its height. */
  readonly keepsRoom?: boolean;
  /** Beside something narrow: the arrow alone. */
  readonly narrow?: boolean;
}

/**
 * Turns a list by a page for a finger that cannot drag, and at its end back to its beginning. Like a scroll bar it is nothing for keys or the voice: those
 * bring into sight whatever they come to. Once there it keeps its room, so that a list which goes by its height does not move to and fro.
 */
export function MoreBelow({ of, keepsRoom = false, narrow = false }: MoreBelowProps) {
  const { words } = useWords();
  const own = useRef<HTMLDivElement>(null);
  const [where, setWhere] = useState<Where>(keepsRoom ? 'still' : 'none');
  const scrolling = () => scrollerIn(of ? of.current : (own.current?.previousElementSibling ?? null));
  useLayoutEffect(() => {
    const outer = of ? of.current : own.current?.previousElementSibling;
    if (!outer) return undefined;
    const look = () => setWhere((before) => whereIn(scrollerIn(outer) ?? outer, before));
    const sizes = new ResizeObserver(look);
    const observe = () => {
      for (const element of [outer, ...outer.children, ...(scrollerIn(outer)?.children ?? [])]) sizes.observe(element);
      look();
    };
    const contents = new MutationObserver(observe);
    contents.observe(outer, { childList: true, subtree: true });
    // What scrolls within it does not bubble.
    outer.addEventListener('scroll', look, { capture: true, passive: true });
    observe();
    return () => {
      sizes.disconnect();
      contents.disconnect();
      outer.removeEventListener('scroll', look, { capture: true });
    };
  }, [of]);
  const turn = () => {
    const list = scrolling();
    if (list) list.scrollTo({ top: turnOf(list), behavior: isCalm() ? 'instant' : 'smooth' });
  };
  return (
    <div ref={own} className={classNames('more-below', `more-below--${where}`, narrow && 'more-below--narrow')} aria-hidden="true">
      {/* It takes no focus from what has it. */}
      <button type="button" className="more-below__button" tabIndex={-1} disabled={where === 'none' || where === 'still'} onMouseDown={(event) => event.preventDefault()} onClick={turn}>
        {narrow ? null : where === 'end' ? words.offer.toTop : words.offer.moreBelow}
        <DownIcon />
      </button>
    </div>
  );
}

/** Fields scroll by themselves above their keys. */
function scrollerIn(outer: Element | null): Element | null {
  const fields = outer?.querySelector('.fields__list');
  return fields && fields.scrollHeight > fields.clientHeight + 1 && getComputedStyle(fields).overflowY === 'auto' ? fields : outer;
}

function isCalm(): boolean {
  return document.documentElement.dataset['calm'] !== undefined || matchMedia('(prefers-reduced-motion: reduce)').matches;
}
