import { itemCount } from '../../domain/cart/cart.ts';
import { findOffer } from '../../domain/catalogue/catalogue.ts';
import { useShop } from './kiosk-context.tsx';

/** Says what has just been added to those who do not see the cart. */
export function Announcer() {
  const { visit, words, language, shopfront } = useShop();
  const name = visit.said && findOffer(shopfront.catalogue, visit.said.offerId)?.name[language];
  return (
    <p className="unseen" role="status">
      {name ? words.cart.added(name, itemCount(visit.cart)) : ''}
    </p>
  );
}
