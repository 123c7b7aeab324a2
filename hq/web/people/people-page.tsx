import { useState } from 'react';
import type { AccountRole } from '../../contract/api/permissions.ts';
import { accountRoles } from '../../contract/api/permissions.ts';
import type { Person } from '../../contract/api/people.ts';
import { changePerson, endSessionsOf, inviteAgain, invitePerson, listPeople, peopleFiltersSchema } from '../../contract/api/people.ts';
import { useMe } from '../api/me.tsx';
import { useAct, useApi } from '../api/use-api.ts';
import { NewerVersion } from '../edit/newer-version.tsx';
import { useEditing } from '../edit/use-editing.ts';
import { peopleTexts } from '../i18n/areas/people.ts';
import { useAreaTexts } from '../i18n/use-texts.tsx';
import { Badge } from '../ui/badge.tsx';
import { Button } from '../ui/button.tsx';
import { DataTable } from '../ui/data-table.tsx';
import { Dialog, SideSheet } from '../ui/dialog.tsx';
import { SelectField, TextField } from '../ui/field.tsx';
import { Empty, Facts, Page, Section } from '../ui/page.tsx';
import { Ago, Time } from '../ui/time.tsx';
import { toast } from '../ui/toaster.tsx';
import { Trouble } from '../ui/trouble.tsx';
import { useFilters } from '../ui/use-filters.ts';
import { GateForm } from '../sign-in/gate.tsx';
import { Refusal } from '../sign-in/words.tsx';

const toneOf = { invited: 'warn', active: 'good', ended: 'quiet' } as const;

/** Who may work at HQ. */
export function PeoplePage() {
  const { people: texts, roles } = useAreaTexts(peopleTexts);
  const [{ shown }, setFilters] = useFilters(peopleFiltersSchema);
  const [isInviting, setInviting] = useState(false);
  const { data, error, isFetching, refetch } = useApi(listPeople);
  const person = data?.people.find(({ accountId }) => accountId === shown);
  return (
    <Page title={texts.title} actions={<Button look="main" onPress={() => setInviting(true)}>{texts.invite}</Button>}>
      <Trouble failure={error} onAgain={() => void refetch()} />
      <DataTable
        label={texts.title}
        rows={data?.people ?? []}
        rowKey={({ accountId }) => accountId}
        currentKey={shown}
        href={({ accountId }) => `/people?shown=${accountId}`}
        isLoading={!data && isFetching}
        empty={<Empty title={texts.title} text={texts.emptyText} />}
        columns={[
          { id: 'name', name: texts.fullName, isRowHeader: true, cell: ({ fullName, name }) => <>{fullName} <span className="k-other">{name}</span></> },
          { id: 'role', name: texts.role, cell: ({ role }) => roles[role] },
          { id: 'state', name: texts.state, cell: ({ state }) => <Badge tone={toneOf[state]}>{texts.states[state]}</Badge> },
          { id: 'factors', name: texts.factors, hideBelow: 'medium', cell: (row) => <FactorWords person={row} /> },
          { id: 'last', name: texts.lastIn, hideBelow: 'medium', cell: ({ lastSignedInAt }) => (lastSignedInAt === null ? texts.never : <Ago at={lastSignedInAt} />) },
          { id: 'sessions', name: texts.sessions, align: 'end', hideBelow: 'medium', cell: ({ sessions }) => sessions },
        ]}
      />
      <SideSheet title={person?.fullName ?? ''} isOpen={person !== undefined} onClose={() => setFilters({ shown: undefined })}>{person && <PersonForm key={person.accountId} person={person} />}</SideSheet>
      <Dialog title={texts.invite} isOpen={isInviting} onClose={() => setInviting(false)}>{isInviting && <InviteForm onDone={() => setInviting(false)} />}</Dialog>
    </Page>
  );
}

function FactorWords({ person: { hasTotp, passkeys, isDevelopment } }: { readonly person: Person }) {
  const { people: texts } = useAreaTexts(peopleTexts);
  if (isDevelopment) return texts.development;
  return [...(hasTotp ? [texts.codeApp] : []), ...(passkeys > 0 ? [texts.passkeys(passkeys)] : [])].join(', ') || texts.noFactor;
}

function RoleField({ value, onChange, isDisabled = false }: { readonly value: AccountRole; readonly onChange: (role: AccountRole) => void; readonly isDisabled?: boolean }) {
  const { people: texts, roles, roleTexts } = useAreaTexts(peopleTexts);
  return <SelectField label={texts.role} value={value} isDisabled={isDisabled} hint={roleTexts[value]} items={accountRoles.map((id) => ({ id, name: roles[id] }))} onChange={(id) => onChange(accountRoles.find((role) => role === id) ?? value)} />;
}

