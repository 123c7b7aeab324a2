import { useState } from 'react';
import { changePassword, endOtherSessions, endOwnSession, newRecoveryCodes, readAccount, removePasskey, removeTotp } from '../../contract/api/people.ts';
import type { ApiAnswer } from '../../contract/api/route.ts';
import { readMe, signOut } from '../../contract/api/session.ts';
import { useAct, useApi } from '../api/use-api.ts';
import { peopleTexts } from '../i18n/areas/people.ts';
import { useAreaTexts } from '../i18n/use-texts.tsx';
import { Badge } from '../ui/badge.tsx';
import { Button } from '../ui/button.tsx';
import { DataTable } from '../ui/data-table.tsx';
import { Dialog } from '../ui/dialog.tsx';
import { TextField } from '../ui/field.tsx';
import { Facts, Page, Section } from '../ui/page.tsx';
import { Ago, Time } from '../ui/time.tsx';
import { toast } from '../ui/toaster.tsx';
import { Loading, Trouble } from '../ui/trouble.tsx';
import { GateForm } from '../sign-in/gate.tsx';
import { NewPassword } from '../sign-in/set-up-form.tsx';
import { canHavePasskey, Refusal } from '../sign-in/words.tsx';
import { PasskeyForm, RecoveryCodes, TotpForm } from './factor-forms.tsx';

type Own = ApiAnswer<typeof readAccount>;
/** What is done with the password given again. */
type Wanted = { readonly kind: 'totp' | 'passkey' | 'codes' | 'remove totp' } | { readonly kind: 'remove passkey'; readonly passkey: string };

/** One's own account. */
export function AccountPage() {
  const { account: texts, roles } = useAreaTexts(peopleTexts);
  const { data, error, refetch } = useApi(readAccount);
  const leave = useAct(signOut, { invalidates: [readMe] });
  if (!data) return <Page title={texts.title}>{error ? <Trouble failure={error} onAgain={() => void refetch()} /> : <Loading />}</Page>;
  return (
    <Page title={texts.title} actions={<Button isBusy={leave.isBusy} onPress={() => void leave.act({})}>{texts.signOut}</Button>}>
      <Facts items={[[texts.name, data.name], [texts.fullName, data.fullName], [texts.role, roles[data.role]]]} />
      {data.isDevelopment ? <p className="k-note">{texts.development}</p> : <><PasswordSection own={data} /><Factors own={data} /></>}
      <Sessions own={data} />
    </Page>
  );
}

function PasswordSection({ own }: { readonly own: Own }) {
  const { account: texts } = useAreaTexts(peopleTexts);
  const [isOpen, setOpen] = useState(false);
  return (
    <Section title={texts.passwordTitle} actions={<Button onPress={() => setOpen(true)}>{texts.change}</Button>}>
      <Facts items={[[texts.passwordSince, own.passwordChangedAt === null ? texts.never : <Time key="at" at={own.passwordChangedAt} />]]} />
      <Dialog title={texts.change} isOpen={isOpen} onClose={() => setOpen(false)}>{isOpen && <PasswordForm name={own.name} onDone={() => setOpen(false)} />}</Dialog>
    </Section>
  );
}

function PasswordForm({ name, onDone }: { readonly name: string; readonly onDone: () => void }) {
  const { account: texts } = useAreaTexts(peopleTexts);
  const [current, setCurrent] = useState('');
  const [next, setNext] = useState('');
  const [again, setAgain] = useState('');
  const change = useAct(changePassword, { invalidates: [readAccount], done: () => {
    onDone();
    return texts.changed;
  } });
  return (
    <GateForm onSubmit={() => void change.act({ body: { password: current, next } })}>
      <input type="text" name="username" autoComplete="username" value={name} readOnly hidden />
      <TextField label={texts.current} type="password" value={current} onChange={setCurrent} autoComplete="current-password" autoFocus isRequired />
      <NewPassword password={next} again={again} onPassword={setNext} onAgain={setAgain} isDifferent={again !== '' && again !== next} />
      <Refusal failure={change.failure} />
      <Button look="main" type="submit" isBusy={change.isBusy} isDisabled={current === '' || next === '' || again !== next}>{texts.change}</Button>
    </GateForm>
  );
}

function Factors({ own }: { readonly own: Own }) {
  const { account: texts, factor } = useAreaTexts(peopleTexts);
  const [wanted, setWanted] = useState<Wanted>();
  return (
    <Section title={texts.factors}>
      <ul className="factor-list">
        <li>
          <span>{texts.codeApp}</span>
          <Badge tone={own.hasTotp ? 'good' : 'quiet'}>{own.hasTotp ? texts.isSetUp : texts.isNot}</Badge>
          <Button onPress={() => setWanted({ kind: 'totp' })}>{own.hasTotp ? texts.replace : texts.setUpApp}</Button>
          {own.hasTotp && <Button label={texts.removeApp} onPress={() => setWanted({ kind: 'remove totp' })}>{texts.remove}</Button>}
        </li>
        <li>
          <span>{texts.codesLeft}</span>
          <Badge tone={own.recoveryCodesLeft > 3 ? 'good' : 'warn'}>{String(own.recoveryCodesLeft)}</Badge>
          <Button onPress={() => setWanted({ kind: 'codes' })}>{texts.newCodes}</Button>
        </li>
      </ul>
      <Section title={texts.passkeys} actions={canHavePasskey() && <Button onPress={() => setWanted({ kind: 'passkey' })}>{factor.addPasskey}</Button>}>
        {!canHavePasskey() && <p className="k-note">{factor.noPasskeyHere}</p>}
        <DataTable
          label={texts.passkeys}
          rows={own.passkeys}
          rowKey={({ passkey }) => passkey}
          empty={<p className="k-note">{texts.noPasskeys}</p>}
          columns={[
            { id: 'name', name: texts.passkeys, isRowHeader: true, cell: ({ name }) => name },
            { id: 'added', name: texts.added, cell: ({ createdAt }) => <Time at={createdAt} /> },
            { id: 'used', name: texts.used, cell: ({ lastUsedAt }) => (lastUsedAt === null ? texts.never : <Ago at={lastUsedAt} />) },
            { id: 'remove', name: '', align: 'end', cell: ({ passkey, name }) => <Button look="quiet" label={`${texts.remove}: ${name}`} onPress={() => setWanted({ kind: 'remove passkey', passkey })}>{texts.remove}</Button> },
          ]}
        />
      </Section>
      <Dialog title={wanted ? titleOf(wanted, texts, factor) : ''} isOpen={wanted !== undefined} onClose={() => setWanted(undefined)}>{wanted && <WithPassword wanted={wanted} onDone={() => setWanted(undefined)} />}</Dialog>
    </Section>
  );
}

