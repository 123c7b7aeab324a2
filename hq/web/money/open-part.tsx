import { useState } from 'react';
import { z } from 'zod';
import { formatMoney } from '../../../domain/money.ts';
import type { OpenWallet } from '../../contract/api/wallets.ts';
import { listOpenWallets, settleWalletPayment, settleWalletRefund } from '../../contract/api/wallets.ts';
import { isGivenUp } from '../../contract/wallet-words.ts';
import { useMe } from '../api/me.tsx';
import { AlertDetail } from '../alerts/alert-words.tsx';
import { useAct, useApi } from '../api/use-api.ts';
import { walletsTexts } from '../i18n/areas/wallets.ts';
import { useAreaTexts } from '../i18n/use-texts.tsx';
import { Link } from '../router.tsx';
import { Badge } from '../ui/badge.tsx';
import { Button } from '../ui/button.tsx';
import { DataTable } from '../ui/data-table.tsx';
import { SideSheet } from '../ui/dialog.tsx';
import { SelectField, TextField } from '../ui/field.tsx';
import { FilterBar } from '../ui/filter-bar.tsx';
import { Empty, Facts } from '../ui/page.tsx';
import { Time } from '../ui/time.tsx';
import { Trouble } from '../ui/trouble.tsx';
import { useFilters } from '../ui/use-filters.ts';

const filterSchema = z.object({ who: z.enum(['all', 'person']).default('all'), shown: z.uuid().optional() });

/** What of wallets' money has no end yet, with a person's word on what HQ cannot find out by itself. `href`: of one of them, where this part stands in the console. */
export function OpenWalletsPart({ href }: { readonly href: (shown: string) => string }) {
  const texts = useAreaTexts(walletsTexts);
  const [{ who, shown }, setFilters] = useFilters(filterSchema);
  const { data, error, refetch, isFetching } = useApi(listOpenWallets, { query: { who } }, { keepsLast: true, everyMs: 15_000 });
  const rows = data?.open ?? [];
  return (
    <>
      <FilterBar onClear={who === 'person' ? () => setFilters({ who: undefined }) : undefined}>
        <SelectField label={texts.who} value={who} onChange={(id) => setFilters({ who: id === 'person' ? 'person' : 'all' })} items={[{ id: 'all', name: texts.all }, { id: 'person', name: texts.person }]} />
      </FilterBar>
      <Trouble failure={error} onAgain={() => void refetch()} />
      <DataTable<OpenWallet>
        label={texts.tab} rows={rows} rowKey={keyOf} currentKey={shown} isLoading={!data && isFetching} href={(open) => href(keyOf(open))} empty={<Empty title={texts.empty} text={texts.emptyText} />}
        columns={[
          { id: 'what', name: texts.what, isRowHeader: true, cell: ({ kind }) => texts.kinds[kind] },
          { id: 'state', name: texts.state, cell: ({ state, needsPerson }) => <Badge tone={needsPerson ? 'bad' : 'quiet'}>{texts.states[state]}</Badge> },
          { id: 'amount', name: texts.amount, align: 'end', cell: ({ amount }) => (amount ? formatMoney(amount) : texts.unknownAmount) },
          { id: 'wallet', name: texts.wallet, cell: ({ wallet }) => texts.wallets[wallet] },
          { id: 'order', name: texts.order, cell: ({ orderNumber }) => orderNumber ?? '–' },
          { id: 'kiosk', name: texts.kiosk, hideBelow: 'medium', cell: ({ kioskName, kioskId }) => kioskName ?? kioskId },
          { id: 'since', name: texts.since, hideBelow: 'medium', cell: ({ at }) => <Time at={at} /> },
        ]}
      />
      <OpenSheet key={shown} open={rows.find((open) => keyOf(open) === shown)} onClose={() => setFilters({ shown: undefined })} />
    </>
  );
}

/** Of the whole of a payment the refund has its attempt's own id, and only one of the two is open: an end comes before what goes back. */
function keyOf({ refundId, attemptId }: OpenWallet): string {
  return refundId ?? attemptId;
}

