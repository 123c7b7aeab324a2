import type { FromSearch, ToSearch } from './protocol.ts';
import type { SearchIndex, SearchOffer } from './search-index.ts';
import { createSearchIndex } from './search-index.ts';

/** So many searches of its own make the engine compile the search before the first customer types. */
const warmUps = 40;

/** What runs in the worker, without it: takes the messages, and answers through `answer`. */
export function createSearchService(answer: (message: FromSearch) => void): (message: ToSearch) => void {
  let ready: { readonly revision: number; readonly index: SearchIndex } | undefined;
  let coming: { readonly revision: number; readonly offers: SearchOffer[] } | undefined;
  let waiting: Extract<ToSearch, { kind: 'query' }> | undefined;

  function search({ id, query, limit }: Extract<ToSearch, { kind: 'query' }>): void {
    if (ready) answer({ kind: 'found', id, revision: ready.revision, found: ready.index.search(query, limit) });
  }

  return (message) => {
    switch (message.kind) {
      case 'begin':
        coming = { revision: message.revision, offers: [] };
        return;
      case 'offers':
        coming?.offers.push(...message.offers);
        return;
      case 'end': {
        if (!coming) return;
        const { revision, offers } = coming;
        // The old index goes before the new one is made: there are never two in memory.
        coming = ready = undefined;
        ready = { revision, index: createSearchIndex(offers) };
        for (const { zh, en } of offers.slice(0, warmUps)) for (const name of [zh, en]) ready.index.search(name, warmUps);
        if (waiting) search(waiting);
        waiting = undefined;
        return;
      }
      case 'query':
        if (ready && !coming) search(message);
        else waiting = message;
    }
  };
}
