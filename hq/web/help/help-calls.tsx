import './help.css';
import { useEffect, useRef, useState } from 'react';
import type { HelpCallRow } from '../../contract/api/help.ts';
import { answerHelpCall, listHelpCalls } from '../../contract/api/help.ts';
import { useMe } from '../api/me.tsx';
import { useAct, useApi } from '../api/use-api.ts';
import { overviewTexts } from '../i18n/areas/overview.ts';
import { uiTexts } from '../i18n/areas/ui.ts';
import { useAreaTexts } from '../i18n/use-texts.tsx';
import { Link } from '../router.tsx';
import { Button } from '../ui/button.tsx';
import { Dialog } from '../ui/dialog.tsx';
import { TextField } from '../ui/field.tsx';
import { Icon } from '../ui/icon.tsx';
import { Ago } from '../ui/time.tsx';
import { Trouble } from '../ui/trouble.tsx';
import { ringOnce } from './bell.ts';

/** News come live; what no news told of is found. */
const refreshMs = 15_000;
const ringEveryMs = 6000;
const silenceKey = 'counter24-hq-silent';

/** On every page, as soon as a customer asks for a person; nothing while nobody does. */
export function HelpCallsBanner() {
  const texts = useAreaTexts(overviewTexts);
  const { may } = useMe();
  const calls = useApi(listHelpCalls, {}, { everyMs: refreshMs, isEnabled: may('fleet.see') }).data?.calls ?? [];
  const waiting = calls.filter(({ answeredAt }) => answeredAt === null);
  const [isSilent, setSilent] = useSilence();
  const [answered, setAnswered] = useState<HelpCallRow>();
  useRinging(waiting.length > 0 && !isSilent && may('alerts.answer'));

  return (
    <>
      {/* There from the start, so that what comes into it is spoken. */}
      <div role="status">
        {calls.length > 0 && (
          <section className="help-calls" aria-labelledby="help-calls">
            <div className="help-calls-head">
              <h2 id="help-calls"><Icon name="person" />{texts.callsTitle}{waiting.length > 0 && <span className="k-note">{texts.callsWaiting(waiting.length)}</span>}</h2>
              {may('alerts.answer') && waiting.length > 0 && <Button look="quiet" onPress={() => setSilent(!isSilent)} isPressed={isSilent}><Icon name={isSilent ? 'mute' : 'sound'} />{isSilent ? texts.ring : texts.silence}</Button>}
            </div>
            <ul>
              {calls.map((call) => (
                <li key={call.callId}>
                  <strong><Link to={`/fleet/${call.kioskId}`} className="k-link">{call.kioskName}</Link></strong>
                  <Ago at={call.calledAt} />
                  {call.screen && <span>{texts.screen(call.screen)}</span>}
                  {call.orderId !== null && call.orderNumber !== null && <Link to={`/orders/${call.kioskId}/${call.orderId}`} className="k-link">{texts.order(call.orderNumber)}</Link>}
                  <span>{call.answeredAt === null ? texts.notAnswered : texts.answered(call.answeredBy ?? '')}</span>
                  {may('alerts.answer') && <Button look={call.answeredAt === null ? 'main' : 'plain'} onPress={() => setAnswered(call)}>{call.answeredAt === null ? texts.answer : texts.answerAgain}</Button>}
                </li>
              ))}
            </ul>
          </section>
        )}
      </div>
      {answered && <AnswerDialog call={answered} onClose={() => setAnswered(undefined)} />}
    </>
  );
}

function AnswerDialog({ call: { callId, kioskName }, onClose }: { readonly call: HelpCallRow; readonly onClose: () => void }) {
  const texts = useAreaTexts(overviewTexts);
  const ui = useAreaTexts(uiTexts);
  const [words, setWords] = useState({ zh: '', en: '' });
  const answer = useAct(answerHelpCall, { done: texts.sent, invalidates: [listHelpCalls] });
  const [zh, en] = [words.zh.trim(), words.en.trim()];
  const isHalf = (zh === '') !== (en === '');
  const send = async () => {
    if (await answer.act({ params: { call: callId }, body: zh === '' ? {} : { words: { zh, en } } })) onClose();
  };
  return (
    <Dialog title={texts.answerTitle(kioskName)} isOpen onClose={onClose} actions={<><Button onPress={onClose}>{ui.cancel}</Button><Button look="main" isBusy={answer.isBusy} isDisabled={isHalf} onPress={() => void send()}>{texts.send}</Button></>}>
      <p>{texts.answerText}</p>
      <div className="help-quick" role="group" aria-label={texts.quickLabel}>
        {texts.quick.map((one) => <Button key={one.en} isPressed={words.zh === one.zh && words.en === one.en} onPress={() => setWords(one)}><QuickWords words={one} /></Button>)}
      </div>
      <TextField label={texts.wordsZh} value={words.zh} onChange={(text) => setWords({ ...words, zh: text })} multiline maxLength={300} {...(isHalf ? { error: texts.bothWords } : {})} />
      <TextField label={texts.wordsEn} value={words.en} onChange={(text) => setWords({ ...words, en: text })} multiline maxLength={300} />
      <Trouble failure={answer.failure} />
    </Dialog>
  );
}

function QuickWords({ words }: { readonly words: { readonly zh: string; readonly en: string } }) {
  return <>{useAreaTexts(words)}</>;
}

/** Rings until it should not: a sound is the outside world. */
function useRinging(isRinging: boolean): void {
  const context = useRef<AudioContext>(undefined);
  useEffect(() => {
    if (!isRinging || typeof AudioContext === 'undefined') return;
    const ring = () => {
      // Before the page was touched a browser lets nothing sound: the banner alone says it.
      if (navigator.userActivation.hasBeenActive) void ringOnce((context.current ??= new AudioContext()));
    };
    ring();
    const timer = setInterval(ring, ringEveryMs);
    return () => clearInterval(timer);
  }, [isRinging]);
}

function useSilence(): readonly [boolean, (isSilent: boolean) => void] {
  const [isSilent, setSilent] = useState(() => localStorage.getItem(silenceKey) === 'yes');
  return [isSilent, (next) => {
    localStorage.setItem(silenceKey, next ? 'yes' : 'no');
    setSilent(next);
  }];
}
