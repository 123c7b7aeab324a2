import type { Terms } from '../../domain/catalogue/offer.ts';
import type { NumberView } from '../../domain/contract/number.ts';
import { formatMoney, money } from '../../domain/money.ts';
import { Money } from '../ui/money.tsx';
import { NextIcon } from '../ui/icons.tsx';
import { useShop } from './kiosk-context.tsx';
import './terms-part.css';

export interface TermsPartProps {
  readonly terms: Terms;
  /** The plan that the number has, where the carrier has said so: it takes the place of the usual one. */
  readonly now?: Extract<NumberView, { kind: 'found' }>['plan'] | undefined;
}

/** What is given up and what comes in its place, side by side. The difference is said in words, not by colour. */
export function TermsPart({ terms, now }: TermsPartProps) {
  const { words, language, shopfront } = useShop();
  const { currency } = shopfront.catalogue;
  const { after, per } = terms;
  const before = now?.price ? { name: now.name, price: now.price.amount } : terms.before;
  const rate = per === 'month' ? words.details.terms.perMonth : words.details.terms.once;
  const difference = after.price - before.price;
  const amount = `${formatMoney(money(Math.abs(difference), currency))} ${rate}`;
  const side = (label: string, { name, price }: Terms['before'], isNew: boolean) => (
    <section className={isNew ? 'terms__side terms__side--new' : 'terms__side'}>
      <h3 className="terms__label">{label}</h3>
      <p className="terms__name">{name[language]}</p>
      <p className="terms__price">
        <Money value={money(price, currency)} />
        <span className="terms__rate">{rate}</span>
      </p>
    </section>
  );
  return (
    <div className="terms">
      <div className="terms__sides">
        {side(words.details.terms.before, before, false)}
        <p className="terms__arrow">
          <NextIcon />
          <span>{words.details.terms.becomes}</span>
        </p>
        {side(words.details.terms.after, after, true)}
      </div>
      <p className="terms__difference">
        {difference === 0 ? words.details.terms.same : difference > 0 ? words.details.terms.dearer(amount) : words.details.terms.cheaper(amount)}
      </p>
    </div>
  );
}
