import type { KeyboardEvent, MouseEvent, ReactNode } from 'react';
import { navigate as browserNavigate, usePathname, useSearch } from 'wouter/use-browser-location';

/** Where the console is. The address bar is the only state of this kind, so that a link shows what its sender saw. */
export interface Place {
  readonly path: string;
  readonly search: string;
}

export function usePlace(): Place {
  const search = useSearch();
  return { path: usePathname(), search: search === '' || search.startsWith('?') ? search : `?${search}` };
}

export function navigate(to: string, { replace = false }: { readonly replace?: boolean } = {}): void {
  browserNavigate(to, { replace });
}

interface LinkProps {
  readonly to: string;
  readonly className?: string;
  readonly isCurrent?: boolean;
  readonly label?: string;
  readonly onKeyDown?: (event: KeyboardEvent<HTMLAnchorElement>) => void;
  readonly onFollow?: () => void;
  readonly children: ReactNode;
}

/** A real link: it opens in a new tab and can be copied, and changes the page without loading it again. */
export function Link({ to, className, isCurrent = false, label, onKeyDown, onFollow, children }: LinkProps) {
  const follow = (event: MouseEvent) => {
    if (event.metaKey || event.ctrlKey || event.shiftKey || event.button !== 0) return;
    event.preventDefault();
    event.stopPropagation();
    navigate(to);
    onFollow?.();
  };
  return (
    <a href={to} className={className} aria-current={isCurrent ? 'page' : undefined} aria-label={label} onClick={follow} onKeyDown={onKeyDown}>
      {children}
    </a>
  );
}
