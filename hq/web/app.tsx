import { FeedbackPage } from './feedback/feedback-page.tsx';
import { HelpCallsBanner } from './help/help-calls.tsx';
import { useTexts } from './i18n/use-texts.tsx';
import { KioskPage } from './kiosks/kiosk-page.tsx';
import { KiosksPage } from './kiosks/kiosks-page.tsx';
import { LiveProvider, useLiveState } from './live/use-live.tsx';
import { OrdersPage } from './orders/orders-page.tsx';
import { Link, usePlace } from './router.tsx';
import { Navigation } from './ui/navigation.tsx';
import { DayProvider } from './ui/time.tsx';

export function App() {
  const { path } = usePlace();
  return (
    <LiveProvider>
      <DayProvider>
        <div className="house">
          <Navigation path={path} />
          <div className="room">
            <LostBanner />
            <HelpCallsBanner />
            <Page path={path} />
          </div>
        </div>
      </DayProvider>
    </LiveProvider>
  );
}

function Page({ path }: { readonly path: string }) {
  const texts = useTexts();
  const [, kioskId, orderId] = /^\/orders\/([^/]+)\/([^/]+)$/.exec(path) ?? [];
  if (path === '/' || path === '/orders' || orderId) return <OrdersPage open={kioskId && orderId ? { kioskId, orderId } : undefined} />;
  if (path === '/kiosks') return <KiosksPage />;
  if (path === '/feedback') return <FeedbackPage />;
  const [, oneKiosk] = /^\/kiosks\/([^/]+)$/.exec(path) ?? [];
  if (oneKiosk) return <KioskPage kioskId={oneKiosk} />;
  return (
    <main className="empty">
      <h1>{texts.unknownPage}</h1>
      <Link to="/orders" className="button">{texts.toOrders}</Link>
    </main>
  );
}

function LostBanner() {
  const texts = useTexts();
  return useLiveState() === 'lost' ? <p className="banner" role="alert">{texts.lostBanner}</p> : null;
}
