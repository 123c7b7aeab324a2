import { memo, useCallback, useId, useMemo } from 'react';
import type { Offer } from '../../domain/catalogue/offer.ts';
import { formatMoney, isZero } from '../../domain/money.ts';
import type { RuleFacts } from '../../domain/rules/facts.ts';
import { isPlain } from '../state/draft.ts';
import type { Model } from '../state/model.ts';
import { Button } from '../ui/button.tsx';
import { classNames } from '../ui/class-names.ts';
import { NextIcon, NoticeIcon, PlusIcon } from '../ui/icons.tsx';
import { Money } from '../ui/money.tsx';
import { Picture } from '../ui/picture.tsx';
import { Tile } from '../ui/tile.tsx';
import type { CardView } from './card-view.ts';
import { cardInCart, cardView } from './card-view.ts';
import { useDispatch, useSelect, useWords } from './kiosk-context.tsx';
import './offer-card.css';
import { PersonIcon, TagIcon, VanIcon } from './shop-icons.tsx';

export interface OfferCardProps {
  readonly offer: Offer;
  readonly facts: RuleFacts;
  /** Its place in the whole list, from 1, of which only a part is on the page. */
  readonly position: number;
  readonly of: number;
  readonly look: 'card' | 'row';
}

/** Rendered again only for what changes on it: its own number in the cart, the shop's facts, the language. */
export const OfferCard = memo(function OfferCard({ offer, facts, position, of, look }: OfferCardProps) {
  const { language, words } = useWords();
  const dispatch = useDispatch();
  const id = useId();
  const view = useMemo(() => cardView(facts, offer), [facts, offer]);
  const { chosen, hasRoom } = useSelect(useCallback((model: Model) => cardInCart(model, offer), [offer]));
  const { trouble } = view;
  const name = offer.name[language];
  const price = isZero(view.price) ? words.common.free : formatMoney(view.price);
  const canAdd = isPlain(offer) && !trouble;
  // The name is text and no label of its own: it says all that is seen, in one sentence.
  const content = (
    <>
      <span className="unseen">{labelOf()}</span>
      <span className="offer-card__seen" aria-hidden="true">
        <span className="offer-card__picture">
          <Picture picture={offer.picture} language={language} />
        </span>
        <span className="offer-card__words">
          <span className="offer-card__name">{name}</span>
          {trouble ? (
            <span className="offer-card__trouble">
              <NoticeIcon />
              <span>{trouble.text[language]}</span>
            </span>
          ) : (
            <span className="offer-card__text">{offer.description[language]}</span>
          )}
          <Badges offer={offer} view={view} />
        </span>
        <span className="offer-card__price">
          <Price view={view} />
        </span>
        {canAdd || trouble ? null : (
          <span className="offer-card__more">
            <NextIcon />
          </span>
        )}
        {trouble?.code === 'sold_out' ? <span className="offer-card__flag">{words.offers.soldOut}</span> : null}
        {view.left !== undefined && !trouble ? <span className="offer-card__flag offer-card__flag--few">{words.offers.left(view.left)}</span> : null}
      </span>
    </>
  );
  return (
    <div role="listitem" aria-setsize={of} aria-posinset={position} className={classNames('offer-card', `offer-card--${look}`, trouble && 'offer-card--trouble', chosen > 0 && 'offer-card--chosen', canAdd && 'offer-card--plain')}>
      {trouble ? (
        // Not `disabled`: whoever goes by keys has to be able to stop here, and to hear why.
        <button type="button" className="tile offer-card__open" aria-disabled="true">
          {content}
        </button>
      ) : (
        <Tile className="offer-card__open" onPress={() => dispatch({ kind: 'offer_opened', offerId: offer.id })}>
          {content}
        </Tile>
      )}
      {chosen > 0 ? (
        <span className="offer-card__chosen" aria-hidden="true" key={chosen}>
          {chosen}
        </span>
      ) : null}
      {canAdd ? (
        // Stays pressable when the cart is full of it, so that the focus is not lost; its name says so.
        <Button
          look="round"
          className={classNames('offer-card__add', !hasRoom && 'offer-card__add--most')}
          label={hasRoom ? words.shop.card.addOne(name, price) : words.shop.card.atMost(name)}
          describedBy={chosen > 0 ? id : undefined}
          onPress={() => (hasRoom ? dispatch({ kind: 'offer_added', offerId: offer.id }) : undefined)}
        >
          <PlusIcon />
        </Button>
      ) : null}
      {chosen > 0 ? (
        <span id={id} className="unseen" aria-hidden="true">
          {words.offers.inCart(chosen)}
        </span>
      ) : null}
    </div>
  );

  /** All that the card shows, as one sentence. */
  function labelOf(): string {
    const { card } = words.shop;
    return [
      name, view.isFrom && !isZero(view.price) ? card.from(price) : price, view.before && `${card.before} ${formatMoney(view.before)}`, view.promotion?.[language],
      view.quantityPrice && card.quantityPrice(view.quantityPrice.from, formatMoney(view.quantityPrice.price)),
      offer.minAge !== undefined && card.age(offer.minAge), offer.fulfilment.kind === 'delivery' && card.delivered,
      trouble ? trouble.text[language] : view.left !== undefined && words.offers.left(view.left), chosen > 0 && words.offers.inCart(chosen), !trouble && offer.description[language],
    ].filter(Boolean).join(card.beside);
  }
});

function Price({ view: { price, before, isFrom } }: { readonly view: CardView }) {
  const { language, words } = useWords();
  const { card } = words.shop;
  if (isZero(price)) return <span className="price-tag__free">{words.common.free}</span>;
  return (
    <>
      <span className="offer-card__now">
        {isFrom && language === 'en' ? <small>{card.fromShort}</small> : null}
        <Money value={price} />
        {isFrom && language === 'zh' ? <small>{card.fromShort}</small> : null}
      </span>
      {before ? (
        <span className="offer-card__before">
          {card.before} <s>{formatMoney(before)}</s>
        </span>
      ) : null}
    </>
  );
}

function Badges({ offer, view }: { readonly offer: Offer; readonly view: CardView }) {
  const { language, words } = useWords();
  const { card } = words.shop;
  const { promotion, quantityPrice } = view;
  const isDelivered = offer.fulfilment.kind === 'delivery';
  if (!promotion && !quantityPrice && offer.minAge === undefined && !isDelivered) return null;
  return (
    <span className="offer-card__badges">
      {promotion ? (
        <span className="badge badge--good">
          <TagIcon />
          {promotion[language]}
        </span>
      ) : null}
      {quantityPrice ? (
        <span className="badge badge--good">
          <TagIcon />
          {card.quantityPrice(quantityPrice.from, formatMoney(quantityPrice.price))}
        </span>
      ) : null}
      {offer.minAge === undefined ? null : (
        <span className="badge badge--warn">
          <PersonIcon />
          {card.age(offer.minAge)}
        </span>
      )}
      {isDelivered ? (
        <span className="badge">
          <VanIcon />
          {card.delivered}
        </span>
      ) : null}
    </span>
  );
}
