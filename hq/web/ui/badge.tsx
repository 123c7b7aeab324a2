import type { ReactNode } from 'react';
import type { IconName } from './icon.tsx';
import { Icon } from './icon.tsx';

export type Tone = 'good' | 'warn' | 'bad' | 'quiet';
const iconOf: Readonly<Record<Tone, IconName>> = { good: 'check', warn: 'clock', bad: 'alarm', quiet: 'dash' };

/** A state: by its colour, its drawing and its word. */
export function Badge({ tone, icon = iconOf[tone], children }: { readonly tone: Tone; readonly icon?: IconName; readonly children: ReactNode }) {
  return <span className={`badge ${tone}`}><Icon name={icon} />{children}</span>;
}
