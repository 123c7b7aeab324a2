import './fleet.css';
import { listFleet, listGroups, readConfig, removeConfig, setConfig } from '../../contract/api/fleet.ts';
import type { ApiAnswer } from '../../contract/api/route.ts';
import { scopeTextSchema } from '../../contract/api/scope.ts';
import type { ScopeText } from '../../contract/api/scope.ts';
import { useMe } from '../api/me.tsx';
import { useAct, useApi } from '../api/use-api.ts';
import { NewerVersion } from '../edit/newer-version.tsx';
import { useEditing } from '../edit/use-editing.ts';
import { fleetTexts } from '../i18n/areas/fleet.ts';
import { uiTexts } from '../i18n/areas/ui.ts';
import { useAreaTexts } from '../i18n/use-texts.tsx';
import { Button, ButtonLink } from '../ui/button.tsx';
import { ComboField, NumberField, SelectField, TextField } from '../ui/field.tsx';
import { FilterBar } from '../ui/filter-bar.tsx';
import { Page, Section } from '../ui/page.tsx';
import { Loading, Trouble } from '../ui/trouble.tsx';
import { useFilters } from '../ui/use-filters.ts';

type Held = ApiAnswer<typeof readConfig>;

const scopeSchema = {
  shape: { scope: true },
  safeParse: (value: unknown) => {
    const parsed = scopeTextSchema.safeParse((value as { scope?: unknown }).scope);
    return { success: true, data: { scope: parsed.success ? parsed.data : ('all' as const) } } as const;
  },
};

/** What HQ sets of kiosks' configuration: for all, a group, or one. */
export function SettingsPage() {
  const texts = useAreaTexts(fleetTexts);
  const [{ scope }, setFilters] = useFilters<{ readonly scope: ScopeText }>(scopeSchema);
  const groups = useApi(listGroups).data?.groups ?? [];
  const kiosks = useApi(listFleet, { query: { limit: 500 } }).data?.kiosks ?? [];
  const { data, error, refetch } = useApi(readConfig, { query: { scope } }, { everyMs: 30_000 });
  const items = [{ id: 'all', name: texts.allKiosks }, ...groups.map(({ groupId, name }) => ({ id: `group:${groupId}`, name: `${texts.group}: ${name}` })), ...kiosks.map(({ kioskId, name }) => ({ id: `kiosk:${kioskId}`, name: `${name} (${kioskId})` }))];
  return (
    <Page
      title={texts.configTitle} lead={texts.configText} actions={<ButtonLink to="/fleet">{texts.title}</ButtonLink>}
      filters={<FilterBar><div className="fleet-scope">{items.length > 1 && <ComboField key={items.length} label={texts.configFor} items={items} value={scope} onChange={(id) => id !== '' && setFilters({ scope: id === 'all' ? '' : id })} />}</div></FilterBar>}
    >
      <Trouble failure={error} onAgain={() => void refetch()} />
      {data ? <ConfigForm key={scope} scope={scope} held={data} /> : !error && <Loading />}
    </Page>
  );
}

const zones = Intl.supportedValuesOf('timeZone').map((id) => ({ id, name: id }));

const shopFields = ['nameZh', 'nameEn', 'addressZh', 'addressEn', 'phone', 'timeZone'] as const;
type Typed = Readonly<Record<(typeof shopFields)[number] | 'language' | 'help', string>> & { readonly most: number | null };

function typedOf(config: Held['config']): Typed {
  const { shop } = config ?? {};
  return {
    nameZh: shop?.name.zh ?? '', nameEn: shop?.name.en ?? '', addressZh: shop?.address.zh ?? '', addressEn: shop?.address.en ?? '', phone: shop?.phone ?? '', timeZone: shop?.timeZone ?? '',
    language: config?.defaultLanguage ?? '', most: config?.maxOrderTotal === undefined ? null : config.maxOrderTotal / 100, help: config?.help?.phone ?? '',
  };
}

