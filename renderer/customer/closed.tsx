import { tagOf, wordsOf } from '../i18n/language.ts';
import { languages } from '../../domain/language.ts';
import { Drawing } from '../ui/picture.tsx';
import './closed.css';
import { Title } from './page.tsx';

/** While nobody can order: kind words in both languages, and never a code. */
export function Closed({ kind }: { readonly kind: 'starting' | 'outOfService' }) {
  return (
    <main className="closed">
      <span className="closed__picture">
        <Drawing name={kind === 'starting' ? 'teapot' : 'tea'} />
      </span>
      {languages.map((language, index) => {
        const { title, text } = wordsOf[language][kind];
        return (
          <section key={language} lang={tagOf[language]} className="closed__words" role="status">
            {index === 0 ? <Title>{title}</Title> : <h2 className="closed__second">{title}</h2>}
            <p>{text}</p>
          </section>
        );
      })}
    </main>
  );
}