function titleOf({ kind }: Wanted, texts: (typeof peopleTexts)['en']['account'], factor: (typeof peopleTexts)['en']['factor']): string {
  return { totp: factor.begin, passkey: factor.addPasskey, codes: texts.newCodes, 'remove totp': texts.removeApp, 'remove passkey': texts.remove }[kind];
}

/** First the password, then what it was for. */
function WithPassword({ wanted, onDone }: { readonly wanted: Wanted; readonly onDone: () => void }) {
  const { account: texts } = useAreaTexts(peopleTexts);
  const [password, setPassword] = useState('');
  const [isGiven, setGiven] = useState(false);
  const [codes, setCodes] = useState<readonly string[]>();
  const makeCodes = useAct(newRecoveryCodes, { invalidates: [readAccount], done: ({ recoveryCodes }) => setCodes(recoveryCodes) });
  const finish = () => {
    onDone();
    toast(texts.removed);
  };
  const withoutTotp = useAct(removeTotp, { invalidates: [readAccount], done: finish });
  const withoutPasskey = useAct(removePasskey, { invalidates: [readAccount], done: finish });
  if (codes) return <RecoveryCodes codes={codes} onKept={onDone} />;
  const afterFactor = (recoveryCodes: readonly string[] | null) => (recoveryCodes ? setCodes(recoveryCodes) : onDone());
  if (isGiven && wanted.kind === 'totp') return <TotpForm password={password} onDone={afterFactor} />;
  if (isGiven && wanted.kind === 'passkey') return <PasskeyForm password={password} onDone={afterFactor} />;
  const go = () => {
    if (wanted.kind === 'codes') return void makeCodes.act({ body: { password } });
    if (wanted.kind === 'remove totp') return void withoutTotp.act({ body: { password } });
    if (wanted.kind === 'remove passkey') return void withoutPasskey.act({ params: { passkey: wanted.passkey }, body: { password } });
    setGiven(true);
  };
  return (
    <GateForm onSubmit={go}>
      <p>{wanted.kind === 'codes' ? `${texts.newCodesText} ${texts.confirmText}` : texts.confirmText}</p>
      <TextField label={texts.confirmPassword} type="password" value={password} onChange={setPassword} autoComplete="current-password" autoFocus isRequired />
      <Refusal failure={makeCodes.failure ?? withoutTotp.failure ?? withoutPasskey.failure} />
      <Button look="main" type="submit" isBusy={makeCodes.isBusy || withoutTotp.isBusy || withoutPasskey.isBusy} isDisabled={password === ''}>{texts.goOn}</Button>
    </GateForm>
  );
}

function Sessions({ own }: { readonly own: Own }) {
  const { account: texts } = useAreaTexts(peopleTexts);
  const one = useAct(endOwnSession, { invalidates: [readAccount, readMe], done: ({ ended }) => texts.ended(ended) });
  const others = useAct(endOtherSessions, { invalidates: [readAccount], done: ({ ended }) => texts.ended(ended) });
  return (
    <Section title={texts.sessions} actions={own.sessions.length > 1 && <Button isBusy={others.isBusy} onPress={() => void others.act({})}>{texts.endOthers}</Button>}>
      <Trouble failure={one.failure ?? others.failure} />
      <DataTable
        label={texts.sessions}
        rows={own.sessions}
        rowKey={({ sessionId }) => sessionId}
        columns={[
          { id: 'device', name: texts.device, isRowHeader: true, cell: ({ agent, isThis }) => <>{shortAgent(agent)} {isThis && <Badge tone="good">{texts.thisOne}</Badge>}</> },
          { id: 'address', name: texts.address, cell: ({ address }) => address },
          { id: 'since', name: texts.since, cell: ({ createdAt }) => <Time at={createdAt} /> },
          { id: 'last', name: texts.last, cell: ({ lastSeenAt }) => <Ago at={lastSeenAt} /> },
          { id: 'end', name: '', align: 'end', cell: ({ sessionId, isThis, address }) => !isThis && <Button look="quiet" label={`${texts.end}: ${address}`} onPress={() => void one.act({ params: { session: sessionId } })}>{texts.end}</Button> },
        ]}
      />
    </Section>
  );
}

/** "Firefox, Windows" of what a browser calls itself. */
export function shortAgent(agent: string): string {
  const browser = /(Firefox|Edg|OPR|MicroMessenger|Chrome|Safari)\b/.exec(agent)?.[1] ?? '';
  const system = /(Windows|Android|iPhone|iPad|Mac OS X|Linux)/.exec(agent)?.[1] ?? '';
  return [{ Edg: 'Edge', OPR: 'Opera' }[browser] ?? browser, system].filter((word) => word !== '').join(', ') || agent.slice(0, 40) || '–';
}
