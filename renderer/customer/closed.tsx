import { tagOf, wordsOf } from '../i18n/language.ts';
import type { Bilingual } from '../../domain/language.ts';
import { languages } from '../../domain/language.ts';
import { Drawing } from '../ui/picture.tsx';
import './closed.css';
import { Title } from './page.tsx';

export interface ClosedProps {
  readonly kind: 'starting' | 'outOfService' | 'paused';
  /** What the shop has to say about it, in its own words. */
  readonly notice?: Bilingual | undefined;
}

const drawings = { starting: 'teapot', outOfService: 'tea', paused: 'coffee' } as const;

/** While nobody can order: kind words in both languages, and never a code. */
export function Closed({ kind, notice }: ClosedProps) {
  return (
    <main className="closed">
      <span className="closed__picture">
        <Drawing name={drawings[kind]} />
      </span>
      {languages.map((language, index) => {
        const { title, text } = wordsOf[language][kind];
        return (
          <section key={language} lang={tagOf[language]} className="closed__words" role="status">
            {index === 0 ? <Title>{title}</Title> : <h2 className="closed__second">{title}</h2>}
            {notice ? <p className="closed__notice">{notice[language]}</p> : null}
            <p>{text}</p>
          </section>
        );
      })}
    </main>
  );
}
