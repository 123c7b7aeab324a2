import { useMemo } from 'react';
import { itemCount } from '../../domain/cart/cart.ts';
import { formatMoney } from '../../domain/money.ts';
import { priceCart } from '../../domain/pricing/pricing.ts';
import type { Model } from '../state/model.ts';
import { BagIcon, NextIcon } from '../ui/icons.tsx';
import { Drawing, Picture } from '../ui/picture.tsx';
import { Tile } from '../ui/tile.tsx';
import { lengthOf } from './amount-length.ts';
import './cart-bar.css';
import { useDispatch, useSelect, useWords } from './kiosk-context.tsx';
import { MoreBelow } from './more-below.tsx';
import { PriceTag } from './price-tag.tsx';

function bought({ visit, shopfront, moment }: Model) {
  return { cart: visit?.cart, catalogue: shopfront?.catalogue, moment };
}

/** What has been chosen and what it costs, always in sight: a bar in portrait, a panel with the lines in landscape. */
export function CartBar() {
  const { language, words } = useWords();
  const dispatch = useDispatch();
  const { cart, catalogue, moment } = useSelect(bought);
  const priced = useMemo(() => (moment && cart && catalogue ? priceCart(catalogue, cart, moment) : undefined), [catalogue, cart, moment]);
  if (!priced || !cart) return null;
  const count = itemCount(cart);
  const pictured = priced.lines.slice(-4);
  return (
    <section className="cart-bar" aria-label={words.cart.title}>
      <h2 className="cart-bar__title">{words.cart.title}</h2>
      {count === 0 ? (
        <p className="cart-bar__nothing">
          <Drawing name="shopping-bags" />
          {words.cart.emptyText}
        </p>
      ) : null}
      <ol className="cart-bar__lines scrolls">
        {priced.lines.map((line) => (
          <li key={line.lineId} className="cart-bar__line">
            <span className="cart-bar__picture">
              <Picture picture={line.offer.picture} language={language} />
            </span>
            <span className="cart-bar__name">
              {line.offer.name[language]}
              {line.choices.length > 0 ? <small>{line.choices.map((choice) => choice.name[language]).join(' · ')}</small> : null}
            </span>
            <span className="cart-bar__times">{`×${line.quantity}`}</span>
            <PriceTag value={line.total} />
          </li>
        ))}
      </ol>
      <MoreBelow narrow />
      <Tile className="cart-bar__open" disabled={count === 0} label={count === 0 ? words.cart.empty : undefined} onPress={() => dispatch({ kind: 'cart_opened' })}>
        <span className="cart-bar__bag" key={count}>
          <BagIcon />
          {count > 0 ? <span className="cart-bar__count" aria-hidden="true">{count}</span> : null}
        </span>
        {count === 0 ? (
          <span className="cart-bar__empty">{words.cart.empty}</span>
        ) : (
          <>
            <span className="unseen">{words.cart.view(count, formatMoney(priced.total))}</span>
            <span className="cart-bar__pictures" aria-hidden="true">
              {pictured.map((line) => (
                <span key={line.lineId}>
                  <Picture picture={line.offer.picture} language={language} />
                </span>
              ))}
            </span>
            <span className="cart-bar__total" aria-hidden="true" style={lengthOf(priced.total)}>
              <small>{words.common.total}</small>
              <PriceTag value={priced.total} />
            </span>
            <NextIcon className="cart-bar__next" />
          </>
        )}
      </Tile>
    </section>
  );
}
