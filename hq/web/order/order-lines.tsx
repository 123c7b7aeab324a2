import type { Language } from '../../../domain/language.ts';
import { formatMoney, isZero, money } from '../../../domain/money.ts';
import type { OrderLine } from '../../../domain/order/order.ts';
import type { OrderInFull } from '../../contract/console.ts';
import { useLanguage, useTexts } from '../i18n/use-texts.tsx';
import { Section } from './section.tsx';

/** Both languages of each name: the customer may have read the other one. */
export function OrderLines({ order: { row, lines, taxes, dining } }: { readonly order: OrderInFull }) {
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
              {line.fulfilment.kind === 'delivery' && <span className="choices">{texts.delivered}</span>}
              {labelled(line, language).map(([label, value]) => <span key={label} className="choices">{label} {value}</span>)}
              {line.quantity > 1 && line.unitPrice > 0 && <span className="choices">{texts.each(amount(line.unitPrice))}</span>}
              {line.discount && <span className="choices">{line.discount.name?.[language] ?? texts.discount} −{amount(line.discount.amount)}</span>}
            </span>
            <span className="amount">{line.total === 0 ? texts.free : amount(line.total)}</span>
          </li>
        ))}
      </ul>
      {dining && <p className="dining">{texts.dining[dining]}</p>}
      <dl className="totals">
        <div className="sum">
          <dt>{texts.total}</dt>
          <dd>{isZero(row.total) ? texts.free : formatMoney(row.total)}</dd>
        </div>
        {taxes.filter(({ tax }) => tax !== 0).map(({ basisPoints, included, tax }) => (
          <div key={`${basisPoints} ${included}`}>
            <dt>{included ? texts.ofWhichTax(`${basisPoints / 100}%`) : texts.withTaxAdded(`${basisPoints / 100}%`)}</dt>
            <dd>{amount(tax)}</dd>
          </div>
        ))}
      </dl>
    </Section>
  );
}

/** What the customer filled in, masked, by the labels under which it was asked. */
export function labelled({ fields, form }: Pick<OrderLine, 'fields' | 'form'>, language: Language): readonly (readonly [string, string])[] {
  return fields.flatMap(({ id, label }) => {
    const value = form[id];
    return value ? [[label[language], value] as const] : [];
  });
}