/** As the alarm about it says it, in the reader's language; and what its gateway has said since, in its own words. */
function OpenDetail({ open: { facts, detail } }: { readonly open: OpenWallet }) {
  const { details } = useAreaTexts(walletsTexts);
  if (facts === null) return detail === null ? '–' : Object.hasOwn(details, detail) ? details[detail] : <span lang="en">{detail}</span>;
  const isNewer = detail !== null && typeof facts['reason'] === 'string' && facts['reason'] !== detail;
  return (
    <>
      <AlertDetail alert={{ kind: 'wallet_open', facts, detail: detail ?? '–' }} />
      {isNewer && <span className="k-other" lang="en">{detail}</span>}
    </>
  );
}

function OpenSheet({ open, onClose }: { readonly open: OpenWallet | undefined; readonly onClose: () => void }) {
  const texts = useAreaTexts(walletsTexts);
  const { may } = useMe();
  const [note, setNote] = useState('');
  const payment = useAct(settleWalletPayment, { done: texts.done, invalidates: [listOpenWallets] });
  const refund = useAct(settleWalletRefund, { done: texts.done, invalidates: [listOpenWallets] });
  if (!open) return null;
  const { kind, kioskId, kioskName, attemptId, refundId, orderId, orderNumber, wallet, state, needsPerson, amount, at } = open;
  const mayGoAgain = open.facts?.['origin'] !== 'kiosk' && !isGivenUp(open.detail);
  const isTooShort = note.trim().length < 3;
  const close = (answer: unknown) => { if (answer) onClose(); };
  const settlePayment = (outcome: 'paid' | 'closed') => void payment.act({ params: { kiosk: kioskId as never, attempt: attemptId }, body: { outcome, note } }).then(close);
  const settleRefund = (outcome: 'seen_to' | 'again') => void refund.act({ params: { kiosk: kioskId as never, refund: refundId ?? '' }, body: { outcome, note } }).then(close);
  return (
    <SideSheet title={`${texts.kinds[kind]} · ${texts.states[state]}`} isOpen onClose={onClose}>
      <Facts items={[
        [texts.amount, amount ? formatMoney(amount) : texts.unknownAmount], [texts.wallet, texts.wallets[wallet]], [texts.attempt, attemptId.replaceAll('-', '')],
        ...(refundId === null ? [] : [[texts.refund, refundId.replaceAll('-', '')] as const]),
        [texts.order, orderId === null ? '–' : <Link key="order" to={`/orders/${encodeURIComponent(kioskId)}/${orderId}`}>{orderNumber ?? orderId}</Link>],
        [texts.kiosk, kioskName ?? kioskId], [texts.since, <Time key="since" at={at} />], [texts.detail, <OpenDetail key="detail" open={open} />],
      ]} />
      <p>{!needsPerson ? texts.waitsText : kind === 'payment' ? texts.heldText : texts.refusedText}</p>
      {needsPerson && may('money.settle') && (
        <>
          <TextField label={texts.note} hint={texts.noteHint} value={note} onChange={setNote} multiline isRequired />
          <Trouble failure={payment.failure ?? refund.failure} />
          {kind === 'payment' ? (
            <>
              <Button look="main" isBusy={payment.isBusy} isDisabled={isTooShort} onPress={() => settlePayment('closed')}>{texts.closed}</Button>
              <Button isBusy={payment.isBusy} isDisabled={isTooShort} onPress={() => settlePayment('paid')}>{texts.paid}</Button>
            </>
          ) : (
            <>
              <Button look="main" isBusy={refund.isBusy} isDisabled={isTooShort} onPress={() => settleRefund('seen_to')}>{texts.seenTo}</Button>
              {mayGoAgain && <Button isBusy={refund.isBusy} isDisabled={isTooShort} onPress={() => settleRefund('again')}>{texts.again}</Button>}
            </>
          )}
        </>
      )}
    </SideSheet>
  );
}
