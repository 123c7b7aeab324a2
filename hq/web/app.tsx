import { QueryClientProvider } from '@tanstack/react-query';
import { Suspense, lazy, useState } from 'react';
import type { ComponentType, ReactNode } from 'react';
import { Route, Switch } from 'wouter';
import type { Permission } from '../contract/api/permissions.ts';
import { SignedInOnly, useMe } from './api/me.tsx';
import { createQueryClient } from './api/query-client.ts';
import { HelpCallsBanner } from './help/help-calls.tsx';
import { uiTexts } from './i18n/areas/ui.ts';
import { useAreaTexts } from './i18n/use-texts.tsx';
import { LiveQueries } from './live/live-queries.tsx';
import { LiveProvider, useLiveState } from './live/use-live.tsx';
import { usePlace } from './router.tsx';
import { PageGuard } from './ui/broken.tsx';
import { ButtonLink } from './ui/button.tsx';
import { Navigation } from './ui/navigation.tsx';
import { Empty, Page, VisitProvider } from './ui/page.tsx';
import { DayProvider } from './ui/time.tsx';
import { Toaster } from './ui/toaster.tsx';
import { Loading } from './ui/trouble.tsx';

/** A page is loaded when it is gone to: what nobody opens costs nobody anything. */
function page(load: () => Promise<ComponentType>): ComponentType {
  return lazy(async () => ({ default: await load() }));
}

interface PageRoute {
  /** As wouter writes it: ":kiosk" is in `useParams()`, "*?" is the rest. */
  readonly path: string;
  readonly permission: Permission;
  readonly page: ComponentType;
}

/** Pages before signing in stand alone, without the frame. */
const openRoutes: readonly Omit<PageRoute, 'permission'>[] = [
  { path: '/sign-in', page: page(async () => (await import('./sign-in/sign-in-page.tsx')).SignInPage) },
  { path: '/invitation', page: page(async () => (await import('./sign-in/invitation-page.tsx')).InvitationPage) },
  { path: '/staff-enrol', page: page(async () => (await import('./staff/staff-enrol-page.tsx')).StaffEnrolPage) },
];

/** The first that fits is shown. An area adds its lines here, and its entry to ui/navigation.tsx. */
const routes: readonly PageRoute[] = [
  { path: '/', permission: 'self', page: page(async () => (await import('./overview/overview-page.tsx')).OverviewPage) },
  { path: '/fleet/-/groups', permission: 'fleet.see', page: page(async () => (await import('./fleet/groups-page.tsx')).GroupsPage) },
  { path: '/fleet/-/settings', permission: 'fleet.see', page: page(async () => (await import('./fleet/settings-page.tsx')).SettingsPage) },
  { path: '/fleet/-/batch/:batch', permission: 'fleet.see', page: page(async () => (await import('./fleet/batch-page.tsx')).BatchPage) },
  { path: '/fleet/:kiosk', permission: 'fleet.see', page: page(async () => (await import('./fleet/kiosk-page.tsx')).KioskPage) },
  { path: '/fleet', permission: 'fleet.see', page: page(async () => (await import('./fleet/fleet-page.tsx')).FleetPage) },
  { path: '/orders/:kiosk?/:order?', permission: 'orders.see', page: page(async () => (await import('./orders/orders-page.tsx')).OrdersRoute) },
  { path: '/services', permission: 'orders.see', page: page(async () => (await import('./services/services-page.tsx')).ServicesPage) },
  { path: '/alerts', permission: 'alerts.see', page: page(async () => (await import('./alerts/alerts-page.tsx')).AlertsPage) },
  { path: '/people', permission: 'people.edit', page: page(async () => (await import('./people/people-page.tsx')).PeoplePage) },
  { path: '/account', permission: 'self', page: page(async () => (await import('./account/account-page.tsx')).AccountPage) },
  { path: '/audit', permission: 'audit.see', page: page(async () => (await import('./audit/audit-page.tsx')).AuditPage) },
  { path: '/money', permission: 'money.see', page: page(async () => (await import('./money/money-page.tsx')).MoneyPage) },
  { path: '/reports/:kind?', permission: 'reports.see', page: page(async () => (await import('./reports/reports-page.tsx')).ReportsPage) },
  { path: '/feedback', permission: 'orders.see', page: page(async () => (await import('./feedback/feedback-page.tsx')).FeedbackPage) },
  { path: '/catalogue', permission: 'catalogue.see', page: page(async () => (await import('./catalogue/catalogue-page.tsx')).CataloguePage) },
  { path: '/stock/kiosks/:kiosk', permission: 'stock.see', page: page(async () => (await import('./stock/kiosk-shelves-page.tsx')).KioskShelvesPage) },
  { path: '/stock/routes/:route', permission: 'stock.see', page: page(async () => (await import('./stock/restock-list-page.tsx')).RestockListPage) },
  { path: '/stock', permission: 'stock.see', page: page(async () => (await import('./stock/stock-page.tsx')).StockPage) },
  { path: '/staff', permission: 'staff.edit', page: page(async () => (await import('./staff/staff-page.tsx')).StaffPage) },
];

export function App() {
  const [client] = useState(createQueryClient);
  return (
    <QueryClientProvider client={client}>
      <DayProvider>
        <VisitProvider>
          <Suspense fallback={<Loading />}>
            <Switch>
              {openRoutes.map(({ path, page: OpenPage }) => <Route key={path} path={path}><OpenPage /></Route>)}
              <Route><SignedInOnly><House /></SignedInOnly></Route>
            </Switch>
          </Suspense>
          <Toaster />
        </VisitProvider>
      </DayProvider>
    </QueryClientProvider>
  );
}

/** The frame around every page of somebody who is signed in. */
function House() {
  const texts = useAreaTexts(uiTexts);
  const { path } = usePlace();
  return (
    <LiveProvider>
      <LiveQueries />
      <a className="k-skip" href="#main">{texts.skip}</a>
      <div className="k-house">
        <Navigation path={path} />
        <div className="k-room">
          <LostBanner />
          <HelpCallsBanner />
          <PageGuard place={path}>
            <Suspense fallback={<Loading />}>
              <Switch>
                {routes.map(({ path: pattern, permission, page: RoutePage }) => <Route key={pattern} path={pattern}><Allowed permission={permission}><RoutePage /></Allowed></Route>)}
                <Route><UnknownPage /></Route>
              </Switch>
            </Suspense>
          </PageGuard>
        </div>
      </div>
    </LiveProvider>
  );
}

function Allowed({ permission, children }: { readonly permission: Permission; readonly children: ReactNode }) {
  const texts = useAreaTexts(uiTexts);
  const { may } = useMe();
  if (may(permission)) return children;
  return <Page title={texts.notYours}><Empty title={texts.notYours} text={texts.notYoursText} action={<ButtonLink to="/">{texts.toOverview}</ButtonLink>} /></Page>;
}

function UnknownPage() {
  const texts = useAreaTexts(uiTexts);
  return <Page title={texts.unknownPage}><Empty title={texts.unknownPage} text={texts.unknownPageText} action={<ButtonLink to="/">{texts.toOverview}</ButtonLink>} /></Page>;
}

function LostBanner() {
  const texts = useAreaTexts(uiTexts);
  return useLiveState() === 'lost' ? <p className="k-banner" role="alert">{texts.lostBanner}</p> : null;
}
