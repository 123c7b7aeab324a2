import { useEffect, useState } from 'react';
import type { OrderState } from '../../../domain/order/order.ts';
import { orderStates } from '../../../domain/order/order.ts';
import type { AttemptState } from '../../../domain/payment/attempt.ts';
import { attemptStates } from '../../../domain/payment/attempt.ts';
import { listOrderPlaces } from '../../contract/api/orders.ts';
import { useMe } from '../api/me.tsx';
import { useApi } from '../api/use-api.ts';
import { ordersTexts } from '../i18n/areas/orders.ts';
import { useAreaTexts, useTexts } from '../i18n/use-texts.tsx';
import { navigate } from '../router.tsx';
import { Button, DownloadLink } from '../ui/button.tsx';
import { ComboField, DateField, SelectField, Switch, TextField } from '../ui/field.tsx';
import { FilterBar as Bar, SearchField } from '../ui/filter-bar.tsx';
import type { OrderFilters } from './filters.ts';
import { apiQuery, countFolded, isFiltered, ordersPath } from './filters.ts';

/** What narrows the list. Each change is an address, so that it can be sent to a colleague. */
export function FilterBar({ filters }: { readonly filters: OrderFilters }) {
  const words = useTexts();
  const texts = useAreaTexts(ordersTexts);
  const { may } = useMe();
  const places = useApi(listOrderPlaces).data;
  const folded = countFolded(filters);
  const [isOpen, setOpen] = useState(folded > 0);
  const change = (changes: Partial<OrderFilters>) => navigate(ordersPath({ ...filters, ...changes }), { replace: true });
  const kiosks = (places?.kiosks ?? []).map(({ kioskId, name }) => ({ id: kioskId, name }));
  const known = filters.kiosk && !kiosks.some(({ id }) => id === filters.kiosk) ? [{ id: filters.kiosk, name: filters.kiosk }] : [];
  return (
    <Bar onClear={isFiltered(filters) ? () => navigate('/orders') : undefined}>
      <SearchField label={texts.search} placeholder={texts.searchHint} value={filters.search} onChange={(search) => change({ search })} />
      <SelectField
        label={words.state} value={filters.states.join(',')} onChange={(value) => change({ states: value === '' ? [] : (value.split(',') as OrderState[]) })}
        items={[{ id: '', name: words.anyState }, ...(filters.states.length > 1 ? [{ id: filters.states.join(','), name: filters.states.map((state) => words.orderState[state]).join(', ') }] : []), ...orderStates.map((id) => ({ id, name: words.orderState[id] }))]}
      />
      <ComboField label={words.kiosk} value={filters.kiosk} placeholder={words.anyKiosk} onChange={(kiosk) => change({ kiosk })} items={[{ id: '', name: words.anyKiosk }, ...known, ...kiosks]} />
      <Switch value={filters.needsPerson} onChange={(needsPerson) => change({ needsPerson })}>{words.needsPerson}</Switch>
      <Button look="quiet" isPressed={isOpen} onPress={() => setOpen(!isOpen)}>{texts.moreFilters(folded)}</Button>
      {may('orders.export') && <DownloadLink href={`/api/orders.csv?${apiQuery(filters)}`}>{texts.exportCsv}</DownloadLink>}
      {isOpen && (
        <>
          <DateField label={texts.from} value={filters.from} onChange={(from) => change({ from })} />
          <DateField label={texts.to} value={filters.to} onChange={(to) => change({ to })} />
          <AmountField label={texts.min} value={filters.min} onChange={(min) => change({ min })} />
          <AmountField label={texts.max} value={filters.max} onChange={(max) => change({ max })} />
          <SelectField
            label={words.payment} value={filters.payments.join(',')} onChange={(value) => change({ payments: value === '' ? [] : (value.split(',') as AttemptState[]) })}
            items={[{ id: '', name: texts.anyPayment }, ...(filters.payments.length > 1 ? [{ id: filters.payments.join(','), name: filters.payments.map((state) => words.attemptState[state]).join(', ') }] : []), ...attemptStates.map((id) => ({ id, name: words.attemptState[id] }))]}
          />
          {(places?.groups.length ?? 0) > 0 && (
            <SelectField label={texts.group} value={filters.group} onChange={(group) => change({ group })} items={[{ id: '', name: texts.anyGroup }, ...(places?.groups ?? []).map(({ groupId, name }) => ({ id: groupId, name }))]} />
          )}
        </>
      )}
    </Bar>
  );
}

const settleMs = 600;

/** Asked when the typing rests, not at each digit. */
function AmountField({ label, value, onChange }: { readonly label: string; readonly value: string; readonly onChange: (value: string) => void }) {
  const texts = useAreaTexts(ordersTexts);
  const [typed, setTyped] = useState(value);
  const [shown, setShown] = useState(value);
  if (shown !== value) {
    setShown(value);
    setTyped(value);
  }
  const isAmount = /^(\d{1,9}([.,]\d{0,2})?)?$/.test(typed);
  useEffect(() => {
    if (!isAmount || typed === value) return;
    const timer = setTimeout(() => onChange(typed), settleMs);
    return () => clearTimeout(timer);
  }, [isAmount, typed, value, onChange]);
  return <TextField label={label} value={typed} inputMode="decimal" onChange={setTyped} error={isAmount ? undefined : texts.noAmount} />;
}
