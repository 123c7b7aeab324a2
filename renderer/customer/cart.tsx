import { useRef } from 'react';
import { priceCart } from '../../domain/pricing/pricing.ts';
import { Drawing } from '../ui/picture.tsx';
import { ActionBar } from './action-bar.tsx';
import { CartLine } from './cart-line.tsx';
import './cart.css';
import { CheckoutButton } from './checkout-button.tsx';
import { CheckoutChanges } from './checkout-changes.tsx';
import { useFacts, useShop } from './kiosk-context.tsx';
import { MoreBelow } from './more-below.tsx';
import { Page } from './page.tsx';
import { TotalBar } from './total-bar.tsx';

export function CartScreen() {
  const { visit, words, dispatch } = useShop();
  const facts = useFacts();
  const list = useRef<HTMLUListElement>(null);
  if (!facts) return null;
  const { cart } = visit;
  const priced = priceCart(facts.catalogue, cart, facts.moment);
  const { lines } = priced;
  return (
    <Page
      name="cart"
      title={words.cart.title}
      cart={lines.length > 0 ? <TotalBar priced={priced} /> : undefined}
      actions={
        <ActionBar back={{ label: words.cart.keepShopping, onPress: () => dispatch({ kind: 'back' }) }}>
          <CheckoutButton />
        </ActionBar>
      }
    >
      <CheckoutChanges />
      {lines.length === 0 ? (
        <div className="cart-empty">
          <Drawing name="shopping-bags" />
          <h2>{words.cart.empty}</h2>
          <p>{words.cart.emptyText}</p>
        </div>
      ) : (
        <ul className="cart scrolls" aria-label={words.shop.cart.list} tabIndex={-1} ref={list}>
          {lines.map((line) => {
            const own = cart.lines.find(({ id }) => id === line.lineId);
            // A line that goes takes the focus with it: it stays with the list.
            return own ? <CartLine key={line.lineId} line={line} own={own} facts={facts} onRemoved={() => list.current?.focus({ preventScroll: true })} /> : null;
          })}
        </ul>
      )}
      {lines.length === 0 ? null : <MoreBelow />}
    </Page>
  );
}
