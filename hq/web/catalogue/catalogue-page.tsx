import { useRef, useState } from 'react';
import { dropDraft, readCatalogueScopes, readDraft, replaceDraft } from '../../contract/api/catalogue.ts';
import type { ScopeText } from '../../contract/api/scope.ts';
import { useMe } from '../api/me.tsx';
import { useAct, useApi } from '../api/use-api.ts';
import { catalogueTexts } from '../i18n/areas/catalogue.ts';
import { useAreaTexts } from '../i18n/use-texts.tsx';
import { Badge } from '../ui/badge.tsx';
import { Button } from '../ui/button.tsx';
import { ComboField } from '../ui/field.tsx';
import { Empty, Page } from '../ui/page.tsx';
import { Tabs } from '../ui/tabs.tsx';
import { Ago } from '../ui/time.tsx';
import { toast } from '../ui/toaster.tsx';
import { Loading, Trouble } from '../ui/trouble.tsx';
import { useFilters } from '../ui/use-filters.ts';
import './catalogue.css';
import { catalogueFilterSchema, catalogueViews } from './catalogue-filters.ts';
import { ConfirmButton } from './confirm-button.tsx';
import { DraftProvider, useDraft } from './draft-context.tsx';
import { DraftFailure } from './draft-failure.tsx';
import { EntryList } from './entry-list.tsx';
import { History } from './history.tsx';
import { OfferList } from './offer-list.tsx';
import { PublishSheet } from './publish-sheet.tsx';
import { Scenes } from './scenes.tsx';
import { scopeItems, scopeName } from './scope-items.ts';
import { SoldOut } from './sold-out.tsx';

/** What kiosks sell: one draft for each scope, its history, and what is off sale. */
export function CataloguePage() {
  const texts = useAreaTexts(catalogueTexts);
  const [{ scope }, setFilters] = useFilters(catalogueFilterSchema);
  const scopes = useApi(readCatalogueScopes);
  const draft = useApi(readDraft, { query: { scope: scope as ScopeText } }, { everyMs: 30_000 });
  const failure = scopes.error ?? draft.error;
  return (
    <Page title={texts.title} lead={texts.lead}>
      <Trouble failure={failure} {...(failure ? { onAgain: () => { void scopes.refetch(); void draft.refetch(); } } : {})} />
      {scopes.data && draft.data ? (
        <DraftProvider key={scope} loaded={draft.data}>
          <div className="cat-bar">
            <ComboField key={scopes.data.kiosks.length} label={texts.scope} value={scope} items={scopeItems(scopes.data, texts)} onChange={(next) => setFilters({ scope: next === 'all' ? undefined : next })} />
            <DraftBar name={scopeName(scopes.data, texts, scope)} />
          </div>
          <Views />
        </DraftProvider>
      ) : failure ? null : <Loading />}
    </Page>
  );
}

function Views() {
  const texts = useAreaTexts(catalogueTexts);
  const [{ view }, setFilters] = useFilters(catalogueFilterSchema);
  const contents = {
    offers: <OfferList />, categories: <EntryList part="categories" />, promotions: <EntryList part="promotions" />, scenes: <Scenes />, questions: <EntryList part="questions" />, soldOut: <SoldOut />, history: <History />,
  };
  const { loaded } = useDraft();
  return (
    <Tabs
      label={texts.views} selected={view} onSelect={(id) => setFilters({ view: id === 'offers' ? undefined : id, search: undefined, entry: undefined })}
      items={catalogueViews.map((id) => ({ id, name: texts.tabs[id], content: loaded.catalogue === null && id !== 'soldOut' && id !== 'history' ? <Nothing /> : contents[id] }))}
    />
  );
}

/** Whose draft it is, and the way to publish it. */
function DraftBar({ name }: { readonly name: string }) {
  const texts = useAreaTexts(catalogueTexts);
  const { may } = useMe();
  const { loaded, problems, changes } = useDraft();
  const [isOpen, setOpen] = useState(false);
  const dropping = useAct(dropDraft, { done: texts.dropped, invalidates: [readDraft, readCatalogueScopes] });
  const { scope, version, changedAt, changedBy, inForce } = loaded;
  return (
    <>
      <div className="cat-bar-state">
        {inForce && <span className="k-note">{texts.inForce(inForce.revision)}{inForce.scope !== scope && ` · ${texts.inherited}`}</span>}
        {version > 0 ? <>
          <Badge tone="warn" icon="clock">{texts.draftOf}</Badge>
          <span className="k-note">{texts.draftBy(changedBy ?? '')} {changedAt !== null && <Ago at={changedAt} />}</span>
          {problems.length > 0 && <Badge tone="bad">{texts.problems(problems.length)}</Badge>}
        </> : <Badge tone="good">{texts.noDraft}</Badge>}
      </div>
      {version > 0 && (
        <div className="k-actions">
          {may('catalogue.edit') && <ConfirmButton name={texts.drop} question={texts.dropSure} isBusy={dropping.isBusy} onConfirm={() => void dropping.act({ body: { scope, version } })} />}
          {may('catalogue.publish') && <Button look="main" onPress={() => setOpen(true)} isDisabled={changes.length === 0}>{texts.review}</Button>}
        </div>
      )}
      <DraftFailure failure={dropping.failure} />
      {isOpen && <PublishSheet name={name} onClose={() => setOpen(false)} />}
    </>
  );
}

const importLimit = 16_000_000;

/** HQ has none: one comes from a file. */
function Nothing() {
  const texts = useAreaTexts(catalogueTexts);
  const { loaded, mayEdit } = useDraft();
  const input = useRef<HTMLInputElement>(null);
  const replacing = useAct(replaceDraft, { done: texts.imported, invalidates: [readDraft, readCatalogueScopes] });
  const take = async (file: File | undefined) => {
    if (!file) return;
    const json = file.size > importLimit ? undefined : await file.text().then((text) => JSON.parse(text) as unknown).catch(() => undefined);
    if (typeof json !== 'object' || json === null || !Array.isArray((json as { offers?: unknown }).offers)) return toast(texts.importWrong);
    await replacing.act({ body: { scope: loaded.scope, version: loaded.version, catalogue: json as Record<string, unknown> } });
  };
  return (
    <Empty title={texts.nothing} text={texts.nothingText} action={mayEdit ? <>
      <input ref={input} type="file" accept="application/json,.json" hidden aria-label={texts.import} onChange={(event) => void take(event.target.files?.[0])} />
      <Button look="main" isBusy={replacing.isBusy} onPress={() => input.current?.click()}>{texts.import}</Button>
      <DraftFailure failure={replacing.failure} />
    </> : undefined} />
  );
}
