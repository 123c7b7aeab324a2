import type { ReactNode } from 'react';
import { memo } from 'react';
import { Button } from 'react-aria-components/Button';
import { classNames } from '../ui/class-names.ts';
import './key.css';

export interface KeyProps {
  /** What `onKey` is told. */
  readonly id: string;
  readonly onKey: (id: string) => void;
  /** Its whole name for those who hear it. */
  readonly label: string;
  readonly className?: string | undefined;
  readonly disabled?: boolean;
  readonly lang?: string | undefined;
  readonly children: ReactNode;
}

/** The field keeps the focus, so that a real keyboard goes on where the finger was. The type of react-aria's button leaves this out, its code does not. */
const keepsFocusWhere = { preventFocusOnPress: true } as object;

/** One key, acting when the finger is lifted. It is drawn anew only when what stands on it changes: `onKey` has to stay the same. */
export const Key = memo(function Key({ id, onKey, label, className, disabled = false, lang, children }: KeyProps) {
  return (
    <Button {...keepsFocusWhere} className={classNames('key', className)} aria-label={label} isDisabled={disabled} onPress={() => onKey(id)} {...(lang === undefined ? {} : { lang })}>
      {children}
    </Button>
  );
});
