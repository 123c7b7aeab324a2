import type { OptionGroup as Group, Offer } from '../../domain/catalogue/offer.ts';
import { formatMoney, isZero, money } from '../../domain/money.ts';
import { priceLine } from '../../domain/pricing/pricing.ts';
import { mostOf, stockOf } from '../state/draft.ts';
import type { Draft } from '../state/model.ts';
import { Picture } from '../ui/picture.tsx';
import { Stepper } from '../ui/stepper.tsx';
import { useKiosk, useShop } from './kiosk-context.tsx';
import './offer-part.css';
import { OptionGroup } from './option-group.tsx';
import { PriceTag } from './price-tag.tsx';

const few = 5;

/** What it is, what it costs, how many, and its plain options. */
export function OfferPart({ offer, draft, groups }: { readonly offer: Offer; readonly draft: Draft; readonly groups: readonly Group[] }) {
  const { visit, words, language, shopfront, dispatch } = useShop();
  const { model } = useKiosk();
  const { line, tried } = draft;
  const { currency } = shopfront.catalogue;
  const most = mostOf(shopfront, visit.cart, offer, line.id);
  const stock = stockOf(shopfront, offer);
  const priced = model.moment ? priceLine(shopfront.catalogue, offer, line, model.moment, visit.cart.dining) : undefined;
  return (
    <div className={groups.length > 0 ? 'offer-page offer-page--choices' : 'offer-page'}>
      <div className={groups.length > 0 ? 'offer-part offer-part--brief' : 'offer-part'}>
        <span className="offer-part__picture">
          <Picture picture={offer.picture} language={language} />
        </span>
        <div className="offer-part__words">
          <p className="offer-part__text">{offer.description[language]}</p>
          {stock !== undefined && stock > 0 && stock <= few ? <p className="offer-part__mark">{words.offers.left(stock)}</p> : null}
          {offer.minAge === undefined ? null : <p className="offer-part__mark">{words.details.age(offer.minAge)}</p>}
          <p className="offer-part__price">
            <PriceTag value={money(offer.price, currency)} />
          </p>
          {offer.quantityPrices?.map(({ from, price }) => (
            <p key={from} className="offer-part__deal">
              {words.details.from(from, formatMoney(money(price, currency)))}
            </p>
          ))}
          {priced?.promotion && !isZero(priced.discount) ? <p className="offer-part__deal">{`${priced.promotion[language]} −${formatMoney(priced.discount)}`}</p> : null}
          <div className="offer-part__quantity">
            {most > 1 ? (
              <Stepper
                label={words.offer.quantity}
                value={line.quantity}
                least={1}
                most={most}
                fewer={words.cart.fewer(offer.name[language])}
                more={words.cart.more(offer.name[language])}
                onChange={(quantity) => dispatch({ kind: 'quantity_set', quantity })}
              />
            ) : most === 1 ? (
              <p className="offer-part__most">{words.offer.most(most)}</p>
            ) : null}
          </div>
        </div>
      </div>
      {groups.length > 0 ? (
        <div className="offer-page__groups">
          {groups.map((group) => (
            <OptionGroup key={group.id} group={group} chosen={line.choices[group.id] ?? []} tried={tried} />
          ))}
        </div>
      ) : null}
    </div>
  );
}
