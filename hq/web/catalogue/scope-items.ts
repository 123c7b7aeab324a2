import type { Places } from '../../contract/api/scope.ts';
import type { Choice } from '../ui/field.tsx';

export interface ScopeWords { readonly everywhere: string; readonly group: (name: string) => string }

/** Everybody, groups, kiosks: as the items of a select or combo field. */
export function scopeItems({ groups, kiosks }: Places, { everywhere, group }: ScopeWords): readonly Choice[] {
  return [
    { id: 'all', name: everywhere },
    ...groups.map(({ groupId, name }) => ({ id: `group:${groupId}`, name: group(name) })),
    ...kiosks.map(({ kioskId, name }) => ({ id: `kiosk:${kioskId}`, name: name === kioskId ? kioskId : `${name} (${kioskId})` })),
  ];
}

export function scopeName(places: Places, words: ScopeWords, scope: string): string {
  return scopeItems(places, words).find(({ id }) => id === scope)?.name ?? scope;
}
