import { useState } from 'react';
import type { ReactNode } from 'react';
import { z } from 'zod';
import { walletSchema } from '../../../domain/payment/tender.ts';
import { formatMoney, money } from '../../../domain/money.ts';
import type { Currency } from '../../../domain/money.ts';
import type { SettlementDifference } from '../../contract/api/money.ts';
import { addressOf } from '../../contract/api/route.ts';
import { endDifference, listDifferences, listSettlement } from '../../contract/api/money.ts';
import { useMe } from '../api/me.tsx';
import { useAct, useApi } from '../api/use-api.ts';
import { moneyTexts } from '../i18n/areas/money.ts';
import { useAreaTexts } from '../i18n/use-texts.tsx';
import { Link } from '../router.tsx';
import { Button, DownloadLink } from '../ui/button.tsx';
import { DataTable } from '../ui/data-table.tsx';
import { SideSheet } from '../ui/dialog.tsx';
import { SelectField, TextField } from '../ui/field.tsx';
import { FilterBar } from '../ui/filter-bar.tsx';
import { Empty, Facts } from '../ui/page.tsx';
import { Time } from '../ui/time.tsx';
import { Trouble } from '../ui/trouble.tsx';
import { useFilters } from '../ui/use-filters.ts';

const filterSchema = z.object({ open: z.enum(['yes', 'no']).default('yes'), wallet: walletSchema.optional(), day: z.iso.date().optional(), shown: z.uuid().optional() });

/** What differs between a gateway's book and ours, each with what to do about it. */
export function DifferencesPart() {
  const texts = useAreaTexts(moneyTexts);
  const [filters, setFilters] = useFilters(filterSchema);
  const { open, wallet, day, shown } = filters;
  const { data, error, refetch, isFetching } = useApi(listDifferences, { query: { open, wallet, day } }, { keepsLast: true, everyMs: 60_000 });
  const rows = data?.differences ?? [];
  return (
    <>
      <FilterBar onClear={wallet || day || open === 'no' ? () => setFilters({ open: undefined, wallet: undefined, day: undefined }) : undefined}>
        <SelectField label={texts.view} value={open} onChange={(id) => setFilters({ open: id === 'no' ? 'no' : 'yes' })} items={[{ id: 'yes', name: texts.differencesOpen }, { id: 'no', name: texts.differencesEnded }]} />
      </FilterBar>
      <Trouble failure={error} onAgain={() => void refetch()} />
      <DataTable<SettlementDifference>
        label={texts.tabs.differences} rows={rows} rowKey={({ id }) => id} currentKey={shown} isLoading={!data && isFetching}
        href={({ id }) => `/money?${new URLSearchParams({ view: 'differences', open, ...(wallet ? { wallet } : {}), ...(day ? { day } : {}), shown: id })}`}
        empty={<Empty title={texts.noDifferences} text={texts.noDifferencesText} />}
        columns={[
          { id: 'what', name: texts.what, isRowHeader: true, cell: ({ kind }) => texts.kinds[kind].name },
          { id: 'day', name: texts.day, cell: ({ day: of }) => of },
          { id: 'tender', name: texts.tender, cell: ({ wallet: of }) => texts.tenders[of] },
          { id: 'ours', name: texts.ours, align: 'end', cell: ({ ours, currency }) => amountOf(ours, currency) },
          { id: 'theirs', name: texts.theirs, align: 'end', cell: ({ theirs, currency }) => amountOf(theirs, currency) },
          { id: 'order', name: texts.order, cell: ({ orderNumber, lines }) => (lines ? texts.lines(lines.paid.count + lines.refunded.count) : orderNumber ?? '–') },
          { id: 'kiosk', name: texts.kiosk, hideBelow: 'medium', cell: ({ kioskName }) => kioskName ?? '–' },
          { id: 'found', name: texts.found, hideBelow: 'medium', cell: ({ foundAt }) => <Time at={foundAt} /> },
        ]}
      />
      <DifferenceSheet key={shown} difference={rows.find(({ id }) => id === shown)} onClose={() => setFilters({ shown: undefined })} />
    </>
  );
}

function amountOf(minor: number | null, currency: string): string {
  return minor === null ? '–' : formatMoney(money(minor, currency as Currency));
}

function DifferenceSheet({ difference, onClose }: { readonly difference: SettlementDifference | undefined; readonly onClose: () => void }) {
  const texts = useAreaTexts(moneyTexts);
  const { may } = useMe();
  const [note, setNote] = useState('');
  const { act, isBusy, failure } = useAct(endDifference, { done: texts.ended, invalidates: [listDifferences, listSettlement] });
  if (!difference) return null;
  const { id, kind, day, wallet, ours, theirs, currency, tradeNo, refundNo, lines, kioskId, kioskName, orderId, orderNumber, endedAt, endedBy } = difference;
  const order = kioskId !== null && orderId !== null ? <Link to={`/orders/${encodeURIComponent(kioskId)}/${orderId}`}>{orderNumber ?? orderId}</Link> : '–';
  const sumOf = ({ amount, count }: { readonly amount: number; readonly count: number }) => `${amountOf(amount, currency)} · ${texts.lines(count)}`;
  const facts: readonly (readonly [string, ReactNode])[] = lines ? [[texts.othersPaid, sumOf(lines.paid)], [texts.othersRefunded, sumOf(lines.refunded)]] : [
    [texts.ours, amountOf(ours, currency)], [texts.theirs, amountOf(theirs, currency)], [texts.tradeNo, tradeNo], ...(refundNo === null ? [] : [[texts.refundNo, refundNo] as const]), [texts.order, order],
    [texts.kiosk, kioskName ?? '–'],
  ];
  const end = () => void act({ params: { difference: id }, body: { note } }).then((answer) => { if (answer) onClose(); });
  return (
    <SideSheet title={texts.kinds[kind].name} isOpen onClose={onClose}>
      <Facts items={[[texts.day, day], [texts.tender, texts.tenders[wallet]], ...facts]} />
      <h3>{texts.toDo}</h3>
      <p>{texts.kinds[kind].advice}</p>
      {lines ? <div className="k-actions"><DownloadLink href={addressOf('/api/money/settlement.csv', {}, { wallet, from: day, to: day, whose: 'not_ours' })}>{texts.othersFile}</DownloadLink></div> : null}
      {endedAt === null ? null : <p>{endedBy === null ? texts.endedItself : texts.endedBy(endedBy)} · <Time at={endedAt} />{difference.note === null ? '' : ` · ${difference.note}`}</p>}
      {endedAt === null && may('money.settle') ? (
        <>
          <TextField label={texts.note} hint={texts.noteHint} value={note} onChange={setNote} multiline isRequired />
          <Trouble failure={failure} />
          <div className="k-actions"><Button look="main" isBusy={isBusy} isDisabled={note.trim().length < 3} onPress={end}>{texts.end}</Button></div>
        </>
      ) : null}
    </SideSheet>
  );
}
