import type { ReactNode } from 'react';
import { Sheet } from '../ui/sheet.tsx';
import { Button } from './button.tsx';
import { useStaff } from './staff-context.tsx';
import './staff-sheet.css';

export interface StaffSheetProps {
  readonly title: string;
  readonly onClose: () => void;
  /** The main one, at the bottom right; "cancel" is always at the left. */
  readonly actions: ReactNode;
  /** Something is under way that is not taken back by closing the sheet. */
  readonly isBusy?: boolean;
  readonly children?: ReactNode;
}

/** Asks something over the page: the focus stays in it, and goes back to where it came from. */
export function StaffSheet({ title, onClose, actions, isBusy = false, children }: StaffSheetProps) {
  const { words } = useStaff();
  const close = isBusy ? () => {} : onClose;
  return (
    <Sheet size="tall" label={title} onClose={close}>
      <div className="staff-sheet scrolls">
        <h2 className="staff-sheet__title">{title}</h2>
        {children}
      </div>
      <div className="staff-sheet__actions">
        <Button onPress={close} disabled={isBusy}>
          {words.common.cancel}
        </Button>
        {actions}
      </div>
    </Sheet>
  );
}
