import './fleet.css';
import { Suspense, lazy, useState } from 'react';
import type { ReactNode } from 'react';
import type { FleetRow, KioskStateName } from '../../contract/api/fleet.ts';
import { fleetFilters, kioskStates, listFleet, listGroups, listPlaces } from '../../contract/api/fleet.ts';
import { useMe } from '../api/me.tsx';
import { useApi, useApiPages } from '../api/use-api.ts';
import { fleetTexts } from '../i18n/areas/fleet.ts';
import { useAreaTexts } from '../i18n/use-texts.tsx';
import { navigate } from '../router.tsx';
import { Button, ButtonLink } from '../ui/button.tsx';
import type { Column } from '../ui/data-table.tsx';
import { DataTable } from '../ui/data-table.tsx';
import { SelectField, Switch } from '../ui/field.tsx';
import { FilterBar, SearchField } from '../ui/filter-bar.tsx';
import { Icon } from '../ui/icon.tsx';
import { Empty, Page } from '../ui/page.tsx';
import { Loading, Trouble } from '../ui/trouble.tsx';
import { useFilters } from '../ui/use-filters.ts';
import { AddKioskDialog } from './add-kiosk.tsx';
import { CommandDialog } from './command-dialog.tsx';
import { Clock, Marks, Paper, Queue, Seen, Why } from './glance.tsx';
import { kioskPath } from './paths.ts';
import { StateBadge } from './state-badge.tsx';

const FleetMap = lazy(async () => ({ default: (await import('./map.tsx')).FleetMap }));
/** A kiosk that fell silent sends no news of it. */
const refreshMs = 20_000;

export function FleetPage() {
  const texts = useAreaTexts(fleetTexts);
  const { may } = useMe();
  const [filters, setFilters] = useFilters(fleetFilters);
  const [{ view }, setView] = useView();
  const [open, setOpen] = useState<'add' | 'command'>();
  const { pages, failure, isLoading, isMore, more, again } = useApiPages(listFleet, { query: filters }, ({ next }) => (next === null ? undefined : { after: next }), { everyMs: refreshMs });
  const groups = useApi(listGroups).data?.groups ?? [];
  const first = pages?.[0];
  const rows = pages?.flatMap(({ kiosks }) => kiosks) ?? [];
  const total = first ? Object.values(first.counts).reduce((sum, count) => sum + count, 0) : 0;
  const isFiltered = Object.values(filters).some((value) => value !== undefined && value !== '');
  const clear = () => setFilters({ search: '', state: '', group: '', app: '', alarms: '' });

  return (
    <Page
      title={texts.title}
      {...(first ? { lead: texts.lead(total) } : {})}
      actions={(
        <>
          <ButtonLink to="/fleet/-/groups">{texts.groups}</ButtonLink>
          <ButtonLink to="/fleet/-/settings">{texts.settings}</ButtonLink>
          {may('fleet.steer') && <Button onPress={() => setOpen('command')}>{texts.commandMany}</Button>}
          {may('fleet.enrol') && <Button look="main" onPress={() => setOpen('add')}><Icon name="plus" />{texts.addKiosk}</Button>}
        </>
      )}
      filters={(
        <FilterBar onClear={isFiltered ? clear : undefined}>
          <SearchField label={texts.search} value={filters.search ?? ''} onChange={(search) => setFilters({ search }, { replace: true })} placeholder={texts.searchHint} />
          <SelectField label={texts.state} items={[{ id: '', name: texts.anyState }, ...kioskStates.map((id) => ({ id, name: `${texts.states[id]}${first ? ` (${first.counts[id] ?? 0})` : ''}` }))]} value={filters.state ?? ''} onChange={(state) => setFilters({ state })} />
          <SelectField label={texts.group} items={[{ id: '', name: texts.anyGroup }, ...groups.map(({ groupId, name }) => ({ id: groupId, name }))]} value={filters.group ?? ''} onChange={(group) => setFilters({ group })} />
          <SelectField label={texts.version} items={[{ id: '', name: texts.anyVersion }, ...(first?.apps ?? []).map((id) => ({ id, name: id }))]} value={filters.app ?? ''} onChange={(app) => setFilters({ app })} />
          <Switch value={filters.alarms === 'yes'} onChange={(on) => setFilters({ alarms: on ? 'yes' : '' })}>{texts.onlyAlarms}</Switch>
          <div className="k-switch fleet-view" role="group" aria-label={texts.view}>
            <button type="button" aria-pressed={view !== 'map'} onClick={() => setView({ view: '' })}>{texts.list}</button>
            <button type="button" aria-pressed={view === 'map'} onClick={() => setView({ view: 'map' })}>{texts.map}</button>
          </div>
        </FilterBar>
      )}
    >
      <Trouble failure={failure} onAgain={again} />
      {view === 'map' ? <MapView filters={filters} /> : (
        <FleetTable
          rows={rows} isLoading={isLoading} isMore={isMore} onMore={more}
          empty={failure ? null : isFiltered ? <Empty title={texts.noMatchTitle} text={texts.noMatchText} action={<Button onPress={clear}>{texts.anyState}</Button>} />
            : <Empty title={texts.noKiosksTitle} text={texts.noKiosksText} action={may('fleet.enrol') && <Button look="main" onPress={() => setOpen('add')}>{texts.addKiosk}</Button>} />}
        />
      )}
      <AddKioskDialog isOpen={open === 'add'} onClose={() => setOpen(undefined)} />
      {open === 'command' && <CommandDialog groups={groups} onClose={() => setOpen(undefined)} onBatch={(batchId) => navigate(`/fleet/-/batch/${batchId}`)} />}
    </Page>
  );
}

