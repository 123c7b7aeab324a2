import './fleet.css';
import { useState } from 'react';
import { listFleet, listGroups, readConfig, removeConfig, setConfig } from '../../contract/api/fleet.ts';
import type { ApiAnswer } from '../../contract/api/route.ts';
import { scopeTextSchema } from '../../contract/api/scope.ts';
import type { ScopeText } from '../../contract/api/scope.ts';
import { useMe } from '../api/me.tsx';
import { useAct, useApi } from '../api/use-api.ts';
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
  const { data, error, refetch } = useApi(readConfig, { query: { scope } });
  const items = [{ id: 'all', name: texts.allKiosks }, ...groups.map(({ groupId, name }) => ({ id: `group:${groupId}`, name: `${texts.group}: ${name}` })), ...kiosks.map(({ kioskId, name }) => ({ id: `kiosk:${kioskId}`, name: `${name} (${kioskId})` }))];
  return (
    <Page
      title={texts.configTitle} lead={texts.configText} actions={<ButtonLink to="/fleet">{texts.title}</ButtonLink>}
      filters={<FilterBar><div className="fleet-scope">{items.length > 1 && <ComboField key={items.length} label={texts.configFor} items={items} value={scope} onChange={(id) => id !== '' && setFilters({ scope: id === 'all' ? '' : id })} />}</div></FilterBar>}
    >
      <Trouble failure={error} onAgain={() => void refetch()} />
      {data ? <ConfigForm key={`${scope} ${data.revision}`} scope={scope} held={data} /> : !error && <Loading />}
    </Page>
  );
}

const zones = Intl.supportedValuesOf('timeZone').map((id) => ({ id, name: id }));

function ConfigForm({ scope, held }: { readonly scope: ScopeText; readonly held: Held }) {
  const texts = useAreaTexts(fleetTexts);
  const ui = useAreaTexts(uiTexts);
  const { may } = useMe();
  const { config } = held;
  const [shop, setShop] = useState({
    nameZh: config?.shop?.name.zh ?? '', nameEn: config?.shop?.name.en ?? '', addressZh: config?.shop?.address.zh ?? '', addressEn: config?.shop?.address.en ?? '', phone: config?.shop?.phone ?? '', timeZone: config?.shop?.timeZone ?? '',
  });
  const [language, setLanguage] = useState<string>(config?.defaultLanguage ?? '');
  const [most, setMost] = useState<number | null>(config?.maxOrderTotal === undefined ? null : config.maxOrderTotal / 100);
  const [phone, setPhone] = useState(config?.help?.phone ?? '');
  const invalidates = [readConfig];
  const save = useAct(setConfig, { invalidates, done: texts.configSaved });
  const take = useAct(removeConfig, { invalidates, done: texts.removed });
  const filled = Object.values(shop).filter((text) => text.trim() !== '').length;
  const isShopHalf = filled > 0 && filled < 6;
  const publish = () => {
    // What this page does not show stays as it was.
    const { shop: _shop, defaultLanguage: _language, maxOrderTotal: _most, help, ...rest } = config ?? {};
    const next = {
      ...rest,
      ...(filled === 6 ? { shop: { name: { zh: shop.nameZh.trim(), en: shop.nameEn.trim() }, address: { zh: shop.addressZh.trim(), en: shop.addressEn.trim() }, phone: shop.phone.trim(), timeZone: shop.timeZone } } : {}),
      ...(language === 'zh' || language === 'en' ? { defaultLanguage: language } : {}),
      ...(most === null ? {} : { maxOrderTotal: Math.round(most * 100) }),
      ...(phone.trim() !== '' ? { help: { onDuty: help?.onDuty ?? [], phone: phone.trim() } } : help && help.onDuty.length > 0 ? { help: { onDuty: help.onDuty } } : {}),
    } as const;
    void save.act({ query: { scope }, body: { revision: held.revision, config: next as never } });
  };
  const field = (name: keyof typeof shop, label: string) => <TextField label={label} value={shop[name]} onChange={(text) => setShop({ ...shop, [name]: text })} />;
  return (
    <>
      <p className="k-note">{held.config === null ? texts.configNone : texts.configBy(held.publishedBy ?? '', held.revision)}</p>
      <div className="k-card k-form">
        <Section title={texts.shop}>
          <p className="k-note">{texts.shopHint}</p>
          <div className="k-form-row">{field('nameZh', texts.shopNameZh)}{field('nameEn', texts.shopNameEn)}</div>
          <div className="k-form-row">{field('addressZh', texts.shopAddressZh)}{field('addressEn', texts.shopAddressEn)}</div>
          <div className="k-form-row">{field('phone', texts.shopPhone)}<ComboField label={texts.shopZone} items={zones} value={shop.timeZone} onChange={(timeZone) => setShop({ ...shop, timeZone })} /></div>
          {isShopHalf && <p className="k-error" role="alert">{texts.invalidShop}</p>}
        </Section>
        <div className="k-form-row">
          <SelectField label={texts.defaultLanguage} items={[{ id: '', name: texts.asMachine }, { id: 'zh', name: '中文' }, { id: 'en', name: 'English' }]} value={language} onChange={setLanguage} />
          <NumberField label={texts.maxOrder} value={most} onChange={setMost} min={0.01} />
          <TextField label={texts.helpPhone} value={phone} onChange={setPhone} type="tel" maxLength={40} />
        </div>
        <Trouble failure={save.failure ?? take.failure} />
        {may('fleet.steer') && (
          <div className="k-actions">
            <Button look="main" isBusy={save.isBusy} isDisabled={isShopHalf} onPress={publish}>{ui.save}</Button>
            {scope !== 'all' && held.config !== null && <Button look="danger" isBusy={take.isBusy} onPress={() => void take.act({ query: { scope } })}>{texts.configRemove}</Button>}
          </div>
        )}
      </div>
    </>
  );
}
