import type { Money as Amount } from '../../domain/money.ts';
import { isZero } from '../../domain/money.ts';
import { Money } from '../ui/money.tsx';
import { useWords } from './kiosk-context.tsx';

/** What something costs, "free" in words. */
export function PriceTag({ value }: { readonly value: Amount }) {
  const { words } = useWords();
  return <span className="price-tag">{isZero(value) ? <span className="price-tag__free">{words.common.free}</span> : <Money value={value} />}</span>;
}
