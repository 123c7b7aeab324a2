import { useParams } from 'wouter';
import { KioskPage as OldPage } from '../kiosks/kiosk-page.tsx';

export function KioskPage() {
  const { kiosk } = useParams<{ kiosk: string }>();
  return <OldPage kioskId={kiosk} />;
}
