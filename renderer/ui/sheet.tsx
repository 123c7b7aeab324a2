import type { ReactNode, RefObject } from 'react';
import { classNames } from './class-names.ts';
import './sheet.css';

export interface SheetProps {
  readonly label: string;
  readonly onClose: () => void;
  readonly size: 'tall' | 'small';
  /** Has the focus when the sheet appears; without it, the first control has. */
  readonly focus?: RefObject<HTMLElement | null>;
  readonly children: ReactNode;
}

/** A modal sheet. The platform's own dialog holds the focus inside, and makes the rest of the page inert. */
export function Sheet({ label, onClose, size, focus, children }: SheetProps) {
  return (
    <dialog className={classNames('sheet', `sheet--${size}`)} aria-label={label} ref={(dialog) => (dialog ? showModal(dialog, onClose, focus) : undefined)}>
      <div className="sheet__body">{children}</div>
    </dialog>
  );
}

/** Shows it, and closes it by Escape or by a touch beside it; both are listened to here, for they are no controls of the page. */
function showModal(dialog: HTMLDialogElement, onClose: () => void, focus: SheetProps['focus']): () => void {
  const onCancel = (event: Event) => {
    event.preventDefault();
    onClose();
  };
  const onClick = (event: Event) => {
    if (event.target === dialog) onClose();
  };
  dialog.addEventListener('cancel', onCancel);
  dialog.addEventListener('click', onClick);
  if (!dialog.open) {
    dialog.showModal();
    focus?.current?.focus();
  }
  return () => {
    dialog.removeEventListener('cancel', onCancel);
    dialog.removeEventListener('click', onClick);
  };
}
