import { useState } from 'react';
import { Button } from '../ui/button.tsx';
import { BellIcon } from '../ui/icons.tsx';
import { Sheet } from '../ui/sheet.tsx';
import { ActionBar } from './action-bar.tsx';
import { HelpPerson } from './help-person.tsx';
import { helpPlace } from './help-place.ts';
import { Answer, QuestionList, QuestionSearch } from './help-questions.tsx';
import './help.css';
import { useKiosk, useVisit } from './kiosk-context.tsx';
import { MoreBelow } from './more-below.tsx';

/** What to do here, what people ask, and a person. It lies over any screen, and changes nothing under it. */
export function HelpSheet({ questionId }: { readonly questionId: string | undefined }) {
  const { words, dispatch } = useVisit();
  return (
    <Sheet size="tall" label={words.finish.help.title} onClose={() => dispatch({ kind: 'sheet_closed' })}>
      <HelpContent questionId={questionId} />
    </Sheet>
  );
}

export function HelpContent({ questionId }: { readonly questionId: string | undefined }) {
  const { words, dispatch } = useVisit();
  const { model } = useKiosk();
  const { help } = words.finish;
  const [isSearching, setSearching] = useState(false);
  const [typed, setTyped] = useState('');
  const questions = model.shopfront?.catalogue.questions ?? [];
  const open = questions.find(({ id }) => id === questionId);
  const place = helpPlace(model);
  const back = () => {
    if (open) dispatch({ kind: 'help_question_opened', questionId: undefined });
    else if (isSearching) setSearching(false);
    else dispatch({ kind: 'sheet_closed' });
  };
  return (
    <div className="help">
      <h2 className={isSearching && !open ? 'unseen' : 'title'}>{isSearching && !open ? help.search : help.title}</h2>
      {open ? (
        <div className="help__content scrolls">
          <Answer question={open} />
          <HelpPerson />
        </div>
      ) : isSearching ? (
        <QuestionSearch questions={questions} typed={typed} onType={setTyped} />
      ) : (
        <div className="help__content scrolls">
          {place ? (
            <section className="help-steps" aria-label={help.here}>
              <h3 className="help__heading">{help.here}</h3>
              <ol>
                {help.steps[place].map((step) => (
                  <li key={step}>{step}</li>
                ))}
              </ol>
            </section>
          ) : null}
          <HelpPerson />
          {questions.length > 0 ? (
            <section aria-label={help.questions}>
              <div className="help__bar">
                <h3 className="help__heading">{help.questions}</h3>
                <Button onPress={() => setSearching(true)}>{help.search}</Button>
              </div>
              <QuestionList questions={questions} />
            </section>
          ) : null}
        </div>
      )}
      {isSearching && !open ? null : <MoreBelow key={questionId ?? ''} />}
      <ActionBar back={{ label: help.close, onPress: back }}>
        <CallButton />
      </ActionBar>
    </div>
  );
}

/** Calls, or takes the call back; after nobody could be reached, it may be tried again. */
function CallButton() {
  const { words, dispatch } = useVisit();
  const { help } = useKiosk().model;
  const isCalled = help.kind === 'calling' || help.kind === 'answered';
  return isCalled ? (
    <Button className="help__stop" onPress={() => dispatch({ kind: 'help_ended' })}>{words.finish.help.stop}</Button>
  ) : (
    <Button look="main" onPress={() => dispatch({ kind: 'help_called' })}>
      <BellIcon />
      {words.finish.help.call}
    </Button>
  );
}
