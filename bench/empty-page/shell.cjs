// An Electron application with one window and nothing in it, of the size and with the settings of the kiosk's own.
const { app, BrowserWindow, screen } = require('electron');

void (async () => {
  await app.whenReady();
  const window = new BrowserWindow({ ...screen.getPrimaryDisplay().bounds, show: false, frame: false, webPreferences: { sandbox: true, contextIsolation: true } });
  window.once('ready-to-show', () => window.show());
  void window.loadFile(process.argv.at(-1));
})();
