import { MutationCache, QueryCache, QueryClient } from '@tanstack/react-query';
import { readMe } from '../../contract/api/session.ts';
import { CallFailure } from './call.ts';
import { routeKey } from './use-api.ts';

/** News come live, so what was read is fresh for a while. Only HQ's being away is tried again; a session that has ended is looked at at once. */
export function createQueryClient(): QueryClient {
  const look = (error: unknown) => {
    if (error instanceof CallFailure && error.kind === 'signed_out') void client.invalidateQueries({ queryKey: routeKey(readMe) });
  };
  const client: QueryClient = new QueryClient({
    queryCache: new QueryCache({ onError: look }),
    mutationCache: new MutationCache({ onError: look }),
    defaultOptions: {
      queries: { staleTime: 5000, retry: (times, error) => error instanceof CallFailure && error.kind === 'away' && times < 2, networkMode: 'always' },
      mutations: { retry: false, networkMode: 'always' },
    },
  });
  return client;
}
