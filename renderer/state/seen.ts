import { changesOf } from './changes.ts';
import type { Model } from './model.ts';
import { withVisit } from './visit.ts';

/** The model with what its customer last saw of their cart's prices, where those have changed on the way from `earlier`; without it, where all is again as they saw it. */
export function seenBefore(model: Model, earlier: Model): Model {
  const { visit, shopfront, moment } = model;
  if (!visit || !shopfront || !moment) return model;
  const before = visit.before ?? (earlier.shopfront && earlier.moment ? { catalogue: earlier.shopfront.catalogue, moment: earlier.moment } : undefined);
  return withVisit(model, { before: before && changesOf(before, { catalogue: shopfront.catalogue, moment }, visit.cart) ? before : undefined });
}
