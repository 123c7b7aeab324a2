import type { MouseEvent, ReactNode } from 'react';
import { classNames } from './class-names.ts';
import './sheet.css';

export interface SheetProps {
  readonly label: string;
  readonly onClose: () => void;
  readonly size: 'tall' | 'small';
  readonly children: ReactNode;
}

/** A modal sheet. The platform's own dialog holds the focus inside, and makes the rest of the page inert. */
export function Sheet({ label, onClose, size, children }: SheetProps) {
  const closeOnVeil = (event: MouseEvent<HTMLDialogElement>) => {
    if (event.target === event.currentTarget) onClose();
  };
  return (
    <dialog
      className={classNames('sheet', `sheet--${size}`)}
      aria-label={label}
      ref={showModal}
      onCancel={(event) => {
        event.preventDefault();
        onClose();
      }}
      onClick={closeOnVeil}
    >
      <div className="sheet__body">{children}</div>
    </dialog>
  );
}

function showModal(dialog: HTMLDialogElement | null): void {
  if (dialog && !dialog.open) dialog.showModal();
}
