/** A catalogue as JSON, whether or not it holds together: a draft need not. */
export interface LooseCatalogue {
  readonly categories?: readonly Loose[];
  readonly offers?: readonly Loose[];
  readonly promotions?: readonly Loose[];
  readonly questions?: readonly Loose[];
  readonly scenes?: readonly Loose[];
  readonly currency?: unknown;
}
export type Loose = Readonly<Record<string, unknown>>;

export const listParts = ['offers', 'categories', 'promotions', 'questions'] as const;
export type ListPart = (typeof listParts)[number];

/** One field, by the names that lead to it ("options", "size", "price"); undefined where it was not, or is not any more. */
export interface FieldChange {
  readonly path: readonly string[];
  readonly before: unknown;
  readonly after: unknown;
}

export interface EntryChange {
  readonly part: ListPart | 'scenes' | 'order';
  readonly id: string;
  /** In Chinese and English, of the newer one; empty where it has none. */
  readonly name: { readonly zh: string; readonly en: string };
  readonly kind: 'added' | 'removed' | 'changed';
  readonly fields: readonly FieldChange[];
}

/** What is another catalogue about `after`: entry by entry, each with its fields. The revision is no part of it. */
export function catalogueDifference(before: LooseCatalogue, after: LooseCatalogue): readonly EntryChange[] {
  const changes = listParts.flatMap((part) => entriesDifference(part, before[part] ?? [], after[part] ?? []));
  const scenes = fieldChanges({ scenes: before.scenes ?? [] }, { scenes: after.scenes ?? [] });
  if (scenes.length > 0) changes.push({ part: 'scenes', id: 'scenes', name: { zh: '', en: '' }, kind: 'changed', fields: scenes });
  for (const part of ['categories', 'offers'] as const) {
    const common = (from: LooseCatalogue, other: LooseCatalogue) => {
      const there = new Set((other[part] ?? []).map(idOf));
      return (from[part] ?? []).map(idOf).filter((id) => there.has(id));
    };
    const [old, next] = [common(before, after), common(after, before)];
    if (old.join(' ') !== next.join(' ')) changes.push({ part: 'order', id: part, name: { zh: '', en: '' }, kind: 'changed', fields: [{ path: [part], before: firstMoved(old, next), after: firstMoved(next, old) }] });
  }
  return changes;
}

function entriesDifference(part: ListPart, before: readonly Loose[], after: readonly Loose[]): EntryChange[] {
  const old = new Map(before.map((entry) => [idOf(entry), entry]));
  const next = new Map(after.map((entry) => [idOf(entry), entry]));
  return [
    ...[...next].flatMap(([id, entry]): EntryChange[] => {
      const was = old.get(id);
      if (!was) return [{ part, id, name: nameOf(entry), kind: 'added', fields: [] }];
      const fields = fieldChanges(was, entry);
      return fields.length > 0 ? [{ part, id, name: nameOf(entry), kind: 'changed', fields }] : [];
    }),
    ...[...old].flatMap(([id, entry]): EntryChange[] => (next.has(id) ? [] : [{ part, id, name: nameOf(entry), kind: 'removed', fields: [] }])),
  ];
}

/** Field by field. What stands in a list and has an id is compared with what has the same id; other lists by place. */
export function fieldChanges(before: unknown, after: unknown, path: readonly string[] = []): FieldChange[] {
  if (isObject(before) && isObject(after)) {
    const names = [...new Set([...Object.keys(before), ...Object.keys(after)])];
    return names.flatMap((name) => fieldChanges(before[name], after[name], [...path, name]));
  }
  if (Array.isArray(before) && Array.isArray(after)) return fieldChanges(byKey(before), byKey(after), path);
  return Object.is(before, after) || JSON.stringify(before) === JSON.stringify(after) ? [] : [{ path, before, after }];
}

/** Every field that holds no others, by the way to it, as `fieldChanges` goes it. */
export function leavesOf(value: unknown, path: readonly string[] = []): readonly (readonly [path: readonly string[], value: unknown])[] {
  const inner = Array.isArray(value) ? byKey(value) : value;
  return isObject(inner) ? Object.entries(inner).flatMap(([name, held]) => leavesOf(held, [...path, name])) : [[path, value]];
}

function byKey(list: readonly unknown[]): Loose {
  return Object.fromEntries(list.map((entry, index) => [isObject(entry) && typeof entry['id'] === 'string' ? entry['id'] : String(index + 1), entry]));
}

function firstMoved(list: readonly string[], other: readonly string[]): string {
  return list.find((id, index) => other[index] !== id) ?? '';
}

function idOf(entry: Loose): string {
  return String(entry['id'] ?? '');
}

function nameOf(entry: Loose): { readonly zh: string; readonly en: string } {
  const name = entry['name'] ?? entry['question'];
  return isObject(name) ? { zh: String(name['zh'] ?? ''), en: String(name['en'] ?? '') } : { zh: '', en: '' };
}

function isObject(value: unknown): value is Loose {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}
