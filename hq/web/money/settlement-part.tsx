import { z } from 'zod';
import { formatMoney, money } from '../../../domain/money.ts';
import type { Currency } from '../../../domain/money.ts';
import type { SettlementDay } from '../../contract/api/money.ts';
import { listSettlement } from '../../contract/api/money.ts';
import { addressOf } from '../../contract/api/route.ts';
import { useApi } from '../api/use-api.ts';
import { moneyTexts } from '../i18n/areas/money.ts';
import { useAreaTexts } from '../i18n/use-texts.tsx';
import { Badge } from '../ui/badge.tsx';
import { DownloadLink } from '../ui/button.tsx';
import { DataTable } from '../ui/data-table.tsx';
import { DateField } from '../ui/field.tsx';
import { FilterBar } from '../ui/filter-bar.tsx';
import { Empty } from '../ui/page.tsx';
import { Trouble } from '../ui/trouble.tsx';
import { useFilters } from '../ui/use-filters.ts';

const filterSchema = z.object({ from: z.iso.date().optional(), to: z.iso.date().optional() });
const dayMs = 86_400_000;
const chinaOffsetMs = 8 * 3_600_000;

/** Gateways' days are China's, wherever the console is looked at. */
function daysAgo(days: number): string {
  return new Date(Date.now() + chinaOffsetMs - days * dayMs).toISOString().slice(0, 10);
}

/** Each day and way to pay: their sums, ours, and whether they agree. */
export function SettlementPart() {
  const texts = useAreaTexts(moneyTexts);
  const [filters, setFilters] = useFilters(filterSchema);
  const from = filters.from ?? daysAgo(14);
  const to = filters.to ?? daysAgo(0);
  const { data, error, refetch, isFetching } = useApi(listSettlement, { query: { from, to } }, { keepsLast: true, everyMs: 60_000, isEnabled: from <= to });
  const amount = (minor: number, currency: string) => formatMoney(money(minor, currency as Currency));
  const sums = (day: SettlementDay, side: 'ours' | 'theirs') => {
    const of = day[side];
    return of ? `${amount(of.paid.amount, day.currency)} · ${of.paid.count}` : '–';
  };
  return (
    <>
      <FilterBar onClear={filters.from || filters.to ? () => setFilters({ from: '', to: '' }) : undefined}>
        <DateField label={texts.from} value={from} onChange={(day) => setFilters({ from: day })} />
        <DateField label={texts.to} value={to} onChange={(day) => setFilters({ to: day })} />
      </FilterBar>
      <Trouble failure={error} onAgain={() => void refetch()} />
      <DataTable<SettlementDay>
        label={texts.tabs.settlement} rows={data?.days ?? []} rowKey={({ day, tender, currency }) => `${day} ${tender} ${currency}`} isLoading={!data && isFetching}
        href={({ tender, day }) => (tender === 'card' ? `/reports/payments?${new URLSearchParams({ from: day, to: day })}` : `/money?${new URLSearchParams({ view: 'differences', wallet: tender, day })}`)}
        empty={<Empty title={texts.noneTitle} text={texts.noneText} />}
        columns={[
          { id: 'day', name: texts.day, isRowHeader: true, cell: ({ day }) => day },
          { id: 'tender', name: texts.tender, cell: ({ tender }) => texts.tenders[tender] },
          { id: 'ours', name: texts.ours, align: 'end', cell: (day) => sums(day, 'ours') },
          { id: 'theirs', name: texts.theirs, align: 'end', cell: (day) => sums(day, 'theirs') },
          { id: 'refunded', name: texts.refunded, align: 'end', hideBelow: 'medium', cell: ({ ours, currency }) => amount(ours.refunded.amount, currency) },
          { id: 'fees', name: texts.fees, align: 'end', hideBelow: 'medium', cell: ({ theirs, currency }) => (typeof theirs?.fees === 'number' ? amount(theirs.fees, currency) : '–') },
          ...(data?.days.some(({ others }) => others !== null) ? [{ id: 'others', name: texts.others, align: 'end', hideBelow: 'medium', cell: ({ others, currency }: SettlementDay) => (others ? `${amount(others.amount, currency)} · ${others.count}` : '–') } as const] : []),
          { id: 'state', name: texts.state, cell: ({ state, open }) => (open > 0 ? <Badge tone="bad">{texts.open(open)}</Badge> : state === 'waiting' ? <Badge tone="quiet">{texts.waiting}</Badge> : state === 'gone' ? <Badge tone="quiet">{texts.gone}</Badge> : <Badge tone="good">{texts.agrees}</Badge>) },
        ]}
      />
      {(['wechat', 'alipay'] as const).map((wallet) => (
        <DownloadLink key={wallet} href={addressOf('/api/money/settlement.csv', {}, { wallet, from, to })}>{`${texts.wholeFile}: ${texts.tenders[wallet]}`}</DownloadLink>
      ))}
    </>
  );
}
