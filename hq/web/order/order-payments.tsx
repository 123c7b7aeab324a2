import { formatMoney, isZero } from '../../../domain/money.ts';
import type { OrderInFull } from '../../contract/console.ts';
import { ordersTexts } from '../i18n/areas/orders.ts';
import { formatDuration, formatFullTime } from '../i18n/times.ts';
import { useAreaTexts, useLanguage, useTexts } from '../i18n/use-texts.tsx';
import { Badge } from '../ui/badge.tsx';
import { AttemptBadge } from '../ui/state-badges.tsx';
import { Time } from '../ui/time.tsx';
import { cardFacts } from './card-facts.ts';
import { Facts, Section } from './section.tsx';

const partTones = { asked: 'warn', done: 'good', refused: 'bad' } as const;

export function OrderPayments({ order: { row, attempts, refunds } }: { readonly order: OrderInFull }) {
  const texts = useTexts();
  const words = useAreaTexts(ordersTexts);
  const { language } = useLanguage();
  return (
    <Section title={texts.payments}>
      {attempts.length === 0 && <p className="none">{isZero(row.total) ? texts.nothingDue : texts.noPayments}</p>}
      <ol className="cards">
        {attempts.map(({ attemptId, amount, state, tender, mode, wallet, card, resultCode, startedAt, stateAt }) => (
          <li key={attemptId} className="card">
            <div className="card-head">
              <AttemptBadge state={state} />
              <strong className="amount">{formatMoney(amount)}</strong>
              <span className="when"><Time at={startedAt} />{stateAt > startedAt && ` · ${formatDuration(stateAt - startedAt, language)}`}</span>
            </div>
            <Facts
              facts={[
                [words.tender, tender !== 'card' && [words.tenders[tender], mode && words.modes[mode]].filter(Boolean).join(' · ')],
                [words.transaction, wallet?.transactionId], [words.paidAt, wallet?.paidAt !== undefined && formatFullTime(wallet.paidAt, language)],
                ...cardFacts(card, texts),
                [texts.resultCode, resultCode && (words.reasons[resultCode] ?? resultCode)],
              ]}
            />
          </li>
        ))}
      </ol>
      {refunds.length > 0 && (
        <>
          <h4>{words.parts}</h4>
          <ol className="cards">
            {refunds.map(({ refundId, amount, way, state, reason, by, detail, askedAt }) => (
              <li key={refundId} className="card">
                <div className="card-head">
                  <Badge tone={partTones[state]}>{words.partState[state]}</Badge>
                  <strong className="amount">{formatMoney(amount)}</strong>
                  <span className="when"><Time at={askedAt} /></span>
                </div>
                <Facts facts={[[words.partBy, words.partWay[way]], [words.reason, reason], [words.askedBy, by ?? words.byItself], [words.answer, detail]]} />
              </li>
            ))}
          </ol>
        </>
      )}
    </Section>
  );
}
