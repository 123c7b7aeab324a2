import { uiTexts } from '../i18n/areas/ui.ts';
import { useAreaTexts } from '../i18n/use-texts.tsx';
import { Page } from '../ui/page.tsx';

export function OverviewPage() {
  return <Page title={useAreaTexts(uiTexts).areas.overview}>{null}</Page>;
}
