import { useState } from 'react';
import { itemCount } from '../../domain/cart/cart.ts';
import { findOffer } from '../../domain/catalogue/catalogue.ts';
import { wordsOf } from '../i18n/language.ts';
import type { Model, Visit } from '../state/model.ts';
import { hasOrder } from '../state/model.ts';
import { useSelect } from './kiosk-context.tsx';

/**
 * Says what has just been added to those who do not see the cart. Always there, also before a visit that a scan begins: what a
 * region brings along when it appears is not spoken.
 */
export function Announcer() {
  const [read] = useState(createAdditions);
  const said = useSelect(read);
  return (
    // Above every sheet: react-aria makes everything else inert while one is open.
    <p className="unseen" role="status" data-react-aria-top-layer="true">
      {said}
    </p>
  );
}

/** What to say of the last addition, with the count of that moment: what is changed or removed later says nothing again. */
export function createAdditions(): (model: Model) => string {
  let last: { readonly said: Visit['said']; readonly text: string } = { said: undefined, text: '' };
  return (model) => {
    const { visit } = model;
    if (visit?.said !== last.said) last = { said: visit?.said, text: textOf(model) };
    // An order is no addition any more, neither while it is paid nor back in the cart.
    else if (visit && hasOrder(visit.stage) && last.text !== '') last = { said: visit.said, text: '' };
    return last.text;
  };
}

function textOf({ visit, shopfront }: Model): string {
  const said = visit && !hasOrder(visit.stage) ? visit.said : undefined;
  const name = visit && said && shopfront && findOffer(shopfront.catalogue, said.offerId)?.name[visit.language];
  return name === undefined ? '' : wordsOf[visit!.language].cart.added(name, itemCount(visit!.cart));
}
