import { useState } from 'react';
import { z } from 'zod';
import { formatMoney } from '../../../domain/money.ts';
import type { OpenServiceRow } from '../../contract/api/services.ts';
import { listServices } from '../../contract/api/services.ts';
import { useMe } from '../api/me.tsx';
import { useApiPages } from '../api/use-api.ts';
import { servicesTexts } from '../i18n/areas/services.ts';
import { useAreaTexts } from '../i18n/use-texts.tsx';
import { Link } from '../router.tsx';
import { Badge } from '../ui/badge.tsx';
import { Button } from '../ui/button.tsx';
import type { Column } from '../ui/data-table.tsx';
import { DataTable } from '../ui/data-table.tsx';
import { Empty, Page } from '../ui/page.tsx';
import { Tabs } from '../ui/tabs.tsx';
import { Time } from '../ui/time.tsx';
import { Trouble } from '../ui/trouble.tsx';
import { useFilters } from '../ui/use-filters.ts';
import { ResubmitDialog, SettleDialog } from './service-dialogs.tsx';

const filterSchema = z.object({ of: z.enum(['given_up', 'open']).optional() });

/** What is credited elsewhere and has no end yet; what HQ has given up first, for a person. */
export function ServicesPage() {
  const texts = useAreaTexts(servicesTexts);
  const { may } = useMe();
  const [{ of = 'given_up' }, setFilters] = useFilters(filterSchema);
  const { pages, failure, isLoading, isMore, more, again } = useApiPages(listServices, { query: { of } }, ({ next }) => (next === null ? undefined : { after: next }), { everyMs: 15_000 });
  const [acting, setActing] = useState<{ readonly kind: 'settle' | 'again'; readonly service: OpenServiceRow }>();
  const [counts] = pages ?? [];
  const table = (
    <DataTable<OpenServiceRow>
      label={texts.title} rows={pages?.flatMap(({ services }) => services) ?? []} rowKey={({ kioskId, jobId }) => `${kioskId} ${jobId}`} isLoading={isLoading} isMore={isMore} onMore={more}
      empty={failure ? null : <Empty title={of === 'given_up' ? texts.emptyGivenUp : texts.emptyOpen} text={texts.emptyText} />}
      columns={columnsOf(texts, counts?.now ?? 0, may('orders.refund') ? (kind, service) => setActing({ kind, service }) : undefined)}
    />
  );
  return (
    <Page title={texts.title} lead={texts.lead}>
      <Trouble failure={failure} onAgain={again} />
      <Tabs
        label={texts.views} selected={of} onSelect={(id) => setFilters({ of: id === 'given_up' ? '' : id })}
        items={[{ id: 'given_up', name: texts.givenUp(counts?.givenUp ?? 0), content: table }, { id: 'open', name: texts.open(counts?.open ?? 0), content: table }]}
      />
      {acting?.kind === 'settle' && <SettleDialog service={acting.service} onClose={() => setActing(undefined)} />}
      {acting?.kind === 'again' && <ResubmitDialog service={acting.service} onClose={() => setActing(undefined)} />}
    </Page>
  );
}

type Texts = (typeof servicesTexts)['en'];

function columnsOf(texts: Texts, now: number, onAct: ((kind: 'settle' | 'again', service: OpenServiceRow) => void) | undefined): readonly Column<OpenServiceRow>[] {
  return [
    {
      id: 'order', name: texts.order, isRowHeader: true, cell: ({ kioskId, kioskName, orderId, orderNumber }) => (
        <div>{orderNumber === null ? <span className="k-nothing">{texts.noOrder}</span> : <Link to={`/orders/${encodeURIComponent(kioskId)}/${orderId}`} className="k-link">{orderNumber}</Link>}<span className="k-other">{kioskName}</span></div>
      ),
    },
    { id: 'service', name: texts.service, cell: ({ service, offerId }) => <div>{texts.kinds[service ?? 'unknown']}{offerId !== null && <span className="k-other">{offerId}</span>}</div> },
    { id: 'amount', name: texts.amount, align: 'end', cell: ({ amount }) => (amount === null ? '–' : formatMoney(amount)) },
    {
      id: 'state', name: texts.state, cell: ({ state, reversal, turns }) => (
        <div>
          <Badge tone={state === 'held' ? 'bad' : state === 'unknown' || reversal !== null ? 'warn' : 'quiet'}>{texts.states[state]}</Badge>
          <span className="k-other">{[...(reversal === 'cannot' ? [texts.cannotTakeBack] : reversal === 'asked' && state !== 'held' ? [texts.takingBack] : []), texts.turns(turns)].join(' · ')}</span>
        </div>
      ),
    },
    { id: 'asked', name: texts.asked, hideBelow: 'medium', cell: ({ askedAt }) => <Time at={askedAt} /> },
    { id: 'until', name: texts.until, cell: ({ untilAt }) => <div><Time at={untilAt} />{untilAt < now && <span className="k-other">{texts.overdue}</span>}</div> },
    { id: 'why', name: texts.why, cell: ({ detail, resubmittedBy }) => <div>{detail ?? <span className="k-nothing">–</span>}{resubmittedBy !== null && <span className="k-other">{texts.againBy(resubmittedBy)}</span>}</div> },
    ...(onAct ? [{
      id: 'act', name: texts.act, cell: (service: OpenServiceRow) => (
        <div className="k-actions">
          {service.state === 'held' && <Button onPress={() => onAct('again', service)}>{texts.again}</Button>}
          <Button look={service.state === 'held' ? 'main' : 'plain'} onPress={() => onAct('settle', service)}>{texts.settle}</Button>
        </div>
      ),
    }] : []),
  ];
}
