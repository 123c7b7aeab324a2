import { formatMoney, isZero } from '../../domain/money.ts';
import type { PricedCart } from '../../domain/pricing/pricing.ts';
import { lengthOf } from './amount-length.ts';
import { useVisit } from './kiosk-context.tsx';
import { PriceTag } from './price-tag.tsx';
import './total-bar.css';

/** What it all costs, with the tax inside it. */
export function TotalBar({ priced }: { readonly priced: PricedCart }) {
  const { words } = useVisit();
  const count = priced.lines.reduce((sum, line) => sum + line.quantity, 0);
  const taxes = priced.taxes.filter(({ tax }) => !isZero(tax));
  return (
    <section className="total-bar" aria-label={words.common.total}>
      <div className="total-bar__words">
        <p className="total-bar__label">
          {words.common.total} <small>{words.cart.count(count)}</small>
        </p>
        {isZero(priced.total) ? <p className="total-bar__tax">{words.checkout.noTax}</p> : null}
        {taxes.map(({ basisPoints, included, tax }) => (
          <p key={`${basisPoints} ${included}`} className="total-bar__tax">
            {(included ? words.checkout.taxIncluded : words.frame.taxAdded)(`${basisPoints / 100}%`, formatMoney(tax))}
          </p>
        ))}
      </div>
      <p className="total-bar__amount" style={lengthOf(priced.total)}>
        <PriceTag value={priced.total} />
      </p>
    </section>
  );
}
