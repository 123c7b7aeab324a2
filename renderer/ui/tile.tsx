import type { ReactNode, Ref } from 'react';
import { Button as AriaButton } from 'react-aria-components/Button';
import { classNames } from './class-names.ts';
import './tile.css';

export interface TileProps {
  /** When the finger is lifted over the tile; a finger that scrolls or slides off presses nothing. */
  readonly onPress: () => void;
  readonly disabled?: boolean;
  readonly label?: string | undefined;
  readonly describedBy?: string | undefined;
  /** The one of several that is shown now: a tab, a category. */
  readonly current?: boolean;
  readonly className?: string | undefined;
  readonly lang?: string | undefined;
  readonly ref?: Ref<HTMLButtonElement> | undefined;
  readonly children: ReactNode;
}

/** A whole card, tab or row that is pressed. It brings no looks of its own but the answer to the finger. */
export function Tile({ onPress, disabled = false, label, describedBy, current = false, className, lang, ref, children }: TileProps) {
  return (
    <AriaButton
      className={classNames('tile', className)}
      onPress={onPress}
      isDisabled={disabled}
      {...(current ? { 'aria-current': 'true' as const } : {})}
      {...(label === undefined ? {} : { 'aria-label': label })}
      {...(describedBy === undefined ? {} : { 'aria-describedby': describedBy })}
      {...(lang === undefined ? {} : { lang })}
      {...(ref === undefined ? {} : { ref })}
    >
      {children}
    </AriaButton>
  );
}
