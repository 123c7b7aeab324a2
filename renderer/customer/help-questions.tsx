import type { Question } from '../../domain/catalogue/catalogue.ts';
import { Keyboard } from '../keyboard/keyboard.tsx';
import { NextIcon } from '../ui/icons.tsx';
import { Tile } from '../ui/tile.tsx';
import { TypedText } from './feedback-typed-text.tsx';
import { findQuestions } from './help-search.ts';
import { useVisit } from './kiosk-context.tsx';

/** Each question is one row that opens its answer. */
export function QuestionList({ questions }: { readonly questions: readonly Question[] }) {
  const { language, dispatch } = useVisit();
  return (
    <ul className="help-questions">
      {questions.map(({ id, question }) => (
        <li key={id}>
          <Tile className="help-question" onPress={() => dispatch({ kind: 'help_question_opened', questionId: id })}>
            <span>{question[language]}</span>
            <NextIcon />
          </Tile>
        </li>
      ))}
    </ul>
  );
}

/** What people ask, found by words of either language. */
export function QuestionSearch({ questions, typed, onType }: { readonly questions: readonly Question[]; readonly typed: string; readonly onType: (typed: string) => void }) {
  const { words, language } = useVisit();
  const { help } = words.finish;
  const found = findQuestions(questions, typed);
  return (
    <div className="help__search scrolls">
      <TypedText label={help.searchLabel} hint={help.searchLabel} value={typed} maxLength={40} onChange={onType} lines={1} />
      <p className="unseen" role="status">
        {typed === '' ? '' : help.found(found.length)}
      </p>
      <div className="help__found scrolls">{found.length === 0 ? <p className="help__none">{help.searchNone}</p> : <QuestionList questions={found} />}</div>
      <Keyboard value={typed} onChange={onType} language={language} mode="text" label={help.searchLabel} maxLength={40} />
    </div>
  );
}

/** One question with its answer; takes the focus, so that whoever hears the page hears it. */
export function Answer({ question: { question, answer } }: { readonly question: Question }) {
  const { language } = useVisit();
  return (
    <article className="help-answer">
      <h3 className="help-answer__question" tabIndex={-1} ref={takeFocus}>
        {question[language]}
      </h3>
      {answer[language].split('\n').map((paragraph) => (
        <p key={paragraph}>{paragraph}</p>
      ))}
    </article>
  );
}

function takeFocus(heading: HTMLHeadingElement | null): void {
  heading?.focus({ preventScroll: true });
}
