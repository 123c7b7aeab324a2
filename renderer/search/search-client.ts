import type { Catalogue } from '../../domain/catalogue/catalogue.ts';
import type { Offer } from '../../domain/catalogue/offer.ts';
import type { FromSearch, ToSearch } from './protocol.ts';
import type { Found, SearchOffer } from './search-index.ts';

/** The part of a Worker that is used. */
export interface SearchWorker {
  postMessage(message: ToSearch): void;
  terminate(): void;
  onmessage: ((event: MessageEvent<FromSearch>) => void) | null;
  onerror: ((event: ErrorEvent) => void) | null;
}

export interface SearchClientDeps {
  readonly open: () => SearchWorker;
  /** Runs a short task when the page has time; answers how to call it off. */
  readonly whenIdle: (task: () => void) => () => void;
}

export interface SearchClient {
  /** What is searched from now on. Starts the worker; one that has this revision is left alone. */
  takeCatalogue(catalogue: Catalogue): void;
  /** Searches as soon as the index is ready. A newer search takes the place of an older one, which is then never answered. */
  search(query: string, limit: number, onFound: (found: Found) => void): void;
  close(): void;
}

/** So many offers go over in one task: under a millisecond on the slowest machine that is supported. */
const piece = 250;

/** The page's end of the search worker. One that dies is started again with the next search. */
export function createSearchClient({ open, whenIdle }: SearchClientDeps): SearchClient {
  let worker: SearchWorker | undefined;
  let catalogue: Catalogue | undefined;
  let stopSending = () => {};
  let queries = 0;
  let waiting: { readonly id: number; readonly query: string; readonly limit: number; readonly onFound: (found: Found) => void } | undefined;

  function start(): SearchWorker {
    const started = open();
    started.onmessage = ({ data }) => {
      // A catalogue that came meanwhile is searched again, below.
      if (data.id !== waiting?.id || data.revision !== catalogue?.revision) return;
      const { onFound } = waiting;
      waiting = undefined;
      onFound(data.found);
    };
    started.onerror = () => close();
    return started;
  }

  function send({ revision, categories, offers }: Catalogue): void {
    stopSending();
    const names = new Map(categories.map(({ id, name }) => [id, [name.zh, name.en]]));
    const searchable = ({ id, name, keywords, categoryId, rank, price }: Offer): SearchOffer =>
      ({ id, zh: name.zh, en: name.en, keywords: [...(keywords ?? []), ...(names.get(categoryId) ?? [])], rank, price });
    const to = (worker ??= start());
    to.postMessage({ kind: 'begin', revision });
    let at = 0;
    const sendPiece = () => {
      to.postMessage({ kind: 'offers', offers: offers.slice(at, at + piece).map(searchable) });
      at += piece;
      if (at < offers.length) stopSending = whenIdle(sendPiece);
      else to.postMessage({ kind: 'end' });
    };
    stopSending = whenIdle(sendPiece);
  }

  function close(): void {
    stopSending();
    worker?.terminate();
    worker = undefined;
  }

  return {
    takeCatalogue(next) {
      if (worker && catalogue?.revision === next.revision) return;
      catalogue = next;
      send(next);
      if (waiting) worker?.postMessage({ kind: 'query', id: waiting.id, query: waiting.query, limit: waiting.limit });
    },
    search(query, limit, onFound) {
      if (!worker && catalogue) send(catalogue);
      queries += 1;
      waiting = { id: queries, query, limit, onFound };
      worker?.postMessage({ kind: 'query', id: queries, query, limit });
    },
    close,
  };
}
