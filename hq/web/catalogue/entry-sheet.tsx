import { useMemo, useState } from 'react';
import { slugSchema } from '../../../domain/ids.ts';
import type { ListPart, Loose, LooseCatalogue } from '../../contract/catalogue/difference.ts';
import { NewerVersion } from '../edit/newer-version.tsx';
import { catalogueTexts } from '../i18n/areas/catalogue.ts';
import { useAreaTexts, useLanguage } from '../i18n/use-texts.tsx';
import { Button } from '../ui/button.tsx';
import { SideSheet } from '../ui/dialog.tsx';
import { TextField } from '../ui/field.tsx';
import { entryLines } from './change-list.tsx';
import { ConfirmButton } from './confirm-button.tsx';
import { useDraft, useDraftEditing } from './draft-context.tsx';
import { DraftFailure } from './draft-failure.tsx';
import { EditProvider, inWords } from './edit-fields.tsx';
import { CategoryFields, PromotionFields, QuestionFields } from './entry-fields.tsx';
import { problemsOf, problemsUnder, textOf } from './loose.ts';
import { OfferFields } from './offer-fields.tsx';

interface EntrySheetProps {
  readonly part: ListPart;
  /** Undefined for a new one. */
  readonly id: string | undefined;
  readonly onClose: () => void;
}

/** One entry of the draft. What is wrong with it can be put into the draft all the same: nobody loses an evening's work to a missing barcode. */
export function EntrySheet({ part, id, onClose }: EntrySheetProps) {
  const texts = useAreaTexts(catalogueTexts);
  const { language } = useLanguage();
  const { catalogue, mayEdit, change, failure, isBusy, forget } = useDraft();
  const list = useMemo(() => catalogue[part] ?? [], [catalogue, part]);
  const known = id === undefined ? undefined : list.find((entry) => entry['id'] === id);
  const [newId, setNewId] = useState('');
  const [empty] = useState<Loose>(() => emptyEntry(part, catalogue));
  const editing = useDraftEditing<Loose | undefined>(id === undefined ? empty : known);
  const { newer, over: { version: seen } } = editing;
  const isOpen = editing.value !== undefined;
  const value = editing.value ?? empty;
  const idInUse = id ?? newId;
  const isTaken = id === undefined && list.some((entry) => entry['id'] === newId);
  const at = known ? list.indexOf(known) : list.length;
  const problems = useMemo(() => {
    const edited: LooseCatalogue = { ...catalogue, [part]: at < list.length ? list.with(at, { ...value, id: idInUse }) : [...list, { ...value, id: idInUse }] };
    return problemsUnder(problemsOf(edited), part, at).filter(({ path }) => path[0] !== 'id');
  }, [catalogue, part, at, list, value, idInUse]);
  const isIdRight = id !== undefined || (slugSchema.safeParse(newId).success && !isTaken);
  const close = () => { forget(); onClose(); };
  const name = textOf(value['name'] ?? value['question'])[language];
  const save = async () => { if (await change([{ part, id: idInUse, value }], seen)) close(); };
  if (!isOpen) return null;
  return (
    <SideSheet title={name || texts.parts[part] || ''} isOpen onClose={close} actions={mayEdit ? <>
      {id !== undefined && <ConfirmButton look="danger" name={texts.remove} question={texts.removeSure(name || id)} isDisabled={newer !== undefined || !known} isBusy={isBusy} onConfirm={() => void change([{ part, id, value: null }], seen).then((done) => done && close())} />}
      <Button onPress={close}>{texts.cancel}</Button>
      <Button look="main" isDisabled={!isIdRight || newer !== undefined} isBusy={isBusy} onPress={() => void save()}>{texts.save}</Button>
    </> : undefined}>
      {newer ? <NewerVersion editing={editing} lines={(entry) => entryLines(entry ?? {}, texts, catalogue.currency)} isRemoved={newer.value === undefined} onDecided={forget} /> : <DraftFailure failure={failure} />}
      {id === undefined ? <TextField label={texts.id} value={newId} onChange={setNewId} hint={texts.idHint} error={newId !== '' && !isIdRight ? texts.issue.format : undefined} maxLength={60} isRequired autoFocus /> : <p className="k-note k-mono">{id}</p>}
      {problems.length > 0 && (
        <ul className="cat-problems" aria-label={texts.problems(problems.length)}>
          {problems.map((problem) => <li key={`${problem.path.join('.')} ${problem.message}`}><strong>{problem.path.map((step) => (typeof step === 'number' ? step + 1 : (texts.fieldNames[step] ?? step))).join(' › ')}</strong> {inWords(problem, texts)}</li>)}
        </ul>
      )}
      <EditProvider value={value} onChange={(next) => editing.set(next as Loose)} problems={problems}>
        <div className="k-form">
          {part === 'offers' ? <OfferFields catalogue={catalogue} /> : part === 'categories' ? <CategoryFields /> : part === 'promotions' ? <PromotionFields /> : <QuestionFields />}
        </div>
      </EditProvider>
    </SideSheet>
  );
}

function emptyEntry(part: ListPart, catalogue: LooseCatalogue): Loose {
  const words = { zh: '', en: '' };
  const picture = { kind: 'drawing', name: 'gift', tint: 'sand' };
  switch (part) {
    case 'offers': {
      const category = catalogue.categories?.[0];
      const kind = category?.['business'] === 'food' ? { kind: 'food' } : category?.['business'] === 'telecom' ? { kind: 'telecom', service: 'top_up' } : { kind: 'goods', initialStock: 0 };
      return { categoryId: category?.['id'] ?? '', name: words, description: words, picture, price: null, tax: { basisPoints: 600, included: true }, fulfilment: kind, options: [], form: [], maxPerOrder: 10 };
    }
    case 'categories': return { business: 'goods', name: words, picture };
    case 'promotions': return { kind: 'percent_off', name: words, offerIds: [], basisPoints: 1000 };
    case 'questions': return { question: words, answer: words };
  }
}
