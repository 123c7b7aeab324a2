import { contextBridge, ipcRenderer } from 'electron';

/**
 * Hands the page its port to core, and nothing else. A MessagePort cannot cross the context bridge, so it travels as a
 * window message; the page takes it only from its own window.
 */
ipcRenderer.on('counter24:port', (event) => {
  window.postMessage('counter24:port', window.location.origin, event.ports as MessagePort[]);
});

contextBridge.exposeInMainWorld('counter24', { connect: () => ipcRenderer.send('counter24:connect') });
