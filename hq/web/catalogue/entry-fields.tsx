import { catalogueTexts } from '../i18n/areas/catalogue.ts';
import { useAreaTexts } from '../i18n/use-texts.tsx';
import { Checkbox, TextField } from '../ui/field.tsx';
import { AmountAt, BothAt, ListAt, NumberAt, PercentAt, RowsAt, SelectAt, TextAt, useEdited } from './edit-fields.tsx';
import type { Path } from './loose.ts';
import { getAt, setAt } from './loose.ts';
import { PictureFields } from './picture-fields.tsx';

export function CategoryFields() {
  const texts = useAreaTexts(catalogueTexts);
  return (
    <>
      <BothAt at={['name']} zh={texts.nameZh} en={texts.nameEn} />
      <SelectAt at={['business']} label={texts.business} items={texts.businesses} />
      <PictureFields at={['picture']} />
      <Windows />
    </>
  );
}

export function PromotionFields() {
  const texts = useAreaTexts(catalogueTexts);
  const { value } = useEdited();
  const kind = getAt(value, ['kind']);
  const remade = (next: string) => {
    const { basisPoints: _basisPoints, price: _price, buy: _buy, free: _free, ...rest } = value as Record<string, unknown>;
    return { ...rest, kind: next, ...(next === 'percent_off' ? { basisPoints: 1000 } : next === 'special_price' ? { price: 0 } : { buy: 2, free: 1 }) };
  };
  return (
    <>
      <BothAt at={['name']} zh={texts.nameZh} en={texts.nameEn} />
      <div className="k-form-row">
        <SelectAt at={['kind']} label={texts.promotionKind} items={texts.promotionKinds} onPut={remade} />
        {kind === 'percent_off' && <PercentAt at={['basisPoints']} label={texts.percentOff} />}
        {kind === 'special_price' && <AmountAt at={['price']} label={texts.price} />}
        {kind === 'buy_get' && <><NumberAt at={['buy']} label={texts.buy} min={1} max={20} /><NumberAt at={['free']} label={texts.free2} min={1} max={20} /></>}
      </div>
      <ListAt at={['offerIds']} label={texts.offersOf} hint={texts.offersHint} />
      <div className="k-form-row"><MomentAt at={['from']} label={texts.begins} /><MomentAt at={['until']} label={texts.ends} /></div>
      <p className="k-note">{texts.forever}</p>
      <Windows />
    </>
  );
}

export function QuestionFields() {
  const texts = useAreaTexts(catalogueTexts);
  return (
    <>
      <BothAt at={['question']} zh={`${texts.question} (${texts.textZh})`} en={`${texts.question} (${texts.textEn})`} />
      <BothAt at={['answer']} zh={`${texts.answer} (${texts.textZh})`} en={`${texts.answer} (${texts.textEn})`} multiline maxLength={1000} />
      <ListAt at={['words']} label={texts.words} hint={texts.keywordsHint} isOptional />
    </>
  );
}

/** A moment in the time of whoever edits. */
function MomentAt({ at, label }: { readonly at: Path; readonly label: string }) {
  const { value, onChange } = useEdited();
  const held = getAt(value, at);
  return <TextField label={label} type="datetime-local" value={typeof held === 'number' ? localTime(held) : ''} onChange={(text) => onChange(setAt(value, at, text === '' ? undefined : new Date(text).getTime()))} />;
}

/** As a datetime-local field has it: "2026-11-23T08:30". */
export function localTime(at: number): string {
  return new Date(at - new Date(at).getTimezoneOffset() * 60_000).toISOString().slice(0, 16);
}

function Windows() {
  const texts = useAreaTexts(catalogueTexts);
  const { value, onChange } = useEdited();
  return (
    <div className="k-field">
      <span className="k-label">{texts.windows}</span>
      <span className="k-hint">{texts.windowsHint}</span>
      <RowsAt at={['windows']} add={texts.addWindow} remove={texts.remove} make={() => ({ from: '07:00', to: '10:30' })}>
        {(window) => {
          const days = getAt(value, [...window, 'days']);
          const held = Array.isArray(days) ? (days as number[]) : [1, 2, 3, 4, 5, 6, 7];
          const put = (next: readonly number[]) => onChange(setAt(value, [...window, 'days'], next.length === 7 ? undefined : [...next].sort((a, b) => a - b)));
          return <>
            <div className="k-form-row"><TextAt at={[...window, 'from']} label={texts.fromTime} maxLength={5} /><TextAt at={[...window, 'to']} label={texts.to} maxLength={5} /></div>
            <div className="cat-days" role="group" aria-label={texts.days}>
              {texts.weekdays.map((name, index) => <Checkbox key={name} value={held.includes(index + 1)} onChange={(isOn) => put(isOn ? [...held, index + 1] : held.filter((day) => day !== index + 1))}>{name}</Checkbox>)}
            </div>
          </>;
        }}
      </RowsAt>
    </div>
  );
}
