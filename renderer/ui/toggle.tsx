import type { ReactNode } from 'react';
import { ToggleButton } from 'react-aria-components/ToggleButton';
import { classNames } from './class-names.ts';
import { CheckIcon } from './icons.tsx';
import './toggle.css';

export interface ToggleProps {
  readonly on: boolean;
  readonly onChange: (on: boolean) => void;
  /** "On" and "off" in the customer's language: the state is read, not only seen. */
  readonly onWord: string;
  readonly offWord: string;
  readonly disabled?: boolean;
  readonly describedBy?: string | undefined;
  readonly className?: string | undefined;
  readonly children: ReactNode;
}

/** Something that is on or off, as one whole row. Its state is a word and a mark besides its colour. */
export function Toggle({ on, onChange, onWord, offWord, disabled = false, describedBy, className, children }: ToggleProps) {
  return (
    <ToggleButton className={classNames('toggle', className)} isSelected={on} onChange={onChange} isDisabled={disabled} {...(describedBy === undefined ? {} : { 'aria-describedby': describedBy })}>
      <span className="toggle__words">{children}</span>
      <span className="toggle__state" aria-hidden="true">
        {on ? onWord : offWord}
        <span className="toggle__track">
          <span className="toggle__knob">{on ? <CheckIcon /> : null}</span>
        </span>
      </span>
    </ToggleButton>
  );
}

export interface ToggleTileProps {
  readonly on: boolean;
  readonly onChange: (on: boolean) => void;
  readonly className?: string | undefined;
  readonly children: ReactNode;
}

/** The same as a tile, for a place without room for words about its state: the mark says it. */
export function ToggleTile({ on, onChange, className, children }: ToggleTileProps) {
  return (
    <ToggleButton className={classNames('toggle-tile', className)} isSelected={on} onChange={onChange}>
      {children}
      <span className="toggle-tile__mark" aria-hidden="true">
        <CheckIcon />
      </span>
    </ToggleButton>
  );
}
