import { formatMoney, isZero, money } from '../../../domain/money.ts';
import type { OrderInFull } from '../../contract/console.ts';
import { useLanguage, useTexts } from '../i18n/use-texts.tsx';
import { Section } from './section.tsx';

/** Both languages of each name: the customer may have read the other one. */
export function OrderLines({ order: { row, lines, taxes } }: { readonly order: OrderInFull }) {
  const texts = useTexts();
  const { language } = useLanguage();
  const other = language === 'zh' ? 'en' : 'zh';
  const amount = (minorUnits: number) => formatMoney(money(minorUnits, row.total.currency));
  return (
    <Section title={texts.lines}>
      <ul className="lines">
        {lines.map((line, index) => (
          <li key={index}>
            <span className="quantity">{line.quantity} ×</span>
            <span className="line-name">
              <strong>{line.name[language]}</strong>
              <span className="other" lang={other === 'zh' ? 'zh-CN' : 'en'}>{line.name[other]}</span>
              {line.choices.length > 0 && (
                <span className="choices">{line.choices.map((choice) => `${choice.name[language]}${choice.price ? ` +${amount(choice.price)}` : ''}`).join(' · ')}</span>
              )}
              {line.form.phone && <span className="choices">{texts.phone} {line.form.phone}</span>}
              {line.quantity > 1 && line.unitPrice > 0 && <span className="choices">{texts.each(amount(line.unitPrice))}</span>}
            </span>
            <span className="amount">{line.total === 0 ? texts.free : amount(line.total)}</span>
          </li>
        ))}
      </ul>
      <dl className="totals">
        <div className="sum">
          <dt>{texts.total}</dt>
          <dd>{isZero(row.total) ? texts.free : formatMoney(row.total)}</dd>
        </div>
        {taxes.filter(({ tax }) => tax !== 0).map(({ ratePerMille, tax }) => (
          <div key={ratePerMille}>
            <dt>{texts.ofWhichTax(`${ratePerMille / 10}%`)}</dt>
            <dd>{amount(tax)}</dd>
          </div>
        ))}
      </dl>
    </Section>
  );
}
