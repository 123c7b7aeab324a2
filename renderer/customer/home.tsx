import type { Business } from '../../domain/catalogue/catalogue.ts';
import { businesses } from '../../domain/catalogue/catalogue.ts';
import { Notice } from '../ui/notice.tsx';
import { Drawing, Picture } from '../ui/picture.tsx';
import { ActionBar } from './action-bar.tsx';
import { CartBar } from './cart-bar.tsx';
import { CheckoutButton } from './checkout-button.tsx';
import './home.css';
import { useShop } from './kiosk-context.tsx';
import { Page } from './page.tsx';

const looks: Readonly<Record<Business, { readonly drawing: string; readonly tint: string }>> = {
  goods: { drawing: 'shopping-bags', tint: 'sky' },
  telecom: { drawing: 'phone', tint: 'lilac' },
  food: { drawing: 'noodles', tint: 'lemon' },
};

export function Home() {
  const { words, status, shopfront, dispatch } = useShop();
  const present = businesses.filter((business) => shopfront.catalogue.categories.some((category) => category.business === business));
  return (
    <Page
      name="home"
      title={words.home.title}
      cart={<CartBar />}
      actions={
        <ActionBar back={{ label: words.home.leave, onPress: () => dispatch({ kind: 'back' }) }}>
          <CheckoutButton />
        </ActionBar>
      }
    >
      <div className="home scrolls">
        {status.card === 'unavailable' ? <Notice tone="warn">{words.home.cardPaused}</Notice> : null}
        {present.map((business) => (
          <BusinessCard key={business} business={business} />
        ))}
      </div>
    </Page>
  );
}

function BusinessCard({ business }: { readonly business: Business }) {
  const { words, language, shopfront, dispatch } = useShop();
  const { drawing, tint } = looks[business];
  const categories = shopfront.catalogue.categories.filter((category) => category.business === business);
  return (
    <section className={`business tint--${tint}`} aria-label={words.home.business[business]}>
      <h2 className="business__name">{words.home.business[business]}</h2>
      <p className="business__motto">{words.home.motto[business]}</p>
      <Drawing name={drawing} className="business__drawing" />
      <ul className="business__categories">
        {categories.map((category) => (
          <li key={category.id}>
            <button type="button" className="category-tile" onClick={() => dispatch({ kind: 'category_opened', categoryId: category.id })}>
              <span className="category-tile__picture">
                <Picture picture={category.picture} language={language} bare />
              </span>
              {category.name[language]}
            </button>
          </li>
        ))}
      </ul>
    </section>
  );
}
