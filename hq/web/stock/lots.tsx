import type { StockLot } from '../../contract/api/stock.ts';
import { stockTexts } from '../i18n/areas/stock.ts';
import { useAreaTexts } from '../i18n/use-texts.tsx';

/** Soonest first, as they should be taken; what is past its day says so. */
export function Lots({ lots }: { readonly lots: readonly StockLot[] }) {
  const texts = useAreaTexts(stockTexts);
  if (lots.length === 0) return <span className="k-nothing">0</span>;
  return (
    <ul className="stock-lots">
      {lots.map(({ lotId, slot, bestBefore, remaining, isExpired }) => (
        <li key={`${lotId} ${slot}`} className={isExpired ? 'stock-bad' : undefined}>{remaining} × {bestBefore === null ? texts.noDate : isExpired ? `${bestBefore} (${texts.expired})` : `${texts.until} ${bestBefore}`}</li>
      ))}
    </ul>
  );
}
