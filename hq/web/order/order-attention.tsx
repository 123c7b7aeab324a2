import { decisionsFor } from '../../../domain/attention/attention.ts';
import { isRefundUnheard } from '../../../domain/attention/unheard.ts';
import { formatMoney } from '../../../domain/money.ts';
import type { OrderAttention, OrderInFull } from '../../contract/console.ts';
import { formatFullTime } from '../i18n/times.ts';
import { useLanguage, useTexts } from '../i18n/use-texts.tsx';
import { Icon } from '../ui/icon.tsx';
import { Time } from '../ui/time.tsx';
import { cardFacts, cardInOneLine } from './card-facts.ts';
import { Facts, Section } from './section.tsx';

/** What settles it at the kiosk. The same in every language. */
const settleCommand = 'npm run device -- attention --data=FOLDER';

/** What a person has to decide, before all else that there is to know of the order. */
export function OpenAttention({ order }: { readonly order: OrderInFull }) {
  const texts = useTexts();
  const open = order.attention.filter(({ settled }) => settled === null);
  if (open.length === 0) return null;
  return (
    <Section title={texts.openAttention}>
      <ul className="cards">
        {open.map((attention) => <OpenCard key={attention.attentionId} attention={attention} order={order} />)}
      </ul>
      <p className="none settle">{texts.howToSettle} <code>{settleCommand}</code></p>
    </Section>
  );
}

function OpenCard({ attention, order }: { readonly attention: OrderAttention; readonly order: OrderInFull }) {
  const texts = useTexts();
  const { language } = useLanguage();
  const { kind, amount, startedAt, card, lastCard, detail, raisedAt } = attention;
  const { question, text } = isRefundUnheard({ kind, detail: detail ?? '' }) ? texts.attentionUnheard : texts.attention[kind];
  return (
    <li className="card deciding">
      <div className="card-head">
        <Icon name="person" />
        <strong>{question}</strong>
        {amount && <strong className="amount">{formatMoney(amount)}</strong>}
      </div>
      <p>{text}</p>
      <Facts
        facts={[
          [texts.choices, <ul key="choices">{decisionsFor[kind].map((decision) => <li key={decision}>{texts.decision[decision]}</li>)}</ul>],
          [texts.about, nameOfJob(attention, order, texts.jobKind)],
          [texts.number, order.row.number],
          [texts.boughtAt, startedAt === null ? null : formatFullTime(startedAt, language)],
          ...cardFacts(card, texts),
          [texts.terminalsLast, cardInOneLine(lastCard, texts)],
          [texts.since, raisedAt === null ? null : formatFullTime(raisedAt, language)],
          [texts.why, detail],
        ]}
      />
    </li>
  );
}

/** What was decided stays to be read, also where the kiosk closed it because the money came back after all. */
export function SettledAttention({ order }: { readonly order: OrderInFull }) {
  const texts = useTexts();
  const settled = order.attention.flatMap((attention) => (attention.settled ? [{ ...attention, settled: attention.settled }] : []));
  if (settled.length === 0) return null;
  return (
    <Section title={texts.settledAttention}>
      <ul className="plain-list">
        {settled.map(({ attentionId, kind, settled: { decision, at } }) => (
          <li key={attentionId}>
            <span>{texts.attention[kind].question}</span>
            <span>{texts.decision[decision]}</span>
            <Time at={at} />
          </li>
        ))}
      </ul>
    </Section>
  );
}

/** Nothing where HQ does not have the job: a terminal's slip is none of the order's own. */
function nameOfJob({ jobId }: OrderAttention, { jobs }: OrderInFull, names: Readonly<Record<OrderInFull['jobs'][number]['kind'], string>>): string {
  const job = jobs.find((candidate) => candidate.jobId === jobId);
  return job ? names[job.kind] : '';
}
