import { useEffect, useState } from 'react';
import { idleRule } from '../state/idle.ts';
import { monotonicNow } from '../state/monotonic.ts';
import { useKiosk, useVisit } from './kiosk-context.tsx';
import { useMonotonicNow } from './use-now.ts';

/** How long the screen stays, as a bar that shortens and in seconds: it begins anew with each touch, as the clock that ends the visit does. */
export function ResultCountdown() {
  const { model } = useKiosk();
  const { visit } = useVisit();
  const rule = idleRule(model);
  const [touched, setTouched] = useState(0);
  useEffect(() => {
    const anew = () => setTouched((times) => times + 1);
    for (const type of ['pointerdown', 'keydown'] as const) window.addEventListener(type, anew, { capture: true });
    return () => {
      for (const type of ['pointerdown', 'keydown'] as const) window.removeEventListener(type, anew, { capture: true });
    };
  }, []);
  return (
    <div className="result-countdown" role="timer" aria-live="off">
      {rule.kind === 'end' ? <Countdown key={`${touched} ${visit.scans} ${rule.afterMs}`} forMs={rule.afterMs} /> : null}
    </div>
  );
}

function Countdown({ forMs }: { readonly forMs: number }) {
  const { words } = useVisit();
  const [begun] = useState(monotonicNow);
  const seconds = Math.max(0, Math.ceil((begun + forMs - useMonotonicNow(250)) / 1000));
  return (
    <>
      <span className="result-countdown__bar">
        <span className="result-countdown__left" style={{ animationDuration: `${forMs}ms` }} />
      </span>
      <span className="result-countdown__words">{words.finish.result.leaving(seconds)}</span>
    </>
  );
}
