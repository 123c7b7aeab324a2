import type { ReactNode } from 'react';
import { createContext, useContext, useEffect, useState } from 'react';
import type { Catalogue } from '../../domain/catalogue/catalogue.ts';
import { ListPlacesProvider } from '../customer/list-places.tsx';
import { openSearchWorker } from './open-worker.ts';
import type { SearchClient } from './search-client.ts';
import { createSearchClient } from './search-client.ts';

const SearchContext = createContext<SearchClient | undefined>(undefined);

/**
 * What finding things needs beyond the model: the search worker, and where the lists stand that were looked through. The one worker starts with the first visit,
 * so that a kiosk at which nobody stands has none, and stays: who comes next finds it ready. `catalogue` is undefined until somebody is there.
 */
export function SearchProvider({ catalogue, children }: { readonly catalogue: Catalogue | undefined; readonly children: ReactNode }) {
  const [client] = useState(() => createSearchClient({ open: openSearchWorker, whenIdle }));
  useEffect(() => {
    if (catalogue) client.takeCatalogue(catalogue);
  }, [client, catalogue]);
  useEffect(() => () => client.close(), [client]);
  return (
    <SearchContext value={client}>
      <ListPlacesProvider>{children}</ListPlacesProvider>
    </SearchContext>
  );
}

export function useSearchClient(): SearchClient {
  const client = useContext(SearchContext);
  if (!client) throw new Error('useSearchClient stands outside SearchProvider');
  return client;
}

function whenIdle(task: () => void): () => void {
  const handle = requestIdleCallback(task, { timeout: 200 });
  return () => cancelIdleCallback(handle);
}
