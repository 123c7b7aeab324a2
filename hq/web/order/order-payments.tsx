import { formatMoney, isZero } from '../../../domain/money.ts';
import type { OrderInFull } from '../../contract/console.ts';
import { formatDuration } from '../i18n/times.ts';
import { useLanguage, useTexts } from '../i18n/use-texts.tsx';
import { AttemptBadge } from '../ui/state-badges.tsx';
import { Time } from '../ui/time.tsx';
import { cardFacts } from './card-facts.ts';
import { Facts, Section } from './section.tsx';

export function OrderPayments({ order: { row, attempts } }: { readonly order: OrderInFull }) {
  const texts = useTexts();
  const { language } = useLanguage();
  return (
    <Section title={texts.payments}>
      {attempts.length === 0 && <p className="none">{isZero(row.total) ? texts.nothingDue : texts.noPayments}</p>}
      <ol className="cards">
        {attempts.map(({ attemptId, amount, state, card, resultCode, startedAt, stateAt }) => (
          <li key={attemptId} className="card">
            <div className="card-head">
              <AttemptBadge state={state} />
              <strong className="amount">{formatMoney(amount)}</strong>
              <span className="when"><Time at={startedAt} />{stateAt > startedAt && ` · ${formatDuration(stateAt - startedAt, language)}`}</span>
            </div>
            <Facts
              facts={[
                ...cardFacts(card, texts),
                [texts.resultCode, resultCode],
              ]}
            />
          </li>
        ))}
      </ol>
    </Section>
  );
}
