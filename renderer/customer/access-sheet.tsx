import { useRef } from 'react';
import { reachShare } from '../brand.ts';
import type { TextSize } from '../state/model.ts';
import { textSizes } from '../state/model.ts';
import { Button } from '../ui/button.tsx';
import { ChoiceGroup } from '../ui/choice-group.tsx';
import { Notice } from '../ui/notice.tsx';
import { Sheet } from '../ui/sheet.tsx';
import { Stepper } from '../ui/stepper.tsx';
import { Toggle } from '../ui/toggle.tsx';
import './access-sheet.css';
import { useKiosk, useVisit } from './kiosk-context.tsx';
import { MoreBelow } from './more-below.tsx';

/** Words a minute of each step. */
const speeds = [100, 140, 180, 230, 290, 360] as const;
const volumes = 10;

/** How this customer wants to see, reach and hear the screen; all of it is forgotten with them. What is chosen is seen at once. */
export function AccessSheet() {
  const { model, dispatch } = useKiosk();
  const { visit, words } = useVisit();
  const title = useRef<HTMLHeadingElement>(null);
  const { access, speech } = visit;
  const text = words.frame.access;
  const close = () => dispatch({ kind: 'sheet_closed' });
  const state = { onWord: text.on, offWord: text.off };
  const isMute = model.status?.speech === 'missing';
  const canLower = model.shopfront !== undefined && reachShare(model.shopfront.screen) < 1;
  // The step that comes nearest: keys change the speed as well.
  const speed = speeds.reduce((nearest, candidate, index) => (Math.abs(candidate - speech.wordsPerMinute) < Math.abs(speeds[nearest]! - speech.wordsPerMinute) ? index : nearest), 0);
  return (
    <Sheet label={text.title} size="tall" onClose={close} focus={title}>
      <div className="access scrolls">
        <h2 className="title access__title" tabIndex={-1} ref={title}>
          {text.title}
        </h2>
        <section className="access__part" aria-label={text.textSize}>
          <h3 className="access__name">{text.textSize}</h3>
          <ChoiceGroup<TextSize>
            label={text.textSize}
            className="access__sizes"
            value={access.textSize}
            onChange={(textSize) => dispatch({ kind: 'access_changed', change: { textSize } })}
            items={textSizes.map((id) => ({ id, content: <span className={`access__size access__size--${id}`}>{text.sizes[id]}</span> }))}
          />
        </section>
        <div className="access__part">
          <Toggle {...state} on={access.contrast === 'high'} onChange={(on) => dispatch({ kind: 'access_changed', change: { contrast: on ? 'high' : 'normal' } })}>
            {text.contrast} <small>{text.contrastText}</small>
          </Toggle>
          {canLower ? (
            <Toggle {...state} className="access__reach" on={access.reach} onChange={(reach) => dispatch({ kind: 'access_changed', change: { reach } })}>
              {text.reach} <small>{text.reachText}</small>
            </Toggle>
          ) : null}
          <Toggle {...state} on={access.calm} onChange={(calm) => dispatch({ kind: 'access_changed', change: { calm } })}>
            {text.calm} <small>{text.calmText}</small>
          </Toggle>
          <Toggle {...state} on={speech.on} disabled={isMute} onChange={(on) => dispatch({ kind: 'speech_switched', on })}>
            {text.speech} <small>{text.speechText}</small>
          </Toggle>
          {isMute ? <Notice tone="warn">{text.speechMissing}</Notice> : null}
          {speech.on && !isMute ? (
            <div className="access__voice">
              <div className="access__row">
                <h3 className="access__name">{text.speed}</h3>
                <Stepper
                  label={text.speed} value={speed + 1} least={1} most={speeds.length} fewer={text.slower} more={text.faster} shown={text.steps(speed + 1, speeds.length)}
                  onChange={(step) => dispatch({ kind: 'speech_tuned', change: { wordsPerMinute: speeds[step - 1] ?? speech.wordsPerMinute } })}
                />
              </div>
              <div className="access__row">
                <h3 className="access__name">{text.volume}</h3>
                <Stepper
                  label={text.volume} value={speech.volume} least={1} most={volumes} fewer={text.softer} more={text.louder} shown={text.steps(speech.volume, volumes)}
                  onChange={(volume) => dispatch({ kind: 'speech_tuned', change: { volume } })}
                />
              </div>
            </div>
          ) : null}
        </div>
      </div>
      <MoreBelow />
      <div className="access__actions">
        <Button look="main" onPress={close}>
          {text.done}
        </Button>
      </div>
    </Sheet>
  );
}
