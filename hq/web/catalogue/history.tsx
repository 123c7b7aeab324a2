import { useState } from 'react';
import { alertWords } from '../../contract/alert-words.ts';
import { cancelPlanned, readCatalogueScopes, readDifference, readDraft, readHistory, rollBack, withdrawCatalogue } from '../../contract/api/catalogue.ts';
import type { ScopeText } from '../../contract/api/scope.ts';
import { useMe } from '../api/me.tsx';
import { useAct, useApi, useApiPages } from '../api/use-api.ts';
import { catalogueTexts } from '../i18n/areas/catalogue.ts';
import { formatFullTime } from '../i18n/times.ts';
import { useAreaTexts, useLanguage } from '../i18n/use-texts.tsx';
import { Badge } from '../ui/badge.tsx';
import { Button } from '../ui/button.tsx';
import { DataTable } from '../ui/data-table.tsx';
import { SideSheet } from '../ui/dialog.tsx';
import { Empty, Section } from '../ui/page.tsx';
import { Time } from '../ui/time.tsx';
import { Loading, Trouble } from '../ui/trouble.tsx';
import { ChangeList } from './change-list.tsx';
import { ConfirmButton } from './confirm-button.tsx';
import { useDraft } from './draft-context.tsx';
import { DraftFailure } from './draft-failure.tsx';

/** Every revision of this scope with what it changed, the way back to it, and what is planned. */
export function History() {
  const texts = useAreaTexts(catalogueTexts);
  const { may } = useMe();
  const { loaded: { scope, inForce } } = useDraft();
  const [opened, setOpened] = useState<number>();
  const { pages, failure, isLoading, isMore, more, again } = useApiPages(readHistory, { query: { scope: scope as ScopeText } }, (page) => (page.more ? { before: page.revisions.at(-1)?.revision } : undefined));
  const cancelling = useAct(cancelPlanned, { done: texts.cancelled, invalidates: [readHistory] });
  const withdrawing = useAct(withdrawCatalogue, { done: texts.withdrawn, invalidates: [readHistory, readDraft, readCatalogueScopes] });
  const planned = pages?.[0]?.planned ?? [];
  const rows = pages?.flatMap(({ revisions }) => revisions) ?? [];
  const mayPublish = may('catalogue.publish');
  return (
    <>
      <Trouble failure={failure ?? cancelling.failure} {...(failure ? { onAgain: again } : {})} />
      <DraftFailure failure={withdrawing.failure} />
      {planned.length > 0 && (
        <Section title={texts.plannedTitle}>
          <DataTable label={texts.plannedTitle} rows={planned} rowKey={({ publicationId }) => publicationId} columns={[
            { id: 'at', name: texts.plannedFor, isRowHeader: true, cell: ({ at }) => <Time at={at} /> },
            { id: 'state', name: texts.state, cell: ({ state, detail, facts, revision }) => <><Badge tone={state === 'failed' ? 'bad' : state === 'waiting' ? 'warn' : state === 'published' ? 'good' : 'quiet'}>{texts.planStates[state]}</Badge>{revision !== null && <span className="k-other">{texts.revision} {revision}</span>}{detail !== null && <PlanDetail detail={detail} facts={facts} />}</> },
            { id: 'by', name: '', cell: ({ plannedBy }) => texts.by(plannedBy) },
            { id: 'cancel', name: '', align: 'end', cell: ({ state, publicationId }) => (state === 'waiting' && mayPublish ? <Button isBusy={cancelling.isBusy} onPress={() => void cancelling.act({ params: { publication: publicationId } })}>{texts.cancelPlan}</Button> : '') },
          ]} />
        </Section>
      )}
      {scope !== 'all' && inForce?.scope === scope && mayPublish && <div className="k-actions"><ConfirmButton name={texts.withdraw} question={texts.withdrawSure} isBusy={withdrawing.isBusy} onConfirm={() => void withdrawing.act({ body: { scope, over: inForce.revision } })} /></div>}
      <DataTable
        label={texts.tabs.history} rows={rows} rowKey={({ revision }) => String(revision)} currentKey={String(opened)} isMore={isMore} onMore={more} isLoading={isLoading} empty={<Empty title={texts.noHistory} text={texts.noHistoryText} />}
        columns={[
          { id: 'revision', name: texts.revision, isRowHeader: true, cell: ({ revision }) => <button type="button" className="cat-row-button" onClick={() => setOpened(revision)}>{revision}</button> },
          { id: 'at', name: texts.publishedAt, cell: ({ publishedAt }) => <Time at={publishedAt} /> },
          { id: 'by', name: '', cell: ({ publishedBy }) => texts.by(publishedBy) },
          { id: 'state', name: texts.state, cell: ({ isInForce, withdrawnAt, hasText }) => (isInForce ? <Badge tone="good">{texts.inForceNow}</Badge> : withdrawnAt !== null ? <Badge tone="quiet">{texts.withdrawnAt}</Badge> : hasText ? '' : <span className="k-nothing">{texts.noText}</span>) },
        ]}
      />
      {opened !== undefined && <RevisionSheet revision={opened} isInForce={rows.find(({ revision }) => revision === opened)?.isInForce ?? false} onClose={() => setOpened(undefined)} />}
    </>
  );
}

/** Why it was not published, in the reader's language and by the reader's clock, while HQ knows the facts. */
function PlanDetail({ detail, facts }: { readonly detail: string; readonly facts: unknown }) {
  const { language } = useLanguage();
  const words = alertWords('publication_failed', facts, (at) => formatFullTime(at, language))?.[language];
  return words === undefined ? <span className="k-other" lang="en">{detail}</span> : <span className="k-other">{words}</span>;
}

function RevisionSheet({ revision, isInForce, onClose }: { readonly revision: number; readonly isInForce: boolean; readonly onClose: () => void }) {
  const texts = useAreaTexts(catalogueTexts);
  const { may } = useMe();
  const { loaded: { scope, inForce }, catalogue } = useDraft();
  const { data, error } = useApi(readDifference, { query: { to: revision } });
  const rolling = useAct(rollBack, { done: (answer) => texts.rolledBack(answer.revision), invalidates: [readHistory, readDraft, readCatalogueScopes] });
  return (
    <SideSheet title={texts.differenceOf(revision)} isOpen onClose={onClose} actions={may('catalogue.publish') && !isInForce ? (
      <ConfirmButton look="main" name={texts.rollBack} question={texts.rollBackSure(revision)} isDisabled={!data} isBusy={rolling.isBusy} onConfirm={() => void rolling.act({ body: { scope, revision, over: inForce?.revision ?? null } }).then((done) => done && onClose())} />
    ) : undefined}>
      <DraftFailure failure={rolling.failure} />
      <Trouble failure={error} />
      {!data && !error && <Loading />}
      {data && <>
        {data.from !== null && <p className="k-note">{texts.against(data.from)}</p>}
        {data.changes.length === 0 ? <p>{texts.nothingChanged}</p> : <ChangeList changes={data.changes} currency={catalogue.currency} />}
      </>}
    </SideSheet>
  );
}
