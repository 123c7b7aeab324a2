import { useCallback, useEffect, useMemo, useRef, useState } from 'react';
import type { Params } from '../../domain/contract/kiosk.ts';
import type { StaffMember, StaffMethod } from '../../domain/contract/staff.ts';
import { staffRequestOf } from '../../domain/contract/staff.ts';
import { useSelect } from '../customer/kiosk-context.tsx';
import type { StaffAreaId, StaffOutReason, StaffWords } from '../i18n/areas/staff.ts';
import type { KioskClient } from '../state/kiosk-client.ts';
import type { Model } from '../state/model.ts';
import { monotonicNow } from '../state/monotonic.ts';
import { Button } from './button.tsx';
import { ClockIcon, CrossIcon } from '../ui/icons.tsx';
import { Tile } from '../ui/tile.tsx';
import { areasOf, firstAreaOf } from './areas.tsx';
import type { IdleClock } from './idle-clock.ts';
import { createIdleClock } from './idle-clock.ts';
import type { Staff } from './staff-context.tsx';
import { StaffProvider } from './staff-context.tsx';
import type { View } from './staff-bar.tsx';
import { StaffBar } from './staff-bar.tsx';
import type { MoveKeeper } from './stock/move-keeper.ts';

/** How long a result stays on the screen. */
const saidMs = 7000;

function shopOf({ shopfront }: Model) {
  return { timeZone: shopfront?.timeZone ?? 'Asia/Shanghai', currency: shopfront?.catalogue.currency ?? ('CNY' as const) };
}

export interface StaffAppProps {
  readonly client: KioskClient;
  readonly member: StaffMember;
  readonly words: StaffWords;
  readonly view: View;
  readonly moves: MoveKeeper;
  readonly onOut: (reason: StaffOutReason) => void;
  /** Back to the customers' screen. */
  readonly onClose: () => void;
}

/** Somebody is in: their areas by what they may do, and the clock that puts them out. */
export function StaffApp({ client, member, words, view, moves, onOut, onClose }: StaffAppProps) {
  const { timeZone, currency } = useSelect(shopOf);
  const { language } = view;
  const areas = areasOf(member);
  const [place, setPlace] = useState<{ readonly area: StaffAreaId | undefined; readonly orderId: string | undefined; readonly turn: number }>(() => ({ area: firstAreaOf(member), orderId: undefined, turn: 0 }));
  const [said, setSaid] = useState<{ readonly text: string; readonly tone: 'good' | 'bad'; readonly turn: number } | undefined>(undefined);
  const [left, setLeft] = useState<number | undefined>(undefined);
  const clock = useRef<IdleClock | undefined>(undefined);

  useEffect(() => {
    const made = createIdleClock({
      idleMs: member.idleMs,
      monotonicNow,
      onAlive: () => void client.request('staff.touch', {}),
      onLeft: setLeft,
      onIdle: () => {
        void client.request('staff.logout', {});
        onOut('idle');
      },
    });
    clock.current = made;
    const types = ['pointerdown', 'keydown', 'input', 'wheel'] as const;
    for (const type of types) window.addEventListener(type, made.touch, { capture: true, passive: true });
    // A shelf's code at the scanner is a touch.
    const unhear = client.onEvent(({ name }) => (name === 'staff_slot' || name === 'staff_scan' ? made.touch() : undefined));
    return () => {
      made.stop();
      unhear();
      for (const type of types) window.removeEventListener(type, made.touch, { capture: true });
    };
  }, [client, member.idleMs, onOut]);

  useEffect(() => {
    if (!said) return undefined;
    const timer = setTimeout(() => setSaid(undefined), saidMs);
    return () => clearTimeout(timer);
  }, [said]);

  const call = useCallback(
    async function call<M extends StaffMethod>(method: M, params: Params<M>) {
      // As core has it: what the page asks for by itself says nothing about a person.
      const isAct = staffRequestOf(method).audited === true;
      if (isAct) clock.current?.busy(true);
      const result = await client.request(method, params);
      if (isAct) clock.current?.busy(false);
      if (result.ok) return result;
      const { code } = result.error;
      if (code === 'STAFF_NOT_IN') onOut('lost');
      return { ok: false, error: { code, text: words.trouble[code] ?? (code === 'INTERNAL' ? words.trouble.away : words.trouble.other) } } as const;
    },
    [client, onOut, words],
  );
  const say = useCallback((text: string, tone: 'good' | 'bad' = 'good') => setSaid((before) => ({ text, tone, turn: (before?.turn ?? 0) + 1 })), []);
  const go = useCallback((area: StaffAreaId, orderId?: string) => {
    // What was said is about the place that is left.
    setSaid(undefined);
    setPlace(({ turn }) => ({ area, orderId, turn: turn + 1 }));
  }, []);
  const staff = useMemo<Staff>(() => ({ client, member, language, words, timeZone, currency, moves, call, say, go }), [client, member, language, words, timeZone, currency, moves, call, say, go]);
  const shown = areas.find(({ id }) => id === place.area);

  return (
    <StaffProvider staff={staff}>
      <div className="staff">
        <StaffBar
          words={words}
          view={view}
          who={
            <p className="staff-bar__name" aria-label={words.who(member.name, words.roles[member.role], member.number)} role="note">
              <strong>{member.name}</strong>
              <span>
                {words.roles[member.role]} {member.number}
              </span>
            </p>
          }
        >
          <Button className="staff-bar__leave" label={words.leaveName} onPress={onClose}>
            <CrossIcon />
            <span>{words.leave}</span>
          </Button>
        </StaffBar>
        {left === undefined ? null : <Countdown seconds={left} words={words} onStay={() => clock.current?.touch()} />}
        <nav className="staff-tabs" aria-label={words.tabs}>
          {areas.map(({ id, icon }) => (
            <Tile key={id} className="staff-tab" current={id === place.area} onPress={() => go(id)}>
              {icon}
              <span>{words.areas[id]}</span>
            </Tile>
          ))}
        </nav>
        <div className="staff__area" key={`${place.area} ${place.turn}`}>
          {shown?.show(place.orderId)}
        </div>
        <div className="staff-said" role="status">
          {said ? (
            <p className={`notice notice--${said.tone} staff-said__card`} key={said.turn}>
              {said.text}
            </p>
          ) : null}
        </div>
      </div>
    </StaffProvider>
  );
}

/** Seen each second; read out when it begins and when it is nearly over. Any touch ends it. */
function Countdown({ seconds, words, onStay }: { readonly seconds: number; readonly words: StaffWords; readonly onStay: () => void }) {
  const [first] = useState(seconds);
  return (
    <div className="staff-countdown">
      <p className="notice notice--warn" aria-hidden="true">
        <ClockIcon />
        <span>{words.idle(seconds)}</span>
      </p>
      <p className="unseen" role="alert">
        {words.idle(seconds <= 10 ? 10 : first)}
      </p>
      <Button onPress={onStay}>{words.idleStay}</Button>
    </div>
  );
}
