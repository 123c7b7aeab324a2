import type { LooseCatalogue } from '../../contract/catalogue/difference.ts';
import { currencies } from '../../../domain/money.ts';
import { catalogueTexts } from '../i18n/areas/catalogue.ts';
import { useAreaTexts, useLanguage } from '../i18n/use-texts.tsx';
import { Checkbox } from '../ui/field.tsx';
import { Section } from '../ui/page.tsx';
import { AmountAt, BothAt, ListAt, NumberAt, PercentAt, RowsAt, SelectAt, TextAt, TickAt, useEdited } from './edit-fields.tsx';
import { getAt, setAt, textOf } from './loose.ts';
import { isCurrency } from './money.ts';
import { OfferPreview } from './offer-preview.tsx';
import { PictureFields } from './picture-fields.tsx';

const words = { zh: '', en: '' };

/** Everything that an offer can say, in the order in which people think of it. */
export function OfferFields({ catalogue }: { readonly catalogue: LooseCatalogue }) {
  const texts = useAreaTexts(catalogueTexts);
  const { language } = useLanguage();
  const { value, onChange } = useEdited();
  const kind = getAt(value, ['fulfilment', 'kind']);
  const symbol = isCurrency(catalogue.currency) ? currencies[catalogue.currency].symbol : '';
  const categories = Object.fromEntries((catalogue.categories ?? []).map((one) => [String(one['id']), textOf(one['name'])[language] || String(one['id'])]));
  const fulfilled = (id: string) => setAt(value, ['fulfilment'], id === 'goods' ? { kind: 'goods', initialStock: 0 } : id === 'telecom' ? { kind: 'telecom', service: 'top_up' } : { kind: id });
  const hasTerms = getAt(value, ['terms']) !== undefined;
  return (
    <>
      <Section title={texts.sections.preview}><OfferPreview value={value} currency={catalogue.currency} /></Section>
      <Section title={texts.sections.words}>
        <BothAt at={['name']} zh={texts.nameZh} en={texts.nameEn} />
        <BothAt at={['description']} zh={texts.descriptionZh} en={texts.descriptionEn} multiline />
        <SelectAt at={['categoryId']} label={texts.category} items={categories} />
      </Section>
      <Section title={texts.sections.price}>
        <AmountAt at={['price']} label={texts.priceIn(symbol)} />
        <RowsAt at={['quantityPrices']} add={texts.addStep} remove={texts.remove} make={() => ({ from: 2, price: null })}>
          {(at) => <div className="k-form-row"><NumberAt at={[...at, 'from']} label={texts.from} min={2} max={99} /><AmountAt at={[...at, 'price']} label={texts.each} /></div>}
        </RowsAt>
        <div className="k-form-row"><PercentAt at={['tax', 'basisPoints']} label={texts.tax} />{kind === 'food' && getAt(value, ['takeAwayTax']) !== undefined && <PercentAt at={['takeAwayTax', 'basisPoints']} label={texts.takeAwayTax} />}</div>
        <TickAt at={['tax', 'included']}>{texts.taxIncluded}</TickAt>
        {kind === 'food' && <Checkbox value={getAt(value, ['takeAwayTax']) !== undefined} onChange={(isOn) => onChange(setAt(value, ['takeAwayTax'], isOn ? { basisPoints: 0, included: getAt(value, ['tax', 'included']) === true } : undefined))}>{texts.takeAwayTax}</Checkbox>}
      </Section>
      <Section title={texts.sections.picture}><PictureFields at={['picture']} /></Section>
      <Section title={texts.sections.sale}>
        <div className="k-form-row">
          <SelectAt at={['fulfilment', 'kind']} label={texts.fulfilment} items={texts.fulfilments} onPut={fulfilled} />
          {kind === 'goods' && <NumberAt at={['fulfilment', 'initialStock']} label={texts.initialStock} />}
          {kind === 'telecom' && <SelectAt at={['fulfilment', 'service']} label={texts.service} items={texts.services} />}
        </div>
        <div className="k-form-row">
          <NumberAt at={['maxPerOrder']} label={texts.maxPerOrder} min={1} max={99} />
          <NumberAt at={['minAge']} label={texts.minAge} min={1} max={99} isOptional />
          <NumberAt at={['rank']} label={texts.rank} min={1} isOptional />
        </div>
        <div className="k-form-row">
          <TextAt at={['barcode']} label={texts.barcode} hint={texts.barcodeHint} isOptional />
          <ListAt at={['keywords']} label={texts.keywords} hint={texts.keywordsHint} isOptional />
        </div>
      </Section>
      <Section title={texts.sections.options}><OptionFields /></Section>
      <Section title={texts.sections.form}><FormFields /></Section>
      <Section title={texts.sections.terms}>
        <Checkbox value={hasTerms} onChange={(isOn) => onChange(setAt(value, ['terms'], isOn ? { before: { name: words, price: 0 }, after: { name: words, price: 0 }, per: 'month' } : undefined))}>{texts.hasTerms}</Checkbox>
        {hasTerms && <>
          <BothAt at={['terms', 'before', 'name']} zh={`${texts.before} (${texts.textZh})`} en={`${texts.before} (${texts.textEn})`} />
          <BothAt at={['terms', 'after', 'name']} zh={`${texts.after} (${texts.textZh})`} en={`${texts.after} (${texts.textEn})`} />
          <div className="k-form-row"><AmountAt at={['terms', 'before', 'price']} label={`${texts.before}: ${texts.price}`} /><AmountAt at={['terms', 'after', 'price']} label={`${texts.after}: ${texts.price}`} /><SelectAt at={['terms', 'per']} label={texts.per} items={texts.pers} /></div>
        </>}
      </Section>
    </>
  );
}

