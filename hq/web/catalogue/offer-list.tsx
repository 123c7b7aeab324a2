import { isCurrency } from './money.ts';
import { formatMoney } from '../../../domain/money.ts';
import type { Loose } from '../../contract/catalogue/difference.ts';
import { catalogueTexts } from '../i18n/areas/catalogue.ts';
import { useAreaTexts, useLanguage } from '../i18n/use-texts.tsx';
import { Badge } from '../ui/badge.tsx';
import { Button } from '../ui/button.tsx';
import { DataTable } from '../ui/data-table.tsx';
import { SelectField } from '../ui/field.tsx';
import { FilterBar, SearchField } from '../ui/filter-bar.tsx';
import { Empty } from '../ui/page.tsx';
import { useFilters } from '../ui/use-filters.ts';
import { catalogueFilterSchema } from './catalogue-filters.ts';
import { useDraft } from './draft-context.tsx';
import { EntrySheet } from './entry-sheet.tsx';
import { textOf } from './loose.ts';
import { Tile } from './tile.tsx';

const shown = 200;

export function OfferList() {
  const texts = useAreaTexts(catalogueTexts);
  const { language } = useLanguage();
  const { catalogue, problems, changes, mayEdit } = useDraft();
  const [{ search, category, entry }, setFilters] = useFilters(catalogueFilterSchema);
  const offers = catalogue.offers ?? [];
  const categories = (catalogue.categories ?? []).map((one) => ({ id: String(one['id']), name: textOf(one['name'])[language] }));
  const rows = offers.map((offer, index) => ({ offer, index, id: String(offer['id'] ?? ''), name: textOf(offer['name']) })).filter(({ offer }) => fits(offer, search) && (category === '' || offer['categoryId'] === category));
  const { currency } = catalogue;
  const wrong = new Map<number, number>();
  for (const { path: [part, index] } of problems) if (part === 'offers' && typeof index === 'number') wrong.set(index, (wrong.get(index) ?? 0) + 1);
  const changed = new Map(changes.filter(({ part }) => part === 'offers').map(({ id, kind }) => [id, kind]));
  return (
    <>
      <FilterBar onClear={search !== '' || category !== '' ? () => setFilters({ search: undefined, category: undefined }) : undefined}>
        <SearchField label={texts.search} value={search} onChange={(text) => setFilters({ search: text }, { replace: true })} />
        <SelectField label={texts.category} value={category} placeholder={texts.allCategories} items={categories} onChange={(id) => setFilters({ category: id })} />
        {mayEdit && <Button look="main" onPress={() => setFilters({ entry: '+' })}>{texts.addOffer}</Button>}
      </FilterBar>
      <DataTable
        label={texts.tabs.offers} rows={rows.slice(0, shown)} rowKey={({ id, index }) => `${id} ${index}`} currentKey={rows.find(({ id }) => id === entry) && `${entry} ${rows.find(({ id }) => id === entry)?.index}`} empty={<Empty title={texts.noOffers} text={texts.noOffersText} />}
        columns={[
          { id: 'offer', name: texts.offer, isRowHeader: true, cell: ({ offer, id, name }) => (
            <span className="cat-offer"><Tile picture={offer['picture']} /><span><button type="button" className="cat-row-button" onClick={() => setFilters({ entry: id })}>{name[language] || id}</button><span className="k-other">{id}</span></span></span>
          ) },
          { id: 'category', name: texts.category, cell: ({ offer }) => categories.find(({ id }) => id === offer['categoryId'])?.name ?? String(offer['categoryId'] ?? '') },
          { id: 'price', name: texts.price, align: 'end', cell: ({ offer: { price } }) => (typeof price === 'number' && isCurrency(currency) ? formatMoney({ amount: price, currency }) : '') },
          { id: 'state', name: '', cell: ({ index, id }) => <>
            {wrong.has(index) && <Badge tone="bad">{texts.problems(wrong.get(index) ?? 0)}</Badge>} {changed.has(id) && <Badge tone="warn" icon="clock">{texts[changed.get(id) ?? 'changed']}</Badge>}
          </> },
        ]}
      />
      {rows.length > shown && <p className="k-note">{texts.more}</p>}
      {entry !== '' && <EntrySheet key={entry} part="offers" id={entry === '+' ? undefined : entry} onClose={() => setFilters({ entry: undefined })} />}
    </>
  );
}

function fits(offer: Loose, search: string): boolean {
  const wanted = search.trim().toLowerCase();
  const { zh, en } = textOf(offer['name']);
  return wanted === '' || [zh, en, String(offer['id'] ?? ''), String(offer['barcode'] ?? '')].some((text) => text.toLowerCase().includes(wanted));
}
