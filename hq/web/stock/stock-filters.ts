import type { FilterSchema } from '../ui/use-filters.ts';

export interface StockFilters {
  readonly view: 'offers' | 'kiosks' | 'planogram' | 'routes' | 'expiring' | 'differences' | 'visits';
  readonly search: string;
  readonly scope: string;
  readonly kiosk: string;
  readonly offer: string;
  readonly days: string;
}

const views: readonly string[] = ['offers', 'kiosks', 'planogram', 'routes', 'expiring', 'differences', 'visits'];
const empty: StockFilters = { view: 'offers', search: '', scope: 'all', kiosk: '', offer: '', days: '7' };

/** The address of the stock page; what it cannot read is as if it were not there. */
export const stockFilterSchema: FilterSchema<StockFilters> = {
  shape: empty as unknown as Readonly<Record<string, unknown>>,
  safeParse: (value) => {
    const given = value as Partial<Record<keyof StockFilters, unknown>>;
    const text = (name: keyof StockFilters) => (typeof given[name] === 'string' ? given[name] : empty[name]);
    const view = text('view');
    return { success: true, data: { view: (views.includes(view) ? view : 'offers') as StockFilters['view'], search: text('search'), scope: text('scope'), kiosk: text('kiosk'), offer: text('offer'), days: /^\d{1,3}$/.test(text('days')) ? text('days') : '7' } };
  },
};
