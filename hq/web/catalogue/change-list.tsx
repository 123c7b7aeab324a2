import { formatMoney } from '../../../domain/money.ts';
import type { EntryChange } from '../../contract/catalogue/difference.ts';
import { catalogueTexts } from '../i18n/areas/catalogue.ts';
import { useAreaTexts, useLanguage } from '../i18n/use-texts.tsx';
import { Badge } from '../ui/badge.tsx';
import { isCurrency } from './money.ts';

const tones = { added: ['good', 'plus'], removed: ['bad', 'cross'], changed: ['warn', 'clock'] } as const;

/** What two catalogues differ in, entry by entry, each field as it was and as it is. */
export function ChangeList({ changes, currency }: { readonly changes: readonly EntryChange[]; readonly currency: unknown }) {
  const texts = useAreaTexts(catalogueTexts);
  const { language } = useLanguage();
  const shown = (path: readonly string[], value: unknown) => {
    if (value === undefined || value === null || value === '') return texts.none;
    if (typeof value === 'number' && /^(price|beyondFree)$/.test(path.at(-1) ?? '') && isCurrency(currency)) return formatMoney({ amount: value, currency });
    return typeof value === 'object' ? JSON.stringify(value) : String(value);
  };
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
                  <dt key={`${path.join('.')} name`}>{path.map((step) => texts.fieldNames[step] ?? step).join(' › ')}</dt>,
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
