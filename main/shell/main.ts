import fs from 'node:fs';
import path from 'node:path';
import type { BrowserWindow } from 'electron';
import { app, ipcMain, Menu, MessageChannelMain, protocol } from 'electron';
import type { StartMessage } from '../../domain/contract/shell.ts';
import { storeKeys } from './keys.ts';
import { pictureOf } from './picture.ts';
import { pageOrigin, scheme } from './renderer-protocol.ts';
import { superviseCore } from './supervisor.ts';
import { createKioskWindow } from './window.ts';

/**
 * The shell: windows, keys and the supervision of core. It knows nothing of orders.
 * Switches: --config=FILE, --data=FOLDER, --windowed, --sqlite-addon=FILE.
 */
const option = (name: string) => app.commandLine.getSwitchValue(name);
const dataFolder = path.resolve(option('data') || path.join(app.getPath('appData'), 'counter24'));
const configFile = path.resolve(option('config') || '/etc/counter24/kiosk.json');
const distFolder = path.join(app.getAppPath(), 'dist');

app.setPath('userData', path.join(dataFolder, 'window'));
// Chromium has no sandbox for root, and says so only by dying: development as root goes without, a kiosk never runs as root.
if (app.commandLine.hasSwitch('no-sandbox')) console.error('!!! Running without Chromium\'s sandbox: for development as root only. !!!');
else app.enableSandbox();
protocol.registerSchemesAsPrivileged([{ scheme, privileges: { standard: true, secure: true } }]);
Menu.setApplicationMenu(null);

if (!app.requestSingleInstanceLock()) {
  console.error('Counter24 runs already with this data folder.');
  app.exit(1);
} else {
  void app.whenReady().then(run);
}

const keys = storeKeys(dataFolder);

function startMessage(): StartMessage {
  const sqliteAddon = option('sqlite-addon') || packagedSqliteAddon();
  return { kind: 'start', configFile, dataFolder, key: keys.key(), ...(sqliteAddon ? { sqliteAddon } : {}) };
}

/** A test build on an Electron that the SQLite package has no prebuild for brings its own (build/package.ts). */
function packagedSqliteAddon(): string | undefined {
  const file = path.join(process.resourcesPath, 'better_sqlite3.node');
  return app.isPackaged && fs.existsSync(file) ? file : undefined;
}

function run(): void {
  let window: BrowserWindow | undefined;
  let pageAsks = false;

  const supervisor = superviseCore({
    // The core process reads no archive: native modules and its own file lie unpacked beside it.
    coreFile: path.join(distFolder, 'core', 'main.js'),
    start: startMessage,
    keys,
    takePicture: async () => (window && !window.isDestroyed() ? pictureOf(await window.webContents.capturePage()) : undefined),
    onStarted: connectPage,
  });

  /** Called when the page asks and when core has started, whichever comes later counts. */
  function connectPage(): void {
    if (!pageAsks || !window || window.isDestroyed() || !supervisor.isRunning()) return;
    const { port1, port2 } = new MessageChannelMain();
    supervisor.connectPage(port1);
    window.webContents.postMessage('counter24:port', null, [port2]);
  }

  // The only message that a page may send to the shell; everything else goes to core by the port.
  ipcMain.on('counter24:connect', (event) => {
    const { senderFrame } = event;
    const isOurPage = window !== undefined && senderFrame === window.webContents.mainFrame && senderFrame.url.startsWith(`${pageOrigin}/`);
    if (!isOurPage) {
      console.error('a message from a foreign frame was dropped');
      return;
    }
    pageAsks = true;
    connectPage();
  });

  window = createKioskWindow({ distFolder, picturesFolder: path.join(path.dirname(configFile), 'pictures'), sentPicturesFolder: path.join(dataFolder, 'pictures'), windowed: app.commandLine.hasSwitch('windowed'), onGone: pageGone });

  function pageGone(): void {
    pageAsks = false;
    supervisor.pageGone();
  }

  let isStopped = false;
  app.on('before-quit', (event) => {
    if (isStopped) return;
    event.preventDefault();
    void supervisor.stop().finally(() => {
      isStopped = true;
      app.quit();
    });
  });
  app.on('window-all-closed', () => app.quit());
  for (const signal of ['SIGINT', 'SIGTERM', 'SIGHUP'] as const) process.on(signal, () => app.quit());
}
