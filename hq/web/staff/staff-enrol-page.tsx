import { useEffect, useState } from 'react';
import { finishEnrolment, openEnrolment } from '../../contract/api/staff.ts';
import type { ApiAnswer } from '../../contract/api/route.ts';
import { useAct } from '../api/use-api.ts';
import { staffTexts } from '../i18n/areas/staff.ts';
import { useAreaTexts } from '../i18n/use-texts.tsx';
import { Button } from '../ui/button.tsx';
import { TextField } from '../ui/field.tsx';
import { LanguageSwitch } from '../ui/navigation.tsx';
import { Empty } from '../ui/page.tsx';
import { Loading, Trouble } from '../ui/trouble.tsx';
import { Qr } from './qr.tsx';
import './staff.css';

/** Behind the one-time link: whoever works at the kiosks sets their code and PIN, alone. The link's key stands behind "#", which no server's log sees. */
export function StaffEnrolPage() {
  const texts = useAreaTexts(staffTexts);
  const [token] = useState(() => location.hash.slice(1));
  const opening = useAct(openEnrolment);
  const [opened, setOpened] = useState<ApiAnswer<typeof openEnrolment>>();
  const [codes, setCodes] = useState<readonly string[]>();
  const { act } = opening;
  useEffect(() => {
    void act({ body: { token } }).then((answer) => answer && setOpened(answer));
    // Once for the link that the page was opened with.
    // oxlint-disable-next-line react-hooks/exhaustive-deps -- `act` is another at each render, and the link is the same
  }, [token]);
  return (
    <main className="staff-enrol">
      <title>{texts.enrol.title}</title>
      <LanguageSwitch />
      <h1>{texts.enrol.title}</h1>
      {codes ? <Done codes={codes} /> : opened ? <Steps token={token} opened={opened} onDone={setCodes} />
        : opening.failure ? (['not_found', 'invalid'].includes(opening.failure.kind) ? <Empty title={texts.enrol.gone} text={texts.enrol.goneText} /> : <Trouble failure={opening.failure} onAgain={() => location.reload()} />)
        : <Loading />}
    </main>
  );
}

function Steps({ token, opened: { name, number, uri, secret }, onDone }: { readonly token: string; readonly opened: ApiAnswer<typeof openEnrolment>; readonly onDone: (codes: readonly string[]) => void }) {
  const { enrol: texts } = useAreaTexts(staffTexts);
  const [code, setCode] = useState('');
  const [pin, setPin] = useState('');
  const [again, setAgain] = useState('');
  const finishing = useAct(finishEnrolment);
  const { field, kind } = finishing.failure?.more ?? {};
  const differs = again !== '' && again !== pin && again.length >= pin.length;
  const submit = async () => {
    const done = await finishing.act({ body: { token, pin, code } });
    if (done) onDone(done.codes);
  };
  return (
    <form className="k-form" onSubmit={(event) => { event.preventDefault(); if (code !== '' && pin !== '' && pin === again) void submit(); }}>
      <p className="k-lead">{texts.hello(name, number)}</p>
      <h2>{texts.one}</h2>
      <p>{texts.oneText}</p>
      <Qr data={uri} label={texts.qr} />
      <p className="k-note">{texts.secret}: <code className="k-mono">{secret.replaceAll(/(.{4})/g, '$1 ').trim()}</code></p>
      <TextField label={texts.code} value={code} onChange={setCode} hint={texts.codeHint} error={field === 'code' ? texts.codeWrong : undefined} inputMode="numeric" autoComplete="one-time-code" maxLength={7} isRequired />
      <h2>{texts.two}</h2>
      <TextField label={texts.pin} type="password" value={pin} onChange={setPin} hint={texts.pinHint} error={field === 'pin' ? (kind === 'length' ? texts.pinLength : texts.pinTrivial) : undefined} inputMode="numeric" autoComplete="new-password" maxLength={12} isRequired />
      <TextField label={texts.pinAgain} type="password" value={again} onChange={setAgain} error={differs ? texts.pinDiffers : undefined} inputMode="numeric" autoComplete="new-password" maxLength={12} isRequired />
      {field === undefined && <Trouble failure={finishing.failure} />}
      <div className="k-actions"><Button look="main" type="submit" isDisabled={code === '' || pin === '' || pin !== again} isBusy={finishing.isBusy}>{texts.finish}</Button></div>
    </form>
  );
}

function Done({ codes }: { readonly codes: readonly string[] }) {
  const all = useAreaTexts(staffTexts);
  const { enrol: texts } = all;
  return (
    <section className="k-form" aria-live="polite">
      <h2>{texts.doneTitle}</h2>
      <p>{texts.doneText}</p>
      <h2>{texts.codes}</h2>
      <p>{texts.codesText}</p>
      <ul className="staff-codes">{codes.map((code) => <li key={code}>{code}</li>)}</ul>
      <div className="k-actions"><Button onPress={() => print()}>{all.print}</Button></div>
    </section>
  );
}
