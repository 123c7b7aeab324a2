import path from 'node:path';
import type { Session } from 'electron';
import { app, BrowserWindow, screen, session } from 'electron';
import type { RendererFolders } from './renderer-protocol.ts';
import { pageOrigin, pageUrl, serveRenderer } from './renderer-protocol.ts';

export interface WindowOptions {
  readonly distFolder: string;
  /** The shop's own pictures: `pictures` beside the configuration file. */
  readonly picturesFolder?: string;
  /** What core has fetched from HQ: `pictures` beside the store. */
  readonly sentPicturesFolder?: string;
  /** A portrait window instead of the whole screen, for development beside the workbench. */
  readonly windowed: boolean;
  readonly onGone: () => void;
}

const portrait = { width: 1080, height: 1920 };

/** The one window: sandboxed, nowhere to navigate to, nothing permitted, nothing of a customer on disk. */
export function createKioskWindow({ distFolder, picturesFolder, sentPicturesFolder, windowed, onGone }: WindowOptions): BrowserWindow {
  const pageSession = lockedSession({ page: path.join(distFolder, 'renderer'), pictures: picturesFolder, sentPictures: sentPicturesFolder });
  const window = new BrowserWindow({
    ...(windowed ? portraitBounds() : screen.getPrimaryDisplay().bounds),
    show: false,
    frame: windowed,
    fullscreen: !windowed,
    kiosk: !windowed && app.isPackaged,
    backgroundColor: '#F7F5F2',
    title: 'Counter24',
    icon: path.join(distFolder, 'icon.png'),
    webPreferences: {
      session: pageSession,
      preload: path.join(distFolder, 'preload', 'preload.cjs'),
      sandbox: true,
      contextIsolation: true,
      nodeIntegration: false,
      webviewTag: false,
      spellcheck: false,
      devTools: !app.isPackaged,
      backgroundThrottling: false,
    },
  });
  const { webContents } = window;
  webContents.setWindowOpenHandler(() => ({ action: 'deny' }));
  webContents.on('will-navigate', (event) => event.preventDefault());
  webContents.on('will-frame-navigate', (event) => event.preventDefault());
  webContents.on('will-redirect', (event) => event.preventDefault());
  webContents.on('will-attach-webview', (event) => event.preventDefault());
  webContents.on('did-start-navigation', (details) => {
    // A reload begins a new page: whatever the page before had on its screen is over.
    if (details.isMainFrame && !details.isSameDocument) onGone();
  });
  webContents.on('render-process-gone', (_event, { reason }) => {
    onGone();
    if (reason === 'clean-exit' || window.isDestroyed()) return;
    console.error(`the page's process ended (${reason}); loading it again`);
    // Not within the event: Electron is still taking the old process down.
    setImmediate(() => void window.loadURL(pageUrl));
  });
  window.on('unresponsive', () => {
    console.error('the page does not respond; loading it again');
    webContents.forcefullyCrashRenderer();
  });
  window.once('ready-to-show', () => {
    window.show();
    void webContents.setVisualZoomLevelLimits(1, 1);
  });
  void window.loadURL(pageUrl);
  return window;
}

/** A session in memory that reaches the page's own files and the shop's pictures, and nothing else. */
function lockedSession(folders: RendererFolders): Session {
  const locked = session.fromPartition('counter24', { cache: false });
  serveRenderer(locked, folders);
  locked.setPermissionRequestHandler((_webContents, _permission, callback) => callback(false));
  locked.setPermissionCheckHandler(() => false);
  locked.setDevicePermissionHandler(() => false);
  locked.webRequest.onBeforeRequest((details, callback) => {
    // DevTools, in development only, brings its own scheme.
    callback({ cancel: !details.url.startsWith(`${pageOrigin}/`) && !details.url.startsWith('devtools://') });
  });
  locked.on('will-download', (event) => event.preventDefault());
  return locked;
}

function portraitBounds(): { width: number; height: number; x: number; y: number } {
  const { workArea } = screen.getPrimaryDisplay();
  const scale = Math.min(1, workArea.height / portrait.height, workArea.width / portrait.width);
  return { x: workArea.x, y: workArea.y, width: Math.round(portrait.width * scale), height: Math.round(portrait.height * scale) };
}
