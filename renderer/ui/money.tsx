import type { Money as Amount } from '../../domain/money.ts';
import { formatMoney, moneyParts } from '../../domain/money.ts';
import './money.css';

/** "￥12.50" with the fraction smaller; a round amount goes without it only where `brief` says so. */
export function Money({ value, brief = false }: { readonly value: Amount; readonly brief?: boolean }) {
  const { sign, symbol, whole, fraction } = moneyParts(value);
  return (
    <span className="money">
      <span className="unseen">{formatMoney(value)}</span>
      <span aria-hidden="true">
        <span className="money__symbol">{`${sign}${symbol}`}</span>
        {whole}
        {fraction === '' || (brief && Number(fraction) === 0) ? null : <span className="money__fraction">{`.${fraction}`}</span>}
      </span>
    </span>
  );
}
