import { catalogueSchema } from '../../../domain/catalogue/catalogue.ts';
import type { Loose, LooseCatalogue } from '../../contract/catalogue/difference.ts';

export type Path = readonly (string | number)[];

/** What stands at a path of a draft; undefined where nothing does. */
export function getAt(value: unknown, path: Path): unknown {
  return path.reduce<unknown>((inner, name) => (typeof inner === 'object' && inner !== null ? (inner as Record<string | number, unknown>)[name] : undefined), value);
}

/** A copy with another value there; `undefined` takes the name away. */
export function setAt(value: unknown, path: Path, next: unknown): unknown {
  const [name, ...rest] = path;
  if (name === undefined) return next;
  if (typeof name === 'number') {
    const list = Array.isArray(value) ? [...value] : [];
    list[name] = setAt(list[name], rest, next);
    return list;
  }
  const inner = { ...(value as Loose | undefined) };
  const changed = setAt(inner[name], rest, next);
  if (changed === undefined) delete inner[name];
  else inner[name] = changed;
  return inner;
}

export interface Problem { readonly path: Path; readonly kind: 'missing' | 'small' | 'big' | 'format' | 'other'; readonly message: string }

/** Every problem of a draft, by the check that HQ and the kiosk make as well. */
export function problemsOf(catalogue: LooseCatalogue): readonly Problem[] {
  const checked = catalogueSchema.safeParse({ ...catalogue, revision: 1 });
  if (checked.success) return [];
  return checked.error.issues.map((issue) => {
    const path = issue.path.map((part) => (typeof part === 'number' ? part : String(part)));
    const held = getAt(catalogue, path);
    const kind = held === undefined || held === null || held === '' ? 'missing' : issue.code === 'too_small' ? 'small' : issue.code === 'too_big' ? 'big' : issue.code === 'invalid_format' ? 'format' : 'other';
    return { path, kind, message: issue.message };
  });
}

export function problemsUnder(problems: readonly Problem[], ...prefix: (string | number)[]): readonly Problem[] {
  return problems.filter(({ path }) => prefix.every((part, index) => path[index] === part)).map((problem) => ({ ...problem, path: problem.path.slice(prefix.length) }));
}

/** "12.5" to 1250; undefined where it is no amount. */
export function readAmount(text: string, exponent = 2): number | undefined {
  const found = /^\s*(\d{1,9})(?:[.,](\d*))?\s*$/.exec(text);
  if (!found) return undefined;
  const fraction = found[2] ?? '';
  return fraction.length > exponent ? undefined : Number(found[1]) * 10 ** exponent + Number(fraction.padEnd(exponent, '0') || '0');
}

export function writeAmount(minor: unknown, exponent = 2): string {
  return typeof minor === 'number' ? (minor / 10 ** exponent).toFixed(exponent).replace(/\.00$/, '') : '';
}

/** "tea, water" to what a list holds. */
export function readList(text: string): string[] {
  return text.split(/[,，、\n]/).map((part) => part.trim()).filter((part) => part !== '');
}

/** A text in both languages, as far as there is one. */
export function textOf(value: unknown): { readonly zh: string; readonly en: string } {
  const texts = (typeof value === 'object' && value !== null ? value : {}) as Loose;
  return { zh: String(texts['zh'] ?? ''), en: String(texts['en'] ?? '') };
}
