import { useState } from 'react';
import type { RestockVisit } from '../../../domain/contract/staff.ts';
import { staffStockWords } from '../../i18n/areas/staff-stock.ts';
import { Button } from '../button.tsx';
import { Notice } from '../../ui/notice.tsx';
import { useStaff } from '../staff-context.tsx';
import { StaffPage } from '../staff-page.tsx';
import type { Stock } from './stock-area.tsx';

/** The end of a visit: asked once, with its sum; then what has come of it. */
export function FinishPage({ stock, onBack, onEnded }: { readonly stock: Stock; readonly onBack: () => void; readonly onEnded: () => void }) {
  const { language, call, say } = useStaff();
  const text = staffStockWords[language];
  const [visit] = useState(stock.shelves.visit);
  const [ended, setEnded] = useState<RestockVisit | undefined>(undefined);
  const [asking, setAsking] = useState<'print' | 'plain' | undefined>(undefined);

  async function finish(print: boolean): Promise<void> {
    setAsking(print ? 'print' : 'plain');
    const result = await call('stock.finish', { print, language });
    setAsking(undefined);
    if (!result.ok) return say(result.error.text, 'bad');
    // A second "finish" after a lost answer finds nothing open: what was summed up here is what was ended.
    setEnded(result.value.visit ?? visit);
    onEnded();
  }

  const sum = ended ?? visit;
  return (
    <StaffPage
      isReadOnly
      key={ended ? 'ended' : 'asked'}
      title={ended ? text.finished : text.finishTitle}
      back={{ label: text.goOn, onPress: onBack }}
      actions={
        ended ? null : (
          <>
            <Button busy={asking === 'print'} disabled={asking === 'plain'} onPress={() => void finish(true)}>
              {text.finishPrint}
            </Button>
            <Button look="main" busy={asking === 'plain'} disabled={asking === 'print'} onPress={() => void finish(false)}>
              {text.finishPlain}
            </Button>
          </>
        )
      }
    >
      <Notice tone="good">{ended ? text.finishedText : text.finishText}</Notice>
      {sum ? (
        <dl className="visit-facts">
          {(
            [
              ['slots', sum.slotsDone.length],
              ['in', sum.piecesIn],
              ['out', sum.piecesOut],
              ['differences', sum.differences],
            ] as const
          ).map(([id, count]) => (
            <div key={id}>
              <dt>{text.sums[id]}</dt>
              <dd>{count}</dd>
            </div>
          ))}
        </dl>
      ) : (
        <p className="stock-none">{text.nothingDone}</p>
      )}
    </StaffPage>
  );
}
