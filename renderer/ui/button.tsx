import type { ReactNode, Ref } from 'react';
import { Button as AriaButton } from 'react-aria-components/Button';
import './button.css';
import { classNames } from './class-names.ts';

export interface ButtonProps {
  /** `main` is the one thing to do on a screen. */
  readonly look?: 'main' | 'plain' | 'quiet' | 'round';
  /** When the finger is lifted over the button; a finger that slides off takes its touch back. */
  readonly onPress: () => void;
  readonly disabled?: boolean;
  /** Something is under way: looks pressed, takes no further taps, keeps the focus. */
  readonly busy?: boolean;
  /** Its whole name, where what stands on it is not enough by itself. */
  readonly label?: string | undefined;
  /** The id of what says more: why it cannot be pressed, for example. */
  readonly describedBy?: string | undefined;
  readonly className?: string | undefined;
  readonly lang?: string | undefined;
  readonly ref?: Ref<HTMLButtonElement> | undefined;
  readonly children: ReactNode;
}

export function Button({ look = 'plain', onPress, disabled = false, busy = false, label, describedBy, className, lang, ref, children }: ButtonProps) {
  return (
    <AriaButton
      className={classNames('button', `button--${look}`, busy && 'button--busy', className)}
      onPress={onPress}
      isDisabled={disabled}
      isPending={busy}
      {...(label === undefined ? {} : { 'aria-label': label })}
      {...(describedBy === undefined ? {} : { 'aria-describedby': describedBy })}
      {...(lang === undefined ? {} : { lang })}
      {...(ref === undefined ? {} : { ref })}
    >
      {children}
    </AriaButton>
  );
}