interface FleetTableProps {
  readonly rows: readonly FleetRow[];
  readonly isLoading: boolean;
  readonly isMore: boolean;
  readonly onMore: () => void;
  readonly empty: ReactNode;
}

function FleetTable({ rows, isLoading, isMore, onMore, empty }: FleetTableProps) {
  const texts = useAreaTexts(fleetTexts);
  const columns: readonly Column<FleetRow>[] = [
    { id: 'kiosk', name: texts.kiosk, isRowHeader: true, cell: ({ name, kioskId, place }) => <>{name}<span className="k-other">{[name === kioskId ? '' : kioskId, place].filter(Boolean).join(', ')}</span></> },
    { id: 'state', name: texts.state, cell: ({ state }) => <StateBadge state={state} /> },
    { id: 'why', name: texts.reason, cell: (row) => <Why row={row} /> },
    { id: 'marks', name: texts.alarms, cell: (row) => <Marks row={row} /> },
    { id: 'seen', name: texts.seen, cell: ({ lastSeenAt }) => <Seen at={lastSeenAt} /> },
    { id: 'paper', name: texts.paper, cell: ({ paper }) => <Paper paper={paper} />, hideBelow: 'narrow' },
    { id: 'queue', name: texts.queue, cell: ({ lagMs }) => <Queue lagMs={lagMs} />, hideBelow: 'medium' },
    { id: 'clock', name: texts.clock, cell: ({ skewMs }) => <Clock skewMs={skewMs} />, hideBelow: 'medium' },
    { id: 'app', name: texts.version, cell: ({ app }) => app ?? '–', hideBelow: 'medium' },
  ];
  return <DataTable label={texts.title} rows={rows} columns={columns} rowKey={({ kioskId }) => kioskId} href={({ kioskId }) => kioskPath(kioskId)} isLoading={isLoading} isMore={isMore} onMore={onMore} empty={empty} />;
}

function MapView({ filters }: { readonly filters: { readonly state?: KioskStateName | undefined } }) {
  const { data, error, refetch } = useApi(listPlaces, { query: filters }, { everyMs: refreshMs, keepsLast: true });
  if (!data) return error ? <Trouble failure={error} onAgain={() => void refetch()} /> : <Loading />;
  return <Suspense fallback={<Loading />}><FleetMap places={data.places} without={data.without} /></Suspense>;
}

/** A list, or a map: kept in the address, too. */
function useView() {
  return useFilters<{ readonly view?: string | undefined }>(viewSchema);
}

const viewSchema = {
  shape: { view: true },
  safeParse: (value: unknown) => ({ success: true, data: { view: (value as { view?: unknown }).view === 'map' ? 'map' : undefined } }) as const,
};
