import type { CSSProperties } from 'react';
import { useId, useMemo } from 'react';
import type { Business, Category } from '../../domain/catalogue/catalogue.ts';
import { businesses } from '../../domain/catalogue/catalogue.ts';
import type { Offer } from '../../domain/catalogue/offer.ts';
import type { RuleFacts } from '../../domain/rules/facts.ts';
import { listOf } from '../i18n/areas/wallet.ts';
import { isPlain } from '../state/draft.ts';
import type { Model } from '../state/model.ts';
import { classNames } from '../ui/class-names.ts';
import { SearchIcon } from '../ui/icons.tsx';
import { Notice } from '../ui/notice.tsx';
import { Drawing, Picture } from '../ui/picture.tsx';
import { Tile } from '../ui/tile.tsx';
import { ActionBar } from './action-bar.tsx';
import { cardView } from './card-view.ts';
import { CartBar } from './cart-bar.tsx';
import { CheckoutButton } from './checkout-button.tsx';
import { categoryState, hqCategories, mostBought, rankedOffers } from './home-offers.ts';
import './home.css';
import { useDispatch, useFacts, useSelect, useWords } from './kiosk-context.tsx';
import { MoreBelow } from './more-below.tsx';
import { Page, Title } from './page.tsx';
import { PriceTag } from './price-tag.tsx';

const looks: Readonly<Record<Business, { readonly drawing: string; readonly tint: string }>> = {
  goods: { drawing: 'shopping-bags', tint: 'sky' },
  telecom: { drawing: 'phone', tint: 'lilac' },
  food: { drawing: 'noodles', tint: 'lemon' },
};
/** So many fit side by side in every size of text. */
const mostShown = 4;
const columnsAtMost = 5;

/** Where everything begins: what most people come for by one tap, the search, and the businesses with what they have. */
export function Home() {
  const { words } = useWords();
  const dispatch = useDispatch();
  const status = useSelect(statusOf);
  const facts = useFacts();
  if (!status || !facts) return null;
  const { catalogue } = facts;
  const ofHq = hqCategories(catalogue);
  const present = businesses.filter((business) => catalogue.categories.some((category) => category.business === business));
  const { home } = words.frame;
  const payable = status.wallets.filter(({ state }) => state === 'ready').map(({ wallet }) => words.wallet.name[wallet]);
  return (
    <Page
      name="home"
      cart={<CartBar />}
      actions={
        <ActionBar back={{ label: words.home.leave, onPress: () => dispatch({ kind: 'back' }) }}>
          <CheckoutButton />
        </ActionBar>
      }
    >
      <div className="home scrolls">
        <div className="home__head">
          <Title className="home__title">{words.home.title}</Title>
          <Tile className="home__search" label={home.searchName} onPress={() => dispatch({ kind: 'search_opened' })}>
            <SearchIcon />
            {home.search}
          </Tile>
        </div>
        {status.card === 'ready' ? null : <Notice tone="warn">{payable.length > 0 ? words.wallet.noCardHome(listOf(words.wallet, payable)) : status.card === 'held' ? home.cardHeld : home.cardAway}</Notice>}
        {status.paper === 'unavailable' ? <Notice tone="info">{home.paperAway}</Notice> : null}
        {status.hq === 'away' && present.includes('telecom') ? <Notice tone="warn">{home.hqAway}</Notice> : null}
        <MostBought facts={facts} />
        {present.map((business) => (
          <BusinessCard key={business} business={business} facts={facts} ofHq={ofHq} />
        ))}
      </div>
      <MoreBelow />
    </Page>
  );
}

function statusOf({ status }: Model) {
  return status;
}

/** From the attract screen to the payment in four taps. */
function MostBought({ facts }: { readonly facts: RuleFacts }) {
  const { words } = useWords();
  const title = useId();
  const offers = useMemo(() => mostBought(rankedOffers(facts.catalogue), facts, mostShown), [facts]);
  if (offers.length === 0) return null;
  const { home } = words.frame;
  return (
    <section className="most-bought" aria-labelledby={title}>
      <div className="most-bought__head">
        <h2 id={title}>{home.most}</h2>
        <p>{home.mostText}</p>
      </div>
      <ul className="most-bought__offers">
        {offers.map((offer) => (
          <li key={offer.id}>
            <BoughtTile offer={offer} facts={facts} />
          </li>
        ))}
      </ul>
    </section>
  );
}

function BoughtTile({ offer, facts }: { readonly offer: Offer; readonly facts: RuleFacts }) {
  const { words, language } = useWords();
  const dispatch = useDispatch();
  const plain = isPlain(offer);
  const { price } = cardView(facts, offer);
  const { home } = words.frame;
  return (
    <Tile className="bought-tile" onPress={() => dispatch({ kind: plain ? 'offer_bought' : 'offer_opened', offerId: offer.id })}>
      <span className="bought-tile__picture">
        <Picture picture={offer.picture} language={language} bare />
      </span>
      <span className="unseen">{plain ? home.buy : home.open}</span> <span className="bought-tile__name">{offer.name[language]}</span>{' '}
      <span className="bought-tile__price">
        <PriceTag value={price} />
      </span>
    </Tile>
  );
}

interface BusinessCardProps {
  readonly business: Business;
  readonly facts: RuleFacts;
  readonly ofHq: ReadonlySet<string>;
}

function BusinessCard({ business, facts, ofHq }: BusinessCardProps) {
  const { words } = useWords();
  const { drawing, tint } = looks[business];
  const categories = facts.catalogue.categories.filter((category) => category.business === business);
  const columns = categories.length <= columnsAtMost ? categories.length : Math.ceil(categories.length / Math.ceil(categories.length / columnsAtMost));
  return (
    <section className={`business tint--${tint}`} aria-label={words.home.business[business]}>
      <h2 className="business__name">{words.home.business[business]}</h2>
      <p className="business__motto">{words.home.motto[business]}</p>
      <Drawing name={drawing} className="business__drawing" />
      <ul className={classNames('business__categories', categories.length <= 3 && 'business__categories--few')} style={{ '--columns': columns } as CSSProperties}>
        {categories.map((category) => (
          <li key={category.id}>
            <CategoryTile category={category} facts={facts} ofHq={ofHq} />
          </li>
        ))}
      </ul>
    </section>
  );
}

interface CategoryTileProps {
  readonly category: Category;
  readonly facts: RuleFacts;
  readonly ofHq: ReadonlySet<string>;
}

/** What waits for HQ cannot be opened, and says why; what has other hours can be looked at, and says when. */
function CategoryTile({ category, facts, ofHq }: CategoryTileProps) {
  const { words, language } = useWords();
  const dispatch = useDispatch();
  const { home } = words.frame;
  const state = categoryState(category, facts, ofHq);
  const note = state.kind === 'hq_away' ? home.hqAwayShort : state.kind === 'closed' ? (state.next ? home.hours(state.next.from, state.next.to) : home.closedNow) : undefined;
  return (
    <Tile className="category-tile" disabled={state.kind === 'hq_away'} onPress={() => dispatch({ kind: 'category_opened', categoryId: category.id })}>
      <span className="category-tile__picture">
        <Picture picture={category.picture} language={language} bare />
      </span>
      <span>{category.name[language]}</span>
      {note === undefined ? null : <small className="category-tile__note">{note}</small>}
    </Tile>
  );
}
