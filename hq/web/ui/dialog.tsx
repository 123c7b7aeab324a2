import type { ReactNode } from 'react';
import { Dialog as AriaDialog, Button as AriaButton, Heading, Modal, ModalOverlay } from 'react-aria-components';
import { uiTexts } from '../i18n/areas/ui.ts';
import { useAreaTexts } from '../i18n/use-texts.tsx';
import { Icon } from './icon.tsx';

export interface DialogProps {
  readonly title: string;
  readonly isOpen: boolean;
  readonly onClose: () => void;
  readonly children: ReactNode;
  /** Buttons at its foot, the main one last. */
  readonly actions?: ReactNode;
}

export function Dialog(props: DialogProps) {
  return <Overlay {...props} scrim="k-scrim" modal="k-dialog" />;
}

/** One row in full, beside the list that it came from. */
export function SideSheet(props: DialogProps) {
  return <Overlay {...props} scrim="k-scrim k-scrim-side" modal="k-sheet" />;
}

function Overlay({ title, isOpen, onClose, children, actions, scrim, modal }: DialogProps & { readonly scrim: string; readonly modal: string }) {
  return (
    <ModalOverlay className={scrim} isOpen={isOpen} onOpenChange={(open) => !open && onClose()} isDismissable>
      <Modal className={modal}>
        <AriaDialog className="k-dialog-in">
          <Head title={title} />
          <div className="k-dialog-body">{children}</div>
          {actions !== undefined && <div className="k-dialog-foot">{actions}</div>}
        </AriaDialog>
      </Modal>
    </ModalOverlay>
  );
}

function Head({ title }: { readonly title: string }) {
  const texts = useAreaTexts(uiTexts);
  return (
    <header className="k-dialog-head">
      <Heading slot="title">{title}</Heading>
      <AriaButton slot="close" className="k-button k-quiet k-square" aria-label={texts.close}><Icon name="cross" /></AriaButton>
    </header>
  );
}
