import { memo } from 'react';
import { maxCartLines } from '../../domain/cart/cart.ts';
import type { Business, Catalogue, Category } from '../../domain/catalogue/catalogue.ts';
import { businesses } from '../../domain/catalogue/catalogue.ts';
import type { Offer } from '../../domain/catalogue/offer.ts';
import { isWithin } from '../../domain/catalogue/window.ts';
import type { Model } from '../state/model.ts';
import { oncePer } from '../state/once-per.ts';
import { classNames } from '../ui/class-names.ts';
import { ClockIcon } from '../ui/icons.tsx';
import { Notice } from '../ui/notice.tsx';
import { Picture } from '../ui/picture.tsx';
import { Tile } from '../ui/tile.tsx';
import { ActionBar } from './action-bar.tsx';
import { CartBar } from './cart-bar.tsx';
import { CheckoutButton } from './checkout-button.tsx';
import { hoursText } from './hours.ts';
import { useDispatch, useFacts, useSelect, useWords } from './kiosk-context.tsx';
import { MoreBelow } from './more-below.tsx';
import { OfferGrid } from './offer-grid.tsx';
import './offers.css';
import { Page, Title } from './page.tsx';
import { SearchIcon } from './shop-icons.tsx';

const noOffers: readonly Offer[] = [];
const offersByCategory = oncePer(({ offers }: Catalogue): ReadonlyMap<string, readonly Offer[]> => Map.groupBy(offers, ({ categoryId }) => categoryId));

export const Offers = memo(function Offers({ categoryId }: { readonly categoryId: string }) {
  const { words, language } = useWords();
  const dispatch = useDispatch();
  const facts = useFacts();
  const isFull = useSelect(isCartFull);
  const catalogue = facts?.catalogue;
  const offers = (catalogue && offersByCategory(catalogue).get(categoryId)) ?? noOffers;
  const category = catalogue?.categories.find((candidate) => candidate.id === categoryId);
  if (!facts || !catalogue || !category) return null;
  const name = category.name[language];
  const { windows } = category;
  const isClosed = !isWithin(windows, facts.moment);
  const firstOf = (business: Business) => catalogue.categories.find((candidate) => candidate.business === business);
  return (
    <Page
      name="offers"
      cart={<CartBar />}
      actions={
        <ActionBar back={{ label: words.common.back, onPress: () => dispatch({ kind: 'back' }) }}>
          <CheckoutButton />
        </ActionBar>
      }
    >
      <div className="offers__top">
        <nav className="tabs" aria-label={words.offers.businesses}>
          {businesses.map((business) => {
            const first = firstOf(business);
            const isCurrent = business === category.business;
            return first ? (
              <Tile key={business} className="tabs__tab" current={isCurrent} onPress={() => (isCurrent ? undefined : dispatch({ kind: 'category_opened', categoryId: first.id }))}>
                {words.home.business[business]}
              </Tile>
            ) : null;
          })}
        </nav>
        <Tile className="offers__search" label={words.shop.search.openLabel} onPress={() => dispatch({ kind: 'search_opened' })}>
          <SearchIcon />
          <span className="offers__search-word">{words.shop.search.open}</span>
        </Tile>
      </div>
      <div className="offers">
        <div className="rail-frame">
          <nav className="rail scrolls" aria-label={words.offers.categories}>
            {catalogue.categories
              .filter((candidate) => candidate.business === category.business)
              .map((candidate) => (
                <RailCategory key={candidate.id} category={candidate} isCurrent={candidate.id === categoryId} isClosed={!isWithin(candidate.windows, facts.moment)} />
              ))}
          </nav>
          <MoreBelow narrow />
        </div>
        <div className="offers__list">
          <Title key={categoryId} className="offers__title">{name}</Title>
          {isFull ? <Notice tone="warn">{words.offers.cartFull(maxCartLines)}</Notice> : null}
          {isClosed && windows ? <Notice tone="wait">{words.shop.list.closedNow(name, hoursText(windows, words.shop))}</Notice> : null}
          {offers.length > 0 ? (
            <OfferGrid offers={offers} facts={facts} label={words.shop.list.offersOf(name, offers.length)} place={`category:${categoryId}`} look="card" />
          ) : (
            <p className="offers__empty">{words.shop.list.empty}</p>
          )}
        </div>
      </div>
    </Page>
  );
});

function RailCategory({ category, isCurrent, isClosed }: { readonly category: Category; readonly isCurrent: boolean; readonly isClosed: boolean }) {
  const { words, language } = useWords();
  const dispatch = useDispatch();
  const hours = isClosed && category.windows ? hoursText(category.windows, words.shop) : undefined;
  return (
    <Tile
      className={classNames('rail__category', isClosed && 'rail__category--closed')}
      current={isCurrent}
      onPress={() => dispatch({ kind: 'category_opened', categoryId: category.id })}
    >
      <span className="rail__picture">
        <Picture picture={category.picture} language={language} bare />
      </span>
      <span>{category.name[language]}</span>
      {hours === undefined ? null : (
        <span className="rail__hours">
          <ClockIcon />
          <span className="unseen">{words.shop.card.beside + words.shop.list.hours(hours)}</span>
          <span aria-hidden="true">{hours}</span>
        </span>
      )}
    </Tile>
  );
}

function isCartFull({ visit }: Model): boolean {
  return (visit?.cart.lines.length ?? 0) >= maxCartLines;
}
