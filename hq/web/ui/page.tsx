import { createContext, use, useEffect, useId, useRef, useState } from 'react';
import type { ReactNode } from 'react';

/** Told that a page is shown, answers whether one was before: only then does the new one take the focus. */
const VisitContext = createContext<() => boolean>(() => false);

export function VisitProvider({ children }: { readonly children: ReactNode }) {
  const hasShown = useRef(false);
  const [visit] = useState(() => () => {
    const before = hasShown.current;
    hasShown.current = true;
    return before;
  });
  return <VisitContext value={visit}>{children}</VisitContext>;
}

interface PageProps {
  readonly title: string;
  readonly lead?: ReactNode;
  readonly actions?: ReactNode;
  readonly filters?: ReactNode;
  readonly children: ReactNode;
}

/** The window's title and the page's are one. A page that was gone to has the focus on its heading. */
export function Page({ title, lead, actions, filters, children }: PageProps) {
  const heading = useRef<HTMLHeadingElement>(null);
  const visit = use(VisitContext);
  useEffect(() => {
    if (visit()) heading.current?.focus({ preventScroll: true });
  }, [visit]);
  return (
    <main className="k-page" id="main" tabIndex={-1}>
      <title>{`${title} – Counter24 HQ`}</title>
      <div className="k-page-head">
        <div className="k-page-title">
          <h1 ref={heading} tabIndex={-1}>{title}</h1>
          {lead !== undefined && <p className="k-lead">{lead}</p>}
        </div>
        {actions !== undefined && <div className="k-actions">{actions}</div>}
      </div>
      {filters}
      {children}
    </main>
  );
}

export function Section({ title, actions, children }: { readonly title: string; readonly actions?: ReactNode; readonly children: ReactNode }) {
  const id = useId();
  return (
    <section className="k-section" aria-labelledby={id}>
      <div className="k-section-head"><h2 id={id}>{title}</h2>{actions !== undefined && <div className="k-actions">{actions}</div>}</div>
      {children}
    </section>
  );
}

/** Names and values. */
export function Facts({ items }: { readonly items: readonly (readonly [name: string, value: ReactNode])[] }) {
  return (
    <dl className="k-facts">
      {items.map(([name, value]) => <div key={name}><dt>{name}</dt><dd>{value}</dd></div>)}
    </dl>
  );
}

/** Nothing is there, and what to do about it. */
export function Empty({ title, text, action }: { readonly title: string; readonly text: ReactNode; readonly action?: ReactNode }) {
  return (
    <div className="k-empty">
      <h2>{title}</h2>
      <p>{text}</p>
      {action}
    </div>
  );
}