function ConfigForm({ scope, held }: { readonly scope: ScopeText; readonly held: Held }) {
  const texts = useAreaTexts(fleetTexts);
  const ui = useAreaTexts(uiTexts);
  const { may } = useMe();
  const { config } = held;
  const editing = useEditing<Typed>({ version: held.revision, by: held.publishedBy, at: held.publishedAt, value: typedOf(config) });
  const { value: typed, set } = editing;
  const languages = [{ id: '', name: texts.asMachine }, { id: 'zh', name: '中文' }, { id: 'en', name: 'English' }];
  const invalidates = [readConfig];
  const save = useAct(setConfig, { invalidates, done: texts.configSaved });
  const take = useAct(removeConfig, { invalidates, done: texts.removed });
  const filled = shopFields.filter((name) => typed[name].trim() !== '').length;
  const isShopHalf = filled > 0 && filled < 6;
  const publish = async () => {
    // What this page does not show stays as it was.
    const { shop: _shop, defaultLanguage: _language, maxOrderTotal: _most, help, ...rest } = config ?? {};
    const { language, most } = typed;
    const phone = typed.help.trim();
    const next = {
      ...rest,
      ...(filled === 6 ? { shop: { name: { zh: typed.nameZh.trim(), en: typed.nameEn.trim() }, address: { zh: typed.addressZh.trim(), en: typed.addressEn.trim() }, phone: typed.phone.trim(), timeZone: typed.timeZone } } : {}),
      ...(language === 'zh' || language === 'en' ? { defaultLanguage: language } : {}),
      ...(most === null ? {} : { maxOrderTotal: Math.round(most * 100) }),
      ...(phone !== '' ? { help: { onDuty: help?.onDuty ?? [], phone } } : help && help.onDuty.length > 0 ? { help: { onDuty: help.onDuty } } : {}),
    } as const;
    if (await save.act({ query: { scope }, body: { revision: editing.over.version, config: next as never } })) editing.saved();
  };
  const takeBack = async () => { if (await take.act({ query: { scope, revision: held.revision } })) editing.saved(); };
  const field = (name: (typeof shopFields)[number], label: string) => <TextField label={label} value={typed[name]} onChange={(text) => set({ ...typed, [name]: text })} />;
  const lines = (of: Typed) => ({
    [texts.shopNameZh]: of.nameZh, [texts.shopNameEn]: of.nameEn, [texts.shopAddressZh]: of.addressZh, [texts.shopAddressEn]: of.addressEn, [texts.shopPhone]: of.phone, [texts.shopZone]: of.timeZone,
    [texts.defaultLanguage]: of.language === '' ? '' : (languages.find(({ id }) => id === of.language)?.name ?? ''), [texts.maxOrder]: String(of.most ?? ''), [texts.helpPhone]: of.help,
  });
  return (
    <>
      <p className="k-note">{held.config === null ? texts.configNone : texts.configBy(held.publishedBy ?? '', held.revision)}</p>
      <div className="k-card k-form">
        <Section title={texts.shop}>
          <p className="k-note">{texts.shopHint}</p>
          <div className="k-form-row">{field('nameZh', texts.shopNameZh)}{field('nameEn', texts.shopNameEn)}</div>
          <div className="k-form-row">{field('addressZh', texts.shopAddressZh)}{field('addressEn', texts.shopAddressEn)}</div>
          <div className="k-form-row">{field('phone', texts.shopPhone)}<ComboField label={texts.shopZone} items={zones} value={typed.timeZone} onChange={(timeZone) => set({ ...typed, timeZone })} /></div>
          {isShopHalf && <p className="k-error" role="alert">{texts.invalidShop}</p>}
        </Section>
        <div className="k-form-row">
          <SelectField label={texts.defaultLanguage} items={languages} value={typed.language} onChange={(language) => set({ ...typed, language })} />
          <NumberField label={texts.maxOrder} value={typed.most} onChange={(most) => set({ ...typed, most })} min={0.01} />
          <TextField label={texts.helpPhone} value={typed.help} onChange={(help) => set({ ...typed, help })} type="tel" maxLength={40} />
        </div>
        {editing.newer ? <NewerVersion editing={editing} lines={lines} onDecided={save.forget} /> : <Trouble failure={save.failure ?? take.failure} />}
        {may('fleet.steer') && (
          <div className="k-actions">
            <Button look="main" isBusy={save.isBusy} isDisabled={isShopHalf || editing.newer !== undefined} onPress={() => void publish()}>{ui.save}</Button>
            {scope !== 'all' && held.config !== null && <Button look="danger" isDisabled={editing.newer !== undefined} isBusy={take.isBusy} onPress={() => void takeBack()}>{texts.configRemove}</Button>}
          </div>
        )}
      </div>
    </>
  );
}
