import './overview.css';
import { useSyncExternalStore } from 'react';
import { currencySchema, formatMoney, money } from '../../../domain/money.ts';
import type { Alert } from '../../contract/api/alerts.ts';
import { listAlerts } from '../../contract/api/alerts.ts';
import type { FleetRow, KioskStateName } from '../../contract/api/fleet.ts';
import { kioskStates, listFleet } from '../../contract/api/fleet.ts';
import { listHelpCalls } from '../../contract/api/help.ts';
import { readSales } from '../../contract/api/reports.ts';
import { useMe } from '../api/me.tsx';
import { useApi } from '../api/use-api.ts';
import { AlarmKind } from '../alerts/alarm-kind.tsx';
import { kioskPath } from '../fleet/paths.ts';
import { Seen, Why } from '../fleet/glance.tsx';
import { StateBadge } from '../fleet/state-badge.tsx';
import { overviewTexts } from '../i18n/areas/overview.ts';
import { useAreaTexts } from '../i18n/use-texts.tsx';
import { Link } from '../router.tsx';
import { Badge } from '../ui/badge.tsx';
import { ButtonLink } from '../ui/button.tsx';
import { DataTable } from '../ui/data-table.tsx';
import { Icon } from '../ui/icon.tsx';
import { Page, Section } from '../ui/page.tsx';
import { Ago } from '../ui/time.tsx';
import { Loading, Trouble } from '../ui/trouble.tsx';

const refreshMs = 20_000;
const tones = { urgent: 'bad', warning: 'warn', notice: 'quiet' } as const;
const salesEveryMs = 60_000;
const shownRows = 12;

/** What needs a person now. */
export function OverviewPage() {
  const texts = useAreaTexts(overviewTexts);
  const { may } = useMe();
  const fleet = useApi(listFleet, { query: { limit: 50 } }, { everyMs: refreshMs });
  const alerts = useApi(listAlerts, { query: { state: 'open', limit: shownRows } }, { everyMs: refreshMs, isEnabled: may('alerts.see') });
  const calls = useApi(listHelpCalls, {}, { everyMs: refreshMs });
  const troubled = (fleet.data?.kiosks ?? []).filter(({ state, isCloned, keysWaiting }) => (state !== 'selling' && state !== 'unknown') || isCloned || keysWaiting > 0).slice(0, shownRows);
  const total = Object.values(fleet.data?.counts ?? {}).reduce((sum, count) => sum + count, 0);
  const isWell = fleet.data && alerts.data && total > 0 && troubled.length === 0 && alerts.data.open === 0 && (calls.data?.calls.length ?? 0) === 0;
  return (
    <Page title={texts.title}>
      <Trouble failure={fleet.error ?? alerts.error} onAgain={() => { void fleet.refetch(); void alerts.refetch(); }} />
      {isWell && <div className="overview-well"><Icon name="check" /><p><strong>{texts.allWell}</strong> {texts.allWellText(total)}</p></div>}
      {fleet.data ? <Numbers counts={fleet.data.counts} /> : !fleet.error && <Loading />}
      <div className="k-columns">
        <Section title={texts.notSelling} actions={<ButtonLink look="quiet" to="/fleet">{texts.toFleet}</ButtonLink>}>
          <Troubled rows={troubled} />
        </Section>
        <Section title={texts.alerts} actions={<ButtonLink look="quiet" to="/alerts">{texts.toAlerts}</ButtonLink>}>
          <OpenAlerts alerts={alerts.data?.alerts ?? []} />
        </Section>
      </div>
    </Page>
  );
}

/** Orders of today, by this machine's day, and what they came to. */
function SalesToday() {
  const texts = useAreaTexts(overviewTexts);
  const today = useSyncExternalStore(eachMinute, dayToday);
  const { data } = useApi(readSales, { query: { from: today, to: today, by: 'day' } }, { everyMs: salesEveryMs });
  if (!data) return null;
  const currency = currencySchema.safeParse(data.currency);
  return <Link to="/reports"><strong>{currency.success ? formatMoney(money(data.total.amount, currency.data)) : '–'}</strong><span>{texts.today}: {texts.orders(data.total.orders)}</span></Link>;
}

function dayToday(): string {
  return new Date().toLocaleDateString('sv-SE');
}

function eachMinute(onChange: () => void): () => void {
  const timer = setInterval(onChange, 60_000);
  return () => clearInterval(timer);
}

function Numbers({ counts }: { readonly counts: Readonly<Partial<Record<KioskStateName, number>>> }) {
  const { may } = useMe();
  return (
    <div className="overview-numbers">
      {may('reports.see') && <SalesToday />}
      {[...kioskStates].reverse().filter((state) => state === 'selling' || (counts[state] ?? 0) > 0).map((state) => (
        <Link key={state} to={`/fleet?state=${state}`}><strong>{(counts[state] ?? 0).toLocaleString('en-GB')}</strong><span><StateBadge state={state} /></span></Link>
      ))}
    </div>
  );
}

function Troubled({ rows }: { readonly rows: readonly FleetRow[] }) {
  const texts = useAreaTexts(overviewTexts);
  return (
    <DataTable
      label={texts.notSelling} rows={rows} rowKey={({ kioskId }) => kioskId} href={({ kioskId }) => kioskPath(kioskId)} empty={<p className="k-note">{texts.everySells}</p>}
      columns={[
        { id: 'kiosk', name: texts.kiosk, isRowHeader: true, cell: ({ name, place }) => <>{name}{place && <span className="k-other">{place}</span>}</> },
        { id: 'state', name: texts.state, cell: (row) => <><StateBadge state={row.state} />{(row.troubles.length > 0 || row.reasons.length > 0) && <span className="k-other"><Why row={row} /></span>}</> },
        { id: 'seen', name: texts.when, cell: ({ lastSeenAt }) => <Seen at={lastSeenAt} />, hideBelow: 'narrow' },
      ]}
    />
  );
}

function OpenAlerts({ alerts }: { readonly alerts: readonly Alert[] }) {
  const texts = useAreaTexts(overviewTexts);
  return (
    <DataTable
      label={texts.alerts} rows={alerts} rowKey={({ alertId }) => alertId} empty={<p className="k-note">{texts.noAlerts}</p>}
      columns={[
        { id: 'what', name: texts.what, isRowHeader: true, cell: ({ kind, severity }) => <Badge tone={tones[severity]} icon="bell"><AlarmKind kind={kind} /></Badge> },
        { id: 'kiosk', name: texts.kiosk, cell: ({ kioskId, kioskName }) => <Link to={kioskPath(kioskId)} className="k-link">{kioskName}</Link> },
        { id: 'at', name: texts.when, cell: ({ lastAt }) => <Ago at={lastAt} /> },
      ]}
    />
  );
}
