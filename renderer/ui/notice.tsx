import type { ReactNode } from 'react';
import { CheckIcon, ClockIcon, NoticeIcon } from './icons.tsx';
import './notice.css';

const icons = { good: CheckIcon, warn: NoticeIcon, wait: ClockIcon } as const;

/** One sentence that the customer should know before going on; never by colour alone. */
export function Notice({ tone, children }: { readonly tone: keyof typeof icons; readonly children: ReactNode }) {
  const Icon = icons[tone];
  return (
    <p className={`notice notice--${tone}`} role="status">
      <Icon />
      <span>{children}</span>
    </p>
  );
}
