import { findOffer } from '../../domain/catalogue/catalogue.ts';
import type { Language } from '../../domain/language.ts';
import { formatMoney } from '../../domain/money.ts';
import type { Refusal, Suggestion } from '../../domain/rules/rules.ts';
import type { Words } from '../i18n/words.ts';
import { Button } from '../ui/button.tsx';
import { NoticeIcon } from '../ui/icons.tsx';
import { Sheet } from '../ui/sheet.tsx';
import { ActionBar } from './action-bar.tsx';
import { useShop } from './kiosk-context.tsx';
import './refusals-sheet.css';

/** Why the order could not be placed as it is; each reason with the one tap that mends it. */
export function RefusalsSheet({ refusals }: { readonly refusals: readonly Refusal[] }) {
  const { visit, words, language, shopfront, dispatch } = useShop();
  const close = () => dispatch({ kind: 'sheet_closed' });
  const nameOf = (refusal: Refusal, inLanguage: Language): string => {
    const offerId = refusal.offerId ?? visit.cart.lines.find((line) => line.id === refusal.lineId)?.offerId ?? '';
    const offer = findOffer(shopfront.catalogue, offerId) ?? (visit.before && findOffer(visit.before, offerId));
    return offer?.name[inLanguage] ?? words.refusals.something;
  };
  return (
    <Sheet size="tall" label={words.refusals.title} onClose={close}>
      <div className="refusals">
        <h2 className="title">{words.refusals.title}</h2>
        <ul className="refusals__list scrolls">
          {refusals.map((refusal) => (
            <li key={`${refusal.code} ${refusal.lineId ?? ''}`} className="refusals__item">
              <NoticeIcon />
              <p>{words.refusals.text[refusal.code](nameOf(refusal, language))}</p>
              <Button className="refusals__mend" onPress={() => dispatch({ kind: 'refusal_mended', refusal })}>
                {suggestionWords(words, refusal.suggestion)}
              </Button>
            </li>
          ))}
        </ul>
        <ActionBar back={{ label: words.common.back, onPress: close }} />
      </div>
    </Sheet>
  );
}

function suggestionWords(words: Words, suggestion: Suggestion): string {
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
