import { useSyncExternalStore } from 'react';
import type { KeyboardEvent, MouseEvent, ReactNode } from 'react';

/** Where the console is. The address bar is the only state of this kind, so that a link shows what its sender saw. */
export interface Place {
  readonly path: string;
  readonly search: string;
}

export function usePlace(): Place {
  const address = useSyncExternalStore(subscribe, () => `${location.pathname}${location.search}`);
  const [path = '/', search = ''] = address.split(/(?=\?)/);
  return { path, search };
}

export function navigate(to: string, { replace = false }: { readonly replace?: boolean } = {}): void {
  if (replace) history.replaceState(null, '', to);
  else history.pushState(null, '', to);
  dispatchEvent(new PopStateEvent('popstate'));
}

interface LinkProps {
  readonly to: string;
  readonly className?: string;
  readonly isCurrent?: boolean;
  readonly onKeyDown?: (event: KeyboardEvent<HTMLAnchorElement>) => void;
  readonly children: ReactNode;
}

/** A real link: it opens in a new tab and can be copied, and changes the page without loading it again. */
export function Link({ to, className, isCurrent = false, onKeyDown, children }: LinkProps) {
  const follow = (event: MouseEvent) => {
    if (event.metaKey || event.ctrlKey || event.shiftKey || event.button !== 0) return;
    event.preventDefault();
    event.stopPropagation();
    navigate(to);
  };
  return (
    <a href={to} className={className} aria-current={isCurrent ? 'page' : undefined} onClick={follow} onKeyDown={onKeyDown}>
      {children}
    </a>
  );
}

function subscribe(onChange: () => void): () => void {
  addEventListener('popstate', onChange);
  return () => removeEventListener('popstate', onChange);
}
