import { useQueryClient } from '@tanstack/react-query';
import { useState } from 'react';
import { readMe, signOut } from '../../contract/api/session.ts';
import { routeKey, useAct } from '../api/use-api.ts';
import { PasskeyForm, RecoveryCodes, TotpForm } from '../account/factor-forms.tsx';
import { peopleTexts } from '../i18n/areas/people.ts';
import { useAreaTexts } from '../i18n/use-texts.tsx';
import { Button } from '../ui/button.tsx';
import { Gate } from './gate.tsx';
import { canHavePasskey } from './words.tsx';

/** Nobody goes on without a second factor. `onCodes`: while the recovery codes are shown the page stays, though the person is signed in by then. */
export function FirstFactor({ onCodes }: { readonly onCodes: (isShowing: boolean) => void }) {
  const { factor: texts, account } = useAreaTexts(peopleTexts);
  const client = useQueryClient();
  const [codes, setCodes] = useState<readonly string[]>();
  const leave = useAct(signOut, { invalidates: [readMe] });
  const onDone = (recoveryCodes: readonly string[] | null) => {
    if (recoveryCodes) setCodes(recoveryCodes);
    onCodes(recoveryCodes !== null);
    void client.invalidateQueries({ queryKey: routeKey(readMe) });
  };
  if (codes) return <Gate title={texts.recovery}><RecoveryCodes codes={codes} onKept={() => onCodes(false)} /></Gate>;
  return (
    <Gate title={texts.title} lead={texts.lead}>
      <section className="gate-choice">
        <h2>{texts.passkey}</h2>
        <p>{canHavePasskey() ? texts.passkeyText : texts.noPasskeyHere}</p>
        {canHavePasskey() && <PasskeyForm onDone={onDone} />}
      </section>
      <section className="gate-choice">
        <h2>{texts.app}</h2>
        <p>{texts.appText}</p>
        <TotpForm onDone={onDone} />
      </section>
      <Button look="quiet" isBusy={leave.isBusy} onPress={() => void leave.act({})}>{account.signOut}</Button>
    </Gate>
  );
}