function OptionFields() {
  const texts = useAreaTexts(catalogueTexts);
  return (
    <RowsAt at={['options']} add={texts.addGroup} remove={texts.remove} make={() => ({ id: '', name: words, kind: 'options', min: 1, max: 1, repeats: false, choices: [], preselected: [] })}>
      {(group) => <>
        <div className="k-form-row"><TextAt at={[...group, 'id']} label={texts.id} maxLength={60} /><SelectAt at={[...group, 'kind']} label={texts.groupKind} items={texts.groupKinds} /></div>
        <BothAt at={[...group, 'name']} zh={texts.nameZh} en={texts.nameEn} />
        <div className="k-form-row"><NumberAt at={[...group, 'min']} label={texts.min} max={10} /><NumberAt at={[...group, 'max']} label={texts.max} min={1} max={10} /><NumberAt at={[...group, 'free']} label={texts.free} max={10} isOptional /><AmountAt at={[...group, 'beyondFree']} label={texts.beyondFree} isOptional /></div>
        <TickAt at={[...group, 'repeats']}>{texts.repeats}</TickAt>
        <ListAt at={[...group, 'preselected']} label={texts.preselected} />
        <RowsAt at={[...group, 'choices']} add={texts.addChoice} remove={texts.remove} make={() => ({ id: '', name: words, price: 0 })}>
          {(choice) => <>
            <div className="k-form-row"><TextAt at={[...choice, 'id']} label={texts.id} maxLength={60} /><AmountAt at={[...choice, 'price']} label={texts.extra} /><TextAt at={[...choice, 'offerId']} label={texts.handsOut} maxLength={60} isOptional /></div>
            <BothAt at={[...choice, 'name']} zh={texts.nameZh} en={texts.nameEn} />
          </>}
        </RowsAt>
      </>}
    </RowsAt>
  );
}

function FormFields() {
  const texts = useAreaTexts(catalogueTexts);
  const { value, onChange } = useEdited();
  return (
    <RowsAt at={['form']} add={texts.addField} remove={texts.remove} make={() => ({ id: '', kind: 'text', label: words, required: true })}>
      {(field) => {
        const kind = getAt(value, [...field, 'kind']);
        const remade = (next: string) => {
          const { id, label, hint, required, when } = (getAt(value, field) ?? {}) as Record<string, unknown>;
          const kept = { id, label, required, ...(hint === undefined ? {} : { hint }), ...(when === undefined ? {} : { when }) };
          const more = next === 'digits' ? { minLength: 1, maxLength: 10 } : next === 'choice' ? { choices: [] } : next === 'consent' ? { text: words, version: '1' } : {};
          return setAt(value, field, { ...kept, kind: next, ...more });
        };
        return <>
          <div className="k-form-row"><TextAt at={[...field, 'id']} label={texts.id} maxLength={60} /><SelectAt at={[...field, 'kind']} label={texts.fieldKind} items={texts.fieldKinds} onPut={remade} /></div>
          <BothAt at={[...field, 'label']} zh={texts.nameZh} en={texts.nameEn} />
          <Checkbox value={getAt(value, [...field, 'required']) !== false} onChange={(isOn) => onChange(setAt(value, [...field, 'required'], isOn))}>{texts.required}</Checkbox>
          {(kind === 'text' || kind === 'digits') && <div className="k-form-row"><NumberAt at={[...field, 'minLength']} label={texts.minLength} max={200} isOptional={kind === 'text'} /><NumberAt at={[...field, 'maxLength']} label={texts.maxLength} min={1} max={200} isOptional={kind === 'text'} /></div>}
          {kind === 'choice' && (
            <RowsAt at={[...field, 'choices']} add={texts.addChoice} remove={texts.remove} make={() => ({ id: '', label: words })}>
              {(choice) => <><TextAt at={[...choice, 'id']} label={texts.id} maxLength={60} /><BothAt at={[...choice, 'label']} zh={texts.nameZh} en={texts.nameEn} /></>}
            </RowsAt>
          )}
          {kind === 'consent' && <><BothAt at={[...field, 'text']} zh={texts.consentZh} en={texts.consentEn} multiline maxLength={2000} /><TextAt at={[...field, 'version']} label={texts.version} maxLength={40} /></>}
        </>;
      }}
    </RowsAt>
  );
}
