import './plain-zod.ts';
import '@fontsource-variable/inter/wght.css';
import '@fontsource-variable/noto-sans-sc/wght.css';
import './ui/tokens.css';
import './ui/base.css';
import { StrictMode } from 'react';
import { createRoot } from 'react-dom/client';
import { applyLook, rootLook } from './brand.ts';
import { App } from './customer/app.tsx';
import { Closed } from './customer/closed.tsx';
import { KioskProvider } from './customer/kiosk-context.tsx';
import { createSelection } from './customer/selection.ts';
import { tagOf } from './i18n/language.ts';
import { createSpeech } from './speech/speech.ts';
import { startClock } from './state/clock.ts';
import { listenForCore } from './state/connect.ts';
import { canOpenDesk } from './state/desk.ts';
import { createIdleWatch } from './state/idle.ts';
import type { KioskClient } from './state/kiosk-client.ts';
import { listenForLongPress } from './state/long-press.ts';
import { monotonicNow } from './state/monotonic.ts';
import { guardSecondTaps, surfaceOf } from './state/second-tap.ts';
import type { Store } from './state/store.ts';
import { createStore } from './state/store.ts';
import { plainAccess } from './state/visit.ts';
import { keepDrawings } from './ui/kept-drawings.ts';

const page = document.querySelector('#page');
if (!page) throw new Error('index.html has no #page');
const root = createRoot(page, { onUncaughtError: startOver });
const whenIdle = (task: () => void) => void requestIdleCallback(task);
let store: Store | undefined;
let core: KioskClient | undefined;
let report: (message: string) => void = () => {};

root.render(<Closed kind="starting" />);
listenForCore(
  window,
  (client) => (store = begin(client)),
  () => store?.dispatch({ kind: 'connected' }),
);
window.counter24?.connect();

function begin(client: KioskClient): Store {
  const created = createStore({ client, now: Date.now, monotonicNow, random: (count) => crypto.getRandomValues(new Uint8Array(count)) });
  const watch = createIdleWatch({ store: created, monotonicNow });
  core = client;
  startClock(created);
  guardSecondTaps(window, () => surfaceOf(created.getModel()) + staffSurface());
  listenForLongPress(window, { isWanted: () => canOpenDesk(created.getModel()), onLongPress: () => created.dispatch({ kind: 'staff_opened' }) });
  const touch = () => created.getModel().visit?.endsAt ?? watch.touch();
  // Typing, scrolling and every finger on the glass are signs of life; while the question stands, only its own buttons are an answer.
  for (const type of ['pointerdown', 'keydown', 'input', 'wheel'] as const) window.addEventListener(type, touch, { capture: true, passive: true });
  created.subscribe(createLook(created));
  report = (message) => void client.request('report', { message: message.slice(0, 2000) });
  window.addEventListener('error', (event) => report(event.message));
  window.addEventListener('unhandledrejection', (event) => report(String(event.reason)));
  createSpeech({ store: created, client, window, onSpeaking: touch });
  render(created);
  keepDrawings(whenIdle);
  return created;
}

/** The staff's part keeps what it shows to itself: there, a sheet and a page are told apart by their titles. */
function staffSurface(): string {
  if (!document.querySelector('.staff')) return '';
  return document.querySelector('[role="dialog"]')?.getAttribute('aria-label') ?? document.querySelector('.staff h1')?.textContent ?? '';
}

function render(created: Store): void {
  root.render(
    <StrictMode>
      <KioskProvider store={created}>
        <App client={core} />
      </KioskProvider>
    </StrictMode>,
  );
}

/** A bug of the page is no reason for a dark screen: it is reported, the visit ends, and the next customer finds a shop. */
function startOver(error: unknown): void {
  report(error instanceof Error ? `${error.name}: ${error.message}` : String(error));
  setTimeout(() => {
    store?.dispatch({ kind: 'idle_ended' });
    if (store) render(store);
  }, 1000);
}

/** The page's language and looks are the visit's; without one, the shop's own; the staff's part is black on white in any shop. Written only when they change: every style of the page hangs on them. */
function createLook({ getModel }: Store): () => void {
  const read = createSelection(getModel, ({ visit, shopfront, desk }) =>
    desk && !visit
      ? { language: desk.language, textSize: desk.textSize, access: undefined, brand: undefined, screen: undefined }
      : { language: visit?.language ?? shopfront?.defaultLanguage ?? 'zh', textSize: undefined, access: visit?.access, brand: shopfront?.brand, screen: shopfront?.screen },
  );
  let shown: ReturnType<typeof read> | undefined;
  return () => {
    const next = read();
    if (next === shown) return;
    shown = next;
    const { documentElement } = document;
    documentElement.lang = tagOf[next.language];
    applyLook(documentElement, rootLook(next.access ?? (next.textSize && { ...plainAccess, textSize: next.textSize }), next.brand, next.screen));
  };
}
