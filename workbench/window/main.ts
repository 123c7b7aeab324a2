import { parseArgs } from 'node:util';
import { app, BrowserWindow, screen, session } from 'electron';

/** A frame around the workbench's page and nothing more: what it shows lives in the workbench's own process. */
const { values } = parseArgs({
  args: process.argv.slice(1),
  // Chromium's switches and Playwright's stand between ours.
  strict: false,
  allowPositionals: true,
  options: { url: { type: 'string' }, data: { type: 'string' } },
});
const url = workbenchUrl(values['url']);
if (url === undefined) {
  console.error('The workbench window needs --url=http://127.0.0.1:PORT and, where several run at once, --data=FOLDER.');
  app.exit(1);
} else {
  // Beside a kiosk of the same Electron: two applications must not write into one profile.
  if (typeof values['data'] === 'string') app.setPath('userData', values['data']);
  app.on('window-all-closed', () => app.quit());
  // Not awaited here: Electron is ready only after its entry point has loaded.
  void app.whenReady().then(() => openWindow(url));
}

async function openWindow(address: string): Promise<void> {
  session.defaultSession.setPermissionRequestHandler((_contents, _permission, answer) => answer(false));
  session.defaultSession.setPermissionCheckHandler(() => false);
  const { primary, second } = displays();
  const area = (second ?? primary).workArea;
  const width = Math.min(900, area.width);
  const height = Math.min(1000, area.height);
  const window = new BrowserWindow({
    x: second ? area.x + Math.round((area.width - width) / 2) : area.x + area.width - width,
    y: area.y + Math.round((area.height - height) / 2),
    width,
    height,
    title: 'Counter24 workbench',
    backgroundColor: '#ece5da',
    autoHideMenuBar: true,
    webPreferences: { sandbox: true, contextIsolation: true, nodeIntegration: false, webviewTag: false, spellcheck: false },
  });
  window.removeMenu();
  // On a single display the kiosk fills the screen, and nothing lower than this stays visible over it.
  if (!second) window.setAlwaysOnTop(true, 'screen-saver');
  window.webContents.setWindowOpenHandler(() => ({ action: 'deny' }));
  window.webContents.on('will-navigate', (event) => event.preventDefault());
  window.webContents.on('will-attach-webview', (event) => event.preventDefault());
  try {
    await window.loadURL(address);
  } catch (cause) {
    console.error(`The workbench at ${address} does not answer: ${cause instanceof Error ? cause.message : String(cause)}`);
    app.exit(1);
  }
}

function displays() {
  const primary = screen.getPrimaryDisplay();
  return { primary, second: screen.getAllDisplays().find(({ id }) => id !== primary.id) };
}

/** Only this machine's own: the window is no browser. */
function workbenchUrl(given: unknown): string | undefined {
  if (typeof given !== 'string' || !URL.canParse(given)) return undefined;
  const { protocol, hostname, href } = new URL(given);
  return protocol === 'http:' && (hostname === '127.0.0.1' || hostname === 'localhost') ? href : undefined;
}
