import type { ReactNode } from 'react';

interface PushProps {
  readonly children: string;
  readonly onPush: () => void;
  readonly tone?: 'main' | 'plain';
  readonly disabled?: boolean;
}

export function Push({ children, onPush, tone = 'plain', disabled = false }: PushProps) {
  return (
    <button type="button" className="push" data-tone={tone} disabled={disabled} onClick={onPush}>
      {children}
    </button>
  );
}

interface ToggleProps {
  readonly children: string;
  readonly isOn: boolean;
  readonly onToggle: (on: boolean) => void;
  /** A toggle that is on in good order glows green; one that is a fault, amber. */
  readonly tone?: 'fault' | 'good';
}

export function Toggle({ children, isOn, onToggle, tone = 'fault' }: ToggleProps) {
  return (
    <button type="button" className="push toggle" data-tone={tone} aria-pressed={isOn} onClick={() => onToggle(!isOn)}>
      <span className="toggle-light" aria-hidden="true" />
      {children}
    </button>
  );
}

export function Controls({ children, label }: { readonly children: ReactNode; readonly label: string }) {
  return (
    <div className="controls" role="group" aria-label={label}>
      {children}
    </div>
  );
}
