import { formatMoney } from '../../domain/money.ts';
import type { Refusal, Suggestion } from '../../domain/rules/refusal.ts';
import type { Words } from '../i18n/words.ts';
import { Button } from '../ui/button.tsx';
import { NoticeIcon } from '../ui/icons.tsx';
import { Sheet } from '../ui/sheet.tsx';
import { ActionBar } from './action-bar.tsx';
import { useShop } from './kiosk-context.tsx';
import { MoreBelow } from './more-below.tsx';
import './refusals-sheet.css';

/** Why the order could not be placed as it is; each reason with the one tap that mends it. */
export function RefusalsSheet({ refusals }: { readonly refusals: readonly Refusal[] }) {
  const { words, dispatch } = useShop();
  const close = () => dispatch({ kind: 'sheet_closed' });
  const title = words.refusals.title(refusals.length);
  return (
    <Sheet size="tall" label={title} onClose={close}>
      <div className="refusals">
        <h2 className="title">{title}</h2>
        <RefusalList refusals={refusals} />
        <MoreBelow />
        <ActionBar back={{ label: words.common.back, onPress: close }} />
      </div>
    </Sheet>
  );
}

export function RefusalList({ refusals }: { readonly refusals: readonly Refusal[] }) {
  const { words, language, dispatch } = useShop();
  return (
    <ul className="refusals__list scrolls">
      {refusals.map((refusal) => {
        const mending = suggestionWords(words, refusal.suggestion);
        const text = refusal.text[language];
        return (
          <li key={`${refusal.code} ${refusal.lineId ?? ''} ${JSON.stringify(refusal.suggestion)}`} className="refusals__item">
            <NoticeIcon />
            <p>{text}</p>
            <Button className="refusals__mend" label={`${mending}: ${text}`} onPress={() => dispatch({ kind: 'refusal_mended', refusal })}>
              {mending}
            </Button>
          </li>
        );
      })}
    </ul>
  );
}

export function suggestionWords(words: Words, suggestion: Suggestion): string {
  const say = words.refusals.suggestion[suggestion.kind];
  switch (suggestion.kind) {
    case 'set_quantity':
      return say(String(suggestion.quantity));
    case 'accept_total':
      return say(formatMoney(suggestion.total));
    default:
      return say('');
  }
}
