import { CallFailure } from '../api/call.ts';
import { uiTexts } from '../i18n/areas/ui.ts';
import { useAreaTexts } from '../i18n/use-texts.tsx';
import { Button } from './button.tsx';

/** Why a call came to nothing, in words. `onAgain`: where trying again may help. */
export function Trouble({ failure, onAgain }: { readonly failure: CallFailure | Error | null | undefined; readonly onAgain?: () => void }) {
  const texts = useAreaTexts(uiTexts);
  if (!failure) return null;
  const kind = failure instanceof CallFailure ? failure.kind : 'failed';
  const detail = failure instanceof CallFailure && kind !== 'away' ? failure.detail : '';
  return (
    <div className="k-trouble" role="alert">
      <p><strong>{texts.trouble[kind]}</strong>{detail !== '' && <span> {detail}</span>}</p>
      {onAgain && <Button onPress={onAgain}>{texts.tryAgain}</Button>}
    </div>
  );
}

export function Loading() {
  return <p className="k-loading" role="status">{useAreaTexts(uiTexts).loading}</p>;
}
