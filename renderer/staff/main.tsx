import { useCallback, useEffect, useState } from 'react';
import type { StaffMember } from '../../domain/contract/staff.ts';
import { useDispatch, useSelect } from '../customer/kiosk-context.tsx';
import type { StaffOutReason } from '../i18n/areas/staff.ts';
import { staffWords } from '../i18n/areas/staff.ts';
import type { KioskClient } from '../state/kiosk-client.ts';
import type { Model } from '../state/model.ts';
import { Login } from './login.tsx';
import { StaffApp } from './staff-app.tsx';
import './staff.css';
import { createMoveKeeper } from './stock/move-keeper.ts';

/** A core that is made anew is there by then. */
const secondTryMs = 1500;

interface Session {
  readonly member: StaffMember | undefined;
  readonly out: StaffOutReason | undefined;
}

const nobody: Session = { member: undefined, out: undefined };

function deskOf({ desk, core }: Model) {
  return { language: desk?.language ?? 'zh', textSize: desk?.textSize ?? 'normal', cards: desk?.cards ?? 0, core };
}

/** The staff's part of the page: who is in is known here and at core, and nowhere else. */
export function StaffMain({ client }: { readonly client: KioskClient }) {
  const { language, textSize, cards, core } = useSelect(deskOf);
  const dispatch = useDispatch();
  /** Who is in; or why whoever was in is not any more. */
  const [{ member, out }, setSession] = useState<Session>(nobody);
  /** Cards that have let somebody in already. */
  const [cardsUsed, setCardsUsed] = useState(0);
  const [moves] = useState(() =>
    createMoveKeeper({
      newId: () => crypto.randomUUID(),
      send: ({ method, params }) => client.request(method, params),
      pause: () => new Promise((resolve) => void setTimeout(resolve, secondTryMs)),
    }),
  );
  const [lastIn, setLastIn] = useState<string | undefined>(undefined);
  const words = staffWords[language];

  const leave = useCallback((reason: StaffOutReason) => {
    setSession((before) => (before.member ? { member: undefined, out: reason } : before));
  }, []);
  useEffect(() => client.onEvent((event) => (event.name === 'staff_out' ? leave(event.payload.reason) : undefined)), [client, leave]);
  // A core that was started anew knows nobody.
  if (core === 'connecting' && member) leave('lost');
  // A card that is scanned while somebody is in opens nothing later.
  if (member && cardsUsed !== cards) setCardsUsed(cards);

  const enter = (entered: StaffMember) => {
    setCardsUsed(cards);
    // Somebody else's move is not this one's to repeat.
    if (lastIn !== entered.number) moves.forget();
    setLastIn(entered.number);
    setSession({ member: entered, out: undefined });
  };
  const view = { language, textSize, onLanguage: () => dispatch({ kind: 'desk_changed', change: { language: language === 'zh' ? 'en' : 'zh' } }), onTextSize: (next: typeof textSize) => dispatch({ kind: 'desk_changed', change: { textSize: next } }) } as const;
  if (member) return <StaffApp key={member.number} client={client} member={member} words={words} view={view} moves={moves} onOut={leave} onClose={() => dispatch({ kind: 'staff_closed' })} />;
  return <Login client={client} words={words} view={view} out={out} card={cards > cardsUsed} onNumber={() => setCardsUsed(cards)} onIn={enter} onClose={() => dispatch({ kind: 'staff_closed' })} />;
}
