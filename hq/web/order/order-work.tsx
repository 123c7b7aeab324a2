import { formatMoney } from '../../../domain/money.ts';
import { formatReference } from '../../../domain/order/reference.ts';
import type { OrderInFull } from '../../contract/console.ts';
import { useLanguage, useTexts } from '../i18n/use-texts.tsx';
import { JobBadge, PrintBadge, ServiceBadge } from '../ui/state-badges.tsx';
import { Time } from '../ui/time.tsx';
import { labelled } from './order-lines.tsx';
import { Facts, Section } from './section.tsx';

/** What was set going by the payment: printing, services asked of the carrier, goods taken from the shelf. */
export function OrderWork({ order: { lines, jobs, services, stockMoves } }: { readonly order: OrderInFull }) {
  const texts = useTexts();
  const { language } = useLanguage();
  const nameOf = (offerId: string) => lines.find((line) => line.offerId === offerId)?.name[language] ?? offerId;
  return (
    <>
      <Section title={texts.jobs}>
        {jobs.length === 0 && <p className="none">{texts.noJobs}</p>}
        <ul className="plain-list">
          {jobs.map(({ jobId, kind, state, stateAt }) => (
            <li key={jobId}>
              <span>{texts.jobKind[kind]}</span>
              {kind === 'print_receipt' || kind === 'print_copy' ? <PrintBadge state={state} /> : <JobBadge state={state} />}
              <Time at={stateAt} />
            </li>
          ))}
        </ul>
      </Section>
      {services.length > 0 && (
        <Section title={texts.services}>
          <ul className="cards">
            {services.map(({ jobId, offerId, quantity, amount, form, requestedAt, state, reference, number, settled }) => (
              <li key={jobId} className="card">
                <div className="card-head">
                  <strong>{nameOf(offerId)}{quantity > 1 && ` ×${quantity}`}</strong>
                  <strong className="amount">{formatMoney(amount)}</strong>
                  <span className="when"><Time at={requestedAt} /></span>
                </div>
                <p><ServiceBadge state={state} /></p>
                <Facts
                  facts={[
                    ...labelled({ fields: lines.find((line) => line.offerId === offerId)?.fields ?? [], form }, language),
                    [texts.applicationNumber, number === null ? null : formatReference(number)],
                    [texts.reference, reference],
                    [texts.kioskHasIt, settled && <Time key="settled" at={settled.at} />],
                  ]}
                />
              </li>
            ))}
          </ul>
        </Section>
      )}
      {stockMoves.length > 0 && (
        <Section title={texts.stock}>
          <ul className="plain-list">
            {stockMoves.map(({ offerId, change, left, reason, at }, index) => (
              <li key={index}>
                <span>{nameOf(offerId)}</span>
                <span className="change">{change > 0 ? `+${change}` : `−${-change}`} {reason in texts.stockReason ? texts.stockReason[reason as keyof typeof texts.stockReason] : reason}, {texts.left(left)}</span>
                <Time at={at} />
              </li>
            ))}
          </ul>
        </Section>
      )}
    </>
  );
}
