import type { ListPart } from '../../contract/catalogue/difference.ts';
import { catalogueTexts } from '../i18n/areas/catalogue.ts';
import { useAreaTexts, useLanguage } from '../i18n/use-texts.tsx';
import { Badge } from '../ui/badge.tsx';
import { Button } from '../ui/button.tsx';
import { DataTable } from '../ui/data-table.tsx';
import { Icon } from '../ui/icon.tsx';
import { Empty } from '../ui/page.tsx';
import { useFilters } from '../ui/use-filters.ts';
import { catalogueFilterSchema } from './catalogue-filters.ts';
import { useDraft } from './draft-context.tsx';
import { DraftFailure } from './draft-failure.tsx';
import { EntrySheet } from './entry-sheet.tsx';
import { problemsUnder, textOf } from './loose.ts';

/** Categories, promotions or questions: few enough to stand in one list, in the order that kiosks show them in. */
export function EntryList({ part }: { readonly part: Exclude<ListPart, 'offers'> }) {
  const texts = useAreaTexts(catalogueTexts);
  const { language } = useLanguage();
  const { catalogue, problems, changes, mayEdit, change, failure, isBusy } = useDraft();
  const [{ entry }, setFilters] = useFilters(catalogueFilterSchema);
  const entries = catalogue[part] ?? [];
  const ids = entries.map((one) => String(one['id'] ?? ''));
  const move = (from: number, to: number) => void change([{ part: 'order', of: part, ids: ids.map((id, index) => (index === from ? ids[to]! : index === to ? ids[from]! : id)) }]);
  const add = mayEdit ? <Button look="main" onPress={() => setFilters({ entry: '+' })}>{texts.add}</Button> : undefined;
  return (
    <>
      {entries.length > 0 && <div className="k-actions">{add}</div>}
      {entry === '' && <DraftFailure failure={failure} />}
      <DataTable
        label={texts.tabs[part]} rows={entries.map((value, index) => ({ value, index, id: ids[index] ?? '' }))} rowKey={({ id, index }) => `${id} ${index}`} empty={<Empty title={texts.empty} text={texts.emptyText} action={add} />}
        columns={[
          { id: 'name', name: texts.parts[part] ?? '', isRowHeader: true, cell: ({ value, id }) => <><button type="button" className="cat-row-button" onClick={() => setFilters({ entry: id })}>{textOf(value['name'] ?? value['question'])[language] || id}</button><span className="k-other">{id}</span></> },
          { id: 'kind', name: part === 'categories' ? texts.business : part === 'promotions' ? texts.promotionKind : '', cell: ({ value }) => (part === 'categories' ? texts.businesses[String(value['business'])] : part === 'promotions' ? texts.promotionKinds[String(value['kind'])] : '') },
          { id: 'state', name: '', cell: ({ index, id }) => {
            const wrong = problemsUnder(problems, part, index).length;
            const changed = changes.find((one) => one.part === part && one.id === id);
            return <>{wrong > 0 && <Badge tone="bad">{texts.problems(wrong)}</Badge>} {changed && <Badge tone="warn" icon="clock">{texts[changed.kind]}</Badge>}</>;
          } },
          ...(mayEdit ? [{ id: 'move', name: '', align: 'end' as const, cell: ({ index, id }: { readonly index: number; readonly id: string }) => <>
            <Button look="quiet" label={`${texts.up}: ${id}`} isDisabled={index === 0 || isBusy} onPress={() => move(index, index - 1)}><Icon name="up" /></Button>
            <Button look="quiet" label={`${texts.down}: ${id}`} isDisabled={index === entries.length - 1 || isBusy} onPress={() => move(index, index + 1)}><Icon name="chevron" /></Button>
          </> }] : []),
        ]}
      />
      {entry !== '' && <EntrySheet key={`${part} ${entry}`} part={part} id={entry === '+' ? undefined : entry} onClose={() => setFilters({ entry: undefined })} />}
    </>
  );
}
