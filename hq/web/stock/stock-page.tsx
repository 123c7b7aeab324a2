import { useFilters } from '../ui/use-filters.ts';
import { stockTexts } from '../i18n/areas/stock.ts';
import { useAreaTexts } from '../i18n/use-texts.tsx';
import { Page } from '../ui/page.tsx';
import { Tabs } from '../ui/tabs.tsx';
import { Differences } from './differences.tsx';
import { Expiring } from './expiring.tsx';
import { KioskStock } from './kiosk-stock.tsx';
import { OfferStock } from './offer-stock.tsx';
import { PlanogramEditor } from './planogram-editor.tsx';
import { Routes } from './routes.tsx';
import { stockFilterSchema } from './stock-filters.ts';
import './stock.css';
import { Visits } from './visits.tsx';

const tabs = ['offers', 'kiosks', 'planogram', 'routes', 'expiring', 'differences', 'visits'] as const;

/** Goods across all kiosks. Which view, and its filters, stand in the address. */
export function StockPage() {
  const texts = useAreaTexts(stockTexts);
  const [{ view }, setFilters] = useFilters(stockFilterSchema);
  const contents = { offers: <OfferStock />, kiosks: <KioskStock />, planogram: <PlanogramEditor />, routes: <Routes />, expiring: <Expiring />, differences: <Differences />, visits: <Visits /> };
  return (
    <Page title={texts.title} lead={texts.lead}>
      <Tabs label={texts.views} selected={view} onSelect={(id) => setFilters({ view: id === 'offers' ? undefined : id, search: undefined, offer: undefined })} items={tabs.map((id) => ({ id, name: texts.tabs[id], content: contents[id] }))} />
    </Page>
  );
}
