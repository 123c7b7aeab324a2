import { createContext, use, useState } from 'react';
import type { ReactNode } from 'react';
import { catalogueTexts } from '../i18n/areas/catalogue.ts';
import { useAreaTexts } from '../i18n/use-texts.tsx';
import { Checkbox, NumberField, SelectField, TextField } from '../ui/field.tsx';
import { Button } from '../ui/button.tsx';
import { Icon } from '../ui/icon.tsx';
import type { Path, Problem } from './loose.ts';
import { getAt, readAmount, readList, setAt, writeAmount } from './loose.ts';

interface Edit {
  readonly value: unknown;
  readonly onChange: (value: unknown) => void;
  readonly problems: readonly Problem[];
}
const EditContext = createContext<Edit | undefined>(undefined);

/** Everything below edits one entry of a draft, each field by the path to what it holds, with its problem beneath. */
export function EditProvider({ children, ...edit }: Edit & { readonly children: ReactNode }) {
  return <EditContext value={edit}>{children}</EditContext>;
}

function useAt(path: Path): { readonly held: unknown; readonly put: (next: unknown) => void; readonly error: string | undefined } {
  const edit = use(EditContext);
  const texts = useAreaTexts(catalogueTexts);
  if (!edit) throw new Error('a field outside an editor');
  const problem = edit.problems.find((one) => one.path.join('.') === path.join('.'));
  return { held: getAt(edit.value, path), put: (next) => edit.onChange(setAt(edit.value, path, next)), error: problem && inWords(problem, texts) };
}

export function useEdited(): Edit {
  const edit = use(EditContext);
  if (!edit) throw new Error('a field outside an editor');
  return edit;
}

export function inWords({ kind, message }: Problem, texts: (typeof catalogueTexts)['en']): string {
  // What the check says of how parts belong together has its own words; it is the same text in the kiosk's log.
  return kind === 'other' ? `${texts.issue.other}: ${message}` : texts.issue[kind];
}

interface AtProps { readonly at: Path; readonly label: string; readonly hint?: string; readonly isOptional?: boolean }

export function TextAt({ at, label, hint, isOptional = false, multiline = false, maxLength = 300 }: AtProps & { readonly multiline?: boolean; readonly maxLength?: number }) {
  const { held, put, error } = useAt(at);
  return <TextField label={label} value={typeof held === 'string' ? held : ''} onChange={(text) => put(text === '' && isOptional ? undefined : text)} hint={hint} error={error} multiline={multiline} maxLength={maxLength} isRequired={!isOptional} />;
}

/** A text in both languages, side by side. */
export function BothAt({ at, zh, en, multiline = false, maxLength = 300 }: { readonly at: Path; readonly zh: string; readonly en: string; readonly multiline?: boolean; readonly maxLength?: number }) {
  return <div className="k-form-row"><TextAt at={[...at, 'zh']} label={zh} multiline={multiline} maxLength={maxLength} /><TextAt at={[...at, 'en']} label={en} multiline={multiline} maxLength={maxLength} /></div>;
}

export function NumberAt({ at, label, hint, isOptional = false, min = 0, max }: AtProps & { readonly min?: number; readonly max?: number }) {
  const { held, put, error } = useAt(at);
  return <NumberField label={label} value={typeof held === 'number' ? held : null} onChange={(next) => put(next ?? (isOptional ? undefined : null))} hint={hint} error={error} min={min} {...(max === undefined ? {} : { max })} isRequired={!isOptional} />;
}

/** Minor units as people write money. */
export function AmountAt({ at, label, hint, isOptional = false }: AtProps) {
  const { held, put, error } = useAt(at);
  const texts = useAreaTexts(catalogueTexts);
  const [typed, setTyped] = useState(() => writeAmount(held));
  // What was typed stands as it was typed, while it says what is held.
  const shown = (readAmount(typed) ?? null) === (held ?? null) ? typed : writeAmount(held);
  const isWrong = shown.trim() !== '' && readAmount(shown) === undefined;
  return (
    <TextField
      label={label} value={shown} hint={hint} error={isWrong ? texts.issue.format : error} inputMode="decimal" isRequired={!isOptional}
      onChange={(text) => { setTyped(text); put(readAmount(text) ?? (isOptional && text.trim() === '' ? undefined : null)); }}
    />
  );
}

/** Basis points as per cent. */
export function PercentAt({ at, label }: AtProps) {
  return <AmountAt at={at} label={label} />;
}

export function SelectAt({ at, label, items, onPut }: AtProps & { readonly items: Readonly<Record<string, string>>; readonly onPut?: (id: string) => unknown }) {
  const { held, put, error } = useAt(at);
  const edit = useEdited();
  return <SelectField label={label} value={typeof held === 'string' ? held : ''} items={Object.entries(items).map(([id, name]) => ({ id, name }))} error={error} isRequired onChange={(id) => (onPut ? edit.onChange(onPut(id)) : put(id))} />;
}

export function TickAt({ at, children }: { readonly at: Path; readonly children: ReactNode }) {
  const { held, put } = useAt(at);
  return <Checkbox value={held === true} onChange={put}>{children}</Checkbox>;
}

/** Short texts, with commas between. */
export function ListAt({ at, label, hint, isOptional = false }: AtProps) {
  const { held, put, error } = useAt(at);
  const [typed, setTyped] = useState(() => (Array.isArray(held) ? held.join(', ') : ''));
  const list = Array.isArray(held) ? held.join(', ') : '';
  const shown = readList(typed).join(', ') === list ? typed : list;
  return <TextField label={label} value={shown} hint={hint} error={error} multiline={shown.length > 80} onChange={(text) => { setTyped(text); const next = readList(text); put(next.length === 0 && isOptional ? undefined : next); }} />;
}

/** A list of parts, each of which can be taken away or moved. */
export function RowsAt({ at, add, make, children, remove }: { readonly at: Path; readonly add: string; readonly remove: string; readonly make: () => unknown; readonly children: (path: Path, index: number) => ReactNode }) {
  const { held, put, error } = useAt(at);
  const texts = useAreaTexts(catalogueTexts);
  const list = Array.isArray(held) ? (held as unknown[]) : [];
  return (
    <div className="cat-rows">
      {list.map((_, index) => (
        // Their place is all that they have in common: a new one has no id yet.
        // oxlint-disable-next-line react/no-array-index-key -- see above
        <div key={`${index} of ${list.length}`} className="cat-row">
          <div className="cat-row-body">{children([...at, index], index)}</div>
          <div className="cat-row-side">
            <Button look="quiet" label={`${texts.up} ${index + 1}`} isDisabled={index === 0} onPress={() => put(list.map((entry, place) => (place === index - 1 ? list[index] : place === index ? list[index - 1] : entry)))}><Icon name="up" /></Button>
            <Button look="quiet" label={`${remove} ${index + 1}`} onPress={() => put(list.filter((_entry, place) => place !== index))}><Icon name="cross" /></Button>
          </div>
        </div>
      ))}
      {error !== undefined && <p className="k-error">{error}</p>}
      <div><Button onPress={() => put([...list, make()])}>{add}</Button></div>
    </div>
  );
}
