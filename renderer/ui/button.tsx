import type { ReactNode, Ref } from 'react';
import './button.css';
import { classNames } from './class-names.ts';

export interface ButtonProps {
  /** `main` is the one thing to do on a screen. */
  readonly look?: 'main' | 'plain' | 'quiet' | 'round';
  readonly onPress: () => void;
  readonly disabled?: boolean;
  /** Something is under way: looks pressed, takes no further taps. */
  readonly busy?: boolean;
  readonly label?: string;
  readonly className?: string;
  readonly lang?: string;
  readonly ref?: Ref<HTMLButtonElement>;
  readonly children: ReactNode;
}

export function Button({ look = 'plain', onPress, disabled = false, busy = false, label, className, lang, ref, children }: ButtonProps) {
  return (
    <button
      type="button"
      className={classNames('button', `button--${look}`, busy && 'button--busy', className)}
      onClick={onPress}
      disabled={disabled || busy}
      aria-busy={busy}
      aria-label={label}
      lang={lang}
      ref={ref}
    >
      {children}
    </button>
  );
}