function InviteForm({ onDone }: { readonly onDone: () => void }) {
  const { people: texts } = useAreaTexts(peopleTexts);
  const [name, setName] = useState('');
  const [fullName, setFullName] = useState('');
  const [role, setRole] = useState<AccountRole>('viewer');
  const [token, setToken] = useState<string>();
  const invite = useAct(invitePerson, { invalidates: [listPeople], done: (answer) => setToken(answer.token) });
  if (token) return <InvitationLink token={token} onDone={onDone} />;
  return (
    <GateForm onSubmit={() => void invite.act({ body: { name, fullName, role } })}>
      <TextField label={texts.fullName} value={fullName} onChange={setFullName} autoComplete="off" autoFocus isRequired />
      <TextField label={texts.name} value={name} onChange={setName} hint={texts.nameHint} autoComplete="off" isRequired />
      <RoleField value={role} onChange={setRole} />
      <Refusal failure={invite.failure} />
      <Button look="main" type="submit" isBusy={invite.isBusy} isDisabled={name.trim() === '' || fullName.trim() === ''}>{texts.send}</Button>
    </GateForm>
  );
}

function InvitationLink({ token, onDone }: { readonly token: string; readonly onDone?: () => void }) {
  const { people: texts, factor } = useAreaTexts(peopleTexts);
  const link = `${location.origin}/invitation#${token}`;
  return (
    <div className="gate-form" role="status">
      <p>{texts.linkText}</p>
      <TextField label={texts.link} value={link} onChange={() => {}} isReadOnly />
      <div className="gate-row">
        <Button look="main" onPress={() => void navigator.clipboard?.writeText(link).then(() => toast(factor.copied), () => {})}>{factor.copy}</Button>
        {onDone && <Button onPress={onDone}>{factor.kept}</Button>}
      </div>
    </div>
  );
}

function PersonForm({ person }: { readonly person: Person }) {
  const me = useMe();
  const { people: texts, account, roles } = useAreaTexts(peopleTexts);
  const editing = useEditing<{ readonly fullName: string; readonly role: AccountRole }>({ version: person.version, by: null, at: null, value: { fullName: person.fullName, role: person.role } });
  const { value: { fullName, role }, newer, over, set } = editing;
  const [token, setToken] = useState<string>();
  const [isEnding, setEnding] = useState(false);
  const change = useAct(changePerson, { invalidates: [listPeople], done: texts.saved });
  const again = useAct(inviteAgain, { invalidates: [listPeople], done: (answer) => setToken(answer.token) });
  const sessions = useAct(endSessionsOf, { invalidates: [listPeople], done: ({ ended }) => account.ended(ended) });
  const isMe = me.accountId === person.accountId;
  const params = { account: person.accountId };
  const save = async () => { if (await change.act({ params, body: { version: over.version, fullName, ...(isMe ? {} : { role }) } })) editing.saved(); };
  return (
    <>
      <Facts items={[
        [account.name, person.name], [texts.state, <Badge key="state" tone={toneOf[person.state]}>{texts.states[person.state]}</Badge>], [texts.factors, <FactorWords key="factors" person={person} />],
        [texts.lastIn, person.lastSignedInAt === null ? texts.never : <Time key="last" at={person.lastSignedInAt} />], [texts.createdBy, <>{person.createdBy} · <Time key="made" at={person.createdAt} /></>],
        ...(person.invitedUntil === null ? [] : [[texts.invitedUntil, <Time key="until" at={person.invitedUntil} />] as const]),
      ]} />
      {!person.isDevelopment && (
        <>
          <GateForm onSubmit={() => void save()}>
            <TextField label={texts.fullName} value={fullName} onChange={(next) => set({ fullName: next, role })} isRequired />
            <RoleField value={role} onChange={(next) => set({ fullName, role: next })} isDisabled={isMe} />
            {isMe && <p className="k-note">{texts.isYou}</p>}
            {newer ? <NewerVersion editing={editing} lines={(of) => ({ [texts.fullName]: of.fullName, [texts.role]: roles[of.role] })} onDecided={change.forget} /> : <Refusal failure={change.failure} />}
            <Button look="main" type="submit" isBusy={change.isBusy} isDisabled={newer !== undefined || fullName.trim() === '' || (fullName === person.fullName && role === person.role)}>{texts.save}</Button>
          </GateForm>
          {person.state !== 'ended' && (
            <Section title={texts.link}>
              {token ? <InvitationLink token={token} /> : <><p>{texts.newLinkText}</p><Button isBusy={again.isBusy} onPress={() => void again.act({ params })}>{texts.newLink}</Button></>}
              <Refusal failure={again.failure} />
            </Section>
          )}
        </>
      )}
      {person.sessions > 0 && <Section title={texts.sessions}><Button isBusy={sessions.isBusy} onPress={() => void sessions.act({ params })}>{`${account.end} (${person.sessions})`}</Button></Section>}
      {!person.isDevelopment && !isMe && (
        <Section title={texts.state}>
          {person.state === 'ended'
            ? <Button isBusy={change.isBusy} onPress={() => void change.act({ params, body: { version: person.version, isEnded: false } })}>{texts.takeBack}</Button>
            : <Button look="danger" onPress={() => setEnding(true)}>{texts.endAccount}</Button>}
        </Section>
      )}
      <Dialog title={texts.endAccount} isOpen={isEnding} onClose={() => setEnding(false)} actions={<Button look="danger" isBusy={change.isBusy} onPress={() => void change.act({ params, body: { version: person.version, isEnded: true } }).then(() => setEnding(false))}>{texts.endAccount}</Button>}>
        <p>{texts.endText}</p>
      </Dialog>
    </>
  );
}
