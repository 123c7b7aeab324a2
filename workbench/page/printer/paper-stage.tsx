import { useEffect, useRef } from 'react';
import { loadSlip } from './load-slip.ts';

/** The unfinished paper, rising out of the slot as it is printed. */
export function PaperStage({ current }: { readonly current: string | undefined }) {
  const place = useRef<HTMLDivElement>(null);

  useEffect(() => {
    const paper = place.current;
    if (!paper) return undefined;
    if (current === undefined) {
      paper.replaceChildren();
      return undefined;
    }
    // Outdated as soon as a newer one is asked for: lines come quicker than pictures.
    const stop = new AbortController();
    void loadSlip('/api/slips/current.svg', stop.signal).then((picture) => {
      if (picture && !stop.signal.aborted) rise(paper, picture);
    });
    return () => stop.abort();
  }, [current]);

  return <div className="paper-stage"><div className="paper" ref={place} role="img" aria-label="Paper in the printer" hidden={current === undefined} /></div>;
}

/** The new lines push out what was there before. */
function rise(paper: HTMLElement, picture: Element): void {
  const before = paper.firstElementChild ? paper.offsetHeight : 0;
  paper.replaceChildren(picture);
  const distance = paper.offsetHeight - before;
  if (distance > 0) paper.animate([{ transform: `translateY(${distance}px)` }, { transform: 'none' }], { duration: 90, easing: 'linear' });
}
