import type { ReactNode } from 'react';
import { classNames } from '../ui/class-names.ts';
import { useWords } from './kiosk-context.tsx';
import { Masthead } from './masthead.tsx';
import './page.css';

export interface PageProps {
  readonly name: string;
  readonly title?: ReactNode;
  /** Cart and total, in one bar above the actions; beside the content in landscape. */
  readonly cart?: ReactNode;
  readonly actions: ReactNode;
  readonly children: ReactNode;
}

/** The frame of every screen of a visit: a title that says what to do, the content, the actions in their place. */
export function Page({ name, title, cart, actions, children }: PageProps) {
  const { language } = useWords();
  return (
    <div className={classNames('page', `page--${name}`, cart !== undefined && 'page--shop')}>
      <Masthead language={language} />
      <main className="page__main">
        {title === undefined ? null : <Title>{title}</Title>}
        {children}
      </main>
      {cart === undefined ? null : <div className="page__cart">{cart}</div>}
      <footer className="page__actions">{actions}</footer>
    </div>
  );
}

/** Takes the focus when its screen appears, so that whoever hears the page hears where they are. */
export function Title({ children, className }: { readonly children: ReactNode; readonly className?: string }) {
  return (
    <h1 className={classNames('title', className)} tabIndex={-1} ref={takeFocus}>
      {children}
    </h1>
  );
}

function takeFocus(heading: HTMLHeadingElement | null): void {
  heading?.focus({ preventScroll: true });
}
