import { itemCount } from '../../domain/cart/cart.ts';
import { findOffer } from '../../domain/catalogue/catalogue.ts';
import { wordsOf } from '../i18n/language.ts';
import type { Model } from '../state/model.ts';
import { hasOrder } from '../state/model.ts';
import { useSelect } from './kiosk-context.tsx';

/**
 * Says what has just been added to those who do not see the cart. Always there, also before a visit that a scan begins: what a
 * region brings along when it appears is not spoken.
 */
export function Announcer() {
  const said = useSelect(saidOf);
  return (
    // Above every sheet: react-aria makes everything else inert while one is open.
    <p className="unseen" role="status" data-react-aria-top-layer="true">
      {said}
    </p>
  );
}

function saidOf({ visit, shopfront }: Model): string {
  const said = visit && !hasOrder(visit.stage) ? visit.said : undefined;
  const name = visit && said && shopfront && findOffer(shopfront.catalogue, said.offerId)?.name[visit.language];
  return name === undefined ? '' : wordsOf[visit!.language].cart.added(name, itemCount(visit!.cart));
}
