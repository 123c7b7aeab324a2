import type { OrderPage } from '../contract/console.ts';

/** What an answer may be besides the data. `away`: HQ or its database does not answer now. */
export type Answer<T> = { readonly ok: true; readonly value: T } | { readonly ok: false; readonly error: 'away' | 'not_found' | 'refused' };

async function get<T>(path: string, signal?: AbortSignal): Promise<Answer<T>> {
  try {
    const response = await fetch(path, { headers: { accept: 'application/json' }, ...(signal ? { signal } : {}) });
    if (response.ok) return { ok: true, value: (await response.json()) as T };
    return { ok: false, error: response.status === 404 ? 'not_found' : response.status >= 500 ? 'away' : 'refused' };
  } catch {
    return { ok: false, error: 'away' };
  }
}

export function fetchOrders(query: URLSearchParams, signal?: AbortSignal): Promise<Answer<OrderPage>> {
  return get(`/api/orders?${query}`, signal);
}
