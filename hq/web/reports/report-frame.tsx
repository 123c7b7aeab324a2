import './reports.css';
import type { ReactNode } from 'react';
import { z } from 'zod';
import { salesBy } from '../../contract/api/reports.ts';
import { listOrderPlaces } from '../../contract/api/orders.ts';
import { useMe } from '../api/me.tsx';
import { useApi } from '../api/use-api.ts';
import { reportsTexts } from '../i18n/areas/reports.ts';
import { useAreaTexts } from '../i18n/use-texts.tsx';
import { Link } from '../router.tsx';
import { DownloadLink } from '../ui/button.tsx';
import { ComboField, DateField, SelectField } from '../ui/field.tsx';
import { FilterBar } from '../ui/filter-bar.tsx';
import { Page } from '../ui/page.tsx';
import { useFilters } from '../ui/use-filters.ts';

export const kinds = ['sales', 'payments', 'availability', 'feedback'] as const;
export type ReportKind = (typeof kinds)[number];

const filterSchema = z.object({
  from: z.iso.date().optional(), to: z.iso.date().optional(), kiosk: z.string().optional(), group: z.string().optional(), by: z.enum(salesBy).optional(), currency: z.string().optional(),
});

const spans = { yesterday: 1, week: 7, month: 30, quarter: 90, year: 365 } as const;
type Span = keyof typeof spans;
const dayMs = 86_400_000;

/** A day of whoever looks, so many days ago. */
function daysAgo(days: number): string {
  const now = new Date();
  const day = new Date(now.getFullYear(), now.getMonth(), now.getDate() - days);
  return `${day.getFullYear()}-${String(day.getMonth() + 1).padStart(2, '0')}-${String(day.getDate()).padStart(2, '0')}`;
}

/** The period that is asked for: by default the seven days that ended yesterday. */
export function useReportFilters() {
  const [filters, setFilters] = useFilters(filterSchema);
  const to = filters.to ?? daysAgo(1);
  const from = filters.from ?? daysAgo(7);
  const isValid = from <= to && Date.parse(to) - Date.parse(from) < 400 * dayMs;
  const query = { from, to, ...(filters.kiosk ? { kiosk: [filters.kiosk] } : {}), ...(filters.group ? { group: filters.group } : {}) };
  return { filters, setFilters, from, to, days: Math.round((Date.parse(to) - Date.parse(from)) / dayMs) + 1, isValid, query };
}

interface FrameProps {
  readonly kind: ReportKind;
  /** Address of the file with the same figures. */
  readonly csv: string;
  readonly more?: ReactNode;
  readonly children: ReactNode;
}

/** What all reports share: their tabs, the period, whose figures, and the file. */
export function ReportFrame({ kind, csv, more, children }: FrameProps) {
  const texts = useAreaTexts(reportsTexts);
  const { may } = useMe();
  const { filters, setFilters, from, to } = useReportFilters();
  const places = useApi(listOrderPlaces).data;
  const span = (Object.keys(spans) as Span[]).find((name) => from === daysAgo(spans[name]) && to === daysAgo(1));
  const isNarrowed = Object.values(filters).some(Boolean);
  return (
    <Page
      title={texts.title} lead={texts.zone} actions={may('orders.export') && <DownloadLink href={csv}>{texts.exportCsv}</DownloadLink>}
      filters={(
        <>
          <nav className="report-tabs" aria-label={texts.title}>
            {kinds.map((name) => <Link key={name} to={`/reports/${name}?${new URLSearchParams(Object.entries({ from: filters.from, to: filters.to, kiosk: filters.kiosk, group: filters.group }).flatMap(([key, value]) => (value ? [[key, value]] : [])))}`} isCurrent={name === kind}>{texts.tabs[name]}</Link>)}
          </nav>
          <FilterBar onClear={isNarrowed ? () => setFilters({ from: '', to: '', kiosk: '', group: '', by: '', currency: '' }) : undefined}>
            <SelectField
              label={texts.period} value={span ?? 'own'} onChange={(name) => name in spans && setFilters({ from: daysAgo(spans[name as Span]), to: daysAgo(1) })}
              items={[...(Object.keys(spans) as Span[]).map((id) => ({ id, name: texts.periods[id] })), ...(span ? [] : [{ id: 'own', name: texts.ownPeriod }])]}
            />
            <DateField label={texts.from} value={from} onChange={(day) => setFilters({ from: day }, { replace: true })} />
            <DateField label={texts.to} value={to} onChange={(day) => setFilters({ to: day }, { replace: true })} />
            <ComboField label={texts.kiosk} placeholder={texts.anyKiosk} value={filters.kiosk ?? ''} onChange={(kiosk) => setFilters({ kiosk })} items={[{ id: '', name: texts.anyKiosk }, ...(places?.kiosks ?? []).map(({ kioskId, name }) => ({ id: kioskId, name }))]} />
            {(places?.groups.length ?? 0) > 0 && <SelectField label={texts.group} value={filters.group ?? ''} onChange={(group) => setFilters({ group })} items={[{ id: '', name: texts.anyGroup }, ...(places?.groups ?? []).map(({ groupId, name }) => ({ id: groupId, name }))]} />}
            {more}
          </FilterBar>
        </>
      )}
    >
      {children}
    </Page>
  );
}

/** A figure with what it was before: an arrow and a word, no colour alone. */
export function Figure({ name, value, note, before, change }: { readonly name: string; readonly value: string; readonly note?: string; readonly before?: string; readonly change?: number | null }) {
  const texts = useAreaTexts(reportsTexts);
  return (
    <div className="figure">
      <dt>{name}</dt>
      <dd>
        <strong>{value}</strong>
        {note !== undefined && <span>{note}</span>}
        {before !== undefined && <span>{change === null || change === undefined ? texts.noneBefore : <>{changeText(change)} · {texts.against(before)}</>}</span>}
      </dd>
    </div>
  );
}

/** "▲ 12 %". */
export function changeText(change: number): string {
  const percent = Math.abs(change) * 100;
  return `${change > 0.0005 ? '▲' : change < -0.0005 ? '▼' : '＝'} ${percent.toLocaleString('en-GB', { maximumFractionDigits: percent < 10 ? 1 : 0 })} %`;
}

/** By how much it is more; null where there was nothing before. */
export function changeOf(now: number, before: number): number | null {
  return before === 0 ? null : now / before - 1;
}
