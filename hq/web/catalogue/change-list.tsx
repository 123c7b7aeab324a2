import { formatMoney } from '../../../domain/money.ts';
import type { EntryChange } from '../../contract/catalogue/difference.ts';
import { leavesOf } from '../../contract/catalogue/difference.ts';
import type { Lines } from '../edit/meet.ts';
import { catalogueTexts } from '../i18n/areas/catalogue.ts';
import { useAreaTexts, useLanguage } from '../i18n/use-texts.tsx';
import { Badge } from '../ui/badge.tsx';
import { isCurrency } from './money.ts';

const tones = { added: ['good', 'plus'], removed: ['bad', 'cross'], changed: ['warn', 'clock'] } as const;

type CatalogueWords = (typeof catalogueTexts)['en'];

function fieldName(path: readonly string[], texts: CatalogueWords): string {
  return path.map((step) => texts.fieldNames[step] ?? step).join(' › ');
}

function fieldText(path: readonly string[], value: unknown, currency: unknown): string {
  if (value === undefined || value === null || value === '') return '';
  if (typeof value === 'number' && /^(price|beyondFree)$/.test(path.at(-1) ?? '') && isCurrency(currency)) return formatMoney({ amount: value, currency });
  return typeof value === 'object' ? JSON.stringify(value) : String(value);
}

/** Every field of an entry, named by the way to it. */
export function entryLines(entry: object, texts: CatalogueWords, currency: unknown): Lines {
  return Object.fromEntries(leavesOf(entry).map(([path, value]) => [fieldName(path, texts), fieldText(path, value, currency)]));
}

/** What two catalogues differ in, entry by entry, each field as it was and as it is. */
export function ChangeList({ changes, currency }: { readonly changes: readonly EntryChange[]; readonly currency: unknown }) {
  const texts = useAreaTexts(catalogueTexts);
  const { language } = useLanguage();
  const shown = (path: readonly string[], value: unknown) => fieldText(path, value, currency) || texts.none;
  return (
    <ul className="cat-changes">
      {changes.map(({ part, id, name, kind, fields }) => {
        const [tone, icon] = tones[kind];
        return (
          <li key={`${part} ${id}`} className="cat-change">
            <div className="cat-change-head"><Badge tone={tone} icon={icon}>{texts[kind]}</Badge><span className="k-note">{texts.parts[part]}</span><strong>{name[language] || (part === 'order' ? texts.parts[id] : id)}</strong></div>
            {fields.length > 0 && (
              <dl>
                {fields.map(({ path, before, after }) => [
                  <dt key={`${path.join('.')} name`}>{fieldName(path, texts)}</dt>,
                  <dd key={path.join('.')}><del><span className="unseen">{texts.fieldWas} </span>{shown(path, before)}</del> → <ins><span className="unseen">{texts.fieldNow} </span>{shown(path, after)}</ins></dd>,
                ])}
              </dl>
            )}
          </li>
        );
      })}
    </ul>
  );
}
