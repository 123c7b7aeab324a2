import { maxCartLines } from '../../domain/cart/cart.ts';
import type { Business } from '../../domain/catalogue/catalogue.ts';
import { businesses } from '../../domain/catalogue/catalogue.ts';
import { Notice } from '../ui/notice.tsx';
import { Picture } from '../ui/picture.tsx';
import { ActionBar } from './action-bar.tsx';
import { CartBar } from './cart-bar.tsx';
import { CheckoutButton } from './checkout-button.tsx';
import { useShop } from './kiosk-context.tsx';
import { OfferCard } from './offer-card.tsx';
import './offers.css';
import { Page, Title } from './page.tsx';

export function Offers({ categoryId }: { readonly categoryId: string }) {
  const { visit, words, language, shopfront, dispatch } = useShop();
  const { categories, offers } = shopfront.catalogue;
  const category = categories.find((candidate) => candidate.id === categoryId);
  if (!category) return null;
  const firstOf = (business: Business) => categories.find((candidate) => candidate.business === business);
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
      <nav className="tabs" aria-label={words.offers.businesses}>
        {businesses.map((business) => {
          const first = firstOf(business);
          return first ? (
            <button
              key={business}
              type="button"
              className="tabs__tab"
              aria-current={business === category.business ? 'true' : undefined}
              onClick={() => business !== category.business && dispatch({ kind: 'category_opened', categoryId: first.id })}
            >
              {words.home.business[business]}
            </button>
          ) : null;
        })}
      </nav>
      <div className="offers">
        <nav className="rail scrolls" aria-label={words.offers.categories}>
          {categories
            .filter((candidate) => candidate.business === category.business)
            .map((candidate) => (
              <button
                key={candidate.id}
                type="button"
                className="rail__category"
                aria-current={candidate.id === categoryId ? 'true' : undefined}
                onClick={() => dispatch({ kind: 'category_opened', categoryId: candidate.id })}
              >
                <span className="rail__picture">
                  <Picture picture={candidate.picture} language={language} bare />
                </span>
                {candidate.name[language]}
              </button>
            ))}
        </nav>
        <div className="offers__list scrolls" key={categoryId}>
          <Title className="offers__title">{category.name[language]}</Title>
          {visit.cart.lines.length >= maxCartLines ? <Notice tone="warn">{words.offers.cartFull(maxCartLines)}</Notice> : null}
          <ul className="offers__grid">
            {offers
              .filter((offer) => offer.categoryId === categoryId)
              .map((offer) => (
                <OfferCard key={offer.id} offer={offer} />
              ))}
          </ul>
        </div>
      </div>
    </Page>
  );
}
