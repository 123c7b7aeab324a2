import type { Dining } from '../../domain/cart/cart.ts';
import type { PricedCart } from '../../domain/pricing/pricing.ts';
import { ChoiceGroup } from '../ui/choice-group.tsx';
import { useShop } from './kiosk-context.tsx';

/** Asked only where there is food, and where the shop offers both. */
export function CheckoutDining({ priced }: { readonly priced: PricedCart }) {
  const { visit, words, shopfront, dispatch } = useShop();
  const { dining } = words.finish.review;
  const { offered } = shopfront.dining;
  const food = priced.lines.filter(({ offer }) => offer.fulfilment.kind === 'food');
  if (food.length === 0 || offered.length < 2) return null;
  return (
    <section className="checkout-dining">
      <h2 className="checkout-dining__title">{dining.title}</h2>
      {food.some(({ offer }) => offer.takeAwayTax) ? <p className="checkout-dining__text">{dining.text}</p> : null}
      <ChoiceGroup<Dining>
        label={dining.title}
        value={visit.cart.dining}
        onChange={(chosen) => dispatch({ kind: 'dining_chosen', dining: chosen })}
        items={offered.map((id) => ({
          id,
          content: (
            <>
              {dining[id].title}
              <small>{dining[id].text}</small>
            </>
          ),
        }))}
      />
    </section>
  );
}
