import type { Loose } from '../../contract/catalogue/difference.ts';
import { catalogueTexts } from '../i18n/areas/catalogue.ts';
import { useAreaTexts } from '../i18n/use-texts.tsx';
import { NewerVersion } from '../edit/newer-version.tsx';
import { Button } from '../ui/button.tsx';
import { entryLines } from './change-list.tsx';
import { useDraft, useDraftEditing } from './draft-context.tsx';
import { DraftFailure } from './draft-failure.tsx';
import { BothAt, EditProvider, RowsAt, TextAt } from './edit-fields.tsx';
import { problemsOf } from './loose.ts';

const none: readonly Loose[] = [];

/** What the screen shows while nobody is there: a line and an offer each, in this order. */
export function Scenes() {
  const texts = useAreaTexts(catalogueTexts);
  const { catalogue, mayEdit, change, failure, isBusy, forget } = useDraft();
  const editing = useDraftEditing((catalogue.scenes ?? none) as readonly Loose[]);
  const value = { scenes: editing.value };
  const save = async () => { if (await change([{ part: 'scenes', value: [...editing.value] }], editing.over.version)) editing.saved(); };
  const problems = problemsOf({ ...catalogue, scenes: value.scenes }).filter(({ path }) => path[0] === 'scenes');
  return (
    <div className="k-form">
      {editing.newer ? <NewerVersion editing={editing} lines={(scenes) => entryLines({ scenes }, texts, catalogue.currency)} onDecided={forget} /> : <DraftFailure failure={failure} />}
      <EditProvider value={value} onChange={(next) => editing.set((next as typeof value).scenes)} problems={problems}>
        <RowsAt at={['scenes']} add={texts.addScene} remove={texts.remove} make={() => ({ offerId: '', line: { zh: '', en: '' } })}>
          {(scene) => <><TextAt at={[...scene, 'offerId']} label={`${texts.sceneOffer} (${texts.id})`} maxLength={60} /><BothAt at={[...scene, 'line']} zh={`${texts.line} (${texts.textZh})`} en={`${texts.line} (${texts.textEn})`} /></>}
        </RowsAt>
      </EditProvider>
      {mayEdit && <div className="k-actions"><Button look="main" isDisabled={!editing.isTouched || editing.newer !== undefined} isBusy={isBusy} onPress={() => void save()}>{texts.save}</Button></div>}
    </div>
  );
}
