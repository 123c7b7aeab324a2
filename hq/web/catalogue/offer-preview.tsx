import { pictureSchema } from '../../../domain/catalogue/offer.ts';
import type { Language } from '../../../domain/language.ts';
import { formatMoney } from '../../../domain/money.ts';
import type { Loose } from '../../contract/catalogue/difference.ts';
import { catalogueTexts } from '../i18n/areas/catalogue.ts';
import { useAreaTexts } from '../i18n/use-texts.tsx';
import { getAt, textOf } from './loose.ts';
import { isCurrency } from './money.ts';
import { KioskPicture } from './tile.tsx';

/** The offer as the kiosk's card and sheet, in both languages side by side, as far as it is filled in. */
export function OfferPreview({ value, currency }: { readonly value: unknown; readonly currency: unknown }) {
  return <div className="cat-previews cat-kiosk">{(['zh', 'en'] as const).map((language) => <Preview key={language} value={value as Loose} currency={currency} language={language} />)}</div>;
}

function Preview({ value, currency, language }: { readonly value: Loose; readonly currency: unknown; readonly language: Language }) {
  const texts = useAreaTexts(catalogueTexts);
  // What the customer reads is in the customer's language, whatever the console's is.
  const words = catalogueTexts[language];
  const money = (amount: unknown) => (typeof amount === 'number' && isCurrency(currency) ? (amount === 0 ? words.free0 : formatMoney({ amount, currency })) : '');
  const picture = pictureSchema.safeParse(value['picture']);
  const steps = listOf(value['quantityPrices']);
  const groups = listOf(value['options']);
  const extra = groups.reduce((sum, group) => sum + listOf(group['choices']).reduce((inner, choice) => inner + (isChosen(group, choice) && typeof choice['price'] === 'number' ? choice['price'] : 0), 0), 0);
  return (
    <div lang={language === 'zh' ? 'zh-CN' : 'en'}>
      <h3>{texts.previewLanguage(language)}</h3>
      <div className="cat-preview-card">
        <div className="cat-preview-picture">{picture.success && <KioskPicture picture={picture.data} language={language} />}</div>
        <span className="cat-preview-name">{textOf(value['name'])[language]}</span>
        <span className="cat-preview-text">{textOf(value['description'])[language]}</span>
        <span className="cat-preview-badges">
          {steps.map((step) => <span key={String(step['from'])}>{words.perPiece(Number(step['from']), money(step['price']))}</span>)}
          {typeof value['minAge'] === 'number' && <span>{words.ageFrom(value['minAge'])}</span>}
          {getAt(value, ['fulfilment', 'kind']) === 'delivery' && <span>{words.delivered}</span>}
        </span>
        <span className="cat-preview-price">{money(value['price'])}</span>
      </div>
      <div className="cat-preview-sheet">
        <h4>{textOf(value['name'])[language]}</h4>
        {groups.map((group, index) => (
          // oxlint-disable-next-line react/no-array-index-key -- a new group has no id yet
          <div key={index} className="cat-preview-group">
            <strong>{textOf(group['name'])[language]} <span>{words.chooseFrom(Number(group['min'] ?? 0), Number(group['max'] ?? 1))}</span></strong>
            {listOf(group['choices']).map((choice, place) => (
              // oxlint-disable-next-line react/no-array-index-key -- a new choice has no id yet
              <span key={place} className="cat-preview-choice" data-chosen={isChosen(group, choice) || undefined}>{textOf(choice['name'])[language]}{typeof choice['price'] === 'number' && choice['price'] > 0 && ` +${money(choice['price'])}`}</span>
            ))}
          </div>
        ))}
        {listOf(value['form']).map((field, index) => (
          // oxlint-disable-next-line react/no-array-index-key -- a new field has no id yet
          <span key={index} className="cat-preview-field">{textOf(field['label'])[language]}{field['required'] !== false && ' *'}</span>
        ))}
        <span className="cat-preview-main">{words.addPrice(typeof value['price'] === 'number' ? money(value['price'] + extra) : '')}</span>
      </div>
    </div>
  );
}

function listOf(value: unknown): readonly Loose[] {
  return Array.isArray(value) ? (value as Loose[]) : [];
}

function isChosen(group: Loose, choice: Loose): boolean {
  return Array.isArray(group['preselected']) && group['preselected'].includes(choice['id']);
}
