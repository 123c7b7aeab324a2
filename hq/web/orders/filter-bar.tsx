import { useEffect, useState } from 'react';
import type { OrderState } from '../../../domain/order/order.ts';
import { orderStates } from '../../../domain/order/order.ts';
import { fetchKiosks } from '../api.ts';
import { useTexts } from '../i18n/use-texts.tsx';
import { Link, navigate } from '../router.tsx';
import { Icon } from '../ui/icon.tsx';
import type { OrderFilters } from './filters.ts';
import { isFiltered, ordersPath } from './filters.ts';

/** Search, state, kiosk, and what needs a person. Each change is an address, so that it can be sent to a colleague. */
export function FilterBar({ filters }: { readonly filters: OrderFilters }) {
  const texts = useTexts();
  const kiosks = useKioskNames();
  const change = (changes: Partial<OrderFilters>) => navigate(ordersPath({ ...filters, ...changes }), { replace: true });
  // Beside an open sheet a filter that is in force keeps its room, and what is not set gives it up.
  const unset = filters.needsPerson ? 'field minor' : 'field';
  return (
    <form className="filters" role="search" onSubmit={(event) => event.preventDefault()}>
      <label className="field search">
        <Icon name="search" />
        <input
          type="search" aria-label={texts.search} placeholder={texts.searchHint} value={filters.search} spellCheck={false} autoComplete="off"
          onChange={(event) => change({ search: event.target.value })}
        />
      </label>
      <select
        className={filters.states.length > 0 ? 'field' : unset} aria-label={texts.state} value={filters.states.length > 1 ? filters.states.join(',') : (filters.states[0] ?? '')}
        onChange={(event) => change({ states: event.target.value ? (event.target.value.split(',') as OrderState[]) : [] })}
      >
        <option value="">{texts.anyState}</option>
        {filters.states.length > 1 && <option value={filters.states.join(',')}>{filters.states.map((state) => texts.orderState[state]).join(', ')}</option>}
        {orderStates.map((state) => <option key={state} value={state}>{texts.orderState[state]}</option>)}
      </select>
      <select className={filters.kiosk ? 'field' : unset} aria-label={texts.kiosk} value={filters.kiosk} onChange={(event) => change({ kiosk: event.target.value })}>
        <option value="">{texts.anyKiosk}</option>
        {filters.kiosk && !kiosks.some(([id]) => id === filters.kiosk) && <option value={filters.kiosk}>{filters.kiosk}</option>}
        {kiosks.map(([id, name]) => <option key={id} value={id}>{name}</option>)}
      </select>
      <button type="button" className={filters.needsPerson ? 'field toggle' : 'field toggle minor'} aria-pressed={filters.needsPerson} onClick={() => change({ needsPerson: !filters.needsPerson })}>
        <Icon name="person" />{texts.needsPerson}
      </button>
      {isFiltered(filters) && <Link to="/orders" className="plain-link">{texts.clearFilters}</Link>}
    </form>
  );
}

function useKioskNames(): readonly (readonly [string, string])[] {
  const [kiosks, setKiosks] = useState<readonly (readonly [string, string])[]>([]);
  useEffect(() => {
    const abort = new AbortController();
    void fetchKiosks(abort.signal).then((answer) => {
      if (answer.ok) setKiosks(answer.value.kiosks.map(({ kioskId, name }) => [kioskId, name]));
    });
    return () => abort.abort();
  }, []);
  return kiosks;
}
