import { useRef } from 'react';
import { Button } from '../ui/button.tsx';
import { Sheet } from '../ui/sheet.tsx';
import { ActionBar } from './action-bar.tsx';
import { useVisit } from './kiosk-context.tsx';
import './small-sheets.css';
import { useNow } from './use-now.ts';

/** Asked once before what was chosen is thrown away. */
export function LeaveSheet() {
  const { words, dispatch } = useVisit();
  const safe = useRef<HTMLButtonElement>(null);
  const stay = () => dispatch({ kind: 'sheet_closed' });
  return (
    <Sheet size="small" label={words.leave.title} onClose={stay} focus={safe}>
      <h2 className="title small-sheet__title">{words.leave.title}</h2>
      <p className="small-sheet__text">{words.leave.text}</p>
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

/** Nobody has touched the screen for a while: any touch keeps everything as it is. */
export function IdleSheet({ endsAt }: { readonly endsAt: number }) {
  const { words, dispatch } = useVisit();
  const seconds = Math.max(0, Math.ceil((endsAt - useNow(250)) / 1000));
  const safe = useRef<HTMLButtonElement>(null);
  const stay = () => dispatch({ kind: 'still_here' });
  return (
    <Sheet size="small" label={words.idle.title} onClose={stay} focus={safe}>
      <p className="small-sheet__count" aria-hidden="true">
        {seconds}
      </p>
      <h2 className="title small-sheet__title">{words.idle.title}</h2>
      <p className="small-sheet__text" role="timer">
        {words.idle.text(seconds)}
      </p>
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
