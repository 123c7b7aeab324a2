import type { ReactNode } from 'react';
import { Button as AriaButton } from 'react-aria-components';
import { Link } from '../router.tsx';

export type ButtonLook = 'main' | 'plain' | 'quiet' | 'danger';

export interface ButtonProps {
  readonly look?: ButtonLook;
  readonly onPress?: () => void;
  readonly isDisabled?: boolean;
  /** It is being done: it cannot be pressed, and says so. */
  readonly isBusy?: boolean;
  readonly type?: 'button' | 'submit';
  /** Where what stands in it is no words. */
  readonly label?: string;
  readonly isPressed?: boolean;
  readonly children: ReactNode;
}

export function Button({ look = 'plain', onPress, isDisabled = false, isBusy = false, type = 'button', label, isPressed, children }: ButtonProps) {
  return (
    // Not react-aria's `isPending`: it announces a button that may be gone with its dialog by then. A busy one keeps the focus, and does nothing.
    <AriaButton
      className={`k-button k-${look}${isBusy ? ' k-is-busy' : ''}`} type={isBusy ? 'button' : type} isDisabled={isDisabled} onPress={() => !isBusy && onPress?.()}
      {...(isBusy ? { 'aria-disabled': true } : {})} {...(label === undefined ? {} : { 'aria-label': label })} {...(isPressed === undefined ? {} : { 'aria-pressed': isPressed })}
    >
      {isBusy && <span className="k-busy" aria-hidden="true" />}
      {children}
    </AriaButton>
  );
}

/** Goes somewhere, and looks like a button. */
export function ButtonLink({ look = 'plain', to, children }: { readonly look?: ButtonLook; readonly to: string; readonly children: ReactNode }) {
  return <Link to={to} className={`k-button k-${look}`}>{children}</Link>;
}

/** A file from HQ: the browser fetches it with the session's cookie. */
export function DownloadLink({ look = 'plain', href, children }: { readonly look?: ButtonLook; readonly href: string; readonly children: ReactNode }) {
  return <a className={`k-button k-${look}`} href={href} download>{children}</a>;
}
