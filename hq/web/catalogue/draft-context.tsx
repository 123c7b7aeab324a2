import { createContext, use, useMemo } from 'react';
import type { ReactNode } from 'react';
import type { DraftChange } from '../../contract/api/catalogue.ts';
import { changeDraft, readCatalogueScopes, readDraft } from '../../contract/api/catalogue.ts';
import type { ApiAnswer } from '../../contract/api/route.ts';
import type { EntryChange, LooseCatalogue } from '../../contract/catalogue/difference.ts';
import { catalogueDifference } from '../../contract/catalogue/difference.ts';
import type { CallFailure } from '../api/call.ts';
import { useMe } from '../api/me.tsx';
import { useAct } from '../api/use-api.ts';
import type { Editing } from '../edit/use-editing.ts';
import { useEditing } from '../edit/use-editing.ts';
import { catalogueTexts } from '../i18n/areas/catalogue.ts';
import { useAreaTexts } from '../i18n/use-texts.tsx';
import type { Problem } from './loose.ts';
import { problemsOf } from './loose.ts';

export type LoadedDraft = ApiAnswer<typeof readDraft>;

export interface DraftWork {
  readonly loaded: LoadedDraft;
  readonly catalogue: LooseCatalogue;
  readonly problems: readonly Problem[];
  /** Against what is in force. */
  readonly changes: readonly EntryChange[];
  readonly mayEdit: boolean;
  /** @param seen the version that its author saw when they began: the draft is read again by itself meanwhile, and what others did since is not written over unseen. @returns whether it is in the draft; `failure` says why not */
  readonly change: (changes: readonly DraftChange[], seen?: number) => Promise<boolean>;
  readonly isBusy: boolean;
  readonly failure: CallFailure | null;
  readonly forget: () => void;
}

const DraftContext = createContext<DraftWork | undefined>(undefined);

export function useDraft(): DraftWork {
  const draft = use(DraftContext);
  if (!draft) throw new Error('useDraft: outside the catalogue page');
  return draft;
}

/** A part of the draft as a person edits it, while everybody else does. */
export function useDraftEditing<T>(value: T): Editing<T> {
  const { loaded: { version, changedBy, changedAt } } = useDraft();
  const editing = useEditing<T>({ version, by: changedBy, at: changedAt, value });
  const { newer, over } = editing;
  // The draft says who made its last change: of several since, perhaps another part's.
  return newer && newer.version !== over.version + 1 ? { ...editing, newer: { ...newer, by: null, at: null } } : editing;
}

/** The draft that everybody edits, with what is wrong with it and what it changes. */
export function DraftProvider({ loaded, children }: { readonly loaded: LoadedDraft; readonly children: ReactNode }) {
  const texts = useAreaTexts(catalogueTexts);
  const { may } = useMe();
  const changing = useAct(changeDraft, { done: texts.saved, invalidates: [readDraft, readCatalogueScopes] });
  const catalogue = useMemo(() => (loaded.catalogue ?? {}) as LooseCatalogue, [loaded.catalogue]);
  const problems = useMemo(() => problemsOf(catalogue), [catalogue]);
  const changes = useMemo(() => (loaded.version === 0 ? [] : catalogueDifference((loaded.inForce?.catalogue ?? {}) as LooseCatalogue, catalogue)), [loaded, catalogue]);
  const work: DraftWork = {
    loaded, catalogue, problems, changes, mayEdit: may('catalogue.edit'), isBusy: changing.isBusy, failure: changing.failure, forget: changing.forget,
    change: async (parts, seen = loaded.version) => (await changing.act({ body: { scope: loaded.scope, version: seen, changes: [...parts] } })) !== undefined,
  };
  return <DraftContext value={work}>{children}</DraftContext>;
}
