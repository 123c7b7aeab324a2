import { useState } from 'react';
import type { Loose } from '../../contract/catalogue/difference.ts';
import { catalogueTexts } from '../i18n/areas/catalogue.ts';
import { useAreaTexts } from '../i18n/use-texts.tsx';
import { Button } from '../ui/button.tsx';
import { useDraft } from './draft-context.tsx';
import { DraftFailure } from './draft-failure.tsx';
import { BothAt, EditProvider, RowsAt, TextAt } from './edit-fields.tsx';
import { problemsOf } from './loose.ts';

interface Edited {
  readonly scenes: readonly Loose[];
  /** The draft's version when they were begun: what somebody else does to it meanwhile takes away nothing that is typed here. */
  readonly seen: number;
}

/** What the screen shows while nobody is there: a line and an offer each, in this order. */
export function Scenes() {
  const texts = useAreaTexts(catalogueTexts);
  const { loaded, catalogue, mayEdit, change, failure, isBusy } = useDraft();
  const [edited, setEdited] = useState<Edited>();
  const value = { scenes: edited?.scenes ?? ((catalogue.scenes ?? []) as readonly Loose[]) };
  const save = async () => { if (edited && await change([{ part: 'scenes', value: [...edited.scenes] }], edited.seen)) setEdited(undefined); };
  const problems = problemsOf({ ...catalogue, scenes: value.scenes }).filter(({ path }) => path[0] === 'scenes');
  return (
    <div className="k-form">
      <DraftFailure failure={failure} onReload={() => setEdited(undefined)} />
      <EditProvider value={value} onChange={(next) => setEdited({ scenes: (next as typeof value).scenes, seen: edited?.seen ?? loaded.version })} problems={problems}>
        <RowsAt at={['scenes']} add={texts.addScene} remove={texts.remove} make={() => ({ offerId: '', line: { zh: '', en: '' } })}>
          {(scene) => <><TextAt at={[...scene, 'offerId']} label={`${texts.sceneOffer} (${texts.id})`} maxLength={60} /><BothAt at={[...scene, 'line']} zh={`${texts.line} (${texts.textZh})`} en={`${texts.line} (${texts.textEn})`} /></>}
        </RowsAt>
      </EditProvider>
      {mayEdit && <div className="k-actions"><Button look="main" isDisabled={edited === undefined} isBusy={isBusy} onPress={() => void save()}>{texts.save}</Button></div>}
    </div>
  );
}
