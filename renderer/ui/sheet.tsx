import type { PointerEvent, ReactNode, RefObject } from 'react';
import { useEffect, useRef } from 'react';
import { Dialog } from 'react-aria-components/Dialog';
import { Modal, ModalOverlay } from 'react-aria-components/Modal';
import { classNames } from './class-names.ts';
import './sheet.css';

export interface SheetProps {
  readonly label: string;
  readonly onClose: () => void;
  readonly size: 'tall' | 'small';
  /** Has the focus when the sheet appears; without it, the sheet itself has, so that whoever hears the page hears its name first. */
  readonly focus?: RefObject<HTMLElement | null>;
  readonly children: ReactNode;
}

/** A modal sheet: the focus stays inside, the rest of the page is inert. Escape closes it, and so does a touch beside it. */
export function Sheet({ label, onClose, size, focus, children }: SheetProps) {
  // Not `isDismissable`: it closes on what began outside the page as well, and puts an unseen button into the sheet.
  const beganBeside = useRef(false);
  const isBeside = (event: PointerEvent) => event.target === event.currentTarget;
  return (
    <ModalOverlay
      isOpen
      className="sheet-veil"
      onOpenChange={(open) => (open ? undefined : onClose())}
      onPointerDown={(event) => (beganBeside.current = isBeside(event))}
      onPointerUp={(event) => {
        if (beganBeside.current && isBeside(event)) onClose();
        beganBeside.current = false;
      }}
      onPointerCancel={() => (beganBeside.current = false)}
    >
      <Modal className={classNames('sheet', `sheet--${size}`)}>
        <Dialog aria-label={label} className="sheet__body">
          {focus ? <FirstFocus on={focus} /> : null}
          {children}
        </Dialog>
      </Modal>
    </ModalOverlay>
  );
}

/** The dialog takes the focus itself unless something inside has it already: this comes before. */
function FirstFocus({ on }: { readonly on: RefObject<HTMLElement | null> }) {
  useEffect(() => on.current?.focus({ preventScroll: true }), [on]);
  return null;
}
