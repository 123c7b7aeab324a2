import { quantityOf } from '../../domain/cart/cart.ts';
import type { Offer } from '../../domain/catalogue/catalogue.ts';
import { money } from '../../domain/money.ts';
import { hasRoomFor, isPlain, mostOf, newLine, stockOf } from '../state/draft.ts';
import { Button } from '../ui/button.tsx';
import { classNames } from '../ui/class-names.ts';
import { PlusIcon } from '../ui/icons.tsx';
import { Picture } from '../ui/picture.tsx';
import { useShop } from './kiosk-context.tsx';
import './offer-card.css';
import { PriceTag } from './price-tag.tsx';

const fewLeft = 5;

export function OfferCard({ offer }: { readonly offer: Offer }) {
  const { visit, words, language, shopfront, dispatch } = useShop();
  const name = offer.name[language];
  const stock = stockOf(shopfront, offer);
  const soldOut = stock !== undefined && stock <= 0;
  const chosen = quantityOf(visit.cart, offer.id);
  return (
    <li className={classNames('offer-card', soldOut && 'offer-card--sold-out', chosen > 0 && 'offer-card--chosen')}>
      <button type="button" className="offer-card__open" disabled={soldOut} onClick={() => dispatch({ kind: 'offer_opened', offerId: offer.id })}>
        <span className="offer-card__picture">
          <Picture picture={offer.picture} language={language} />
        </span>
        <span className="offer-card__name">{name}</span>
        <span className="offer-card__text">{offer.description[language]}</span>
        <span className="offer-card__price">
          <PriceTag value={money(offer.price, shopfront.catalogue.currency)} />
        </span>
        {soldOut ? <span className="offer-card__flag">{words.offers.soldOut}</span> : null}
        {!soldOut && stock !== undefined && stock <= fewLeft ? <span className="offer-card__flag offer-card__flag--few">{words.offers.left(stock)}</span> : null}
      </button>
      {chosen > 0 ? (
        <span className="offer-card__chosen" aria-label={words.offers.inCart(chosen)} role="img">
          {chosen}
        </span>
      ) : null}
      {isPlain(offer) && !soldOut ? (
        <Button
          look="round"
          className="offer-card__add"
          label={words.offers.addOne(name)}
          disabled={mostOf(shopfront, visit.cart, offer, '') === 0 || !hasRoomFor(visit.cart, newLine(offer, ''))}
          onPress={() => dispatch({ kind: 'offer_added', offerId: offer.id })}
        >
          <PlusIcon />
        </Button>
      ) : null}
    </li>
  );
}
