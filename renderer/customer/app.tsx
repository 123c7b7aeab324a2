import type { Screen, Sheet } from '../state/model.ts';
import { screenOf } from '../state/model.ts';
import { Announcer } from './announcer.tsx';
import { Attract } from './attract.tsx';
import { CartScreen } from './cart.tsx';
import { Checkout } from './checkout.tsx';
import { Closed } from './closed.tsx';
import { Home } from './home.tsx';
import { useKiosk } from './kiosk-context.tsx';
import { LanguageChoice } from './language-choice.tsx';
import { OfferSheet } from './offer-sheet.tsx';
import { Offers } from './offers.tsx';
import { Pay } from './pay.tsx';
import { RefusalsSheet } from './refusals-sheet.tsx';
import { Result } from './result.tsx';
import { ScanNotice } from './scan-notice.tsx';
import { IdleSheet, LeaveSheet } from './small-sheets.tsx';

export function App() {
  const { model } = useKiosk();
  const screen = screenOf(model);
  const { visit } = model;
  const inVisit = visit !== undefined && screen === visit.stage;
  return (
    <>
      <ScreenView screen={screen} />
      <Announcer />
      <ScanNotice />
      {inVisit && visit.sheet ? <SheetView sheet={visit.sheet} /> : null}
      {inVisit && visit.endsAt !== undefined ? <IdleSheet endsAt={visit.endsAt} /> : null}
    </>
  );
}

function ScreenView({ screen }: { readonly screen: Screen }) {
  switch (screen.kind) {
    case 'connecting':
      return <Closed kind="starting" />;
    case 'out_of_service':
      return <Closed kind="outOfService" />;
    case 'paused':
      return <Closed kind="paused" notice={screen.notice} />;
    case 'attract':
      return <Attract />;
    case 'language':
      return <LanguageChoice />;
    case 'home':
      return <Home />;
    case 'offers':
      return <Offers categoryId={screen.categoryId} />;
    case 'cart':
      return <CartScreen />;
    case 'checkout':
      return <Checkout stage={screen} />;
    case 'pay':
      return <Pay stage={screen} />;
    case 'result':
      return <Result stage={screen} />;
  }
}

function SheetView({ sheet }: { readonly sheet: Sheet }) {
  switch (sheet.kind) {
    case 'offer':
      return <OfferSheet draft={sheet.draft} />;
    case 'refusals':
      return <RefusalsSheet refusals={sheet.refusals} />;
    case 'leave':
      return <LeaveSheet />;
  }
}
