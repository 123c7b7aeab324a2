import { formatMoney } from '../../domain/money.ts';
import type { PricedLine } from '../../domain/pricing/pricing.ts';
import { priceCart } from '../../domain/pricing/pricing.ts';
import { formatPhone, isPlain, mostOf } from '../state/draft.ts';
import { Button } from '../ui/button.tsx';
import { BinIcon, PencilIcon } from '../ui/icons.tsx';
import { Drawing, Picture } from '../ui/picture.tsx';
import { Stepper } from '../ui/stepper.tsx';
import { ActionBar } from './action-bar.tsx';
import './cart.css';
import { CheckoutButton } from './checkout-button.tsx';
import { useShop } from './kiosk-context.tsx';
import { Page } from './page.tsx';
import { PriceTag } from './price-tag.tsx';
import { TotalBar } from './total-bar.tsx';

export function CartScreen() {
  const { visit, words, shopfront, dispatch } = useShop();
  const priced = priceCart(shopfront.catalogue, visit.cart);
  return (
    <Page
      name="cart"
      title={words.cart.title}
      cart={priced.lines.length > 0 ? <TotalBar priced={priced} /> : undefined}
      actions={
        <ActionBar back={{ label: words.cart.keepShopping, onPress: () => dispatch({ kind: 'back' }) }}>
          <CheckoutButton />
        </ActionBar>
      }
    >
      {priced.lines.length === 0 ? (
        <div className="cart-empty">
          <Drawing name="shopping-bags" />
          <h2>{words.cart.empty}</h2>
          <p>{words.cart.emptyText}</p>
        </div>
      ) : (
        <ul className="cart scrolls">
          {priced.lines.map((line) => (
            <CartLineRow key={line.lineId} line={line} />
          ))}
        </ul>
      )}
    </Page>
  );
}

function CartLineRow({ line }: { readonly line: PricedLine }) {
  const { visit, words, language, shopfront, dispatch } = useShop();
  const { offer, lineId, quantity } = line;
  const name = offer.name[language];
  const set = (next: number) => dispatch({ kind: 'line_quantity_set', lineId, quantity: next });
  return (
    <li className="cart-line">
      <span className="cart-line__picture">
        <Picture picture={offer.picture} language={language} />
      </span>
      <div className="cart-line__words">
        <h2 className="cart-line__name">{name}</h2>
        {line.choices.length > 0 ? <p>{line.choices.map((choice) => choice.name[language]).join(' · ')}</p> : null}
        {line.form.phone ? <p className="cart-line__phone">{formatPhone(line.form.phone)}</p> : null}
        {quantity > 1 ? <p>{words.common.each(formatMoney(line.unitPrice))}</p> : null}
      </div>
      <span className="cart-line__price">
        <PriceTag value={line.total} />
      </span>
      <div className="cart-line__tools">
        <Button look="quiet" label={words.cart.remove(name)} onPress={() => set(0)}>
          <BinIcon />
        </Button>
        {isPlain(offer) ? null : (
          <Button look="quiet" label={words.cart.change(name)} onPress={() => dispatch({ kind: 'line_opened', lineId })}>
            <PencilIcon />
          </Button>
        )}
        {offer.maxPerOrder > 1 ? (
          <Stepper
            label={`${name} ${words.offer.quantity}`}
            value={quantity}
            least={1}
            most={mostOf(shopfront, visit.cart, offer, lineId)}
            fewer={words.cart.fewer(name)}
            more={words.cart.more(name)}
            onChange={set}
          />
        ) : null}
      </div>
    </li>
  );
}
