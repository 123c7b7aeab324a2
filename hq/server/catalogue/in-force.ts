import type { DocumentKind } from '../../../domain/contract/hq-down.ts';
import type { LooseCatalogue } from '../../contract/catalogue/difference.ts';
import type { Queries } from '../database.ts';
import type { Scope } from '../down/publish.ts';

export interface Applied {
  readonly revision: number;
  readonly scope: Scope;
  readonly text: string;
  readonly publishedAt: number;
  readonly publishedBy: string;
}

/** What applies to a scope: its own, or what is more general. For a kiosk its own, its groups' newest, that for all; for a group its own, then that for all. */
export async function readApplied(sql: Queries, kind: DocumentKind, scope: Scope): Promise<Applied | undefined> {
  const groups = scope.startsWith('kiosk:') ? await sql<{ scope: Scope }[]>`select 'group:' || group_id as scope from kiosk_group_members where kiosk_id = ${scope.slice('kiosk:'.length)}` : [];
  const rows = await sql<Applied[]>`
    select distinct on (scope) scope, revision, text, published_at as "publishedAt", published_by as "publishedBy" from documents
    where kind = ${kind} and withdrawn_at is null and scope in ${sql([scope, 'all', ...groups.map((group) => group.scope)])} order by scope, revision desc`;
  const newestFirst = rows.filter(({ text }) => text !== null).toSorted((a, b) => b.revision - a.revision);
  return newestFirst.find((row) => row.scope === scope) ?? newestFirst.find((row) => row.scope !== 'all') ?? newestFirst[0];
}

/** The text was checked when it was published: it is read as it is. */
export function looseOf(text: string): LooseCatalogue {
  return JSON.parse(text) as LooseCatalogue;
}

/** As it rests: an entry a line, so that a delta of two revisions is small (domain/sync/text-delta.ts). */
export function catalogueText(catalogue: unknown): string {
  return JSON.stringify(catalogue, null, 1);
}

/** With the document's number as its own, so that an order's catalogue revision names the document. Its text is the catalogue's, otherwise untouched. */
export function withRevision(kind: DocumentKind, text: string): string | ((revision: number) => string) {
  return kind === 'catalogue' ? (revision) => catalogueText({ ...(JSON.parse(text) as object), revision }) : text;
}

export interface OfferName { readonly zh: string; readonly en: string }

export interface KnownOffer {
  readonly name: OfferName;
  /** The catalogue's picture, as JSON. */
  readonly picture: unknown;
}

/** Offers by id, of all catalogues that are in force anywhere: read again only when one was published since. */
export function createOfferNames(sql: Queries): { readonly read: () => Promise<ReadonlyMap<string, KnownOffer>> } {
  let known: { readonly key: string; readonly names: ReadonlyMap<string, KnownOffer> } | undefined;
  return {
    read: async () => {
      const rows = await sql<{ scope: string; revision: number }[]>`
        select distinct on (scope) scope, revision from documents where kind = 'catalogue' and withdrawn_at is null order by scope, revision desc`;
      const key = rows.map(({ revision }) => revision).join(' ');
      if (known?.key === key) return known.names;
      const names = new Map<string, KnownOffer>();
      // Oldest first, so that the newest name stands, and what is for all goes before what is for one.
      for (const { revision } of rows.toSorted((a, b) => Number(a.scope === 'all') - Number(b.scope === 'all') || a.revision - b.revision)) {
        const [row] = await sql<{ text: string | null }[]>`select text from documents where kind = 'catalogue' and revision = ${revision}`;
        for (const offer of row?.text ? (looseOf(row.text).offers ?? []) : []) names.set(String(offer['id']), { name: offer['name'] as OfferName, picture: offer['picture'] ?? null });
      }
      known = { key, names };
      return names;
    },
  };
}
