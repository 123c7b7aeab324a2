import type { Found, SearchOffer } from './search-index.ts';

/** What the page asks of its search worker. The offers come in pieces, so that handing them over never holds the page up for a frame. */
export type ToSearch =
  | { readonly kind: 'begin'; readonly revision: number }
  | { readonly kind: 'offers'; readonly offers: readonly SearchOffer[] }
  | { readonly kind: 'end' }
  | { readonly kind: 'query'; readonly id: number; readonly query: string; readonly limit: number };

/** A query that comes before the index is ready is answered when it is; of several, the newest. */
export interface FromSearch {
  readonly kind: 'found';
  readonly id: number;
  /** Of the catalogue that was searched. */
  readonly revision: number;
  readonly found: Found;
}
