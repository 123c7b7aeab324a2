import type { UseQueryResult } from '@tanstack/react-query';
import { keepPreviousData, useInfiniteQuery, useMutation, useQuery, useQueryClient } from '@tanstack/react-query';
import type { ApiAnswer, ApiInput, ApiRoute } from '../../contract/api/route.ts';
import { toast } from '../ui/toaster.tsx';
import type { CallFailure } from './call.ts';
import { call } from './call.ts';

/** What a route's answers are kept under: `invalidateQueries({queryKey: routeKey(route)})` reads all of them again, whatever their input. */
export function routeKey(route: ApiRoute): readonly [string] {
  return [`${route.method} ${route.path}`];
}

export interface ApiOptions {
  readonly isEnabled?: boolean;
  /** Asked again so often: for what no news tells of. */
  readonly everyMs?: number;
  /** Shows the last answer while another input's is under way: filters. */
  readonly keepsLast?: boolean;
}

/** One answer of HQ, kept, and read again when news tell of it (live/live-queries.tsx goes by the route's tag). */
export function useApi<R extends ApiRoute>(route: R, input: ApiInput<R> = {}, { isEnabled = true, everyMs, keepsLast = false }: ApiOptions = {}): UseQueryResult<ApiAnswer<R>, CallFailure> {
  return useQuery<ApiAnswer<R>, CallFailure>({
    queryKey: [...routeKey(route), input],
    queryFn: ({ signal }: { signal: AbortSignal }) => call(route, input, signal),
    enabled: isEnabled,
    meta: { tag: route.tag },
    ...(everyMs === undefined ? {} : { refetchInterval: everyMs }),
    ...(keepsLast ? { placeholderData: keepPreviousData } : {}),
  } as never) as UseQueryResult<ApiAnswer<R>, CallFailure>;
}

export interface ApiPages<A> {
  /** In their order; undefined until the first came. */
  readonly pages: readonly A[] | undefined;
  readonly failure: CallFailure | null;
  readonly isLoading: boolean;
  readonly isMore: boolean;
  readonly more: () => void;
  readonly again: () => void;
}

/** A list by keyset: `next` makes of a page what the query of the following one has besides `input.query`, or undefined on the last. */
export function useApiPages<R extends ApiRoute>(route: R, input: ApiInput<R>, next: (page: ApiAnswer<R>) => Readonly<Record<string, unknown>> | undefined, { isEnabled = true, everyMs }: ApiOptions = {}): ApiPages<ApiAnswer<R>> {
  const result = useInfiniteQuery({
    queryKey: [...routeKey(route), input, 'pages'],
    queryFn: ({ signal, pageParam }: { signal: AbortSignal; pageParam: Readonly<Record<string, unknown>> }) => call(route, { ...input, query: { ...(input.query as object | undefined), ...pageParam } } as ApiInput<R>, signal),
    initialPageParam: {} as Readonly<Record<string, unknown>>,
    getNextPageParam: (page: ApiAnswer<R>) => next(page),
    enabled: isEnabled,
    placeholderData: keepPreviousData,
    meta: { tag: route.tag },
    ...(everyMs === undefined ? {} : { refetchInterval: everyMs }),
  } as never) as unknown as {
    data: { pages: ApiAnswer<R>[] } | undefined; error: CallFailure | null; isFetching: boolean; hasNextPage: boolean; fetchNextPage: () => Promise<unknown>; refetch: () => Promise<unknown>; isFetchingNextPage: boolean;
  };
  return {
    pages: result.data?.pages,
    failure: result.error,
    isLoading: result.data === undefined ? result.isFetching : result.isFetchingNextPage,
    isMore: result.hasNextPage,
    more: () => void result.fetchNextPage(),
    again: () => void result.refetch(),
  };
}

export interface Act<R extends ApiRoute> {
  /** Answers undefined where it failed; `failure` says why. Never throws. */
  readonly act: (input: ApiInput<R>) => Promise<ApiAnswer<R> | undefined>;
  readonly isBusy: boolean;
  readonly failure: CallFailure | null;
  readonly forget: () => void;
}

export interface ActOptions<R extends ApiRoute> {
  /** A line for the person, or what to do with the answer (which may answer the line). */
  readonly done?: string | ((answer: ApiAnswer<R>) => string | void);
  /** Read again afterwards, and where somebody else was quicker. */
  readonly invalidates?: readonly ApiRoute[];
}

/** Something that is done at HQ, once for each call: it is never tried again by itself. */
export function useAct<R extends ApiRoute>(route: R, { done, invalidates = [] }: ActOptions<R> = {}): Act<R> {
  const client = useQueryClient();
  const readAgain = () => Promise.all(invalidates.map((one) => client.invalidateQueries({ queryKey: routeKey(one) })));
  const mutation = useMutation<ApiAnswer<R>, CallFailure, ApiInput<R>>({
    mutationFn: (input) => call(route, input),
    onError: async ({ kind }) => {
      if (kind === 'changed' || kind === 'not_found') await readAgain();
    },
    onSuccess: async (answer) => {
      const line = typeof done === 'function' ? done(answer) : done;
      if (typeof line === 'string') toast(line);
      await readAgain();
    },
  });
  return {
    act: (input) => mutation.mutateAsync(input).catch(() => undefined),
    isBusy: mutation.isPending,
    failure: mutation.error,
    forget: mutation.reset,
  };
}
