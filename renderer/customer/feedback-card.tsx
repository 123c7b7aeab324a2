import { useState } from 'react';
import type { ResultStage } from '../state/model.ts';
import { Button } from '../ui/button.tsx';
import { CheckIcon } from '../ui/icons.tsx';
import { FeedbackStars } from './feedback-stars.tsx';
import './feedback.css';
import { useVisit } from './kiosk-context.tsx';

/** Two taps: so many stars, and send. Whoever has more to say opens the sheet. */
export function FeedbackCard({ stage }: { readonly stage: ResultStage }) {
  const { words, dispatch } = useVisit();
  const { feedback } = words.finish;
  const [stars, setStars] = useState<number | undefined>(undefined);
  const isGiven = stage.feedback === 'given';
  return (
    <section className="feedback-card" aria-label={feedback.ask}>
      <div role="status" className={isGiven ? 'feedback-card__thanks' : 'unseen'}>
        {isGiven ? (
          <>
            <CheckIcon />
            <p>
              <strong>{feedback.thanks.title}</strong>
              {feedback.thanks.text}
            </p>
          </>
        ) : null}
      </div>
      {isGiven ? null : (
        <>
          <h2 className="feedback-card__ask">{feedback.ask}</h2>
          <FeedbackStars stars={stars} onChange={setStars} />
          <div className="feedback-card__ways">
            <Button look="quiet" onPress={() => dispatch({ kind: 'feedback_opened', ...(stars === undefined ? {} : { stars }) })}>
              {feedback.more}
            </Button>
            <Button disabled={stars === undefined} onPress={() => (stars === undefined ? undefined : dispatch({ kind: 'feedback_given', stars, chips: [], words: '' }))}>
              {feedback.send}
            </Button>
          </div>
        </>
      )}
    </section>
  );
}
