import type { Picture as CataloguePicture } from '../../../domain/catalogue/offer.ts';
import { pictureSchema } from '../../../domain/catalogue/offer.ts';
import type { SlotView } from '../../../domain/contract/staff.ts';
import type { Language } from '../../../domain/language.ts';
import { staffStockWords } from '../../i18n/areas/staff-stock.ts';
import { NoticeIcon } from '../../ui/icons.tsx';
import { Picture } from '../../ui/picture.tsx';
import { useStaff } from '../staff-context.tsx';
import { soonestOf } from './restock.ts';

const noPicture: CataloguePicture = { kind: 'drawing', name: 'none', tint: 'sand' };

/** The planogram may name an offer that the catalogue has lost since: then the picture is a plain bag. */
export function SlotPicture({ picture, language }: { readonly picture: unknown; readonly language: Language }) {
  const parsed = pictureSchema.safeParse(picture);
  return (
    <span className="slot-picture">
      <Picture picture={parsed.success ? parsed.data : noPicture} language={language} />
    </span>
  );
}

/** How full it is, with a mark where par is; the numbers beside it say the same. */
export function SlotBar({ slot: { count, expired, par, capacity } }: { readonly slot: SlotView }) {
  const share = (part: number) => `${capacity === 0 ? 0 : Math.min(100, (part / capacity) * 100)}%`;
  return (
    <span className="slot-bar" aria-hidden="true">
      <span className={count - expired < par ? 'slot-bar__fill slot-bar__fill--low' : 'slot-bar__fill'} style={{ width: share(count - expired) }} />
      {expired > 0 ? <span className="slot-bar__expired" style={{ width: share(expired) }} /> : null}
      <span className="slot-bar__par" style={{ insetInlineStart: share(par) }} />
    </span>
  );
}

/** The date that ends first, and what has ended already, by a word and a sign. */
export function SlotDates({ slot }: { readonly slot: SlotView }) {
  const { language } = useStaff();
  const text = staffStockWords[language];
  const soonest = soonestOf(slot);
  return (
    <span className="slot-dates">
      {slot.expired > 0 ? (
        <span className="slot-mark slot-mark--bad">
          <NoticeIcon />
          {text.expired(slot.expired)}
        </span>
      ) : slot.count === 0 ? (
        <span className="slot-mark slot-mark--warn">
          <NoticeIcon />
          {text.empty}
        </span>
      ) : soonest === undefined ? null : (
        <span>{text.soonest(soonest)}</span>
      )}
    </span>
  );
}
