import type { ReactNode } from 'react';
import { classNames } from './class-names.ts';
import { CheckIcon, ClockIcon, InfoIcon, NoticeIcon } from './icons.tsx';
import './notice.css';

const icons = { good: CheckIcon, warn: NoticeIcon, bad: NoticeIcon, wait: ClockIcon, info: InfoIcon } as const;

export interface NoticeProps {
  readonly tone: keyof typeof icons;
  /** For `describedBy` of what it explains. */
  readonly id?: string | undefined;
  readonly className?: string | undefined;
  readonly children: ReactNode;
}

/** One sentence that the customer should know before going on; never by colour alone. */
export function Notice({ tone, id, className, children }: NoticeProps) {
  const Icon = icons[tone];
  return (
    <p className={classNames('notice', `notice--${tone}`, className)} role="status" id={id}>
      <Icon />
      <span>{children}</span>
    </p>
  );
}
