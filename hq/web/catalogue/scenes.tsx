import { useState } from 'react';
import type { Loose } from '../../contract/catalogue/difference.ts';
import { catalogueTexts } from '../i18n/areas/catalogue.ts';
import { useAreaTexts } from '../i18n/use-texts.tsx';
import { Button } from '../ui/button.tsx';
import { useDraft } from './draft-context.tsx';
import { DraftFailure } from './draft-failure.tsx';
import { BothAt, EditProvider, RowsAt, TextAt } from './edit-fields.tsx';
import { problemsOf } from './loose.ts';

/** What the screen shows while nobody is there: a line and an offer each, in this order. */
export function Scenes() {
  const { catalogue, loaded } = useDraft();
  return <SceneEditor key={`${loaded.version} ${loaded.inForce?.revision}`} scenes={catalogue.scenes ?? []} />;
}

function SceneEditor({ scenes }: { readonly scenes: readonly Loose[] }) {
  const texts = useAreaTexts(catalogueTexts);
  const { catalogue, mayEdit, change, failure, isBusy } = useDraft();
  const [value, setValue] = useState<{ readonly scenes: readonly Loose[] }>({ scenes });
  const problems = problemsOf({ ...catalogue, scenes: value.scenes }).filter(({ path }) => path[0] === 'scenes');
  return (
    <div className="k-form">
      <DraftFailure failure={failure} />
      <EditProvider value={value} onChange={(next) => setValue(next as typeof value)} problems={problems}>
        <RowsAt at={['scenes']} add={texts.addScene} remove={texts.remove} make={() => ({ offerId: '', line: { zh: '', en: '' } })}>
          {(scene) => <><TextAt at={[...scene, 'offerId']} label={`${texts.sceneOffer} (${texts.id})`} maxLength={60} /><BothAt at={[...scene, 'line']} zh={`${texts.line} (${texts.textZh})`} en={`${texts.line} (${texts.textEn})`} /></>}
        </RowsAt>
      </EditProvider>
      {mayEdit && <div className="k-actions"><Button look="main" isDisabled={value.scenes === scenes} isBusy={isBusy} onPress={() => void change([{ part: 'scenes', value: [...value.scenes] }])}>{texts.save}</Button></div>}
    </div>
  );
}
