import { useEffect, useRef, useState } from 'react';
import type { Answer } from '../../domain/contract/kiosk.ts';
import type { StaffMember } from '../../domain/contract/staff.ts';
import type { StaffOutReason, StaffWords } from '../i18n/areas/staff.ts';
import { Keyboard } from '../keyboard/keyboard.tsx';
import { Keypad } from '../keyboard/keypad.tsx';
import type { KioskClient } from '../state/kiosk-client.ts';
import { monotonicNow } from '../state/monotonic.ts';
import { Button } from './button.tsx';
import { CheckIcon, CrossIcon } from '../ui/icons.tsx';
import { Notice } from '../ui/notice.tsx';
import { createIdleClock } from './idle-clock.ts';
import type { Field, Typed } from './login-fields.ts';
import { canSend, credentialsOf, fieldsOf, minutesOf, nextField, noTyped, typeInto } from './login-fields.ts';
import './login.css';
import type { View } from './staff-bar.tsx';
import { StaffBar } from './staff-bar.tsx';

/** Nobody types here: the customers' screen comes back. */
const abandonedMs = 60_000;

export interface LoginProps {
  readonly client: KioskClient;
  readonly words: StaffWords;
  readonly view: View;
  /** Why whoever was in is out. */
  readonly out: StaffOutReason | undefined;
  /** A card was scanned: no number is needed. */
  readonly card: boolean;
  /** A number after all. */
  readonly onNumber: () => void;
  readonly onIn: (member: StaffMember) => void;
  readonly onClose: () => void;
}

type Reply = { readonly kind: 'none' } | { readonly kind: 'asking' } | Exclude<Answer<'staff.login'>, { kind: 'in' }> | { readonly kind: 'trouble'; readonly text: string };

