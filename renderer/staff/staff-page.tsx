import type { ReactNode } from 'react';
import { classNames } from '../ui/class-names.ts';
import { Button } from './button.tsx';
import { BackIcon } from '../ui/icons.tsx';
import { Notice } from '../ui/notice.tsx';
import { Skeleton } from '../ui/skeleton.tsx';
import type { Asked } from './staff-context.tsx';
import { useStaff } from './staff-context.tsx';
import './staff-page.css';

export interface StaffPageProps {
  readonly title: ReactNode;
  /** What belongs to the title: a count, a state. */
  readonly beside?: ReactNode;
  /** At the bottom left, where a page lies over another one. */
  readonly back?: { readonly label?: string; readonly onPress: () => void } | undefined;
  /** At the bottom right; the main one last. */
  readonly actions?: ReactNode;
  /** Often nothing in it can be pressed: then it is scrolled by the keys itself. */
  readonly isReadOnly?: boolean;
  /** The page has another place for the focus: the row that somebody comes back to. */
  readonly keepsFocus?: boolean;
  readonly className?: string;
  readonly children: ReactNode;
}

/** One screen of the staff's part: what it is, what is there, and what can be done at the bottom, where the thumb is. */
export function StaffPage({ title, beside, back, actions, keepsFocus = false, isReadOnly = false, className, children }: StaffPageProps) {
  const { words } = useStaff();
  return (
    <main className={classNames('staff-page', className)}>
      <div className="staff-page__head">
        <h1 className="staff-page__title" tabIndex={-1} ref={keepsFocus ? undefined : takeFocus}>
          {title}
        </h1>
        {beside}
      </div>
      <div className="staff-page__content scrolls" {...(isReadOnly ? { tabIndex: 0 } : {})}>{children}</div>
      {back || actions ? (
        <div className="staff-page__actions">
          {back ? (
            <Button onPress={back.onPress} className="staff-page__back">
              <BackIcon />
              {back.label ?? words.common.back}
            </Button>
          ) : null}
          <div className="staff-page__main">{actions}</div>
        </div>
      ) : null}
    </main>
  );
}

export function takeFocus(element: HTMLElement | null): void {
  element?.focus({ preventScroll: true });
}

/** What was asked of core: on its way, there, or not to be had, with another try. */
export function Await<T>({ asked, again, children }: { readonly asked: Asked<T>; readonly again: () => void; readonly children: (value: T) => ReactNode }) {
  const { words } = useStaff();
  if (asked.kind === 'loading') return <Skeleton label={words.common.loading} className="staff-page__skeleton" />;
  const trouble = asked.trouble ? (
    <div className="staff-page__trouble">
      <Notice tone="bad">{asked.trouble.text}</Notice>
      <Button onPress={again}>{words.common.again}</Button>
    </div>
  ) : null;
  if (asked.kind === 'trouble') return trouble;
  return (
    <>
      {trouble}
      {children(asked.value)}
    </>
  );
}
