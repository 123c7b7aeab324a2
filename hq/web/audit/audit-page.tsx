import { auditOutcomes, checkHqAudit, readHqAudit } from '../../contract/api/audit.ts';
import { useAct, useApiPages } from '../api/use-api.ts';
import { peopleTexts } from '../i18n/areas/people.ts';
import { useAreaTexts } from '../i18n/use-texts.tsx';
import { Badge } from '../ui/badge.tsx';
import { Button } from '../ui/button.tsx';
import { DataTable } from '../ui/data-table.tsx';
import { SelectField } from '../ui/field.tsx';
import { FilterBar, SearchField } from '../ui/filter-bar.tsx';
import { Empty, Page } from '../ui/page.tsx';
import { Time } from '../ui/time.tsx';
import { Trouble } from '../ui/trouble.tsx';
import { useFilters } from '../ui/use-filters.ts';

const toneOf = { begun: 'warn', done: 'good', refused: 'warn', failed: 'bad' } as const;

/** What was done at HQ, and by whom. */
export function AuditPage() {
  const { audit: texts, roles } = useAreaTexts(peopleTexts);
  const [{ account, outcome, words }, setFilters] = useFilters(readHqAudit.query);
  const { pages, failure, isLoading, isMore, more, again } = useApiPages(readHqAudit, { query: { account, outcome, words, limit: 50 } }, ({ next }) => (next === null ? undefined : { before: next }));
  const check = useAct(checkHqAudit, { invalidates: [readHqAudit] });
  const state = pages?.[0]?.state;
  const roleName = (role: string) => (roles as Readonly<Record<string, string>>)[role] ?? '';
  return (
    <Page title={texts.title} lead={texts.lead} actions={<Button isBusy={check.isBusy} onPress={() => void check.act({})}>{texts.check}</Button>}>
      {state && (
        <p className="k-lead" role="status">
          {state.trouble !== '' ? <Badge tone="bad">{`${texts.broken}: ${state.trouble}`}</Badge> : state.checkedAt === null ? <Badge tone="quiet">{texts.unchecked}</Badge> : <Badge tone="good">{texts.whole(state.checkedTo ?? 0)}</Badge>}
          {state.checkedAt !== null && <> {texts.checkedAt} <Time at={state.checkedAt} /></>}
        </p>
      )}
      <FilterBar onClear={account || outcome || words ? () => setFilters({ account: undefined, outcome: undefined, words: undefined }) : undefined}>
        <SearchField label={texts.words} value={words ?? ''} onChange={(text) => setFilters({ words: text })} />
        <SearchField label={texts.account} value={account ?? ''} onChange={(text) => setFilters({ account: text })} />
        <SelectField label={texts.outcome} value={outcome ?? 'any'} onChange={(id) => setFilters({ outcome: id === 'any' ? undefined : id })} items={[{ id: 'any', name: texts.any }, ...auditOutcomes.map((id) => ({ id, name: texts.outcomes[id] }))]} />
      </FilterBar>
      <Trouble failure={failure ?? check.failure} onAgain={again} />
      <DataTable
        label={texts.title}
        rows={pages?.flatMap(({ entries }) => entries) ?? []}
        rowKey={({ number }) => String(number)}
        isLoading={isLoading}
        isMore={isMore}
        onMore={more}
        empty={<Empty title={texts.emptyTitle} text={texts.emptyText} />}
        columns={[
          { id: 'number', name: texts.number, align: 'end', hideBelow: 'medium', cell: ({ number }) => number },
          { id: 'at', name: texts.at, cell: ({ at }) => <Time at={at} /> },
          { id: 'who', name: texts.who, cell: ({ account: name, role, address }) => <>{name === '' ? texts.nobody : name} <span className="k-other">{[roleName(role), address].filter((word) => word !== '').join(' · ')}</span></> },
          { id: 'act', name: texts.act, isRowHeader: true, cell: ({ summary, route }) => <>{summary} <span className="k-other k-mono">{route}</span></> },
          { id: 'subject', name: texts.subject, cell: ({ subject, detail }) => <>{subject} <span className="k-other">{detail}</span></> },
          { id: 'outcome', name: texts.outcome, cell: ({ outcome: ended }) => <Badge tone={toneOf[ended]}>{texts.outcomes[ended]}</Badge> },
        ]}
      />
    </Page>
  );
}
