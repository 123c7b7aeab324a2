import { KiosksPage } from '../kiosks/kiosks-page.tsx';

export function FleetPage() {
  return <KiosksPage />;
}
