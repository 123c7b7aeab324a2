import type { CartLine } from '../../domain/cart/cart.ts';
import { addLine } from '../../domain/cart/cart.ts';
import type { Step } from './action.ts';
import type { Draft, Model, Visit } from './model.ts';
import { only, withVisit } from './visit.ts';

/** The sheet with all that there is to decide about a line. */
export function openDraft(model: Model, opened: Draft): Step {
  return only(withVisit(model, { sheet: { kind: 'offer', draft: opened } }));
}

export function addToCart(model: Model, visit: Visit, line: CartLine): Model {
  const said = { offerId: line.offerId, times: (visit.said?.times ?? 0) + 1 };
  return withVisit(model, { cart: addLine(visit.cart, line), linesMade: visit.linesMade + 1, said, sheet: undefined });
}
