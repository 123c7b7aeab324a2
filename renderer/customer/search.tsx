import { memo, useEffect, useMemo, useState } from 'react';
import type { Catalogue } from '../../domain/catalogue/catalogue.ts';
import { findOffer } from '../../domain/catalogue/catalogue.ts';
import { Keyboard } from '../keyboard/keyboard.tsx';
import { useSearchClient } from '../search/search-context.tsx';
import type { Found } from '../search/search-index.ts';
import type { Model } from '../state/model.ts';
import { oncePer } from '../state/once-per.ts';
import { Button } from '../ui/button.tsx';
import { classNames } from '../ui/class-names.ts';
import { CrossIcon, DownIcon } from '../ui/icons.tsx';
import { Picture } from '../ui/picture.tsx';
import { Skeleton } from '../ui/skeleton.tsx';
import { Tile } from '../ui/tile.tsx';
import { ActionBar } from './action-bar.tsx';
import { popularOffers } from './home-offers.ts';
import { CartBar } from './cart-bar.tsx';
import { CheckoutButton } from './checkout-button.tsx';
import { useDispatch, useFacts, useSelect, useWords } from './kiosk-context.tsx';
import { MoreBelow } from './more-below.tsx';
import { OfferGrid } from './offer-grid.tsx';
import { Page, Title } from './page.tsx';
import './search.css';
import { KeyboardIcon, SearchIcon } from './shop-icons.tsx';

/** More than anybody scrolls through; who sees so many types another letter. */
const mostShown = 200;
const mostPopular = 30;
/** Names of this shop that the keyboard offers first. */
const mostWords = 300;
const longestQuery = 60;

export const SearchScreen = memo(function SearchScreen() {
  const { words, language } = useWords();
  const dispatch = useDispatch();
  const query = useSelect(queryOf);
  // Who comes back to what they found sees it; who has typed nothing wants to type.
  const [isTyping, setTyping] = useState(query === '');
  const { search } = words.shop;
  const type = (value: string) => dispatch({ kind: 'search_typed', query: value });
  return (
    <Page
      name="search"
      cart={<CartBar />}
      actions={
        <ActionBar back={{ label: words.common.back, onPress: () => dispatch({ kind: 'back' }) }}>
          <CheckoutButton />
        </ActionBar>
      }
    >
      <div className="search-frame">
        <div className={classNames('search', isTyping && 'search--typing')}>
          <Title className="search__title">{search.title}</Title>
          <div className="search__field" role="search">
            <SearchIcon />
            <input
              className="search__input"
              type="text"
              inputMode="none"
              autoComplete="off"
              spellCheck={false}
              maxLength={longestQuery}
              aria-label={search.field}
              placeholder={search.hint}
              value={query}
              onChange={(event) => type(event.target.value)}
              onClick={() => setTyping(true)}
            />
            {query === '' ? null : (
              <Button look="quiet" className="search__clear" label={search.clear} onPress={() => type('')}>
                <CrossIcon />
              </Button>
            )}
            <Button look="quiet" className="search__keys" label={isTyping ? search.hideKeyboard : search.showKeyboard} onPress={() => setTyping(!isTyping)}>
              <KeyboardIcon />
              {isTyping ? <DownIcon /> : null}
            </Button>
          </div>
          <Results query={query} />
          {isTyping ? (
            <div className="search__keyboard">
              <SearchKeyboard query={query} language={language} label={search.field} onType={type} />
            </div>
          ) : null}
        </div>
      </div>
    </Page>
  );
});

interface SearchKeyboardProps {
  readonly query: string;
  readonly language: 'zh' | 'en';
  readonly label: string;
  readonly onType: (query: string) => void;
}

/** The same list while the catalogue is the same: the keyboard learns it anew otherwise. */
const namesOf = oncePer((catalogue: Catalogue) => popularOffers(catalogue, mostWords).map(({ name }) => name.zh));
const popularOf = oncePer((catalogue: Catalogue) => popularOffers(catalogue, mostPopular));

function SearchKeyboard({ query, language, label, onType }: SearchKeyboardProps) {
  const catalogue = useFacts()?.catalogue;
  const names = catalogue && namesOf(catalogue);
  return <Keyboard value={query} onChange={onType} language={language} mode="text" label={label} words={names} maxLength={longestQuery} />;
}

function Results({ query }: { readonly query: string }) {
  const { words } = useWords();
  const facts = useFacts();
  const catalogue = facts?.catalogue;
  const answer = useAnswer(query);
  const offers = useMemo(() => {
    if (!catalogue) return [];
    return answer ? answer.found.ids.flatMap((id) => findOffer(catalogue, id) ?? []) : popularOf(catalogue);
  }, [answer, catalogue]);
  const { search } = words.shop;
  if (!facts) return null;
  const isWaiting = query.trim() !== '' && !answer;
  const said = isWaiting ? '' : answer ? saidOf(answer) : search.popular;
  return (
    <div className="search__results">
      {/* Always there: what comes into it is spoken. */}
      <p className="search__said" role="status">
        {said}
      </p>
      {isWaiting ? (
        <Skeleton label={search.looking} className="search__skeleton" />
      ) : offers.length > 0 ? (
        <OfferGrid key={answer?.query ?? ''} offers={offers} facts={facts} label={answer ? search.results : search.popular} place={`search:${answer?.query ?? ''}`} look="row" />
      ) : (
        <NothingFound />
      )}
    </div>
  );

  function saidOf({ query: asked, found: { ids, exact, similar } }: Answer): string {
    if (exact > 0 && similar > 0) return search.foundAndSimilar(exact);
    if (exact > 0) return exact > ids.length ? search.foundMany(exact, ids.length) : search.found(exact);
    return similar > 0 ? search.similar(ids.length) : search.none(asked.trim());
  }
}

/** Where nothing is found, the way on is not a dead end: every category, by one tap. */
function NothingFound() {
  const { words, language } = useWords();
  const dispatch = useDispatch();
  const categories = useSelect(categoriesOf);
  return (
    <>
      <div className="search__none scrolls">
        <p>{words.shop.search.noneText}</p>
        <ul className="search__categories" aria-label={words.offers.categories}>
          {categories.map(({ id, name, picture }) => (
            <li key={id}>
              <Tile className="search__category" onPress={() => dispatch({ kind: 'category_opened', categoryId: id })}>
                <span className="search__category-picture">
                  <Picture picture={picture} language={language} bare />
                </span>
                {name[language]}
              </Tile>
            </li>
          ))}
        </ul>
      </div>
      <MoreBelow />
    </>
  );
}

interface Answer {
  readonly query: string;
  readonly found: Found;
}

/** The newest answer, which stays until the next one comes, so that the list does not flash at each letter; undefined while there is none or nothing is asked. */
function useAnswer(query: string): Answer | undefined {
  const client = useSearchClient();
  const [answer, setAnswer] = useState<Answer | undefined>(undefined);
  const isAsking = query.trim() !== '';
  const revision = useSelect(revisionOf);
  useEffect(() => {
    let isOver = false;
    if (isAsking) client.search(query, mostShown, (found) => (isOver ? undefined : setAnswer({ query, found })));
    return () => {
      isOver = true;
    };
  }, [client, query, isAsking, revision]);
  return isAsking ? answer : undefined;
}

function queryOf({ visit }: Model): string {
  return visit?.query ?? '';
}

function revisionOf({ shopfront }: Model): number | undefined {
  return shopfront?.catalogue.revision;
}

function categoriesOf({ shopfront }: Model) {
  return shopfront?.catalogue.categories ?? [];
}
