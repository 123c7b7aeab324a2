import { useState } from 'react';
import { staffStockWords } from '../../i18n/areas/staff-stock.ts';
import { Button } from '../button.tsx';
import { NoticeIcon } from '../../ui/icons.tsx';
import { useAsk, useStaff } from '../staff-context.tsx';
import { Await, StaffPage } from '../staff-page.tsx';
import { SlotPicture } from './slot-facts.tsx';

/** What to bring next time: what the slots lack to their par, by offer. */
export function BringPage({ onBack }: { readonly onBack: () => void }) {
  const { language, call, say } = useStaff();
  const text = staffStockWords[language];
  const { asked, again } = useAsk('stock.shelves', {});
  const [isPrinting, setPrinting] = useState(false);

  async function print(): Promise<void> {
    setPrinting(true);
    const result = await call('stock.bring_print', { language });
    setPrinting(false);
    if (!result.ok) say(result.error.text, 'bad');
    else if (result.value.state === 'failed' || result.value.state === 'uncertain' || result.value.state === 'lapsed') say(text.notPrinted, 'bad');
    else say(text.printed);
  }

  return (
    <StaffPage
      isReadOnly
      title={text.bringTitle}
      back={{ onPress: onBack }}
      actions={
        asked.kind === 'there' && asked.value.bring.length > 0 ? (
          <Button look="main" busy={isPrinting} onPress={() => void print()}>
            {text.print}
          </Button>
        ) : null
      }
    >
      <Await asked={asked} again={again}>
        {({ bring }) =>
          bring.length === 0 ? (
            <p className="stock-none">{text.bringNone}</p>
          ) : (
            <ul className="bring" aria-label={text.bringTitle}>
              {bring.map((item) => (
                <li key={item.offerId} className="bring__item">
                  <SlotPicture picture={item.picture} language={language} />
                  <span className="bring__words">
                    <strong>{item.name[language]}</strong>
                    <span>{text.bringItem(item.has, item.par)}</span>
                    {item.remove > 0 ? (
                      <span className="slot-mark slot-mark--bad">
                        <NoticeIcon />
                        {text.remove(item.remove)}
                      </span>
                    ) : null}
                  </span>
                  <b className="bring__count">{text.bringCount(item.bring)}</b>
                </li>
              ))}
            </ul>
          )
        }
      </Await>
    </StaffPage>
  );
}
