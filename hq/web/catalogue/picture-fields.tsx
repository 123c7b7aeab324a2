import { useState } from 'react';
import { tints } from '../../../domain/catalogue/offer.ts';
import { drawings } from '../../../renderer/ui/drawings.ts';
import { catalogueTexts } from '../i18n/areas/catalogue.ts';
import { useAreaTexts } from '../i18n/use-texts.tsx';
import { TextField } from '../ui/field.tsx';
import { BothAt, SelectAt, TextAt, useEdited } from './edit-fields.tsx';
import type { Path } from './loose.ts';
import { PhotoFields } from './photo-fields.tsx';
import { getAt, setAt } from './loose.ts';

/** A drawing of the bundled set, a photo, or the amount as a card. */
export function PictureFields({ at }: { readonly at: Path }) {
  const texts = useAreaTexts(catalogueTexts);
  const { value } = useEdited();
  const tint = getAt(value, [...at, 'tint']) ?? 'sand';
  const kind = getAt(value, [...at, 'kind']);
  const made = (id: string) => setAt(value, at, id === 'photo' ? { kind: 'photo', file: '', tint } : id === 'card' ? { kind: 'card', big: '', small: { zh: '', en: '' }, tint } : { kind: 'drawing', name: 'gift', tint });
  return (
    <>
      <div className="k-form-row">
        <SelectAt at={[...at, 'kind']} label={texts.pictureKind} items={texts.pictureKinds} onPut={made} />
        <SelectAt at={[...at, 'tint']} label={texts.tint} items={Object.fromEntries(tints.map((id) => [id, texts.tints[id] ?? id]))} />
      </div>
      {kind === 'drawing' && <Drawings at={[...at, 'name']} />}
      {kind === 'photo' && <PhotoFields at={[...at, 'file']} />}
      {kind === 'card' && <><TextAt at={[...at, 'big']} label={texts.big} maxLength={8} /><BothAt at={[...at, 'small']} zh={texts.smallZh} en={texts.smallEn} /></>}
    </>
  );
}

function Drawings({ at }: { readonly at: Path }) {
  const texts = useAreaTexts(catalogueTexts);
  const { value, onChange } = useEdited();
  const [search, setSearch] = useState('');
  const held = getAt(value, at);
  const names = Object.keys(drawings).filter((name) => name.includes(search.trim().toLowerCase().replaceAll(' ', '-')));
  return (
    <>
      <TextField label={texts.pictureSearch} type="search" value={search} onChange={setSearch} />
      <div className="cat-drawings" role="group" aria-label={texts.sections.picture}>
        {names.map((name) => <button key={name} type="button" className="cat-drawing" aria-pressed={held === name} aria-label={name} title={name} onClick={() => onChange(setAt(value, at, name))}><img src={drawings[name]} alt="" loading="lazy" /></button>)}
      </div>
    </>
  );
}
