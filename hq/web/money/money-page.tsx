import { z } from 'zod';
import { moneyTexts } from '../i18n/areas/money.ts';
import { walletsTexts } from '../i18n/areas/wallets.ts';
import { useAreaTexts } from '../i18n/use-texts.tsx';
import { Page } from '../ui/page.tsx';
import { Tabs } from '../ui/tabs.tsx';
import { useFilters } from '../ui/use-filters.ts';
import { OpenWalletsPart } from './open-part.tsx';
import { BooksPart } from './books-part.tsx';
import { DifferencesPart } from './differences-part.tsx';
import { SettlementPart } from './settlement-part.tsx';

const viewSchema = z.object({ view: z.enum(['settlement', 'differences', 'open', 'books']).default('settlement') });

/** The gateways' and terminals' books against ours, what differs, and all of ours against each other. */
export function MoneyPage() {
  const texts = useAreaTexts(moneyTexts);
  const walletWords = useAreaTexts(walletsTexts);
  const [{ view }, setFilters] = useFilters(viewSchema);
  return (
    <Page title={texts.title} lead={texts.lead}>
      <Tabs
        label={texts.title} selected={view} onSelect={(chosen) => setFilters({ view: chosen })}
        items={[
          { id: 'settlement', name: texts.tabs.settlement, content: <SettlementPart /> },
          { id: 'differences', name: texts.tabs.differences, content: <DifferencesPart /> },
          { id: 'open', name: walletWords.tab, content: <OpenWalletsPart href={(shown) => `/money?${new URLSearchParams({ view: 'open', shown })}`} /> },
          { id: 'books', name: texts.tabs.books, content: <BooksPart /> },
        ]}
      />
    </Page>
  );
}
