import { useState } from 'react';
import { catalogueTexts } from '../i18n/areas/catalogue.ts';
import { useAreaTexts } from '../i18n/use-texts.tsx';
import type { ButtonLook } from '../ui/button.tsx';
import { Button } from '../ui/button.tsx';
import { Dialog } from '../ui/dialog.tsx';

interface ConfirmButtonProps {
  readonly look?: ButtonLook;
  readonly name: string;
  /** What is asked before it is done. */
  readonly question: string;
  readonly isBusy: boolean;
  readonly isDisabled?: boolean;
  readonly onConfirm: () => void;
}

/** A button whose act cannot be taken back: it is asked for once more. */
export function ConfirmButton({ look = 'plain', name, question, isBusy, isDisabled = false, onConfirm }: ConfirmButtonProps) {
  const texts = useAreaTexts(catalogueTexts);
  const [isAsked, setAsked] = useState(false);
  return (
    <>
      <Button look={look} isBusy={isBusy} isDisabled={isDisabled} onPress={() => setAsked(true)}>{name}</Button>
      <Dialog title={name} isOpen={isAsked} onClose={() => setAsked(false)} actions={<>
        <Button onPress={() => setAsked(false)}>{texts.cancel}</Button>
        <Button look={look === 'plain' ? 'main' : look} onPress={() => { setAsked(false); onConfirm(); }}>{name}</Button>
      </>}>
        <p>{question}</p>
      </Dialog>
    </>
  );
}
