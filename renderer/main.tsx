import '@fontsource-variable/inter/wght.css';
import '@fontsource-variable/noto-sans-sc/wght.css';
import './ui/tokens.css';
import './ui/base.css';
import { StrictMode } from 'react';
import { createRoot } from 'react-dom/client';
import { App } from './customer/app.tsx';
import { Closed } from './customer/closed.tsx';
import { KioskProvider } from './customer/kiosk-context.tsx';
import { tagOf } from './i18n/language.ts';
import { listenForCore } from './state/connect.ts';
import { createIdleWatch } from './state/idle.ts';
import type { KioskClient } from './state/kiosk-client.ts';
import type { Store } from './state/store.ts';
import { createStore } from './state/store.ts';

const page = document.querySelector('#page');
if (!page) throw new Error('index.html has no #page');
const root = createRoot(page);
let store: Store | undefined;

root.render(<Closed kind="starting" />);
listenForCore(
  window,
  (client) => (store = begin(client)),
  () => store?.dispatch({ kind: 'connected' }),
);
window.counter24?.connect();

function begin(client: KioskClient): Store {
  const now = () => Date.now();
  const created = createStore({ client, now, random: (count) => crypto.getRandomValues(new Uint8Array(count)) });
  const watch = createIdleWatch({ store: created, now });
  for (const type of ['pointerdown', 'keydown'] as const) window.addEventListener(type, () => created.getModel().visit?.endsAt ?? watch.touch(), { capture: true });
  created.subscribe(() => showLanguage(created));
  reportFaults(client);
  root.render(
    <StrictMode>
      <KioskProvider store={created}>
        <App />
      </KioskProvider>
    </StrictMode>,
  );
  return created;
}

/** The page's language and text size are the visit's; without one, the shop's own. */
function showLanguage({ getModel }: Store): void {
  const { visit, shopfront } = getModel();
  document.documentElement.lang = tagOf[visit?.language ?? shopfront?.defaultLanguage ?? 'zh'];
  document.documentElement.dataset['text'] = visit?.textSize ?? 'normal';
}

/** The page's own faults go to core's log, without what the customer typed: a message of the engine holds none of it. */
function reportFaults(client: KioskClient): void {
  const report = (message: string) => void client.request('report', { message: message.slice(0, 2000) });
  window.addEventListener('error', (event) => report(event.message));
  window.addEventListener('unhandledrejection', (event) => report(String(event.reason)));
}