/** Number or card, PIN, code. What is typed is kept nowhere but here, and goes with the answer. */
export function Login({ client, words, view, out, card, onNumber, onIn, onClose }: LoginProps) {
  const { login } = words;
  const [typed, setTyped] = useState<Typed>(noTyped);
  const [recovery, setRecovery] = useState(false);
  const [field, setField] = useState<Field>(card ? 'pin' : 'number');
  const [reply, setReply] = useState<Reply>({ kind: 'none' });
  const title = useRef<HTMLHeadingElement>(null);
  const inputs = useRef(new Map<Field, HTMLInputElement>());
  const fields = fieldsOf(card);
  const shown = fields.includes(field) ? field : 'pin';

  useEffect(() => title.current?.focus({ preventScroll: true }), []);
  useEffect(() => {
    const clock = createIdleClock({ idleMs: abandonedMs, monotonicNow, onAlive: () => {}, onLeft: () => {}, onIdle: onClose });
    const types = ['pointerdown', 'keydown', 'input'] as const;
    for (const type of types) window.addEventListener(type, clock.touch, { capture: true, passive: true });
    return () => {
      clock.stop();
      for (const type of types) window.removeEventListener(type, clock.touch, { capture: true });
    };
  }, [onClose]);

  const focusOn = (next: Field) => {
    setField(next);
    inputs.current.get(next)?.focus({ preventScroll: true });
  };
  const type = (which: Field, text: string) => {
    setTyped((before) => typeInto(before, which, text, recovery));
    if (reply.kind !== 'asking' && reply.kind !== 'none') setReply({ kind: 'none' });
  };
  async function send(): Promise<void> {
    if (reply.kind === 'asking' || !canSend(typed, card, recovery)) return;
    setReply({ kind: 'asking' });
    const result = await client.request('staff.login', credentialsOf(typed, card));
    setTyped(({ number }) => ({ ...noTyped, number }));
    if (result.ok && result.value.kind === 'in') return onIn(result.value.member);
    setReply(result.ok ? (result.value as Reply) : { kind: 'trouble', text: result.error.code === 'STAFF_UNKNOWN' ? login.cardOver : result.error.code === 'STAFF_NOT_ALLOWED' ? login.customer : (words.trouble[result.error.code] ?? words.trouble.other) });
    focusOn('pin');
  }
  const next = () => {
    const following = nextField(typed, card, recovery, shown);
    if (following) focusOn(following);
    else void send();
  };

  const labels: Readonly<Record<Field, string>> = { number: login.number, pin: login.pin, code: recovery ? login.recovery : login.code };
  const isWhole = canSend(typed, card, recovery);
  return (
    <div className="staff staff--login">
      <StaffBar words={words} view={view} who={null}>
        <Button className="staff-bar__leave" label={words.leaveName} onPress={onClose}>
          <CrossIcon />
          <span>{words.leave}</span>
        </Button>
      </StaffBar>
      <main className="login">
        <h1 className="login__title" tabIndex={-1} ref={title}>
          {login.title}
        </h1>
        <div className="login__news" aria-live="assertive">
          {reply.kind === 'wrong' ? <Notice tone="bad">{login.wrong(reply.triesLeft)}</Notice> : null}
          {reply.kind === 'locked' ? <Notice tone="bad">{login.locked(minutesOf(reply.forMs))}</Notice> : null}
          {reply.kind === 'nobody_known' ? <Notice tone="warn">{login.nobody}</Notice> : null}
          {reply.kind === 'trouble' ? <Notice tone="bad">{reply.text}</Notice> : null}
          {out !== undefined && reply.kind === 'none' ? <Notice tone="wait">{words.out[out]}</Notice> : null}
        </div>
        <div className="login__fields">
          {card ? (
            <div className="login__card" role="status">
              <CheckIcon />
              <span>{login.card}</span>
              <Button look="quiet" onPress={onNumber}>
                {login.useNumber}
              </Button>
            </div>
          ) : null}
          {fields.map((which) => (
            <label key={which} className={which === shown ? 'login__field login__field--now' : 'login__field'}>
              <span className="login__label">
                {labels[which]}
                <small>{which === 'number' ? login.scanHint : which === 'code' ? (recovery ? login.recoveryHint : login.codeHint) : ''}</small>
              </span>
              <input
                ref={(element) => {
                  if (element) inputs.current.set(which, element);
                  return () => void inputs.current.delete(which);
                }}
                className="login__input"
                name={`staff-${which}`}
                type={which === 'pin' ? 'password' : 'text'}
                inputMode="none"
                autoComplete="off"
                spellCheck={false}
                value={typed[which]}
                onFocus={() => setField(which)}
                onKeyDown={(event) => {
                  if (event.key !== 'Enter') return;
                  event.preventDefault();
                  next();
                }}
                onChange={({ target }) => type(which, target.value)}
              />
            </label>
          ))}
        </div>
        <div className="login__keys">
          {shown === 'code' && recovery ? (
            <Keyboard value={typed.code} onChange={(text) => type('code', text)} language={view.language} mode="latin" label={labels.code} maxLength={40} />
          ) : (
            <Keypad value={typed[shown]} onChange={(text) => type(shown, text)} language={view.language} label={labels[shown]} maxLength={shown === 'code' ? 6 : shown === 'pin' ? 20 : 12} />
          )}
          {shown === 'pin' ? (
            <p className="unseen" role="status">
              {login.filled(typed.pin.length)}
            </p>
          ) : null}
        </div>
        <div className="login__actions">
          <Button
            look="quiet"
            onPress={() => {
              setRecovery(!recovery);
              setTyped((before) => ({ ...before, code: '' }));
              focusOn('code');
            }}
          >
            {recovery ? login.useCode : login.useRecovery}
          </Button>
          <Button look="main" busy={reply.kind === 'asking'} disabled={!isWhole && nextField(typed, card, recovery, shown) === undefined} onPress={next}>
            {reply.kind === 'asking' ? login.entering : isWhole ? login.enter : login.next}
          </Button>
        </div>
      </main>
    </div>
  );
}
