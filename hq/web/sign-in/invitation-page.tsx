import { useEffect, useState } from 'react';
import type { ApiAnswer } from '../../contract/api/route.ts';
import { acceptInvitation, readInvitation, readMe } from '../../contract/api/session.ts';
import { useAct } from '../api/use-api.ts';
import { peopleTexts } from '../i18n/areas/people.ts';
import { useAreaTexts } from '../i18n/use-texts.tsx';
import { navigate } from '../router.tsx';
import { Button, ButtonLink } from '../ui/button.tsx';
import { Facts } from '../ui/page.tsx';
import { Loading } from '../ui/trouble.tsx';
import { Gate, GateForm } from './gate.tsx';
import { NewPassword } from './set-up-form.tsx';
import { Refusal } from './words.tsx';

/** `/invitation#token`: a person chooses their own password. */
export function InvitationPage() {
  const { invitation: texts, people } = useAreaTexts(peopleTexts);
  const [token] = useState(() => location.hash.slice(1));
  const [found, setFound] = useState<ApiAnswer<typeof readInvitation>>();
  const [password, setPassword] = useState('');
  const [again, setAgain] = useState('');
  const read = useAct(readInvitation, { done: (answer) => setFound(answer) });
  const accept = useAct(acceptInvitation, { invalidates: [readMe], done: () => navigate('/sign-in', { replace: true }) });
  const { act } = read;
  useEffect(() => {
    void act({ body: { token } });
    // Once, for the link that was opened.
    // oxlint-disable-next-line react-hooks/exhaustive-deps -- `act` is new at each drawing
  }, [token]);
  const failure = accept.failure ?? read.failure;
  if (failure && (failure.kind === 'not_found' || (!found && failure.kind === 'invalid'))) {
    return <Gate title={texts.gone} lead={texts.goneText}><ButtonLink to="/sign-in">{texts.toSignIn}</ButtonLink></Gate>;
  }
  if (!found) return read.failure ? <Gate title={texts.title}><Refusal failure={read.failure} /></Gate> : <Loading />;
  return (
    <Gate title={texts.title} lead={`${texts.lead(found.fullName)}${found.isReset ? ` ${texts.resetLead}` : ''}`}>
      <Facts items={[[texts.signedInAs, <strong key="name">{found.name}</strong>], [people.invitedUntil, new Date(found.expiresAt).toLocaleString()]]} />
      <GateForm onSubmit={() => void accept.act({ body: { token, password } })}>
        <input type="text" name="username" autoComplete="username" value={found.name} readOnly hidden />
        <NewPassword password={password} again={again} onPassword={setPassword} onAgain={setAgain} isDifferent={again !== '' && again !== password} />
        <Refusal failure={accept.failure} />
        <Button look="main" type="submit" isBusy={accept.isBusy} isDisabled={password === '' || again !== password}>{texts.go}</Button>
      </GateForm>
    </Gate>
  );
}
