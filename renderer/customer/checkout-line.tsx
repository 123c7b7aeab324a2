import type { Choice } from '../../domain/catalogue/offer.ts';
import { formatMoney, isZero, multiply } from '../../domain/money.ts';
import type { PricedLine } from '../../domain/pricing/pricing.ts';
import { Button } from '../ui/button.tsx';
import { PencilIcon } from '../ui/icons.tsx';
import { Picture } from '../ui/picture.tsx';
import { CheckoutDetails } from './checkout-details.tsx';
import { useShop } from './kiosk-context.tsx';
import { PriceTag } from './price-tag.tsx';

/** One line as it will be ordered, with what was filled in for it, and the way to change it. */
export function CheckoutLine({ line, changeable }: { readonly line: PricedLine; readonly changeable: boolean }) {
  const { words, language, dispatch } = useShop();
  const { review } = words.finish;
  const name = line.offer.name[language];
  return (
    <li className="checkout-line">
      <span className="checkout-line__picture">
        <Picture picture={line.offer.picture} language={language} />
      </span>
      <div className="checkout-line__words">
        <h2 className="checkout-line__name">
          {name}
          {line.quantity > 1 ? <span className="checkout-line__times">{` ×${line.quantity}`}</span> : null}
        </h2>
        {line.choices.length > 0 ? <p className="checkout-line__choices">{counted(line.choices).map(({ choice, count }) => `${choice.name[language]}${count > 1 ? ` ×${count}` : ''}`).join(' · ')}</p> : null}
        {isZero(line.discount) ? null : <p className="checkout-line__off">{review.off(line.promotion?.[language], formatMoney(line.discount))}</p>}
      </div>
      <p className="checkout-line__price">
        <PriceTag value={line.total} />
        {isZero(line.discount) ? null : <s className="checkout-line__list">{formatMoney(multiply(line.unitPrice, line.quantity))}</s>}
      </p>
      <CheckoutDetails offer={line.offer} form={line.form} />
      <Button look="quiet" className="checkout-line__change" label={review.change(name)} disabled={!changeable} onPress={() => dispatch({ kind: 'line_opened', lineId: line.lineId })}>
        <PencilIcon />
        {review.changeShort}
      </Button>
    </li>
  );
}

/** What was taken several times is said once, with its number. */
function counted(choices: readonly Choice[]): readonly { readonly choice: Choice; readonly count: number }[] {
  return [...Map.groupBy(choices, ({ id }) => id).values()].map((same) => ({ choice: same[0]!, count: same.length }));
}
