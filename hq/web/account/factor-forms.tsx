import { startRegistration } from '@simplewebauthn/browser';
import type { PublicKeyCredentialCreationOptionsJSON } from '@simplewebauthn/browser';
import { useState } from 'react';
import { encode } from 'uqr';
import { addPasskey, beginPasskey, beginTotp, confirmTotp, readAccount } from '../../contract/api/people.ts';
import { useAct } from '../api/use-api.ts';
import { peopleTexts } from '../i18n/areas/people.ts';
import { useAreaTexts } from '../i18n/use-texts.tsx';
import { Button } from '../ui/button.tsx';
import { TextField } from '../ui/field.tsx';
import { toast } from '../ui/toaster.tsx';
import { GateForm } from '../sign-in/gate.tsx';
import { Refusal } from '../sign-in/words.tsx';

export interface FactorProps {
  /** The person's own, given again; not wanted while the first factor is set up. */
  readonly password?: string | undefined;
  /** Set up. The codes where there are new ones. */
  readonly onDone: (recoveryCodes: readonly string[] | null) => void;
}

/** A code app: a QR code to scan, and a code of it back. */
export function TotpForm({ password, onDone }: FactorProps) {
  const { factor: texts } = useAreaTexts(peopleTexts);
  const [begun, setBegun] = useState<{ readonly uri: string; readonly secret: string }>();
  const [code, setCode] = useState('');
  const begin = useAct(beginTotp, { done: (answer) => setBegun(answer) });
  const confirm = useAct(confirmTotp, { invalidates: [readAccount], done: ({ recoveryCodes }) => onDone(recoveryCodes) });
  if (!begun) {
    return (
      <>
        <Button look="plain" isBusy={begin.isBusy} onPress={() => void begin.act({ body: password === undefined ? {} : { password } })}>{texts.begin}</Button>
        <Refusal failure={begin.failure} />
      </>
    );
  }
  return (
    <GateForm onSubmit={() => void confirm.act({ body: { code } })}>
      <p>{texts.scan}</p>
      <Qr data={begun.uri} label={texts.qrLabel} />
      <p>{texts.secret}: <code className="gate-secret">{begun.secret.replace(/(.{4})(?=.)/g, '$1 ')}</code></p>
      <TextField label={texts.code} value={code} onChange={setCode} autoComplete="one-time-code" inputMode="numeric" maxLength={7} autoFocus isRequired />
      <Refusal failure={confirm.failure} />
      <Button look="main" type="submit" isBusy={confirm.isBusy} isDisabled={code.replace(/\s/g, '').length !== 6}>{texts.confirm}</Button>
    </GateForm>
  );
}

/** Dark on white whatever the theme: cameras want it so. */
function Qr({ data, label }: { readonly data: string; readonly label: string }) {
  const { size, data: modules } = encode(data, { ecc: 'M', border: 2 });
  const path = modules.flatMap((row, y) => row.map((isDark, x) => (isDark ? `M${x} ${y}h1v1h-1z` : ''))).join('');
  return <svg className="gate-qr" viewBox={`0 0 ${size} ${size}`} role="img" aria-label={label} shapeRendering="crispEdges"><path d={path} fill="#000" /></svg>;
}

/** A passkey of this device, or of a key beside it. */
export function PasskeyForm({ password, onDone }: FactorProps) {
  const { factor: texts, signIn } = useAreaTexts(peopleTexts);
  const [name, setName] = useState(texts.thisDevice);
  const [isStopped, setStopped] = useState(false);
  const begin = useAct(beginPasskey);
  const add = useAct(addPasskey, { invalidates: [readAccount], done: ({ recoveryCodes }) => onDone(recoveryCodes) });
  const run = async () => {
    setStopped(false);
    const options = await begin.act({ body: password === undefined ? {} : { password } });
    if (!options) return;
    const credential = await startRegistration({ optionsJSON: options as unknown as PublicKeyCredentialCreationOptionsJSON }).catch(() => undefined);
    if (!credential) return setStopped(true);
    await add.act({ body: { name, credential: { ...credential, response: { ...credential.response } } } });
  };
  return (
    <GateForm onSubmit={() => void run()}>
      <TextField label={texts.passkeyName} value={name} onChange={setName} maxLength={60} isRequired />
      {isStopped && <p className="k-note" role="status">{signIn.passkeyStopped}</p>}
      <Refusal failure={begin.failure ?? add.failure} />
      <Button look="main" type="submit" isBusy={begin.isBusy || add.isBusy} isDisabled={name.trim() === ''}>{texts.addPasskey}</Button>
    </GateForm>
  );
}

/** Shown once. */
export function RecoveryCodes({ codes, onKept }: { readonly codes: readonly string[]; readonly onKept: () => void }) {
  const { factor: texts } = useAreaTexts(peopleTexts);
  const copy = () => void navigator.clipboard?.writeText(codes.join('\n')).then(() => toast(texts.copied), () => {});
  return (
    <>
      <p>{texts.recoveryText}</p>
      <ul className="gate-codes">{codes.map((code) => <li key={code}>{code}</li>)}</ul>
      <p>{texts.keepThem}</p>
      <div className="gate-row">
        <Button onPress={copy}>{texts.copy}</Button>
        <Button look="main" onPress={onKept}>{texts.kept}</Button>
      </div>
    </>
  );
}
