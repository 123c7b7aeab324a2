import { useState } from 'react';
import { ToggleButton } from 'react-aria-components/ToggleButton';
import type { FeedbackChip } from '../../domain/feedback/feedback.ts';
import { feedbackChips } from '../../domain/feedback/feedback.ts';
import { Keyboard } from '../keyboard/keyboard.tsx';
import type { FeedbackDraft } from '../state/model.ts';
import { Button } from '../ui/button.tsx';
import { CheckIcon, PencilIcon } from '../ui/icons.tsx';
import { Sheet } from '../ui/sheet.tsx';
import { ActionBar } from './action-bar.tsx';
import { FeedbackStars } from './feedback-stars.tsx';
import { TypedText } from './feedback-typed-text.tsx';
import './feedback.css';
import { useVisit } from './kiosk-context.tsx';
import { MoreBelow } from './more-below.tsx';

/** Stars, chips, and words for whoever has some: only the stars are needed. */
export function FeedbackSheet({ draft }: { readonly draft: FeedbackDraft }) {
  const { words, dispatch } = useVisit();
  return (
    <Sheet size="tall" label={words.finish.feedback.title} onClose={() => dispatch({ kind: 'sheet_closed' })}>
      <FeedbackForm draft={draft} />
    </Sheet>
  );
}

/** As the contract takes them, in UTF-16 code units. */
const mostWords = 300;

export function FeedbackForm({ draft: { stars, chips, words: text } }: { readonly draft: FeedbackDraft }) {
  const { words, language, dispatch } = useVisit();
  const { feedback } = words.finish;
  const [isWriting, setWriting] = useState(false);
  const change = (part: Partial<FeedbackDraft>) => dispatch({ kind: 'feedback_changed', change: part });
  const setText = (next: string) => change({ words: next });
  const switchChip = (chip: FeedbackChip, on: boolean) => change({ chips: feedbackChips.filter((candidate) => (candidate === chip ? on : chips.includes(candidate))) });
  if (isWriting) {
    return (
      <div className="feedback">
        <h2 className="unseen">{feedback.words}</h2>
        <div className="feedback__write scrolls">
          <div className="feedback__writing">
            <TypedText label={feedback.words} hint={feedback.wordsHint} value={text} maxLength={mostWords} lines={5} onChange={setText} />
          </div>
          <Keyboard value={text} onChange={setText} language={language} mode="text" label={feedback.words} maxLength={mostWords} />
        </div>
        <ActionBar back={{ label: feedback.notNow, onPress: () => setWriting(false) }}>
          <Button look="main" onPress={() => setWriting(false)}>
            {feedback.wordsDone}
          </Button>
        </ActionBar>
      </div>
    );
  }
  return (
    <div className="feedback">
      <h2 className="title">{feedback.title}</h2>
      <div className="feedback__content scrolls">
        <FeedbackStars stars={stars} onChange={(next) => change({ stars: next })} />
        <div className="feedback__chips" role="group" aria-label={feedback.chipsLabel}>
          {feedbackChips.map((chip) => (
            <ToggleButton key={chip} className="feedback-chip" isSelected={chips.includes(chip)} onChange={(on) => switchChip(chip, on)}>
              <span className="feedback-chip__mark" aria-hidden="true">
                {chips.includes(chip) ? <CheckIcon /> : null}
              </span>
              {feedback.chips[chip]}
            </ToggleButton>
          ))}
        </div>
        <WordsBox text={text} onWrite={() => setWriting(true)} />
      </div>
      <MoreBelow />
      <ActionBar back={{ label: feedback.notNow, onPress: () => dispatch({ kind: 'sheet_closed' }) }}>
        <Button look="main" disabled={stars === undefined} onPress={() => (stars === undefined ? undefined : dispatch({ kind: 'feedback_given', stars, chips, words: text }))}>
          {stars === undefined ? feedback.pickFirst : feedback.send}
        </Button>
      </ActionBar>
    </div>
  );
}

/** What has been written so far, and the way to write. */
function WordsBox({ text, onWrite }: { readonly text: string; readonly onWrite: () => void }) {
  const { feedback } = useVisit().words.finish;
  return (
    <section className="feedback__words" aria-label={feedback.words}>
      <p className="feedback__words-label">{feedback.words}</p>
      <p className="feedback__words-text">{text === '' ? feedback.wordsNone : text}</p>
      <Button onPress={onWrite}>
        <PencilIcon />
        {text === '' ? feedback.writeWords : feedback.changeWords}
      </Button>
    </section>
  );
}
