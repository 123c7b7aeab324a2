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

/** A button whose act cannot be taken back: it is asked for once more. What is confirmed is what was to be done when it was asked: HQ is read again under the question. */
export function ConfirmButton({ look = 'plain', name, question, isBusy, isDisabled = false, onConfirm }: ConfirmButtonProps) {
  const texts = useAreaTexts(catalogueTexts);
  const [asked, setAsked] = useState<{ readonly confirm: () => void }>();
  return (
    <>
      <Button look={look} isBusy={isBusy} isDisabled={isDisabled} onPress={() => setAsked({ confirm: onConfirm })}>{name}</Button>
      <Dialog title={name} isOpen={asked !== undefined} onClose={() => setAsked(undefined)} actions={<>
        <Button onPress={() => setAsked(undefined)}>{texts.cancel}</Button>
        <Button look={look === 'plain' ? 'main' : look} onPress={() => { setAsked(undefined); asked?.confirm(); }}>{name}</Button>
      </>}>
        <p>{question}</p>
      </Dialog>
    </>
  );
}
