import { z } from 'zod';
import type { Alert } from '../../contract/api/alerts.ts';
import { alertKindSchema, alertKinds, alertOwnerSchema, listAlerts } from '../../contract/api/alerts.ts';
import { useMe } from '../api/me.tsx';
import { useApiPages } from '../api/use-api.ts';
import { alertTexts } from '../i18n/areas/alerts.ts';
import { useAreaTexts } from '../i18n/use-texts.tsx';
import { Badge } from '../ui/badge.tsx';
import { DataTable } from '../ui/data-table.tsx';
import { SelectField } from '../ui/field.tsx';
import { FilterBar } from '../ui/filter-bar.tsx';
import { Empty, Page } from '../ui/page.tsx';
import { Tabs } from '../ui/tabs.tsx';
import { Ago, Time } from '../ui/time.tsx';
import { Trouble } from '../ui/trouble.tsx';
import { useFilters } from '../ui/use-filters.ts';
import { AlarmKind } from './alarm-kind.tsx';
import { AlertSheet } from './alert-sheet.tsx';
import { AlertState, toneOf } from './alert-words.tsx';
import { Rules } from './rules.tsx';
import { Webhooks } from './webhooks.tsx';

const filtersSchema = z.object({
  view: z.enum(['open', 'unseen', 'ended', 'rules', 'webhooks']).default('open'),
  kiosk: alertOwnerSchema.optional(), kind: alertKindSchema.optional(),
  /** "kiosk~alert": the one in the side sheet. */
  shown: z.string().max(120).optional(),
});

/** What needs somebody, what was, by which rules, and whom HQ tells. */
export function AlertsPage() {
  const texts = useAreaTexts(alertTexts);
  const { may } = useMe();
  const [filters, setFilters] = useFilters(filtersSchema);
  const list = (state: 'open' | 'unseen' | 'ended') => <AlertList state={state} />;
  return (
    <Page title={texts.title}>
      <Tabs
        label={texts.title}
        selected={filters.view}
        onSelect={(view) => setFilters({ view, shown: undefined })}
        items={[
          { id: 'open', name: texts.open, content: list('open') },
          { id: 'unseen', name: texts.unseen, content: list('unseen') },
          { id: 'ended', name: texts.ended, content: list('ended') },
          { id: 'rules', name: texts.rules, content: <Rules /> },
          ...(may('alerts.edit') ? [{ id: 'webhooks', name: texts.webhooks, content: <Webhooks /> }] : []),
        ]}
      />
    </Page>
  );
}

function AlertList({ state }: { readonly state: 'open' | 'unseen' | 'ended' }) {
  const texts = useAreaTexts(alertTexts);
  const [{ kiosk, kind, shown }, setFilters] = useFilters(filtersSchema);
  const { pages, failure, isLoading, isMore, more, again } = useApiPages(listAlerts, { query: { state, kiosk, kind, limit: 50 } }, ({ next }) => (next === null ? undefined : { before: next }), { everyMs: 15_000 });
  const alerts = pages?.flatMap((page) => page.alerts) ?? [];
  const keyOf = ({ kioskId, alertId }: Alert) => `${kioskId}~${alertId}`;
  const current = alerts.find((alert) => keyOf(alert) === shown);
  const first = pages?.[0];
  return (
    <>
      <p className="k-lead" role="status">{first ? texts.lead(first.open, first.unseen) : ''}</p>
      <FilterBar onClear={kiosk || kind ? () => setFilters({ kiosk: undefined, kind: undefined }) : undefined}>
        <SelectField label={texts.kindFilter} value={kind ?? 'all'} onChange={(id) => setFilters({ kind: id === 'all' ? undefined : id })} items={[{ id: 'all', name: texts.allKinds }, ...alertKinds.map((id) => ({ id, name: texts.kinds[id].name }))]} />
      </FilterBar>
      <Trouble failure={failure} onAgain={again} />
      <DataTable
        label={texts.title}
        rows={alerts}
        rowKey={keyOf}
        currentKey={shown}
        href={(alert) => `/alerts?${new URLSearchParams({ view: state, ...(kiosk ? { kiosk } : {}), ...(kind ? { kind } : {}), shown: keyOf(alert) })}`}
        isLoading={isLoading}
        isMore={isMore}
        onMore={more}
        empty={<Empty title={texts.noneTitle} text={state === 'ended' ? texts.noneEnded : texts.noneText} />}
        columns={[
          { id: 'what', name: texts.what, isRowHeader: true, cell: ({ kind: of }) => <AlarmKind kind={of} /> },
          { id: 'severity', name: texts.severityName, cell: ({ severity }) => <Badge tone={toneOf[severity]}>{texts.severity[severity]}</Badge> },
          { id: 'kiosk', name: texts.kiosk, cell: ({ kioskName }) => kioskName },
          { id: 'since', name: texts.since, cell: ({ at }) => <Time at={at} /> },
          { id: 'last', name: texts.last, hideBelow: 'medium', cell: ({ lastAt }) => <Ago at={lastAt} /> },
          { id: 'times', name: texts.times, align: 'end', hideBelow: 'medium', cell: ({ times }) => times },
          { id: 'state', name: texts.state, cell: (alert) => <AlertState alert={alert} /> },
        ]}
      />
      <AlertSheet alert={current} onClose={() => setFilters({ shown: undefined })} />
    </>
  );
}
