import type { Category, Catalogue } from '../../domain/catalogue/catalogue.ts';
import type { Offer } from '../../domain/catalogue/offer.ts';
import { needsHq } from '../../domain/catalogue/offer.ts';
import type { TimeWindow } from '../../domain/catalogue/window.ts';
import { isWithin } from '../../domain/catalogue/window.ts';
import type { RuleFacts } from '../../domain/rules/facts.ts';
import { offerTrouble } from '../../domain/rules/offer.ts';
import { oncePer } from '../state/once-per.ts';

/** The offers that have a rank, the most bought first. */
export const rankedOffers = oncePer(({ offers }: Pick<Catalogue, 'offers'>): readonly Offer[] => offers.filter((offer) => offer.rank !== undefined).sort((one, other) => (one.rank ?? 0) - (other.rank ?? 0)));

/** What is bought most, whether it can be had now or not; of a shop that ranks nothing, its first offers. */
export function popularOffers(catalogue: Pick<Catalogue, 'offers'>, count: number): readonly Offer[] {
  const ranked = rankedOffers(catalogue);
  return (ranked.length > 0 ? ranked : catalogue.offers).slice(0, count);
}

/** The first of them that can be had and paid for right now. */
export function mostBought(ranked: readonly Offer[], facts: RuleFacts, count: number): readonly Offer[] {
  const taken: Offer[] = [];
  for (const offer of ranked) {
    if (taken.length === count) break;
    if (offerTrouble(facts, offer) === undefined) taken.push(offer);
  }
  return taken;
}

/** How a category stands: its offers can be had, wait for HQ, or have other hours than now. */
export type CategoryState = { readonly kind: 'open' } | { readonly kind: 'hq_away' } | { readonly kind: 'closed'; readonly next: TimeWindow | undefined };

/** The ids of the categories in which everything needs HQ. */
export const hqCategories = oncePer(({ categories, offers }: Pick<Catalogue, 'categories' | 'offers'>): ReadonlySet<string> => {
  const without = new Set(offers.filter((offer) => !needsHq(offer)).map(({ categoryId }) => categoryId));
  const filled = new Set(offers.map(({ categoryId }) => categoryId));
  return new Set(categories.filter(({ id }) => filled.has(id) && !without.has(id)).map(({ id }) => id));
});

export function categoryState(category: Category, facts: Pick<RuleFacts, 'isHqThere' | 'moment'>, ofHq: ReadonlySet<string>): CategoryState {
  if (!facts.isHqThere && ofHq.has(category.id)) return { kind: 'hq_away' };
  if (isWithin(category.windows, facts.moment)) return { kind: 'open' };
  return { kind: 'closed', next: nextWindow(category.windows ?? [], facts.moment) };
}

/** The next window that opens today; undefined where none does any more, or none at all today. */
function nextWindow(windows: readonly TimeWindow[], { weekday, minute }: RuleFacts['moment']): TimeWindow | undefined {
  const now = `${String(Math.floor(minute / 60)).padStart(2, '0')}:${String(minute % 60).padStart(2, '0')}`;
  const later = windows.filter(({ days, from }) => (days === undefined || days.includes(weekday)) && from > now);
  return later.sort((one, other) => (one.from < other.from ? -1 : 1))[0];
}
