import { useCallback, useMemo } from 'react';
import { useSearch } from 'wouter';
import { navigate } from '../router.tsx';

/** What a zod object's schema is to this: the contract's query schemas fit. */
export interface FilterSchema<T> {
  readonly shape: Readonly<Record<string, unknown>>;
  readonly safeParse: (value: unknown) => { readonly success: true; readonly data: T } | { readonly success: false; readonly error: { readonly issues: readonly { readonly path: readonly PropertyKey[] }[] } };
}

export type SetFilters<T> = (patch: Partial<Record<keyof T, unknown>>, options?: { readonly replace?: boolean }) => void;

/**
 * A list's filters, kept in the address bar alone, so that a link shows what its sender saw. What the address holds and the schema refuses is left out; the
 * schema must take "nothing". `undefined`, null and "" take a filter away; other parts of the address stay.
 */
export function useFilters<T extends object>(schema: FilterSchema<T>): readonly [T, SetFilters<T>] {
  const search = useSearch();
  const filters = useMemo(() => readFilters(schema, search), [schema, search]);
  const setFilters = useCallback<SetFilters<T>>((patch, { replace = false } = {}) => {
    const next = new URLSearchParams(location.search);
    for (const [name, value] of Object.entries(patch)) {
      next.delete(name);
      for (const one of Array.isArray(value) ? value : [value]) if (one !== undefined && one !== null && one !== '') next.append(name, String(one));
    }
    navigate(next.size > 0 ? `${location.pathname}?${next}` : location.pathname, { replace });
  }, []);
  return [filters, setFilters];
}

export function readFilters<T>(schema: FilterSchema<T>, search: string): T {
  const given = new URLSearchParams(search);
  const raw: Record<string, unknown> = {};
  for (const name of Object.keys(schema.shape)) {
    const all = given.getAll(name);
    if (all.length > 0) raw[name] = all.length === 1 ? all[0] : all;
  }
  const whole = schema.safeParse(raw);
  if (whole.success) return whole.data;
  for (const { path: [name] } of whole.error.issues) delete raw[String(name)];
  const rest = schema.safeParse(raw);
  if (rest.success) return rest.data;
  const none = schema.safeParse({});
  if (none.success) return none.data;
  throw new Error('filters: the schema does not take an empty address');
}
