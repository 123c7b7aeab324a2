import './edit.css';
import { useEffect, useRef } from 'react';
import { useMe } from '../api/me.tsx';
import { uiTexts } from '../i18n/areas/ui.ts';
import { useAreaTexts } from '../i18n/use-texts.tsx';
import { Button } from '../ui/button.tsx';
import { Time } from '../ui/time.tsx';
import type { Lines } from './meet.ts';
import { linesThatDiffer } from './meet.ts';
import type { Editing } from './use-editing.ts';

interface NewerVersionProps<T> {
  readonly editing: Editing<T>;
  readonly lines: (value: T) => Lines;
  /** Their value says that it is not there any more. */
  readonly isRemoved?: boolean;
  /** Whichever was chosen: an older refusal means nothing any more. */
  readonly onDecided?: () => void;
}

/** Somebody else has saved this while a person was typing: who, when, in what it differs, and whose shall go on. Nothing typed is gone. */
export function NewerVersion<T>({ editing: { newer, value, keepMine, takeTheirs }, lines, isRemoved = false, onDecided }: NewerVersionProps<T>) {
  const texts = useAreaTexts(uiTexts).newer;
  const me = useMe().name;
  const box = useRef<HTMLDivElement>(null);
  // Nothing can be saved until this is decided: it must not stand out of sight.
  useEffect(() => void box.current?.scrollIntoView({ block: 'nearest' }), []);
  if (!newer) return null;
  const { by, at } = newer;
  const decide = (choose: () => void) => () => {
    // The buttons go with it: who came by keys stays in the form.
    box.current?.closest<HTMLElement>('[role=dialog], main')?.focus({ preventScroll: true });
    choose();
    onDecided?.();
  };
  const differing = isRemoved ? [] : linesThatDiffer(lines(newer.value), lines(value));
  return (
    <div ref={box} className="k-trouble edit-newer" role="alert">
      <p><strong>{isRemoved ? texts.removed : by === null ? texts.somebody : by === me ? texts.you : texts.by(by)}</strong> {at !== null && <Time at={at} />}</p>
      <p>{texts.kept}</p>
      {differing.length > 0 && (
        <details>
          <summary>{texts.differences(differing.length)}</summary>
          <dl>
            {differing.map(({ name, theirs, mine }) => (
              <div key={name}>
                <dt>{name}</dt>
                <dd>{texts.theirs} {theirs === '' ? texts.nothing : theirs}</dd>
                <dd>{texts.mine} {mine === '' ? texts.nothing : mine}</dd>
              </div>
            ))}
          </dl>
        </details>
      )}
      <div className="k-actions">
        <Button onPress={decide(takeTheirs)}>{isRemoved ? texts.letGo : texts.takeTheirs}</Button>
        <Button onPress={decide(keepMine)}>{texts.keepMine}</Button>
      </div>
    </div>
  );
}
