import { useRef, useState } from 'react';
import { Button } from '../ui/button.tsx';
import { Sheet } from '../ui/sheet.tsx';
import { ActionBar } from './action-bar.tsx';
import { useVisit } from './kiosk-context.tsx';
import { MoreBelow } from './more-below.tsx';
import './small-sheets.css';
import { useMonotonicNow } from './use-now.ts';

/** Asked once before what was chosen is thrown away. */
export function LeaveSheet() {
  const { words, dispatch } = useVisit();
  const safe = useRef<HTMLButtonElement>(null);
  const stay = () => dispatch({ kind: 'sheet_closed' });
  return (
    <Sheet size="small" label={words.leave.title} onClose={stay} focus={safe}>
      <div className="small-sheet scrolls">
        <h2 className="title small-sheet__title">{words.leave.title}</h2>
        <p className="small-sheet__text">{words.leave.text}</p>
      </div>
      <MoreBelow />
      <div className="small-sheet__buttons">
        <Button onPress={() => dispatch({ kind: 'done' })}>{words.leave.go}</Button>
        <Button look="main" ref={safe} onPress={stay}>
          {words.leave.stay}
        </Button>
      </div>
      <ActionBar />
    </Sheet>
  );
}

/** Nobody has touched the screen for a while: one touch keeps everything as it is, as often as they like. */
export function IdleSheet({ endsAt }: { readonly endsAt: number }) {
  const { words, dispatch } = useVisit();
  const safe = useRef<HTMLButtonElement>(null);
  const stay = () => dispatch({ kind: 'still_here' });
  return (
    <Sheet size="small" label={words.idle.title} onClose={stay} focus={safe}>
      <IdleCountdown endsAt={endsAt} />
      <MoreBelow />
      <div className="small-sheet__buttons">
        <Button onPress={() => dispatch({ kind: 'idle_ended' })}>{words.idle.go}</Button>
        <Button look="main" ref={safe} onPress={stay}>
          {words.idle.stay}
        </Button>
      </div>
      <ActionBar />
    </Sheet>
  );
}

/** Seen each second; said when it begins, and at 20, 10 and 5 seconds: a voice that counts would be nothing but counting. */
export function IdleCountdown({ endsAt }: { readonly endsAt: number }) {
  const { words } = useVisit();
  const seconds = Math.max(0, Math.ceil((endsAt - useMonotonicNow(250)) / 1000));
  const [first] = useState(seconds);
  return (
    <div className="small-sheet scrolls">
      <p className="small-sheet__count" aria-hidden="true">
        {seconds}
      </p>
      <h2 className="title small-sheet__title">{words.idle.title}</h2>
      <p className="small-sheet__text" role="timer" aria-live="off">
        {words.idle.text(seconds)}
      </p>
      <p className="unseen" role="status">
        {words.finish.idle.left(saidSeconds(seconds, first))}
      </p>
    </div>
  );
}

const saidAt = [5, 10, 20];

/** What was said last: the smallest of the moments that have been reached, or what it began with. */
export function saidSeconds(seconds: number, first: number): number {
  return saidAt.find((moment) => seconds <= moment && moment < first) ?? first;
}
