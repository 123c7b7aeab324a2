import { startAuthentication } from '@simplewebauthn/browser';
import type { PublicKeyCredentialRequestOptionsJSON } from '@simplewebauthn/browser';
import { useEffect, useState } from 'react';
import { passkeyChallenge, readMe, signIn, signInByPasskey } from '../../contract/api/session.ts';
import { useAct, useApi } from '../api/use-api.ts';
import { peopleTexts } from '../i18n/areas/people.ts';
import { useAreaTexts } from '../i18n/use-texts.tsx';
import { navigate, usePlace } from '../router.tsx';
import { Button } from '../ui/button.tsx';
import { TextField } from '../ui/field.tsx';
import { Loading, Trouble } from '../ui/trouble.tsx';
import { FirstFactor } from './first-factor.tsx';
import { Gate, GateForm } from './gate.tsx';
import { SetUpForm } from './set-up-form.tsx';
import { canHavePasskey, Refusal } from './words.tsx';

/** What stands before everything else: the first account, signing in, or the second factor that is still missing. */
export function SignInPage() {
  const { data, error, refetch } = useApi(readMe);
  const { search } = usePlace();
  const [isShowingCodes, setShowingCodes] = useState(false);
  const isIn = data?.state === 'signed_in' && !isShowingCodes;
  useEffect(() => {
    if (isIn) navigate(placeAfter(search), { replace: true });
  }, [isIn, search]);
  if (!data) return error ? <Trouble failure={error} onAgain={() => void refetch()} /> : <Loading />;
  if (data.state === 'setup' || isShowingCodes) return <FirstFactor onCodes={setShowingCodes} />;
  if (data.state === 'signed_in') return <Loading />;
  return data.isNew ? <SetUpForm /> : <SignInForm />;
}

/** Only a path of this console: a link from elsewhere leads nowhere else. */
export function placeAfter(search: string): string {
  const to = new URLSearchParams(search).get('to') ?? '/';
  return /^\/(?![/\\])/.test(to) && !to.startsWith('/sign-in') ? to : '/';
}

type Step = 'password' | 'code' | 'passkey';

function SignInForm() {
  const { signIn: texts } = useAreaTexts(peopleTexts);
  const [step, setStep] = useState<Step>('password');
  const [name, setName] = useState('');
  const [password, setPassword] = useState('');
  const [code, setCode] = useState('');
  const entry = useAct(signIn, { invalidates: [readMe] });
  const enter = async () => {
    const answer = await entry.act({ body: { name, password, ...(step === 'password' ? {} : { code }) } });
    if (answer?.state === 'code_wanted') setStep('code');
    if (answer?.state === 'passkey_wanted') setStep('passkey');
    if (!answer) setCode('');
  };
  const goBack = () => {
    entry.forget();
    setPassword('');
    setCode('');
    setStep('password');
  };
  if (step !== 'password') {
    return (
      <Gate title={texts.title} lead={step === 'code' ? texts.codeLead : texts.passkeyWanted}>
        {step === 'passkey' && canHavePasskey() && <><PasskeyButton /><p className="gate-or">{texts.or}</p></>}
        <GateForm onSubmit={() => void enter()}>
          <TextField label={texts.code} value={code} onChange={setCode} hint={texts.codeHint} autoComplete="one-time-code" autoFocus maxLength={24} isRequired />
          <Refusal failure={entry.failure} unsigned={texts.wrongCode} />
          <Button look="main" type="submit" isBusy={entry.isBusy} isDisabled={code.trim().length < 6}>{texts.withCode}</Button>
          <Button look="quiet" onPress={goBack}>{texts.back}</Button>
        </GateForm>
      </Gate>
    );
  }
  return (
    <Gate title={texts.title} lead={texts.lead}>
      {canHavePasskey() && <><PasskeyButton /><p className="gate-or">{texts.or}</p></>}
      <GateForm onSubmit={() => void enter()}>
        <TextField label={texts.name} name="username" value={name} onChange={setName} autoComplete="username" autoFocus isRequired />
        <TextField label={texts.password} name="password" type="password" value={password} onChange={setPassword} autoComplete="current-password" isRequired />
        <Refusal failure={entry.failure} unsigned={texts.wrong} />
        <Button look={canHavePasskey() ? 'plain' : 'main'} type="submit" isBusy={entry.isBusy} isDisabled={name.trim() === '' || password === ''}>{texts.go}</Button>
      </GateForm>
    </Gate>
  );
}

function PasskeyButton() {
  const { signIn: texts } = useAreaTexts(peopleTexts);
  const challenge = useAct(passkeyChallenge);
  const entry = useAct(signInByPasskey, { invalidates: [readMe] });
  const [isStopped, setStopped] = useState(false);
  const enter = async () => {
    setStopped(false);
    const options = await challenge.act({});
    if (!options) return;
    // The person closed the browser's window, or it has no passkey for here; which of them it does not tell.
    const credential = await startAuthentication({ optionsJSON: options as unknown as PublicKeyCredentialRequestOptionsJSON }).catch(() => undefined);
    if (!credential) return setStopped(true);
    await entry.act({ body: { credential: { ...credential, response: { ...credential.response } } } });
  };
  return (
    <>
      <Button look="main" onPress={() => void enter()} isBusy={challenge.isBusy || entry.isBusy}>{texts.byPasskey}</Button>
      {isStopped && <p className="k-note" role="status">{texts.passkeyStopped}</p>}
      <Refusal failure={challenge.failure ?? entry.failure} unsigned={texts.wrongPasskey} />
    </>
  );
}
