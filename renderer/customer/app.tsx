import { lazy, Suspense } from 'react';
import type { KioskClient } from '../state/kiosk-client.ts';
import type { Model, Screen, Sheet } from '../state/model.ts';
import { screenOf } from '../state/model.ts';
import { SearchProvider } from '../search/search-context.tsx';
import { AccessSheet } from './access-sheet.tsx';
import { Announcer } from './announcer.tsx';
import { Attract } from './attract.tsx';
import { CartScreen } from './cart.tsx';
import { Checkout } from './checkout.tsx';
import { Closed } from './closed.tsx';
import { FeedbackSheet } from './feedback-sheet.tsx';
import { HelpSheet } from './help.tsx';
import { Home } from './home.tsx';
import { useSelect } from './kiosk-context.tsx';
import { LanguageChoice } from './language-choice.tsx';
import { BrandMark } from './masthead.tsx';
import { OfferSheet } from './offer-sheet.tsx';
import { Offers } from './offers.tsx';
import { Pay } from './pay.tsx';
import { RefusalsSheet } from './refusals-sheet.tsx';
import { Result } from './result.tsx';
import { ScanNotice } from './scan-notice.tsx';
import { SearchScreen } from './search.tsx';
import { IdleSheet, LeaveSheet } from './small-sheets.tsx';

/** A file of its own, asked for when the first of the staff comes: no customer's screen waits for it. */
const StaffMain = lazy(() => import('../staff/main.tsx').then((module) => ({ default: module.StaffMain })));

/** What is on the screen, by the parts of the model that decide it: a step that changes none of them renders nothing here. */
function shownOf(model: Model) {
  const { visit } = model;
  const screen = screenOf(model);
  const inVisit = visit !== undefined && screen === visit.stage;
  return {
    stage: inVisit ? visit.stage : undefined,
    kind: screen.kind,
    notice: screen.kind === 'paused' ? screen.notice : undefined,
    sheet: inVisit ? visit.sheet : undefined,
    endsAt: inVisit ? visit.endsAt : undefined,
    language: visit?.language,
    // The search gets ready with the first customer; a kiosk at which nobody stands does nothing.
    catalogue: visit && model.shopfront?.catalogue,
  };
}

/** `client` is for the staff's part alone: what a customer does is an action. */
export function App({ client }: { readonly client: KioskClient | undefined }) {
  const { stage, kind, notice, sheet, endsAt, language, catalogue } = useSelect(shownOf);
  const screen = stage ?? (kind === 'paused' ? { kind, notice } : ({ kind } as Exclude<Screen, { kind: 'paused' }>));
  if (screen.kind === 'staff') {
    return (
      <Suspense fallback={null}>
        {client ? <StaffMain client={client} /> : null}
      </Suspense>
    );
  }
  return (
    <SearchProvider catalogue={catalogue}>
      {language === undefined ? null : (
        <div className="above" aria-hidden="true">
          <BrandMark language={language} />
        </div>
      )}
      <ScreenView screen={screen} />
      <Announcer />
      <ScanNotice />
      {sheet ? <SheetView sheet={sheet} /> : null}
      {endsAt === undefined ? null : <IdleSheet endsAt={endsAt} />}
    </SearchProvider>
  );
}

function ScreenView({ screen }: { readonly screen: Exclude<Screen, { kind: 'staff' }> }) {
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
    case 'search':
      return <SearchScreen />;
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
    case 'help':
      return <HelpSheet questionId={sheet.questionId} />;
    case 'access':
      return <AccessSheet />;
    case 'feedback':
      return <FeedbackSheet draft={sheet.draft} />;
  }
}
