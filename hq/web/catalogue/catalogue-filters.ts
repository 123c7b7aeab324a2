import type { FilterSchema } from '../ui/use-filters.ts';

export const catalogueViews = ['offers', 'categories', 'promotions', 'scenes', 'questions', 'soldOut', 'history'] as const;

export interface CatalogueFilters {
  readonly view: (typeof catalogueViews)[number];
  readonly scope: string;
  readonly search: string;
  readonly category: string;
  /** What is open in the sheet; "+" for a new one. */
  readonly entry: string;
}
const empty: CatalogueFilters = { view: 'offers', scope: 'all', search: '', category: '', entry: '' };

/** The address of the catalogue page; what it cannot read is as if it were not there. */
export const catalogueFilterSchema: FilterSchema<CatalogueFilters> = {
  shape: empty as unknown as Readonly<Record<string, unknown>>,
  safeParse: (value) => {
    const given = value as Partial<Record<keyof CatalogueFilters, unknown>>;
    const text = (name: keyof CatalogueFilters) => (typeof given[name] === 'string' ? given[name] : empty[name]);
    return { success: true, data: { view: catalogueViews.find((view) => view === given.view) ?? 'offers', scope: text('scope'), search: text('search'), category: text('category'), entry: text('entry') } };
  },
};
