import { useState } from 'react';
import { readMe, setUpHq } from '../../contract/api/session.ts';
import { useAct } from '../api/use-api.ts';
import { peopleTexts } from '../i18n/areas/people.ts';
import { useAreaTexts } from '../i18n/use-texts.tsx';
import { Button } from '../ui/button.tsx';
import { TextField } from '../ui/field.tsx';
import { Gate, GateForm } from './gate.tsx';
import { Refusal } from './words.tsx';

/** The first administrator. */
export function SetUpForm() {
  const { setUp: texts } = useAreaTexts(peopleTexts);
  const [form, setForm] = useState({ code: '', name: '', fullName: '', password: '', again: '' });
  const set = (name: keyof typeof form) => (value: string) => setForm((before) => ({ ...before, [name]: value }));
  const make = useAct(setUpHq, { invalidates: [readMe] });
  const isDifferent = form.again !== '' && form.again !== form.password;
  const isReady = form.code !== '' && form.name !== '' && form.fullName !== '' && form.password !== '' && form.again === form.password;
  return (
    <Gate title={texts.title} lead={texts.lead}>
      <GateForm onSubmit={() => void make.act({ body: { code: form.code, name: form.name, fullName: form.fullName, password: form.password } })}>
        <TextField label={texts.code} value={form.code} onChange={set('code')} hint={texts.codeHint} autoComplete="off" autoFocus isRequired />
        <TextField label={texts.name} name="username" value={form.name} onChange={set('name')} hint={texts.nameHint} autoComplete="username" isRequired />
        <TextField label={texts.fullName} value={form.fullName} onChange={set('fullName')} autoComplete="name" isRequired />
        <NewPassword password={form.password} again={form.again} onPassword={set('password')} onAgain={set('again')} isDifferent={isDifferent} />
        <Refusal failure={make.failure} unsigned={texts.wrongCode} />
        <Button look="main" type="submit" isBusy={make.isBusy} isDisabled={!isReady}>{texts.go}</Button>
      </GateForm>
    </Gate>
  );
}

interface NewPasswordProps {
  readonly password: string;
  readonly again: string;
  readonly onPassword: (value: string) => void;
  readonly onAgain: (value: string) => void;
  readonly isDifferent: boolean;
}

/** A new password, typed twice. */
export function NewPassword({ password, again, onPassword, onAgain, isDifferent }: NewPasswordProps) {
  const { setUp: texts } = useAreaTexts(peopleTexts);
  return (
    <>
      <TextField label={texts.password} name="new-password" type="password" value={password} onChange={onPassword} hint={texts.passwordHint} autoComplete="new-password" isRequired />
      <TextField label={texts.again} name="new-password-again" type="password" value={again} onChange={onAgain} autoComplete="new-password" isRequired error={isDifferent ? texts.different : undefined} />
    </>
  );
}
