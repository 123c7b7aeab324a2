import { useState } from 'react';
import type { CartLine as Wish } from '../../domain/cart/cart.ts';
import { askedFields } from '../../domain/catalogue/form.ts';
import type { Choice } from '../../domain/catalogue/offer.ts';
import { fieldsOf } from '../../domain/catalogue/offer.ts';
import { formatMoney, isZero, multiply } from '../../domain/money.ts';
import type { PricedLine } from '../../domain/pricing/pricing.ts';
import type { RuleFacts } from '../../domain/rules/facts.ts';
import { standingTrouble } from '../../domain/rules/offer.ts';
import { formatPhone, isPlain, mostOf } from '../state/draft.ts';
import { Button } from '../ui/button.tsx';
import { BinIcon, NoticeIcon, PencilIcon } from '../ui/icons.tsx';
import { Picture } from '../ui/picture.tsx';
import { Stepper } from '../ui/stepper.tsx';
import { useShop } from './kiosk-context.tsx';
import { PriceTag } from './price-tag.tsx';
import { TagIcon } from './shop-icons.tsx';

export interface CartLineProps {
  readonly line: PricedLine;
  /** The same line as it stands in the cart. */
  readonly own: Wish;
  readonly facts: RuleFacts;
  readonly onRemoved: () => void;
}

/** One line of the cart, and all that can be done with it. What was filled in by hand goes only after a question. */
export function CartLine({ line, own, facts, onRemoved }: CartLineProps) {
  const { visit, words, language, shopfront, dispatch } = useShop();
  const [isAsking, setAsking] = useState(false);
  const { offer, lineId, quantity } = line;
  const name = offer.name[language];
  const trouble = standingTrouble(facts, offer);
  const most = mostOf(shopfront, visit.cart, offer, lineId);
  const set = (next: number) => dispatch({ kind: 'line_quantity_set', lineId, quantity: next });
  const remove = () => {
    set(0);
    onRemoved();
  };
  const phone = askedFields(fieldsOf(offer), own.form).find(({ kind, id }) => kind === 'phone' && own.form[id]);
  const { cart } = words.shop;
  return (
    <li className="cart-line">
      <span className="cart-line__picture">
        <Picture picture={offer.picture} language={language} />
      </span>
      <div className="cart-line__words">
        <h2 className="cart-line__name">{name}</h2>
        {line.choices.length > 0 ? <p>{counted(line.choices).map(({ choice, count }) => `${choice.name[language]}${count > 1 ? ` ×${count}` : ''}`).join(' · ')}</p> : null}
        {phone ? <p className="cart-line__phone">{formatPhone(own.form[phone.id] ?? '')}</p> : null}
        {quantity > 1 ? <p>{words.common.each(formatMoney(line.unitPrice))}</p> : null}
        {isZero(line.discount) ? null : (
          <p className="cart-line__off">
            <TagIcon />
            {cart.off(line.promotion?.[language], formatMoney(line.discount))}
          </p>
        )}
        {trouble ? (
          <p className="cart-line__trouble">
            <NoticeIcon />
            <span>{trouble.text[language]}</span>
          </p>
        ) : null}
      </div>
      <p className="cart-line__price">
        <PriceTag value={line.total} />
        {isZero(line.discount) ? null : (
          <span className="cart-line__before">
            {words.shop.card.before} <s>{formatMoney(multiply(line.unitPrice, quantity))}</s>
          </span>
        )}
      </p>
      {isAsking ? (
        <div className="cart-line__tools cart-line__ask" role="group" aria-label={cart.ask(name)}>
          <p>{cart.ask(name)}</p>
          <Button label={`${cart.keep} ${name}`} onPress={() => setAsking(false)} ref={takeFocus}>
            {cart.keep}
          </Button>
          <Button label={words.cart.remove(name)} onPress={remove}>
            <BinIcon />
            {cart.remove}
          </Button>
        </div>
      ) : (
        <div className="cart-line__tools">
          <Button look="quiet" label={words.cart.remove(name)} onPress={() => (isPlain(offer) ? remove() : setAsking(true))}>
            <BinIcon />
          </Button>
          {isPlain(offer) ? null : (
            <Button look="quiet" label={words.cart.change(name)} onPress={() => dispatch({ kind: 'line_opened', lineId })}>
              <PencilIcon />
            </Button>
          )}
          {offer.maxPerOrder > 1 ? (
            <span className="cart-line__count">
              {quantity >= most && !trouble ? <span className="cart-line__most">{cart.most(most)}</span> : null}
              <Stepper
                label={`${name} ${words.offer.quantity}`}
                value={quantity}
                least={1}
                most={most}
                fewer={words.cart.fewer(name)}
                more={words.cart.more(name)}
                onChange={set}
              />
            </span>
          ) : null}
        </div>
      )}
    </li>
  );
}

function takeFocus(button: HTMLButtonElement | null): void {
  button?.focus({ preventScroll: true });
}

/** What was taken several times is said once, with its number. */
function counted(choices: readonly Choice[]): readonly { readonly choice: Choice; readonly count: number }[] {
  return [...Map.groupBy(choices, ({ id }) => id).values()].map((same) => ({ choice: same[0]!, count: same.length }));
}
